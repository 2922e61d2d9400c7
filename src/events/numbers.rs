//! Numbers of people as people write them: text → the interval it means, with the words kept.
//!
//! "40" and "c. 40" are 40; "20-30" is 20 to 30. An open end is taken as the number itself ("over 600" is 600), and
//! the words are shown beside it. What cannot be read is refused with a message; nothing is guessed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most people a number can be.
pub const MOST: i32 = 1_000_000_000;

/// The longest text that is read as a number.
const LONGEST: usize = 100;

/// A number of people: the interval that the words mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    /// The fewest it can be.
    pub low: i32,
    /// The most it can be.
    pub high: i32,
    /// As it was written.
    pub words: String,
}

/// Why a text is not a number of people, in words for the person who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    NotANumber,
    Negative,
    Fraction,
    TooMany,
    Backwards,
    TooLong,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "Enter a number of people, such as 40, about 40, 20-30 or more than 60",
            Self::Negative => "The number of people cannot be below 0",
            Self::Fraction => "The number of people must be a whole number",
            Self::TooMany => "The number of people must be 1,000,000,000 or fewer",
            Self::Backwards => "The first number must not be above the second, as in 20-30",
            Self::TooLong => "The number of people must be 100 characters or fewer",
        })
    }
}

impl std::error::Error for Unreadable {}

/// Words before a number that say how exact it is. None of them changes the number.
const BEFORE: &[&str] = &[
    "about",
    "approx",
    "approx.",
    "approximately",
    "around",
    "c",
    "c.",
    "ca",
    "ca.",
    "circa",
    "roughly",
    "some",
    "estimated",
    "est",
    "est.",
    "exactly",
    "over",
    "above",
    "more than",
    "at least",
    "up to",
    "fewer than",
    "less than",
    "under",
    "nearly",
    "almost",
    "no more than",
    "at most",
    "a total of",
    "total",
    "all",
];

/// Words after a number that say who was counted or how exactly.
const AFTER: &[&str] = &[
    "people",
    "persons",
    "person",
    "attendees",
    "attended",
    "participants",
    "responses",
    "respondents",
    "members",
    "residents",
    "guests",
    "or more",
    "or so",
    "or over",
    "or fewer",
    "plus",
    "approx",
    "approx.",
    "approximately",
    "est",
    "est.",
    "estimate",
    "estimated",
    "in total",
    "total",
    "each",
];

/// Texts that say that nobody came.
const NOBODY: &[&str] = &["none", "nobody", "no one", "no-one", "nil", "zero"];

/// Texts that say that the number is not known, which is the same as leaving it out.
const UNKNOWN: &[&str] = &["unknown", "not known", "not recorded", "not counted", "n/a", "?"];

/// Reads a number of people. A blank, or words for "not known", is `None`.
pub fn parse(text: &str) -> Result<Option<Attended>, Unreadable> {
    let words = text.trim();
    if words.len() > LONGEST {
        return Err(Unreadable::TooLong);
    }
    let plain = words.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.is_empty() || UNKNOWN.contains(&plain.as_str()) {
        return Ok(None);
    }
    let (low, high) = interval(&plain)?;
    Ok(Some(Attended { low, high, words: words.to_owned() }))
}

fn interval(plain: &str) -> Result<(i32, i32), Unreadable> {
    if NOBODY.contains(&plain) {
        return Ok((0, 0));
    }
    let bare = strip(plain);
    if let Some(both) = bare.strip_prefix("between ") {
        return ends(both.split_once(" and ").ok_or(Unreadable::NotANumber)?);
    }
    if let Some(pair) = ["–", "—", "-", " to "].iter().find_map(|between| bare.split_once(between)) {
        return if pair.0.trim().is_empty() { Err(Unreadable::Negative) } else { ends(pair) };
    }
    let number = whole(bare.strip_suffix('+').unwrap_or(bare))?;
    Ok((number, number))
}

fn ends((low, high): (&str, &str)) -> Result<(i32, i32), Unreadable> {
    let (low, high) = (whole(strip(low.trim()))?, whole(strip(high.trim()))?);
    if low > high { Err(Unreadable::Backwards) } else { Ok((low, high)) }
}

/// The text without the words before and after the number.
fn strip(text: &str) -> &str {
    let mut bare = text.trim_start_matches(['~', '≈', '>', '<', '≥', '≤', '=']).trim();
    let note = bare.strip_suffix(')').and_then(|text| text.split_once('('));
    if let Some((number, _)) = note.filter(|(_, note)| AFTER.contains(&note.trim())) {
        bare = number.trim_end();
    }
    loop {
        let before = BEFORE.iter().find_map(|word| rest_after(bare, word));
        let after = AFTER.iter().find_map(|word| bare.strip_suffix(word)?.strip_suffix(' '));
        match before.or(after) {
            Some(rest) => bare = rest.trim(),
            None => return bare,
        }
    }
}

/// What follows the word: after a space, or straight away where the word is an abbreviation ("c.40", "c40").
fn rest_after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let short = word == "c" || word.ends_with('.');
    (rest.starts_with(' ') || short && rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// A whole number, with or without commas between thousands.
fn whole(text: &str) -> Result<i32, Unreadable> {
    let text = text.trim();
    if text.starts_with(['-', '−']) {
        return Err(Unreadable::Negative);
    }
    let digits = if text.contains(',') {
        without_commas(text).ok_or(Unreadable::NotANumber)?
    } else {
        text.to_owned()
    };
    if let Some((whole, part)) = digits.split_once('.') {
        let numeric = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        return if numeric(whole) && numeric(part) {
            Err(Unreadable::Fraction)
        } else {
            Err(Unreadable::NotANumber)
        };
    }
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Unreadable::NotANumber);
    }
    // All digits: it does not fit only when it is too large.
    digits.parse().ok().filter(|number| *number <= MOST).ok_or(Unreadable::TooMany)
}

/// "1,200" → "1200"; none where the commas do not part thousands.
fn without_commas(text: &str) -> Option<String> {
    let mut parts = text.split(',');
    let first = parts.next()?;
    let thousands = (1..=3).contains(&first.len()) && parts.all(|part| part.len() == 3);
    thousands.then(|| text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> (i32, i32) {
        let attended = parse(text).unwrap().unwrap();
        assert_eq!(attended.words, text.trim());
        (attended.low, attended.high)
    }

    #[test]
    fn reads_what_people_write() {
        for text in
            ["40", " 40 ", "c. 40", "c.40", "c40", "c 40", "circa 40", "about 40", "About 40", "~40", "~ 40"]
        {
            assert_eq!(read(text), (40, 40), "{text}");
        }
        for text in
            ["40+", "over 40", "more than 40", "up to 40", "at least 40", ">40", "40 or more", "40 plus"]
        {
            assert_eq!(read(text), (40, 40), "{text}");
        }
        for text in
            ["approx. 40", "40 approx", "40 (estimate)", "40 people", "about 40 people in total", "some 40"]
        {
            assert_eq!(read(text), (40, 40), "{text}");
        }
        for text in
            ["20-30", "20 – 30", "20—30", "20 to 30", "between 20 and 30", "about 20-30 people", "20-c. 30"]
        {
            assert_eq!(read(text), (20, 30), "{text}");
        }
        assert_eq!(read("1,200"), (1200, 1200));
        assert_eq!(read("over 1,200-1,500"), (1200, 1500));
        assert_eq!(read("1,000,000,000"), (MOST, MOST));
        for text in ["0", "none", "None", "nobody", "nil"] {
            assert_eq!(read(text), (0, 0), "{text}");
        }
    }

    #[test]
    fn a_blank_is_not_a_number() {
        for text in ["", "   ", "\u{a0}", "unknown", "Not known", "n/a", "?"] {
            assert_eq!(parse(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn refuses_what_cannot_be_read() {
        let refused = |text: &str| parse(text).unwrap_err();
        for text in
            ["many", "dozens", "forty", "1,20", "12 000", "£50", "40%", "4O", "a 40", "40 40", "+", "about"]
        {
            assert_eq!(refused(text), Unreadable::NotANumber, "{text}");
        }
        for text in [
            "c",
            "~",
            "over",
            "between 20",
            "20-30-40",
            "1..2",
            "20-",
            ",",
            "1e3",
            "٤٠",
            "40, 50",
            "carers 40",
        ] {
            assert_eq!(refused(text), Unreadable::NotANumber, "{text}");
        }
        assert_eq!(refused("-5"), Unreadable::Negative);
        assert_eq!(refused("40.5"), Unreadable::Fraction);
        assert_eq!(refused("30-20"), Unreadable::Backwards);
        assert_eq!(refused("1000000001"), Unreadable::TooMany);
        assert_eq!(refused("99999999999999999999"), Unreadable::TooMany);
        assert_eq!(refused(&"4".repeat(101)), Unreadable::TooLong);
    }

    proptest! {
        #[test]
        fn never_panics_and_keeps_the_words(text in "\\PC{0,120}") {
            if let Ok(Some(attended)) = parse(&text) {
                prop_assert!(0 <= attended.low && attended.low <= attended.high && attended.high <= MOST);
                prop_assert_eq!(attended.words, text.trim());
            }
        }

        #[test]
        fn words_around_numbers_never_panic(text in "(c\\. ?|about |~|over |between )?[0-9,.+–-]{0,12}( to | and |-)?[0-9,]{0,12}( people|\\+| \\(est\\))?") {
            let _ = parse(&text);
        }

        #[test]
        fn an_interval_reads_as_its_ends(low in 0..=MOST, high in 0..=MOST) {
            let (low, high) = (low.min(high), low.max(high));
            let attended = parse(&format!("{low}-{high}")).unwrap().unwrap();
            prop_assert_eq!((attended.low, attended.high), (low, high));
        }
    }
}
