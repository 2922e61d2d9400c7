//! When each plan was made public: a file of one row an STP → the STP's own row.
//!
//! Where no day is known, the last day it can have been is kept, if anything bounds it, and the words are shown instead.

use chrono::{Datelike as _, NaiveDate};
use entity::stp;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use serde::Deserialize;

use super::days::{self, When};
use crate::{
    journal::{Entry, Writer},
    web::filters::day,
};

/// A row of the file.
#[derive(Debug, Deserialize)]
struct Row {
    stp_code: String,
    published_date: Option<NaiveDate>,
    published_month: Option<String>,
    earliest_date: Option<NaiveDate>,
    latest_date: Option<NaiveDate>,
    source_url: Option<String>,
    note: Option<String>,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub stp: String,
    pub published_on: Option<NaiveDate>,
    /// Shown instead of the day where the day is not known.
    pub words: Option<String>,
    pub url: Option<String>,
    pub note: Option<String>,
}

/// Reads a file. The error names the row.
pub fn read(bytes: &[u8]) -> Result<Vec<Plan>, String> {
    let rows = csv::Reader::from_reader(bytes).into_deserialize::<Row>();
    rows.map(|row| row.map_err(|error| error.to_string()).and_then(plan)).collect()
}

fn plan(row: Row) -> Result<Plan, String> {
    let month = match &row.published_month {
        None => None,
        Some(text) => Some(month(text).ok_or_else(|| format!("{}: “{text}” is not a month", row.stp_code))?),
    };
    let (published_on, words) = match (row.published_date, month) {
        (Some(day), _) => (Some(day), None),
        (None, Some((first, last))) => {
            let latest = row.latest_date.filter(|day| (first..=last).contains(day));
            let words = first.format("%B %Y").to_string();
            let words = latest.map_or(words.clone(), |latest| format!("{words}, by {}", day(latest)));
            (Some(latest.unwrap_or(last)), Some(words))
        }
        (None, None) => match (row.earliest_date, row.latest_date) {
            (_, Some(latest)) => (Some(latest), Some(format!("By {}", day(latest)))),
            (Some(earliest), None) => (None, Some(format!("On or after {}", day(earliest)))),
            (None, None) => (None, None),
        },
    };
    let url = row.source_url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    Ok(Plan { stp: row.stp_code, published_on, words, url, note: row.note.filter(|note| !note.is_empty()) })
}

/// "2016-11": its first and its last day.
fn month(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let first = days::day(&format!("{text}-01"))?;
    match days::parse(&format!("{} {}", first.format("%B"), first.year()))? {
        When::Within(first, last) => Some((first, last)),
        When::Day(_) | When::Span(..) => None,
    }
}

/// Writes what differs. Gives how many STPs were changed; the error is a code that no STP has.
pub async fn write(w: &mut Writer, plans: &[Plan]) -> anyhow::Result<usize> {
    let mut changed = 0;
    for plan in plans {
        let Some(before) = stp::Entity::find_by_id(&plan.stp).one(w.tx()).await? else {
            anyhow::bail!("no STP has the code {}", plan.stp);
        };
        let mut after = before.clone();
        after.plan_published_on = plan.published_on;
        after.plan_published_words.clone_from(&plan.words);
        after.plan_published_url.clone_from(&plan.url);
        after.plan_published_note.clone_from(&plan.note);
        if after == before {
            continue;
        }
        after.version += 1;
        let mut row = before.clone().into_active_model();
        row.plan_published_on = Set(after.plan_published_on);
        row.plan_published_words = Set(after.plan_published_words.clone());
        row.plan_published_url = Set(after.plan_published_url.clone());
        row.plan_published_note = Set(after.plan_published_note.clone());
        row.version = Set(after.version);
        row.update(w.tx()).await?;
        w.record(Entry {
            action: "import",
            table: "stps",
            id: &plan.stp,
            stp: Some(&plan.stp),
            before: Some(serde_json::to_value(&before)?),
            after: Some(serde_json::to_value(&after)?),
        });
        changed += 1;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_real_file_is_read() {
        let plans = read(include_bytes!("../../data/engagement-log/plans.csv")).unwrap();
        assert_eq!(plans.len(), 44);
        let plan = |code: &str| plans.iter().find(|plan| plan.stp == code).unwrap();
        let said = |code: &str| {
            let plan = plan(code);
            (plan.published_on.map(|day| day.to_string()), plan.words.clone())
        };
        let pair = |day: &str, words: &str| (Some(day.to_owned()), Some(words.to_owned()));
        assert_eq!(said("E54000010"), (Some("2016-12-15".into()), None));
        assert_eq!(said("E54000048"), pair("2016-11-30", "November 2016"));
        assert_eq!(said("E54000046"), pair("2016-11-23", "November 2016, by 23 November 2016"));
        assert_eq!(said("E54000042"), pair("2016-12-05", "By 5 December 2016"));
        assert_eq!(said("E54000009"), (None, Some("On or after 21 October 2016".into())));
        assert_eq!(said("E54000041"), (None, None));
        let known = plans.iter().filter(|plan| plan.published_on.is_some() && plan.words.is_none()).count();
        let bounded = plans.iter().filter(|plan| plan.published_on.is_some() && plan.words.is_some()).count();
        let blank = plans.iter().filter(|plan| plan.published_on.is_none() && plan.words.is_none()).count();
        assert_eq!((known, bounded, blank), (16, 14, 13));
    }
}
