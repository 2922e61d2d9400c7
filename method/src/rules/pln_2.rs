//! PLN-2: a cancelled event that was not replaced for a group.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::finding::{Found, Subject, Severity};
use crate::seen::Seen;
use crate::values::Id;
use crate::wording;
use crate::words::{EventStatus, Group};

pub const WORDS: Words = Words {
    id: "PLN-2",
    title: "Cancelled, not replaced",
    domain: Domain::Responses,
    subject: "Each cancelled event that was to have begun, and each group that was asked to it",
    words: "Met when another event, held with the group or planned with it, starts within the standard's days after the \
            cancelled one was to start and names a place that it names, or both name none. Not applicable until those days \
            are over. Otherwise a gap.",
    duties: &[
        Duty {
            name: "Healthwatch: five steps for local conversations about change",
            sentence: "People are given enough time to have their say.",
            sources: &["https://www.healthwatch.co.uk/node/1515"],
        },
        Duty {
            name: "Proposed by this method",
            sentence: "No source sets a number of days; this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["events.status", "events.starts_on", "events.places", "events.place_counts", "events.participation"],
    thresholds: &[Threshold { key: "replace_days", default: "60", unit: "days" }],
    severity: "Medium.",
    closes: "An event held or planned with the group in the same place, soon after.",
    risk: "People may have been heard in another place, or by letter; and an event may be cancelled because nobody asked for it.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let was_to_begin = |event: &Seen<'_>| event.status() == EventStatus::Cancelled && event.starts_on() <= area.as_at;
    let cancelled: Vec<Seen<'r>> = area.events.iter().copied().filter(was_to_begin).collect();
    if cancelled.is_empty() {
        return Vec::new();
    }
    let others = Replacements::of(area);
    let each_group = |event: Seen<'r>| event.invited().map(move |group| (event, group));
    cancelled.into_iter().flat_map(each_group).map(|(event, group)| judge_one(area, &others, event, group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, others: &Replacements<'r>, event: Seen<'r>, group: Group) -> Found<'r> {
    let (named, who) = (|| wording::event(event), group.phrase());
    let days = area.standard.replace_days;
    let last = event.starts_on().checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
    let found = if let Some(other) = others.first_after(event, group, last) {
        area.met()
            .sentence(|| wording::sentence(&format!("{}, cancelled, was replaced for {who} by {}.", named(), wording::event(other))))
            .counted([other])
            .input("replaced_on", other.starts_on())
    } else if area.as_at <= last {
        area.not_applicable()
            .sentence(|| format!("Not due yet: {}, cancelled, can be replaced until {}.", named(), wording::day(last)))
    } else {
        area.gap(Severity::Medium)
            .sentence(|| format!("No record of an event for {who} in place of {}, which was cancelled.", named()))
    };
    found
        .about(Subject::IdGroup(event.id(), group))
        .closes(|| format!("An event for {who} in the same place, by {}.", wording::day(last)))
        .input("replace_days", days)
        .input("replace_by", last)
}

/// The events that can stand for a cancelled one, by group and place, in the order in which they start.
struct Replacements<'r> {
    by_group_and_place: HashMap<(Group, Option<&'r Id>), Vec<Seen<'r>>>,
}

impl<'r> Replacements<'r> {
    /// The countable events with those who took part, and the planned ones with those who are asked.
    fn of(area: &Area<'r>) -> Self {
        let mut by_group_and_place: HashMap<_, Vec<Seen<'r>>> = HashMap::new();
        for &event in &area.events {
            let is_planned = event.status() == EventStatus::Planned;
            if !is_planned && !area.counts(event) {
                continue;
            }
            for row in event.rows().filter(|row| is_planned || row.took_part) {
                for place in places(event) {
                    by_group_and_place.entry((row.group, place)).or_default().push(event);
                }
            }
        }
        for events in by_group_and_place.values_mut() {
            events.sort_by_key(|event| (event.starts_on(), event.id()));
        }
        Self { by_group_and_place }
    }

    /// The first event for the group that starts after the cancelled one, up to the last day, in one of its places.
    fn first_after(&self, cancelled: Seen<'_>, group: Group, last: NaiveDate) -> Option<Seen<'r>> {
        let first_in = |place| {
            let events = self.by_group_and_place.get(&(group, place))?;
            let next = events.partition_point(|event| event.starts_on() <= cancelled.starts_on());
            events.get(next).copied().filter(|event| event.starts_on() <= last)
        };
        places(cancelled).filter_map(first_in).min_by_key(|event| (event.starts_on(), event.id()))
    }
}

/// The places that an event names; once nothing, where it names none.
fn places(event: Seen<'_>) -> impl Iterator<Item = Option<&Id>> {
    let none = event.names().next().is_none().then_some(None);
    event.names().map(Some).chain(none)
}
