//! Strict JSON in, canonical JSON out.
//!
//! ```text
//! bytes -> Reader (syntax, places of problems) -> Field::read (types, words, what is required) -> a typed value
//! a typed value -> Field::write (sorted keys, sorted lists) -> Out (escapes, digits, the running hash)
//! ```
//!
//! The types of the record say what is required: `NaiveDate` must be there, `Option<NaiveDate>` need not. A value that is
//! refused is noted with its path and skipped, so that one reading lists all that is wrong; only broken syntax ends it.

mod codes;
mod field;
mod out;
mod plain;
mod problem;
mod reader;
mod structure;

pub(crate) use codes::codes;
pub(crate) use field::{Field, Got, MAX_WHOLE};
pub(crate) use out::Out;
pub use problem::Problem;
pub(crate) use problem::{Trail, excerpt};
pub(crate) use reader::{Broken, Reader};
pub(crate) use structure::{sorted_order, structure};

/// Reads one document of type `T` from bytes. Gives what could be read, and the trail of what was refused on the way.
pub(crate) fn read<T: Field>(bytes: &[u8]) -> (Option<T>, Trail) {
    let mut trail = Trail::default();
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => {
            trail.note("the file starts with a byte-order mark, which the format does not allow");
            rest
        }
        None => bytes,
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(fault) => {
            trail.note(format!("not UTF-8: a wrong byte at position {}", fault.valid_up_to()));
            return (None, trail);
        }
    };
    let mut reader = Reader::new(text, trail);
    let value = reader.document::<T>();
    (value, reader.into_trail())
}
