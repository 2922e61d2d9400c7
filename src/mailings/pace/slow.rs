//! A domain, or a sender's server, that said we are too fast: its rate is halved, and rises again by and by.
//!
//! ```text
//! too fast ─► half of the limit ─► too fast again, a minute later ─► half of that … never less than a 32nd
//!                    └─ each 10 minutes without: a 20th of the limit more ─► the limit: forgotten
//! ```
//!
//! While it is slowed letters go one by one. Where there is no limit, it is taken to be 3,600 an hour.

use chrono::{DateTime, TimeDelta, Utc};

use super::rate::Rate;

/// What is halved where the settings say no limit, in letters an hour.
const UNLIMITED: u32 = 3_600;
/// Answers within this time of the last one that counted are of the same haste.
const SAME: TimeDelta = TimeDelta::minutes(1);
/// How often the rate rises.
const RISE: TimeDelta = TimeDelta::minutes(10);

/// How fast letters may go to where we were too fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slow {
    /// The rate that it comes back to, in letters an hour.
    whole: u32,
    /// The rate just after the last answer that counted.
    after: u32,
    /// When that was.
    since: DateTime<Utc>,
    /// When the last letter went, or was said to be too much.
    last: DateTime<Utc>,
}

impl Slow {
    /// Slows what has these rates, or is slow already.
    pub fn down(known: Option<Self>, rates: &[Rate], now: DateTime<Utc>) -> Self {
        let whole = rates.iter().map(|rate| rate.hourly()).min().unwrap_or(UNLIMITED);
        match known.filter(|slow| !slow.over(now)) {
            Some(slow) if now - slow.since < SAME => Self { last: now.max(slow.last), ..slow },
            Some(slow) => {
                Self { after: least(whole).max(slow.hourly(now) / 2), since: now, last: now, whole }
            }
            None => Self { whole, after: least(whole).max(whole / 2), since: now, last: now },
        }
    }

    /// Letters an hour, now.
    pub fn hourly(self, now: DateTime<Utc>) -> u32 {
        let rises = (now - self.since).num_seconds().max(0) / RISE.num_seconds();
        let step = u32::try_from(rises).unwrap_or(u32::MAX).saturating_mul(self.whole.div_ceil(20));
        self.after.saturating_add(step).min(self.whole)
    }

    /// Whether it has come back to its whole rate.
    pub fn over(self, now: DateTime<Utc>) -> bool {
        self.hourly(now) >= self.whole && now - self.since >= RISE
    }

    /// When the next letter may go.
    pub fn free_at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.over(now) {
            return now;
        }
        let hour = TimeDelta::hours(1);
        now.max(self.last + hour / i32::try_from(self.hourly(now).max(1)).unwrap_or(i32::MAX))
    }

    pub fn take(&mut self, now: DateTime<Utc>) {
        self.last = now;
    }
}

fn least(whole: u32) -> u32 {
    (whole / 32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        "2018-01-15T10:00:00Z".parse().unwrap()
    }

    fn minutes(minutes: i64) -> DateTime<Utc> {
        start() + TimeDelta::minutes(minutes)
    }

    #[test]
    fn it_halves_once_for_one_haste_and_rises_again() {
        // A burst of its own, so that the rest is 640 an hour.
        let rates = ["640/h:1".parse().unwrap(), "1000/m".parse().unwrap()];
        let slow = Slow::down(None, &rates, start());
        assert_eq!(slow.hourly(start()), 320);
        let same = Slow::down(Some(slow), &rates, start() + TimeDelta::seconds(59));
        assert_eq!(same.hourly(start()), 320, "a dozen answers to one batch are one haste");
        let mut again = slow;
        for minute in 1..9 {
            again = Slow::down(Some(again), &rates, minutes(minute));
        }
        assert_eq!(again.hourly(minutes(8)), 20, "never less than a 32nd");
        let rising: Vec<u32> = [9, 18, 28, 168].map(|minute| again.hourly(minutes(minute))).into();
        assert_eq!(rising, [20, 52, 84, 532]);
        assert!(!again.over(minutes(197)) && again.over(minutes(208)));
        assert_eq!(again.free_at(minutes(300)), minutes(300));
        let anew = Slow::down(Some(again), &rates, minutes(300));
        assert_eq!(anew.hourly(minutes(300)), 320, "what is over is forgotten");
    }

    #[test]
    fn letters_go_one_by_one() {
        let mut slow = Slow::down(None, &[], start());
        assert_eq!(slow.free_at(start()), start() + TimeDelta::seconds(2), "half of 3,600 an hour");
        slow.take(start() + TimeDelta::seconds(2));
        assert_eq!(slow.free_at(start() + TimeDelta::seconds(3)), start() + TimeDelta::seconds(4));
        let one = Slow::down(None, &["1/d".parse().unwrap()], start());
        assert_eq!((one.whole, one.hourly(start())), (1, 1));
        assert!(one.over(minutes(10)), "what is as slow as can be soon comes back to it");
    }
}
