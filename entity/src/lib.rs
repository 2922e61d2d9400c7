//! The tables, one to a file, with the words that their columns hold beside them.
//!
//! A row is a `Model`; what a column may say is an enum with a `code()` for machines and a `name()` for people.
//! Columns that hold personal data are declared in [`personal`].

pub mod audience_group;
pub mod body;
pub mod consultation;
pub mod consultation_theme;
pub mod delivery;
pub mod duty_holder;
pub mod edition;
pub mod edition_file;
pub mod event;
pub mod event_body;
pub mod event_place;
pub mod event_proposal;
pub mod event_representative;
pub mod event_target;
pub mod evidence;
pub mod footprint;
pub mod import;
pub mod import_row;
pub mod job;
pub mod journal_entry;
pub mod journal_value;
pub mod mailing;
pub mod monitoring_answer;
pub mod monitoring_exception;
pub mod monitoring_return;
pub mod participation;
pub mod personal;
pub mod place;
pub mod planned_activity;
pub mod population_share;
pub mod proposal;
pub mod proposal_place;
pub mod proposal_test;
pub mod question;
pub mod recommendation;
pub mod reference_source;
pub mod representative;
pub mod request;
pub mod requirement;
pub mod scrutiny_authority;
pub mod scrutiny_record;
pub mod session;
pub mod sheet;
pub mod sign_in_attempt;
pub mod stakeholder;
pub mod standard;
pub mod stp;
pub mod submission;
pub mod suppression;
pub mod theme;
pub mod user;
pub mod user_stp;
mod words;
