//! Responses, plans, records.

use chrono::Datelike;
use method::record::Event;
use method::words::{EventStatus, Publication};

use super::{Page, Said, end, invited, names};

impl Page<'_> {
    pub(super) fn plans(&self, said: &mut Said) {
        for e in self.events() {
            let late = self.days(end(e)) > i64::from(self.standard.outcome_days);
            if e.status == EventStatus::Planned && late {
                let absent = invited(e).into_iter().any(|g| self.took(g).is_empty());
                said.insert(
                    ("PLN-1", e.id.to_string()),
                    if absent { "gap medium" } else { "gap low" }.to_owned(),
                );
            }
            if e.status != EventStatus::Cancelled || e.starts_on > self.t {
                continue;
            }
            for g in invited(e) {
                let stands_in = |other: &&Event| {
                    let later = other.starts_on.signed_duration_since(e.starts_on).num_days();
                    let here = names(other).iter().any(|place| names(e).contains(place));
                    other.id != e.id
                        && (here || (names(other).is_empty() && names(e).is_empty()))
                        && (1..=i64::from(self.standard.replace_days)).contains(&later)
                };
                let planned =
                    |other: &&Event| other.status == EventStatus::Planned && invited(other).contains(&g);
                let replaced = self
                    .took(g)
                    .into_iter()
                    .chain(self.events().filter(planned))
                    .any(|other| stands_in(&other));
                let verdict = if replaced {
                    "met"
                } else if self.days(e.starts_on) <= i64::from(self.standard.replace_days) {
                    "not_applicable"
                } else {
                    "gap medium"
                };
                said.insert(("PLN-2", format!("{}/{g}", e.id)), verdict.to_owned());
            }
        }
    }

    pub(super) fn doubts(&self, said: &mut Said) {
        let public: Vec<&Event> = self
            .events()
            .filter(|e| e.status == EventStatus::Held && e.publication == Publication::Public)
            .collect();
        let venue = |e: &Event| e.venue.as_deref().unwrap_or("").trim_matches(' ').to_ascii_lowercase();
        for e in public.iter().filter(|e| !e.confirmed) {
            let twin = public.iter().any(|other| {
                other.id != e.id
                    && other.starts_on == e.starts_on
                    && !venue(e).is_empty()
                    && venue(other) == venue(e)
            });
            let lows =
                e.participation.iter().filter_map(|row| row.attended).map(|count| i64::from(count.low) - 2);
            let full = e.venue_capacity.is_some_and(|capacity| lows.sum::<i64>() > i64::from(capacity));
            let numberless =
                !e.participation.is_empty() && e.participation.iter().all(|row| row.attended.is_none());
            let doubtful = twin || full || numberless || e.starts_on > self.t;
            said.insert(("DAT-1", e.id.to_string()), if doubtful { "gap low" } else { "met" }.to_owned());
        }
    }

    pub(super) fn answers(&self, said: &mut Said) {
        for request in self.stp.requests.iter().filter(|request| request.response_requested) {
            let Some(sent) = self.fact(request.sent_on) else { continue };
            let body =
                self.stp.bodies.iter().find(|body| body.code == request.body).expect("a body of the STP");
            let met_since = self.e().any(|e| e.bodies.contains(&request.body) && end(e) >= sent);
            let verdict = if self.fact(request.replied_on).is_some() || met_since {
                "met"
            } else if self.days(sent) <= i64::from(self.standard.reply_days) || request.declined {
                "not_applicable"
            } else if body.statutory_consultee {
                "gap high"
            } else {
                "gap low"
            };
            said.insert(("RSP-1", request.id.to_string()), verdict.to_owned());
        }
        for g in self.required() {
            let contacts = self.stp.reachable_contacts.as_ref().and_then(|known| known.0.get(&g));
            let verdict = if self.waived(g) {
                "not_applicable"
            } else if contacts.is_none_or(|contacts| *contacts == 0) {
                "gap medium"
            } else {
                "met"
            };
            said.insert(("RSP-2", g.code().to_owned()), verdict.to_owned());
        }
        for question in &self.stp.questions {
            let Some(received) = self.fact(question.received_on) else { continue };
            let since = received.iter_days().skip(1).take_while(|day| *day <= self.t);
            let working = since.filter(|day| {
                day.weekday().num_days_from_monday() < 5 && !self.standard.bank_holidays.contains(day)
            });
            let verdict = if self.fact(question.answered_on).is_some() {
                "met"
            } else if working.count() <= self.standard.answer_working_days as usize {
                "not_applicable"
            } else {
                "gap medium"
            };
            said.insert(("RSP-3", question.id.to_string()), verdict.to_owned());
        }
    }
}
