//! The STP's plan for engagement: whom it is to hear, how deeply, when, and what came of it.
//!
//! ```text
//! requirements, planned activities (entries) ─┐
//! the record, disclosed ──────────────────────┼─► view ─► page of staff, public page
//! stps: published on, where, target ──────────┘
//!            ▲
//!            └── record ◄─ draft ◄─ form
//! ```

pub mod draft;
pub mod record;
pub mod view;

pub use draft::Draft;
