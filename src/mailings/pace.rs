//! How fast letters may leave: rules alone, which read no clock, draw no numbers and keep nothing on disk.
//!
//! ```text
//! settings ─► limits ──┐              ┌─ Go: the letter's place is taken
//! the ledger's counts ─┼─► gate ─ask ─┴─ Wait: until when, and why ─► the mailing's page
//! a server's haste ────┘
//!
//! a letter deferred ─► hint ─► back_off ─► when it is tried again, or given up
//! ```
//!
//! One worker's gate is in its memory and is made anew from the ledger's counts when the worker starts, when the
//! workers change, and after an outage. Several workers do not ask each other: each has its part of every rate
//! ([`rate::Share`]), and the parts together are the rate.

pub mod back_off;
mod bucket;
pub mod gate;
mod held;
pub mod hint;
pub mod limits;
pub mod quiet_hours;
pub mod rate;
mod slow;
mod wait;
pub mod warm_up;

#[cfg(test)]
mod tests;
