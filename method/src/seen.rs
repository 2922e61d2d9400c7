//! An event as the rules may see it: disclosed, and as it stood on the day.
//!
//! Nothing is copied and nothing hidden can be reached: a rule has no other way to an event than this. What [`disclose`]
//! does to a record as a whole, and [`as_at`] after it, is done here field by field as it is read; a property compares
//! the two on random records.
//!
//! [`disclose`]: crate::disclose
//! [`as_at`]: crate::as_at

use chrono::NaiveDate;

use crate::disclose;
use crate::finding::Why;
use crate::record::{Event, EventTheme};
use crate::values::{Count, Id, Level};
use crate::words::{Audience, Characteristic, EventKind, EventStatus, Group, Publication};

/// An event as the rules may see it.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'r> {
    event: &'r Event,
    /// The day of the assessment.
    as_at: NaiveDate,
}

/// A group's part in an event, as the rules may see it.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub group: Group,
    pub took_part: bool,
    pub attended: Option<Count>,
}

impl<'r> Seen<'r> {
    /// The event, if it was on record by the day.
    #[inline]
    pub fn on(event: &'r Event, as_at: NaiveDate) -> Option<Self> {
        (event.created_on.unwrap_or(event.starts_on) <= as_at).then_some(Self { event, as_at })
    }

    #[inline]
    pub fn is_public(self) -> bool {
        self.event.publication == Publication::Public
    }

    #[inline]
    pub fn id(self) -> &'r Id {
        &self.event.id
    }

    #[inline]
    pub fn title(self) -> Option<&'r str> {
        self.event.title.as_deref().filter(|_| self.is_public())
    }

    #[inline]
    pub fn kind(self) -> EventKind {
        self.event.kind
    }

    #[inline]
    pub fn status(self) -> EventStatus {
        self.event.status
    }

    #[inline]
    pub fn starts_on(self) -> NaiveDate {
        self.event.starts_on
    }

    /// The last day.
    #[inline]
    pub fn end(self) -> NaiveDate {
        self.event.end()
    }

    #[inline]
    pub fn venue(self) -> Option<&'r str> {
        self.event.venue.as_deref().filter(|_| self.is_public())
    }

    #[inline]
    pub fn venue_capacity(self) -> Option<u32> {
        self.event.venue_capacity.filter(|_| self.is_public())
    }

    #[inline]
    pub fn is_confirmed(self) -> bool {
        self.event.confirmed && self.is_public()
    }

    #[inline]
    pub fn is_online(self) -> bool {
        self.event.online
    }

    #[inline]
    pub fn stp_discussed(self) -> bool {
        self.event.stp_discussed
    }

    #[inline]
    pub fn level(self) -> Option<Level> {
        self.event.level
    }

    /// Level 2 or above; an unknown level is not.
    #[inline]
    pub fn is_two_way(self) -> bool {
        self.event.is_two_way()
    }

    /// names(e): the places of the event, and those that people came from.
    #[inline]
    pub fn names(self) -> impl Iterator<Item = &'r Id> {
        self.event.names()
    }

    /// Where the people came from: a place and how many. Nothing of an event that is not public.
    #[inline]
    pub fn place_counts(self) -> impl Iterator<Item = (&'r Id, Count)> {
        let shown = if self.is_public() { &self.event.place_counts[..] } else { &[] };
        shown.iter().map(|row| (&row.place, disclose::people(row.count)))
    }

    /// The groups' parts in it.
    #[inline]
    pub fn rows(self) -> impl Iterator<Item = Row> + Clone + use<'r> {
        let is_public = self.is_public();
        self.event.participation.iter().map(move |row| Row {
            group: row.group,
            took_part: row.took_part,
            attended: row.attended.filter(|_| is_public).map(disclose::people),
        })
    }

    /// Did the group take part?
    #[inline]
    pub fn took(self, group: Group) -> bool {
        self.event.took(group)
    }

    /// Did any group of the audience take part?
    #[inline]
    pub fn took_any(self, audience: Audience) -> bool {
        self.event.participation.iter().any(|row| row.took_part && row.group.audience() == audience)
    }

    /// Do those whom `are` tells have a part in it, taken or not?
    #[inline]
    pub fn has_part(self, are: impl Fn(Row) -> bool) -> bool {
        self.rows().any(are)
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
    pub fn invited(self) -> impl Iterator<Item = Group> + use<'r> {
        self.event.invited()
    }

    /// Is the event linked to the proposal?
    #[inline]
    pub fn is_about(self, proposal: &Id) -> bool {
        self.event.proposals.contains(proposal)
    }

    /// The proposals that it is linked to.
    #[inline]
    pub fn proposals(self) -> &'r [Id] {
        &self.event.proposals
    }

    /// The bodies that it names.
    #[inline]
    pub fn bodies(self) -> &'r [Id] {
        &self.event.bodies
    }

    /// The characteristics that it was for.
    #[inline]
    pub fn targets(self) -> &'r [Characteristic] {
        &self.event.targets
    }

    #[inline]
    pub fn held_in_public(self) -> bool {
        self.event.held_in_public
    }

    #[inline]
    pub fn minutes_published_on(self) -> Option<NaiveDate> {
        self.by_the_day(self.event.minutes_published_on)
    }

    #[inline]
    pub fn publication(self) -> Publication {
        self.event.publication
    }

    #[inline]
    pub fn has_withheld_reason(self) -> bool {
        self.event.withheld_reason.is_some()
    }

    #[inline]
    pub fn review_on(self) -> Option<NaiveDate> {
        self.event.review_on
    }

    #[inline]
    pub fn evidence_count(self) -> Option<u32> {
        self.event.evidence_count
    }

    #[inline]
    pub fn feedback_on(self) -> Option<NaiveDate> {
        self.by_the_day(self.event.feedback_on)
    }

    /// What was said; of an event that is not public a rule reads the outcomes alone.
    #[inline]
    pub fn themes(self) -> &'r [EventTheme] {
        &self.event.themes
    }

    fn by_the_day(self, date: Option<NaiveDate>) -> Option<NaiveDate> {
        date.filter(|&date| date <= self.as_at)
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
