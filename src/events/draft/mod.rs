//! Forms read: what was typed → [`EventDraft`](super::EventDraft), or every problem beside its field.
//!
//! ```text
//! quick log   ─► quick::parse ─┐
//!                              ├─► EventDraft ─► check::wrongs ─► problems, or the draft
//! full record ─► full::parse  ─┘        │
//!        ▲                              │
//!        └─────────── filled ◄──────────┘
//! ```

mod fields;
pub mod filled;
pub mod full;
pub mod quick;
mod title;

pub use fields::LEVELS;
pub use title::title;
