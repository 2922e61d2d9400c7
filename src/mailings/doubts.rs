//! Doubts: deliveries of which nobody knows whether they arrived, since the worker died or the server fell silent
//! between the letter and its answer. A person decides, and the decision is journalled.
//!
//! A doubt is a delivery that is `uncertain` and still holds the claim of whoever sent it; the decision takes the
//! claim away.

use chrono::{DateTime, Utc};
use entity::{
    delivery::{self, Column, Model, State},
    mailing,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter as _, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use serde_json::json;

use super::record;
use crate::journal::{Entry, Writer};

/// What a person decides about a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send the letter again: it may then have been sent twice.
    Again,
    /// Leave it: it may then never have arrived.
    Leave,
}

/// How many a page shows.
pub const PAGE: u64 = 100;

/// The doubts of a mailing: the first page of them, and how many there are.
pub async fn open(conn: &impl ConnectionTrait, mailing: &str) -> Result<(Vec<Model>, u64), DbErr> {
    let query = delivery::Entity::find()
        .filter(Column::MailingId.eq(mailing))
        .filter(Column::State.eq(State::Uncertain))
        .filter(Column::Claim.is_not_null());
    let number = query.clone().count(conn).await?;
    Ok((query.order_by_asc(Column::Id).limit(PAGE).all(conn).await?, number))
}

/// Decides about the doubts with these identities; any that is no doubt of this mailing is passed over. Gives how
/// many were decided.
pub async fn decide(
    w: &mut Writer,
    mailing: &mailing::Model,
    ids: &[String],
    decision: Decision,
) -> Result<usize, DbErr> {
    let doubts = delivery::Entity::find()
        .filter(Column::MailingId.eq(&mailing.id))
        .filter(Column::Id.is_in(ids))
        .filter(Column::State.eq(State::Uncertain))
        .filter(Column::Claim.is_not_null())
        .lock_exclusive()
        .all(w.tx())
        .await?;
    let (action, state, reason) = match decision {
        Decision::Again => ("send again", State::Queued, "In doubt; a person decided to send it again"),
        Decision::Leave => ("leave", State::Uncertain, "In doubt; a person decided to leave it"),
    };
    let mut decided = 0;
    for doubt in doubts {
        let changed = delivery::Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::Reason, Expr::value(reason))
            .col_expr(Column::Claim, Expr::value(None::<String>))
            .col_expr(Column::NextAttemptAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(Column::FirstTriedAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(Column::UpdatedAt, Expr::value(w.origin().at))
            .filter(Column::Id.eq(&doubt.id))
            .filter(Column::State.eq(State::Uncertain))
            .exec(w.tx())
            .await?;
        if changed.rows_affected == 1 {
            decided += 1;
            w.record(Entry {
                action,
                table: "deliveries",
                id: &doubt.id,
                stp: Some(&doubt.stp_code),
                before: Some(json!({ "state": doubt.state.code(), "reason": doubt.reason })),
                after: Some(json!({ "state": state.code(), "reason": reason })),
            });
        }
    }
    if decided > 0 && decision == Decision::Again {
        // A mailing that was done goes on; one that is paused waits for whoever resumes it.
        record::reopen(w, mailing).await?;
    }
    Ok(decided)
}
