//! What someone typed of a standard, read: every threshold within its bounds.

use method::Standard;
use serde_json::{Map, Value};

use super::THRESHOLDS;

/// The longest name, office and reason, in characters.
pub const LABEL: usize = 40;
pub const AUTHOR: usize = 200;
pub const REASON: usize = 2000;

/// A standard that can be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its name and version, such as `stp-2018/1`.
    pub label: String,
    /// The office that writes it.
    pub author: String,
    pub reason: String,
    pub standard: Standard,
}

impl Draft {
    /// Reads what was typed under each name. With `national`, no threshold may be laxer than there. Refuses with every
    /// problem at once, each as (field, message).
    pub fn parse(
        typed: impl Fn(&str) -> String,
        national: Option<&Standard>,
    ) -> Result<Self, Vec<(&'static str, String)>> {
        let mut problems = Vec::new();
        let label = typed("label");
        if !is_label(&label) {
            let how = "Enter a name and a number with a slash between them, such as stp-2018/1";
            problems.push(("label", how.to_owned()));
        }
        let mut line = |field, what: &str, most: usize| {
            let text = typed(field).trim().to_owned();
            if text.is_empty() {
                problems.push((field, format!("Enter {what}")));
            } else if text.chars().count() > most {
                problems.push((field, format!("Enter {what} in {most} characters or fewer")));
            }
            text
        };
        let author = line("author", "the office that writes it", AUTHOR);
        let reason = line("reason", "why it is written", REASON);
        let national = national.map(document);
        let mut document = Map::new();
        document.insert("version".into(), label.clone().into());
        for threshold in THRESHOLDS {
            match threshold.parse(&typed(threshold.key)) {
                Err(problem) => problems.push((threshold.key, problem)),
                Ok(value) => {
                    let known = national.as_ref().and_then(|national| national.get(threshold.key));
                    if known.is_some_and(|known| !threshold.is_no_laxer(known, &value)) {
                        let rule = threshold.rule();
                        problems.push((
                            threshold.key,
                            format!("{}: this asks less than the national standard. {rule}", threshold.label),
                        ));
                    }
                    document.insert(threshold.key.to_owned(), value);
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        match Standard::parse(Value::Object(document).to_string().as_bytes()) {
            Ok(standard) => Ok(Self { label, author, reason, standard }),
            Err(found) => Err(found
                .into_iter()
                .map(|problem| (field(&problem.to_string()), problem.to_string()))
                .collect()),
        }
    }
}

/// The field that the method's reader names first.
fn field(problem: &str) -> &'static str {
    THRESHOLDS.iter().map(|threshold| threshold.key).find(|key| problem.contains(key)).unwrap_or("label")
}

/// Whether this can name a version.
fn is_label(label: &str) -> bool {
    let Some((name, number)) = label.split_once('/') else { return false };
    label.len() <= LABEL
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && number.parse::<u32>().is_ok_and(|whole| whole > 0 && whole.to_string() == number)
}

/// The thresholds of a standard by key.
pub fn document(standard: &Standard) -> Map<String, Value> {
    match serde_json::from_str(&standard.to_canonical()) {
        Ok(Value::Object(document)) => document,
        _ => Map::new(),
    }
}
