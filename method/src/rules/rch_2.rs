//! RCH-2: a place from which fewer people came than from the footprint as a whole.

use super::{Domain, Duty, Earlier, Input, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Place;
use crate::seen::Seen;
use crate::values::Id;
use crate::wording;
use crate::words::Tier;

/// Fewer people than this are too few to expect anything of.
const FEWEST: u128 = 10;

pub const WORDS: Words = Words {
    id: "RCH-2",
    title: "A place lags behind",
    domain: Domain::Place,
    subject: "Each county, unitary authority or borough of the footprint, but for those of which only a fringe is in it",
    words: "People are counted for the place where they live, or, where that was not counted, for the place of an event that \
            names places in one county or unitary authority alone. Unknown when most people cannot be given a place, or none \
            can. Not applicable when fewer than 10 people would be expected from the place at the rate of the footprint. Met \
            when its rate may be half that of the footprint or more. Unknown when it is not recorded how many came to an \
            event there, or to one that names no place. Otherwise a gap.",
    duties: &[
        duties::FIVE_STEPS_GROUPS,
        Duty {
            name: "Proposed by this method",
            sentence: "Half the rate of the footprint is where a difference is worth asking about; people who came by \
                       chance are no measure of a place.",
            sources: &[],
        },
    ],
    inputs: &["places", "events.places", "events.place_counts", "events.participation.attended"],
    thresholds: &[],
    severity: "Medium.",
    closes: "Held events with people of the place, with how many came and where they live.",
    risk: "People who came to a neighbouring town are counted there unless it was asked where they live.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let tally = Tally::of(area);
    let places = tally.upper.iter().zip(&tally.shares);
    places.filter(|(place, _)| !place.fringe).map(|(place, share)| judge_one(area, &tally, place, share)).collect()
}

fn judge_one<'r>(area: &Area<'r>, tally: &Tally<'r>, place: &'r Place, share: &Share<'r>) -> Found<'r> {
    let name = || wording::one_line(&place.name);
    let residents = u128::from(place.population);
    let expected = tally.low * residents;
    let found = if tally.unattributed > tally.high || tally.high == 0 {
        area.unknown().sentence(|| "The record does not say where most of those who took part live.")
    } else if expected < FEWEST * tally.residents {
        area.not_applicable()
            .sentence(|| format!("Does not arise: too few people took part to expect many of {}.", name()))
    } else if 2 * share.high * tally.residents >= expected {
        area.met()
            .sentence(|| format!("People of {} took part at half the rate of the footprint or more.", name()))
            .counted(share.events.iter().copied())
    } else if share.has_uncounted || tally.has_uncounted {
        area.unknown()
            .sentence(|| format!("The record does not say how many people came to some events that {} may have had a part in.", name()))
            .counted(share.events.iter().copied())
    } else {
        area.gap(Severity::Medium)
            .sentence(|| format!("No record of people of {} taking part at even half the rate of the footprint.", name()))
            .counted(share.events.iter().copied())
    };
    found
        .about(&place.code)
        .closes(|| format!("Held events with people of {}, with how many came and where they live.", name()))
        .input_of("place", || Input::Text(name().into_owned()))
        .input("residents", place.population)
        .input_of("people_at_most", || number(share.high))
        .input_of("expected_people", || number(expected / tally.residents.max(1)))
        .input_of("people_without_a_place_at_most", || number(tally.unattributed))
}

fn number(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// What falls to one upper-tier place.
#[derive(Default)]
struct Share<'r> {
    high: u128,
    /// Did an uncounted number come to an event that names it?
    has_uncounted: bool,
    /// The events with people of it; kept where findings are to be explained.
    events: Vec<Seen<'r>>,
}

/// The people who took part, by upper-tier place.
struct Tally<'r> {
    /// All upper-tier places, fringe or not, and what falls to each.
    upper: Vec<&'r Place>,
    shares: Vec<Share<'r>>,
    /// For each number of a place, the index of the upper-tier place that it is or lies in.
    lies_in: Vec<Option<usize>>,
    /// What falls to core places together, and the residents of these.
    low: u128,
    high: u128,
    residents: u128,
    /// The most that can be given to no place.
    unattributed: u128,
    /// Did an uncounted number come to an event that names no place?
    has_uncounted: bool,
}

impl<'r> Tally<'r> {
    fn of(area: &Area<'r>) -> Self {
        let upper: Vec<&Place> = area.stp.places.iter().filter(|place| place.tier == Tier::Upper).collect();
        let index = |code: &Id| upper.iter().position(|place| place.code == *code);
        let mut lies_in = vec![None; area.numbers().len()];
        for place in &area.stp.places {
            if let Some(number) = area.numbers().number(&place.code) {
                lies_in[number] = index(place.parent.as_ref().unwrap_or(&place.code));
            }
        }
        let residents = upper.iter().filter(|place| !place.fringe).map(|place| u128::from(place.population)).sum();
        let shares = upper.iter().map(|_| Share::default()).collect();
        let mut tally =
            Self { upper, shares, lies_in, low: 0, high: 0, residents, unattributed: 0, has_uncounted: false };
        for event in &area.public {
            tally.add(*event, area);
        }
        tally
    }

    fn add(&mut self, event: Seen<'r>, area: &Area<'r>) {
        let explained = area.is_explained();
        for (place, count) in event.place_counts() {
            if let Some(at) = area.numbers().number(place).and_then(|number| self.lies_in[number]) {
                self.attribute(event, at, u128::from(count.low), u128::from(count.high), explained);
            }
        }
        if event.has_place_counts() {
            return;
        }
        let (low, high) = event.public();
        let (low, high) = (u128::from(low), u128::from(high));
        let lies_in = &self.lies_in;
        let named = || event.named(area.numbers()).filter_map(|number| lies_in[number]);
        let mut places = named();
        let first = places.next();
        let is_one = places.all(|place| Some(place) == first);
        if event.is_public_uncounted() {
            self.has_uncounted |= first.is_none();
            for at in named() {
                self.shares[at].has_uncounted = true;
            }
        }
        match first {
            Some(at) if is_one => self.attribute(event, at, low, high, explained),
            _ => self.unattributed += high,
        }
    }

    /// Gives people to a place; those of a fringe are left out of what the footprint is measured by.
    fn attribute(&mut self, event: Seen<'r>, at: usize, low: u128, high: u128, explained: bool) {
        if self.upper[at].fringe {
            return;
        }
        self.low += low;
        self.high += high;
        let share = &mut self.shares[at];
        share.high += high;
        if explained && high > 0 && share.events.last().is_none_or(|last| last.id() != event.id()) {
            share.events.push(event);
        }
    }
}
