//! Alerts for the public: mail about what is published, without an account, for who asked for it and said so twice.
//!
//! ```text
//! form ─► sign_up (the same for every address) ─► mail with a link ─► confirmed ─► alert with its choices
//! an edition is published ─► queue: a mail a reader, in the same transaction     ┐
//! Monday at 9, or each day for a proposal ─► gather: one mail, derived            ├─► outbox ─► letter ─► SMTP
//! someone leaves ─► change: all of theirs is deleted, a digest stays              ┘
//! ```
//!
//! Nothing here is evidence of engagement and nothing of it is journalled: a reader is forgotten when they leave.

pub mod change;
pub mod draft;
pub mod find;
pub mod gather;
pub mod letter;
pub mod news;
pub mod queue;
pub mod returned;
pub mod sign_up;
pub mod work;

use std::path::Path;

use crate::{chance::Chance, mailings::token};

pub use draft::{Draft, Wanted};

/// What the choice of everything in England is called.
pub const ENGLAND: &str = "england";

/// What an address is known by where it is not kept: a digest that nobody can make without the key in the data folder.
/// Machines that share a database and not the key do not know each other's.
fn digest(folder: &Path, chance: &Chance, of: &str) -> anyhow::Result<String> {
    Ok(token::digest(&token::Key::open(folder, chance)?.token(&format!("alerts {of}"))))
}
