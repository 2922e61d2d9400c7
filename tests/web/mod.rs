//! What people see and do at each address, noun by noun.

mod sign_in;
pub mod stakeholders;
