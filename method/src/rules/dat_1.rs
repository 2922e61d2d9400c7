//! DAT-1: a record that looks doubtful.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::finding::{Found, Severity};
use crate::seen::Seen;
use crate::wording;
use crate::words::{EventStatus, Publication};

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
    threshold: None,
    severity: "Low.",
    closes: "The record put right, or confirmed as it is.",
    risk: "Two sessions on one day in one hall are two events; people come and go, so that more came than the hall holds.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let is_public = |event: &Seen<'_>| event.status() == EventStatus::Held && event.publication() == Publication::Public;
    let public: Vec<Seen<'r>> = area.events.iter().copied().filter(is_public).collect();
    let mut held: HashMap<(NaiveDate, String), usize> = HashMap::new();
    for &event in &public {
        if let Some(venue) = venue(event) {
            *held.entry((event.starts_on(), venue)).or_default() += 1;
        }
    }
    let at_same_place = |event: Seen<'_>| venue(event).map_or(0, |venue| held[&(event.starts_on(), venue)]);
    let doubtful = public.iter().copied().filter(|event| !event.is_confirmed());
    doubtful.map(|event| judge_one(area, event, at_same_place(event))).collect()
}

fn judge_one<'r>(area: &Area<'r>, event: Seen<'r>, same_day_and_venue: usize) -> Found<'r> {
    let attended = event.rows().filter_map(|row| row.attended);
    let at_least: i64 = attended.clone().map(|count| i64::from(count.low) - ROUNDING).sum();
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
    if event.rows().next().is_some() && attended.clone().next().is_none() {
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

/// The venue as it is compared: without the case of A to Z and without spaces around it; none where nothing is left.
fn venue(event: Seen<'_>) -> Option<String> {
    let venue = event.venue()?.trim_matches(' ');
    (!venue.is_empty()).then(|| venue.to_ascii_lowercase())
}
