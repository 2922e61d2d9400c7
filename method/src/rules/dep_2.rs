//! DEP-2: a group that was only told.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::finding::{Found, Severity, Why};
use crate::seen::Seen;
use crate::values::Level;
use crate::wording;
use crate::words::Group;

pub const WORDS: Words = Words {
    id: "DEP-2",
    title: "One-way only",
    domain: Domain::Coverage,
    subject: "Each required group",
    words: "Not applicable while a waiver holds, when the group was never engaged (COV-2), or when it took part in no event \
            of the last 365 days. Met when one of those events was two-way: at level 2, consult, or above. Unknown when the \
            level of one of them is not recorded. Otherwise a gap.",
    duties: &[
        Duty {
            name: "IAP2 Spectrum of Public Participation",
            sentence: "To inform goes one way; from “consult” on, people are asked and listened to.",
            sources: &["https://ogpvietnam.org/what-is-the-spectrum-of-public-participation/"],
        },
        Duty {
            name: "NHS Act 2006, section 14Z2",
            sentence: "Giving people information can satisfy this duty, so a gap here is a matter of good practice and not \
                       a breach of the law.",
            sources: &["https://www.bailii.org/ew/cases/EWCA/Civ/2020/46.html"],
        },
    ],
    inputs: &["events.level", "events.participation", "events.ends_on"],
    thresholds: &[],
    severity: "Medium.",
    closes: "A held two-way event in which the group took part.",
    risk: "A briefing with a good discussion is two-way, and may have been recorded as information.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.required.iter().map(|&group| judge_one(area, earlier, group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>, group: Group) -> Found<'r> {
    let standing = area.group(group);
    let who = group.phrase();
    let recent = &standing.recent;
    let two_way = || recent.events.iter().copied().filter(|event| event.is_two_way());
    let why_not = |event: Seen<'_>| if event.level().is_none() { Why::LevelUnknown } else { Why::OneWay };
    let found = if let Some(finding) = super::no_recent_depth(area, earlier, group) {
        finding
    } else if recent.best.is_some_and(Level::is_two_way) {
        area.met()
            .sentence(|| wording::sentence(format!("{who} took part in {} in the last year.", wording::number_of(two_way().count(), "two-way event"))))
            .counted(two_way())
    } else if recent.has_silent {
        area.unknown().sentence(|| format!("The record does not say at what level {who} took part in the last year."))
    } else {
        area.gap(Severity::Medium)
            .sentence(|| format!("No record of {who} taking part in a two-way event in the last year."))
    };
    found
        .about(group)
        .closes(|| format!("A held two-way event in which {who} took part."))
        .input_of("two_way_events", || two_way().count())
        .input("events", recent.number)
        .not_counted(recent.events.iter().filter(|event| !event.is_two_way()).map(|event| (*event, why_not(*event))))
        .not_counted(standing.engagement.near.iter().copied())
        .not_counted(super::too_old(area, &standing.engagement.took))
}
