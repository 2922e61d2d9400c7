//! OPN-1: an event that was held and not published.

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::finding::{Found, Severity};
use crate::seen::Seen;
use crate::wording;
use crate::words::Publication;

pub const WORDS: Words = Words {
    id: "OPN-1",
    title: "Held and not published",
    domain: Domain::Feedback,
    subject: "Each held event about the STP that ended longer ago than the standard's days",
    words: "Met when the event is public, or withheld with a reason and a review date that has not passed. Otherwise a gap.",
    duties: &[
        Duty {
            name: "Freedom of information: publication scheme",
            sentence: "How decisions are made is one of the classes that public bodies publish without being asked.",
            sources: &[
                "https://www.blackpoolteachinghospitals.nhs.uk/services/information-governance/model-publication-scheme",
            ],
        },
        Duty {
            name: "The Consultation Institute: consultation charter",
            sentence: "Good consultation is visible and open, and its results are published.",
            sources: &["https://www.consultationinstitute.org/consultation-charter-7-best-practice-principles/"],
        },
        Duty {
            name: "Proposed by this method",
            sentence: "No source sets a number of days; this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["events.publication", "events.withheld_reason", "events.review_on", "events.ends_on"],
    thresholds: &[Threshold { key: "publish_days", default: "42", unit: "days" }],
    severity: "Medium.",
    closes: "The event published, or withheld with a reason and a review date still to come.",
    risk: "The event may be public elsewhere, such as in a council's own papers.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let old_enough = area.ended_before(&area.countable, area.standard.publish_days);
    super::gathered(area.countable.len(), old_enough.map(|event| judge_one(area, event)))
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>) -> Found<'r> {
    let named = || wording::event(event);
    let found = match event.publication() {
        Publication::Public => {
            area.met().sentence(|| wording::sentence(format!("{} is public.", named()))).counted([event])
        }
        Publication::Unpublished => {
            area.gap(Severity::Medium).sentence(|| format!("No record of {} being published.", named()))
        }
        Publication::Withheld if !event.has_withheld_reason() => {
            area.gap(Severity::Medium).sentence(|| format!("No record of why {} is withheld.", named()))
        }
        Publication::Withheld if !event.has_review_to_come() => area
            .gap(Severity::Medium)
            .sentence(|| format!("No record of a review still to come of withholding {}.", named())),
        Publication::Withheld => area.met()
            .sentence(|| {
                let by = event.review_on().map_or_else(String::new, |day| format!(" by {}", wording::day(day)));
                wording::sentence(format!("{} is withheld with a reason, to be looked at again{by}.", named()))
            })
            .counted([event]),
    };
    found
        .about(event)
        .closes(|| "The event published, or withheld with a reason and a review date still to come.")
        .input("publication", event.publication().code())
        .input_of("review_on", || event.review_on())
        .input_of("days", || area.age(event))
        .input("publish_days", area.standard.publish_days)
}
