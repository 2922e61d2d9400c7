//! TIM-3: no time to consider what people said in a consultation.

use chrono::NaiveDate;

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Consultation;
use crate::wording;

pub const WORDS: Words = Words {
    id: "TIM-3",
    title: "No time to consider",
    domain: Domain::Timing,
    subject: "Each formal consultation that has closed, on a proposal with a day of decision",
    words: "Gap when the decision comes fewer than the standard's days after the close. Once the day of the decision has come, \
            also a gap unless a day is recorded, from the close to the decision, on which the responses were considered. \
            Otherwise met.",
    duties: &[
        duties::GUNNING,
        Duty {
            name: "Proposed by this method",
            sentence: "After the fourth principle, that answers are weighed before deciding; no source sets a number of days, \
                       and this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["consultations.closes_on", "consultations.considered_on", "proposals.decision_on"],
    thresholds: &[Threshold { key: "consider_days", default: "28", unit: "days" }],
    severity: "High.",
    closes: "A later decision, or the day on which those who decide considered the responses.",
    risk: "Responses may be read as they come in, so that little was left to consider after the close.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.stp.consultations.iter().filter_map(|one| judge_one(area, one)).collect()
}

fn judge_one<'r>(area: &Area<'r>, consultation: &'r Consultation) -> Option<Found<'r>> {
    let decision = area.linked.proposal(&consultation.proposal)?.decision_on?;
    let closes = consultation.closes_on.filter(|closes| *closes <= area.as_at)?;
    let allowed = i64::from(area.standard.consider_days);
    let days = days_between(closes, decision);
    let named = || wording::consultation(consultation);
    let in_time = |day: &NaiveDate| (closes..=decision).contains(day);
    let considered = consultation.considered_on.filter(in_time);
    let found = if days < allowed {
        area.gap(Severity::High).sentence(|| {
            format!("No record of {allowed} days to consider {}: the decision is dated {}.", named(), wording::day(decision))
        })
    } else if let Some(considered) = considered {
        area.met()
            .sentence(|| format!("What people said in {} was considered on {}.", named(), wording::day(considered)))
            .counted_ids([&consultation.id])
    } else if decision <= area.as_at {
        area.gap(Severity::High)
            .sentence(|| format!("No record of what people said in {} being considered before the decision.", named()))
    } else {
        area.met().sentence(|| format!("There are {days} days to consider what people said in {}.", named()))
    };
    let found = found
        .about(&consultation.id)
        .closes(|| format!("A decision {allowed} days after the close or later, and the day on which the responses were considered."))
        .input("closes_on", closes)
        .input("decision_on", decision)
        .input("considered_on", consultation.considered_on)
        .input("days_between", days)
        .input("consider_days", allowed);
    Some(found)
}
