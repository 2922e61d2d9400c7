//! What templates may do with a value: say a date, a number, how many of something.

use chrono::{DateTime, NaiveDate};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

/// Makes every filter known to the templates.
pub fn register(tera: &mut Tera) {
    tera.register_filter("date", |text: &str, _: Kwargs, _: &State| date(text, "%-d %B %Y"));
    tera.register_filter("short_date", |text: &str, _: Kwargs, _: &State| date(text, "%-d %b %Y"));
    tera.register_filter("number", |number: i64, _: Kwargs, _: &State| thousands(number));
    tera.register_filter("plural", plural);
    tera.register_filter("bytes", |size: i64, _: Kwargs, _: &State| bytes(size));
    tera.register_filter("verdict_word", |verdict: &str, _: Kwargs, _: &State| verdict_word(verdict));
    tera.register_filter("query", |text: &str, _: Kwargs, _: &State| query(text));
}

/// `2017-01-11`, or an instant that begins so, as people say it: "11 January 2017".
fn date(text: &str, shape: &str) -> TeraResult<String> {
    let day = text.get(..10).unwrap_or(text);
    NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .map(|day| day.format(shape).to_string())
        .map_err(|why| Error::message(format!("`{text}` is not a date: {why}")))
}

/// `11 January 2017`, for sentences made in code.
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// An instant, in universal time: "11 January 2017 at 09:30 UTC".
pub fn instant<Tz: chrono::TimeZone>(at: &DateTime<Tz>) -> String {
    at.to_utc().format("%-d %B %Y at %H:%M UTC").to_string()
}

/// `1234567` as "1,234,567".
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `{{ 3 | plural(one="gap") }}` is "3 gaps"; `many` where adding an s does not do, `no` in place of "0 gaps".
#[allow(clippy::needless_pass_by_value)] // the shape that the templates' engine calls
fn plural(number: i64, given: Kwargs, _: &State) -> TeraResult<String> {
    let one = given.must_get::<&str>("one")?;
    let many = given.get::<&str>("many")?;
    Ok(match (number, given.get::<&str>("no")?) {
        (0, Some(no)) => no.to_owned(),
        _ => count(number, one, many),
    })
}

/// "1 gap", "3 gaps", "1,200 bodies".
pub fn count(number: i64, one: &str, many: Option<&str>) -> String {
    let many = many.map_or_else(|| format!("{one}s"), ToOwned::to_owned);
    format!("{} {}", thousands(number), if number == 1 { one } else { &many })
}

/// Whether an address is of the web: anything else could be script.
pub fn is_web(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// The size of a file: "512 bytes", "9 KB", "1.4 MB".
pub fn bytes(size: i64) -> String {
    const KB: i64 = 1024;
    match size {
        ..KB => count(size, "byte", None),
        KB..1_048_576 => format!("{} KB", (size + KB / 2) / KB),
        _ => {
            let tenths = (size * 10 + 524_288) / 1_048_576;
            if tenths % 10 == 0 {
                format!("{} MB", tenths / 10)
            } else {
                format!("{}.{} MB", tenths / 10, tenths % 10)
            }
        }
    }
}

/// A verdict as a word.
fn verdict_word(verdict: &str) -> TeraResult<&'static str> {
    Ok(match verdict {
        "gap" => "Gap",
        "met" => "Met",
        "unknown" => "Unknown",
        "not_applicable" => "Not applicable",
        other => return Err(Error::message(format!("`{other}` is not a verdict"))),
    })
}

/// A text as one part of an address: everything but letters, digits and `-._~` is escaped.
fn query(text: &str) -> Value {
    Value::from(url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_sizes_are_said_as_people_say_them() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(-1000), "-1,000");
        assert_eq!(thousands(54_786_300), "54,786,300");
        assert_eq!(date("2017-01-11", "%-d %B %Y").unwrap(), "11 January 2017");
        assert_eq!(date("2017-01-11T09:30:00Z", "%-d %b %Y").unwrap(), "11 Jan 2017");
        assert!(date("soon", "%-d").is_err());
        assert_eq!(count(1, "gap", None), "1 gap");
        assert_eq!(count(1200, "body", Some("bodies")), "1,200 bodies");
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(9 * 1024 + 100), "9 KB");
        assert_eq!(bytes(1_468_006), "1.4 MB");
        assert_eq!(bytes(2 * 1_048_576), "2 MB");
    }
}
