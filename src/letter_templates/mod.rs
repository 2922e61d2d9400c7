//! Letter templates: a subject, a text and a purpose that an area keeps under a name, to be written again.
//!
//! ```text
//! form, or a mailing that was written ─► mailings::draft::Letter ─► record: one row now, one row a version
//!                                                                        │
//!                              a new mailing starts from its text ◄── find
//! ```
//!
//! A mailing takes a copy: a template that is changed changes nothing that was written before.

pub mod find;
pub mod record;
