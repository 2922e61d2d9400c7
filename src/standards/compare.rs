//! Two versions of a standard, threshold by threshold.

use method::Standard;
use serde::Serialize;

use super::{THRESHOLDS, draft::document, threshold::Holds};

/// A threshold in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub label: &'static str,
    pub unit: &'static str,
    pub before: String,
    pub after: String,
    pub differs: bool,
    /// What was added to a list, and what was taken from it.
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// Whether it holds a list: then what is in both is not told.
    pub list: bool,
}

/// Every threshold of two versions, in the order of the document.
pub fn rows(before: &Standard, after: &Standard) -> Vec<Row> {
    let (before, after) = (document(before), document(after));
    THRESHOLDS
        .iter()
        .map(|threshold| {
            let (before, after) = (threshold.text(&before), threshold.text(&after));
            let list = matches!(threshold.holds, Holds::Days | Holds::Periods);
            let not_in = |one: &str, other: &str| -> Vec<String> {
                let there: Vec<&str> = other.lines().collect();
                one.lines().filter(|line| list && !there.contains(line)).map(str::to_owned).collect()
            };
            Row {
                label: threshold.label,
                unit: threshold.unit,
                differs: before != after,
                added: not_in(&after, &before),
                removed: not_in(&before, &after),
                before,
                after,
                list,
            }
        })
        .collect()
}
