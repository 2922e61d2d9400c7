//! PLN-2: a cancelled event that was not replaced for a group.

use chrono::{Days, NaiveDate};

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::finding::{Found, Subject, Severity};
use crate::groups::Groups;
use crate::seen::Seen;
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
    let mut groups = Group::ALL.to_vec();
    groups.sort_unstable_by_key(|group| group.code());
    let invited = |event: Seen<'r>| groups.iter().copied().filter(move |group| event.invited().contains(*group));
    let each_group = |event: Seen<'r>| invited(event).map(move |group| (event, group));
    let asked: Vec<(Seen<'r>, Group)> = cancelled.into_iter().flat_map(each_group).collect();
    let others = Replacements::of(area, &asked);
    asked.iter().map(|(event, group)| judge_one(area, &others, *event, *group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, others: &Replacements<'_, 'r>, event: Seen<'r>, group: Group) -> Found<'r> {
    let (named, who) = (|| wording::event(event), group.phrase());
    let days = area.standard.replace_days;
    let last = event.starts_on().checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
    let found = if let Some(other) = others.first_after(event, group).filter(|other| other.starts_on() <= last) {
        area.met()
            .sentence(|| wording::sentence(format!("{}, cancelled, was replaced for {who} by {}.", named(), wording::event(other))))
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

/// The events that can stand for the cancelled ones, by group and place, in the order in which they start.
struct Replacements<'a, 'r> {
    area: &'a Area<'r>,
    /// For each place and group, the days and where the events stand among all; only where one was cancelled.
    by_place_and_group: Vec<Vec<(NaiveDate, u32)>>,
}

impl<'a, 'r> Replacements<'a, 'r> {
    /// The countable events with those who took part, and the planned ones with those who are asked.
    fn of(area: &'a Area<'r>, asked: &[(Seen<'r>, Group)]) -> Self {
        let places = area.numbers.len() + 1;
        let mut others = Self { area, by_place_and_group: vec![Vec::new(); places * Group::ALL.len()] };
        let mut wanted = vec![Groups::default(); places];
        for (event, group) in asked {
            others.places(*event).for_each(|place| wanted[place].add(*group));
        }
        for (index, &event) in (0..).zip(&area.events) {
            let groups = if event.status() == EventStatus::Planned {
                event.those_asked()
            } else if area.counts(event) {
                event.those_who_took()
            } else {
                continue;
            };
            for place in others.places(event) {
                for group in groups.and(wanted[place]).iter() {
                    others.by_place_and_group[at(place, group)].push((event.starts_on(), index));
                }
            }
        }
        others.by_place_and_group.iter_mut().for_each(|events| events.sort_unstable());
        others
    }

    /// The first event for the group that starts after the cancelled one, in one of its places.
    fn first_after(&self, cancelled: Seen<'r>, group: Group) -> Option<Seen<'r>> {
        let first_in = |place| {
            let events = &self.by_place_and_group[at(place, group)];
            events.get(events.partition_point(|(day, _)| *day <= cancelled.starts_on()))
        };
        // All events stand in byte order of their ids.
        let (_, first) = self.places(cancelled).filter_map(first_in).min()?;
        self.area.events.get(*first as usize).copied()
    }

    /// The numbers of the places that an event names; where it names none, one that no place has.
    fn places(&self, event: Seen<'r>) -> impl Iterator<Item = usize> + use<'r> {
        let none = (!event.names_a_place()).then_some(self.area.numbers.len());
        event.named(self.area.numbers).chain(none)
    }
}

/// Where the events for a group in a place are listed.
fn at(place: usize, group: Group) -> usize {
    place * Group::ALL.len() + group as usize
}
