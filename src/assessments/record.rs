//! Rows → the record that the method reads: everything the rules need to know of one STP, of several or of all, as it
//! stands or as it was known.
//!
//! ```text
//! stps ─ footprints ─ places        ┐
//! duty_holders ─ bodies             │  a fixed number of queries,
//! requirements ─ contacts           ├─ however many STPs and events ──► method::Record
//! proposals ─ consultations         │
//! requests ─ questions ─ monitoring │
//! events ─ parts ─ representatives  ┘
//! ```
//!
//! Withdrawn events and events without any day stay out; so do consultations that are not formal, that have no proposal
//! or that were cancelled, since a record has no word for it.

mod answers;
mod areas;
mod events;
mod packed;
pub(crate) mod past;
mod source;

use std::collections::HashMap;

use anyhow::{Context as _, anyhow};
use method::{
    Record, Standard,
    record::Stp,
    values::{Count, Id},
    words::Format,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};

use past::Past;
use source::Source;

/// Which STPs a record is of.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// All of them.
    England,
    /// Those with these codes.
    Stps(&'a [String]),
}

impl Scope<'_> {
    /// Keeps the rows of these STPs, by the column that names the STP.
    pub(super) fn of<E: EntityTrait>(self, select: Select<E>, column: impl ColumnTrait) -> Select<E> {
        match self {
            Self::England => select,
            Self::Stps(codes) => select.filter(column.is_in(codes)),
        }
    }
}

/// The record of these STPs as it stands, undisclosed, with this standard. An error where a row says what no record may
/// say: then something was written that should have been refused.
pub async fn load(db: &impl ConnectionTrait, scope: Scope<'_>, standard: Standard) -> anyhow::Result<Record> {
    assemble(&Source::Now { db, scope }, standard).await
}

/// The same as the journal had it after the entry with the number `until`.
pub async fn load_known(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    until: i64,
    standard: Standard,
) -> anyhow::Result<Record> {
    let past = Past::read(db, scope, until).await?;
    of_past(db, &past, standard).await
}

/// The record of what was known. The connection is not read.
pub(crate) async fn of_past<C: ConnectionTrait>(
    _: &C,
    past: &Past,
    standard: Standard,
) -> anyhow::Result<Record> {
    assemble(&Source::<C>::Then(past), standard).await
}

async fn assemble(from: &Source<'_, impl ConnectionTrait>, standard: Standard) -> anyhow::Result<Record> {
    let mut stps = areas::stps(from).await?;
    let at: Index = stps.iter().enumerate().map(|(index, stp)| (stp.code.to_string(), index)).collect();
    areas::places(from, &at, &mut stps).await?;
    areas::bodies(from, &at, &mut stps).await?;
    areas::requirements(from, &at, &mut stps).await?;
    areas::contacts(from, &at, &mut stps).await?;
    areas::proposals(from, &at, &mut stps).await?;
    areas::consultations(from, &at, &mut stps).await?;
    answers::load(from, &at, &mut stps).await?;
    events::load(from, &at, &mut stps).await?;
    Ok(Record { format: Format::V1, disclosed: false, stps, standard })
}

/// Where each STP stands in the record, by its code.
type Index = HashMap<String, usize>;

/// The STP of a row, if the record has it.
fn stp<'a>(stps: &'a mut [Stp], at: &Index, code: &str) -> Option<&'a mut Stp> {
    stps.get_mut(*at.get(code)?)
}

/// A code or an id as a record may hold it.
fn id(text: &str) -> anyhow::Result<Id> {
    Id::parse(text).with_context(|| format!("`{text}` cannot be an id on the record"))
}

/// A number that a record holds: none is below 0.
fn whole(number: i32) -> anyhow::Result<u32> {
    u32::try_from(number).map_err(|_| anyhow!("{number} is below 0"))
}

/// People, where they were counted: both ends are there or neither is.
fn people(low: Option<i32>, high: Option<i32>) -> anyhow::Result<Option<Count>> {
    Ok(match (low, high) {
        (Some(low), Some(high)) => Some(Count { low: whole(low)?, high: whole(high)? }),
        _ => None,
    })
}

/// A text, where there is one: an empty text is not recorded.
fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// A JSON list of texts as the database keeps it.
fn texts(list: &str) -> anyhow::Result<Vec<String>> {
    if list.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(list).with_context(|| format!("`{list}` is not a list of texts"))
}
