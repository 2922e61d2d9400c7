//! Single values with their facts in their types: ids, levels, counts of people, shares.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::json::{Broken, Field, Got, MAX_WHOLE, Out, Reader, Trail, excerpt};

/// Declares an identifier: 1 to 64 of `A–Z a–z 0–9 . _ -`.
macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes 1 to 64 of `A–Z a–z 0–9 . _ -`; gives nothing for any other text.
            pub fn parse(text: &str) -> Option<Self> {
                Self::allows(text).then(|| Self(text.into()))
            }

            fn allows(text: &str) -> bool {
                let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
                (1..=64).contains(&text.len()) && text.bytes().all(allowed)
            }

            /// The text of it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Field for $name {
            const LEANED_ON: bool = true;

            fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
                let Some(text) = reader.text()? else { return Ok(Got::Refused) };
                if text.is_empty() {
                    return Ok(Got::Nothing);
                }
                if Self::allows(&text) {
                    return Ok(Got::Value(Self(reader.shared(&text))));
                }
                reader.refuse(format!("{} is not 1 to 64 of A-Z a-z 0-9 . _ -", excerpt(&text)));
                Ok(Got::Refused)
            }

            fn check(&self, _: &mut Trail) {}

            fn write(&self, out: &mut Out) {
                out.quoted(&self.0);
            }

            fn order(&self, other: &Self) -> Ordering {
                self.cmp(other)
            }
        }
    };
}

identifier! {
    /// The id of a thing on the record, or the code of a place or a body.
    Id
}

impl Id {
    /// Where its text lies: where that is the same for two that are alive, so is the text.
    #[inline]
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

identifier! {
    /// The code of an STP, such as `E54000041`.
    StpCode
}

/// A level of participation, after the spectrum of the International Association for Public Participation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    /// Information goes one way.
    Inform = 1,
    /// Views are asked for.
    Consult = 2,
    /// People work with the planners throughout.
    Involve = 3,
    /// People share in each decision.
    Collaborate = 4,
    /// People decide.
    Empower = 5,
}

impl Level {
    /// All levels, from the first to the fifth.
    pub const ALL: &'static [Self] =
        &[Self::Inform, Self::Consult, Self::Involve, Self::Collaborate, Self::Empower];

    /// The level with this number, 1 to 5.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|level| u32::from(level.number()) == number)
    }

    /// Its number, 1 to 5.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inform => "Inform",
            Self::Consult => "Consult",
            Self::Involve => "Involve",
            Self::Collaborate => "Collaborate",
            Self::Empower => "Empower",
        }
    }

    /// Do people answer, and are they heard? From `consult` on.
    pub fn is_two_way(self) -> bool {
        self >= Self::Consult
    }
}

impl Field for Level {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        let number = match u32::read(reader)? {
            Got::Value(number) => number,
            Got::Nothing => return Ok(Got::Nothing),
            Got::Refused => return Ok(Got::Refused),
        };
        if let Some(level) = Self::from_number(number) {
            return Ok(Got::Value(level));
        }
        reader.refuse(format!("a level from 1 to 5 was expected, not {number}"));
        Ok(Got::Refused)
    }

    fn check(&self, _: &mut Trail) {}

    fn write(&self, out: &mut Out) {
        out.number(self.number());
    }
}

/// How many people: somewhere from `low` to `high`, both included; the two are equal when it is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Count {
    /// At least this many.
    pub low: u32,
    /// At most this many.
    pub high: u32,
}

impl Count {
    /// An exact number of people.
    pub const fn exactly(people: u32) -> Self {
        Self { low: people, high: people }
    }
}

impl Field for Count {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        let read = match ReadCount::read(reader)? {
            Got::Value(ReadCount { low, high }) => Self { low, high },
            Got::Nothing => return Ok(Got::Nothing),
            Got::Refused => return Ok(Got::Refused),
        };
        if read.low > read.high {
            reader.refuse(read.upside_down());
            return Ok(Got::Refused);
        }
        Ok(Got::Value(read))
    }

    fn check(&self, trail: &mut Trail) {
        trail.within("low", |trail| self.low.check(trail));
        trail.within("high", |trail| self.high.check(trail));
        if self.low > self.high {
            trail.note(self.upside_down());
        }
    }

    fn write(&self, out: &mut Out) {
        ReadCount { low: self.low, high: self.high }.write(out);
    }
}

impl Count {
    fn upside_down(self) -> String {
        format!("low is {} and high is {}: low is above high", self.low, self.high)
    }
}

crate::json::structure! {
    /// The two numbers of a count as a file gives them, in whatever order.
    pub struct ReadCount by () {
        pub low: u32,
        pub high: u32,
    }
}

const MILLION: u64 = 1_000_000;

/// A share from 0 to 1, exact to six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// The share of so many millionths: 250,000 is a quarter. Nothing above 1,000,000.
    pub fn from_millionths(millionths: u32) -> Option<Self> {
        (u64::from(millionths) <= MILLION).then_some(Self(millionths))
    }

    /// The share in millionths, 0 to 1,000,000.
    pub const fn millionths(self) -> u32 {
        self.0
    }
}

impl Field for Share {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        let read = read_millionths(reader, "a share from 0 to 1", MILLION)?;
        Ok(read
            .and_then(|millionths| u32::try_from(millionths).ok())
            .map_or(Got::Refused, |read| Got::Value(Self(read))))
    }

    fn check(&self, _: &mut Trail) {}

    fn write(&self, out: &mut Out) {
        out.millionths(self.0.into());
    }
}

/// A rate per 10,000 residents, exact to six decimals, from 0 to 1,000,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u64);

impl Rate {
    const MOST: u64 = MAX_WHOLE as u64 * MILLION;

    /// The rate of so many millionths: 12,500,000 is 12.5. Nothing above 1,000,000,000.
    pub fn from_millionths(millionths: u64) -> Option<Self> {
        (millionths <= Self::MOST).then_some(Self(millionths))
    }

    /// The rate in millionths.
    pub const fn millionths(self) -> u64 {
        self.0
    }
}

impl Field for Rate {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        let read = read_millionths(reader, "a number from 0 to 1000000000", Self::MOST)?;
        Ok(read.map_or(Got::Refused, |millionths| Got::Value(Self(millionths))))
    }

    fn check(&self, _: &mut Trail) {}

    fn write(&self, out: &mut Out) {
        out.millionths(self.0);
    }
}

fn read_millionths(reader: &mut Reader<'_>, wanted: &str, most: u64) -> Result<Option<u64>, Broken> {
    let Some(digits) = reader.number()? else { return Ok(None) };
    match millionths(digits) {
        Ok(number) if number <= most => return Ok(Some(number)),
        Ok(_) | Err(Refusal::OutOfRange) => reader.refuse(format!("{wanted} was expected, not {digits:.40}")),
        Err(Refusal::TooFine) => {
            reader.refuse(format!("{wanted} with at most six decimals was expected, not {digits:.40}"));
        }
    }
    Ok(None)
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    OutOfRange,
    TooFine,
}

/// The exact value, in millionths, of a number as JSON writes it. No binary fraction comes between.
fn millionths(number: &str) -> Result<u64, Refusal> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i64 = exponent.parse().map_err(|_| Refusal::OutOfRange)?;
    let decimals = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_sub(exponent);
    if decimals > 6 {
        return Err(Refusal::TooFine);
    }
    let mut digits = whole.bytes().chain(fraction.bytes()).filter(|&byte| byte != b'-');
    let value =
        digits.try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
    let value = value.ok_or(Refusal::OutOfRange)?;
    if value == 0 {
        return Ok(0);
    }
    if whole.starts_with('-') {
        return Err(Refusal::OutOfRange);
    }
    let scale =
        u32::try_from(6_i64.saturating_sub(decimals)).ok().and_then(|power| 10_u64.checked_pow(power));
    scale.and_then(|scale| value.checked_mul(scale)).ok_or(Refusal::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let cases = [
            ("0", Ok(0)),
            ("-0.0", Ok(0)),
            ("0.281", Ok(281_000)),
            ("0.000001", Ok(1)),
            ("1", Ok(1_000_000)),
            ("2.81e-1", Ok(281_000)),
            ("0.1234567e1", Ok(1_234_567)),
            ("0.1234567", Err(Refusal::TooFine)),
            ("1e-7", Err(Refusal::TooFine)),
            ("-0.1", Err(Refusal::OutOfRange)),
            ("1e400", Err(Refusal::OutOfRange)),
            ("1e99999999999999999999", Err(Refusal::OutOfRange)),
            ("1e9223372036854775807", Err(Refusal::OutOfRange)),
            ("99999999999999999999", Err(Refusal::OutOfRange)),
        ];
        for (text, expected) in cases {
            assert_eq!(millionths(text), expected, "{text}");
        }
    }
}
