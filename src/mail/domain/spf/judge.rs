//! Judges one host by an SPF record, as a receiver does (RFC 7208, section 4).
//!
//! ```text
//! host ─► term after term ─┬─ matches ───────► Yes or No, by its qualifier
//!                          ├─ does not ──────► the next
//!                          ├─ cannot be told ► the next, and in the end Unknown unless it makes no difference
//!                          └─ breaks a limit ► Broken
//! ```

use std::net::IpAddr;

use futures::future::BoxFuture;

use super::{
    Held,
    fault::{Fault, TERMS, VOIDS},
    fetch,
    macros::{self, Known},
    record::{Mechanism, Net, Prefixes, Qualifier, Record},
};
use crate::mail::domain::{
    dns::{Asked, Failure, Resolve},
    names,
};

/// Mail servers of one domain, and names of one host, that count.
const NAMES: usize = 10;

/// Whether a host passes, or a term matches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    Broken(Fault),
    Unknown(Doubt),
}

/// Why something cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The DNS said nothing of a name, for the reason given.
    Unanswered(String, String),
    /// A name depends on more than the address and the domain.
    Macro(String),
}

/// What has been used up of a receiver's limits.
#[derive(Default)]
struct Tally {
    terms: usize,
    voids: Vec<String>,
    path: Vec<String>,
}

struct Judge<'a, R> {
    dns: &'a Asked<'a, R>,
    host: IpAddr,
    sender: &'a str,
}

/// Judges a host by the record of the sender's domain.
pub async fn judge<R: Resolve>(host: IpAddr, sender: &str, record: &Record, dns: &Asked<'_, R>) -> Answer {
    Judge { dns, host, sender }.record(sender.to_owned(), record.clone(), &mut Tally::default()).await
}

impl<R: Resolve> Judge<'_, R> {
    fn record<'s>(&'s self, domain: String, record: Record, tally: &'s mut Tally) -> BoxFuture<'s, Answer> {
        Box::pin(async move {
            tally.path.push(domain.clone());
            let verdict = self.terms(&domain, &record, tally).await;
            tally.path.pop();
            verdict
        })
    }

    async fn terms(&self, domain: &str, record: &Record, tally: &mut Tally) -> Answer {
        // What cannot be told: why, and whether it may have let the host pass, or not.
        let mut doubts: Vec<(Doubt, bool)> = Vec::new();
        let mut verdict = None;
        for directive in &record.directives {
            let passes = directive.qualifier == Qualifier::Pass;
            match self.term(domain, &directive.mechanism, tally).await {
                Answer::No => {}
                Answer::Yes if passes => verdict = Some(Answer::Yes),
                Answer::Yes => verdict = Some(Answer::No),
                Answer::Broken(fault) => verdict = Some(Answer::Broken(fault)),
                Answer::Unknown(why) => doubts.push((why, passes)),
            }
            if verdict.is_some() {
                break;
            }
        }
        let verdict = match (verdict, &record.redirect) {
            (Some(verdict), _) => verdict,
            (None, Some(spec)) => self.redirect(domain, spec, tally).await,
            // Neutral.
            (None, None) => Answer::No,
        };
        let differs = |passes: bool| match verdict {
            Answer::Yes => !passes,
            Answer::No => passes,
            Answer::Broken(_) => true,
            Answer::Unknown(_) => false,
        };
        match doubts.into_iter().find(|(_, passes)| differs(*passes)) {
            Some((why, _)) => Answer::Unknown(why),
            None => verdict,
        }
    }

    async fn term(&self, domain: &str, mechanism: &Mechanism, tally: &mut Tally) -> Answer {
        if mechanism.asks() {
            tally.terms += 1;
            if tally.terms > TERMS {
                return Answer::Broken(Fault::TooMany);
            }
        }
        match mechanism {
            Mechanism::All => Answer::Yes,
            Mechanism::Net(net) => yes(net.holds(self.host)),
            Mechanism::Include(spec) => self.refer(domain, spec, tally).await,
            Mechanism::A(spec, prefixes) => match self.name(domain, spec.as_deref()) {
                Ok(name) => self.addresses(&name, *prefixes, Some(tally)).await,
                Err(why) => Answer::Unknown(why),
            },
            Mechanism::Mx(spec, prefixes) => match self.name(domain, spec.as_deref()) {
                Ok(name) => self.servers(&name, *prefixes, tally).await,
                Err(why) => Answer::Unknown(why),
            },
            Mechanism::Exists(spec) => match self.name(domain, Some(spec)) {
                // Whatever the host, it is an A record that is asked for.
                Ok(name) => match self.dns.addresses(&name).await {
                    Ok(found) => yes(found.iter().any(IpAddr::is_ipv4)),
                    Err(failure) => failed(&name, failure, Some(tally)),
                },
                Err(why) => Answer::Unknown(why),
            },
            Mechanism::Ptr(spec) => match self.name(domain, spec.as_deref()) {
                Ok(name) => self.names(&name, tally).await,
                Err(why) => Answer::Unknown(why),
            },
        }
    }

    /// The domain of a term.
    fn name(&self, domain: &str, spec: Option<&str>) -> Result<String, Doubt> {
        let known = Known { domain, sender: self.sender, host: Some(self.host) };
        let Some(spec) = spec else { return Ok(domain.to_owned()) };
        macros::expand(spec, known).ok_or_else(|| Doubt::Macro(spec.to_owned()))
    }

    async fn redirect(&self, domain: &str, spec: &str, tally: &mut Tally) -> Answer {
        tally.terms += 1;
        if tally.terms > TERMS {
            return Answer::Broken(Fault::TooMany);
        }
        self.refer(domain, spec, tally).await
    }

    /// Whether the host passes by the record of another domain.
    async fn refer(&self, domain: &str, spec: &str, tally: &mut Tally) -> Answer {
        let name = match self.name(domain, Some(spec)) {
            Ok(name) => name,
            Err(why) => return Answer::Unknown(why),
        };
        if tally.path.contains(&name) {
            return Answer::Broken(Fault::Loop { domain: name });
        }
        match fetch(&name, self.dns).await {
            Held::One(_, Ok(record)) => self.record(name, record, tally).await,
            Held::One(_, Err(term)) => Answer::Broken(Fault::Syntax { domain: name, term }),
            Held::None(_) => Answer::Broken(Fault::Missing { domain: name, at: domain.to_owned() }),
            Held::Several(_) => Answer::Broken(Fault::Several { domain: name }),
            Held::Failed(why) => Answer::Unknown(Doubt::Unanswered(name, why)),
        }
    }

    /// Whether the host is one of a name's addresses. Without a tally, a name that leads nowhere is not counted.
    async fn addresses(&self, name: &str, prefixes: Prefixes, tally: Option<&mut Tally>) -> Answer {
        match self.dns.addresses(name).await {
            Ok(found) => yes(found.into_iter().any(|address| {
                let prefix = if address.is_ipv4() { prefixes.v4 } else { prefixes.v6 };
                Net { address, prefix }.holds(self.host)
            })),
            Err(failure) => failed(name, failure, tally),
        }
    }

    async fn servers(&self, name: &str, prefixes: Prefixes, tally: &mut Tally) -> Answer {
        let servers = match self.dns.mx(name).await {
            Ok(servers) => servers,
            Err(failure) => return failed(name, failure, Some(tally)),
        };
        if servers.len() > NAMES {
            return Answer::Broken(Fault::Servers { domain: name.to_owned() });
        }
        let mut doubt = None;
        for server in servers {
            match self.addresses(&server.host, prefixes, None).await {
                Answer::No => {}
                Answer::Unknown(why) => doubt = Some(why),
                found => return found,
            }
        }
        doubt.map_or(Answer::No, Answer::Unknown)
    }

    /// Whether one of the host's names is within a domain, and leads back to the host.
    async fn names(&self, domain: &str, tally: &mut Tally) -> Answer {
        let found = match self.dns.ptr(self.host).await {
            Ok(found) => found,
            Err(failure) => return failed(&self.host.to_string(), failure, Some(tally)),
        };
        let mut doubt = None;
        for name in found.iter().take(NAMES).filter(|name| names::within(name, domain)) {
            match self.addresses(name, Prefixes { v4: 32, v6: 128 }, None).await {
                Answer::No => {}
                Answer::Unknown(why) => doubt = Some(why),
                found => return found,
            }
        }
        doubt.map_or(Answer::No, Answer::Unknown)
    }
}

fn yes(matches: bool) -> Answer {
    if matches { Answer::Yes } else { Answer::No }
}

fn failed(name: &str, failure: Failure, tally: Option<&mut Tally>) -> Answer {
    match failure {
        Failure::Temporary(why) => Answer::Unknown(Doubt::Unanswered(name.to_owned(), why)),
        Failure::NoSuchName | Failure::NoRecords => tally.map_or(Answer::No, |tally| void(tally, name)),
    }
}

/// A term that led nowhere.
fn void(tally: &mut Tally, name: &str) -> Answer {
    tally.voids.push(name.to_owned());
    if tally.voids.len() > VOIDS {
        return Answer::Broken(Fault::Voids { names: tally.voids.clone() });
    }
    Answer::No
}
