//! What the rules ask of every event, gathered in one pass: they then read a line of memory for an event, and not the
//! many over which the record spreads it.
//!
//! ```text
//! events of an STP ─► Facts (disclosed, as at the day) in byte order of ids ─► Seen, which a rule reads
//! ```

use std::hash::{BuildHasher, Hasher};

use chrono::{Datelike, NaiveDate};

use crate::disclose;
use crate::groups::Groups;
use crate::numbers::Numbers;
use crate::quick::Quick;
use crate::record::{Event, Stp};
use crate::values::{Count, Id, Level};
use crate::words::{Audience, Characteristic, EventKind, EventStatus, Publication};

/// An event, and what the rules ask of it most.
pub(crate) struct Facts<'r> {
    pub event: &'r Event,
    /// The groups that took part.
    pub took: Groups,
    /// The groups with a part in it, taken or not.
    pub asked: Groups,
    /// How many patients and members of the public took part, as far as it is recorded and shown; [`MANY`] where it is
    /// that many or more, and to be added up anew.
    pub public_low: u32,
    pub public_high: u32,
    /// The same for events of one day and venue, and seldom for others; 0 where no venue is recorded or shown.
    pub day_and_venue: u32,
    pub starts_on: NaiveDate,
    pub end: NaiveDate,
    /// Only where it is by the day.
    pub feedback_on: Option<NaiveDate>,
    pub named: Named,
    pub marks: Marks,
    pub targets: Targets,
    /// How many themes there are, and how many of them have no outcome; [`SOME`] where it is that many or more, and to be
    /// counted anew.
    pub themes: u8,
    pub open_themes: u8,
    pub status: EventStatus,
    pub publication: Publication,
    pub level: Option<Level>,
}

/// The greatest number of people that fits.
pub(crate) const MANY: u32 = u32::MAX;
/// The greatest number of themes that fits.
pub(crate) const SOME: u8 = u8::MAX;

/// The characteristics of the people for whom an event was held, as bits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Targets(u16);

/// What is known of the evidence of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    Unknown,
    Missing,
    Kept,
}

/// The places that an event names: the number of the one, or one of the two below.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named(u16);

/// Answers that are yes or no, as bits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks(u16);

impl Marks {
    /// Did the public take part in a number that is not recorded or not shown?
    pub const PUBLIC_UNCOUNTED: u16 = 1;
    /// Are there parts in it, and no number of people with any?
    pub const NUMBERLESS: u16 = 1 << 1;
    /// Did more people come than its venue holds, as far as both are recorded and shown?
    pub const OVERFULL: u16 = 1 << 2;
    pub const STP_DISCUSSED: u16 = 1 << 3;
    pub const ONLINE: u16 = 1 << 4;
    pub const CONFIRMED: u16 = 1 << 5;
    /// Is it a meeting of those who govern?
    pub const GOVERNANCE: u16 = 1 << 6;
    pub const HELD_IN_PUBLIC: u16 = 1 << 7;
    /// Were minutes published by the day?
    pub const HAS_MINUTES: u16 = 1 << 8;
    /// Are there counts by place, and are they shown?
    pub const HAS_PLACE_COUNTS: u16 = 1 << 9;
    pub const HAS_WITHHELD_REASON: u16 = 1 << 10;
    /// Is it to be looked at again on the day or later?
    pub const HAS_REVIEW_TO_COME: u16 = 1 << 11;
    pub const EVIDENCE_COUNTED: u16 = 1 << 12;
    pub const HAS_EVIDENCE: u16 = 1 << 13;

    #[inline]
    pub fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    /// The marks that are true.
    #[inline]
    fn of<const N: usize>(marks: [(u16, bool); N]) -> Self {
        Self(marks.into_iter().fold(0, |all, (mark, yes)| all | (mark * u16::from(yes))))
    }
}

/// The events of an STP that were on record by a day.
pub(crate) struct Sheet<'r> {
    /// In byte order of their ids.
    pub events: Vec<Facts<'r>>,
    /// The places of the STP, then any other that an event names (none in a sound record).
    pub places: Numbers<'r>,
    /// Where the events stand that are linked to each proposal, and those that name each body.
    pub to_proposal: Positions<'r>,
    pub naming_body: Positions<'r>,
}

/// Where the events stand that refer to each of some things.
pub(crate) struct Positions<'r> {
    numbers: Numbers<'r>,
    lists: Vec<Vec<usize>>,
}

impl<'r> Positions<'r> {
    fn of(ids: impl IntoIterator<Item = &'r Id>, quick: &Quick) -> Self {
        Self { numbers: Numbers::of(ids, quick), lists: Vec::new() }
    }

    /// For each thing, in byte order of the ids of the events.
    pub fn each(&self) -> impl Iterator<Item = (&'r Id, &[usize])> {
        self.numbers.each().map(|(id, number)| (id, self.lists.get(number).map_or(&[][..], Vec::as_slice)))
    }

    /// The same for one of them.
    pub fn of_thing(&self, id: &Id) -> &[usize] {
        let list = self.numbers.number(id).and_then(|number| self.lists.get(number));
        list.map_or(&[], Vec::as_slice)
    }

    #[inline]
    fn add(&mut self, id: &'r Id, position: usize) {
        let number = self.numbers.number_or_new(id);
        if number >= self.lists.len() {
            self.lists.resize(number + 1, Vec::new());
        }
        self.lists[number].push(position);
    }
}

impl<'r> Sheet<'r> {
    pub fn of(stp: &'r Stp, day: NaiveDate) -> Self {
        let is_known = |event: &&Event| event.created_on.unwrap_or(event.starts_on) <= day;
        let known = || stp.events.iter().filter(is_known);
        let quick = Quick::default();
        // As a canonical record has them: every list of events is then in order from the start.
        Self::in_order(stp, known(), day, &quick).unwrap_or_else(|| {
            let mut events: Vec<&Event> = known().collect();
            events.sort_by_key(|event| &event.id);
            let mut sheet = Self::empty(stp, &quick);
            sheet.events.reserve(events.len());
            for event in events {
                sheet.add(event, day, &quick);
            }
            sheet
        })
    }

    /// The events as they come; none where they do not come in byte order of their ids.
    fn in_order(
        stp: &'r Stp,
        events: impl Iterator<Item = &'r Event>,
        day: NaiveDate,
        quick: &Quick,
    ) -> Option<Self> {
        let mut sheet = Self::empty(stp, quick);
        sheet.events.reserve(stp.events.len());
        let mut last: Option<&Id> = None;
        for event in events {
            if last.is_some_and(|last| event.id < *last) {
                return None;
            }
            last = Some(&event.id);
            sheet.add(event, day, quick);
        }
        Some(sheet)
    }

    fn empty(stp: &'r Stp, quick: &Quick) -> Self {
        Self {
            events: Vec::new(),
            places: Numbers::of(stp.places.iter().map(|place| &place.code), quick),
            to_proposal: Positions::of(stp.proposals.iter().map(|proposal| &proposal.id), quick),
            naming_body: Positions::of(stp.bodies.iter().map(|body| &body.code), quick),
        }
    }

    #[inline]
    fn add(&mut self, event: &'r Event, day: NaiveDate, quick: &Quick) {
        let position = self.events.len();
        for proposal in &event.proposals {
            self.to_proposal.add(proposal, position);
        }
        for body in &event.bodies {
            self.naming_body.add(body, position);
        }
        self.events.push(Facts::of(event, &mut self.places, day, quick));
    }
}

impl<'r> Facts<'r> {
    #[inline]
    fn of(event: &'r Event, places: &mut Numbers<'r>, day: NaiveDate, quick: &Quick) -> Self {
        let is_by_the_day = |date: &NaiveDate| *date <= day;
        let is_public = event.publication == Publication::Public;
        let people = People::of(event, is_public);
        let marks = [
            (Marks::PUBLIC_UNCOUNTED, people.is_public_uncounted),
            (Marks::NUMBERLESS, people.is_numberless),
            (Marks::OVERFULL, people.is_overfull),
            (Marks::STP_DISCUSSED, event.stp_discussed),
            (Marks::ONLINE, event.online),
            (Marks::CONFIRMED, is_public && event.confirmed),
            (Marks::GOVERNANCE, event.kind == EventKind::GovernanceMeeting),
            (Marks::HELD_IN_PUBLIC, event.held_in_public),
            (Marks::HAS_MINUTES, event.minutes_published_on.is_some_and(|date| date <= day)),
            (Marks::HAS_PLACE_COUNTS, is_public && !event.place_counts.is_empty()),
            (Marks::HAS_WITHHELD_REASON, event.withheld_reason.is_some()),
            (Marks::HAS_REVIEW_TO_COME, event.review_on.is_some_and(|date| date >= day)),
            (Marks::EVIDENCE_COUNTED, event.evidence_count.is_some()),
            (Marks::HAS_EVIDENCE, event.evidence_count.is_some_and(|count| count > 0)),
        ];
        Self {
            event,
            took: people.took,
            asked: people.asked,
            public_low: u32::try_from(people.public_low).unwrap_or(MANY),
            public_high: u32::try_from(people.public_high).unwrap_or(MANY),
            day_and_venue: if is_public { day_and_venue(event, quick) } else { 0 },
            starts_on: event.starts_on,
            end: event.end(),
            feedback_on: event.feedback_on.filter(is_by_the_day),
            named: Named::of(event, places),
            marks: Marks::of(marks),
            targets: Targets::of(&event.targets),
            themes: few(event.themes.len()),
            open_themes: few(open_themes(event)),
            status: event.status,
            publication: event.publication,
            level: event.level,
        }
    }
}

/// How many patients and members of the public took part in an event, as far as it is recorded and shown.
pub(crate) fn public(event: &Event) -> (u64, u64) {
    let people = People::of(event, event.publication == Publication::Public);
    (people.public_low, people.public_high)
}

/// How many themes of an event have no outcome.
pub(crate) fn open_themes(event: &Event) -> usize {
    event.themes.iter().filter(|theme| theme.outcome.is_none()).count()
}

fn few(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(SOME)
}

impl Targets {
    #[inline]
    fn of(targets: &[Characteristic]) -> Self {
        Self(targets.iter().fold(0, |all, &one| all | 1 << one as u16))
    }

    #[inline]
    pub fn contains(self, one: Characteristic) -> bool {
        self.0 & (1 << one as u16) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Characteristic> {
        let all = if self.0 == 0 { &[] } else { Characteristic::ALL };
        all.iter().copied().filter(move |&one| self.contains(one))
    }
}

/// What the groups' parts in an event come to, as far as they are shown.
#[derive(Default)]
struct People {
    took: Groups,
    asked: Groups,
    public_low: u64,
    public_high: u64,
    is_public_uncounted: bool,
    is_numberless: bool,
    is_overfull: bool,
}

impl People {
    /// Which group it is and whether it took part are no pattern that a processor could foresee, so that nothing here
    /// branches on them.
    #[inline]
    fn of(event: &Event, is_shown: bool) -> Self {
        let mut all = Self::default();
        let (mut is_counted, mut at_least) = (false, 0);
        for row in &event.participation {
            let attended = row.attended.filter(|_| is_shown);
            let people = disclose::people(attended.unwrap_or(Count::exactly(0)));
            let is_theirs = row.took_part & Groups::of(Audience::Public).contains(row.group);
            is_counted |= attended.is_some();
            at_least += if attended.is_some() { surely(people) } else { 0 };
            all.is_public_uncounted |= is_theirs & attended.is_none();
            all.public_low += if is_theirs { people.low.into() } else { 0 };
            all.public_high += if is_theirs { people.high.into() } else { 0 };
            all.asked.add(row.group);
            all.took.add_if(row.took_part, row.group);
        }
        let capacity = event.venue_capacity.filter(|_| is_shown);
        all.is_overfull = capacity.is_some_and(|capacity| at_least > i64::from(capacity));
        all.is_numberless = !is_counted && !event.participation.is_empty();
        all
    }
}

/// How many people of a count that is shown there surely were: rounding can have raised it by two.
#[inline]
pub(crate) fn surely(people: Count) -> i64 {
    const ROUNDING: i64 = 2;
    i64::from(people.low) - ROUNDING
}

/// A number that is the same for events of one day and venue, and seldom for others; 0 where there is no venue.
fn day_and_venue(event: &Event, quick: &Quick) -> u32 {
    /// All bits but the one that tells small letters from capitals.
    const NO_CASE: u64 = !0x2020_2020_2020_2020;
    let Some(venue) = venue(event) else { return 0 };
    let day = event.starts_on;
    let mut mixed = quick.build_hasher();
    mixed.write_u64(u64::from(day.year_ce().1) << 16 | u64::from(day.ordinal()));
    mixed.mix_bytes(venue.as_bytes(), |eight| eight & NO_CASE);
    u32::try_from(mixed.finish() >> 32).unwrap_or(0) | 1
}

/// The venue without spaces around it; none where nothing is left.
pub(crate) fn venue(event: &Event) -> Option<&str> {
    event.venue.as_deref().map(|venue| venue.trim_matches(' ')).filter(|venue| !venue.is_empty())
}

impl Named {
    pub const NOWHERE: Self = Self(u16::MAX);
    /// More than one place, or one with too great a number: to be looked up.
    pub const SEVERAL: Self = Self(u16::MAX - 1);

    fn of<'r>(event: &'r Event, places: &mut Numbers<'r>) -> Self {
        let mut named = Self::NOWHERE;
        event.names().for_each(|code| {
            let number = u16::try_from(places.number_or_new(code)).map_or(Self::SEVERAL, Self);
            let at = if number == Self::NOWHERE { Self::SEVERAL } else { number };
            named = if named == Self::NOWHERE || named == at { at } else { Self::SEVERAL };
        });
        named
    }

    /// The number of the place, where it is one.
    #[inline]
    pub fn number(self) -> Option<usize> {
        (self.0 < Self::SEVERAL.0).then_some(self.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_of_an_event_stay_small() {
        assert!(size_of::<Facts<'_>>() <= 64, "{} bytes", size_of::<Facts<'_>>());
    }
}
