//! Whether a letter may go now, and if not until when and why.
//!
//! ```text
//! ask ─► overall ─► identity, its first days ─► domain ─► the latest that stands in the way ─► quiet hours ─► answer
//! heard ─► a domain that finds us too fast slows, and an identity of which several domains find so
//! ```
//!
//! A letter that may go takes its place in all of them, one that waits in none. What a letter is told to wait for
//! holds: asked again then, with nothing else sent, it may go. Asking costs the same whatever was sent before. Only
//! what still counts is remembered: a domain whose buckets have drained, and which is not slowed, is dropped.

use std::collections::{BTreeSet, HashMap, VecDeque};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Europe::London;
use entity::mailing::Purpose;

use super::{
    bucket::Bucket,
    held::Held,
    hint::Hint,
    limits::Limits,
    rate::{Rate, Share},
    slow::Slow,
    wait::Latest,
    warm_up::Warm,
};

pub use super::wait::{Answer, Wait, Whose};

/// From how many domains on that are remembered the idle ones are looked for.
const MANY: usize = 1_024;
/// So many domains that find us too fast within a minute: it is our own server that does.
const OWN: usize = 3;

/// Letters that left in a while, of one identity to one domain: a row of the ledger's counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub identity: String,
    pub domain: String,
    pub letters: u32,
}

#[derive(Clone, Debug, Default)]
struct Identity {
    held: Held,
    warm: Option<Warm>,
    /// Domains that lately said we are too fast.
    hasty: VecDeque<(DateTime<Utc>, String)>,
}

/// Where letters wait or go.
#[derive(Clone, Debug)]
pub struct Gate {
    limits: Limits,
    share: Share,
    all: Held,
    identities: HashMap<String, Identity>,
    domains: HashMap<String, Held>,
    sweep_at: usize,
}

impl Gate {
    /// A gate that nothing has passed. See [`seed_from`](Self::seed_from) and [`warm`](Self::warm).
    pub fn new(limits: Limits, share: Share) -> Self {
        Self {
            limits,
            share,
            all: Held::default(),
            identities: HashMap::new(),
            domains: HashMap::new(),
            sweep_at: MANY,
        }
    }

    /// Forgets what has passed, for a worker with this share. Who is slowed is remembered. The ledger's counts
    /// are to be put in again.
    pub fn renew(&mut self, share: Share) {
        self.share = share;
        self.all.buckets.clear();
        for identity in self.identities.values_mut() {
            identity.held.buckets.clear();
            identity.warm = None;
        }
        for held in self.domains.values_mut() {
            held.buckets.clear();
        }
        self.domains.retain(|_, held| held.slow.is_some());
    }

    /// How far back the ledger is to be counted: once for each.
    pub fn reaches(&self) -> BTreeSet<TimeDelta> {
        self.limits.rates().filter_map(|rate| Some(rate.part(self.share)?.reach())).collect()
    }

    /// Puts in what left since `now - reach`, by any worker, for the rates that reach so far. All of it counts as if
    /// it had left just now, so that no limit is exceeded; letters may wait a little longer than they had to.
    pub fn seed_from(&mut self, now: DateTime<Utc>, reach: TimeDelta, tallies: &[Tally]) {
        let mut sums: [HashMap<&str, u32>; 3] = Default::default();
        for tally in tallies {
            for (sums, key) in sums.iter_mut().zip(["", &tally.identity, &tally.domain]) {
                let sum = sums.entry(key).or_default();
                *sum = sum.saturating_add(tally.letters);
            }
        }
        let [all, identities, domains] = sums;
        let put = |held: &mut Held, rates: &[Rate], letters: u32| {
            held.buckets.resize(rates.len(), Bucket::EMPTY);
            for (bucket, rate) in held.buckets.iter_mut().zip(rates) {
                if let Some(part) = rate.part(self.share).filter(|part| part.reach() == reach) {
                    *bucket = Bucket::holding(part, now, letters);
                }
            }
        };
        put(&mut self.all, &self.limits.overall, all.get("").copied().unwrap_or(0));
        for (name, letters) in identities {
            put(
                &mut self.identities.entry(name.to_owned()).or_default().held,
                &self.limits.identity,
                letters,
            );
        }
        for (name, letters) in domains {
            let rates = self.limits.of_domain(name);
            if !rates.is_empty() {
                put(self.domains.entry(name.to_owned()).or_default(), rates, letters);
            }
        }
    }

    /// Says on how many days before `today`, in England, an identity has sent letters, and how many it has today.
    pub fn warm(&mut self, identity: &str, today: NaiveDate, days: u32, letters: u32) {
        let warm = Warm { day: today, days, before: letters, since: 0 };
        self.identities.entry(identity.to_owned()).or_default().warm = Some(warm);
    }

    /// Whether a letter of this identity and purpose may go to this domain, written in small letters. If it may, it
    /// counts as gone.
    pub fn ask(&mut self, now: DateTime<Utc>, identity: &str, domain: &str, purpose: Purpose) -> Answer {
        self.sweep(now);
        let share = self.share;
        let today = now.with_timezone(&London).date_naive();
        let known = self.identities.entry(identity.to_owned()).or_default();
        let rates = self.limits.of_domain(domain);
        if !rates.is_empty() && !self.domains.contains_key(domain) {
            self.domains.insert(domain.to_owned(), Held::default());
        }
        let mut to = self.domains.get_mut(domain);

        let mut latest = Latest::new(now);
        latest.held(&mut self.all, &self.limits.overall, share, Whose::All);
        latest.held(&mut known.held, &self.limits.identity, share, Whose::Identity);
        if let Some(ramp) = self.limits.warm_up {
            latest.warm(*known.warm.insert(Warm::on(known.warm, today)), ramp, share);
        }
        if let Some(held) = &mut to {
            latest.held(held, rates, share, Whose::Domain);
        }
        if let Some(wait) = latest.wait(identity, domain, &self.limits, purpose) {
            return Answer::Wait(wait);
        }
        self.all.take(&self.limits.overall, share, now);
        known.held.take(&self.limits.identity, share, now);
        if let Some(warm) = &mut known.warm {
            warm.since += 1;
        }
        if let Some(held) = to {
            held.take(rates, share, now);
        }
        Answer::Go
    }

    /// Hears why a letter that went was deferred. A domain that finds us too fast slows, and the identity where
    /// several domains do at once, since then it is the server that all its letters pass.
    pub fn heard(&mut self, now: DateTime<Utc>, identity: &str, domain: &str, hint: Hint) {
        if hint != Hint::TooFast {
            return;
        }
        self.sweep(now);
        let held = self.domains.entry(domain.to_owned()).or_default();
        held.slow = Some(Slow::down(held.slow, self.limits.of_domain(domain), now));
        let known = self.identities.entry(identity.to_owned()).or_default();
        let recent = now - TimeDelta::minutes(1);
        known.hasty.retain(|(at, name)| *at > recent && name != domain);
        known.hasty.push_back((now, domain.to_owned()));
        if known.hasty.len() >= OWN {
            known.hasty.clear();
            let own = [&self.limits.identity, &self.limits.overall].into_iter().find(|own| !own.is_empty());
            let rates = own.map_or(&[][..], Vec::as_slice);
            known.held.slow = Some(Slow::down(known.held.slow, rates, now));
        }
    }

    /// Whether letters to one domain may have to wait while others go.
    pub fn holds_domains(&mut self, now: DateTime<Utc>) -> bool {
        self.domains.retain(|_, held| !held.is_idle(now));
        !self.domains.is_empty() || self.limits.of_domains()
    }

    /// How many domains are remembered.
    pub fn remembered(&self) -> usize {
        self.domains.len()
    }

    /// Drops idle domains: seldom enough that each asking pays its part of it.
    fn sweep(&mut self, now: DateTime<Utc>) {
        if self.domains.len() >= self.sweep_at {
            self.domains.retain(|_, held| !held.is_idle(now));
            self.sweep_at = MANY.max(2 * self.domains.len());
        }
    }
}
