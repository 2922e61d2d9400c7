//! Clocks: what falls due in an STP, when, by which rule, and whose it is.
//!
//! ```text
//! record ─► as at a day ─► due::due ─┬─► the page of what falls due (public: of the disclosed record)
//!           (pure)                   ├─► calendar: a feed to subscribe to
//!                                    └─► nudge: mail to who logged it, then to the lead
//! ```

pub mod calendar;
pub mod due;
pub mod load;
pub mod nudge;

pub use due::{Clock, State, What, working_days_after};
pub use load::Clocks;

#[cfg(test)]
mod tests;
