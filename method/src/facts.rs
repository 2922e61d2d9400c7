//! What the rules ask of every event, gathered in one pass: they then read a line of memory for an event, and not the
//! many over which the record spreads it.
//!
//! ```text
//! events of an STP ─► Facts (disclosed, as at the day) in byte order of ids ─► Seen, which a rule reads
//! ```

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

use chrono::{Datelike, NaiveDate};

use crate::disclose;
use crate::groups::Groups;
use crate::places::Places;
use crate::quick::Quick;
use crate::record::{Event, Stp};
use crate::values::{Id, Level};
use crate::words::{Audience, EventKind, EventStatus, Publication};

/// An event, and what the rules ask of it most.
pub(crate) struct Facts<'r> {
    pub event: &'r Event,
    /// The groups that took part.
    pub took: Groups,
    /// The groups with a part in it, taken or not.
    pub asked: Groups,
    /// How many patients and members of the public took part, as far as it is recorded and shown.
    pub public_low: u64,
    pub public_high: u64,
    /// The same for events of one day and venue, and seldom for others; 0 where no venue is recorded or shown.
    pub day_and_venue: u64,
    pub starts_on: NaiveDate,
    pub end: NaiveDate,
    /// Only where it is by the day.
    pub feedback_on: Option<NaiveDate>,
    pub named: Named,
    pub kind: EventKind,
    pub status: EventStatus,
    pub publication: Publication,
    pub level: Option<Level>,
    pub evidence: Evidence,
    pub marks: Marks,
}

/// What is known of the evidence of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    Unknown,
    Missing,
    Kept,
}

/// The places that an event names, by number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Nowhere,
    At(u16),
    /// More than one place, or one with too great a number: to be looked up.
    Several,
}

/// Answers that are yes or no, as bits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks(u16);

impl Marks {
    /// Did the public take part in a number that is not recorded or not shown?
    pub const PUBLIC_UNCOUNTED: u16 = 1;
    /// Are there parts in it, and no number of people with any?
    pub const NUMBERLESS: u16 = 1 << 1;
    pub const HAS_PROPOSALS: u16 = 1 << 2;
    pub const HAS_TARGETS: u16 = 1 << 3;
    pub const HAS_CAPACITY: u16 = 1 << 4;
    /// Were minutes published by the day?
    pub const HAS_MINUTES: u16 = 1 << 5;
    pub const STP_DISCUSSED: u16 = 1 << 6;
    pub const ONLINE: u16 = 1 << 7;
    pub const CONFIRMED: u16 = 1 << 8;

    #[inline]
    pub fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    #[inline]
    fn set(&mut self, mark: u16, yes: bool) {
        self.0 |= if yes { mark } else { 0 };
    }
}

/// The events of an STP that were on record by a day.
pub(crate) struct Sheet<'r> {
    /// In byte order of their ids.
    pub events: Vec<Facts<'r>>,
    pub places: Places<'r>,
    /// Where the events linked to each proposal stand among the events, and those that name each body.
    pub to_proposal: Positions<'r>,
    pub naming_body: Positions<'r>,
}

/// Positions of events, by the id of something that they refer to.
type Positions<'r> = HashMap<&'r Id, Vec<usize>, Quick>;

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
        for event in events {
            if sheet.events.last().is_some_and(|last| event.id < last.event.id) {
                return None;
            }
            sheet.add(event, day, quick);
        }
        Some(sheet)
    }

    fn empty(stp: &'r Stp, quick: &Quick) -> Self {
        Self {
            events: Vec::new(),
            places: Places::of(stp),
            to_proposal: HashMap::with_hasher(quick.clone()),
            naming_body: HashMap::with_hasher(quick.clone()),
        }
    }

    fn add(&mut self, event: &'r Event, day: NaiveDate, quick: &Quick) {
        let position = self.events.len();
        for proposal in &event.proposals {
            self.to_proposal.entry(proposal).or_default().push(position);
        }
        for body in &event.bodies {
            self.naming_body.entry(body).or_default().push(position);
        }
        self.events.push(Facts::of(event, &mut self.places, day, quick));
    }
}

impl<'r> Facts<'r> {
    fn of(event: &'r Event, places: &mut Places<'r>, day: NaiveDate, quick: &Quick) -> Self {
        let is_by_the_day = |date: &NaiveDate| *date <= day;
        let is_public = event.publication == Publication::Public;
        let mut facts = Self {
            event,
            took: Groups::default(),
            asked: Groups::default(),
            public_low: 0,
            public_high: 0,
            day_and_venue: if is_public { day_and_venue(event, quick) } else { 0 },
            starts_on: event.starts_on,
            end: event.end(),
            feedback_on: event.feedback_on.filter(is_by_the_day),
            named: Named::of(event, places),
            kind: event.kind,
            status: event.status,
            publication: event.publication,
            level: event.level,
            evidence: match event.evidence_count {
                None => Evidence::Unknown,
                Some(0) => Evidence::Missing,
                Some(1..) => Evidence::Kept,
            },
            marks: Marks::default(),
        };
        facts.add_rows();
        facts.marks.set(Marks::HAS_PROPOSALS, !event.proposals.is_empty());
        facts.marks.set(Marks::HAS_TARGETS, !event.targets.is_empty());
        facts.marks.set(Marks::HAS_CAPACITY, is_public && event.venue_capacity.is_some());
        facts.marks.set(Marks::HAS_MINUTES, event.minutes_published_on.is_some_and(|date| date <= day));
        facts.marks.set(Marks::STP_DISCUSSED, event.stp_discussed);
        facts.marks.set(Marks::ONLINE, event.online);
        facts.marks.set(Marks::CONFIRMED, is_public && event.confirmed);
        facts
    }

    fn add_rows(&mut self) {
        let is_public = self.publication == Publication::Public;
        let mut is_counted = false;
        for row in &self.event.participation {
            let attended = row.attended.filter(|_| is_public);
            is_counted |= attended.is_some();
            self.asked.add(row.group);
            if !row.took_part {
                continue;
            }
            self.took.add(row.group);
            if Groups::of(Audience::Public).contains(row.group) {
                match attended.map(disclose::people) {
                    Some(people) => {
                        self.public_low += u64::from(people.low);
                        self.public_high += u64::from(people.high);
                    }
                    None => self.marks.set(Marks::PUBLIC_UNCOUNTED, true),
                }
            }
        }
        self.marks.set(Marks::NUMBERLESS, !is_counted && !self.event.participation.is_empty());
    }
}

/// A number that is the same for events of one day and venue, and seldom for others; 0 where there is no venue.
fn day_and_venue(event: &Event, quick: &Quick) -> u64 {
    /// All bits but the one that tells small letters from capitals.
    const NO_CASE: u64 = !0x2020_2020_2020_2020;
    let Some(venue) = venue(event) else { return 0 };
    let mut mixed = quick.build_hasher();
    mixed.write_i32(event.starts_on.num_days_from_ce());
    mixed.mix_bytes(venue.as_bytes(), |eight| eight & NO_CASE);
    mixed.finish() | 1
}

/// The venue without spaces around it; none where nothing is left.
pub(crate) fn venue(event: &Event) -> Option<&str> {
    event.venue.as_deref().map(|venue| venue.trim_matches(' ')).filter(|venue| !venue.is_empty())
}

impl Named {
    fn of<'r>(event: &'r Event, places: &mut Places<'r>) -> Self {
        let mut named = Self::Nowhere;
        for code in event.names() {
            let at = u16::try_from(places.number_or_new(code)).map_or(Self::Several, Self::At);
            named = if named == Self::Nowhere || named == at { at } else { Self::Several };
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_of_an_event_stay_small() {
        assert!(size_of::<Facts<'_>>() <= 72, "{} bytes", size_of::<Facts<'_>>());
    }
}
