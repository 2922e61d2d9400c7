//! Representatives: who speaks for a group, from a day to a day.
//!
//! ```text
//! event ─ event_representatives ─► representatives (group, from_on, until_on)
//!             │                          │
//!             └──────► credit ◄──────────┘   the group took part only if the role was held on the day of the event
//!                        │
//!     record of the method, lists, pages ◄───┘
//! ```
//!
//! The rows of an event stay as they were written; what a role makes of them is worked out when they are read, so that
//! ending a role is one edit, and an edition that was published before keeps its bytes.

pub mod credit;
pub mod find;

pub use credit::{Stand, stand};
