//! What staff decide about a mail that came back, and how the journal keeps it.

use entity::incoming_mail::{self, Column, Model};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait, QueryFilter as _, sea_query::Expr};
use serde_json::{Value, json};

use crate::journal::{Entry, Writer};

/// Nothing more is to be done about it. Gives false where somebody has said so already.
pub async fn done(w: &mut Writer, mail: &Model, user: &str) -> Result<bool, DbErr> {
    let after = Model { done_at: Some(w.origin().at), done_by: Some(user.to_owned()), ..mail.clone() };
    change(w, mail, after).await
}

/// There is something to be done about it after all, such as that it answers another request; what was put into one
/// stays there.
pub async fn reopen(w: &mut Writer, mail: &Model) -> Result<bool, DbErr> {
    change(w, mail, Model { done_at: None, done_by: None, request_id: None, ..mail.clone() }).await
}

/// It is for `owner` to deal with, or for nobody any more. Gives false where somebody else has given it away since.
pub async fn own(w: &mut Writer, mail: &Model, owner: Option<&str>) -> Result<bool, DbErr> {
    let was = match &mail.owner {
        Some(owner) => Column::Owner.eq(owner),
        None => Column::Owner.is_null(),
    };
    let given = incoming_mail::Entity::update_many()
        .col_expr(Column::Owner, Expr::value(owner))
        .filter(Column::Id.eq(&mail.id))
        .filter(was)
        .exec(w.tx())
        .await?;
    if given.rows_affected == 1 {
        note(w, "update", Some(mail), &Model { owner: owner.map(str::to_owned), ..mail.clone() });
    }
    Ok(given.rows_affected == 1)
}

/// It answers a request, and nothing more is to be done about it. Gives false where somebody has said of one already
/// that it does.
pub async fn answers(w: &mut Writer, mail: &Model, request: &str, user: &str) -> Result<bool, DbErr> {
    let after = Model {
        request_id: Some(request.to_owned()),
        done_at: mail.done_at.or(Some(w.origin().at)),
        done_by: mail.done_by.clone().or_else(|| Some(user.to_owned())),
        ..mail.clone()
    };
    let said = incoming_mail::Entity::update_many()
        .col_expr(Column::RequestId, Expr::value(request))
        .col_expr(Column::DoneAt, Expr::value(after.done_at))
        .col_expr(Column::DoneBy, Expr::value(after.done_by.clone()))
        .filter(Column::Id.eq(&mail.id))
        .filter(Column::RequestId.is_null())
        .exec(w.tx())
        .await?;
    if said.rows_affected == 1 {
        note(w, "update", Some(mail), &after);
    }
    Ok(said.rows_affected == 1)
}

/// It is an area's to deal with. Gives false where it has one already.
pub async fn assign(w: &mut Writer, mail: &Model, stp: &str) -> Result<bool, DbErr> {
    let taken = incoming_mail::Entity::update_many()
        .col_expr(Column::StpCode, Expr::value(stp))
        .filter(Column::Id.eq(&mail.id))
        .filter(Column::StpCode.is_null())
        .exec(w.tx())
        .await?;
    if taken.rows_affected == 1 {
        note(w, "update", Some(mail), &Model { stp_code: Some(stp.to_owned()), ..mail.clone() });
    }
    Ok(taken.rows_affected == 1)
}

async fn change(w: &mut Writer, before: &Model, after: Model) -> Result<bool, DbErr> {
    let was = match before.done_at {
        Some(_) => Column::DoneAt.is_not_null(),
        None => Column::DoneAt.is_null(),
    };
    if before.done_at.is_some() == after.done_at.is_some() {
        return Ok(false);
    }
    let changed = incoming_mail::Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(after.done_at))
        .col_expr(Column::DoneBy, Expr::value(after.done_by.clone()))
        .col_expr(Column::RequestId, Expr::value(after.request_id.clone()))
        .filter(Column::Id.eq(&before.id))
        .filter(was)
        .exec(w.tx())
        .await?;
    if changed.rows_affected == 1 {
        note(w, "update", Some(before), &after);
    }
    Ok(changed.rows_affected == 1)
}

pub(super) fn note(w: &mut Writer, action: &str, before: Option<&Model>, after: &Model) {
    w.record(Entry {
        action,
        table: "incoming_mails",
        id: &after.id,
        stp: after.stp_code.as_deref(),
        before: before.map(whole),
        after: Some(whole(after)),
    });
}

/// A mail as the journal keeps it.
fn whole(row: &Model) -> Value {
    json!({
        "sha256": row.sha256,
        "kind": row.kind.code(),
        "fate": row.fate.map(incoming_mail::Fate::code),
        "mailing_id": row.mailing_id,
        "delivery_id": row.delivery_id,
        "sender": row.sender,
        "subject": row.subject,
        "body_text": row.body_text,
        "detail": row.detail,
        "due_on": row.due_on,
        "received_at": row.received_at,
        "done_at": row.done_at,
        "done_by": row.done_by,
        "owner": row.owner,
        "request_id": row.request_id,
    })
}
