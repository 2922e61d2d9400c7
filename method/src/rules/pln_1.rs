//! PLN-1: a planned event of which nobody recorded what became.

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::finding::{Finding, Severity};
use crate::record::Event;
use crate::wording;
use crate::words::EventStatus;

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
    threshold: Some(Threshold { key: "outcome_days", default: "14", unit: "days" }),
    severity: "Low; medium when a group that was asked to it took part in no event.",
    closes: "The event recorded as held, with who took part, or as cancelled.",
    risk: "The event may well have been held: nobody has said so yet.",
};

pub(super) fn judge(area: &Area<'_>, _: Earlier<'_>) -> Vec<Finding> {
    let allowed = i64::from(area.standard.outcome_days);
    let planned = area.stp.events.iter().filter(|event| event.status == EventStatus::Planned);
    planned.filter(|event| area.age(event) > allowed).map(|event| judge_one(area, event)).collect()
}

fn judge_one(area: &Area<'_>, event: &Event) -> Finding {
    let missing: Vec<&str> = event
        .invited()
        .filter(|&group| area.group(group).engagement.took.is_empty())
        .map(crate::words::Group::code)
        .collect();
    let severity = if missing.is_empty() { Severity::Low } else { Severity::Medium };
    Finding::gap(severity)
        .sentence(format!("No record of what became of {}, which was planned.", wording::event(event)))
        .about(event.id.as_str())
        .closes("The event recorded as held, with who took part, or as cancelled.")
        .input("days", area.age(event))
        .input("outcome_days", area.standard.outcome_days)
        .input("groups_never_engaged", super::listed(missing).as_str())
}
