//! PLN-2: a cancelled event that was not replaced for a group.

use std::ops::Range;

use chrono::{Days, NaiveDate};

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::finding::{Found, Subject, Severity};
use crate::groups::Groups;
use crate::numbers::Numbers;
use crate::seen::Seen;
use crate::wording;
use crate::words::Group;

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
    let was_to_begin = |event: &Seen<'_>| event.starts_on() <= area.as_at;
    let cancelled = area.cancelled.iter().copied().filter(was_to_begin);
    let mut groups = Group::ALL.to_vec();
    groups.sort_unstable_by_key(|group| group.code());
    let invited = |event: Seen<'r>| groups.iter().copied().filter(move |group| event.invited().contains(*group));
    let each_group = |event: Seen<'r>| invited(event).map(move |group| (event, group));
    let asked: Vec<(Seen<'r>, Group)> = cancelled.flat_map(each_group).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let others = Replacements::of(area, &asked);
    asked.iter().map(|(event, group)| judge_one(area, &others, *event, *group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, others: &Replacements<'r>, event: Seen<'r>, group: Group) -> Found<'r> {
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
        .about(Subject::EventGroup(event, group))
        .closes(|| format!("An event for {who} in the same place, by {}.", wording::day(last)))
        .input("replace_days", days)
        .input("replace_by", last)
}

/// The events that can stand for the cancelled ones, by group and place.
struct Replacements<'r> {
    numbers: &'r Numbers<'r>,
    /// For each place and group, the days on which an event for it was cancelled, in order: where they begin below.
    begin: Vec<usize>,
    days: Vec<NaiveDate>,
    /// For each of these days the first event after it, and when that starts.
    first: Vec<Option<(NaiveDate, Seen<'r>)>>,
}

impl<'r> Replacements<'r> {
    /// Looks among the countable events with those who took part, and the planned ones with those who are asked.
    fn of(area: &Area<'r>, asked: &[(Seen<'r>, Group)]) -> Self {
        let numbers = area.numbers();
        let mut cancelled: Vec<(usize, NaiveDate)> = Vec::with_capacity(asked.len());
        let mut wanted = vec![Groups::default(); numbers.len() + 1];
        for &(event, group) in asked {
            for place in places(event, numbers) {
                wanted[place].add(group);
                cancelled.push((at(place, group), event.starts_on()));
            }
        }
        cancelled.sort_unstable();
        cancelled.dedup();
        let mut begin = vec![0; at(numbers.len() + 1, Group::ALL[0]) + 1];
        for (at, _) in &cancelled {
            begin[at + 1] += 1;
        }
        (1..begin.len()).for_each(|at| begin[at] += begin[at - 1]);
        let days: Vec<NaiveDate> = cancelled.into_iter().map(|(_, day)| day).collect();
        let first = vec![None; days.len()];
        let mut others = Self { numbers, begin, days, first };
        others.look_among(&area.planned, &wanted, Seen::those_asked);
        others.look_among(&area.countable, &wanted, Seen::those_who_took);
        others.look_on();
        others
    }

    /// Puts each event to the last day before it, where it is the first so far.
    fn look_among(&mut self, events: &[Seen<'r>], wanted: &[Groups], groups: impl Fn(Seen<'r>) -> Groups) {
        for &event in events {
            places(event, self.numbers).for_each(|place| {
                for group in groups(event).and(wanted[place]).iter() {
                    let days = self.days_of(place, group);
                    let after = self.days[days.clone()].partition_point(|day| *day < event.starts_on());
                    if after > 0 {
                        let first = &mut self.first[days.start + after - 1];
                        *first = earlier(*first, Some((event.starts_on(), event)));
                    }
                }
            });
        }
    }

    /// What comes after a later day comes after the earlier ones too.
    fn look_on(&mut self) {
        for (from, to) in self.begin.array_windows().map(|[from, to]| (*from, *to)) {
            for at in (from + 1..to).rev() {
                self.first[at - 1] = earlier(self.first[at - 1], self.first[at]);
            }
        }
    }

    /// The first event for the group that starts after the cancelled one, in one of its places.
    fn first_after(&self, cancelled: Seen<'r>, group: Group) -> Option<Seen<'r>> {
        let first_in = |place| {
            let days = self.days_of(place, group);
            let own = self.days[days.clone()].binary_search(&cancelled.starts_on()).ok()?;
            self.first[days.start + own]
        };
        let first = places(cancelled, self.numbers).map(first_in).fold(None, earlier);
        first.map(|(_, event)| event)
    }

    fn days_of(&self, place: usize, group: Group) -> Range<usize> {
        let at = at(place, group);
        self.begin[at]..self.begin[at + 1]
    }
}

/// The one that starts earlier; of two on one day, the first in byte order of their ids.
fn earlier<'r>(
    one: Option<(NaiveDate, Seen<'r>)>,
    other: Option<(NaiveDate, Seen<'r>)>,
) -> Option<(NaiveDate, Seen<'r>)> {
    match (one, other) {
        (Some(own), Some(others)) if own.0.cmp(&others.0).then_with(|| own.1.order(others.1)).is_gt() => other,
        (None, _) => other,
        _ => one,
    }
}

/// The numbers of the places that an event names; where it names none, one that no place has.
fn places<'r>(event: Seen<'r>, numbers: &'r Numbers<'r>) -> impl Iterator<Item = usize> + use<'r> {
    let none = (!event.names_a_place()).then_some(numbers.len());
    event.named(numbers).chain(none)
}

/// The number of a place and a group together.
fn at(place: usize, group: Group) -> usize {
    place * Group::ALL.len() + group as usize
}
