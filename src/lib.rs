//! Open Door: who was consulted on England's 44 sustainability and transformation plans, and who is still to be.
//!
//! ```text
//!            web ──┐                              ┌──► method (pure: record ─► gaps)
//!   commands ──────┼─► the nouns of the domain ───┤
//!            jobs ─┘      (draft, record, find)   └──► journal ─► one transaction with the rows
//! ```
//!
//! One folder per noun of the domain, the same nouns everywhere; callers stand above callees.

/// The command line: each command parses, calls and exits.
pub mod command;
/// The outside: addresses, forms, pages.
pub mod web;

/// Tables out: CSV, Excel, OpenDocument and JSON.
pub mod export;
/// Spreadsheets in: checked first, then accepted, and undone if need be.
pub mod import;
/// Documents out: PDF that is tagged, so that it can be read aloud.
#[cfg(feature = "pdf")]
pub mod pdf;
/// Published editions: frozen, and run again by anyone.
pub mod reports;

/// Mail for the public about what is published.
pub mod alerts;
/// How often people and bodies were asked, by any area.
pub mod approaches;
/// Who has been heard and who has not, worked out from the record.
pub mod assessments;
pub mod audiences;
/// What falls due, when, and whose it is.
pub mod clocks;
/// Exercises that events can be part of.
pub mod consultations;
/// Whom an STP sets out to hear, how deeply and when.
pub mod engagement_plans;
/// What an STP puts on record beside its events: one description of a noun, and all the rest of it.
pub mod entries;
/// What took place, who took part, and what was said.
pub mod events;
/// What comes back of them: bounces, complaints, answers.
pub mod incoming_mail;
/// Who is invited to an event, what they answer, and who is told when it changes.
pub mod invitations;
/// Letters to stakeholders: written, frozen, sent, and a ledger of what became of each.
pub mod mailings;
/// What an area holds about whoever reads its letters, for themself.
pub mod me;
/// Changes that people are heard on.
pub mod proposals;
/// The public register of events.
pub mod register;
/// Who speaks for a group, from when to when.
pub mod representatives;
/// A mailing's ledger confirmed by a person: proof of service, kept as it stood.
pub mod sign_offs;
/// Whom an STP writes to.
pub mod stakeholders;
/// The thresholds that the rules measure against: versions, their effect, which is in force.
pub mod standards;

/// The one queue of long work.
pub mod jobs;

/// Mail that waits as a row of its own: claimed, sent, answered.
pub mod outbox;

/// Messages, and the only place that speaks SMTP.
pub mod letter_templates;
pub mod mail;

/// Who someone is and what they may do.
pub mod auth;
/// Every write, journalled and chained.
pub mod journal;

/// What every request and job has at hand.
pub mod app;
/// Random numbers and identities.
pub mod chance;
/// Time.
pub mod clock;
/// Settings.
pub mod config;
/// SQLite and PostgreSQL.
pub mod db;
/// What went wrong.
pub mod fault;
