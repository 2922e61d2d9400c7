//! Audiences: whom a mailing goes to, chosen by what is known of stakeholders and by what has passed between them and
//! the area, and saved under a name if it is wanted again.
//!
//! ```text
//! form ─► Written ─► Query::parse ─┬─► a mailing's own audience ─┐
//!                                  └─► record: a saved audience ─┤ used by name in other audiences
//!                                                                ▼
//!                 gaps that are open now, saved audiences ─► known ─► find: stakeholders, as things stand when it is used
//! ```
//!
//! A query is kept, never a list: who is met, opts out or joins meanwhile is in or out of it the next time. Conditions
//! all hold; audiences that are joined add people, those that are left out take people away, whatever else holds.

pub mod find;
pub mod known;
pub mod query;
pub mod record;
pub mod said;

pub use known::Known;
pub use query::{Query, Written};
