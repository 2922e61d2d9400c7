//! Entries: what an STP puts on record beside its events, one description of a noun for each.
//!
//! ```text
//!                       ┌─► web::entries: list, form, page, history        ┐
//! Noun: About (fields) ─┼─► sheet: row ─► plan (dry run) ─► apply          ├─ the same for every noun
//!  + read, write        └─► table: CSV and the other formats               ┘
//!            │
//!            └─ rows ─► document (the row and its children, whole) ─► Values; save, remove: journalled here
//! ```
//!
//! A noun is added by one file that implements [`Noun`] and one line in [`all`]. It reads rows as documents and writes
//! [`Values`] as rows, with its own entities; addresses, pages, checks, spreadsheets and the journal are the same for all.

pub mod bodies;
pub mod choices;
pub mod consultation_themes;
pub mod consultations;
pub mod field;
pub mod flat;
pub mod monitoring_exceptions;
pub mod monitoring_returns;
pub mod planned_activities;
pub mod population_shares;
pub mod proposal_tests;
pub mod proposals;
pub mod questions;
pub mod read;
pub mod recommendations;
pub mod representatives;
pub mod requests;
pub mod requirements;
pub mod rows;
pub mod save;
pub mod scrutiny;
pub mod sheet;
pub mod stored;
pub mod table;
pub mod values;

use std::collections::BTreeMap;

use async_trait::async_trait;
use sea_orm::{DatabaseExecutor, DbErr};
use serde_json::Value;

use crate::{auth::Action, journal::Writer};
use field::{Field, Kind, Section};
pub use values::{Choices, Values};

/// What a noun is called and what its entries say.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name in addresses and on the command line.
    pub key: &'static str,
    /// The table of its rows: the journal's subject.
    pub table: &'static str,
    /// "proposal", "proposals".
    pub one: &'static str,
    pub many: &'static str,
    /// What it is for, in one sentence.
    pub lede: &'static str,
    pub sections: &'static [Section],
    /// Fields that together no two entries of an STP share.
    pub unique: &'static [&'static str],
    /// Who may see and who may change it, where that is not the record of the STP in general.
    pub read: Action,
    pub write: Action,
    /// Whether its entries are personal data: each page and file that shows some is then journalled.
    pub personal: bool,
}

impl About {
    /// A noun that is part of the record of the STP, to which `..Self::RECORD` leaves the rest.
    pub const RECORD: Self = Self {
        key: "",
        table: "",
        one: "",
        many: "",
        lede: "",
        sections: &[],
        unique: &[],
        read: Action::ReadArea,
        write: Action::WriteRecord,
        personal: false,
    };

    /// Every field, in the order of the page.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> + Clone + use<> {
        self.sections.iter().flat_map(|section| section.fields)
    }

    /// Its name at the beginning of a sentence.
    pub fn title(&self) -> String {
        capital(self.many)
    }
}

/// A text with its first letter large.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What is to be written of one entry.
#[derive(Clone, Copy, Debug)]
pub struct Put<'a> {
    pub stp: &'a str,
    pub id: &'a str,
    /// The version that it replaces; none for a new entry.
    pub version: Option<i32>,
    pub values: &'a Values,
}

impl Put<'_> {
    /// The version that it will have.
    pub fn next(&self) -> i32 {
        self.version.unwrap_or(0) + 1
    }
}

/// One noun: how its rows are read and written. The rest is the same for all.
#[async_trait]
pub trait Noun: Send + Sync {
    fn about(&self) -> &'static About;

    /// The documents of an STP's entries, or of the one with this id: each its row whole with its children, under the
    /// names of the columns, with `id` and `version`.
    async fn read(&self, db: &DatabaseExecutor<'_>, stp: &str, id: Option<&str>)
    -> Result<Vec<Value>, DbErr>;

    /// Writes an entry. Gives false, and changes nothing, where it no longer has the version that this replaces.
    async fn write(&self, w: &mut Writer, put: Put<'_>) -> Result<bool, DbErr>;

    /// Takes an entry's rows away, where it still has this version.
    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr>;

    /// What is wrong between the fields of an entry: (field, what is wrong).
    fn check(&self, _values: &Values) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Why an entry cannot be taken away: what names it, in words.
    async fn held(&self, _db: &DatabaseExecutor<'_>, _stp: &str, _id: &str) -> Result<Option<String>, DbErr> {
        Ok(None)
    }

    /// What an entry is called, from what it says.
    fn title(&self, values: &Values, choices: &Choices) -> String {
        let first = self.about().fields().next();
        first.map(|field| shown(field, values, choices)).unwrap_or_default()
    }

    /// Its public page.
    fn public(&self, _id: &str) -> Option<String> {
        None
    }
}

/// Every noun, in the order of the record page. A noun is added here in one line.
pub fn all() -> &'static [&'static dyn Noun] {
    &[
        &proposals::Proposals,
        &proposal_tests::ProposalTests,
        &consultations::Consultations,
        &consultation_themes::ConsultationThemes,
        &scrutiny::Scrutiny,
        &recommendations::Recommendations,
        &requests::Requests,
        &questions::Questions,
        &requirements::Requirements,
        &planned_activities::PlannedActivities,
        &representatives::Representatives,
        &bodies::Bodies,
        &monitoring_returns::MonitoringReturns,
        &monitoring_exceptions::MonitoringExceptions,
        &population_shares::PopulationShares,
    ]
}

/// The noun with this key.
pub fn noun(key: &str) -> Option<&'static dyn Noun> {
    all().iter().copied().find(|noun| noun.about().key == key)
}

/// An entry as it stands.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: String,
    pub version: i32,
    pub values: Values,
    /// As the journal keeps it.
    pub document: Value,
}

impl Kept {
    pub fn of(about: &About, document: Value) -> Self {
        let version = document.get("version").and_then(Value::as_i64).and_then(|n| i32::try_from(n).ok());
        Self {
            id: document.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
            version: version.unwrap_or(1),
            values: Values::of_document(about, &document),
            document,
        }
    }
}

/// Every entry of an STP, in the order in which they were added.
pub async fn entries(noun: &dyn Noun, db: &DatabaseExecutor<'_>, stp: &str) -> Result<Vec<Kept>, DbErr> {
    let all = noun.read(db, stp, None).await?;
    Ok(all.into_iter().map(|document| Kept::of(noun.about(), document)).collect())
}

/// One entry of an STP.
pub async fn entry(
    noun: &dyn Noun,
    db: &DatabaseExecutor<'_>,
    stp: &str,
    id: &str,
) -> Result<Option<Kept>, DbErr> {
    let found = noun.read(db, stp, Some(id)).await?.into_iter().next();
    Ok(found.map(|document| Kept::of(noun.about(), document)))
}

/// A field as people read it.
pub fn shown(field: &Field, values: &Values, choices: &Choices) -> String {
    let texts = values.list(field.key);
    let label = |code: &String| {
        let known = choices.get(field.key).and_then(|all| all.iter().find(|choice| choice.value == *code));
        known.map_or_else(|| code.clone(), |choice| choice.label.clone())
    };
    match field.kind {
        Kind::YesNo => if values.yes(field.key) { "Yes" } else { "No" }.to_owned(),
        Kind::Day => values.day(field.key).map(crate::web::filters::day).unwrap_or_default(),
        Kind::One(_) | Kind::Several(_) => texts.iter().map(label).collect::<Vec<_>>().join("\n"),
        Kind::Texts => texts.join("\n"),
        _ => values.text(field.key).to_owned(),
    }
}

/// What differs between two entries: the field's label, before, after.
pub fn differences(
    about: &About,
    choices: &Choices,
    before: &Values,
    after: &Values,
) -> Vec<(&'static str, String, String)> {
    about
        .fields()
        .filter(|field| before.list(field.key) != after.list(field.key))
        .map(|field| (field.label, shown(field, before, choices), shown(field, after, choices)))
        .collect()
}

/// The nouns whose entries name entries of `key`, each with the field that does.
pub fn naming(key: &str) -> Vec<(&'static dyn Noun, &'static Field)> {
    let mut found = Vec::new();
    for noun in all() {
        for field in noun.about().fields() {
            if matches!(field.kind, Kind::One(field::Source::Entries(of)) if of == key) {
                found.push((*noun, field));
            }
        }
    }
    found
}

/// Why an entry cannot be taken away, in words: what names it. None where it can.
pub async fn held(
    noun: &dyn Noun,
    db: &DatabaseExecutor<'_>,
    stp: &str,
    id: &str,
) -> Result<Option<String>, DbErr> {
    let about = noun.about();
    for (other, field) in naming(about.key) {
        let all = entries(other, db, stp).await?;
        if all.iter().any(|kept| kept.values.text(field.key) == id) {
            return Ok(Some(format!(
                "The {} of this {} must be removed first.",
                other.about().many,
                about.one
            )));
        }
    }
    noun.held(db, stp, id).await
}

/// Documents by an id of theirs that names another row: children, gathered for their parents.
pub fn by_parent<T>(rows: Vec<T>, parent: impl Fn(&T) -> String) -> BTreeMap<String, Vec<T>> {
    let mut all: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for row in rows {
        all.entry(parent(&row)).or_default().push(row);
    }
    all
}
