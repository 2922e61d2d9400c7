//! Reversible changes to the database, one to a file, the same on SQLite and PostgreSQL.
//!
//! The first eight lay out the tables; the ninth loads the reference facts of `reference/`; those after it add tables and
//! columns. A change that has been released is never edited: the next one is a new file.

pub use sea_orm_migration::{MigratorTrait, SchemaManager};

mod layout;
mod m0001_reference;
mod m0002_people;
mod m0003_journal;
mod m0004_imports;
mod m0005_events;
mod m0006_mail;
mod m0007_editions;
mod m0008_jobs;
mod m0009_reference_facts;
mod m0010_proposals;
mod m0011_answers;
mod m0012_standards;
mod m0013_nudges;
mod m0014_incoming_mail;
mod m0015_starts;
mod m0016_invitations;
mod m0017_alerts;
mod m0018_audiences;
mod m0019_letter_templates;
mod m0020_pace;
mod m0021_mailing_files;
mod m0022_senders;
mod m0023_topics;
mod m0024_own_links;
mod m0025_sign_offs;
mod m0026_queue;
mod m0027_ledger_indexes;
mod m0028_replies;

pub use m0009_reference_facts::stp_codes;

/// Every change, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
        vec![
            Box::new(m0001_reference::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_journal::Migration),
            Box::new(m0004_imports::Migration),
            Box::new(m0005_events::Migration),
            Box::new(m0006_mail::Migration),
            Box::new(m0007_editions::Migration),
            Box::new(m0008_jobs::Migration),
            Box::new(m0009_reference_facts::Migration),
            Box::new(m0010_proposals::Migration),
            Box::new(m0011_answers::Migration),
            Box::new(m0012_standards::Migration),
            Box::new(m0013_nudges::Migration),
            Box::new(m0014_incoming_mail::Migration),
            Box::new(m0015_starts::Migration),
            Box::new(m0016_invitations::Migration),
            Box::new(m0017_alerts::Migration),
            Box::new(m0018_audiences::Migration),
            Box::new(m0019_letter_templates::Migration),
            Box::new(m0020_pace::Migration),
            Box::new(m0021_mailing_files::Migration),
            Box::new(m0022_senders::Migration),
            Box::new(m0023_topics::Migration),
            Box::new(m0024_own_links::Migration),
            Box::new(m0025_sign_offs::Migration),
            Box::new(m0026_queue::Migration),
            Box::new(m0027_ledger_indexes::Migration),
            Box::new(m0028_replies::Migration),
        ]
    }
}
