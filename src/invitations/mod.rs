//! Invitations: mailings that invite to an event, and what the invited answer without an account.
//!
//! ```text
//! a mailing that names an event ─► freeze: Told, what the letter says of it ─► letter, link, invitation.ics
//!                                                                                        │
//!          list: yes, no, needs support, not answered ◄─ answers ◄─ /rsvp/{token} ◄──────┘
//!            │
//!            ├─ reminder: those who have not answered ─┐   whoever answers while it is queued
//!            └─ change: those who know how it was      ┴─► follow_up: is left out
//! ```
//!
//! An answer belongs to an address and an event, so a reminder asks for the same answer as the invitation did. What
//! was frozen is what is sent: a mailing whose event has changed since stops, and a person decides.

pub mod answers;
pub mod calendar;
pub mod follow_up;
pub mod list;
mod told;

pub use told::{Invitation, Told, may_invite, open};
