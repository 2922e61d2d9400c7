//! The standard: the thresholds that the rules measure against, as a versioned document.

use chrono::NaiveDate;

use crate::json::{self, Field, Out, Problem, structure};
use crate::record::validate;
use crate::values::Share;

/// The default, word for word as it is published.
const DEFAULT: &str = include_str!("../standards/stp-2017.json");

structure! {
    /// A set of thresholds. All days are days of the calendar unless they are called working days.
    pub struct Standard by () {
        /// Its name and version.
        pub version: String,
        /// Days after which engagement of a group is stale.
        pub recency_days: u32,
        /// Days that a formal consultation is to be open.
        pub window_days: u32,
        /// Days between the close of a consultation and the decision.
        pub consider_days: u32,
        /// The share of a consultation's days that may fall at a poor time.
        pub poor_timing_share: Share,
        /// Days for the response to a formal consultation.
        pub response_days: u32,
        /// Days for feeding back on an event.
        pub feedback_days: u32,
        /// Days for adding evidence of an event.
        pub evidence_days: u32,
        /// Days for publishing an event.
        pub publish_days: u32,
        /// Days for publishing the minutes of a board.
        pub minutes_days: u32,
        /// Days for recording what came of a planned event.
        pub outcome_days: u32,
        /// Days for replacing a cancelled event.
        pub replace_days: u32,
        /// Days for a reply to a request.
        pub reply_days: u32,
        /// Working days for answering a question.
        pub answer_working_days: u32,
        /// The share of people whose characteristics are to be known.
        pub monitoring_known_share: Share,
        /// The day by which the plan was to be published.
        pub plan_due_on: NaiveDate,
        /// The periods before elections, in which public bodies hold back.
        pub pre_election_periods: Vec<Period>,
        /// England's bank holidays.
        pub bank_holidays: Vec<NaiveDate>,
    }
}

structure! {
    /// Some days in a row, the first and the last included.
    pub struct Period by (from, to) {
        /// The first day.
        pub from: NaiveDate,
        /// The last day.
        pub to: NaiveDate,
    }
}

impl Standard {
    /// Reads a standard from the bytes of a file; gives all that is wrong with it where it is not valid.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let (standard, mut trail) = json::read::<Self>(bytes);
        if let Some(standard) = &standard {
            validate::check_standard(standard, &mut trail);
        }
        match standard {
            Some(standard) if trail.is_clear() => Ok(standard),
            _ => Err(trail.into_problems()),
        }
    }

    /// The default standard of 2017.
    pub fn default_2017() -> Self {
        Self::parse(DEFAULT.as_bytes()).expect("the embedded standard is valid, as a test shows")
    }

    /// The canonical form: one line of JSON without a final newline.
    pub fn to_canonical(&self) -> String {
        let mut out = Out::text();
        self.write(&mut out);
        out.into_text()
    }
}
