//! The journal: one mechanism for history, audit, undo and "as it was known then".
//!
//! ```text
//! Writer::open ─► changes, each with record(Entry) ─► commit ─► lock the chain ─► link the entries ─► COMMIT
//!                     (same transaction as the rows)                 prev_hash ── hash ── hash
//! fold ◄──── the last entry of each record up to an instant
//! verify ◄── entries in order, the values kept beside them, the heads that published editions named
//! ```
//!
//! An entry's instant is that of its commit, and never before the one it follows: what stood at an instant is what the
//! entries up to it say, and stays so.
//!
//! A transaction can be had from a [`Writer`] alone, and one that recorded nothing is refused at its commit, so no
//! handler can forget the journal. The chain is linked at the commit, under a lock held for those few statements.
//! Personal values stand beside the chain with a salt, and the chain holds their digest: erasing the value leaves
//! the chain whole.

mod canonical;
mod chain;
mod fold;
pub mod head;
mod history;
mod verify;
mod writer;

pub use canonical::canonical;
pub use chain::{head, seq};
pub use fold::{Document, Folded, until};
pub use history::{Change, Version, changes, versions};
pub use verify::{Broken, Verified, verify};
pub use writer::{Actor, Entry, Origin, Writer};
