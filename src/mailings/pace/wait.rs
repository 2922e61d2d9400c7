//! What a letter is told: go, or until when it waits and why.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::London;
use entity::mailing::Purpose;

use super::{
    held::Held,
    limits::Limits,
    rate::{Rate, Share},
    warm_up::{Warm, WarmUp},
};
use crate::web::filters::thousands;

/// How long a worker waits that has no part of a rate: others may leave.
const NO_PART: TimeDelta = TimeDelta::minutes(1);

/// What a letter is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Go,
    Wait(Wait),
}

/// Why a letter waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub until: DateTime<Utc>,
    /// A sentence for the mailing's page.
    pub why: String,
    pub whose: Whose,
}

/// Which other letters wait for the same, though not all of them as long: a notice does not wait for the night's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// All of them.
    All,
    /// Those of the same identity.
    Identity,
    /// Those to the same domain.
    Domain,
    /// Those of the same purpose.
    Purpose,
}

/// The latest that stands in the way.
pub struct Latest {
    now: DateTime<Utc>,
    at: DateTime<Utc>,
    why: Option<(Why, Whose)>,
}

enum Why {
    Rate(Rate),
    /// Letters an hour for now.
    Slow(u32),
    Warm(String),
}

impl Latest {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { now, at: now, why: None }
    }

    fn later(&mut self, at: DateTime<Utc>, why: Why, whose: Whose) {
        if at > self.at {
            self.at = at;
            self.why = Some((why, whose));
        }
    }

    pub fn held(&mut self, held: &mut Held, rates: &[Rate], share: Share, whose: Whose) {
        let now = self.now;
        for (pace, bucket) in held.paces(rates, share) {
            let free = pace.part.map_or(now + NO_PART, |part| bucket.free_at(part, now));
            self.later(free, Why::Rate(pace.whole), whose);
        }
        if let Some(slow) = held.slow {
            self.later(slow.free_at(now), Why::Slow(slow.hourly(now)), whose);
        }
    }

    pub fn warm(&mut self, warm: Warm, ramp: WarmUp, share: Share) {
        if warm.since >= share.of(ramp.most(warm.days).saturating_sub(warm.before)) {
            self.later(midnight_after(warm.day), Why::Warm(ramp.why(warm.days)), Whose::Identity);
        }
    }

    /// What a letter is told to wait for, if anything.
    pub fn wait(self, identity: &str, domain: &str, limits: &Limits, purpose: Purpose) -> Option<Wait> {
        // What is free stays free while nothing is sent, but a night may have begun by then.
        if let Some(hours) = limits.quiet
            && let Some(until) = hours.until(self.at, purpose)
        {
            let by_day =
                self.why.map(|(_, whose)| whose).filter(|_| hours.until(self.now, purpose).is_none());
            let whose = by_day.unwrap_or(Whose::Purpose);
            return Some(Wait { until, why: format!("Quiet hours are {hours}."), whose });
        }
        let (why, whose) = self.why?;
        let why = match (why, whose) {
            (Why::Warm(why), _) => why,
            (Why::Rate(rate), Whose::Domain) => format!("Letters to {domain} leave at {rate} at most."),
            (Why::Rate(rate), Whose::Identity) => format!("Letters from {identity} leave at {rate} at most."),
            (Why::Rate(rate), _) => format!("Letters leave at {rate} at most."),
            (Why::Slow(hourly), Whose::Domain) => {
                format!("{domain} found us too fast: {} an hour for now.", thousands(hourly.into()))
            }
            (Why::Slow(hourly), _) => {
                format!("The mail server found us too fast: {} an hour for now.", thousands(hourly.into()))
            }
        };
        Some(Wait { until: self.at, why, whose })
    }
}

/// The beginning of the next day in England.
fn midnight_after(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN);
    // The clocks change at one in the morning: midnight is always there, and once.
    midnight.and_local_timezone(London).earliest().map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}
