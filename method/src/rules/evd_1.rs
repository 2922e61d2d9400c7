//! EVD-1: an event of which nothing is kept.

use super::{Domain, Duty, Earlier, Threshold, Words, cov_2};
use crate::area::Area;
use crate::facts::Evidence;
use crate::finding::{Found, Severity, Verdict};
use crate::seen::Seen;
use crate::wording;
use crate::words::Group;

pub const WORDS: Words = Words {
    id: "EVD-1",
    title: "No evidence",
    domain: Domain::Feedback,
    subject: "Each held event about the STP that ended longer ago than the standard's days",
    words: "Unknown when it is not recorded how many pieces of evidence there are. Gap when there are none.",
    duties: &[
        Duty {
            name: "Practice in keeping an engagement log",
            sentence: "A log keeps dates, places, who was present, what was raised and the papers that show it.",
            sources: &[
                "https://socialway.angloamerican.com/en/toolkit/engagement-and-analysis/stakeholder-engagement/guidance/do/task-7-documentation",
            ],
        },
        Duty {
            name: "Proposed by this method",
            sentence: "No source sets a number of days; this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["events.evidence_count", "events.ends_on", "events.participation"],
    thresholds: &[Threshold { key: "evidence_days", default: "14", unit: "days" }],
    severity: "Low; medium when the event is the only one in which some required group took part.",
    closes: "A note, an attendance list, slides, minutes or the like, kept with the event.",
    risk: "The papers may be with the partner who ran the event.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let engaged = |group: Group| earlier.verdict(&cov_2::WORDS, group) == Some(Verdict::Met);
    let sole: Vec<Seen<'r>> = area
        .required
        .iter()
        .filter(|group| engaged(**group))
        .filter_map(|&group| area.group(group).engagement.only())
        .collect();
    let is_sole = |event: Seen<'r>| sole.iter().any(|only| only.order(event).is_eq());
    let old_enough = area.ended_before(&area.countable, area.standard.evidence_days);
    super::gathered(area.countable.len(), old_enough.map(|event| judge_one(area, event, is_sole(event))))
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>, is_sole: bool) -> Found<'r> {
    let named = || wording::event(event);
    let found = match event.evidence() {
        Evidence::Unknown => area.unknown().sentence(|| format!("The record does not say whether there is evidence of {}.", named())),
        Evidence::Missing => area.gap(if is_sole { Severity::Medium } else { Severity::Low })
            .sentence(|| format!("No record of any evidence of {}.", named())),
        Evidence::Kept => area.met()
            .sentence(|| format!("{} of evidence of {}.", named(), wording::number_of(event.evidence_count().unwrap_or(0) as usize, "piece")))
            .counted([event]),
    };
    found
        .about(event)
        .closes(|| "A piece of evidence kept with the event.")
        .input_of("evidence_count", || event.evidence_count())
        .input_of("days", || area.age(event))
        .input("evidence_days", area.standard.evidence_days)
        .input("only_event_of_a_group", if is_sole { "yes" } else { "no" })
}
