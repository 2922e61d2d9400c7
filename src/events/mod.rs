//! Events: what took place, who took part, and what was said.
//!
//! ```text
//! a form, a file ─► EventDraft ─► record::{create, update, cancel, withdraw} ─► rows and journal
//!                   (check: the rules of the record)          │
//!                                        find::{one, list} ◄──┘
//! ```

pub mod check;
pub mod choices;
pub mod draft;
pub mod facts;
pub mod find;
pub mod gaps;
pub mod numbers;
pub mod record;
mod remove;
mod rows;
pub mod whole;

pub use choices::Choices;
pub use find::{Cursor, Filter};
pub use record::{Provenance, Unwritten};
pub use remove::remove;
pub use whole::{EventDraft, EventWhole, Part, Placed, Point, Source};
