//! TIM-2: a consultation that is open for too short a time.

use chrono::NaiveDate;

use super::{Domain, Earlier, Threshold, Words};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Consultation;
use crate::wording;

/// A consultation of fewer days weighs more.
const SIX_WEEKS: i64 = 42;

pub const WORDS: Words = Words {
    id: "TIM-2",
    title: "Short window",
    domain: Domain::Timing,
    subject: "Each formal consultation that has opened",
    words: "Unknown when the day on which it closes is not recorded. Gap when it is open for fewer than the standard's days, the \
            first and the last included, and no reason is recorded why. Otherwise met.",
    duties: &[duties::COMPACT, duties::CONSULTATION_PRINCIPLES, duties::GUNNING],
    inputs: &["consultations.opens_on", "consultations.closes_on", "consultations.short_reason"],
    thresholds: &[Threshold { key: "window_days", default: "84", unit: "days" }],
    severity: "High under 42 days; else medium.",
    closes: "A consultation kept open for longer, or the reason why it is short.",
    risk: "A short consultation can be fair where people were engaged for months before it.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let opened = area.stp.consultations.iter().filter_map(|one| Some((one, one.opens_on?)));
    opened.filter(|(_, opens)| *opens <= area.as_at).map(|(one, opens)| judge_one(area, one, opens)).collect()
}

fn judge_one<'r>(area: &Area<'r>, consultation: &'r Consultation, opens: NaiveDate) -> Found<'r> {
    let allowed = i64::from(area.standard.window_days);
    let open_for = consultation.closes_on.map(|closes| days_between(opens, closes) + 1);
    let named = || wording::consultation(consultation);
    let found = match (open_for, &consultation.short_reason) {
        (None, _) => area.unknown().sentence(|| format!("The record does not say when {} closes.", named())),
        (Some(days), None) if days < allowed => {
            let severity = if days < SIX_WEEKS { Severity::High } else { Severity::Medium };
            area.gap(severity).sentence(|| {
                format!("No record of why {} is open for {days} days and not for {allowed}.", named())
            })
        }
        (Some(days), Some(reason)) if days < allowed => area.met().sentence(|| {
            format!("There is a reason why {} is open for {days} days: “{}”.", named(), wording::one_line(reason))
        }),
        (Some(days), _) => area
            .met()
            .sentence(|| wording::sentence(format!("{} is open for {days} days.", named())))
            .counted_ids([&consultation.id]),
    };
    found
        .about(&consultation.id)
        .closes(|| format!("A consultation open for {allowed} days, or the reason why it is short."))
        .input("open_for_days", open_for)
        .input("window_days", allowed)
}
