//! Spreadsheets in.

pub mod sheet;
