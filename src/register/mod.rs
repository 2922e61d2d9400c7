//! The public register: every event, as anyone may see it. Public ones whole, with small numbers masked; the others as
//! stubs that say no more than the disclosed record does.
//!
//! ```text
//! events::find ─► rows ─┬─► list  (title, day, kind, groups, places)
//!                       └─► one   ─► method::disclose ─► Shown
//! ```

pub mod list;
pub mod one;
pub mod proposal;

use chrono::NaiveDate;
use entity::event::{self, Precision, Publication};

use crate::web::filters;

/// Whether everything may be said of an event.
pub fn open(event: &event::Model) -> bool {
    event.publication == Publication::Public
}

/// What the event is called: its title, or its kind where it is not open.
pub fn title(event: &event::Model) -> String {
    if open(event) && !event.title.is_empty() {
        event.title.clone()
    } else {
        format!("{} (not published)", event.kind.name())
    }
}

/// When it was, in words: as the source says it where the day itself is not known, and where that may be said.
pub fn when(event: &event::Model) -> String {
    let words = event.date_words.as_deref().filter(|words| !words.is_empty());
    if let Some(words) = words.filter(|_| open(event) && event.date_precision != Precision::Day) {
        return words.to_owned();
    }
    event.starts_on.map_or_else(|| "Day not known".to_owned(), |from| days(from, event.ends_on))
}

/// "11 January 2017", "11 to 13 January 2017", "30 June 2016 to 2 July 2017".
pub fn days(from: NaiveDate, to: Option<NaiveDate>) -> String {
    use chrono::Datelike as _;
    match to.filter(|to| *to != from) {
        None => filters::day(from),
        Some(to) if (from.year(), from.month()) == (to.year(), to.month()) => {
            format!("{} to {}", from.day(), filters::day(to))
        }
        Some(to) => format!("{} to {}", filters::day(from), filters::day(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_once() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(days(day("2017-01-11"), None), "11 January 2017");
        assert_eq!(days(day("2017-01-11"), Some(day("2017-01-11"))), "11 January 2017");
        assert_eq!(days(day("2017-01-11"), Some(day("2017-01-13"))), "11 to 13 January 2017");
        assert_eq!(days(day("2016-12-30"), Some(day("2017-01-02"))), "30 December 2016 to 2 January 2017");
    }
}
