//! Stakeholders: whom an STP writes to, as a person or as an office.
//!
//! ```text
//! form ────┐
//! import ──┴─► Written ─► Draft::parse ─► twins (the same address again?) ─► record: create, update, withdraw
//! pages, mailings, the method's `reachable_contacts` ◄── find
//! ```
//!
//! Names, addresses and notes are personal data: whoever shows them says so in the journal
//! once for the page (`web::reading`).

pub mod draft;
pub mod find;
pub mod record;

pub use draft::{Draft, Written};
pub use record::{Origin, create, remove, update, withdraw};
