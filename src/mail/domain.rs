//! Checks the domain that mail is sent from: what its DNS says, what is wrong with it and what to change.
//!
//! ```text
//!                  ┌─► spf          the TXT of the return domain (RFC 7208), judged for each sending host
//! Setup ─► check ──┼─► dkim         a key for each selector (RFC 6376, 8301, 8463)
//!                  ├─► dmarc        the policy of the from domain (RFC 7489) ─► alignment  with the return domain
//!                  ├─► return_path  MX or addresses, so that bounces can arrive (RFC 5321, 7505)
//!                  └─► reverse      a name for each sending host, and back
//!                        │
//!                        ▼
//!          dns::Asked  one run's look-ups: remembered, bounded, all over by a deadline, what they say made harmless
//!                        │
//!                        ▼
//!          Resolve ─┬─► system::System  hickory, at the system's servers or a given one
//!                   └─► memory::Zone    names held in memory, for tests
//! ```
//!
//! Written for a page that an engagement officer hands to their IT department, so each check says what is so, in plain
//! words, and what to change, with the record to publish where that can be said.
//!
//! The rule: wrong is only what the DNS has said. A look-up that failed leads to [`State::Unknown`].

mod alignment;
mod dkim;
mod dmarc;
mod dns;
pub mod memory;
mod names;
mod return_path;
mod reverse;
mod spf;
pub mod system;
mod tags;
#[cfg(test)]
mod tests;
mod text;

use std::{net::IpAddr, time::Duration};

pub use dns::{Exchange, Failure, Resolve};

/// How long one run may take, in all.
const PATIENCE: Duration = Duration::from_secs(14);
/// Hosts, and selectors, that are looked at.
const MOST: usize = 20;
/// The longest of what was found, was said and is to be changed, in characters.
const FOUND: usize = 500;
const SAID: usize = 1000;
const CHANGE: usize = 2000;

/// What mail is sent with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The domain that people see a letter come from.
    pub from_domain: String,
    /// The domain of the envelope sender, where bounces go.
    pub return_domain: String,
    /// Addresses that mail leaves from, as the world sees them. May be empty.
    pub sending_hosts: Vec<IpAddr>,
    /// Of the keys that the mail server signs with. May be empty.
    pub dkim_selectors: Vec<String>,
    /// The key that this site signs with.
    pub own_key: Option<OwnKey>,
}

/// A key that letters are signed with here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnKey {
    pub selector: String,
    /// The record to publish.
    pub record: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    Spf,
    /// One for each selector.
    Dkim,
    Dmarc,
    /// The return domain against the from domain.
    Alignment,
    /// Whether bounces can arrive.
    ReturnPath,
    /// One for each sending host.
    ReverseDns,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Good,
    /// Could not be told.
    Unknown,
    /// Works, but should be better.
    Warning,
    Wrong,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub what: What,
    pub state: State,
    /// What the DNS says, empty for nothing: hostile text made harmless, but to be escaped like any other.
    pub found: String,
    /// One or two sentences.
    pub said: String,
    /// Exactly what to change. Empty when good.
    pub change: String,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    state: State,
    said: String,
    change: String,
}

impl Finding {
    fn new(state: State, said: impl Into<String>, change: impl Into<String>) -> Self {
        Self { state, said: said.into(), change: change.into() }
    }

    fn wrong(said: impl Into<String>, change: impl Into<String>) -> Self {
        Self::new(State::Wrong, said, change)
    }

    fn warning(said: impl Into<String>, change: impl Into<String>) -> Self {
        Self::new(State::Warning, said, change)
    }

    fn unknown(said: impl Into<String>, change: impl Into<String>) -> Self {
        Self::new(State::Unknown, said, change)
    }

    /// A look-up that failed.
    fn failed(name: &str, why: &str) -> Self {
        Self::unknown(
            format!("The DNS gave no answer about {name} ({why}), so this could not be checked."),
            "Check again in a few minutes. If it stays so, ask IT whether this server may ask the DNS.",
        )
    }
}

impl Check {
    /// The worst of what was found, in at most two sentences, and all that is to be changed. Good where there is
    /// nothing.
    fn of(what: What, found: &str, mut findings: Vec<Finding>, good: impl Into<String>) -> Self {
        let mut known = Vec::new();
        findings.retain(|finding| {
            let new = !known.contains(&finding.said);
            known.push(finding.said.clone());
            new
        });
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.state));
        let state = findings.first().map_or(State::Good, |worst| worst.state);
        let said = if findings.is_empty() {
            good.into()
        } else {
            findings.iter().take(2).map(|finding| finding.said.as_str()).collect::<Vec<_>>().join(" ")
        };
        let mut changes: Vec<&str> = Vec::new();
        for finding in &findings {
            if !finding.change.is_empty() && !changes.contains(&finding.change.as_str()) {
                changes.push(&finding.change);
            }
        }
        Self {
            what,
            state,
            found: text::clip(found, FOUND),
            said: text::clip(&said, SAID),
            change: text::clip(&changes.join(" "), CHANGE),
        }
    }
}

/// What of a set-up can be looked up.
#[derive(Clone, Debug)]
struct Plan {
    /// None where it is no name; so with the next.
    from: Option<String>,
    back: Option<String>,
    hosts: Vec<IpAddr>,
    selectors: Vec<String>,
    /// How many of the two are too many.
    left: (usize, usize),
}

impl Plan {
    fn of(setup: &Setup) -> Self {
        let mut hosts: Vec<IpAddr> = Vec::new();
        for host in setup.sending_hosts.iter().map(IpAddr::to_canonical) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        let mut selectors: Vec<String> = Vec::new();
        let own = setup.own_key.iter().map(|key| &key.selector);
        for selector in own.chain(&setup.dkim_selectors).map(|selector| selector.trim()) {
            if !selector.is_empty() && !selectors.iter().any(|other| other == selector) {
                selectors.push(selector.to_owned());
            }
        }
        let left = (hosts.len().saturating_sub(MOST), selectors.len().saturating_sub(MOST));
        hosts.truncate(MOST);
        selectors.truncate(MOST);
        Self {
            from: names::domain(&setup.from_domain),
            back: names::domain(&setup.return_domain),
            hosts,
            selectors,
            left,
        }
    }

    /// Says what was left out.
    fn rest(&self) -> Vec<Check> {
        let rest = |what, left, things| {
            let said = format!("There are {left} more {things}, which were not looked at.");
            let change = format!("Enter at most {MOST} {things} at a time.");
            (left > 0).then(|| Check::of(what, "", vec![Finding::unknown(said, change)], ""))
        };
        let hosts = rest(What::ReverseDns, self.left.0, "addresses");
        let selectors = rest(What::Dkim, self.left.1, "selectors");
        selectors.into_iter().chain(hosts).collect()
    }
}

/// Looks at everything. Total: there is at least one check of each kind, whatever the DNS says.
pub async fn check(setup: &Setup, dns: &impl Resolve) -> Vec<Check> {
    check_within(PATIENCE, setup, dns).await
}

async fn check_within(patience: Duration, setup: &Setup, dns: &impl Resolve) -> Vec<Check> {
    let asked = dns::Asked::new(dns, patience);
    let plan = Plan::of(setup);
    let bad_from = |what| no_name(what, "from", &setup.from_domain);
    let bad_back = |what| no_name(what, "return", &setup.return_domain);
    let of_from = async {
        match &plan.from {
            Some(from) => {
                futures::join!(
                    dkim::check(from, &plan.selectors, setup.own_key.as_ref(), &asked),
                    dmarc::look(from, &asked)
                )
            }
            None => (vec![bad_from(What::Dkim)], dmarc::Look::none()),
        }
    };
    let of_back = async {
        match &plan.back {
            Some(back) => {
                futures::join!(spf::check(back, &plan.hosts, &asked), return_path::check(back, &asked))
            }
            None => (bad_back(What::Spf), bad_back(What::ReturnPath)),
        }
    };
    let ((dkim, policy), (spf, back), reverse) =
        futures::join!(of_from, of_back, reverse::check(&plan.hosts, &asked));
    let (dmarc, alignment) = match (&plan.from, &plan.back) {
        (Some(from), Some(back)) => {
            (dmarc::check(from, &policy), alignment::check(from, back, &policy, &dkim))
        }
        (Some(from), None) => (dmarc::check(from, &policy), bad_back(What::Alignment)),
        (None, _) => (bad_from(What::Dmarc), bad_from(What::Alignment)),
    };
    let mut checks = vec![spf];
    checks.extend(dkim);
    checks.extend([dmarc, alignment, back]);
    checks.extend(reverse);
    checks.extend(plan.rest());
    checks
}

/// The check of a domain that is none.
fn no_name(what: What, which: &str, given: &str) -> Check {
    let given = text::clip(&text::clean(given), 80);
    let said = if given.trim().is_empty() {
        format!("No {which} domain is given.")
    } else {
        format!("The {which} domain “{given}” is not a name that the DNS can hold.")
    };
    let change = format!(
        "Set the {which} domain to what stands after the @ of that address, such as example.org. A name with \
         letters beyond a to z is written in its xn-- form."
    );
    Check::of(what, "", vec![Finding::wrong(said, change)], "")
}
