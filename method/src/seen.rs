//! An event as the rules may see it: disclosed, and as it stood on the day.
//!
//! Nothing hidden can be reached: a rule has no other way to an event than this. What [`disclose`] does to a record as a
//! whole, and [`as_at`] after it, is done here field by field: in the [`facts`](crate::facts) for what every rule asks, and
//! as it is read for the rest. A property compares the two on random records.
//!
//! [`disclose`]: crate::disclose
//! [`as_at`]: crate::as_at

use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU32;

use chrono::NaiveDate;

use crate::disclose;
use crate::facts::{self, Evidence, Facts, Marks, Named, Targets};
use crate::finding::Why;
use crate::groups::Groups;
use crate::numbers::Numbers;
use crate::record::Event;
use crate::values::{Count, Id, Level};
use crate::words::{Audience, EventKind, EventStatus, Group, Publication};

/// An event as the rules may see it.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'r>(&'r Facts<'r>);

/// A group's part in an event, as the rules may see it.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub group: Group,
    pub took_part: bool,
    pub attended: Option<Count>,
}

impl fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Seen").field(self.id()).finish()
    }
}

impl<'r> Seen<'r> {
    #[inline]
    pub fn of(facts: &'r Facts<'r>) -> Self {
        Self(facts)
    }

    /// The event as it is on record, with what may not be seen.
    #[inline]
    fn event(self) -> &'r Event {
        self.0.event
    }

    /// How its id compares with that of another event of its sheet, where they stand in byte order of their ids.
    #[inline]
    pub fn order(self, other: Self) -> Ordering {
        std::ptr::from_ref(self.0).cmp(&std::ptr::from_ref(other.0))
    }

    #[inline]
    pub fn is_public(self) -> bool {
        self.0.publication == Publication::Public
    }

    #[inline]
    pub fn id(self) -> &'r Id {
        &self.event().id
    }

    /// How long its id is: told without reading the id.
    #[inline]
    pub fn id_length(self) -> usize {
        self.id().as_str().len()
    }

    #[inline]
    pub fn title(self) -> Option<&'r str> {
        self.event().title.as_deref().filter(|_| self.is_public())
    }

    #[inline]
    pub fn kind(self) -> EventKind {
        self.event().kind
    }

    /// Is it a meeting of those who govern?
    #[inline]
    pub fn is_governance(self) -> bool {
        self.0.marks.has(Marks::GOVERNANCE)
    }

    #[inline]
    pub fn status(self) -> EventStatus {
        self.0.status
    }

    #[inline]
    pub fn starts_on(self) -> NaiveDate {
        self.0.starts_on
    }

    /// The last day.
    #[inline]
    pub fn end(self) -> NaiveDate {
        self.0.end
    }

    /// A number that is the same for events of one day and venue, and seldom for others; none where there is no venue.
    #[inline]
    pub fn day_and_venue(self) -> Option<NonZeroU32> {
        NonZeroU32::new(self.0.day_and_venue)
    }

    /// Have both the same day and venue? Compared without the case of A to Z and surrounding spaces.
    pub fn is_at_day_and_venue_of(self, other: Self) -> bool {
        let venue = |event: Self| facts::venue(event.event());
        let are_alike = |(one, other): (&str, &str)| one.eq_ignore_ascii_case(other);
        self.starts_on() == other.starts_on()
            && self.day_and_venue() == other.day_and_venue()
            && venue(self).zip(venue(other)).is_some_and(are_alike)
    }

    #[inline]
    pub fn venue_capacity(self) -> Option<u32> {
        self.event().venue_capacity.filter(|_| self.is_public())
    }

    /// Did more people come than its venue holds?
    #[inline]
    pub fn is_overfull(self) -> bool {
        self.0.marks.has(Marks::OVERFULL)
    }

    /// How many people came at least, rounding apart.
    pub fn attended_at_least(self) -> i64 {
        self.rows().filter_map(|row| row.attended).map(facts::surely).sum()
    }

    #[inline]
    pub fn is_confirmed(self) -> bool {
        self.0.marks.has(Marks::CONFIRMED)
    }

    #[inline]
    pub fn is_online(self) -> bool {
        self.0.marks.has(Marks::ONLINE)
    }

    #[inline]
    pub fn stp_discussed(self) -> bool {
        self.0.marks.has(Marks::STP_DISCUSSED)
    }

    #[inline]
    pub fn level(self) -> Option<Level> {
        self.0.level
    }

    /// Level 2 or above; an unknown level is not.
    #[inline]
    pub fn is_two_way(self) -> bool {
        self.level().is_some_and(Level::is_two_way)
    }

    /// names(e): the places of the event, and those that people came from.
    #[inline]
    pub fn names(self) -> impl Iterator<Item = &'r Id> {
        self.event().names()
    }

    /// Does it name a place?
    #[inline]
    pub fn names_a_place(self) -> bool {
        self.0.named != Named::NOWHERE
    }

    /// The places that it names, by their numbers; one that stands twice on record may be given twice.
    #[inline]
    pub fn named<'p>(self, places: &'p Numbers<'r>) -> impl Iterator<Item = usize> + use<'p, 'r> {
        let is_several = self.0.named == Named::SEVERAL;
        let one = self.0.named.number();
        let all = is_several.then(|| self.names().filter_map(|code| places.number(code)));
        one.into_iter().chain(all.into_iter().flatten())
    }

    /// Is it recorded and shown where the people came from?
    #[inline]
    pub fn has_place_counts(self) -> bool {
        self.0.marks.has(Marks::HAS_PLACE_COUNTS)
    }

    /// Where the people came from: a place and how many. Nothing of an event that is not public.
    #[inline]
    pub fn place_counts(self) -> impl Iterator<Item = (&'r Id, Count)> {
        let shown = if self.has_place_counts() { &self.event().place_counts[..] } else { &[] };
        shown.iter().map(|row| (&row.place, disclose::people(row.count)))
    }

    /// The groups' parts in it.
    #[inline]
    pub fn rows(self) -> impl Iterator<Item = Row> + Clone + use<'r> {
        let is_public = self.is_public();
        self.event().participation.iter().map(move |row| Row {
            group: row.group,
            took_part: row.took_part,
            attended: row.attended.filter(|_| is_public).map(disclose::people),
        })
    }

    /// Did the group take part?
    #[inline]
    pub fn took(self, group: Group) -> bool {
        self.0.took.contains(group)
    }

    /// Did any group of the audience take part?
    #[inline]
    pub fn took_any(self, audience: Audience) -> bool {
        self.0.took.meets(Groups::of(audience))
    }

    /// The groups that took part.
    #[inline]
    pub fn those_who_took(self) -> Groups {
        self.0.took
    }

    /// The groups with a part in it, taken or not.
    #[inline]
    pub fn those_asked(self) -> Groups {
        self.0.asked
    }

    /// Are there parts in it, and no number of people with any of them?
    #[inline]
    pub fn is_numberless(self) -> bool {
        self.0.marks.has(Marks::NUMBERLESS)
    }

    /// How many patients and members of the public took part, as far as it is recorded.
    #[inline]
    pub fn public(self) -> (u64, u64) {
        let Facts { public_low, public_high, .. } = *self.0;
        if public_high == facts::MANY {
            return facts::public(self.event());
        }
        (public_low.into(), public_high.into())
    }

    /// Did patients or the public take part in a number that is not recorded?
    #[inline]
    pub fn is_public_uncounted(self) -> bool {
        self.0.marks.has(Marks::PUBLIC_UNCOUNTED)
    }

    /// Why the part of those whom `are` tells was only an attempt, if it was.
    #[inline]
    pub fn attempt_of(self, are: impl Fn(Row) -> bool) -> Option<Why> {
        self.rows().filter(|&row| are(row)).map(Row::attempt).min().flatten()
    }

    /// Why it is not known to be two-way, where it is not.
    #[inline]
    pub fn one_way(self) -> Option<Why> {
        match self.level() {
            None => Some(Why::LevelUnknown),
            Some(level) if level.is_two_way() => None,
            Some(_) => Some(Why::OneWay),
        }
    }

    /// invited(e): the groups with a part in it, whether they took it or not; other parties left out.
    #[inline]
    pub fn invited(self) -> Groups {
        self.0.asked.without(Groups::of(Audience::Others))
    }

    /// Is the event linked to the proposal?
    #[inline]
    pub fn is_about(self, proposal: &Id) -> bool {
        self.proposals().contains(proposal)
    }

    /// The proposals that it is linked to.
    #[inline]
    pub fn proposals(self) -> &'r [Id] {
        &self.event().proposals
    }

    /// The characteristics that it was for.
    #[inline]
    pub fn targets(self) -> Targets {
        self.0.targets
    }

    #[inline]
    pub fn held_in_public(self) -> bool {
        self.0.marks.has(Marks::HELD_IN_PUBLIC)
    }

    #[inline]
    pub fn minutes_published_on(self) -> Option<NaiveDate> {
        self.event().minutes_published_on.filter(|_| self.0.marks.has(Marks::HAS_MINUTES))
    }

    #[inline]
    pub fn publication(self) -> Publication {
        self.0.publication
    }

    #[inline]
    pub fn has_withheld_reason(self) -> bool {
        self.0.marks.has(Marks::HAS_WITHHELD_REASON)
    }

    /// Is it to be looked at again on the day of the assessment or later?
    #[inline]
    pub fn has_review_to_come(self) -> bool {
        self.0.marks.has(Marks::HAS_REVIEW_TO_COME)
    }

    #[inline]
    pub fn review_on(self) -> Option<NaiveDate> {
        self.event().review_on
    }

    /// Is there evidence, or is it not known?
    #[inline]
    pub fn evidence(self) -> Evidence {
        match (self.0.marks.has(Marks::EVIDENCE_COUNTED), self.0.marks.has(Marks::HAS_EVIDENCE)) {
            (false, _) => Evidence::Unknown,
            (true, false) => Evidence::Missing,
            (true, true) => Evidence::Kept,
        }
    }

    #[inline]
    pub fn evidence_count(self) -> Option<u32> {
        self.event().evidence_count
    }

    #[inline]
    pub fn feedback_on(self) -> Option<NaiveDate> {
        self.0.feedback_on
    }

    /// How many things people said that are on record, and of how many of them it is not recorded what became of them.
    #[inline]
    pub fn themes(self) -> (usize, usize) {
        let Facts { themes, open_themes, .. } = *self.0;
        if themes == facts::SOME {
            return (self.event().themes.len(), facts::open_themes(self.event()));
        }
        (themes.into(), open_themes.into())
    }
}

impl Row {
    /// Why it is an attempt and not engagement, if it is one.
    #[inline]
    pub fn attempt(self) -> Option<Why> {
        match (self.took_part, self.attended) {
            (true, _) => None,
            (false, Some(_)) => Some(Why::AttendedNone),
            (false, None) => Some(Why::InvitedOnly),
        }
    }

    #[inline]
    pub fn audience(self) -> Audience {
        self.group.audience()
    }
}
