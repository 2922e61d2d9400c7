//! Mail that comes back: what our letters brought, taken in once and acted on.
//!
//! ```text
//! a pipe, a mailbox (fetch), a relay's signed request (webhook) ─► bytes
//! bytes ─► mail::inbound::read ─► whose letter? ─┬─ known ──► a row and what follows, in one transaction
//!                                                └─ unknown ─► a row without an area: an administrator says whose
//!
//! bounce, no such address   delivery bounced, address undeliverable
//! bounce, not for now       delivery bounced; the fifth in a row makes the address undeliverable
//! bounce, refused           delivery bounced
//! complaint                 address complained of: no engagement or service mail
//! asked to be left out      opted out of the area's engagement mail
//! reply                     waits for staff until its day; has an owner; may answer a request of the record
//! automatic answer, delay   kept, nothing follows
//! ```
//!
//! A header can be forged, and nobody may silence another person's address: a letter is known by its own return path,
//! which holds a proof, by the same proof in the subject that a mail program's button writes, or by its Message-ID together with the address that it went to.

mod act;
pub mod fetch;
mod find;
mod record;
pub mod requests;
mod take;
pub mod webhook;
mod whose;

pub use find::{About, PAGE, Shown, about, held, of_stakeholder, one, page, waiting};
pub use record::{answers, assign, done, own, reopen};
pub use take::{Taken, take};
