//! Reads an SPF record with all that it refers to, whoever the host is: counts the look-ups it takes at worst, and
//! finds what is wrong with any part.
//!
//! ```text
//! example.org ─┬─ include:_spf.mail.example ─┬─ a:out.mail.example    each term that asks the DNS counts,
//!              │                             └─ ~all                  at any depth, up to the first "all"
//!              └─ redirect=_spf.example.org ─── -all
//! ```

use super::{
    Held,
    fault::{Fault, TERMS},
    fetch,
    macros::{self, Known},
    record::{Mechanism, Qualifier, Record},
};
use crate::mail::domain::dns::{Asked, Resolve};

/// Terms after which no more are followed.
const ENOUGH: usize = 40;

#[derive(Clone, Debug, Default)]
pub struct Survey {
    pub terms: usize,
    /// Whether there may be more than were counted.
    pub more: bool,
    pub faults: Vec<Fault>,
    /// Names that could not be looked up, and why.
    pub failed: Vec<(String, String)>,
    /// The domain whose record lets everybody send.
    pub everyone: Option<String>,
    /// The domain whose record asks for the host's name, ours or the one that ours is redirected to.
    pub ptr: Option<String>,
    /// What the record says of hosts that it does not name. None where it says nothing.
    pub ending: Option<Qualifier>,
    /// Whether the record's end stands in another that could not be read.
    pub unread: bool,
    /// Whether something stands after the "all", which is never read.
    pub idle: bool,
}

/// A record to be read.
struct Visit {
    domain: String,
    record: Record,
    /// The domains that led here.
    path: Vec<String>,
    /// Whether its "all" speaks for the record that was asked about.
    main: bool,
    /// Whether what passes here passes altogether.
    passes: bool,
}

pub async fn survey<R: Resolve>(domain: &str, record: Record, dns: &Asked<'_, R>) -> Survey {
    let mut survey = Survey::default();
    let first = Visit { domain: domain.to_owned(), record, path: Vec::new(), main: true, passes: true };
    let mut open = vec![first];
    while let Some(visit) = open.pop() {
        if survey.terms > ENOUGH {
            (survey.more, survey.unread) = (true, true);
            break;
        }
        for reference in survey.read(&visit) {
            open.extend(survey.follow(domain, &visit, reference, dns).await);
        }
    }
    if survey.terms > TERMS {
        survey.faults.insert(0, Fault::TooMany);
    }
    survey
}

struct Reference {
    spec: String,
    main: bool,
    passes: bool,
}

impl Survey {
    /// Reads one record: what it refers to is to be followed.
    fn read(&mut self, visit: &Visit) -> Vec<Reference> {
        let mut references = Vec::new();
        let directives = &visit.record.directives;
        let all = directives.iter().position(|directive| directive.mechanism == Mechanism::All);
        self.idle |= visit.main && all.is_some_and(|at| at + 1 < directives.len());
        for directive in directives.iter().take(all.map_or(directives.len(), |at| at + 1)) {
            let passes = visit.passes && directive.qualifier == Qualifier::Pass;
            self.terms += usize::from(directive.mechanism.asks());
            match &directive.mechanism {
                Mechanism::All => {
                    if visit.main {
                        self.ending = Some(directive.qualifier);
                    }
                    self.open_to_all(passes, visit);
                }
                Mechanism::Net(net) => self.open_to_all(passes && net.prefix == 0, visit),
                Mechanism::Include(spec) => {
                    references.push(Reference { spec: spec.clone(), main: false, passes });
                }
                Mechanism::Ptr(_) if visit.main => self.ptr = Some(visit.domain.clone()),
                _ => {}
            }
        }
        if let (Some(spec), None) = (&visit.record.redirect, all) {
            self.terms += 1;
            references.push(Reference { spec: spec.clone(), main: visit.main, passes: visit.passes });
        }
        references
    }

    fn open_to_all(&mut self, open: bool, visit: &Visit) {
        if open && self.everyone.is_none() {
            self.everyone = Some(visit.domain.clone());
        }
    }

    async fn follow<R: Resolve>(
        &mut self,
        sender: &str,
        visit: &Visit,
        reference: Reference,
        dns: &Asked<'_, R>,
    ) -> Option<Visit> {
        let known = Known { domain: &visit.domain, sender, host: None };
        let Some(domain) = macros::expand(&reference.spec, known) else {
            // Where this leads depends on the host.
            self.more = true;
            self.unread |= reference.main;
            return None;
        };
        let fault = if domain == visit.domain || visit.path.contains(&domain) {
            Fault::Loop { domain }
        } else {
            match fetch(&domain, dns).await {
                Held::One(_, Ok(record)) => {
                    let path = visit.path.iter().chain([&visit.domain]).cloned().collect();
                    return Some(Visit {
                        domain,
                        record,
                        path,
                        main: reference.main,
                        passes: reference.passes,
                    });
                }
                Held::One(_, Err(term)) => Fault::Syntax { domain, term },
                Held::None(_) => Fault::Missing { domain, at: visit.domain.clone() },
                Held::Several(_) => Fault::Several { domain },
                Held::Failed(why) => {
                    self.more = true;
                    self.unread |= reference.main;
                    self.failed.push((domain, why));
                    return None;
                }
            }
        };
        self.unread |= reference.main;
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        None
    }
}
