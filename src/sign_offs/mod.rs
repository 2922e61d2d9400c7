//! Sign-offs: a person confirms a mailing's ledger as proof of service, and what they confirmed is kept as it stood.
//!
//! ```text
//! record ─► rows: the ledger, line by line ─┬─► digest ─► mailing_sign_offs, journalled
//!                                           └─► snapshot, packed ─► mailing_proofs
//! find ◄── the ledger's digest now, beside the one that was signed: as it stood then, or changed since
//! snapshot ─┬─► rows: the CSV
//!           └─► paper ─► pdf: made when it is first asked for, then kept
//! ```
//!
//! A sign-off is never changed. What comes later, a doubt decided or a late bounce, is another one beside it.

pub mod find;
#[cfg(feature = "pdf")]
pub mod paper;
pub mod record;
pub mod rows;
pub mod snapshot;

/// What a person confirms.
pub const STATEMENT: &str = "I have looked at this ledger. To the best of my knowledge it says truly who was written \
                             to, with which text, what the mail server answered, and who was left out and why.";

/// The longest note, in characters.
pub const NOTE: usize = 2000;

/// How many lines of a ledger the PDF carries; of a longer one it has the totals, and the CSV has the lines. Setting
/// takes some 160 MB of memory for a thousand lines.
pub const LINES: usize = 2000;
