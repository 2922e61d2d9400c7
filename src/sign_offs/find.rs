//! Reads sign-offs, and how the ledger stands now beside them.

use entity::{
    journal_entry, mailing_proof,
    mailing_sign_off::{self, Column, Model},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder, QuerySelect,
};

use super::rows::{self, Digest};

/// How many a page shows.
pub const PAGE: u64 = 20;

/// One sign-off of a mailing, by its number.
pub async fn one(conn: &impl ConnectionTrait, mailing: &str, number: i32) -> Result<Option<Model>, DbErr> {
    let of = mailing_sign_off::Entity::find().filter(Column::MailingId.eq(mailing));
    of.filter(Column::Number.eq(number)).one(conn).await
}

/// A page of a mailing's sign-offs, last first, before the one with number `before`; and whether there are more.
pub async fn page(
    conn: &impl ConnectionTrait,
    mailing: &str,
    before: Option<i32>,
) -> Result<(Vec<Model>, bool), DbErr> {
    let mut query = mailing_sign_off::Entity::find().filter(Column::MailingId.eq(mailing));
    if let Some(before) = before {
        query = query.filter(Column::Number.lt(before));
    }
    let mut rows = query.order_by_desc(Column::Number).limit(PAGE + 1).all(conn).await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    Ok((rows, more))
}

/// A mailing's last sign-off.
pub async fn last(conn: &impl ConnectionTrait, mailing: &str) -> Result<Option<Model>, DbErr> {
    let of = mailing_sign_off::Entity::find().filter(Column::MailingId.eq(mailing));
    of.order_by_desc(Column::Number).one(conn).await
}

/// A mailing's ledger as it stands now.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub sha256: String,
    /// How many lines it has.
    pub lines: usize,
}

pub async fn ledger(conn: &impl ConnectionTrait, mailing: &str) -> anyhow::Result<Ledger> {
    let mut digest = Digest::default();
    rows::each(conn, mailing, |row| {
        digest.add(&row);
        Ok(())
    })
    .await?;
    Ok(Ledger { lines: digest.rows, sha256: digest.finish() })
}

/// What a sign-off is proof of.
pub async fn proof(
    conn: &impl ConnectionTrait,
    sign_off: &str,
) -> Result<Option<mailing_proof::Model>, DbErr> {
    mailing_proof::Entity::find_by_id(sign_off).one(conn).await
}

/// The journal's entry of a sign-off: from then on nobody can say that it was written later, or said something else.
pub async fn anchor(
    conn: &impl ConnectionTrait,
    sign_off: &str,
) -> Result<Option<journal_entry::Model>, DbErr> {
    journal_entry::Entity::find()
        .filter(journal_entry::Column::SubjectTable.eq("mailing_sign_offs"))
        .filter(journal_entry::Column::SubjectId.eq(sign_off))
        .filter(journal_entry::Column::Action.eq("sign off"))
        .order_by_asc(journal_entry::Column::Seq)
        .one(conn)
        .await
}
