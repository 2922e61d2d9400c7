//! What people see and do at each address, noun by noun.

pub mod areas;
mod england;
mod entries;
mod events;
pub mod imports;
mod known;
mod method;
pub mod register;
mod reports;
mod representatives;
mod sign_in;
pub mod stakeholders;
mod standards;
mod statements;
mod stps;
mod unsubscribe;
