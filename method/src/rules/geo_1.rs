//! GEO-1: a place whose people were missed.

use super::{Domain, Duty, Earlier, Words, cov_1};
use crate::area::{Area, CorePlace};
use crate::finding::{Found, Input, Severity, Subject, Under, Verdict};
use crate::values::Id;
use crate::wording;
use crate::words::{Audience, Tier};

pub const WORDS: Words = Words {
    id: "GEO-1",
    title: "Place missed",
    domain: Domain::Place,
    subject: "Each place of the footprint, but for those of which only a fringe is in it",
    words: "Met when a held event with patients or the public, at which the STP was discussed, names the place or a district \
            inside it. Unknown when such an event was online and names no place. Otherwise a gap; nested, for a district \
            under the gap of its county, else under COV-1 when patients and the public were never engaged.",
    duties: &[
        Duty {
            name: "Healthwatch: five steps for local conversations about change",
            sentence: "Each group that a change affects is thought of, with more work for those who are less heard.",
            sources: &["https://www.healthwatch.co.uk/node/1515"],
        },
        Duty {
            name: "Engaging local people (NHS England, September 2016)",
            sentence: "The 44 areas were to show whom they had engaged and whom they had still to engage.",
            sources: &[
                "https://www.england.nhs.uk/publication/engaging-local-people-a-guide-for-local-areas-developing-sustainability-and-transformation-plans/",
                "https://questions-statements.parliament.uk/written-questions/detail/2017-01-25/HL5003/",
            ],
        },
    ],
    inputs: &["places", "events.places", "events.place_counts", "events.online", "events.participation"],
    thresholds: &[],
    severity: "High for the upper tier, medium for districts.",
    closes: "A held event with patients or the public that names the place.",
    risk: "People travel: an event in the next town may have drawn them. Counts of where people live show it.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    // Counties stand before their districts.
    let mut found: Vec<Found<'r>> = Vec::with_capacity(area.places.len());
    for core in &area.places {
        let finding = judge_one(area, earlier, &found, core);
        found.push(finding);
    }
    found
}

fn judge_one<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>, counties: &[Found<'r>], core: &CorePlace<'r>) -> Found<'r> {
    let place = core.place;
    let name = || wording::one_line(&place.name);
    let found = if core.engagement.events > 0 {
        let events = || wording::number_of(core.engagement.events, "event");
        area.met().sentence(|| format!("{} with patients or the public named {}.", events(), name())).counted(core.engagement.took.iter().copied())
    } else if !area.placeless.is_empty() {
        area.unknown()
            .sentence(|| format!("The record does not say whether online events reached people in {}.", name()))
            .counted(area.placeless.iter().copied())
    } else {
        let severity = if place.tier == Tier::Upper { Severity::High } else { Severity::Medium };
        let county = place.parent.as_ref().and_then(|county| gap_of(counties, county));
        area.gap(severity)
            .under(county.or_else(|| earlier.gap(&cov_1::WORDS, Audience::Public)))
            .sentence(|| format!("No record of an event with patients or the public in {}.", name()))
    };
    found
        .about(&place.code)
        .closes(|| format!("A held event with patients or the public that names {}.", name()))
        .input_of("place", || Input::Text(name().into_owned()))
        .input("events", core.engagement.events)
        .not_counted(core.engagement.near.iter().copied())
}

fn gap_of<'r>(counties: &[Found<'r>], code: &'r Id) -> Option<Under<'r>> {
    let subject = Subject::Id(code);
    let county = counties.iter().find(|found| found.subject == subject)?;
    (county.verdict == Verdict::Gap).then_some(Under { rule: WORDS.id, subject })
}
