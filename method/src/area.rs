//! One STP as the rules see it: its events sorted out once, so that each rule only looks up.
//!
//! ```text
//! Stp ─┬─ all but events ─► Standing (copied, disclosed, cut to the day) ─┐
//!      └─ events ─────────► Sheet (disclosed and cut, event by event) ────┴─► Area ─► rules
//! ```
//!
//! One pass over the events gives, for each group, audience and core place, what the verdicts need; where findings are to
//! be explained, it also lists the events that count and those that nearly do. The rules are then linear in what they
//! report.

use chrono::{Datelike, Days, NaiveDate};

use crate::as_at;
use crate::disclose;
use crate::facts::Sheet;
use crate::finding::{Found, Severity, Verdict, Why};
use crate::groups::Groups;
use crate::linked::Linked;
use crate::numbers::Numbers;
use crate::record::{Place, Stp, Waiver};
use crate::seen::{Row, Seen};
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
    /// How many countable events it took part in.
    pub events: usize,
    /// The first of them, in byte order of the ids.
    first: Option<Seen<'r>>,
    /// All of them; kept where findings are to be explained.
    pub took: Vec<Seen<'r>>,
    /// The events that nearly count, and why they do not; kept where findings are to be explained.
    pub near: Vec<(Seen<'r>, Why)>,
}

/// What is asked for a group, and what there is.
#[derive(Default)]
pub(crate) struct GroupStanding<'r> {
    pub engagement: Engagement<'r>,
    /// Those of the countable events in which it took part that ended within the year.
    pub recent: Recent<'r>,
    /// When the last of them all ended.
    pub latest: Option<NaiveDate>,
    /// The planned level, where a requirement gives one.
    pub planned: Option<Level>,
    /// The waiver that holds on the day.
    pub waiver: Option<&'r Waiver>,
}

/// The events of the last year in which a group took part.
#[derive(Default)]
pub(crate) struct Recent<'r> {
    /// How many there are.
    pub number: usize,
    /// The best level of those whose level is recorded.
    pub best: Option<Level>,
    /// Is there one whose level is not recorded?
    pub has_silent: bool,
    /// All of them; kept where findings are to be explained.
    pub events: Vec<Seen<'r>>,
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
    /// All events that were on record by the day, in byte order of their ids; so are those of each list below.
    sheet: &'r Sheet<'r>,
    /// The countable events: held, begun, and about the STP.
    pub countable: Vec<Seen<'r>>,
    /// Those of them that were two-way: people spoke there.
    pub two_way: Vec<Seen<'r>>,
    /// Those of them in which patients or the public took part.
    pub public: Vec<Seen<'r>>,
    /// Those of them that were meetings of those who govern.
    pub governance: Vec<Seen<'r>>,
    /// The planned events, and the cancelled ones.
    pub planned: Vec<Seen<'r>>,
    pub cancelled: Vec<Seen<'r>>,
    /// The groups that took part in a countable event.
    pub engaged: Groups,
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
    /// How many core places no countable event with the public was for so far: without any, a verdict asks no further.
    unreached: usize,
    /// The first day that is too early for the year window.
    year_began: NaiveDate,
    /// Are the findings to be explained, or the verdicts enough?
    explained: bool,
}

impl<'r> Area<'r> {
    /// Sorts out an STP on a day.
    pub fn new(
        sheet: &'r Sheet<'r>,
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
            sheet,
            countable: Vec::with_capacity(sheet.events.len()),
            two_way: Vec::with_capacity(sheet.events.len()),
            public: Vec::with_capacity(sheet.events.len()),
            governance: Vec::new(),
            planned: Vec::new(),
            cancelled: Vec::new(),
            engaged: Groups::default(),
            required: required(stp, &places),
            unreached: places.len(),
            places,
            placeless: Vec::new(),
            linked: Linked::of(stp, sheet, |event| bar(event, as_at).is_none()),
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
        let reach = area.place_reach();
        for event in area.events() {
            let bar = area.bar(event);
            match event.status() {
                EventStatus::Planned => area.planned.push(event),
                EventStatus::Cancelled => area.cancelled.push(event),
                EventStatus::Held if bar.is_none() => area.add_countable(event),
                EventStatus::Held => {}
            }
            if explained {
                area.list(event, bar);
            }
            area.add_to_places(event, bar, &reach);
        }
        area
    }

    /// All events that were on record by the day, in byte order of their ids.
    pub fn events(&self) -> impl Iterator<Item = Seen<'r>> + use<'r> {
        self.sheet.events.iter().map(Seen::of)
    }

    /// The numbers by which the events name their places.
    pub fn numbers(&self) -> &'r Numbers<'r> {
        &self.sheet.places
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

    /// Those of the events that ended more than so many days before the day of the assessment.
    pub fn ended_before<'a>(
        &self,
        events: &'a [Seen<'r>],
        days: u32,
    ) -> impl Iterator<Item = Seen<'r>> + use<'a, 'r> {
        let day = self.as_at.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN);
        events.iter().copied().filter(move |event| event.end() < day)
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
        bar(event, self.as_at)
    }

    /// Adds a countable event to its lists, and to what is told of the groups and audiences that took part.
    #[inline]
    fn add_countable(&mut self, event: Seen<'r>) {
        let took = event.those_who_took();
        self.countable.push(event);
        if event.is_two_way() {
            self.two_way.push(event);
        }
        if event.took_any(Audience::Public) {
            self.public.push(event);
        }
        if event.is_governance() {
            self.governance.push(event);
        }
        self.engaged.add_all(took);
        let recent = event.level().filter(|_| self.is_in_year(event));
        let is_silent = self.is_in_year(event) & event.level().is_none();
        for group in took.iter() {
            let standing = &mut self.groups[group as usize];
            standing.latest = standing.latest.max(Some(event.end()));
            standing.engagement.count_if(true, event);
            standing.recent.number += usize::from(self.year_began < event.end());
            standing.recent.best = standing.recent.best.max(recent);
            standing.recent.has_silent |= is_silent;
        }
        for (engagement, &audience) in self.audiences.iter_mut().zip(Audience::ALL) {
            engagement.count_if(took.meets(Groups::of(audience)), event);
        }
    }

    /// Lists an event where an explanation looks for it.
    fn list(&mut self, event: Seen<'r>, bar: Option<Why>) {
        let is_in_year = self.is_in_year(event);
        let mut best = [None; Audience::ALL.len()];
        for row in event.rows() {
            let attempt = row.attempt();
            let standing = &mut self.groups[row.group as usize];
            if bar.is_none() && attempt.is_none() && is_in_year {
                standing.recent.events.push(event);
            }
            standing.engagement.list(event, bar.or(attempt));
            let best = &mut best[row.audience() as usize];
            *best = Some(best.map_or(attempt, |other: Option<Why>| attempt.min(other)));
        }
        for (engagement, attempt) in self.audiences.iter_mut().zip(best) {
            if let Some(attempt) = attempt {
                engagement.list(event, bar.or(attempt));
            }
        }
    }

    /// Puts an event with patients or the public, or one that was to be with them, to the core places that it is for.
    fn add_to_places(&mut self, event: Seen<'r>, bar: Option<Why>, reach: &[Vec<usize>]) {
        let is_theirs = |row: Row| row.audience() == Audience::Public;
        let took = event.took_any(Audience::Public);
        let counts = bar.is_none() && took;
        if counts && event.is_online() && !event.names_a_place() {
            self.placeless.push(event);
        }
        if counts && !self.explained && self.unreached == 0 {
            return;
        }
        let is_asked = self.explained && event.those_asked().meets(Groups::of(Audience::Public));
        if !counts && !is_asked {
            return;
        }
        let why = if counts { None } else { bar.or(event.attempt_of(is_theirs)) };
        let mut reached: Vec<usize> = Vec::new();
        for place in event.named(self.numbers()).flat_map(|number| &reach[number]).copied() {
            if !reached.contains(&place) {
                reached.push(place);
                let engagement = &mut self.places[place].engagement;
                if counts {
                    self.unreached -= usize::from(engagement.events == 0);
                    engagement.count_if(true, event);
                }
                if self.explained {
                    engagement.list(event, why);
                }
            }
        }
    }

    /// For each number of a place, the core places that an event naming it is for: itself, and the county of a district.
    fn place_reach(&self) -> Vec<Vec<usize>> {
        let core = |code: &Id| self.places.iter().position(|core| core.place.code == *code);
        let mut reach = vec![Vec::new(); self.numbers().len()];
        for place in &self.stp.places {
            if let Some(number) = self.numbers().number(&place.code) {
                let county = place.parent.as_ref().and_then(core);
                reach[number] = core(&place.code).into_iter().chain(county).collect();
            }
        }
        reach
    }
}

impl<'r> Engagement<'r> {
    /// The one countable event that it took part in, if there is one and no other.
    pub fn only(&self) -> Option<Seen<'r>> {
        self.first.filter(|_| self.events == 1)
    }

    /// Counts the event where `yes`. Most of the time there is nothing to branch on: the first comes once.
    #[inline]
    fn count_if(&mut self, yes: bool, event: Seen<'r>) {
        if self.events == 0 && yes {
            self.first = Some(event);
        }
        self.events += usize::from(yes);
    }

    fn list(&mut self, event: Seen<'r>, bar: Option<Why>) {
        match bar {
            None => self.took.push(event),
            Some(why) => self.near.push((event, why)),
        }
    }
}

/// Why the event is not countable, if it is not.
#[inline]
fn bar(event: Seen<'_>, as_at: NaiveDate) -> Option<Why> {
    if event.status() != EventStatus::Held {
        Some(Why::NotHeld)
    } else if event.starts_on() > as_at {
        Some(Why::AfterAsAt)
    } else if !event.stp_discussed() {
        Some(Why::StpNotDiscussed)
    } else {
        None
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
