//! Spreadsheets in.

pub mod audience;
pub mod days;
pub mod draft;
pub mod entry;
pub mod events;
pub mod facts;
pub mod field;
pub mod map;
pub mod records;
pub mod sheet;
pub mod stakeholders;
