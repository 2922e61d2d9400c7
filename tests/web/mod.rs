//! What people see and do at each address, noun by noun.

mod reports;
mod sign_in;
pub mod stakeholders;
