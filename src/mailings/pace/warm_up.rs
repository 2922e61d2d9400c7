//! A new sender's first days: few letters, then twice as many each day, since servers distrust a stranger who sends
//! thousands.
//!
//! A day is England's. The ramp goes by how many days letters were sent on, not by the calendar: a day on which
//! nothing was sent does not advance it.

use std::str::FromStr;

use chrono::NaiveDate;

use crate::web::filters::thousands;

/// How many letters a sender identity sends on its first day; each further day it may be twice as many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WarmUp {
    first: u32,
}

impl FromStr for WarmUp {
    type Err = String;

    /// Reads the letters of the first day, such as `50`.
    fn from_str(text: &str) -> Result<Self, String> {
        let first = text.trim().parse().ok().filter(|first| *first > 0);
        first.map(|first| Self { first }).ok_or_else(|| {
            format!("{} is no beginning: write the letters of the first day, as in 50", text.trim())
        })
    }
}

impl WarmUp {
    /// The most letters on a day before which letters were sent on `days` days.
    pub fn most(self, days: u32) -> u32 {
        2u32.checked_pow(days).map_or(u32::MAX, |times| self.first.saturating_mul(times))
    }

    /// Why no more go on such a day.
    pub fn why(self, days: u32) -> String {
        format!(
            "The sender is new: {} letters on its {} day of sending, twice as many on the next.",
            thousands(self.most(days).into()),
            ordinal(days.saturating_add(1)),
        )
    }
}

/// An identity's day of sending.
#[derive(Clone, Copy, Debug)]
pub struct Warm {
    pub day: NaiveDate,
    /// Days before it on which letters were sent.
    pub days: u32,
    /// Letters that day until the gate was made, by any worker.
    pub before: u32,
    /// Letters since, by this one.
    pub since: u32,
}

impl Warm {
    /// The day `today`, of an identity that had the day `known` when it last sent: a new day begins with no letters.
    pub fn on(known: Option<Self>, today: NaiveDate) -> Self {
        let new = Self { day: today, days: 0, before: 0, since: 0 };
        match known {
            None => new,
            Some(warm) if warm.day >= today => warm,
            Some(warm) => {
                let sent = warm.before.saturating_add(warm.since) > 0;
                Self { days: warm.days.saturating_add(u32::from(sent)), ..new }
            }
        }
    }
}

fn ordinal(number: u32) -> String {
    let end = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_doubles_each_day_of_sending() {
        let ramp: WarmUp = "50".parse().unwrap();
        let days: Vec<u32> = (0..6).map(|days| ramp.most(days)).collect();
        assert_eq!(days, [50, 100, 200, 400, 800, 1_600]);
        assert_eq!(ramp.most(40), u32::MAX, "a sender of old is not held up");
        assert_eq!(
            ramp.why(5),
            "The sender is new: 1,600 letters on its 6th day of sending, twice as many on the next."
        );
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 21].map(ordinal).into();
        assert_eq!(said, ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st"]);
    }

    #[test]
    fn a_beginning_is_a_number() {
        for bad in ["", "0", "-1", "many", "50/d"] {
            let said = format!("{bad} is no beginning: write the letters of the first day, as in 50");
            assert_eq!(bad.parse::<WarmUp>(), Err(said));
        }
    }

    proptest! {
        #[test]
        fn no_day_has_fewer_than_the_one_before(first in 1..u32::MAX, days in 0..200u32) {
            let ramp: WarmUp = first.to_string().parse().unwrap();
            prop_assert!(ramp.most(days) >= first);
            prop_assert!(ramp.most(days + 1) >= ramp.most(days));
        }
    }
}
