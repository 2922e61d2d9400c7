//! The journal folded up: each record as the last entry up to a point left it.
//!
//! ```text
//! instant ─► until: the last entry then ─► folded: for each (table, identity) the last entry up to it ─► Document
//!                                      └► next: for each (table, identity) the first entry after it
//! ```
//!
//! One query a kind, however many records there are. The chain only grows and its instants never go back, so what
//! stood up to an entry never changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{journal_entry, journal_value, journal_value::Side};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{SelectStatement, SimpleExpr},
};
use serde_json::Value;

use journal_entry::Column as C;

/// Actions that change nothing.
const LOOKS: [&str; 2] = ["read", "export"];

/// A record as an entry has it.
#[derive(Clone, Debug)]
pub struct Document {
    pub table: String,
    pub id: String,
    /// The area of the entry.
    pub stp: Option<String>,
    /// The record whole; none where it was not there.
    pub whole: Option<Value>,
}

/// Which entries are folded.
#[derive(Clone, Copy, Debug)]
pub struct Folded<'a> {
    pub tables: &'a [&'a str],
    /// Only entries of these areas, and those of no area; none for all.
    pub stps: Option<&'a [String]>,
    /// The number of the last entry that is looked at.
    pub until: i64,
}

/// The number of the last entry at or before an instant; 0 where there is none.
pub async fn until(conn: &impl ConnectionTrait, instant: DateTime<Utc>) -> Result<i64, DbErr> {
    let last: Option<i64> = journal_entry::Entity::find()
        .select_only()
        .column(C::Seq)
        .filter(C::At.lte(instant))
        .order_by_desc(C::At)
        .order_by_desc(C::Seq)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(last.unwrap_or(0))
}

impl Folded<'_> {
    /// Each record as it stood.
    pub async fn read(&self, conn: &impl ConnectionTrait) -> Result<Vec<Document>, DbErr> {
        rows(conn, C::After, self.seqs(C::Seq.lte(self.until), C::Seq.max())).await
    }

    /// Each record that was changed later, as it was before the first of those changes.
    pub async fn next(&self, conn: &impl ConnectionTrait) -> Result<Vec<Document>, DbErr> {
        rows(conn, C::Before, self.seqs(C::Seq.gt(self.until), C::Seq.min())).await
    }

    /// The personal values that stand beside the entries of [`read`](Self::read), by table, identity and field, as
    /// far as they are still kept.
    pub async fn values(
        &self,
        conn: &impl ConnectionTrait,
        fields: &[&str],
    ) -> Result<HashMap<(String, String, String), String>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            subject_table: String,
            subject_id: String,
            field: String,
            value: String,
        }
        let rows = journal_value::Entity::find()
            .select_only()
            .columns([journal_value::Column::Field, journal_value::Column::Value])
            .column_as(C::SubjectTable, "subject_table")
            .column_as(C::SubjectId, "subject_id")
            .join(
                JoinType::InnerJoin,
                journal_value::Entity::belongs_to(journal_entry::Entity)
                    .from(journal_value::Column::Seq)
                    .to(C::Seq)
                    .into(),
            )
            .filter(journal_value::Column::Side.eq(Side::After))
            .filter(journal_value::Column::Field.is_in(fields.iter().copied()))
            .filter(journal_value::Column::Seq.in_subquery(self.seqs(C::Seq.lte(self.until), C::Seq.max())))
            .into_model::<Row>()
            .all(conn)
            .await?;
        Ok(rows.into_iter().map(|row| ((row.subject_table, row.subject_id, row.field), row.value)).collect())
    }

    /// The numbers of one entry for each record.
    fn seqs(&self, side: impl Into<Condition>, one: SimpleExpr) -> SelectStatement {
        let mut select = journal_entry::Entity::find()
            .select_only()
            .expr(one)
            .filter(side.into())
            .filter(C::SubjectTable.is_in(self.tables.iter().copied()))
            .filter(C::Action.is_not_in(LOOKS))
            .group_by(C::SubjectTable)
            .group_by(C::SubjectId);
        if let Some(stps) = self.stps {
            select = select.filter(Condition::any().add(C::StpCode.is_in(stps)).add(C::StpCode.is_null()));
        }
        select.into_query()
    }
}

async fn rows(conn: &impl ConnectionTrait, side: C, seqs: SelectStatement) -> Result<Vec<Document>, DbErr> {
    type Row = (String, String, Option<String>, Option<String>);
    let rows: Vec<Row> = journal_entry::Entity::find()
        .select_only()
        .columns([C::SubjectTable, C::SubjectId, C::StpCode, side])
        .filter(C::Seq.in_subquery(seqs))
        .order_by_asc(C::Seq)
        .into_tuple()
        .all(conn)
        .await?;
    rows.into_iter()
        .map(|(table, id, stp, whole)| {
            let whole = whole.as_deref().map(serde_json::from_str).transpose();
            let whole = whole.map_err(|error| DbErr::Json(format!("the entry of {table} {id}: {error}")))?;
            Ok(Document { table, id, stp, whole })
        })
        .collect()
}
