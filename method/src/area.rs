//! One STP as the rules see it: its events sorted out once, so that each rule only looks up.
//!
//! ```text
//! Stp ─┬─ all but events ─► Standing (copied, disclosed, cut to the day) ─┐
//!      └─ events ─────────► Seen (disclosed and cut as they are read) ────┴─► Area ─► rules
//! ```
//!
//! One pass over the events gives, for each group, audience and core place, the events that count and, where findings
//! are to be explained, those that nearly do; the rules are then linear in what they report.

use chrono::{Datelike, Days, NaiveDate};

use crate::as_at;
use crate::disclose;
use crate::finding::{Found, Severity, Verdict, Why};
use crate::linked::Linked;
use crate::record::{Event, Place, Stp, Waiver};
use crate::seen::Seen;
use crate::standard::Standard;
use crate::values::{Id, Level};
use crate::words::{Audience, EventStatus, Group, Tier};

/// How many days back the year window reaches.
const YEAR: u64 = 365;

/// What stands on the record beside the events, disclosed and as it stood on a day.
pub(crate) struct Standing(Stp);

impl Standing {
    /// A copy of all of an STP but its events, disclosed and cut to the day.
    pub fn of(stp: &Stp, day: NaiveDate) -> Self {
        let mut standing = stp.without_events();
        disclose::mask_returns(&mut standing);
        as_at::cut_stp(&mut standing, day);
        Self(standing)
    }
}

/// The events that a group, an audience or a place has to do with.
#[derive(Default)]
pub(crate) struct Engagement<'r> {
    /// The countable events in which it took row.
    pub took: Vec<Seen<'r>>,
    /// The events that nearly count, and why they do not; kept where findings are to be explained.
    pub near: Vec<(Seen<'r>, Why)>,
}

/// What is asked for a group, and what there is.
#[derive(Default)]
pub(crate) struct GroupStanding<'r> {
    pub engagement: Engagement<'r>,
    /// Those of the countable events in which it took part that ended within the year.
    pub recent: Vec<Seen<'r>>,
    /// When the last of them all ended.
    pub latest: Option<NaiveDate>,
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
    /// What stands on its record beside the events; its own list of events is empty.
    pub stp: &'r Stp,
    pub standard: &'r Standard,
    /// The day of the assessment.
    pub as_at: NaiveDate,
    /// All events that were on record by the day, in byte order of their ids.
    pub events: Vec<Seen<'r>>,
    /// The countable events: held, begun, and about the STP.
    pub countable: Vec<Seen<'r>>,
    /// The required groups, in byte order of their codes.
    pub required: Vec<Group>,
    /// The core places, counties and unitary authorities before districts.
    pub places: Vec<CorePlace<'r>>,
    /// The countable online events with patients or the public that name no place.
    pub placeless: Vec<Seen<'r>>,
    /// The proposals, and the events by proposal and by body.
    pub linked: Linked<'r>,
    /// One for each of `Group::ALL`, and for each of `Audience::ALL`.
    groups: Vec<GroupStanding<'r>>,
    audiences: Vec<Engagement<'r>>,
    /// The first day that is too early for the year window.
    year_began: NaiveDate,
    /// Are the findings to be explained, or the verdicts enough?
    explained: bool,
}

impl<'r> Area<'r> {
    /// Sorts out an STP on a day.
    pub fn new(
        events: &'r [Event],
        Standing(stp): &'r Standing,
        standard: &'r Standard,
        as_at: NaiveDate,
        explained: bool,
    ) -> Self {
        let places = core_places(stp);
        let mut area = Self {
            stp,
            standard,
            as_at,
            events: events.iter().filter_map(|event| Seen::on(event, as_at)).collect(),
            countable: Vec::with_capacity(events.len()),
            required: required(stp, &places),
            places,
            placeless: Vec::new(),
            linked: Linked::default(),
            groups: Group::ALL.iter().map(|_| GroupStanding::default()).collect(),
            audiences: Audience::ALL.iter().map(|_| Engagement::default()).collect(),
            year_began: as_at.checked_sub_days(Days::new(YEAR)).unwrap_or(NaiveDate::MIN),
            explained,
        };
        for requirement in &stp.requirements {
            let standing = &mut area.groups[requirement.group as usize];
            standing.planned = requirement.planned_level;
            standing.waiver =
                requirement.waiver.as_ref().filter(|one| one.made_on <= as_at && as_at <= one.until);
        }
        let named = area.place_index();
        // In byte order of the ids, as a canonical record has them: every list of events is then in order from the start.
        if !area.events.is_sorted_by_key(|event| event.id()) {
            area.events.sort_by_key(|event| event.id());
        }
        for at in 0..area.events.len() {
            area.sort_out(area.events[at], &named);
        }
        area.linked = Linked::of(stp, &area.events, &area.countable);
        area
    }

    /// A gap of this severity.
    pub fn gap(&self, severity: Severity) -> Found<'r> {
        Found::new(Verdict::Gap, Some(severity), self.explained)
    }

    pub fn met(&self) -> Found<'r> {
        Found::new(Verdict::Met, None, self.explained)
    }

    pub fn unknown(&self) -> Found<'r> {
        Found::new(Verdict::Unknown, None, self.explained)
    }

    pub fn not_applicable(&self) -> Found<'r> {
        Found::new(Verdict::NotApplicable, None, self.explained)
    }

    /// Are the findings to be explained?
    pub fn is_explained(&self) -> bool {
        self.explained
    }

    pub fn group(&self, group: Group) -> &GroupStanding<'r> {
        &self.groups[group as usize]
    }

    pub fn audience(&self, audience: Audience) -> &Engagement<'r> {
        &self.audiences[audience as usize]
    }

    /// Does the event end within the year before the day of the assessment?
    pub fn is_in_year(&self, event: Seen<'_>) -> bool {
        event.end() > self.year_began
    }

    /// How many days ago the event ended; below zero for one that is still running.
    pub fn age(&self, event: Seen<'_>) -> i64 {
        days_between(event.end(), self.as_at)
    }

    /// Is the day past, or at most so many days ahead?
    pub fn is_by(&self, day: NaiveDate, ahead: i64) -> bool {
        days_between(self.as_at, day) <= ahead
    }

    /// Is the event countable?
    pub fn counts(&self, event: Seen<'_>) -> bool {
        self.bar(event).is_none()
    }

    /// Why the event is not countable, if it is not.
    pub fn bar(&self, event: Seen<'_>) -> Option<Why> {
        if event.status() != EventStatus::Held {
            Some(Why::NotHeld)
        } else if event.starts_on() > self.as_at {
            Some(Why::AfterAsAt)
        } else if !event.stp_discussed() {
            Some(Why::StpNotDiscussed)
        } else {
            None
        }
    }

    /// Puts an event where the rules look for it.
    fn sort_out(&mut self, event: Seen<'r>, named: &Named<'r>) {
        let bar = self.bar(event);
        if bar.is_none() {
            self.countable.push(event);
        } else if !self.explained {
            return;
        }
        let is_in_year = self.is_in_year(event);
        let mut best = [None; Audience::ALL.len()];
        for row in event.rows() {
            let attempt = row.attempt();
            let standing = &mut self.groups[row.group as usize];
            if bar.is_none() && attempt.is_none() {
                standing.latest = standing.latest.max(Some(event.end()));
                if is_in_year {
                    standing.recent.push(event);
                }
            }
            standing.engagement.add(event, bar.or(attempt), self.explained);
            let best = &mut best[row.audience() as usize];
            *best = Some(best.map_or(attempt, |other: Option<Why>| attempt.min(other)));
        }
        for (engagement, attempt) in self.audiences.iter_mut().zip(best) {
            if let Some(attempt) = attempt {
                engagement.add(event, bar.or(attempt), self.explained);
            }
        }
        let Some(attempt) = best[Audience::Public as usize] else { return };
        let standing = bar.or(attempt);
        let mut reached: Vec<usize> = Vec::new();
        for place in event.names().filter_map(|code| named.reach(code)).flatten().copied() {
            if !reached.contains(&place) {
                reached.push(place);
                self.places[place].engagement.add(event, standing, self.explained);
            }
        }
        if standing.is_none() && event.is_online() && event.names().next().is_none() {
            self.placeless.push(event);
        }
    }

    /// For each code of a place, the core places that an event naming it is for: itself, and the county of a district.
    fn place_index(&self) -> Named<'r> {
        let core = |code: &Id| self.places.iter().position(|core| core.place.code == *code);
        let reach = |place: &'r Place| {
            let county = place.parent.as_ref().and_then(core);
            (&place.code, core(&place.code).into_iter().chain(county).collect())
        };
        let mut by_code: Vec<(&Id, Vec<usize>)> = self.stp.places.iter().map(reach).collect();
        by_code.sort_by_key(|(code, _)| *code);
        Named { by_code }
    }
}

/// The core places that an event is for, by the code that it names.
struct Named<'r> {
    by_code: Vec<(&'r Id, Vec<usize>)>,
}

impl Named<'_> {
    fn reach(&self, code: &Id) -> Option<&[usize]> {
        let at = self.by_code.binary_search_by_key(&code, |(code, _)| code).ok()?;
        Some(&self.by_code[at].1)
    }
}

impl<'r> Engagement<'r> {
    #[inline]
    fn add(&mut self, event: Seen<'r>, bar: Option<Why>, explained: bool) {
        match bar {
            None => self.took.push(event),
            Some(why) if explained => self.near.push((event, why)),
            Some(_) => {}
        }
    }
}

/// How many days lie from one day to another.
#[inline]
pub(crate) fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    i64::from(to.num_days_from_ce()) - i64::from(from.num_days_from_ce())
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
