//! The hours of the night, on England's clocks, in which nobody is written to.
//!
//! Invitations and answers wait for their end. A statutory notice is not held: it is a formal notice to an office, and
//! when it was given may decide whether it was in time.
//!
//! A night is the stretch between two instants, so the hour that comes twice in October does not end it early; a time
//! that the clocks skip in March counts as the hour after it.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::London;
use entity::mailing::Purpose;

/// From when to when, each day; over midnight where the second is the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: NaiveTime,
    to: NaiveTime,
}

impl FromStr for QuietHours {
    type Err = String;

    /// Reads `21:00-07:00`.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let time =
            |text: &str| (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten();
        let times = text.split_once('-').and_then(|(from, to)| Some((time(from)?, time(to)?)));
        let (from, to) = times
            .ok_or_else(|| format!("{text} is no quiet time: write two times of day, as in 21:00-07:00"))?;
        if from == to {
            return Err(format!("{text} is no quiet time: it ends when it begins"));
        }
        Ok(Self { from, to })
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from.format("%H:%M"), self.to.format("%H:%M"))
    }
}

impl QuietHours {
    /// Until when a letter of this purpose is held; none where it may go now.
    pub fn until(self, now: DateTime<Utc>, purpose: Purpose) -> Option<DateTime<Utc>> {
        match purpose {
            Purpose::Statutory => None,
            Purpose::Service | Purpose::Engagement => {
                let mut until = self.end(now)?;
                // Where the day between two nights is shorter than the hour that comes twice.
                while let Some(later) = self.end(until) {
                    until = later;
                }
                Some(until)
            }
        }
    }

    /// The end of the night that `at` is in.
    fn end(self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let today = at.with_timezone(&London).date_naive();
        let nights = [today.pred_opt(), Some(today)].into_iter().flatten().map(|day| self.night(day));
        nights.filter(|(from, to)| (*from..*to).contains(&at)).map(|(_, to)| to).max()
    }

    /// The night that begins on this day.
    fn night(self, day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        let ends = if self.from < self.to { day } else { day.checked_add_days(Days::new(1)).unwrap_or(day) };
        let (from, to) = (day.and_time(self.from), ends.and_time(self.to));
        // Read as winter time, a time that is skipped is the hour after it.
        (
            from.and_local_timezone(London).earliest().map_or_else(|| from.and_utc(), |at| at.to_utc()),
            to.and_local_timezone(London).latest().map_or_else(|| to.and_utc(), |at| at.to_utc()),
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn until(hours: &str, now: &str) -> Option<String> {
        let hours: QuietHours = hours.parse().unwrap();
        let until = hours.until(now.parse().unwrap(), Purpose::Engagement);
        until.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    }

    #[test]
    fn the_night_is_england_s() {
        for (hours, now, expected) in [
            // Winter.
            ("21:00-07:00", "2018-01-15T20:59:59Z", None),
            ("21:00-07:00", "2018-01-15T21:00:00Z", Some("2018-01-16T07:00:00Z")),
            ("21:00-07:00", "2018-01-16T06:59:59Z", Some("2018-01-16T07:00:00Z")),
            ("21:00-07:00", "2018-01-16T07:00:00Z", None),
            // Summer: nine in the evening is eight in Greenwich.
            ("21:00-07:00", "2018-06-15T19:59:59Z", None),
            ("21:00-07:00", "2018-06-15T20:00:00Z", Some("2018-06-16T06:00:00Z")),
            // Half past midnight in England, and still the day before in Greenwich.
            ("21:00-07:00", "2018-06-15T23:30:00Z", Some("2018-06-16T06:00:00Z")),
            ("21:00-07:00", "2018-06-16T06:00:00Z", None),
            // The night in which summer time begins is an hour shorter, that in which it ends an hour longer.
            ("21:00-07:00", "2018-03-24T21:00:00Z", Some("2018-03-25T06:00:00Z")),
            ("21:00-07:00", "2018-03-25T06:00:00Z", None),
            ("21:00-07:00", "2018-10-27T20:00:00Z", Some("2018-10-28T07:00:00Z")),
            ("21:00-07:00", "2018-10-28T06:30:00Z", Some("2018-10-28T07:00:00Z")),
            ("21:00-07:00", "2018-10-28T07:00:00Z", None),
            // Within a day.
            ("12:00-13:30", "2018-01-15T12:15:00Z", Some("2018-01-15T13:30:00Z")),
            ("12:00-13:30", "2018-01-15T11:59:59Z", None),
            ("00:00-06:00", "2018-06-14T23:00:00Z", Some("2018-06-15T05:00:00Z")),
            // Half past one is skipped in March, and comes twice in October: the second ends the night.
            ("21:00-01:30", "2018-03-25T00:45:00Z", Some("2018-03-25T01:30:00Z")),
            ("21:00-01:30", "2018-10-28T00:29:00Z", Some("2018-10-28T01:30:00Z")),
            ("21:00-01:30", "2018-10-28T00:45:00Z", Some("2018-10-28T01:30:00Z")),
            ("01:30-05:00", "2018-10-28T00:30:00Z", Some("2018-10-28T05:00:00Z")),
            // A day of half an hour between two nights is lost in October.
            ("01:45-01:15", "2018-10-28T00:30:00Z", Some("2018-10-29T01:15:00Z")),
            ("01:45-01:15", "2018-10-28T01:00:00Z", Some("2018-10-29T01:15:00Z")),
        ] {
            assert_eq!(until(hours, now).as_deref(), expected, "{hours} at {now}");
        }
    }

    #[test]
    fn a_notice_is_not_held() {
        let hours: QuietHours = "21:00-07:00".parse().unwrap();
        let night = "2018-01-15T23:00:00Z".parse().unwrap();
        assert_eq!(hours.until(night, Purpose::Statutory), None);
        assert!(hours.until(night, Purpose::Service).is_some());
        assert!(hours.until(night, Purpose::Engagement).is_some());
        assert_eq!(hours.to_string(), "21:00 to 07:00");
    }

    #[test]
    fn what_is_no_quiet_time_is_refused() {
        for bad in
            ["", "21:00", "21-07", "21:00-7:00", "24:00-07:00", "21:00-07:60", "21:00–07:00", "21:00-07:00-"]
        {
            let said = format!("{bad} is no quiet time: write two times of day, as in 21:00-07:00");
            assert_eq!(bad.parse::<QuietHours>(), Err(said));
        }
        assert_eq!(
            "07:00-07:00".parse::<QuietHours>(),
            Err("07:00-07:00 is no quiet time: it ends when it begins".into())
        );
    }

    proptest! {
        #[test]
        fn its_end_is_never_in_quiet_hours(
            from in 0..1440u32, length in 1..1440u32, day in 0..730i64, minute in 0..1440i64,
        ) {
            let time = |minute: u32| NaiveTime::from_hms_opt(minute / 60 % 24, minute % 60, 0).unwrap();
            let hours = QuietHours { from: time(from), to: time(from + length) };
            let start: DateTime<Utc> = "2018-01-01T00:00:00Z".parse().unwrap();
            let now = start + TimeDelta::days(day) + TimeDelta::minutes(minute);
            if let Some(until) = hours.until(now, Purpose::Engagement) {
                prop_assert!(until > now && until - now <= TimeDelta::hours(48));
                prop_assert_eq!(hours.until(until, Purpose::Engagement), None);
                prop_assert!(hours.until(until - TimeDelta::microseconds(1), Purpose::Engagement).is_some());
            }
        }
    }
}
