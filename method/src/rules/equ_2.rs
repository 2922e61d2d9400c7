//! EQU-2: people with a characteristic who were not reached.

use super::{Domain, Duty, Earlier, Words, equ_1};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity};
use crate::words::Characteristic;

/// A decision within so many days is near.
const NEAR: i64 = 42;

pub const WORDS: Words = Words {
    id: "EQU-2",
    title: "Not reached",
    domain: Domain::Equality,
    subject: "Each of the nine protected characteristics, deprivation and caring",
    words: "Met when a held event about the STP was for people with the characteristic. Otherwise, where there is a monitoring \
            return, met when anyone may have given an answer, and a gap when nobody did. Otherwise not applicable. Nested under \
            EQU-1 when that is a gap.",
    duties: &[
        duties::EQUALITY_ACT,
        duties::FIVE_STEPS_GROUPS,
        Duty {
            name: "Statutory guidance on working with people and communities (NHS England, 2022)",
            sentence: "Those who are less heard, and those who face inequality, are reached on purpose.",
            sources: &["https://www.nhssomerset.nhs.uk/get-involved/our-approach-to-public-involvement-and-engagement/"],
        },
    ],
    inputs: &["events.targets", "monitoring_returns.answers", "proposals.decision_on"],
    thresholds: &[],
    severity: "High when a decision on some proposal falls within the next 42 days; else medium.",
    closes: "A held event for people with the characteristic, or a monitoring return that shows them.",
    risk: "People with the characteristic may have come to events for everyone at which nobody was asked.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let mut aimed = [0_usize; Characteristic::ALL.len()];
    for event in &area.countable {
        for target in event.targets().iter() {
            aimed[target as usize] += 1;
        }
    }
    let decisions = area.stp.proposals.iter().filter_map(|proposal| proposal.decision_on);
    let is_near = decisions.map(|day| days_between(area.as_at, day)).any(|days| (0..=NEAR).contains(&days));
    let severity = if is_near { Severity::High } else { Severity::Medium };
    let others = [Characteristic::Deprivation, Characteristic::Caring];
    let asked = Characteristic::PROTECTED.iter().copied().chain(others);
    asked.map(|one| judge_one(area, earlier, one, aimed[one as usize], severity)).collect()
}

fn judge_one<'r>(
    area: &Area<'r>,
    earlier: Earlier<'_, 'r>,
    characteristic: Characteristic,
    aimed: usize,
    severity: Severity,
) -> Found<'r> {
    let by = characteristic.phrase();
    let parent = || earlier.gap(&equ_1::WORDS, characteristic);
    let returns = || equ_1::returns_of(area, characteristic);
    let found = if aimed > 0 {
        let events = area.countable.iter().copied().filter(|event| event.targets().contains(characteristic));
        area.met().sentence(|| format!("An event was held for people because of their {by}.")).counted(events)
    } else if returns().next().is_none() {
        area.not_applicable()
            .under(parent())
            .sentence(|| format!("Does not arise: nobody was asked about {by}."))
    } else if returns().flat_map(|one| &one.answers).any(|answer| answer.count.high >= 1) {
        area.met().sentence(|| format!("People gave answers when they were asked about {by}."))
    } else {
        area.gap(severity)
            .under(parent())
            .sentence(|| format!("No record of anyone being reached when people were asked about {by}."))
    };
    found
        .about(characteristic)
        .closes(|| format!("A held event for people because of their {by}, or a monitoring return that shows them."))
        .input("events_for_them", aimed)
        .input_of("returns", || returns().count())
}
