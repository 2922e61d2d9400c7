//! What people see and do at each address, noun by noun.

pub mod areas;
pub mod counts;
mod due;
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
mod small_numbers;
pub mod stakeholders;
mod standards;
mod statements;
mod stps;
mod unsubscribe;
mod what_if;
