//! Spreadsheets in, from the file to the rows and back again.

mod command;
mod entries;
pub mod real_log;
