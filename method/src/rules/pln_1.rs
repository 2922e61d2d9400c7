//! PLN-1: a planned event of which nobody recorded what became.

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::finding::{Found, Input, Severity};
use crate::seen::Seen;
use crate::wording;
use crate::words::Group;

pub const WORDS: Words = Words {
    id: "PLN-1",
    title: "Planned, no outcome",
    domain: Domain::Responses,
    subject: "Each event that is still planned and was to end longer ago than the standard's days",
    words: "A gap.",
    duties: &[
        Duty {
            name: "AA1000 Stakeholder Engagement Standard 2015",
            sentence: "Whoever plans engagement reports afterwards what became of it.",
            sources: &[
                "https://studylib.net/doc/18738233/aa1000-stakeholder-engagement-standard-revision-for",
            ],
        },
        Duty {
            name: "Proposed by this method",
            sentence: "No source sets a number of days; this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["events.status", "events.starts_on", "events.ends_on", "events.participation"],
    thresholds: &[Threshold { key: "outcome_days", default: "14", unit: "days" }],
    severity: "Low; medium when a group that was asked to it took part in no event.",
    closes: "The event recorded as held, with who took part, or as cancelled.",
    risk: "The event may well have been held: nobody has said so yet.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let overdue = area.ended_before(&area.planned, area.standard.outcome_days);
    overdue.map(|event| judge_one(area, event)).collect()
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>) -> Found<'r> {
    let missing = event.invited().without(area.engaged);
    let severity = if missing.is_empty() { Severity::Low } else { Severity::Medium };
    area.gap(severity)
        .sentence(|| format!("No record of what became of {}, which was planned.", wording::event(event)))
        .about(event)
        .closes(|| "The event recorded as held, with who took part, or as cancelled.")
        .input_of("days", || area.age(event))
        .input("outcome_days", area.standard.outcome_days)
        .input_of("groups_never_engaged", || Input::Text(super::listed(missing.iter().map(Group::code).collect())))
}
