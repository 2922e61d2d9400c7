//! OPN-3: decided behind closed doors.

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity};
use crate::seen::Seen;
use crate::wording;

pub const WORDS: Words = Words {
    id: "OPN-3",
    title: "Decided behind closed doors",
    domain: Domain::Feedback,
    subject: "Each held meeting of the STP's own boards about the STP that ended longer ago than the standard's days",
    words: "Met when it was held in public or its minutes are published. Otherwise a gap.",
    duties: &[
        Duty {
            name: "National Voices on the guidance of 2016",
            sentence: "National charities asked that plans should not be made behind closed doors.",
            sources: &[
                "https://www.nationalvoices.org.uk/news-media/news-item/sustainability-and-transformation-plan-engagement-guidance-published",
            ],
        },
        Duty {
            name: "Freedom of information: publication scheme",
            sentence: "How decisions are made is one of the classes that public bodies publish without being asked.",
            sources: &[
                "https://www.blackpoolteachinghospitals.nhs.uk/services/information-governance/model-publication-scheme",
            ],
        },
        duties::PROPOSED_DAYS,
    ],
    inputs: &["events.kind", "events.held_in_public", "events.minutes_published_on", "events.ends_on"],
    thresholds: &[Threshold { key: "minutes_days", default: "28", unit: "days" }],
    severity: "Medium.",
    closes: "The minutes of the meeting published, and the day.",
    risk: "Minutes are often published with the papers of the next meeting, months later.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let old_enough = area.ended_before(&area.governance, area.standard.minutes_days);
    old_enough.map(|event| judge_one(area, event)).collect()
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>) -> Found<'r> {
    let named = || wording::event(event);
    let found = if event.held_in_public() {
        area.met().sentence(|| wording::sentence(format!("{} was held in public.", named()))).counted([event])
    } else if let Some(published) = event.minutes_published_on() {
        area.met()
            .sentence(|| format!("The minutes of {} were published on {}.", named(), wording::day(published)))
            .counted([event])
    } else {
        area.gap(Severity::Medium)
            .sentence(|| format!("No record of {} being held in public, or of its minutes being published.", named()))
    };
    found
        .about(event)
        .closes(|| "The minutes of the meeting published, and the day.")
        .input("held_in_public", if event.held_in_public() { "yes" } else { "no" })
        .input("minutes_published_on", event.minutes_published_on())
        .input_of("days", || area.age(event))
        .input("minutes_days", area.standard.minutes_days)
}
