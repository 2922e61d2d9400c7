//! Mailings: letters to an audience of an STP's stakeholders, and a ledger that is also the queue.
//!
//! ```text
//! Draft ─► record (create, update) ─► preview (letter) ─► freeze: audience ─► one delivery an address, or why not
//!                                                            │
//!                       dispatch, pause, resume, cancel ─────┤ the mailing's state, journalled
//!                                                            ▼
//! deliver: claim a few that may go now (queue, pace) ─ commit `sending` ─► their sender's lines (ways): last look (look), SMTP,
//!             │                                       no transaction open ─► commit the answers
//!             │                                                                              (ledger)
//!             └─ claims of a worker that died (presence) ─► `uncertain` ─► a person decides (doubts)
//! ```
//!
//! What people decide is journalled; how far a delivery has come is the ledger's own record.

pub mod armed;
pub mod audience;
pub mod deliver;
pub mod doubts;
pub mod draft;
pub mod files;
pub mod find;
pub mod freeze;
mod ledger;
pub mod letter;
mod line;
mod look;
pub mod markdown;
pub mod merge;
pub mod optouts;
pub mod pace;
mod presence;
mod queue;
pub mod record;
pub mod sample;
pub mod token;
mod ways;
pub mod worn;

pub use draft::Draft;
