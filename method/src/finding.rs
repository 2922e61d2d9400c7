//! What a rule finds about one subject: the verdict, what made it so, and what would change it.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;

pub(crate) use crate::found::{Found, Subject, Under};
use crate::json::Out;
use crate::values::{Id, Rate, Share};

/// What a rule says of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// There is no record of what the rule asks for.
    Gap,
    /// The record shows what the rule asks for.
    Met,
    /// The record cannot tell: a number or a level is missing.
    Unknown,
    /// Waived, not due yet, or the rule's condition does not arise.
    NotApplicable,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: &'static [Self] = &[Self::Gap, Self::Met, Self::Unknown, Self::NotApplicable];

    /// What files say.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Met => "met",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gap => "Gap",
            Self::Met => "Met",
            Self::Unknown => "Unknown",
            Self::NotApplicable => "Not applicable",
        }
    }
}

/// How much a gap weighs, the heaviest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A statutory step has no record, and the decision is past or near.
    Critical,
    /// A whole audience, or a statutory consultee.
    High,
    /// Between the two.
    Medium,
    /// The quality of the record.
    Low,
}

impl Severity {
    /// All severities, the heaviest first.
    pub const ALL: &'static [Self] = &[Self::Critical, Self::High, Self::Medium, Self::Low];

    /// What files say.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
        }
    }
}

/// Why something that is on the record did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The event is planned or cancelled.
    NotHeld,
    /// The event starts after the day of the assessment.
    AfterAsAt,
    /// The STP was not discussed.
    StpNotDiscussed,
    /// Nobody of the group came.
    AttendedNone,
    /// The group was asked, and is not recorded as taking part.
    InvitedOnly,
    /// Information went one way.
    OneWay,
    /// The level of participation is not recorded.
    LevelUnknown,
    /// It ended after the decision.
    AfterDecision,
    /// It ended too long ago.
    OutsideWindow,
    /// It is not linked to the proposal.
    NotLinked,
}

impl Why {
    /// What files say.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotHeld => "not_held",
            Self::AfterAsAt => "after_as_at",
            Self::StpNotDiscussed => "stp_not_discussed",
            Self::AttendedNone => "attended_none",
            Self::InvitedOnly => "invited_only",
            Self::OneWay => "one_way",
            Self::LevelUnknown => "level_unknown",
            Self::AfterDecision => "after_decision",
            Self::OutsideWindow => "outside_window",
            Self::NotLinked => "not_linked",
        }
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotHeld => "planned or cancelled, not held",
            Self::AfterAsAt => "starts after the day of the assessment",
            Self::StpNotDiscussed => "the STP was not discussed",
            Self::AttendedNone => "nobody of the group came",
            Self::InvitedOnly => "asked, and not recorded as taking part",
            Self::OneWay => "information went one way only",
            Self::LevelUnknown => "the level of participation is not recorded",
            Self::AfterDecision => "ended after the decision",
            Self::OutsideWindow => "ended too long ago",
            Self::NotLinked => "not linked to the proposal",
        }
    }
}

/// Something on the record that nearly counted, and why it did not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotCounted {
    /// Its id.
    pub id: Id,
    /// Why it did not count.
    pub why: Why,
}

/// The finding that explains another: a gap that is the cause of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parent {
    /// The id of its rule.
    pub rule: &'static str,
    /// Its subject.
    pub subject: String,
}

/// A value that a verdict was worked out from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A whole number: days, people, events.
    Number(i64),
    /// A number with decimals, in millionths: 250,000 is a quarter.
    Millionths(u64),
    /// A day.
    Day(NaiveDate),
    /// A text.
    Text(String),
    /// Not recorded.
    Missing,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Millionths(number) => {
                let mut out = Out::text();
                out.millionths(*number);
                f.write_str(&out.into_text())
            }
            Self::Day(day) => day.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Missing => f.write_str("not recorded"),
        }
    }
}

impl From<u32> for Input {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<i64> for Input {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Input {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Input {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Share> for Input {
    fn from(share: Share) -> Self {
        Self::Millionths(share.millionths().into())
    }
}

impl From<Rate> for Input {
    fn from(rate: Rate) -> Self {
        Self::Millionths(rate.millionths())
    }
}

impl From<String> for Input {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<NaiveDate> for Input {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<&str> for Input {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Input {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// The values that a verdict was worked out from, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs(Vec<(&'static str, Input)>);

impl Inputs {
    /// The value of this name, if there is one.
    pub fn get(&self, name: &str) -> Option<&Input> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// All of them, in byte order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Input)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a value in its place; one of the same name gives way.
    pub(crate) fn insert(&mut self, name: &'static str, value: Input) {
        if self.0.last().is_none_or(|(last, _)| *last < name) {
            return self.0.push((name, value));
        }
        match self.0.binary_search_by_key(&name, |(own, _)| own) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name, value)),
        }
    }
}

/// What a rule finds about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule, such as `COV-2`.
    pub rule: &'static str,
    /// What it is about: the code of a group, audience or place, the id of a thing on record, `plan`, and so on.
    pub subject: String,
    /// What the rule says.
    pub verdict: Verdict,
    /// How much it weighs; for a gap alone.
    pub severity: Option<Severity>,
    /// The gap that explains it. A gap with a parent is nested under it and left out of totals.
    pub parent: Option<Parent>,
    /// The ids of what made the verdict what it is, in byte order.
    pub counted: Vec<Id>,
    /// What nearly counted, in byte order of the ids.
    pub not_counted: Vec<NotCounted>,
    /// The values that the verdict was worked out from.
    pub inputs: Inputs,
    /// Was it met after it was due?
    pub late: bool,
    /// The finding in a sentence.
    pub sentence: String,
    /// What would close the gap, or keep it closed.
    pub closes: Cow<'static, str>,
}
