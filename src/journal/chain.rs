//! How an entry is linked to the one before it.

use entity::journal_entry;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryOrder, QuerySelect as _};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::canonical;
use crate::db::only;

/// The hash that the first entry follows.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of `entry`: SHA-256 of its canonical form with everything but the hash itself.
pub fn link(entry: &journal_entry::Model) -> String {
    let text = canonical(&json!({
        "seq": entry.seq,
        "at": entry.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "actor": entry.actor,
        "request": entry.request,
        "action": entry.action,
        "subject_table": entry.subject_table,
        "subject_id": entry.subject_id,
        "stp_code": entry.stp_code,
        "before": entry.before,
        "after": entry.after,
        "prev_hash": entry.prev_hash,
    }));
    hex::encode(Sha256::digest(text))
}

/// What the chain holds in place of a personal value.
pub fn digest(salt: &str, value: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(format!("{salt}\n{value}"))))
}

/// The last entry, if there is one.
pub async fn last(conn: &impl ConnectionTrait) -> Result<Option<journal_entry::Model>, DbErr> {
    journal_entry::Entity::find().order_by_desc(journal_entry::Column::Seq).one(conn).await
}

/// The last entry's number and hash: 0 and [`ORIGIN`] where nothing is written yet.
pub async fn head(conn: &impl ConnectionTrait) -> Result<(i64, String), DbErr> {
    Ok(last(conn).await?.map_or((0, ORIGIN.to_owned()), |entry| (entry.seq, entry.hash)))
}

/// The last entry's number alone: 0 where nothing is written yet.
pub async fn seq(conn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let last: Vec<Option<i64>> = journal_entry::Entity::find()
        .select_only()
        .column_as(journal_entry::Column::Seq.max(), "last")
        .into_tuple()
        .all(conn)
        .await?;
    Ok(only(last).flatten().unwrap_or(0))
}
