//! DAT-1: a record that looks doubtful.

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
fn at_same_place(events: &[Seen<'_>]) -> Vec<u32> {
    const EMPTY: u32 = u32::MAX;
    // Of those alike, the first stands in the table and counts all; less than half of the table is taken.
    let mut table = vec![EMPTY; (2 * events.len()).next_power_of_two()];
    let mut first_of = vec![EMPTY; events.len()];
    let mut alike = vec![0; events.len()];
    for (index, event) in (0..).zip(events) {
        let Some(digest) = event.day_and_venue() else { continue };
        let mut slot = usize::try_from(digest.get()).unwrap_or(0);
        let first = loop {
            slot &= table.len() - 1;
            match table[slot] {
                EMPTY => {
                    table[slot] = index;
                    break index;
                }
                other if event.is_at_day_and_venue_of(events[at(other)]) => {
                    break other;
                }
                _ => slot += 1,
            }
        };
        first_of[at(index)] = first;
        alike[at(first)] += 1;
    }
    first_of.into_iter().map(|first| if first == EMPTY { 0 } else { alike[at(first)] }).collect()
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>, same_day_and_venue: u32) -> Found<'r> {
    let at_least = || -> i64 {
        let counts = event.rows().filter_map(|row| row.attended);
        counts.map(|count| i64::from(count.low) - ROUNDING).sum()
    };
    let mut doubts: Vec<&str> = Vec::new();
    if same_day_and_venue > 1 {
        doubts.push("another event has the same day and venue");
    }
    if event.venue_capacity().is_some_and(|capacity| at_least() > i64::from(capacity)) {
        doubts.push("more people came than the venue holds");
    }
    if event.starts_on() > area.as_at {
        doubts.push("it is recorded as held before its day");
    }
    if event.is_numberless() {
        doubts.push("no number of people is recorded");
    }
    let named = || wording::event(event);
    let found = if doubts.is_empty() {
        area.met().sentence(|| format!("Nothing doubtful in the record of {}.", named()))
    } else {
        area.gap(Severity::Low).sentence(|| format!("The record of {} is in doubt: {}.", named(), doubts.join("; ")))
    };
    found
        .about(event)
        .closes(|| "The record put right, or confirmed as it is.")
        .input("same_day_and_venue", same_day_and_venue)
        .input_of("attended_at_least", || at_least().max(0))
        .input("venue_capacity", event.venue_capacity())
}

fn at(index: u32) -> usize {
    index as usize
}
