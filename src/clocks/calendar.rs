//! A calendar that people subscribe to: events, consultation windows, decisions, and what falls due.
//!
//! Every entry has the same identity for as long as what it is about exists, so that a calendar programme moves it when
//! its day moves. What is not in the record that it is given cannot be in the calendar.

use chrono::{DateTime, Days, NaiveDate, Utc};
use icalendar::{Calendar, Component as _, Event as Entry, EventLike as _, EventStatus as EntryStatus};
use method::{
    record::{Event, Stp},
    words::{EventStatus, Publication},
};

use super::due::{Clock, State, What};

/// What a calendar is made of.
pub struct Sheet<'a> {
    /// The record: disclosed, for a calendar that anyone may read.
    pub stp: &'a Stp,
    /// What falls due, as far as it belongs in the calendar.
    pub clocks: Vec<&'a Clock>,
    /// When the record was last written to.
    pub written_at: DateTime<Utc>,
    pub today: NaiveDate,
    pub title: String,
    /// The public address of the site, without a slash at the end.
    pub base: &'a str,
    /// The page of what falls due.
    pub page: String,
}

/// Whether anyone may have it in their calendar: what an STP owes to others.
pub fn is_for_anyone(clock: &Clock) -> bool {
    matches!(clock.what, What::Response | What::Recommendation | What::Feedback | What::Question)
        && clock.done_on.is_none()
}

/// The calendar as a file.
pub fn file(sheet: &Sheet<'_>) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//Open Door//Calendar//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.name(&sheet.title);
    let code = sheet.stp.code.as_str();
    for event in sheet.stp.events.iter().filter(|event| event.publication == Publication::Public) {
        calendar.push(of_event(sheet, event));
    }
    for consultation in &sheet.stp.consultations {
        let (Some(opens), Some(closes)) = (consultation.opens_on, consultation.closes_on) else { continue };
        let name = proposal(sheet.stp, consultation.proposal.as_str());
        let mut entry = days(sheet, &format!("consultation-{}", consultation.id), opens, closes);
        entry.summary(&format!("Consultation on {name}")).url(&format!("{}/stps/{code}", sheet.base));
        calendar.push(entry.done());
    }
    for one in &sheet.stp.proposals {
        let Some(decision) = one.decision_on else { continue };
        let mut entry = days(sheet, &format!("decision-{}", one.id), decision, decision);
        let name = proposal(sheet.stp, one.id.as_str());
        entry.summary(&format!("Decision on {name}")).url(&format!("{}/stps/{code}", sheet.base));
        calendar.push(entry.done());
    }
    for clock in sheet.clocks.iter().filter(|clock| clock.what != What::Decision) {
        let mut entry = days(sheet, &format!("due-{}", clock.key()), clock.due_on, clock.due_on);
        let overdue = if clock.state(sheet.today) == State::Overdue { "Overdue: " } else { "Due: " };
        entry
            .summary(&format!("{overdue}{}: {}", clock.what.name(), clock.about))
            .description(&format!("Rule {}: {}/method#{}", clock.what.rule(), sheet.base, clock.what.rule()))
            .url(&format!("{}{}", sheet.base, sheet.page));
        calendar.push(entry.done());
    }
    calendar.to_string()
}

/// An entry over whole days, the first and the last included.
fn days(sheet: &Sheet<'_>, id: &str, first: NaiveDate, last: NaiveDate) -> Entry {
    let mut entry = Entry::with_uid(&format!("{}-{id}@opendoor", sheet.stp.code));
    // A calendar's last day is the one after.
    let end = last.max(first).checked_add_days(Days::new(1)).unwrap_or(last);
    entry.timestamp(sheet.written_at).starts(first).ends(end);
    entry.done()
}

fn of_event(sheet: &Sheet<'_>, event: &Event) -> Entry {
    let last = event.ends_on.unwrap_or(event.starts_on);
    let mut entry = days(sheet, &format!("event-{}", event.id), event.starts_on, last);
    let name = event.title.clone().unwrap_or_else(|| event.kind.name().to_owned());
    entry.summary(&name);
    entry.status(match event.status {
        EventStatus::Planned => EntryStatus::Tentative,
        EventStatus::Held => EntryStatus::Confirmed,
        EventStatus::Cancelled => EntryStatus::Cancelled,
    });
    if let Some(venue) = &event.venue {
        entry.location(venue);
    }
    entry.url(&format!("{}/events/{}", sheet.base, event.id));
    entry.done()
}

fn proposal(stp: &Stp, id: &str) -> String {
    let known = stp.proposals.iter().find(|one| one.id.as_str() == id);
    known.and_then(|one| one.title.clone()).unwrap_or_else(|| "a proposal".to_owned())
}
