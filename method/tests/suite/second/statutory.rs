//! Statutory consultees.

use std::collections::BTreeSet;

use method::words::{Substantial, Tier};

use super::{Page, Said};

impl Page<'_> {
    pub(super) fn scrutiny(&self, said: &mut Said) {
        for proposal in &self.stp.proposals {
            let near = |days: i64| proposal.decision_on.is_some_and(|decision| self.ahead(decision) <= days);
            if proposal.substantial == Substantial::Yes {
                let mut affected = BTreeSet::new();
                for place in &self.stp.places {
                    if proposal.places.contains(&place.code) {
                        affected.insert(place.parent.as_ref().unwrap_or(&place.code).to_string());
                    }
                    if proposal.places.is_empty() && place.tier == Tier::Upper && !place.fringe {
                        affected.insert(place.code.to_string());
                    }
                }
                for place in affected {
                    let consulted = proposal.scrutiny.iter().any(|scrutiny| {
                        scrutiny.authorities.iter().any(|code| code.as_str() == place)
                            && self.fact(scrutiny.consulted_on).is_some_and(|consulted| {
                                proposal.decision_on.is_none_or(|decision| consulted < decision)
                            })
                    });
                    let verdict = if proposal.urgency_exemption.is_some() {
                        "not_applicable"
                    } else if consulted {
                        "met"
                    } else if proposal.places.is_empty() {
                        "unknown"
                    } else if near(28) {
                        "gap critical"
                    } else {
                        "gap high"
                    };
                    said.insert(("STA-1", format!("{}/{place}", proposal.id)), verdict.to_owned());
                }
            }
            if proposal.service_change {
                let verdict = if !near(90) {
                    "not_applicable"
                } else if proposal.substantial == Substantial::Undecided {
                    "gap high"
                } else {
                    "met"
                };
                said.insert(("STA-3", proposal.id.to_string()), verdict.to_owned());
            }
            for scrutiny in &proposal.scrutiny {
                if self.fact(scrutiny.consulted_on).is_some() {
                    let whole = scrutiny.decision_date_given.is_some()
                        && scrutiny.comments_by.is_some()
                        && scrutiny.published_url.is_some();
                    let verdict = if whole { "met" } else { "gap high" };
                    said.insert(("STA-2", scrutiny.id.to_string()), verdict.to_owned());
                }
                for one in &scrutiny.recommendations {
                    let Some(received) = self.fact(one.received_on) else { continue };
                    let verdict = match self.fact(one.answered_on) {
                        Some(answered) if answered.signed_duration_since(received).num_days() > 28 => {
                            "met late"
                        }
                        Some(_) => "met",
                        None if self.days(received) <= 28 => "not_applicable",
                        None => "gap high",
                    };
                    said.insert(("STA-4", one.id.to_string()), verdict.to_owned());
                }
            }
        }
    }
}
