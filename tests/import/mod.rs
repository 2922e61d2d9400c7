//! Spreadsheets in, from the file to the rows and back again.

mod real_log;
