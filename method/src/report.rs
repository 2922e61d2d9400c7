//! An assessment as a file: JSON for machines, text for a terminal, CSV for a spreadsheet.

pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod text;
