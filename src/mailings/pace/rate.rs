//! A rate, such as 600 letters an hour.
//!
//! ```text
//! "600/h"  "10000/d:5000"  ─► Rate { letters, per, burst } ─► interval ─► bucket
//! ```
//!
//! The burst may go at once, the rest one an interval. The interval is so long that burst and rest together are never
//! more than the rate says in any stretch of its length, wherever the stretch begins: 600 an hour with a burst of 60 is
//! 60 at once and then one each 6.7 seconds. The price is that a long mailing leaves at a tenth less than the limit.

use std::{fmt, str::FromStr};

use chrono::TimeDelta;

use crate::web::filters::thousands;

/// The most letters that a rate can say: one a microsecond, which is what the clock can tell.
const MOST: u32 = 1_000_000;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Per {
    Second,
    Minute,
    Hour,
    Day,
}

impl Per {
    pub fn length(self) -> TimeDelta {
        match self {
            Self::Second => TimeDelta::seconds(1),
            Self::Minute => TimeDelta::minutes(1),
            Self::Hour => TimeDelta::hours(1),
            Self::Day => TimeDelta::hours(24),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Second => "a second",
            Self::Minute => "a minute",
            Self::Hour => "an hour",
            Self::Day => "a day",
        }
    }
}

/// Letters in a length of time, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rate {
    letters: u32,
    per: Per,
    /// How many of them may go at once: between 1 and all.
    burst: u32,
}

impl FromStr for Rate {
    type Err = String;

    /// Reads `600/h`, or `600/h:100` where 100 may go at once; otherwise a tenth may.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (rate, burst) = text.split_once(':').map_or((text, None), |(rate, burst)| (rate, Some(burst)));
        let (letters, per) = rate.split_once('/').ok_or_else(|| {
            format!("{text} is no rate: write letters, a slash and s, m, h or d, as in 600/h for 600 an hour")
        })?;
        let per = match per {
            "s" => Per::Second,
            "m" => Per::Minute,
            "h" => Per::Hour,
            "d" => Per::Day,
            _ => return Err(format!("{text} is no rate: after the slash comes s, m, h or d, not “{per}”")),
        };
        let whole = |number: &str, most: u32, what: &str| {
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.then(|| number.parse().ok()).flatten();
            number
                .filter(|number| (1..=most).contains(number))
                .ok_or_else(|| format!("{text} is no rate: {what} a whole number from 1 to {most}"))
        };
        let letters = whole(letters, MOST, "before the slash comes")?;
        let burst = burst.map(|burst| whole(burst, letters, "what may go at once is")).transpose()?;
        Ok(Self { letters, per, burst: burst.unwrap_or(letters.div_ceil(10)) })
    }
}

impl fmt::Display for Rate {
    /// As people say it: `600 an hour`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", thousands(self.letters.into()), self.per.name())
    }
}

impl Rate {
    pub fn letters(self) -> u32 {
        self.letters
    }

    pub fn per(self) -> Per {
        self.per
    }

    pub fn burst(self) -> u32 {
        self.burst
    }

    /// How far apart letters are once the burst has gone.
    pub fn interval(self) -> TimeDelta {
        let rest = i64::from(self.letters - self.burst) + 1;
        let micros = self.per.length().num_microseconds().unwrap_or(i64::MAX);
        // Rounded up, or the last letter of a stretch would be one too many.
        TimeDelta::microseconds((micros + rest - 1) / rest)
    }

    /// How long a full bucket takes to drain: letters that were sent before that say nothing any more.
    pub fn reach(self) -> TimeDelta {
        self.interval() * signed(self.burst)
    }

    /// Letters an hour when sent without a pause; one at least.
    pub fn hourly(self) -> u32 {
        let hour = TimeDelta::hours(1).num_microseconds().unwrap_or(i64::MAX);
        let letters = hour / self.interval().num_microseconds().unwrap_or(i64::MAX).max(1);
        u32::try_from(letters.max(1)).unwrap_or(u32::MAX)
    }

    /// The part of one of several workers that do not see each other. All parts together are the rate; none for the
    /// last ones where there are fewer letters than workers.
    pub fn part(self, share: Share) -> Option<Self> {
        let letters = share.of(self.letters);
        let burst = (self.burst / share.workers).clamp(1, letters.max(1));
        (letters > 0).then_some(Self { letters, burst, ..self })
    }
}

/// Which of how many workers this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    place: u32,
    workers: u32,
}

impl Share {
    /// The only worker.
    pub const ALL: Self = Self { place: 0, workers: 1 };

    /// The worker `own` among all that are at work: they agree, since each puts the same names in order. One that is
    /// not among them counts itself in.
    pub fn among<T: Ord>(own: &T, workers: &[T]) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let before = workers.iter().filter(|worker| *worker < own).count();
        let others = workers.iter().filter(|worker| *worker != own).count();
        Self { place: count(before), workers: count(others).saturating_add(1) }
    }

    /// This worker's part of a number.
    pub fn of(self, number: u32) -> u32 {
        number / self.workers + u32::from(self.place < number % self.workers)
    }
}

pub(super) fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn a_rate_is_read_and_said() {
        for (text, said, burst, micros) in [
            ("600/h", "600 an hour", 60, 6_654_344),
            ("10/s", "10 a second", 1, 100_000),
            ("20000/d", "20,000 a day", 2_000, 4_799_734),
            (" 30/m ", "30 a minute", 3, 2_142_858),
            ("1/d", "1 a day", 1, 86_400_000_000),
            ("10000/d:5000", "10,000 a day", 5_000, 17_276_545),
            ("1000000/s:1", "1,000,000 a second", 1, 1),
            ("5/m:5", "5 a minute", 5, 60_000_000),
        ] {
            let rate = rate(text);
            assert_eq!(rate.to_string(), said);
            assert_eq!((rate.burst(), rate.interval().num_microseconds()), (burst, Some(micros)), "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused_in_words() {
        let end = "comes a whole number from 1 to 1000000";
        for (text, said) in [
            (
                "600",
                "600 is no rate: write letters, a slash and s, m, h or d, as in 600/h for 600 an hour".into(),
            ),
            ("", " is no rate: write letters, a slash and s, m, h or d, as in 600/h for 600 an hour".into()),
            ("600/w", "600/w is no rate: after the slash comes s, m, h or d, not “w”".into()),
            ("600/", "600/ is no rate: after the slash comes s, m, h or d, not “”".into()),
            ("600/H", "600/H is no rate: after the slash comes s, m, h or d, not “H”".into()),
            ("0/h", format!("0/h is no rate: before the slash {end}")),
            ("-5/h", format!("-5/h is no rate: before the slash {end}")),
            ("+5/h", format!("+5/h is no rate: before the slash {end}")),
            ("1e3/h", format!("1e3/h is no rate: before the slash {end}")),
            ("/h", format!("/h is no rate: before the slash {end}")),
            ("1000001/s", format!("1000001/s is no rate: before the slash {end}")),
            ("99999999999999/d", format!("99999999999999/d is no rate: before the slash {end}")),
            ("6/h:7", "6/h:7 is no rate: what may go at once is a whole number from 1 to 6".to_owned()),
            ("6/h:0", "6/h:0 is no rate: what may go at once is a whole number from 1 to 6".to_owned()),
            ("6/h:", "6/h: is no rate: what may go at once is a whole number from 1 to 6".to_owned()),
        ] {
            assert_eq!(text.parse::<Rate>(), Err(said), "{text:?}");
        }
    }

    #[test]
    fn workers_put_themselves_in_the_same_order() {
        let shares: Vec<u32> = [7, 3, 9].iter().map(|own| Share::among(own, &[9, 3, 7]).of(11)).collect();
        assert_eq!(shares, [4, 4, 3]);
        assert_eq!(Share::among(&5, &[9, 3, 7]), Share { place: 1, workers: 4 }, "it counts itself in");
        assert_eq!(Share::among(&5, &[]), Share::ALL);
        let parts: Vec<_> = (0..3).map(|own| rate("2/h").part(Share::among(&own, &[0, 1, 2]))).collect();
        assert_eq!(parts, [Some(rate("1/h")), Some(rate("1/h")), None]);
    }

    proptest! {
        #[test]
        fn parts_make_the_whole(letters in 1..100_000u32, burst in 1..100_000u32, workers in 1..9u32) {
            let whole = rate(&format!("{letters}/h:{}", burst.min(letters)));
            let names: Vec<u32> = (0..workers).collect();
            let parts = names.iter().filter_map(|own| whole.part(Share::among(own, &names)));
            let sum: u32 = parts.clone().map(Rate::letters).sum();
            prop_assert_eq!(sum, letters);
            prop_assert!(parts.clone().all(|part| (1..=part.letters()).contains(&part.burst())));
            let bursts: u32 = parts.map(Rate::burst).sum();
            prop_assert!(bursts <= whole.burst().max(workers));
        }
    }
}
