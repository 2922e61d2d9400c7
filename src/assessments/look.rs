//! How a record is looked at: as at which day, and as it was known when.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Europe::London;
use sea_orm::{ConnectionTrait, DbErr};

use crate::{clock, journal};

/// Until when what was written down is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownAt {
    /// The end of a day in England.
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

impl KnownAt {
    pub fn instant(self) -> DateTime<Utc> {
        match self {
            Self::Day(day) => clock::end_of_day(day),
            Self::Instant(instant) => instant,
        }
    }

    /// The day in England.
    pub fn day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) => instant.with_timezone(&London).date_naive(),
        }
    }

    /// The number of the last journal entry that was there by then.
    pub async fn until(self, db: &impl ConnectionTrait) -> Result<i64, DbErr> {
        journal::until(db, self.instant()).await
    }
}

/// As an address has it.
impl fmt::Display for KnownAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Instant(instant) => f.write_str(&instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}

/// A text that is neither a day nor an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither a day nor an instant. Write it as 2017-06-30 or 2017-06-30T12:00:00Z.")]
pub struct NotThen(String);

impl FromStr for KnownAt {
    type Err = NotThen;

    fn from_str(text: &str) -> Result<Self, NotThen> {
        let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
        let last = NaiveDate::from_ymd_opt(2199, 12, 31).unwrap_or_default();
        let known = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self::Day).or_else(|_| {
            DateTime::parse_from_rfc3339(text).map(|instant| Self::Instant(instant.with_timezone(&Utc)))
        });
        known
            .ok()
            .filter(|known| (first..=last).contains(&known.day()))
            .ok_or_else(|| NotThen(text.to_owned()))
    }
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Facts dated later do not exist.
    pub as_at: NaiveDate,
    /// The number of the last journal entry that is looked at; none for the record as it stands.
    pub known: Option<i64>,
    /// The name of the standard; none for the one in force.
    pub standard: Option<String>,
    /// `known` as an address has it.
    pub known_at: Option<KnownAt>,
}

impl Look {
    /// The same on another day.
    #[must_use]
    pub fn on(&self, as_at: NaiveDate) -> Self {
        Self { as_at, ..self.clone() }
    }

    /// As an address keeps it: `as_at=…&known_at=…&standard=…`.
    pub fn kept(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("as_at", &self.as_at.to_string());
        if let Some(known) = self.known_at {
            query.append_pair("known_at", &known.to_string());
        }
        if let Some(standard) = &self.standard {
            query.append_pair("standard", standard);
        }
        query.finish()
    }
}

impl From<NaiveDate> for Look {
    fn from(as_at: NaiveDate) -> Self {
        Self { as_at, known: None, known_at: None, standard: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_or_an_instant() {
        let read = |text: &str| text.parse::<KnownAt>().map(|known| known.instant().to_rfc3339());
        assert_eq!(read("2017-06-30").unwrap(), "2017-06-30T22:59:59.999999+00:00");
        assert_eq!(read("2017-06-30T12:00:00+01:00").unwrap(), "2017-06-30T11:00:00+00:00");
        for bad in ["", "yesterday", "2017-02-30", "0001-01-01", "9999-01-01", "2017-06-30T12:00"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let shown = |text: &str| text.parse::<KnownAt>().unwrap().to_string();
        assert_eq!(shown("2017-06-30"), "2017-06-30");
        assert_eq!(shown("2017-06-30T12:00:00+01:00"), "2017-06-30T11:00:00Z");
    }
}
