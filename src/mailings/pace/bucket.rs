//! What holds letters to a rate: one instant, at which what was sent will have drained.
//!
//! This is the generic cell rate algorithm. A bucket that has drained is as good as none, so it is dropped; one that is
//! made anew from a count of letters, as if all had been sent just now, is never emptier than the one that was lost.

use chrono::{DateTime, Utc};

use super::rate::{Rate, signed};

/// What was sent lately, as the instant at which it will have drained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket(DateTime<Utc>);

impl Bucket {
    /// A bucket into which nothing has gone.
    pub const EMPTY: Self = Self(DateTime::<Utc>::MIN_UTC);

    /// A bucket into which so many letters went just now, or as many of them as it holds.
    pub fn holding(rate: Rate, now: DateTime<Utc>, letters: u32) -> Self {
        if letters == 0 {
            Self::EMPTY
        } else {
            Self(now + rate.interval() * signed(letters.min(rate.burst())))
        }
    }

    /// When the next letter may go: now, or later.
    pub fn free_at(self, rate: Rate, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.is_empty(now) { now } else { now.max(self.0 - rate.interval() * signed(rate.burst() - 1)) }
    }

    /// Takes a letter in, which [`free_at`](Self::free_at) lets go now.
    pub fn take(&mut self, rate: Rate, now: DateTime<Utc>) {
        self.0 = self.0.max(now) + rate.interval();
    }

    pub fn is_empty(self, now: DateTime<Utc>) -> bool {
        self.0 <= now
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn the_burst_goes_at_once_and_the_rest_apart() {
        let (rate, start) = (rate("5/m:3"), "2018-01-15T10:00:00Z".parse::<DateTime<Utc>>().unwrap());
        let mut bucket = Bucket::EMPTY;
        let mut now = start;
        let mut sent = Vec::new();
        for _ in 0..6 {
            now = bucket.free_at(rate, now);
            bucket.take(rate, now);
            sent.push((now - start).num_seconds());
        }
        assert_eq!(sent, [0, 0, 0, 20, 40, 60], "five in each minute");
        assert!(!bucket.is_empty(now + TimeDelta::seconds(59)) && bucket.is_empty(now + rate.reach()));
    }

    proptest! {
        #[test]
        fn a_bucket_made_anew_is_never_emptier(
            letters in 1..200u32, burst in 1..200u32, gaps in prop::collection::vec(0..4_000i64, 1..120),
        ) {
            let rate = rate(&format!("{letters}/m:{}", burst.min(letters)));
            let mut now: DateTime<Utc> = "2018-01-15T10:00:00Z".parse().unwrap();
            let mut bucket = Bucket::EMPTY;
            let mut sent = Vec::new();
            for gap in gaps {
                now += TimeDelta::milliseconds(gap);
                if bucket.free_at(rate, now) == now {
                    bucket.take(rate, now);
                    sent.push(now);
                }
            }
            // What the ledger counts over the bucket's reach is enough.
            let lately = sent.iter().filter(|at| **at > now - rate.reach()).count();
            let anew = Bucket::holding(rate, now, u32::try_from(lately).unwrap());
            prop_assert!(anew.0.max(now) >= bucket.0.max(now));
        }
    }
}
