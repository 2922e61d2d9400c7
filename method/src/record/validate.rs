//! What compares one field of a record with another: references, the order of dates, things given twice.

use std::collections::HashSet;
use std::fmt::{self, Display};
use std::hash::Hash;

use chrono::NaiveDate;

use super::{Event, Proposal, Record, Stp};
use crate::json::{Trail, excerpt};
use crate::quick::Quick;
use crate::standard::Standard;
use crate::values::Id;
use crate::words::{Audience, Characteristic, Tier};

/// The longest waiver, in days.
const LONGEST_WAIVER: i64 = 365;

/// Notes what does not agree with what else the record says. An STP that was not read whole is passed over: what is
/// missing in it would be reported instead of what is wrong.
pub(super) fn check_between(record: &Record, trail: &mut Trail) {
    let is_short = trail.is_short("stps");
    let whole: Vec<bool> =
        (0..record.stps.len()).map(|index| !is_short && trail.is_whole("stps", index)).collect();
    let mut seen = Seen::default();
    let events = record.stps.iter().flat_map(|stp| &stp.events);
    seen.ids.reserve(events.map(|event| 1 + event.themes.len()).sum());
    trail.enter("stps");
    for (index, stp) in record.stps.iter().enumerate().filter(|&(index, _)| whole[index]) {
        trail.item(index, |trail| {
            if !seen.stps.insert(stp.code.as_str()) {
                trail.within("code", |trail| trail.note(format!("two STPs have the code {}", stp.code)));
            }
            check_stp(stp, &mut seen, trail);
        });
    }
    trail.leave();
    if trail.is_whole_at("standard") {
        trail.within("standard", |trail| check_standard(&record.standard, trail));
    }
}

/// Notes what does not agree within a standard.
pub(crate) fn check_standard(standard: &Standard, trail: &mut Trail) {
    let periods = &standard.pre_election_periods;
    each_once(
        "pre_election_periods",
        None,
        periods,
        |period| format!("{} to {}", period.from, period.to),
        trail,
    );
    items("pre_election_periods", periods, trail, |period, trail| {
        in_order("to", Some(period.from), Some(period.to), trail);
    });
    each_once("bank_holidays", None, &standard.bank_holidays, |&day| day, trail);
}

/// What is to be unique in the whole record.
#[derive(Default)]
struct Seen<'r> {
    stps: HashSet<&'r str>,
    ids: HashSet<&'r str, Quick>,
}

impl<'r> Seen<'r> {
    fn id(&mut self, id: &'r Id, trail: &mut Trail) {
        if !self.ids.insert(id.as_str()) {
            trail.within("id", |trail| trail.note(format!("two things on the record have the id {id}")));
        }
    }
}

/// What an STP has, for others to refer to.
struct Known<'r> {
    places: HashSet<&'r Id, Quick>,
    bodies: HashSet<&'r Id, Quick>,
    proposals: HashSet<&'r Id, Quick>,
}

fn check_stp<'r>(stp: &'r Stp, seen: &mut Seen<'r>, trail: &mut Trail) {
    at_least_one(stp.population, trail);
    each_once("places", Some("code"), &stp.places, |place| &place.code, trail);
    each_once("bodies", Some("code"), &stp.bodies, |body| &body.code, trail);
    let known = Known {
        places: stp.places.iter().map(|place| &place.code).collect(),
        bodies: stp.bodies.iter().map(|body| &body.code).collect(),
        proposals: stp.proposals.iter().map(|proposal| &proposal.id).collect(),
    };
    check_places(stp, trail);
    check_requirements(stp, trail);
    check_monitoring(stp, trail);
    items("proposals", &stp.proposals, trail, |proposal, trail| {
        check_proposal(proposal, &known, seen, trail);
    });
    items("consultations", &stp.consultations, trail, |consultation, trail| {
        seen.id(&consultation.id, trail);
        refers("proposal", &consultation.proposal, &known.proposals, trail);
        in_order("closes_on", consultation.opens_on, consultation.closes_on, trail);
        items("themes", &consultation.themes, trail, |theme, trail| seen.id(&theme.id, trail));
    });
    items("events", &stp.events, trail, |event, trail| check_event(event, &known, seen, trail));
    items("requests", &stp.requests, trail, |request, trail| {
        seen.id(&request.id, trail);
        refers("body", &request.body, &known.bodies, trail);
    });
    items("questions", &stp.questions, trail, |question, trail| seen.id(&question.id, trail));
}

fn check_places(stp: &Stp, trail: &mut Trail) {
    let upper: HashSet<&Id> =
        stp.places.iter().filter(|place| place.tier == Tier::Upper).map(|place| &place.code).collect();
    items("places", &stp.places, trail, |place, trail| {
        at_least_one(place.population, trail);
        let reason = match (place.tier, &place.parent) {
            (Tier::Upper, Some(_)) => "an upper-tier place has no parent".to_owned(),
            (Tier::District, None) => "missing; a district names its county".to_owned(),
            (Tier::District, Some(parent)) if !upper.contains(parent) => {
                format!("{parent} is not an upper-tier place of this STP")
            }
            _ => return,
        };
        trail.within("parent", |trail| trail.note(reason));
    });
}

fn check_requirements(stp: &Stp, trail: &mut Trail) {
    each_once("requirements", Some("group"), &stp.requirements, |requirement| requirement.group, trail);
    items("requirements", &stp.requirements, trail, |requirement, trail| {
        if requirement.group.audience() == Audience::Others {
            let reason = format!("{} is of the other parties, which are never required", requirement.group);
            trail.within("group", |trail| trail.note(reason));
        }
        let Some(waiver) = &requirement.waiver else { return };
        trail.enter("waiver");
        in_order("until", Some(waiver.made_on), Some(waiver.until), trail);
        let days = waiver.until.signed_duration_since(waiver.made_on).num_days();
        if days > LONGEST_WAIVER {
            let reason =
                format!("{days} days after the waiver was made; at most {LONGEST_WAIVER} are allowed");
            trail.within("until", |trail| trail.note(reason));
        }
        trail.leave();
    });
}

fn check_monitoring(stp: &Stp, trail: &mut Trail) {
    let returns = &stp.monitoring_returns;
    each_once(
        "monitoring_returns",
        None,
        returns,
        |one| format!("{} {}", one.characteristic, one.year),
        trail,
    );
    items("monitoring_returns", returns, trail, |one, trail| {
        if !(1900..=2199).contains(&one.year) {
            trail.within("year", |trail| {
                trail.note(format!("a year from 1900 to 2199 was expected, not {}", one.year));
            });
        }
        each_once("answers", Some("category"), &one.answers, |answer| Text(&answer.category), trail);
    });
    let exceptions = &stp.monitoring_exceptions;
    each_once("monitoring_exceptions", Some("characteristic"), exceptions, |one| one.characteristic, trail);
    let shares = &stp.population_shares;
    each_once("population_shares", None, shares, |one| Share(one.characteristic, Text(&one.category)), trail);
}

fn check_proposal<'r>(proposal: &'r Proposal, known: &Known<'_>, seen: &mut Seen<'r>, trail: &mut Trail) {
    seen.id(&proposal.id, trail);
    each_once("accessible_formats", None, &proposal.accessible_formats, |text| Text(text), trail);
    references("places", &proposal.places, &known.places, trail);
    items("scrutiny", &proposal.scrutiny, trail, |scrutiny, trail| {
        seen.id(&scrutiny.id, trail);
        references("authorities", &scrutiny.authorities, &known.places, trail);
        items("recommendations", &scrutiny.recommendations, trail, |one, trail| seen.id(&one.id, trail));
    });
}

fn check_event<'r>(event: &'r Event, known: &Known<'_>, seen: &mut Seen<'r>, trail: &mut Trail) {
    seen.id(&event.id, trail);
    in_order("ends_on", Some(event.starts_on), event.ends_on, trail);
    references("places", &event.places, &known.places, trail);
    references("proposals", &event.proposals, &known.proposals, trail);
    references("bodies", &event.bodies, &known.bodies, trail);
    each_once("targets", None, &event.targets, |&target| target, trail);
    each_once("participation", Some("group"), &event.participation, |row| row.group, trail);
    items("participation", &event.participation, trail, |row, trail| {
        let Some(attended) = row.attended else { return };
        let reason = match (row.took_part, attended.high) {
            (true, 0) => "took_part is true, and nobody attended",
            (false, 1..) => "took_part is false, and somebody attended",
            _ => return,
        };
        trail.within("attended", |trail| trail.note(reason));
    });
    each_once("place_counts", Some("place"), &event.place_counts, |row| &row.place, trail);
    items("place_counts", &event.place_counts, trail, |row, trail| {
        refers("place", &row.place, &known.places, trail);
    });
    items("themes", &event.themes, trail, |theme, trail| seen.id(&theme.id, trail));
}

/// A free text as the name of an item: compared whole, shown short.
#[derive(PartialEq, Eq, Hash)]
struct Text<'r>(&'r str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&excerpt(self.0))
    }
}

/// A category of a characteristic, as the name of a population share.
#[derive(PartialEq, Eq, Hash)]
struct Share<'r>(Characteristic, Text<'r>);

impl Display for Share<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

fn items<'r, T>(
    key: &'static str,
    list: &'r [T],
    trail: &mut Trail,
    mut check: impl FnMut(&'r T, &mut Trail),
) {
    trail.enter(key);
    for (index, item) in list.iter().enumerate() {
        trail.item(index, |trail| check(item, trail));
    }
    trail.leave();
}

/// Notes each item of a list whose name an earlier item has. `field` is where in the item the name stands.
fn each_once<'r, T, N: Eq + Hash + Display>(
    key: &'static str,
    field: Option<&'static str>,
    list: &'r [T],
    name: impl Fn(&'r T) -> N,
    trail: &mut Trail,
) {
    if list.len() < 2 {
        return;
    }
    trail.enter(key);
    // A short list is searched; a table would cost more.
    let is_short = list.len() <= 8;
    let mut seen = HashSet::with_capacity_and_hasher(if is_short { 0 } else { list.len() }, Quick::default());
    for (index, item) in list.iter().enumerate() {
        let own = name(item);
        let is_known = if is_short {
            list[..index].iter().any(|earlier| name(earlier) == own)
        } else {
            seen.contains(&own)
        };
        if is_known {
            trail.enter_item(index);
            let reason = format!("{own} is given twice");
            match field {
                Some(field) => trail.within(field, |trail| trail.note(reason)),
                None => trail.note(reason),
            }
            trail.leave();
        } else if !is_short {
            seen.insert(own);
        }
    }
    trail.leave();
}

/// Checks a list of codes: each is known, and none is given twice.
fn references(key: &'static str, list: &[Id], known: &HashSet<&Id, Quick>, trail: &mut Trail) {
    each_once(key, None, list, |code| code, trail);
    items(key, list, trail, |code, trail| refers_here(code, known, trail));
}

fn refers(key: &'static str, code: &Id, known: &HashSet<&Id, Quick>, trail: &mut Trail) {
    trail.within(key, |trail| refers_here(code, known, trail));
}

fn refers_here(code: &Id, known: &HashSet<&Id, Quick>, trail: &mut Trail) {
    if !known.contains(code) {
        trail.note(format!("this STP has no {code}"));
    }
}

fn in_order(key: &'static str, start: Option<NaiveDate>, end: Option<NaiveDate>, trail: &mut Trail) {
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        trail.within(key, |trail| trail.note(format!("{end} is before the start, {start}")));
    }
}

fn at_least_one(population: u32, trail: &mut Trail) {
    if population == 0 {
        trail.within("population", |trail| trail.note("at least 1 was expected, not 0"));
    }
}
