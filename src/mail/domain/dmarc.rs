//! The policy of the from domain (RFC 7489): what receivers are to do with mail that is not proved to be ours.
//!
//! ```text
//! _dmarc.<from domain> ─── none ──► _dmarc.<organisational domain>
//!         │ p                              │ sp, or p
//!         └──────────► Look ◄──────────────┘
//! ```

use super::{
    Check, Finding, What,
    dns::{Asked, Failure, Resolve},
    names, tags, text,
};

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The domain whose record counts, the from domain's or the organisation's.
    pub at: String,
    /// The records, or those that were perhaps meant as one.
    texts: Vec<String>,
    pub held: Held,
}

#[derive(Clone, Debug, Default)]
pub enum Held {
    One(Policy),
    #[default]
    None,
    Several,
    Failed(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Nothing,
    Quarantine,
    Reject,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Of the domain itself, and of those below it. The error is what stands there.
    p: Result<Wish, String>,
    sp: Option<Result<Wish, String>>,
    /// To how much of the mail it applies.
    percent: u32,
    /// Where reports go.
    reports: Vec<String>,
    pub strict_dkim: bool,
    pub strict_spf: bool,
    /// Parts that cannot be read.
    junk: Vec<String>,
}

impl Look {
    /// Nothing found, and nothing looked for.
    pub fn none() -> Self {
        Self::default()
    }
}

/// Looks for the policy of a domain.
pub async fn look<R: Resolve>(from: &str, dns: &Asked<'_, R>) -> Look {
    let own = look_at(from, dns).await;
    let organisation = names::organisational(from);
    if !matches!(own.held, Held::None) || organisation == from {
        return own;
    }
    let whole = look_at(&organisation, dns).await;
    if matches!(whole.held, Held::None) { own } else { whole }
}

async fn look_at<R: Resolve>(domain: &str, dns: &Asked<'_, R>) -> Look {
    let look = |texts, held| Look { at: domain.to_owned(), texts, held };
    let records = match dns.txt(&name(domain)).await {
        Ok(records) => records,
        Err(Failure::Temporary(why)) => return look(Vec::new(), Held::Failed(why)),
        Err(_) => return look(Vec::new(), Held::None),
    };
    let (policies, others): (Vec<String>, Vec<String>) =
        records.into_iter().partition(|record| is_record(record));
    match policies.as_slice() {
        [] => {
            let meant = |record: &String| record.to_ascii_lowercase().contains("dmarc");
            look(others.into_iter().filter(meant).collect(), Held::None)
        }
        [one] => {
            let policy = parse(one);
            look(policies, Held::One(policy))
        }
        _ => look(policies, Held::Several),
    }
}

fn name(domain: &str) -> String {
    format!("_dmarc.{domain}")
}

/// Whether a text begins as a policy does; all others are passed over.
fn is_record(text: &str) -> bool {
    let version = text.split(';').next().unwrap_or_default();
    version.split_once('=').is_some_and(|(tag, value)| tag.trim() == "v" && value.trim() == "DMARC1")
}

fn wish(value: &str) -> Result<Wish, String> {
    match value.to_ascii_lowercase().as_str() {
        "none" => Ok(Wish::Nothing),
        "quarantine" => Ok(Wish::Quarantine),
        "reject" => Ok(Wish::Reject),
        _ => Err(text::clip(value, 40)),
    }
}

/// Reads a policy. Parts that cannot be read are as if they were not there.
pub fn parse(text: &str) -> Policy {
    let (tags, mut junk) = tags::sift(text);
    let get = |tag: &str| tags::get(&tags, tag);
    let mut strict = |tag: &str| match get(tag).map(str::to_ascii_lowercase).as_deref() {
        None | Some("r") => false,
        Some("s") => true,
        Some(other) => {
            junk.push(format!("{tag}={other}"));
            false
        }
    };
    let (strict_dkim, strict_spf) = (strict("adkim"), strict("aspf"));
    let percent = get("pct").map_or(Some(100), |pct| pct.parse::<u32>().ok()).filter(|pct| *pct <= 100);
    if percent.is_none() {
        junk.push(format!("pct={}", get("pct").unwrap_or_default()));
    }
    let mut reports = Vec::new();
    for uri in get("rua").map(|rua| tags::parts(rua, ',')).unwrap_or_default() {
        match uri.strip_prefix("mailto:").and_then(|address| address.split_once('@')) {
            Some((user, domain)) if !user.is_empty() && domain.contains('.') => reports.push(uri),
            _ => junk.push(uri),
        }
    }
    Policy {
        p: wish(get("p").unwrap_or_default()),
        sp: get("sp").map(wish),
        percent: percent.unwrap_or(100),
        reports,
        strict_dkim,
        strict_spf,
        junk,
    }
}

/// What is said of the policy that was found.
pub fn check(from: &str, look: &Look) -> Check {
    let found = look.texts.join(" | ");
    let (findings, good) = match &look.held {
        Held::Failed(why) => (vec![Finding::failed(&name(&look.at), why)], String::new()),
        Held::None => (vec![none(from, &look.at, !look.texts.is_empty())], String::new()),
        Held::Several => (vec![several(look)], String::new()),
        Held::One(policy) => judged(from, &look.at, policy),
    };
    Check::of(What::Dmarc, &found, findings, good)
}

fn none(from: &str, at: &str, meant: bool) -> Finding {
    let value = format!("v=DMARC1; p=none; rua=mailto:dmarc-reports@{from}");
    let said = if meant {
        format!("The record at {} is none that receivers read: it does not begin with v=DMARC1;.", name(at))
    } else {
        format!("{from} has no DMARC record, so receivers are not told what to do with forged mail.")
    };
    Finding::wrong(
        said,
        format!(
            "Publish this record: {}. Set up the mailbox that it names for reports, and once they show that all mail \
             passes, change p=none to p=quarantine.",
            text::txt(&name(from), &value)
        ),
    )
}

fn several(look: &Look) -> Finding {
    let name = name(&look.at);
    Finding::wrong(
        format!(
            "There are {} DMARC records at {name}, so receivers pass over all of them.",
            look.texts.len()
        ),
        format!("Keep one TXT record that begins with v=DMARC1 at {name}, and take the others out."),
    )
}

fn judged(from: &str, at: &str, policy: &Policy) -> (Vec<Finding>, String) {
    let record = format!("the DMARC record at {}", name(at));
    let mut findings = Vec::new();
    for (tag, value) in [("p", Some(&policy.p)), ("sp", policy.sp.as_ref())] {
        let Some(Err(value)) = value else { continue };
        let holds =
            if value.is_empty() { "is missing or empty".into() } else { format!("says “{value}”") };
        findings.push(Finding::wrong(
            format!("The {tag}= part of {record} {holds}, so receivers do not follow it."),
            format!("Put {tag}=none, {tag}=quarantine or {tag}=reject into {record}."),
        ));
    }
    let inherited = at != from;
    let (tag, wish) = match &policy.sp {
        Some(sp) if inherited => ("sp", sp),
        _ => ("p", &policy.p),
    };
    let wish = wish.as_ref().ok().copied();
    if wish == Some(Wish::Nothing) {
        let whose =
            if inherited { format!(" for domains below {at}, such as {from}") } else { String::new() };
        findings.push(Finding::warning(
            format!("DMARC is there but asks receivers to do nothing about forged mail{whose} ({tag}=none)."),
            format!(
                "Once the reports show that all mail passes, change {tag}=none to {tag}=quarantine in {record}."
            ),
        ));
    } else if policy.percent < 100 {
        findings.push(Finding::warning(
            format!("DMARC is asked for {} of 100 letters only (pct={}).", policy.percent, policy.percent),
            format!("Take the pct= part out of {record}, once the reports show that all mail passes."),
        ));
    }
    if policy.reports.is_empty() {
        findings.push(Finding::warning(
            "Nobody gets reports of mail that fails, so nobody would notice.",
            format!("Add rua=mailto: with the address of a mailbox for reports to {record}."),
        ));
    }
    if !policy.junk.is_empty() {
        let junk: Vec<String> =
            policy.junk.iter().map(|part| format!("“{}”", text::clip(part, 40))).collect();
        let junk = text::list(&junk);
        findings.push(Finding::warning(
            format!("Receivers pass over what they cannot read in {record}: {junk}."),
            format!("Put {junk} right in {record}, or take it out."),
        ));
    }
    let asks = if wish == Some(Wish::Reject) { "refuse" } else { "set aside as suspicious" };
    let good =
        format!("Receivers are asked to {asks} mail that is not proved to be from {from}, by {record}.");
    (findings, good)
}
