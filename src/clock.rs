//! The one place that knows what time it is.
//!
//! Everything else asks an `App`'s clock, so a test can stand on any day and a re-run gives the same bytes.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};
use chrono_tz::Europe::London;

/// A source of the present instant: the machine's, or one that stands still until it is moved.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// A clock that shows what it was last set to.
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands still at `at`.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(Mutex::new(at)))
    }

    /// The present instant, to the microsecond: what both databases keep.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
        .trunc_subsecs(6)
    }

    /// The calendar day in England.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&London).date_naive()
    }

    /// Moves a fixed clock on; the machine's own cannot be moved, and is left alone.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Fixed(at) = self {
            let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
            *at += by;
        }
    }
}

/// The last instant of a calendar day in England, to the microsecond.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    // The clocks change at one in the morning: midnight is always there, and once.
    let begun = midnight.and_local_timezone(London).earliest().map(|at| at.with_timezone(&Utc));
    begun.unwrap_or_else(|| midnight.and_utc()) - TimeDelta::microseconds(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summer_evening_in_utc_is_the_next_day_in_england() {
        let clock = Clock::fixed("2017-06-30T23:30:00Z".parse().unwrap());
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2017, 7, 1).unwrap());
        clock.advance(TimeDelta::days(180));
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2017, 12, 27).unwrap());
    }

    #[test]
    fn a_day_ends_at_midnight_in_england() {
        let end = |y, m, d| end_of_day(NaiveDate::from_ymd_opt(y, m, d).unwrap()).to_rfc3339();
        assert_eq!(end(2018, 1, 15), "2018-01-15T23:59:59.999999+00:00");
        assert_eq!(end(2017, 6, 30), "2017-06-30T22:59:59.999999+00:00");
        assert_eq!(
            end(2017, 3, 26),
            "2017-03-26T22:59:59.999999+00:00",
            "the day on which summer time began"
        );
    }
}
