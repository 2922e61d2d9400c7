//! What an address asks for after its question mark: filters, a day, where a page of a list begins.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{extract::FromRequestParts, http::request::Parts};
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    assessments::look::{KnownAt, Look, NotThen},
    clock::Clock,
    fault::Fault,
    standards,
};

/// Letters of one answer that are looked at: nobody types more into a filter.
const LONGEST: usize = 200;

/// The names and texts of an address. A name given twice has its last text.
#[derive(Clone, Debug, Default)]
pub struct Asked(BTreeMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Ok(Self(
            pairs.map(|(name, text)| (name.into_owned(), text.chars().take(LONGEST).collect())).collect(),
        ))
    }
}

impl Asked {
    /// The text under a name without spaces around it; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// The same, or none where it is empty.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A day; none where none is given. Refuses what is not one, in words for people.
    pub fn day(&self, name: &str) -> Result<Option<NaiveDate>, Fault> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
        let last = NaiveDate::from_ymd_opt(2199, 12, 31).unwrap_or_default();
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| (first..=last).contains(day));
        let refusal = || Fault::BadRequest(format!("“{text}” is not a day. Write it as 2017-06-30."));
        day.map(Some).ok_or_else(refusal)
    }

    /// The day to look at the record: `as_at`, or today.
    pub fn as_at(&self, clock: &Clock) -> Result<NaiveDate, Fault> {
        Ok(self.day("as_at")?.unwrap_or_else(|| clock.today()))
    }

    /// Until when what was written down is looked at: `known_at`; none for the record as it stands.
    pub fn known_at(&self) -> Result<Option<KnownAt>, Fault> {
        let known = self.some("known_at").map(|text| text.parse());
        known.transpose().map_err(|why: NotThen| Fault::BadRequest(why.to_string()))
    }

    /// How to look at the record. Where only `known_at` is given, it is looked at as at that day.
    pub async fn look(&self, clock: &Clock, db: &impl ConnectionTrait) -> Result<Look, Fault> {
        let known = self.known_at()?;
        let today = clock.today();
        let then = known.map_or(today, |known| known.day().min(today));
        Ok(Look {
            as_at: self.day("as_at")?.unwrap_or(then),
            known_at: known,
            known: match known {
                Some(known) => Some(known.until(db).await?),
                None => None,
            },
            standard: self.standard(db).await?,
        })
    }

    /// The name of the standard asked for, where it was ever in force.
    pub async fn standard(&self, db: &impl ConnectionTrait) -> Result<Option<String>, Fault> {
        let Some(label) = self.some("standard") else { return Ok(None) };
        match standards::named(db, &label).await? {
            Some(_) => Ok(Some(label)),
            None => Err(Fault::BadRequest(format!("There is no standard called “{label}”."))),
        }
    }

    /// What links keep of how the record is looked at: `?as_at=…&known_at=…&standard=…`, without what is not given.
    pub fn kept(&self) -> String {
        let kept: Vec<String> = ["as_at", "known_at", "standard"]
            .into_iter()
            .filter_map(|name| {
                let text = self.some(name)?;
                Some(url::form_urlencoded::Serializer::new(String::new()).append_pair(name, &text).finish())
            })
            .collect();
        if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
    }

    /// The same question with some answers changed; an empty text takes one away.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut asked = self.0.clone();
        asked.retain(|_, text| !text.is_empty());
        for (name, text) in changes {
            if text.is_empty() {
                asked.remove(*name);
            } else {
                asked.insert((*name).to_owned(), (*text).to_owned());
            }
        }
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&asked).finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// A field of a filter, as `form.filter` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    pub options: Vec<Choice>,
    /// The words of the choice of none.
    pub empty: &'static str,
    pub date: bool,
}

/// A choice of a filter.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Field {
    /// One of several.
    pub fn choice(
        name: &'static str,
        label: &'static str,
        empty: &'static str,
        asked: &Asked,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let options = options.into_iter().map(|(value, label)| Choice { value, label }).collect();
        Self { name, label, value: asked.text(name).to_owned(), options, empty, date: false }
    }

    /// A day.
    pub fn day(name: &'static str, label: &'static str, value: String) -> Self {
        Self { name, label, value, options: Vec::new(), empty: "", date: true }
    }
}
