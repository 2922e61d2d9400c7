//! Reports: editions that never change once they are published, and that a stranger can run again.
//!
//! ```text
//! rows ─► assessments::record ─► method ─► compose ─► files, manifest, one zip
//!                                             │
//!                         publish ─► rows of editions and their files, and the journal, in one transaction
//!                                             │
//! pages ◄── find ◄── the stored bytes         └─► withdraw: dated, with a reason; the files are no longer served
//! verify ◄── a zip alone
//! ```
//!
//! A correction is a new edition, which says what changed; the one before stays readable. A withdrawal is for what
//! should never have been public: its page says when and why, and lists the files with their hashes, so that a copy
//! can still be told from a forgery, but their bytes are no longer handed out.

pub mod changes;
pub mod compose;
pub mod download;
pub mod edition;
pub mod find;
pub mod manifest;
pub mod package;
pub mod page;
pub mod publish;
pub mod tables;
pub mod verify;
pub mod withdraw;
pub mod words;
