//! FBK-1: nothing fed back to those who took part.

use std::fmt::Display;

use chrono::NaiveDate;

use super::{Domain, Earlier, Threshold, Words};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity, Subject};
use crate::record::Consultation;
use crate::wording;

pub const WORDS: Words = Words {
    id: "FBK-1",
    title: "Nothing fed back",
    domain: Domain::Feedback,
    subject: "Each two-way held event about the STP, and each formal consultation that has closed",
    words: "Due within the standard's days from the end of the event or the close of the consultation. Met when those who took \
            part were told what came of it, and marked late when that was after it was due. Not applicable until it is due. \
            Otherwise a gap.",
    duties: &[duties::FIVE_STEPS_INFLUENCE, duties::CONSULTATION_PRINCIPLES, duties::PROPOSED_DAYS],
    inputs: &[
        "events.level",
        "events.starts_on",
        "events.ends_on",
        "events.feedback_on",
        "consultations.closes_on",
        "consultations.feedback_on",
    ],
    thresholds: &[
        Threshold { key: "feedback_days", default: "42", unit: "days after an event" },
        Threshold { key: "response_days", default: "84", unit: "days after a consultation" },
    ],
    severity: "Medium for events, high for consultations.",
    closes: "Those who took part told what came of it, and the day.",
    risk: "People may have been told at the next meeting, which nobody recorded as feedback on the first.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let events = area.two_way.iter().map(|&event| {
        let allowed = area.standard.feedback_days;
        judge_one(area, event.into(), event.end(), event.feedback_on(), allowed, Severity::Medium, || wording::event(event))
    });
    let consultations = closed(area).map(|(one, closes)| {
        let allowed = area.standard.response_days;
        judge_one(area, (&one.id).into(), closes, one.feedback_on, allowed, Severity::High, || wording::consultation(one))
    });
    super::gathered(area.two_way.len() + area.stp.consultations.len(), events.chain(consultations))
}

/// The formal consultations that have closed, and when.
pub(super) fn closed<'r>(area: &Area<'r>) -> impl Iterator<Item = (&'r Consultation, NaiveDate)> + use<'r> {
    let as_at = area.as_at;
    let closing = area.stp.consultations.iter().filter_map(|one| Some((one, one.closes_on?)));
    closing.filter(move |(_, closes)| *closes <= as_at)
}

fn judge_one<'r, N: Display>(
    area: &Area<'r>,
    about: Subject<'r>,
    ended: NaiveDate,
    feedback_on: Option<NaiveDate>,
    allowed: u32,
    severity: Severity,
    named: impl Fn() -> N,
) -> Found<'r> {
    let allowed = i64::from(allowed);
    let days = days_between(ended, area.as_at);
    let found = if let Some(told) = feedback_on {
        let is_late = days_between(ended, told) > allowed;
        area.met()
            .late(is_late)
            .sentence(|| {
                let late = if is_late { ", late" } else { "" };
                format!("Those who took part in {} were told what came of it on {}{late}.", named(), wording::day(told))
            })
            .counted_ids(about.id())
    } else if days <= allowed {
        area.not_applicable()
            .sentence(|| format!("Not due yet: what came of {} is to be told within {allowed} days.", named()))
    } else {
        area.gap(severity)
            .sentence(|| format!("No record of anyone being told what came of {}.", named()))
    };
    found
        .about(about)
        .closes(|| "Those who took part told what came of it, and the day.")
        .input("ended_on", ended)
        .input("feedback_on", feedback_on)
        .input("days", days)
        .input("days_allowed", allowed)
}
