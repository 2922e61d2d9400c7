//! The SPF record of the return domain (RFC 7208): says which hosts may send its mail.
//!
//! ```text
//! TXT ─► the one v=spf1 ─► record::parse ─┬─► survey  all it refers to: look-ups, faults, whom it lets send
//!                                         └─► judge   each sending host, as a receiver would
//!                                               │
//!                              findings ◄───────┘  and the record as it should be
//! ```

mod fault;
pub(super) mod judge;
pub(super) mod macros;
pub(super) mod record;
mod survey;

use std::net::IpAddr;

use fault::Fault;
use judge::{Answer, Doubt};
use record::{Mechanism, Qualifier, Record};
use survey::Survey;

use super::{
    Check, Finding, What,
    dns::{Asked, Failure, Resolve},
    text,
};

/// The longest record that is proposed: longer ones do not fit into one answer of the DNS with others.
const LONGEST: usize = 450;

/// What a domain holds.
enum Held {
    /// Its text, and what it says or the term that cannot be read.
    One(String, Result<Record, String>),
    /// None, and whether there is such a name.
    None(bool),
    Several(Vec<String>),
    Failed(String),
}

async fn fetch<R: Resolve>(domain: &str, dns: &Asked<'_, R>) -> Held {
    let mut records = match dns.txt(domain).await {
        Ok(records) => records,
        Err(Failure::NoSuchName) => return Held::None(false),
        Err(Failure::NoRecords) => return Held::None(true),
        Err(Failure::Temporary(why)) => return Held::Failed(why),
    };
    records.retain(|record| record::is_record(record));
    if records.len() > 1 {
        return Held::Several(records);
    }
    match records.pop() {
        Some(text) => {
            let parsed = record::parse(&text);
            Held::One(text, parsed)
        }
        None => Held::None(true),
    }
}

pub async fn check<R: Resolve>(domain: &str, hosts: &[IpAddr], dns: &Asked<'_, R>) -> Check {
    let alone = |found: &str, finding| Check::of(What::Spf, found, vec![finding], "");
    match fetch(domain, dns).await {
        Held::Failed(why) => alone("", Finding::failed(domain, &why)),
        Held::None(exists) => alone("", none(domain, exists, hosts)),
        Held::Several(records) => alone(
            &records.join(" | "),
            Finding::wrong(
                format!("{domain} has {} SPF records, so receivers throw all of them away.", records.len()),
                format!(
                    "Keep one TXT record that begins with v=spf1 at {domain}, put into it what the others allow, \
                     and take the others out."
                ),
            ),
        ),
        Held::One(text, Err(term)) => {
            let fault = Fault::Syntax { domain: domain.to_owned(), term };
            alone(&text, fault.finding(0, false))
        }
        Held::One(text, Ok(record)) => judged(domain, &text, record, hosts, dns).await,
    }
}

/// No record at all.
fn none(domain: &str, exists: bool, hosts: &[IpAddr]) -> Finding {
    let public: Vec<String> = hosts.iter().filter(|host| !private(**host)).map(mechanism).collect();
    let (record, where_from) = if public.is_empty() {
        ("v=spf1 ip4:ADDRESS ~all".to_owned(), "with the address that mail leaves from in place of ADDRESS. ")
    } else {
        (format!("v=spf1 {} ~all", public.join(" ")), "")
    };
    let said = if exists {
        format!("{domain} has no SPF record, so receivers cannot tell our mail from forged mail.")
    } else {
        format!("The DNS knows no {domain}, so receivers cannot tell our mail from forged mail.")
    };
    let comma = if where_from.is_empty() { ". " } else { ", " };
    Finding::wrong(
        said,
        format!(
            "Publish this record: {}{comma}{where_from}If other services send mail from {domain}, put them into it \
             too, before ~all.",
            text::txt(domain, &record)
        ),
    )
}

async fn judged<R: Resolve>(
    domain: &str,
    text: &str,
    record: Record,
    hosts: &[IpAddr],
    dns: &Asked<'_, R>,
) -> Check {
    let survey = survey::survey(domain, record.clone(), dns).await;
    let mut faults = survey.faults.clone();
    let mut findings = Vec::new();
    let (mut missing, mut hidden) = (Vec::new(), Vec::new());
    for host in hosts {
        if private(*host) {
            hidden.push(*host);
            continue;
        }
        match judge::judge(*host, domain, &record, dns).await {
            Answer::Yes => {}
            Answer::No => missing.push(*host),
            Answer::Broken(fault) if faults.contains(&fault) => {}
            Answer::Broken(fault) => faults.push(fault),
            Answer::Unknown(Doubt::Unanswered(name, why)) => findings.push(Finding::failed(&name, &why)),
            Answer::Unknown(Doubt::Macro(spec)) => findings.push(Finding::unknown(
                format!(
                    "Whether {host} may send cannot be told: “{}” depends on the letter.",
                    text::clip(&spec, 100)
                ),
                format!(
                    "Ask IT whether the SPF record of {domain} allows {host}, or add {}.",
                    mechanism(host)
                ),
            )),
        }
    }
    findings.extend(faults.iter().map(|fault| fault.finding(survey.terms, survey.more)));
    if !missing.is_empty() {
        let address = if missing.len() == 1 { "the address" } else { "the addresses" };
        findings.push(Finding::wrong(
            format!(
                "The SPF record of {domain} does not allow {address} that mail leaves from: {}.",
                text::list(&missing)
            ),
            format!(
                "Add {} to the SPF record of {domain}, right after v=spf1.",
                missing.iter().map(mechanism).collect::<Vec<_>>().join(" ")
            ),
        ));
    }
    findings.extend(whom(domain, &survey));
    findings.extend(unchecked(hosts, &hidden));
    let proposal = faults.is_empty().then(|| proposal(domain, text, &record, &survey, &missing)).flatten();
    let at_least = if survey.more { "at least " } else { "" };
    let found = format!(
        "{} ({at_least}{} of {} look-ups)",
        text::clip(text, super::FOUND - 50),
        survey.terms,
        fault::TERMS
    );
    let good = format!(
        "The SPF record of {domain} allows every address that mail leaves from ({}). It takes {at_least}{} of the {} \
         look-ups that receivers make.",
        text::list(hosts),
        survey.terms,
        fault::TERMS
    );
    let mut check = Check::of(What::Spf, &found, findings, good);
    if let Some(record) = proposal {
        check.change = format!("{} With that, the record is: {}", check.change, text::txt(domain, &record));
    }
    check
}

/// Whom the record lets send beyond us, and other things that should be better.
fn whom(domain: &str, survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    let end = format!("End the SPF record of {domain} with ~all, or with -all once all senders are in it.");
    if let Some(open) = &survey.everyone {
        findings.push(if open == domain {
            Finding::wrong(
                format!("The SPF record of {domain} lets everybody in the world send mail in its name."),
                format!("Take +all, all or a network of size /0 out. {end}"),
            )
        } else {
            Finding::wrong(
                format!(
                    "The SPF record of {domain} takes in that of {open}, which lets everybody in the world send."
                ),
                format!("Take the part that names {open} out of the SPF record of {domain}."),
            )
        });
    }
    match survey.ending {
        Some(Qualifier::Neutral) => findings.push(Finding::warning(
            format!(
                "The SPF record of {domain} ends with ?all, which says nothing about mail from elsewhere."
            ),
            end,
        )),
        None if !survey.unread => {
            findings.push(Finding::warning(
                format!(
                    "The SPF record of {domain} does not say what to do with mail from elsewhere: it has no “all”."
                ),
                end,
            ));
        }
        _ => {}
    }
    if survey.idle {
        findings.push(Finding::warning(
            format!("What stands after “all” in the SPF record of {domain} is never read."),
            "Move “all” to the end of the record.".to_owned(),
        ));
    }
    if let Some(name) = &survey.ptr {
        findings.push(Finding::warning(
            format!(
                "The SPF record of {name} has a ptr part, which is slow and which receivers may pass over."
            ),
            format!("Replace ptr in the SPF record of {name} by ip4: and ip6: with the addresses."),
        ));
    }
    findings.extend(survey.failed.iter().map(|(name, why)| Finding::failed(name, why)));
    findings
}

/// The hosts of which nothing could be said.
fn unchecked(hosts: &[IpAddr], hidden: &[IpAddr]) -> Option<Finding> {
    if hosts.is_empty() {
        return Some(Finding::unknown(
            "It is not known from which addresses mail leaves, so whether the SPF record allows them was not checked.",
            "Ask IT from which addresses, as the world sees them, mail of this server leaves, and enter them.",
        ));
    }
    (!hidden.is_empty()).then(|| {
        Finding::warning(
            format!(
                "Addresses inside a network cannot be checked, since the world sees others: {}.",
                text::list(hidden)
            ),
            "Ask IT from which addresses, as the world sees them, mail leaves, and enter those.",
        )
    })
}

/// The record as it should be, where that can be said.
fn proposal(
    domain: &str,
    text: &str,
    record: &Record,
    survey: &Survey,
    missing: &[IpAddr],
) -> Option<String> {
    let elsewhere = survey.everyone.as_ref().is_some_and(|open| open != domain);
    if elsewhere || survey.idle || survey.ptr.is_some() {
        return None;
    }
    let open = |directive: &record::Directive| {
        directive.qualifier == Qualifier::Pass
            && match &directive.mechanism {
                Mechanism::All => true,
                Mechanism::Net(net) => net.prefix == 0,
                _ => false,
            }
    };
    let weak = |directive: &record::Directive| {
        directive.mechanism == Mechanism::All && directive.qualifier == Qualifier::Neutral
    };
    let replaced = |directive: &&record::Directive| open(directive) || weak(directive);
    let all = record.directives.iter().any(|directive| directive.mechanism == Mechanism::All);
    let bare = record.redirect.is_none() && !all;
    if missing.is_empty() && !bare && !record.directives.iter().any(|d| replaced(&d)) {
        return None;
    }
    let dropped: Vec<&str> = record.directives.iter().filter(replaced).map(|d| d.text.as_str()).collect();
    let mut terms: Vec<String> = vec!["v=spf1".into()];
    terms.extend(missing.iter().map(mechanism));
    let kept = text.split(' ').skip(1).filter(|term| !term.is_empty() && !dropped.contains(term));
    terms.extend(kept.map(str::to_owned));
    let closed = record.directives.iter().any(|d| d.mechanism == Mechanism::All && !replaced(&d));
    // Beside an “all”, a redirect is passed over.
    if (record.redirect.is_none() || all) && !closed {
        terms.push("~all".into());
    }
    let whole = terms.join(" ");
    (whole.len() <= LONGEST && whole.is_ascii() && !whole.contains('"')).then_some(whole)
}

/// The term that allows a host.
fn mechanism(host: &IpAddr) -> String {
    match host {
        IpAddr::V4(v4) => format!("ip4:{v4}"),
        IpAddr::V6(v6) => format!("ip6:{v6}"),
    }
}

/// Whether the world cannot see this address.
pub(super) fn private(host: IpAddr) -> bool {
    match host {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && (64..128).contains(&v4.octets()[1]);
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared
        }
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local()
        }
    }
}
