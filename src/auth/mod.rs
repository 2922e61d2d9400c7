//! Who someone is, and what they may do to which STP.
//!
//! ```text
//! email + password ─► attempts (guessing) ─► passwords (argon2id) ─► session row ─► cookie
//! cookie ─► session ─► user row, read anew at every request ─► SignedIn ─► permit(role, action, relation)
//! ```

pub mod attempts;
pub mod passwords;
pub mod permit;
pub mod sessions;
mod signed_in;
pub mod users;

pub use permit::{Action, Relation};
pub use signed_in::SignedIn;
