//! What people see and do at each address, noun by noun.

mod events;
mod reports;
mod sign_in;
pub mod stakeholders;
