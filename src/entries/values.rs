//! What an entry says, field by field: one shape between forms, spreadsheets, pages and journalled documents.
//!
//! ```text
//! form ──────┐                                         ┌─► form, page, list
//! row ───────┼─► texts of each field ─► Values (settled) ┼─► row of a spreadsheet
//! document ──┘                                         └─► typed, for the noun to write
//! ```
//!
//! A settled text is in its one spelling: a day as `2017-01-11`, yes as `yes`, a choice as its code, several in the order
//! of their codes. Equal values are equal texts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::Value;

use super::{
    About,
    field::{Choice, Field, Kind, Source},
};
use crate::{
    events::numbers::{self, Attended},
    import::{days, map::spelling},
    web::filters::is_web,
};

/// The longest line, text and short text in characters, and the most short texts.
const LINE: usize = 500;
const TEXT: usize = 10_000;
const SHORT: usize = 100;
const MANY: usize = 50;

/// The choices of every field that has some, by the field's key.
pub type Choices = BTreeMap<&'static str, Vec<Choice>>;

/// What an entry says. A field that says nothing is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<&'static str, Vec<String>>);

impl Values {
    /// Puts settled texts under a field.
    pub fn put(&mut self, key: &'static str, texts: Vec<String>) {
        if texts.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key, texts);
        }
    }

    /// Every text of a field.
    pub fn list(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// The one text of a field; empty where there is none.
    pub fn text(&self, key: &str) -> &str {
        self.list(key).first().map_or("", String::as_str)
    }

    /// The same, or none where it is empty: for a column that may be null.
    pub fn some(&self, key: &str) -> Option<String> {
        self.list(key).first().cloned()
    }

    pub fn day(&self, key: &str) -> Option<NaiveDate> {
        self.text(key).parse().ok()
    }

    pub fn yes(&self, key: &str) -> bool {
        self.text(key) == "yes"
    }

    /// A word of a column, by its `parse`.
    pub fn word<T>(&self, key: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        parse(self.text(key))
    }

    pub fn whole(&self, key: &str) -> Option<i32> {
        self.text(key).parse().ok()
    }

    /// A share of the whole in millionths.
    pub fn millionths(&self, key: &str) -> Option<i64> {
        share(self.text(key))
    }

    pub fn people(&self, key: &str) -> Option<Attended> {
        numbers::parse(self.text(key)).ok().flatten()
    }

    /// A list of texts as a column holds it.
    pub fn json(&self, key: &str) -> String {
        Value::from(self.list(key).to_vec()).to_string()
    }

    /// What a document says: a column under each field's key. Choices are taken as they are.
    pub fn of_document(about: &About, document: &Value) -> Self {
        let mut values = Self::default();
        for field in about.fields() {
            let key = match field.kind {
                Kind::People => format!("{}_words", field.key),
                _ => field.key.to_owned(),
            };
            let texts = document.get(key).map(|value| texts(field, value)).unwrap_or_default();
            // What is kept has been settled before, or came from elsewhere and is shown as it is.
            let settled = settle(field, None, texts.clone()).unwrap_or(texts);
            values.put(field.key, settled);
        }
        values
    }

    /// A field as one cell of a spreadsheet.
    pub fn cell(&self, key: &str) -> String {
        self.list(key).join("; ")
    }
}

fn texts(field: &Field, value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(false) => Vec::new(),
        Value::Bool(true) => vec!["yes".into()],
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) if matches!(field.kind, Kind::Texts | Kind::Several(_)) => {
            serde_json::from_str(text).unwrap_or_else(|_| vec![text.clone()])
        }
        Value::String(text) => vec![text.clone()],
        // Rows of a table of its own, each with the one column that names something.
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.as_str().or_else(|| item.as_object()?.values().next()?.as_str()))
            .map(str::to_owned)
            .collect(),
        other => vec![other.to_string()],
    }
}

/// Brings the texts of a field into their one spelling, or says what is wrong and what to do. Without choices any code is
/// taken.
pub fn settle(field: &Field, choices: Option<&Choices>, texts: Vec<String>) -> Result<Vec<String>, String> {
    let texts: Vec<String> = texts.iter().map(|text| clean(text)).filter(|text| !text.is_empty()).collect();
    let named = field.named();
    if texts.is_empty() {
        return match field.kind {
            _ if !field.required || choices.is_none() => Ok(texts),
            Kind::One(_) | Kind::Several(_) => Err(format!("Select {named}")),
            _ => Err(format!("Enter {named}")),
        };
    }
    let first = texts[0].as_str();
    let longest = |text: &str, most: usize| {
        if text.chars().count() > most {
            return Err(format!("{} must be {most} characters or fewer", field.label));
        }
        Ok(())
    };
    match field.kind {
        Kind::Line => {
            let line = first.split_whitespace().collect::<Vec<_>>().join(" ");
            longest(&line, LINE)?;
            Ok(vec![line])
        }
        Kind::Text => longest(first, TEXT).map(|()| vec![first.to_owned()]),
        Kind::Texts => {
            let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
            for part in texts.iter().flat_map(|text| text.split([';', '\n'])) {
                let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
                longest(&part, SHORT)?;
                if !part.is_empty() && seen.insert(part.clone()) {
                    all.push(part);
                }
            }
            if all.len() > MANY {
                return Err(format!("{} must be {MANY} or fewer", field.label));
            }
            Ok(all)
        }
        Kind::Web => {
            let whole =
                is_web(first) && url::Url::parse(first).is_ok() && !first.contains(char::is_whitespace);
            if !whole || first.len() > 2000 {
                return Err(format!(
                    "{} must be a web address that begins with https:// or http://",
                    field.label
                ));
            }
            Ok(vec![first.to_owned()])
        }
        Kind::Day => days::day(first).map(|day| vec![day.to_string()]).ok_or_else(|| {
            format!("{} must be a real date, such as 2017-01-11 or 11 January 2017", field.label)
        }),
        Kind::YesNo => match first.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => Ok(vec!["yes".into()]),
            "no" | "n" | "false" | "0" => Ok(Vec::new()),
            _ => Err(format!("{} must be yes or no", field.label)),
        },
        Kind::One(source) => chosen(field, source, choices, first).map(|code| vec![code]),
        Kind::Several(source) => {
            let parts = texts.iter().flat_map(|text| text.split([';', '\n'])).map(str::trim);
            let codes: Result<BTreeSet<String>, String> = parts
                .filter(|part| !part.is_empty())
                .map(|part| chosen(field, source, choices, part))
                .collect();
            Ok(codes?.into_iter().collect())
        }
        Kind::Whole(least, most) => first
            .parse::<i32>()
            .ok()
            .filter(|number| (least..=most).contains(number) && !first.starts_with('+'))
            .map(|number| vec![number.to_string()])
            .ok_or_else(|| format!("{} must be a whole number from {least} to {most}", field.label)),
        Kind::Share => share(first).map(|millionths| vec![decimal(millionths)]).ok_or_else(|| {
            format!("{} must be from 0 to 1 with six decimals at most, such as 0.25", field.label)
        }),
        Kind::People => numbers::parse(first)
            .map(|people| people.map(|people| vec![people.words]).unwrap_or_default())
            .map_err(|why| why.to_string()),
    }
}

/// The code of a choice, by its code or its label.
fn chosen(field: &Field, source: Source, choices: Option<&Choices>, text: &str) -> Result<String, String> {
    let Some(choices) = choices else { return Ok(text.to_owned()) };
    let all = choices.get(field.key).map_or(&[][..], Vec::as_slice);
    if let Some(choice) = all.iter().find(|choice| choice.value == text) {
        return Ok(choice.value.clone());
    }
    let wanted = spelling(text);
    let mut like =
        all.iter().filter(|choice| spelling(&choice.label) == wanted || spelling(&choice.value) == wanted);
    match (like.next(), like.next()) {
        (Some(one), None) => Ok(one.value.clone()),
        (Some(_), Some(_)) => Err(format!("{}: more than one is called “{text}”. Use its id", field.label)),
        (None, _) => Err(match source {
            Source::Words(_) if all.len() <= 15 => {
                let known: Vec<&str> = all.iter().map(|choice| choice.value.as_str()).collect();
                format!("{}: “{text}” is not one of {}", field.label, known.join(", "))
            }
            Source::Words(_) | Source::Groups => format!("{}: there is no “{text}”", field.label),
            _ => format!("{}: this STP has no “{text}”", field.label),
        }),
    }
}

/// A text without spaces around it and without control characters; lines stay.
fn clean(text: &str) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.trim().replace("\r\n", "\n").chars().filter(kept).collect::<String>().trim().to_owned()
}

/// "0.25" in millionths: 0 to 1, six decimals at most.
fn share(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 6 || whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let millionths =
        whole.parse::<i64>().ok()?.checked_mul(1_000_000)? + format!("{part:0<6}").parse::<i64>().ok()?;
    (millionths <= 1_000_000).then_some(millionths)
}

/// Millionths as a decimal in its shortest form.
pub fn decimal(millionths: i64) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
