//! When a letter that was deferred is tried again.
//!
//! ```text
//! first try ── wait ── 2nd ── twice as long ── 3rd ── … never more than 4 hours … ── 72 hours after the first: given up
//! ```
//!
//! The first wait is what the answer hints at ([`Hint`]). Each is lengthened by up to a half, so that letters that were
//! deferred together do not come back together, and never shortened, since a greylist forgives nobody early. By how
//! much is told by the letter and the try alone: the same again gives the same.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::hint::Hint;

/// How long after its first try a letter is given up.
pub const PATIENCE: TimeDelta = TimeDelta::hours(72);
/// The longest wait between two tries.
pub const LONGEST: TimeDelta = TimeDelta::hours(4);

/// What becomes of a letter that was deferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    At(DateTime<Utc>),
    GiveUp,
}

/// What becomes of the letter `id`, deferred at `now` on its try number `attempt` (from 1), having been tried first
/// at `first`. The last try is at the end of its time.
pub fn next(first: DateTime<Utc>, attempt: u32, now: DateTime<Utc>, id: &str, hint: Hint) -> Next {
    let end = first + PATIENCE;
    if now >= end { Next::GiveUp } else { Next::At((now + wait(attempt, id, hint)).min(end)) }
}

fn wait(attempt: u32, id: &str, hint: Hint) -> TimeDelta {
    // With half of it on top it is the longest.
    let most = LONGEST * 2 / 3;
    let doublings = attempt.saturating_sub(1).min(8);
    let least = (hint.first_wait() * (1 << doublings)).min(most);
    let millis = least.num_milliseconds();
    TimeDelta::milliseconds(millis + i64::from(chance(attempt, id)) * millis / (2 * 65_535))
}

/// A number that letter and try decide: as good as drawn.
fn chance(attempt: u32, id: &str) -> u16 {
    let digest = Sha256::digest(format!("{id} {attempt}"));
    u16::from_be_bytes([digest[0], digest[1]])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HINTS: [Hint; 5] =
        [Hint::BrokenOff, Hint::Greylisted, Hint::TooFast, Hint::MailboxFull, Hint::Busy];

    fn start() -> DateTime<Utc> {
        "2018-01-15T10:00:00Z".parse().unwrap()
    }

    /// The waits of a letter that is deferred each time at once, until it is given up.
    fn waits(id: &str, hint: Hint) -> Vec<TimeDelta> {
        let (mut now, mut waits) = (start(), Vec::new());
        while let Next::At(at) = next(start(), u32::try_from(waits.len()).unwrap() + 1, now, id, hint) {
            waits.push(at - now);
            now = at;
        }
        waits
    }

    #[test]
    fn each_wait_is_twice_the_last_up_to_four_hours() {
        let between = |waits: &[TimeDelta], least: &[i64]| {
            for (wait, least) in waits.iter().zip(least) {
                let range = TimeDelta::minutes(*least)..=TimeDelta::minutes(*least) * 3 / 2;
                assert!(range.contains(wait), "{wait} is not in {range:?}");
            }
        };
        let greylisted = waits("a", Hint::Greylisted);
        between(&greylisted, &[5, 10, 20, 40, 80, 160, 160, 160]);
        between(&waits("a", Hint::BrokenOff), &[1, 2, 4, 8, 16, 32, 64, 128, 160]);
        between(&waits("a", Hint::MailboxFull), &[60, 120, 160, 160]);
        between(&waits("a", Hint::TooFast), &[15, 30, 60, 120, 160]);
        assert!((22..=34).contains(&greylisted.len()), "{} tries", greylisted.len());
        assert_eq!(greylisted.iter().sum::<TimeDelta>(), PATIENCE, "the last try is at its end");
    }

    #[test]
    fn letters_that_were_deferred_together_come_back_apart() {
        let first: Vec<TimeDelta> = (0..200).map(|n| wait(1, &format!("letter {n}"), Hint::Busy)).collect();
        let (least, most) = (first.iter().min().unwrap(), first.iter().max().unwrap());
        assert!(*most - *least > TimeDelta::minutes(2), "{least} to {most}");
        assert_eq!(wait(3, "a", Hint::Busy), wait(3, "a", Hint::Busy));
        assert_ne!(wait(7, "a", Hint::Busy), wait(8, "a", Hint::Busy));
    }

    #[test]
    fn after_three_days_it_is_given_up() {
        let at = |hours| next(start(), 9, start() + hours, "a", Hint::Busy);
        assert_eq!(at(PATIENCE), Next::GiveUp);
        assert_eq!(at(PATIENCE + TimeDelta::hours(1)), Next::GiveUp);
        assert_eq!(at(PATIENCE - TimeDelta::seconds(1)), Next::At(start() + PATIENCE));
    }

    proptest! {
        #[test]
        fn waits_keep_their_bounds(id in "[a-z0-9-]{0,36}", hint in 0..5usize) {
            let waits = waits(&id, HINTS[hint]);
            prop_assert!(waits.iter().sum::<TimeDelta>() <= PATIENCE);
            let mut least = HINTS[hint].first_wait();
            for wait in &waits[..waits.len() - 1] {
                prop_assert!(*wait >= least && *wait <= LONGEST && *wait <= least * 3 / 2);
                least = (least * 2).min(LONGEST * 2 / 3);
            }
        }

        #[test]
        fn any_try_waits_within_bounds(attempt in 0..u32::MAX, id in ".*", hint in 0..5usize, late in 0..300_000i64) {
            let now = start() + TimeDelta::seconds(late);
            match next(start(), attempt, now, &id, HINTS[hint]) {
                Next::At(at) => prop_assert!(at > now && at - now <= LONGEST && at <= start() + PATIENCE),
                Next::GiveUp => prop_assert!(now >= start() + PATIENCE),
            }
        }
    }
}
