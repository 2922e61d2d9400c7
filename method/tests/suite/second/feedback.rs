//! Feedback, evidence, openness.

use chrono::NaiveDate;
use method::words::{EventKind, Outcome, Publication};

use super::{Page, Said, end, two_way};

/// An event or a consultation of which people are to hear what came.
struct Ended {
    id: String,
    on: NaiveDate,
    feedback: Option<NaiveDate>,
    days: u32,
    gap: &'static str,
    outcomes: Vec<Option<Outcome>>,
}

impl Page<'_> {
    pub(super) fn publication(&self, said: &mut Said) {
        for e in self.e() {
            let age = self.days(end(e));
            if age > i64::from(self.standard.evidence_days) {
                let only = self.required().into_iter().any(|g| {
                    let took = self.took(g);
                    !self.waived(g) && took.len() == 1 && took[0].id == e.id
                });
                let verdict = match e.evidence_count {
                    None => "unknown",
                    Some(0) if only => "gap medium",
                    Some(0) => "gap low",
                    Some(_) => "met",
                };
                said.insert(("EVD-1", e.id.to_string()), verdict.to_owned());
            }
            if age > i64::from(self.standard.publish_days) {
                let reviewed = e.review_on.is_some_and(|review| review >= self.t);
                let met = match e.publication {
                    Publication::Public => true,
                    Publication::Withheld => e.withheld_reason.is_some() && reviewed,
                    Publication::Unpublished => false,
                };
                said.insert(("OPN-1", e.id.to_string()), if met { "met" } else { "gap medium" }.to_owned());
            }
        }
        for (subject, published_on, gap) in [
            ("plan", self.stp.plan_published_on, "gap high"),
            ("engagement_plan", self.stp.engagement_plan_published_on, "gap medium"),
        ] {
            let verdict = if self.t <= self.standard.plan_due_on {
                "not_applicable"
            } else if published_on.is_some_and(|published| published <= self.t) {
                "met"
            } else {
                gap
            };
            said.insert(("OPN-2", subject.to_owned()), verdict.to_owned());
        }
    }

    pub(super) fn telling(&self, said: &mut Said) {
        let mut ended: Vec<Ended> = Vec::new();
        for e in self.e().filter(|e| two_way(e)) {
            ended.push(Ended {
                id: e.id.to_string(),
                on: end(e),
                feedback: self.fact(e.feedback_on),
                days: self.standard.feedback_days,
                gap: "gap medium",
                outcomes: e.themes.iter().map(|theme| theme.outcome).collect(),
            });
        }
        for one in &self.stp.consultations {
            let Some(closes) = one.closes_on.filter(|closes| *closes <= self.t) else { continue };
            ended.push(Ended {
                id: one.id.to_string(),
                on: closes,
                feedback: self.fact(one.feedback_on),
                days: self.standard.response_days,
                gap: "gap high",
                outcomes: one.themes.iter().map(|theme| theme.outcome).collect(),
            });
        }
        for Ended { id, on, feedback, days, gap, outcomes } in ended {
            let verdict = match feedback {
                Some(told) if told.signed_duration_since(on).num_days() > i64::from(days) => "met late",
                Some(_) => "met",
                None if self.days(on) <= i64::from(days) => "not_applicable",
                None => gap,
            };
            said.insert(("FBK-1", id.clone()), verdict.to_owned());
            if feedback.is_some() {
                let verdict = if outcomes.is_empty() {
                    "unknown"
                } else if outcomes.contains(&None) {
                    "gap medium"
                } else {
                    "met"
                };
                said.insert(("FBK-2", id), verdict.to_owned());
            }
        }
        for proposal in &self.stp.proposals {
            let linked = self.linked(proposal);
            let Some(first) = linked.iter().filter(|e| two_way(e)).map(|e| e.starts_on).min() else {
                continue;
            };
            let published = self.fact(proposal.document_published_on);
            let gap =
                published.is_none_or(|published| published > first) || proposal.accessible_formats.is_empty();
            said.insert(
                ("INF-1", proposal.id.to_string()),
                if gap { "gap medium" } else { "met" }.to_owned(),
            );
        }
        for e in self.e().filter(|e| e.kind == EventKind::GovernanceMeeting) {
            if self.days(end(e)) > i64::from(self.standard.minutes_days) {
                let open = e.held_in_public || self.fact(e.minutes_published_on).is_some();
                said.insert(("OPN-3", e.id.to_string()), if open { "met" } else { "gap medium" }.to_owned());
            }
        }
    }
}
