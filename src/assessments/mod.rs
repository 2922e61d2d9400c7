//! Assessments: rows → record → method → what pages, files and reports show.
//!
//! ```text
//! rows ─► record::load ─► disclose ─► method::assess ┐
//!                             └─► who was heard when ┴─► Area ─► kept until a write touches the STP
//!                                                          ├─► england, funnel, over_time ─┐
//!                                                          ├─► stp ─ finding               ├─► pages, files
//!                                                          └─► wanted, counted: lists ─────┘
//! ```
//!
//! Everything after `record::load` sees the disclosed record alone, so that nothing hidden can reach a page.

pub mod area;
pub mod beside;
pub mod counted;
pub mod england;
pub mod england_files;
pub mod example;
pub mod files;
pub mod finding;
pub mod funnel;
pub mod heard;
pub mod kept;
pub mod look;
pub mod matrix;
pub mod over_time;
pub mod past;
pub mod record;
pub mod restated;
pub mod said;
pub mod stp;
pub mod subject;
pub mod timeline;
pub mod wanted;
pub mod what_if;

pub use area::Area;
pub use kept::Assessments;
pub use look::{KnownAt, Look};

/// The standard in force.
pub fn standard() -> method::Standard {
    method::Standard::default_2017()
}
