//! The thresholds of a standard: what each is called, what it may hold, and which way is stricter.

use chrono::NaiveDate;
use serde_json::{Map, Value};

/// What a threshold holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A whole number, at least and at most.
    Whole(u32, u32),
    /// A share from 0 to 1.
    Share,
    Day,
    /// Periods, each from a day to a day.
    Periods,
    Days,
}

/// Which way a threshold asks more of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    Lower,
    Higher,
    Earlier,
    /// Everything that is there, and more.
    More,
    /// It is a fact and not a choice.
    Fixed,
}

/// A threshold.
#[derive(Clone, Copy, Debug)]
pub struct Threshold {
    /// Its name in the document and in a form.
    pub key: &'static str,
    pub label: &'static str,
    pub unit: &'static str,
    pub holds: Holds,
    pub stricter: Stricter,
}

const fn days(key: &'static str, label: &'static str, stricter: Stricter) -> Threshold {
    Threshold { key, label, unit: "days", holds: Holds::Whole(1, 3650), stricter }
}

/// Every threshold, in the order of the document.
pub const THRESHOLDS: &[Threshold] = &[
    days("recency_days", "Engagement of a group is stale after", Stricter::Lower),
    days("window_days", "A formal consultation is open for", Stricter::Higher),
    days("consider_days", "Between the close of a consultation and the decision", Stricter::Higher),
    Threshold {
        key: "poor_timing_share",
        label: "Share of a consultation's days that may fall at a poor time",
        unit: "from 0 to 1",
        holds: Holds::Share,
        stricter: Stricter::Lower,
    },
    days("response_days", "Responding to a formal consultation", Stricter::Lower),
    days("feedback_days", "Feeding back on an event", Stricter::Lower),
    days("evidence_days", "Adding evidence of an event", Stricter::Lower),
    days("publish_days", "Publishing an event", Stricter::Lower),
    days("minutes_days", "Publishing the minutes of a board", Stricter::Lower),
    days("outcome_days", "Recording what came of a planned event", Stricter::Lower),
    days("replace_days", "Replacing a cancelled event", Stricter::Lower),
    days("reply_days", "Replying to a request", Stricter::Lower),
    Threshold {
        key: "answer_working_days",
        label: "Answering a question",
        unit: "working days",
        holds: Holds::Whole(1, 1000),
        stricter: Stricter::Lower,
    },
    Threshold {
        key: "monitoring_known_share",
        label: "Share of people whose characteristics are to be known",
        unit: "from 0 to 1",
        holds: Holds::Share,
        stricter: Stricter::Higher,
    },
    Threshold {
        key: "plan_due_on",
        label: "The plan was to be published by",
        unit: "",
        holds: Holds::Day,
        stricter: Stricter::Earlier,
    },
    Threshold {
        key: "pre_election_periods",
        label: "Periods before elections",
        unit: "",
        holds: Holds::Periods,
        stricter: Stricter::More,
    },
    Threshold {
        key: "bank_holidays",
        label: "Bank holidays",
        unit: "",
        holds: Holds::Days,
        stricter: Stricter::Fixed,
    },
];

impl Threshold {
    /// What a form says of it beneath its name.
    pub fn hint(&self) -> String {
        match self.holds {
            Holds::Whole(least, most) => format!("A whole number of {} from {least} to {most}", self.unit),
            Holds::Share => "A share from 0 to 1, such as 0.25".to_owned(),
            Holds::Day => "A day, such as 2016-12-31".to_owned(),
            Holds::Periods => "One period to a line, such as 2017-03-27 to 2017-05-04".to_owned(),
            Holds::Days => "Days such as 2017-12-25, with spaces or line ends between them".to_owned(),
        }
    }

    /// What an area that asks more of itself may do with it.
    pub const fn rule(&self) -> &'static str {
        match self.stricter {
            Stricter::Lower => "It may be lowered",
            Stricter::Higher => "It may be raised",
            Stricter::Earlier => "It may be made earlier",
            Stricter::More => "Periods may be added",
            Stricter::Fixed => "It is the same everywhere",
        }
    }

    /// Its value in a document, as a form holds it.
    pub fn text(&self, document: &Map<String, Value>) -> String {
        text(document.get(self.key).unwrap_or(&Value::Null))
    }

    /// Reads what was typed as a value of a document. The error says what to do.
    pub fn parse(&self, typed: &str) -> Result<Value, String> {
        let typed = typed.trim();
        let label = self.label;
        let refused = || format!("{label}: enter {}", lower(&self.hint()));
        match self.holds {
            Holds::Whole(least, most) => typed
                .parse::<u32>()
                .ok()
                .filter(|number| (least..=most).contains(number))
                .map(Value::from)
                .ok_or_else(refused),
            Holds::Share => share(typed).ok_or_else(refused),
            Holds::Day => day(typed).map(Value::from).ok_or_else(refused),
            Holds::Days => {
                let mut days = Vec::new();
                for word in typed.split([' ', ',', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
                    days.push(day(word).ok_or_else(|| format!("{label}: “{word}” is not a day"))?);
                }
                days.sort();
                days.dedup();
                Ok(Value::from(days))
            }
            Holds::Periods => {
                let mut periods = Vec::new();
                for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    let read = line.split_once(" to ").and_then(|(from, to)| {
                        let (from, to) = (day(from.trim())?, day(to.trim())?);
                        (from <= to).then(|| serde_json::json!({ "from": from, "to": to }))
                    });
                    let refused =
                        || format!("{label}: “{line}” is not a period. Write it as 2017-03-27 to 2017-05-04");
                    let period = read.ok_or_else(refused)?;
                    if periods.contains(&period) {
                        return Err(format!("{label}: “{line}” is there twice"));
                    }
                    periods.push(period);
                }
                Ok(Value::from(periods))
            }
        }
    }

    /// Whether `own` asks no less than `national`.
    pub fn is_no_laxer(&self, national: &Value, own: &Value) -> bool {
        let number = |value: &Value| value.as_f64().unwrap_or_default();
        let day = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match self.stricter {
            Stricter::Lower => number(own) <= number(national),
            Stricter::Higher => number(own) >= number(national),
            Stricter::Earlier => day(own) <= day(national),
            Stricter::Fixed => own == national,
            Stricter::More => {
                let (Some(own), Some(national)) = (own.as_array(), national.as_array()) else { return false };
                national.iter().all(|period| own.contains(period))
            }
        }
    }
}

/// A value of a document as a person reads and types it.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(item).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

fn item(value: &Value) -> String {
    match (value["from"].as_str(), value["to"].as_str()) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        _ => text(value),
    }
}

fn day(text: &str) -> Option<String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let first = NaiveDate::from_ymd_opt(1900, 1, 1)?;
    let last = NaiveDate::from_ymd_opt(2199, 12, 31)?;
    (first..=last).contains(&day).then(|| day.to_string())
}

/// A share, exact to six decimals.
fn share(text: &str) -> Option<Value> {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let share: f64 = text.parse().ok().filter(|_| plain && decimals <= 6)?;
    (0.0..=1.0).contains(&share).then(|| Value::from(share))
}

fn lower(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threshold(key: &str) -> &'static Threshold {
        THRESHOLDS.iter().find(|threshold| threshold.key == key).unwrap()
    }

    #[test]
    fn every_threshold_of_the_default_is_here_and_reads_back_as_it_is() {
        let document: Map<String, Value> =
            serde_json::from_str(&method::Standard::default_2017().to_canonical()).unwrap();
        let mut keys: Vec<&str> = THRESHOLDS.iter().map(|threshold| threshold.key).collect();
        keys.push("version");
        keys.sort_unstable();
        assert_eq!(keys, document.keys().map(String::as_str).collect::<Vec<_>>());
        for threshold in THRESHOLDS {
            let text = threshold.text(&document);
            assert_eq!(threshold.parse(&text).as_ref(), Ok(&document[threshold.key]), "{}", threshold.key);
        }
    }

    #[test]
    fn which_way_is_stricter() {
        // Key, an own value that asks more of the area, one that asks less; the default is between them.
        let table = [
            ("recency_days", "150", "181"),
            ("window_days", "90", "83"),
            ("consider_days", "29", "27"),
            ("poor_timing_share", "0.2", "0.3"),
            ("response_days", "83", "85"),
            ("feedback_days", "41", "43"),
            ("evidence_days", "13", "15"),
            ("publish_days", "41", "43"),
            ("minutes_days", "27", "29"),
            ("outcome_days", "13", "15"),
            ("replace_days", "59", "61"),
            ("reply_days", "20", "22"),
            ("answer_working_days", "19", "21"),
            ("monitoring_known_share", "0.7", "0.5"),
            ("plan_due_on", "2016-12-30", "2017-01-01"),
        ];
        let document: Map<String, Value> =
            serde_json::from_str(&method::Standard::default_2017().to_canonical()).unwrap();
        for (key, more, less) in table {
            let threshold = threshold(key);
            let national = &document[key];
            let value = |text: &str| threshold.parse(text).unwrap();
            assert!(threshold.is_no_laxer(national, &value(more)), "{key} {more}");
            assert!(threshold.is_no_laxer(national, national), "{key} as it is");
            assert!(!threshold.is_no_laxer(national, &value(less)), "{key} {less}");
        }
        assert_eq!(table.len() + 2, THRESHOLDS.len(), "periods and holidays are below");
        let periods = threshold("pre_election_periods");
        let (national, text) = (&document["pre_election_periods"], periods.text(&document));
        let more = periods.parse(&format!("{text}\n2019-03-25 to 2019-05-02")).unwrap();
        let fewer = periods.parse(text.lines().next().unwrap()).unwrap();
        assert!(periods.is_no_laxer(national, &more) && !periods.is_no_laxer(national, &fewer));
        let holidays = threshold("bank_holidays");
        let (national, text) = (&document["bank_holidays"], holidays.text(&document));
        assert!(!holidays.is_no_laxer(national, &holidays.parse(&format!("{text} 2017-06-01")).unwrap()));
    }

    #[test]
    fn what_is_out_of_bounds_is_refused_in_words() {
        for (key, bad) in [
            ("recency_days", "0"),
            ("recency_days", "3651"),
            ("recency_days", "half a year"),
            ("recency_days", ""),
            ("poor_timing_share", "1.5"),
            ("poor_timing_share", "-0"),
            ("poor_timing_share", "0.1234567"),
            ("plan_due_on", "31 December 2016"),
            ("bank_holidays", "2017-02-30"),
            ("pre_election_periods", "2017-05-04 to 2017-03-27"),
            ("pre_election_periods", "2017-05-04"),
        ] {
            let refused = threshold(key).parse(bad).unwrap_err();
            assert!(refused.starts_with(threshold(key).label), "{key} {bad}: {refused}");
        }
    }
}
