//! Entries as a table: the columns are the keys of the fields, a code or a day in each cell, an id first.

use sea_orm::{DatabaseExecutor, DbErr};

use super::{Kept, Noun, entries};

/// Columns and rows of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

/// The columns of a noun's table.
pub fn columns(noun: &dyn Noun) -> Vec<&'static str> {
    std::iter::once("id").chain(noun.about().fields().map(|field| field.key)).collect()
}

/// One entry as a row.
pub fn row(noun: &dyn Noun, kept: &Kept) -> Vec<String> {
    let cell = |field: &super::Field| match field.kind {
        super::Kind::YesNo => if kept.values.yes(field.key) { "yes" } else { "no" }.to_owned(),
        _ => kept.values.cell(field.key),
    };
    std::iter::once(kept.id.clone()).chain(noun.about().fields().map(cell)).collect()
}

/// Every entry of the STPs, in the order in which they were added; with more than one STP its code stands first.
pub async fn load(noun: &dyn Noun, db: &DatabaseExecutor<'_>, stps: &[String]) -> Result<Table, DbErr> {
    let many = stps.len() != 1;
    let mut table = Table { columns: columns(noun), rows: Vec::new() };
    if many {
        table.columns.insert(0, "stp_code");
    }
    for stp in stps {
        for kept in entries(noun, db, stp).await? {
            let mut row = row(noun, &kept);
            if many {
                row.insert(0, stp.clone());
            }
            table.rows.push(row);
        }
    }
    Ok(table)
}

/// The table as CSV. No cell can be taken for a formula: see [`guarded`].
pub fn csv(table: &Table) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&table.columns)?;
    for row in &table.rows {
        out.write_record(row.iter().map(|cell| guarded(cell)))?;
    }
    Ok(out.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// What a spreadsheet would take for a formula.
fn formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text that no spreadsheet takes for a formula; [`unguarded`] gives it back.
pub fn guarded(text: &str) -> String {
    if formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// What was guarded.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|_| formula(text)).unwrap_or(text)
}
