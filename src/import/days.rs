//! Dates as people write them: a day, a span of days, or a period that the day lies in.

use chrono::{Datelike as _, Days, NaiveDate};

/// What a text says of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// One day, known.
    Day(NaiveDate),
    /// From one known day to another.
    Span(NaiveDate, NaiveDate),
    /// A day, or days, somewhere from the first to the last.
    Within(NaiveDate, NaiveDate),
}

/// The years that a date may be in: those of the record.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads a date: "2017-01-11", "11/01/2017", "11 January 2017", "11–13 January 2017", "January 2017",
/// "January to March 2017", "2017". None where it is anything else.
pub fn parse(text: &str) -> Option<When> {
    let text = text.trim().to_lowercase();
    if let Some(day) = day(&text) {
        return Some(When::Day(day));
    }
    if let Some((first, last)) = period(&text) {
        return Some(When::Within(first, last));
    }
    let (first, last) = ["–", "—", " to ", " - ", "-"].iter().find_map(|between| text.split_once(between))?;
    let (first, last) = (first.trim(), last.trim());
    if let Some(last) = day(last) {
        let first = day(first).or_else(|| {
            // "11–13 January 2017", "30 January to 2 February 2017": the second end says what the first leaves out.
            let mut words = first.split_whitespace();
            let number = words.next()?.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']).parse().ok()?;
            let month = words.next().map_or(Some(last.month()), month)?;
            NaiveDate::from_ymd_opt(last.year(), month, number).filter(|_| words.next().is_none())
        })?;
        return (first <= last).then_some(When::Span(first, last));
    }
    let last = period(last)?;
    let first = period(first).or_else(|| period(&format!("{first} {}", last.1.year())))?;
    (first.0 <= last.1).then_some(When::Within(first.0, last.1))
}

/// One day.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    // A time of day, as spreadsheets add one, says nothing about the day.
    let text = match text.rsplit_once([' ', 't']) {
        Some((day, time)) if time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit()) => day,
        _ => text.as_str(),
    };
    numbers(text).or_else(|| words(text)).filter(|day| YEARS.contains(&day.year()))
}

/// "2017-01-11", or day, month and year with `/`, `.` or `-` between.
fn numbers(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    if !parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let year: i32 = match year.len() {
        4 => year.parse().ok()?,
        2 => 2000 + year.parse::<i32>().ok()?,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// "11 January 2017", "Wednesday 11th Jan 2017".
fn words(text: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let words = match words.split_first() {
        Some((first, rest)) if first.len() >= 3 && WEEKDAYS.iter().any(|day| day.starts_with(first)) => rest,
        _ => words.as_slice(),
    };
    let [number, name, year] = words else { return None };
    let number = ["st", "nd", "rd", "th"].iter().find_map(|end| number.strip_suffix(end)).unwrap_or(number);
    let year: i32 = year.parse().ok().filter(|_| year.len() == 4)?;
    NaiveDate::from_ymd_opt(year, month(name)?, number.parse().ok()?)
}

/// "January 2017", "Jan 2017" or "2017": its first and last day.
fn period(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (name, year) = text.rsplit_once(' ').map_or((None, text), |(name, year)| (Some(name.trim()), year));
    let year: i32 =
        year.parse().ok().filter(|_| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
    let (first, after) = match name {
        None => ((year, 1), (year + 1, 1)),
        Some(name) => match month(name)? {
            12 => ((year, 12), (year + 1, 1)),
            month => ((year, month), (year, month + 1)),
        },
    };
    let first = NaiveDate::from_ymd_opt(first.0, first.1, 1).filter(|_| YEARS.contains(&year))?;
    let last = NaiveDate::from_ymd_opt(after.0, after.1, 1)?.checked_sub_days(Days::new(1))?;
    Some((first, last))
}

fn month(name: &str) -> Option<u32> {
    let name = name.trim_end_matches('.');
    let found = MONTHS.iter().position(|month| {
        *month == name
            || name == "sept" && *month == "september"
            || name.len() == 3 && month.starts_with(name)
    });
    found.and_then(|index| u32::try_from(index + 1).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn reads_days() {
        for text in [
            "2017-01-11",
            "11/01/2017",
            "11/1/17",
            "11.01.2017",
            "11-01-2017",
            "11 January 2017",
            "11th Jan 2017",
            "Wednesday 11 January 2017",
            "Wed, 11 Jan 2017",
            "2017-01-11 18:30",
            "2017-01-11T18:30:00",
            "11-Jan-2017",
        ] {
            assert_eq!(parse(text), Some(When::Day(on("2017-01-11"))), "{text}");
        }
    }

    #[test]
    fn reads_spans_and_periods() {
        for text in
            ["11–13 January 2017", "11-13 Jan 2017", "11 to 13 January 2017", "11/01/2017 - 13/01/2017"]
        {
            assert_eq!(parse(text), Some(When::Span(on("2017-01-11"), on("2017-01-13"))), "{text}");
        }
        let across = Some(When::Span(on("2017-01-30"), on("2017-02-02")));
        assert_eq!(parse("30 January to 2 February 2017"), across);
        let within = |from, to| Some(When::Within(on(from), on(to)));
        assert_eq!(parse("February 2016"), within("2016-02-01", "2016-02-29"));
        assert_eq!(parse("Dec 2016"), within("2016-12-01", "2016-12-31"));
        assert_eq!(parse("2017"), within("2017-01-01", "2017-12-31"));
        assert_eq!(parse("November to December 2016"), within("2016-11-01", "2016-12-31"));
        assert_eq!(parse("November 2016 – February 2017"), within("2016-11-01", "2017-02-28"));
    }

    #[test]
    fn refuses_what_is_not_a_date() {
        for text in [
            "",
            "autumn 2016",
            "31/02/2017",
            "13/13/2017",
            "tomorrow",
            "11 January",
            "1 2 3",
            "2017-01",
            "January",
            "20170111",
            "13-11 January 2017",
            "0001-01-01",
            "9999",
            "11/01/117",
            "March 2017 to January 2017",
            "-",
            "to",
            "١١/٠١/٢٠١٧",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,30}", like in "[0-9]{1,4}[-/. ][0-9a-z]{1,9}[-/. ][0-9]{1,5}( to | - |–)?[0-9 a-z]{0,12}") {
            let _ = parse(&text);
            let _ = parse(&like);
        }
    }
}
