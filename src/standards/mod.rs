//! Standards: the thresholds that the rules measure against, as versions with an author, a day and a reason.
//!
//! ```text
//! form ─► draft (every threshold within its bounds; an area's own no laxer) ─► record::create ─► a draft
//! draft ─► effect: all areas judged under the one in force and under it ─► record::adopt ─► journal
//! journal up to an instant ─► find::in_force ─► the version that an assessment is made under
//! ```
//!
//! A version is never changed: a change is another version. England's areas are judged under one standard, so that
//! they compare; an area that chooses a stricter one shows its verdicts beside the national ones.

pub mod compare;
pub mod draft;
pub mod effect;
pub mod find;
pub mod record;
pub mod threshold;

pub use find::{chosen, in_force, named};
pub use threshold::{THRESHOLDS, Threshold};
