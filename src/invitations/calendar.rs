//! An event as one entry of a calendar: what an invitation carries, and what its page gives at any time.
//!
//! It is published, not requested (RFC 5546): a request asks a calendar programme to answer by mail, and answers are
//! given on our page. The entry keeps its identity, and a later state of the event replaces an earlier one by its
//! sequence. It holds nothing of who it was sent to, since calendars are shared.

use chrono::Days;
use entity::event::{self, Publication};
use icalendar::{Calendar, Component as _, Event as Entry, EventLike as _, EventStatus, Property};

use super::Told;

/// What the file is, for a mail and for a browser.
pub const KIND: &str = "text/calendar; charset=utf-8; method=PUBLISH";

/// Who invites.
pub struct Organiser<'a> {
    pub name: &'a str,
    pub address: &'a str,
}

/// The entry as a file; none where there is no day to put it on. `base` is the public address of the site.
pub fn file(event: &event::Model, told: &Told, organiser: &Organiser<'_>, base: &str) -> Option<String> {
    let first = told.starts_on.filter(|_| told.has_entry())?;
    let last = told.ends_on.unwrap_or(first).max(first);
    // A calendar's last day is the one after.
    let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let mut entry = Entry::with_uid(&format!("{}-event-{}@opendoor", event.stp_code, event.id));
    entry.timestamp(event.updated_at).starts(first).ends(end);
    entry.sequence(u32::try_from(event.version).unwrap_or(0));
    // Some programmes show no status.
    let before = if told.cancelled { "Cancelled: " } else { "" };
    entry.summary(&format!("{before}{}", told.title));
    entry.status(if told.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    let whereabouts = told.whereabouts();
    if !whereabouts.is_empty() {
        entry.location(&whereabouts);
    }
    if event.publication == Publication::Public {
        entry.url(&format!("{base}/events/{}", event.id));
    }
    // A parameter can hold no quotation mark.
    let name = organiser.name.replace('"', "'");
    let mut by = Property::new("ORGANIZER", format!("mailto:{}", organiser.address));
    by.add_parameter("CN", &name);
    entry.append_property(by);
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//Open Door//Invitation//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(("METHOD", "PUBLISH"));
    calendar.push(entry.done());
    Some(calendar.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invitations::told::example as told;
    use entity::event::{Kind, Precision, Status};

    fn event() -> event::Model {
        let at = "2018-01-15T10:00:00Z".parse().unwrap();
        event::Model {
            id: "an-event".into(),
            stp_code: "E54000041".into(),
            consultation_id: None,
            title: "Drop-in for carers".into(),
            kind: Kind::DropIn,
            status: Status::Planned,
            starts_on: Some("2018-02-14".parse().unwrap()),
            ends_on: None,
            date_words: None,
            date_precision: Precision::Day,
            created_on: None,
            venue: None,
            venue_capacity: None,
            online: false,
            stp_discussed: true,
            level: None,
            level_basis: None,
            held_in_public: false,
            minutes_published_on: None,
            minutes_url: None,
            chair: None,
            papers_published_on: None,
            papers_url: None,
            publication: Publication::Public,
            withheld_reason: None,
            review_on: None,
            feedback_on: None,
            confirmed: false,
            summary: None,
            outcome: None,
            accessibility: "[]".into(),
            attendance_note: None,
            cancelled_reason: None,
            withdrawn_at: None,
            withdrawn_reason: None,
            import_id: None,
            external_id: None,
            search: String::new(),
            version: 3,
            created_by: None,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn an_entry_is_whole_and_says_what_became_of_it() {
        let organiser = Organiser { name: "Dorset, \"the\" plan", address: "team@dorset.example.org" };
        let base = "https://opendoor.example.org";
        let text = file(&event(), &told(), &organiser, base).unwrap();
        let mut lines: Vec<&str> = text.split("\r\n").collect();
        lines.sort_unstable();
        let expected = "
BEGIN:VCALENDAR
BEGIN:VEVENT
CALSCALE:GREGORIAN
DTEND;VALUE=DATE:20180215
DTSTAMP:20180115T100000Z
DTSTART;VALUE=DATE:20180214
END:VCALENDAR
END:VEVENT
LOCATION:Village Hall\\, Dorchester\\, Poole\\, online
METHOD:PUBLISH
ORGANIZER;CN=\"Dorset, 'the' plan\":mailto:team@dorset.example.org
PRODID:-//Open Door//Invitation//EN
SEQUENCE:3
STATUS:CONFIRMED
SUMMARY:Drop-in for carers
UID:E54000041-event-an-event@opendoor
URL:https://opendoor.example.org/events/an-event
VERSION:2.0";
        assert_eq!(lines.join("\n"), expected);
        let gone = Told { cancelled: true, ..told() };
        let text = file(&event(), &gone, &organiser, base).unwrap();
        assert!(text.contains("\r\nSTATUS:CANCELLED\r\n") && text.contains("SUMMARY:Cancelled: Drop-in"));
        // What is not public has no page, and what has no day no entry.
        let kept = event::Model { publication: Publication::Withheld, ..event() };
        assert!(!file(&kept, &told(), &organiser, base).unwrap().contains("URL:"));
        assert_eq!(file(&event(), &Told { day_known: false, ..told() }, &organiser, base), None);
        assert_eq!(file(&event(), &Told { starts_on: None, ..told() }, &organiser, base), None);
    }
}
