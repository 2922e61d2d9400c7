//! What still counts of the letters to one place: everybody, an identity, a domain.

use chrono::{DateTime, Utc};

use super::{
    bucket::Bucket,
    rate::{Rate, Share},
    slow::Slow,
};

/// A rate, and this worker's part of it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub whole: Rate,
    pub part: Option<Rate>,
}

/// What was sent to one place lately: a bucket for each of its rates.
#[derive(Clone, Debug, Default)]
pub struct Held {
    pub buckets: Vec<Bucket>,
    pub slow: Option<Slow>,
}

impl Held {
    pub fn paces<'a>(
        &'a mut self,
        rates: &'a [Rate],
        share: Share,
    ) -> impl Iterator<Item = (Pace, &'a mut Bucket)> {
        self.buckets.resize(rates.len(), Bucket::EMPTY);
        let pace = move |whole: &Rate| Pace { whole: *whole, part: whole.part(share) };
        rates.iter().map(pace).zip(&mut self.buckets)
    }

    pub fn take(&mut self, rates: &[Rate], share: Share, now: DateTime<Utc>) {
        for (pace, bucket) in self.paces(rates, share) {
            if let Some(part) = pace.part {
                bucket.take(part, now);
            }
        }
        if let Some(slow) = &mut self.slow {
            slow.take(now);
        }
    }

    pub fn is_idle(&self, now: DateTime<Utc>) -> bool {
        self.buckets.iter().all(|bucket| bucket.is_empty(now)) && self.slow.is_none_or(|slow| slow.over(now))
    }
}
