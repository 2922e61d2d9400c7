//! REC-1: engagement with a group that has gone stale.

use super::{Domain, Duty, Earlier, Threshold, Words, cov_2};
use crate::area::{Area, days_between};
use crate::finding::{Found, Severity};
use crate::wording;
use crate::words::Group;

pub const WORDS: Words = Words {
    id: "REC-1",
    title: "Engagement gone stale",
    domain: Domain::Coverage,
    subject: "Each required group",
    words: "Not applicable while a waiver holds, or when the group was never engaged (COV-2). Gap when the last event in \
            which the group took part ended more than the standard's days before the day of the assessment.",
    duties: &[
        Duty {
            name: "Healthwatch: five steps for local conversations about change",
            sentence: "People are involved from the start, and given the time that they need.",
            sources: &["https://www.healthwatch.co.uk/node/1515"],
        },
        Duty {
            name: "NICE guideline NG44 on community engagement",
            sentence: "Communities are involved at every stage, not once.",
            sources: &["https://www.nice.org.uk/guidance/ng44/chapter/recommendations"],
        },
        Duty {
            name: "Proposed by this method",
            sentence: "No source sets a number of days; this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["requirements", "events.starts_on", "events.ends_on", "events.participation"],
    thresholds: &[Threshold { key: "recency_days", default: "180", unit: "days" }],
    severity: "Medium; high when more than twice the standard's days have passed.",
    closes: "A held event in which the group takes part.",
    risk: "A plan that stands still needs no new engagement; say so in a waiver.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.required.iter().map(|&group| judge_one(area, earlier, group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>, group: Group) -> Found<'r> {
    let standing = area.group(group);
    let engagement = &standing.engagement;
    let who = group.phrase();
    let allowed = i64::from(area.standard.recency_days);
    let latest = standing.latest;
    let found = match (standing.waiver, latest) {
        (Some(waiver), _) => super::waived(area, group, waiver),
        (None, None) => super::never_engaged(area, group).under(earlier.gap(&cov_2::WORDS, group)),
        (None, Some(latest)) => {
            let days = days_between(latest, area.as_at);
            let found = if days > allowed {
                let severity = if days > 2 * allowed { Severity::High } else { Severity::Medium };
                area.gap(severity).sentence(|| format!("No record of {who} taking part since {}.", wording::day(latest)))
            } else {
                area.met().sentence(|| wording::sentence(format!("{who} last took part on {}.", wording::day(latest))))
            };
            let made_it = engagement.took.iter().copied().filter(|event| event.end() == latest);
            found.input("days", days).input("latest", latest).counted(made_it)
        }
    };
    found
        .about(group)
        .closes(|| format!("A held event in which {who} took part, within the last {allowed} days."))
        .input("recency_days", allowed)
        .not_counted(engagement.near.iter().copied())
}
