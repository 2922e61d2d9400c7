//! How things are put in words: days, events, numbers of things. One place, so that every sentence says them alike.

use std::borrow::Cow;
use std::fmt::{self, Display};

use chrono::{Datelike, NaiveDate};

use crate::record::{Consultation, Proposal};
use crate::seen::Seen;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day as a letter would write it: `11 January 2017`.
pub(crate) fn day(day: NaiveDate) -> impl Display {
    Day(day)
}

struct Day(NaiveDate);

impl Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(day) = self;
        write!(f, "{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year())
    }
}

/// An event by its title and day; a stub, or one without a title, by its kind and day.
pub(crate) fn event(event: Seen<'_>) -> impl Display {
    Named(event)
}

struct Named<'r>(Seen<'r>);

impl Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(event) = self;
        match event.title() {
            Some(title) => write!(f, "“{}” of {}", one_line(title), day(event.starts_on())),
            None => write!(f, "the {} of {}", event.kind().name().to_lowercase(), day(event.starts_on())),
        }
    }
}

/// A proposal by its title.
pub(crate) fn proposal(proposal: &Proposal) -> String {
    match &proposal.title {
        Some(title) => format!("“{}”", one_line(title)),
        None => "a proposal without a title".to_owned(),
    }
}

/// A formal consultation by its days.
pub(crate) fn consultation(consultation: &Consultation) -> String {
    match (consultation.opens_on, consultation.closes_on) {
        (Some(opens), Some(closes)) => format!("the consultation from {} to {}", day(opens), day(closes)),
        (Some(opens), None) => format!("the consultation that opened on {}", day(opens)),
        (None, Some(closes)) => format!("the consultation that closed on {}", day(closes)),
        (None, None) => "a consultation without days".to_owned(),
    }
}

/// A text on one line, without control characters: what someone typed must not rule the reader's terminal.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    let is_graphic = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_graphic);
    if text.as_bytes().split(|byte| *byte == b' ').all(is_graphic) {
        return Cow::Borrowed(text);
    }
    let is_plain = |letter: char| !letter.is_control() && !letter.is_whitespace();
    if text.split(' ').all(|word| !word.is_empty() && word.chars().all(is_plain)) {
        return Cow::Borrowed(text);
    }
    let spaced: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    Cow::Owned(spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// So many of a thing: `1 event`, `3 events`.
pub(crate) fn number_of(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// So many people.
pub(crate) fn people(number: u128) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}

/// The sentence with its first letter as a capital.
pub(crate) fn sentence(mut text: String) -> String {
    if let Some(first) = text.chars().next() {
        if first.is_ascii() {
            text[..1].make_ascii_uppercase();
        } else {
            let capital: String = first.to_uppercase().collect();
            text.replace_range(..first.len_utf8(), &capital);
        }
    }
    text
}
