//! Timing.

use chrono::{Datelike, NaiveDate};
use method::record::Event;
use method::words::Audience;

use super::{Page, Said, end, took, two_way};

impl Page<'_> {
    pub(super) fn hearing(&self, said: &mut Said) {
        for proposal in &self.stp.proposals {
            let Some(decision) = proposal.decision_on else { continue };
            for a in [Audience::Public, Audience::Staff, Audience::Councils] {
                let mut b: Vec<&Event> = self.linked(proposal);
                b.retain(|e| took(e, a) && end(e) < decision);
                let verdict = if b.iter().any(|e| two_way(e)) {
                    "met"
                } else if b.iter().any(|e| e.level.is_none()) {
                    "unknown"
                } else if decision <= self.t && a.code() == "PP" && b.is_empty() {
                    "gap critical"
                } else if self.ahead(decision) <= 42 {
                    "gap high"
                } else {
                    "gap medium"
                };
                said.insert(("TIM-1", format!("{}/{a}", proposal.id)), verdict.to_owned());
            }
        }
    }

    pub(super) fn windows(&self, said: &mut Said) {
        for one in &self.stp.consultations {
            let proposal = self.stp.proposals.iter().find(|proposal| proposal.id == one.proposal);
            let id = || one.id.to_string();
            if let Some(opens) = one.opens_on.filter(|opens| *opens <= self.t) {
                let verdict = match one.closes_on {
                    None => "unknown",
                    Some(closes) => {
                        let days = closes.signed_duration_since(opens).num_days() + 1;
                        if days >= i64::from(self.standard.window_days) || one.short_reason.is_some() {
                            "met"
                        } else if days < 42 {
                            "gap high"
                        } else {
                            "gap medium"
                        }
                    }
                };
                said.insert(("TIM-2", id()), verdict.to_owned());
                if let Some(closes) = one.closes_on {
                    let days: Vec<NaiveDate> = opens.iter_days().take_while(|day| *day <= closes).collect();
                    let poor = days.iter().filter(|day| self.is_poor(**day)).count();
                    let share = usize::try_from(self.standard.poor_timing_share.millionths()).expect("small");
                    let gap = poor * 1_000_000 >= share * days.len() && one.timing_reason.is_none();
                    said.insert(("TIM-4", id()), if gap { "gap low" } else { "met" }.to_owned());
                }
            }
            if let (Some(decision), Some(closes)) =
                (proposal.and_then(|proposal| proposal.decision_on), one.closes_on)
                && closes <= self.t
            {
                let considered = self.fact(one.considered_on);
                let considered = considered.is_some_and(|day| closes <= day && day <= decision);
                let gap = decision.signed_duration_since(closes).num_days()
                    < i64::from(self.standard.consider_days)
                    || (decision <= self.t && !considered);
                said.insert(("TIM-3", id()), if gap { "gap high" } else { "met" }.to_owned());
            }
        }
    }

    fn is_poor(&self, day: NaiveDate) -> bool {
        let christmas = (day.month() == 12 && day.day() >= 20) || (day.month() == 1 && day.day() <= 3);
        let election =
            self.standard.pre_election_periods.iter().any(|period| period.from <= day && day <= period.to);
        day.month() == 8 || christmas || election
    }
}
