//! DAT-1: a record that looks doubtful.

use std::num::NonZeroU32;

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::finding::{Found, Severity};
use crate::seen::Seen;
use crate::wording;
use crate::words::EventStatus;

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
    let public: Vec<Seen<'r>> = area.events().filter(is_public).collect();
    let alike = at_same_place(&public);
    let unconfirmed = public.iter().zip(alike).filter(|(event, _)| !event.is_confirmed());
    super::gathered(public.len(), unconfirmed.map(|(&event, alike)| judge_one(area, event, alike)))
}

/// For each event, how many there are on its day and at its venue, itself counted; 0 where it names no venue.
fn at_same_place(events: &[Seen<'_>]) -> Vec<u32> {
    // Of those alike, the first stands in the table with their number for day and venue; a quarter of it stays free.
    let mut table: Vec<Option<(NonZeroU32, u32)>> = vec![None; (events.len() + events.len() / 3 + 1).next_power_of_two()];
    let mut first_of: Vec<u32> = (0..).take(events.len()).collect();
    let mut alike = vec![0; events.len()];
    for (index, event) in (0..).zip(events) {
        let Some(number) = event.day_and_venue() else { continue };
        let mut slot = at(number.get());
        let first = loop {
            slot &= table.len() - 1;
            match table[slot] {
                None => {
                    table[slot] = Some((number, index));
                    break index;
                }
                Some((others, other)) if others == number && event.is_at_day_and_venue_of(events[at(other)]) => {
                    break other;
                }
                Some(_) => slot += 1,
            }
        };
        first_of[at(index)] = first;
        alike[at(first)] += 1;
    }
    first_of.into_iter().map(|first| alike[at(first)]).collect()
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>, same_day_and_venue: u32) -> Found<'r> {
    let doubts = [
        (same_day_and_venue > 1, "another event has the same day and venue"),
        (event.is_overfull(), "more people came than the venue holds"),
        (event.starts_on() > area.as_at, "it is recorded as held before its day"),
        (event.is_numberless(), "no number of people is recorded"),
    ];
    let doubts = || doubts.iter().filter(|(is_so, _)| *is_so).map(|(_, doubt)| *doubt);
    let named = || wording::event(event);
    let found = if doubts().next().is_none() {
        area.met().sentence(|| format!("Nothing doubtful in the record of {}.", named()))
    } else {
        area.gap(Severity::Low).sentence(|| format!("The record of {} is in doubt: {}.", named(), doubts().collect::<Vec<_>>().join("; ")))
    };
    found
        .about(event)
        .closes(|| "The record put right, or confirmed as it is.")
        .input("same_day_and_venue", same_day_and_venue)
        .input_of("attended_at_least", || event.attended_at_least().max(0))
        .input("venue_capacity", event.venue_capacity())
}

fn at(index: u32) -> usize {
    index as usize
}
