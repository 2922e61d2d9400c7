//! Spreadsheets in, from the file to the rows and back again.

mod command;
pub mod real_log;
