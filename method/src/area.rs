//! One STP as the rules see it: its events sorted out once, so that each rule only looks up.
//!
//! The record behind it is disclosed and cut to the day of the assessment. One pass over the events gives, for each
//! group, audience and core place, the events that count and those that nearly do; the rules are then linear in what
//! they report.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use crate::finding::Why;
use crate::record::{Event, Participation, Place, Stp, Waiver};
use crate::standard::Standard;
use crate::values::{Id, Level};
use crate::words::{Audience, EventStatus, Group, Tier};

/// How many days back the year window reaches.
const YEAR: u64 = 365;

/// The events that a group, an audience or a place has to do with.
#[derive(Default)]
pub(crate) struct Engagement<'r> {
    /// The countable events in which it took part.
    pub took: Vec<&'r Event>,
    /// The events that nearly count, and why they do not.
    pub near: Vec<(&'r Event, Why)>,
}

/// What is asked for a group, and what there is.
#[derive(Default)]
pub(crate) struct GroupStanding<'r> {
    pub engagement: Engagement<'r>,
    /// The planned level, where a requirement gives one.
    pub planned: Option<Level>,
    /// The waiver that holds on the day.
    pub waiver: Option<&'r Waiver>,
}

/// A core place and its engagement with patients and the public, that of its districts included.
pub(crate) struct CorePlace<'r> {
    pub place: &'r Place,
    pub engagement: Engagement<'r>,
}

/// An STP on the day of an assessment.
pub(crate) struct Area<'r> {
    pub stp: &'r Stp,
    pub standard: &'r Standard,
    /// The day of the assessment.
    pub as_at: NaiveDate,
    /// The countable events: held, begun, and about the STP.
    pub countable: Vec<&'r Event>,
    /// The required groups, in byte order of their codes.
    pub required: Vec<Group>,
    /// The core places, counties and unitary authorities before districts.
    pub places: Vec<CorePlace<'r>>,
    /// The countable online events with patients or the public that name no place.
    pub placeless: Vec<&'r Event>,
    /// One for each of `Group::ALL`, and for each of `Audience::ALL`.
    groups: Vec<GroupStanding<'r>>,
    audiences: Vec<Engagement<'r>>,
    /// The first day that is too early for the year window.
    year_began: NaiveDate,
}

impl<'r> Area<'r> {
    /// Sorts out an STP whose record is disclosed and cut to the day.
    pub fn new(stp: &'r Stp, standard: &'r Standard, as_at: NaiveDate) -> Self {
        let places = core_places(stp);
        let mut area = Self {
            stp,
            standard,
            as_at,
            countable: Vec::new(),
            required: required(stp, &places),
            places,
            placeless: Vec::new(),
            groups: Group::ALL.iter().map(|_| GroupStanding::default()).collect(),
            audiences: Audience::ALL.iter().map(|_| Engagement::default()).collect(),
            year_began: as_at.checked_sub_days(Days::new(YEAR)).unwrap_or(NaiveDate::MIN),
        };
        for requirement in &stp.requirements {
            let standing = &mut area.groups[requirement.group as usize];
            standing.planned = requirement.planned_level;
            standing.waiver =
                requirement.waiver.as_ref().filter(|one| one.made_on <= as_at && as_at <= one.until);
        }
        let named = area.place_index();
        // In byte order of the ids, so that every list of them is in order from the start.
        let mut events: Vec<&Event> = stp.events.iter().collect();
        events.sort_by(|a, b| a.id.cmp(&b.id));
        for event in events {
            area.sort_out(event, &named);
        }
        area
    }

    pub fn group(&self, group: Group) -> &GroupStanding<'r> {
        &self.groups[group as usize]
    }

    pub fn audience(&self, audience: Audience) -> &Engagement<'r> {
        &self.audiences[audience as usize]
    }

    /// Does the event end within the year before the day of the assessment?
    pub fn is_in_year(&self, event: &Event) -> bool {
        event.end() > self.year_began
    }

    /// How many days ago the event ended; below zero for one that is still running.
    pub fn age(&self, event: &Event) -> i64 {
        days_between(event.end(), self.as_at)
    }

    /// Is the event countable?
    pub fn counts(&self, event: &Event) -> bool {
        self.bar(event).is_none()
    }

    /// Why the event is not countable, if it is not.
    fn bar(&self, event: &Event) -> Option<Why> {
        if event.status != EventStatus::Held {
            Some(Why::NotHeld)
        } else if event.starts_on > self.as_at {
            Some(Why::AfterAsAt)
        } else if !event.stp_discussed {
            Some(Why::StpNotDiscussed)
        } else {
            None
        }
    }

    /// Puts an event where the rules look for it.
    fn sort_out(&mut self, event: &'r Event, named: &HashMap<&'r Id, Vec<usize>>) {
        let bar = self.bar(event);
        if bar.is_none() {
            self.countable.push(event);
        }
        for row in &event.participation {
            let standing = bar.or_else(|| row.attempt());
            self.groups[row.group as usize].engagement.add(event, standing);
        }
        for (&audience, engagement) in Audience::ALL.iter().zip(&mut self.audiences) {
            let rows = event.participation.iter().filter(|row| row.group.audience() == audience);
            if let Some(standing) = rows.map(Participation::attempt).min() {
                engagement.add(event, bar.or(standing));
            }
        }
        let public = event.participation.iter().filter(|row| row.group.audience() == Audience::Public);
        let Some(attempt) = public.map(Participation::attempt).min() else { return };
        let mut places: Vec<usize> =
            event.names().filter_map(|code| named.get(code)).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            self.places[place].engagement.add(event, bar.or(attempt));
        }
        if bar.is_none() && attempt.is_none() && event.online && event.names().next().is_none() {
            self.placeless.push(event);
        }
    }

    /// For each code of a place, the core places that an event naming it is for: itself, and the county of a district.
    fn place_index(&self) -> HashMap<&'r Id, Vec<usize>> {
        let core: HashMap<&Id, usize> =
            self.places.iter().enumerate().map(|(index, core)| (&core.place.code, index)).collect();
        let reach = |place: &'r Place| {
            let own = core.get(&place.code);
            let county = place.parent.as_ref().and_then(|parent| core.get(parent));
            (&place.code, own.into_iter().chain(county).copied().collect())
        };
        self.stp.places.iter().map(reach).collect()
    }
}

impl<'r> Engagement<'r> {
    fn add(&mut self, event: &'r Event, bar: Option<Why>) {
        match bar {
            None => self.took.push(event),
            Some(why) => self.near.push((event, why)),
        }
    }
}

impl Participation {
    /// Why the row is an attempt and not engagement, if it is one.
    fn attempt(&self) -> Option<Why> {
        match (self.took_part, self.attended) {
            (true, _) => None,
            (false, Some(_)) => Some(Why::AttendedNone),
            (false, None) => Some(Why::InvitedOnly),
        }
    }
}

/// How many days lie from one day to another.
pub(crate) fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// The places that are not fringe and whose parent, if any, is not; the upper tier first.
fn core_places(stp: &Stp) -> Vec<CorePlace<'_>> {
    let fringe: Vec<&Id> = stp.places.iter().filter(|place| place.fringe).map(|place| &place.code).collect();
    let is_core = |place: &&Place| {
        !place.fringe && place.parent.as_ref().is_none_or(|parent| !fringe.contains(&parent))
    };
    let mut places: Vec<&Place> = stp.places.iter().filter(is_core).collect();
    places.sort_by(|a, b| (a.tier, &a.code).cmp(&(b.tier, &b.code)));
    places.into_iter().map(|place| CorePlace { place, engagement: Engagement::default() }).collect()
}

/// The groups required by default, district councils where there is a core district, and those that the record adds.
fn required(stp: &Stp, places: &[CorePlace<'_>]) -> Vec<Group> {
    let has_district = places.iter().any(|core| core.place.tier == Tier::District);
    let is_required = |group: &Group| {
        group.required_by_default()
            || (*group == Group::Districts && has_district)
            || stp.requirement(*group).is_some()
    };
    let mut groups: Vec<Group> = Group::ALL.iter().copied().filter(is_required).collect();
    groups.sort_by_key(|group| group.code());
    groups
}
