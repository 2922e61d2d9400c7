//! Versions of one record, read back from the journal and compared field by field.

use chrono::{DateTime, Utc};
use entity::{journal_entry, journal_value};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder};
use serde_json::{Map, Value};

use super::canonical;

/// A record as one change left it.
#[derive(Clone, Debug)]
pub struct Version {
    /// The journal's number of that change.
    pub seq: i64,
    pub at: DateTime<Utc>,
    /// Who: `user:ID`, `command:NAME`, `public` or `system`.
    pub actor: String,
    pub action: String,
    /// The record whole, personal values put back where they are still kept; none once it is gone.
    pub after: Option<Value>,
}

/// One field that differs between two versions. Absent is `None`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Every version of a record, first to last. Readings and exports are left out: they change nothing.
pub async fn versions(conn: &impl ConnectionTrait, table: &str, id: &str) -> Result<Vec<Version>, DbErr> {
    let entries = journal_entry::Entity::find()
        .filter(journal_entry::Column::SubjectTable.eq(table))
        .filter(journal_entry::Column::SubjectId.eq(id))
        .filter(journal_entry::Column::Action.is_not_in(["read", "export"]))
        .order_by_asc(journal_entry::Column::Seq)
        .all(conn)
        .await?;
    let seqs: Vec<i64> = entries.iter().map(|e| e.seq).collect();
    let values = journal_value::Entity::find()
        .filter(journal_value::Column::Seq.is_in(seqs))
        .filter(journal_value::Column::Side.eq(journal_value::Side::After))
        .all(conn)
        .await?;
    Ok(entries
        .into_iter()
        .map(|entry| {
            let mut after: Option<Value> =
                entry.after.as_deref().and_then(|text| serde_json::from_str(text).ok());
            if let Some(Value::Object(fields)) = &mut after {
                for value in values.iter().filter(|v| v.seq == entry.seq) {
                    fields.insert(value.field.clone(), Value::from(value.value.clone()));
                }
            }
            Version { seq: entry.seq, at: entry.at, actor: entry.actor, action: entry.action, after }
        })
        .collect())
}

/// The fields that differ between two versions of a record, by name.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let none = Map::new();
    let fields =
        |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_else(|| none.clone());
    let (before, after) = (fields(before), fields(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| before.get(*name).unwrap_or(&Value::Null) != after.get(*name).unwrap_or(&Value::Null))
        .map(|name| Change {
            field: name.clone(),
            before: shown(before.get(name)),
            after: shown(after.get(name)),
        })
        .collect()
}

fn shown(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(canonical(other)),
    }
}
