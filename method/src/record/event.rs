//! An event on the record: when and where it was, who took part, and what came of it.

use chrono::NaiveDate;

use crate::disclose;
use crate::json::structure;
use crate::values::{Count, Id, Level};
use crate::words::{Audience, Characteristic, EventKind, EventStatus, Group, Outcome, Publication};

structure! {
    /// A meeting, survey, briefing or the like.
    pub struct Event by (id) shown by disclose::shown_event {
        /// Its id.
        pub id: Id,
        /// Its title.
        pub title: Option<String>,
        /// The form that it took.
        pub kind: EventKind,
        /// Planned, held or cancelled.
        pub status: EventStatus,
        /// Its first day.
        pub starts_on: NaiveDate,
        /// Its last day, where that is another.
        pub ends_on: Option<NaiveDate>,
        /// When it was put on record; nothing for history that was imported.
        pub created_on: Option<NaiveDate>,
        /// Where it took place.
        pub venue: Option<String>,
        /// How many people the venue holds.
        pub venue_capacity: Option<u32>,
        /// Did it take place online?
        pub online: bool,
        /// The places that it was for.
        pub places: Vec<Id>,
        /// Was the STP discussed?
        pub stp_discussed: bool,
        /// The proposals that it was about.
        pub proposals: Vec<Id>,
        /// The bodies that had to do with it.
        pub bodies: Vec<Id>,
        /// The level of participation that was achieved.
        pub level: Option<Level>,
        /// Who took part, or was asked to.
        pub participation: Vec<Participation>,
        /// Where the patients and the public who came live.
        pub place_counts: Vec<PlaceCount>,
        /// The characteristics of the people for whom it was held.
        pub targets: Vec<Characteristic>,
        /// Was a meeting of the STP's boards held in public?
        pub held_in_public: bool,
        /// When the minutes of a meeting of the STP's boards were published.
        pub minutes_published_on: Option<NaiveDate>,
        /// Is its content open to everyone?
        pub publication: Publication,
        /// Why its content is withheld.
        pub withheld_reason: Option<String>,
        /// When the withholding is to be looked at again.
        pub review_on: Option<NaiveDate>,
        /// How many pieces of evidence are on record for it.
        pub evidence_count: Option<u32>,
        /// When people were told what came of it.
        pub feedback_on: Option<NaiveDate>,
        /// What people said.
        pub themes: Vec<EventTheme>,
        /// Has someone looked at its doubtful values and confirmed them?
        pub confirmed: bool,
    }
}

structure! {
    /// A group that took part in an event, or was asked to.
    pub struct Participation by (group) shown by disclose::shown_part {
        /// The group.
        pub group: Group,
        /// Did anyone of the group take part?
        pub took_part: bool,
        /// How many were asked.
        pub invited: Option<Count>,
        /// How many came or answered.
        pub attended: Option<Count>,
    }
}

structure! {
    /// How many of the people who came live in a place.
    pub struct PlaceCount by (place) shown by disclose::shown_place {
        /// The place.
        pub place: Id,
        /// How many of them live there.
        pub count: Count,
    }
}

structure! {
    /// Something that people said at an event, and what became of it.
    pub struct EventTheme by (id) {
        /// Its id.
        pub id: Id,
        /// What was said.
        pub text: Option<String>,
        /// What became of it.
        pub outcome: Option<Outcome>,
    }
}

impl Event {
    /// Its last day: `ends_on`, or `starts_on` where that is not recorded.
    pub fn end(&self) -> NaiveDate {
        self.ends_on.unwrap_or(self.starts_on)
    }

    /// Did the group take part?
    pub fn took(&self, group: Group) -> bool {
        self.participation.iter().any(|row| row.took_part && row.group == group)
    }

    /// The places that it names: those in `places`, and those where at least one of the people who came may live. A
    /// place that stands in both is given twice.
    pub fn names(&self) -> impl Iterator<Item = &Id> {
        let counted = self.place_counts.iter().filter(|row| row.count.high >= 1).map(|row| &row.place);
        self.places.iter().chain(counted)
    }

    /// The groups that were asked to it, whether they took part or not; other parties left out.
    pub fn invited(&self) -> impl Iterator<Item = Group> {
        self.participation.iter().map(|row| row.group).filter(|group| group.audience() != Audience::Others)
    }

    /// Was the event two-way? An event whose level is not recorded is not known to be.
    pub fn is_two_way(&self) -> bool {
        self.level.is_some_and(Level::is_two_way)
    }
}
