//! Proof that nothing was altered: every link of the chain, the values beside it, and the heads that were published.

use std::collections::HashMap;

use entity::{edition, journal_entry, journal_value, journal_value::Side};
use futures::TryStreamExt as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder, StreamTrait,
};
use serde_json::Value;

use super::chain::{ORIGIN, digest, link};

/// An unbroken chain.
#[derive(Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries were checked.
    pub entries: i64,
    /// The last one's hash.
    pub head: String,
}

/// The first entry that is not as it was written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {why}")]
pub struct Broken {
    pub seq: i64,
    pub why: String,
}

impl Broken {
    fn at(seq: i64, why: impl Into<String>) -> Self {
        Self { seq, why: why.into() }
    }
}

/// Checks every entry from number `from` (1 or more) to the end, in order. The outer error is the database's.
///
/// A chain cut off at its end is found by the heads that published editions carry.
pub async fn verify<C>(conn: &C, from: i64) -> Result<Result<Verified, Broken>, DbErr>
where
    C: ConnectionTrait + StreamTrait,
{
    let mut heads: HashMap<String, String> = edition::Entity::find()
        .all(conn)
        .await?
        .into_iter()
        .map(|e| (e.journal_head, format!("{} {}", e.slug, e.number)))
        .collect();
    let mut seq = from.max(1) - 1;
    let mut prev = match seq {
        0 => ORIGIN.to_owned(),
        before => match journal_entry::Entity::find_by_id(before).one(conn).await? {
            Some(entry) => entry.hash,
            None => return Ok(Err(Broken::at(before, "is missing"))),
        },
    };
    heads.remove(&prev);
    let mut values = HashMap::<i64, Vec<journal_value::Model>>::new();
    for value in journal_value::Entity::find().filter(journal_value::Column::Seq.gt(seq)).all(conn).await? {
        values.entry(value.seq).or_default().push(value);
    }
    let mut rows = journal_entry::Entity::find()
        .filter(journal_entry::Column::Seq.gt(seq))
        .order_by_asc(journal_entry::Column::Seq)
        .stream(conn)
        .await?;
    while let Some(entry) = rows.try_next().await? {
        seq += 1;
        if entry.seq != seq {
            return Ok(Err(Broken::at(seq, "is missing")));
        }
        if entry.prev_hash != prev {
            return Ok(Err(Broken::at(seq, "does not follow the entry before it")));
        }
        if link(&entry) != entry.hash {
            return Ok(Err(Broken::at(seq, "is not what was written: its hash differs")));
        }
        for value in values.remove(&seq).unwrap_or_default() {
            if !stands(&entry, &value) {
                return Ok(Err(Broken::at(
                    seq,
                    format!("the value kept for {} is not what was written", value.field),
                )));
            }
        }
        heads.remove(&entry.hash);
        prev = entry.hash;
    }
    drop(rows);
    if let Some(&stray) = values.keys().min() {
        return Ok(Err(Broken::at(stray, "has values beside it and is missing")));
    }
    if from <= 1
        && let Some(edition) = heads.values().min()
    {
        return Ok(Err(Broken::at(
            seq + 1,
            format!("is missing: edition {edition} names a head that is no longer in the chain"),
        )));
    }
    Ok(Ok(Verified { entries: seq - (from.max(1) - 1), head: prev }))
}

/// Whether the chain's digest for a value kept beside it is that value's.
fn stands(entry: &journal_entry::Model, value: &journal_value::Model) -> bool {
    let side = if value.side == Side::Before { &entry.before } else { &entry.after };
    let Some(Ok(Value::Object(fields))) = side.as_deref().map(serde_json::from_str) else { return false };
    fields.get(&value.field).and_then(Value::as_str) == Some(digest(&value.salt, &value.value).as_str())
}
