//! DAT-1: a record that looks doubtful.

use chrono::{Datelike, NaiveDate};

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::finding::{Found, Severity};
use crate::seen::Seen;
use crate::wording;
use crate::words::EventStatus;

/// How far rounding can have raised a count of people.
const ROUNDING: i64 = 2;

pub const WORDS: Words = Words {
    id: "DAT-1",
    title: "Doubtful record",
    domain: Domain::Responses,
    subject: "Each public held event that nobody has looked at and confirmed",
    words: "Gap when another public held event has the same day and venue; when more people came than the venue holds; when \
            it is held and yet to begin; or when it has rows of participants and no number in any of them.",
    duties: &[
        Duty {
            name: "Lessons from engagement around the plans",
            sentence: "At small outreach, details of who came go missing; and a critic of one survey found that nearly \
                       half of its respondents of working age were care professionals.",
            sources: &[
                "https://www.richmondccg.nhs.uk/have-your-say/reviewing-and-evaluating-our-engagement",
                "https://spr4cornwall.net/the-stp-engagement-survey-what-have-we-learned/",
            ],
        },
        Duty {
            name: "Proposed by this method",
            sentence: "A record that people rely on is looked over where it contradicts itself.",
            sources: &[],
        },
    ],
    inputs: &[
        "events.starts_on",
        "events.venue",
        "events.venue_capacity",
        "events.participation.attended",
        "events.confirmed",
    ],
    thresholds: &[],
    severity: "Low.",
    closes: "The record put right, or confirmed as it is.",
    risk: "Two sessions on one day in one hall are two events; people come and go, so that more came than the hall holds.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let is_public = |event: &Seen<'_>| event.status() == EventStatus::Held && event.is_public();
    let public: Vec<Seen<'r>> = area.events.iter().copied().filter(is_public).collect();
    let alike = at_same_place(&public);
    let doubtful = public.iter().zip(alike).filter(|(event, _)| !event.is_confirmed());
    doubtful.map(|(&event, alike)| judge_one(area, event, alike)).collect()
}

/// For each event, how many there are on its day and at its venue, itself counted; 0 where it names no venue.
fn at_same_place(events: &[Seen<'_>]) -> Vec<usize> {
    let mut placed: Vec<(u64, usize)> = events
        .iter()
        .enumerate()
        .filter_map(|(index, event)| venue(*event).map(|venue| (digest(event.starts_on(), venue), index)))
        .collect();
    placed.sort_unstable();
    let mut alike = vec![0; events.len()];
    for together in placed.chunk_by(|a, b| a.0 == b.0) {
        let first = events[together[0].1];
        let is_one = together.iter().all(|(_, other)| is_alike(first, events[*other]));
        for &(_, index) in together {
            // Hardly ever have two venues the same digest: then each is compared with each.
            let like = || together.iter().filter(|(_, other)| is_alike(events[index], events[*other])).count();
            alike[index] = if is_one { together.len() } else { like() };
        }
    }
    alike
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>, same_day_and_venue: usize) -> Found<'r> {
    let (mut rows, mut counted, mut at_least) = (0, 0, 0);
    for row in event.rows() {
        rows += 1;
        if let Some(count) = row.attended {
            counted += 1;
            at_least += i64::from(count.low) - ROUNDING;
        }
    }
    let mut doubts: Vec<&str> = Vec::new();
    if same_day_and_venue > 1 {
        doubts.push("another event has the same day and venue");
    }
    if event.venue_capacity().is_some_and(|capacity| at_least > i64::from(capacity)) {
        doubts.push("more people came than the venue holds");
    }
    if event.starts_on() > area.as_at {
        doubts.push("it is recorded as held before its day");
    }
    if rows > 0 && counted == 0 {
        doubts.push("no number of people is recorded");
    }
    let named = || wording::event(event);
    let found = if doubts.is_empty() {
        area.met().sentence(|| format!("Nothing doubtful in the record of {}.", named()))
    } else {
        area.gap(Severity::Low).sentence(|| format!("The record of {} is in doubt: {}.", named(), doubts.join("; ")))
    };
    found
        .about(event.id())
        .closes(|| "The record put right, or confirmed as it is.")
        .input("same_day_and_venue", same_day_and_venue)
        .input("attended_at_least", at_least.max(0))
        .input("venue_capacity", event.venue_capacity())
}

/// The venue without spaces around it; none where nothing is left.
fn venue(event: Seen<'_>) -> Option<&str> {
    event.venue().map(|venue| venue.trim_matches(' ')).filter(|venue| !venue.is_empty())
}

/// A number that is the same for events of one day and venue, and seldom for others.
fn digest(day: NaiveDate, venue: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let day = day.num_days_from_ce().to_le_bytes();
    let bytes = day.into_iter().chain(venue.bytes().map(lower));
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// Have both the same day and venue?
fn is_alike(one: Seen<'_>, other: Seen<'_>) -> bool {
    let venue = |event| venue(event).map(str::as_bytes);
    one.starts_on() == other.starts_on()
        && venue(one).zip(venue(other)).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// A byte as it is compared: without the case of A to Z.
fn lower(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}
