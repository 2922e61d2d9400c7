//! DEP-1: a group that was engaged less than was promised.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::finding::{Found, Severity, Why};
use crate::values::Level;
use crate::wording;
use crate::words::Group;

pub const WORDS: Words = Words {
    id: "DEP-1",
    title: "Less than was promised",
    domain: Domain::Coverage,
    subject: "Each required group",
    words: "Not applicable while a waiver holds, when the group was never engaged (COV-2), or when it took part in no event \
            of the last 365 days. Unknown when no level is planned for it. Met when it took part at the planned level or \
            above in the last 365 days. Unknown when the level of such an event is not recorded. Otherwise a gap.",
    duties: &[
        Duty {
            name: "AA1000 Stakeholder Engagement Standard 2015",
            sentence: "Whoever engages says at what level and by what method, and then reports against it.",
            sources: &[
                "https://studylib.net/doc/18738233/aa1000-stakeholder-engagement-standard-revision-for",
            ],
        },
        Duty {
            name: "IAP2 Spectrum of Public Participation",
            sentence: "Each level of participation is a promise to the people who take part.",
            sources: &["https://ogpvietnam.org/what-is-the-spectrum-of-public-participation/"],
        },
    ],
    inputs: &["requirements.planned_level", "events.level", "events.participation", "events.ends_on"],
    thresholds: &[],
    severity: "Medium.",
    closes: "A held event at the planned level or above in which the group took part.",
    risk: "Levels are recorded by those who ran the event, who may be too modest as well as too kind.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.required.iter().map(|&group| judge_one(area, earlier, group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>, group: Group) -> Found<'r> {
    let standing = area.group(group);
    let who = group.phrase();
    let recent = &standing.recent;
    let silent = || recent.events.iter().copied().filter(|event| event.level().is_none());
    let found = if let Some(finding) = super::no_recent_depth(area, earlier, group) {
        finding
    } else if let Some(planned) = standing.planned {
        let reached = || recent.events.iter().copied().filter(|event| event.level() >= Some(planned));
        let level = || planned.name().to_lowercase();
        let found = if recent.best >= Some(planned) {
            area.met()
                .sentence(|| wording::sentence(format!("{who} took part at the planned level, {}, in the last year.", level())))
                .counted(reached())
                .not_counted(silent().map(|event| (event, Why::LevelUnknown)))
        } else if recent.has_silent {
            area.unknown()
                .sentence(|| format!("The record does not say at what level {who} took part in the last year."))
                .counted(silent())
        } else {
            area.gap(Severity::Medium)
                .sentence(|| format!("No record of {who} taking part at the planned level, {}, in the last year.", level()))
                .counted(recent.events.iter().copied())
        };
        found
            .input("planned_level", u32::from(planned.number()))
            .input("best_level", recent.best.map(level_number))
    } else {
        area.unknown()
            .sentence(|| format!("The record does not say at what level it was planned to engage {who}."))
            .input("planned_level", super::Input::Missing)
    };
    let closes = match standing.planned {
        Some(planned) => format!("A held event in which {who} took part, at level {} or above.", planned.number()),
        None => format!("A planned level for {who}."),
    };
    found
        .about(group)
        .closes(|| closes)
        .not_counted(standing.engagement.near.iter().copied())
        .not_counted(super::too_old(area, &standing.engagement.took))
}

fn level_number(level: Level) -> u32 {
    level.number().into()
}
