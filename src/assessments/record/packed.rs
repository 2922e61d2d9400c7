//! Rows that the database packs into one text.
//!
//! ```text
//! rows ─► JSON array of each ─► one JSON array of all ─► one value over the wire ─► rows
//! ```
//!
//! A record takes a few columns of very many rows. Handing over each value by itself costs several times what finding
//! it does, so the database writes them into one text, which is read at one go and off the threads that answer requests.
//! SQLite and PostgreSQL name the two functions differently and do the same.

use std::fmt;

use anyhow::Context as _;
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, QuerySelect as _, Select,
    sea_query::{Alias, Expr, ExprTrait as _, Func},
};
use serde::{
    Deserializer,
    de::{self, DeserializeOwned},
};

/// Reads these columns of the rows selected, in no order. `T` has a field for each, in the same order.
pub(super) async fn all<E, T>(
    db: &impl ConnectionTrait,
    rows: Select<E>,
    columns: impl IntoIterator<Item = E::Column>,
) -> anyhow::Result<Vec<T>>
where
    E: EntityTrait,
    T: DeserializeOwned + Send + 'static,
{
    let (row, list) = match db.get_database_backend() {
        DbBackend::Postgres => ("json_build_array", "json_agg"),
        _ => ("json_array", "json_group_array"),
    };
    let row =
        Func::cust(Alias::new(row)).args(columns.into_iter().map(|column| Expr::col((E::default(), column))));
    let list = Expr::expr(Func::cust(Alias::new(list)).arg(row)).cast_as("text");
    let text: Option<Option<String>> =
        rows.select_only().column_as(list, "list").into_tuple().one(db).await?;
    let Some(text) = text.flatten() else { return Ok(Vec::new()) };
    let read = tokio::task::spawn_blocking(move || serde_json::from_str(&text));
    let table = E::default().table_name().to_owned();
    read.await.context("reading rows broke off")?.with_context(|| format!("rows of {table}"))
}

/// A yes or no: SQLite packs it as a number.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    from.deserialize_any(Flag)
}

struct Flag;

impl de::Visitor<'_> for Flag {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false, 1 or 0")
    }

    fn visit_bool<E>(self, said: bool) -> Result<bool, E> {
        Ok(said)
    }

    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        Ok(number != 0)
    }

    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        Ok(number != 0)
    }
}
