//! The method: which groups and places an STP has engaged, and which it has still to engage.
//!
//! Everything here is a pure function of a record, a standard and a day: no database, no web, no clock, no files. The
//! same input gives the same output, byte for byte, on any machine.
//!
//! ```text
//! bytes -> record::Record -> disclose -> as at a day -> area (index) -> rules -> assess::Assessment -> JSON, text, CSV
//! ```
//!
//! - [`record`] is what is known; [`standard`] holds the thresholds; [`words`] and [`values`] the vocabulary.
//! - [`disclose`](mod@disclose) masks what must not be shown; the rules run on what is left.
//! - [`rules`] has one file for each rule, with its words and its code.
//! - [`assess`](mod@assess) runs them, and [`finding`] is what they find.

mod area;
pub mod as_at;
pub mod assess;
pub mod disclose;
mod duties;
mod exact;
mod facts;
pub mod finding;
mod found;
mod groups;
mod json;
mod linked;
mod numbers;
mod quick;
pub mod record;
mod report;
pub mod representation;
pub mod rules;
mod seen;
pub mod standard;
pub mod values;
mod wording;
pub mod words;

pub use assess::{
    Assessment, DomainSummary, Judged, StpAssessment, Summary, assess, assess_stp, judge, judge_stp,
};
pub use disclose::{disclose, disclose_own};
pub use finding::{Finding, Input, NotCounted, Parent, Severity, Verdict, Why};
pub use json::Problem;
pub use record::Record;
pub use rules::Rule;
pub use standard::Standard;

/// The version of the method, as an assessment names it.
pub const METHOD: &str = "1";
