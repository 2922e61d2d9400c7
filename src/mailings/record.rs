//! Writes mailings and moves them from state to state, each change journalled.
//!
//! ```text
//! draft ─► frozen ─► sending ─► done          cancelled ◄─ from any but done
//!          approved    │  ▲  ▲    │
//!                      ▼  │  └────┘ a doubt is sent again
//!                     paused
//! ```

use chrono::{DateTime, Utc};
use entity::{
    delivery,
    mailing::{self, FollowUp, Model, State},
    proposal::Theme,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait, IntoActiveModel, QueryFilter as _,
    sea_query::Expr,
};
use serde_json::{Value, json};

use super::Draft;
use crate::journal::{Entry, Writer};

/// Adds a mailing of `stp`, written by `user`.
pub async fn create(w: &mut Writer, stp: &str, id: &str, user: &str, draft: &Draft) -> Result<Model, DbErr> {
    let at = w.origin().at;
    let row = Model {
        id: id.to_owned(),
        stp_code: stp.to_owned(),
        subject: draft.letter.subject.clone(),
        body_text: draft.letter.body_text.clone(),
        purpose: draft.letter.purpose,
        topic: draft.topic,
        audience: draft.audience.kept(),
        state: State::Draft,
        frozen_at: None,
        finished_at: None,
        paused_reason: None,
        text_sha256: None,
        frozen_by: None,
        approved_by: None,
        approved_at: None,
        starts_at: None,
        event_id: draft.event_id.clone(),
        event_told: None,
        follow_up: draft.follow_up,
        files: "[]".to_owned(),
        sender: draft.sender.clone(),
        sent_from: None,
        created_by: user.to_owned(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    mailing::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    note(w, "create", None, &row, Value::Null);
    Ok(row)
}

/// Changes a draft. Gives none, and changes nothing, where the mailing is no longer as `before` has it.
pub async fn update(w: &mut Writer, before: &Model, draft: &Draft) -> Result<Option<Model>, DbErr> {
    let row = Model {
        subject: draft.letter.subject.clone(),
        body_text: draft.letter.body_text.clone(),
        purpose: draft.letter.purpose,
        topic: draft.topic,
        audience: draft.audience.kept(),
        event_id: draft.event_id.clone(),
        sender: draft.sender.clone(),
        ..before.clone()
    };
    replace(w, "update", before, row, Value::Null).await
}

/// Begins to send what was frozen, now or at `starts_at`. Gives none where the mailing is not frozen.
pub async fn dispatch(
    w: &mut Writer,
    before: &Model,
    starts_at: DateTime<Utc>,
) -> Result<Option<Model>, DbErr> {
    let row = Model { state: State::Sending, starts_at: Some(starts_at), ..before.clone() };
    let dispatched = go(w, "dispatch", before, &[State::Frozen], row).await?;
    if dispatched.is_some() {
        wait(w, before, Some(starts_at)).await?;
    }
    Ok(dispatched)
}

/// Somebody else than who wrote and froze it says that it may go. Gives none where the mailing is not frozen.
pub async fn approve(w: &mut Writer, before: &Model, user: &str) -> Result<Option<Model>, DbErr> {
    let at = Some(w.origin().at);
    let row = Model { approved_by: Some(user.to_owned()), approved_at: at, ..before.clone() };
    go(w, "approve", before, &[State::Frozen], row).await
}

/// Until when what is left of a mailing waits.
async fn wait(w: &Writer, of: &Model, until: Option<DateTime<Utc>>) -> Result<(), DbErr> {
    let until = until.filter(|until| *until > w.origin().at);
    delivery::Entity::update_many()
        .col_expr(delivery::Column::NextAttemptAt, Expr::value(until))
        .filter(delivery::Column::MailingId.eq(&of.id))
        .filter(delivery::Column::State.is_in([delivery::State::Queued, delivery::State::Deferred]))
        .exec(w.tx())
        .await?;
    Ok(())
}

/// Stops sending for now, saying why. Gives none where it is not being sent.
pub async fn pause(w: &mut Writer, before: &Model, reason: &str) -> Result<Option<Model>, DbErr> {
    let row = Model { state: State::Paused, paused_reason: Some(reason.to_owned()), ..before.clone() };
    go(w, "pause", before, &[State::Sending], row).await
}

/// Goes on sending, not before it was to start. What had been deferred is tried at once. Gives none where it is not
/// paused.
pub async fn resume(w: &mut Writer, before: &Model) -> Result<Option<Model>, DbErr> {
    let starts_at = before.starts_at.max(Some(w.origin().at));
    let row = Model { state: State::Sending, paused_reason: None, starts_at, ..before.clone() };
    let resumed = go(w, "resume", before, &[State::Paused], row).await?;
    if resumed.is_some() {
        wait(w, before, starts_at).await?;
    }
    Ok(resumed)
}

/// Goes back to sending a mailing that was done, since a person decided that someone is written to again.
pub async fn reopen(w: &mut Writer, before: &Model) -> Result<Option<Model>, DbErr> {
    let row = Model { state: State::Sending, finished_at: None, ..before.clone() };
    go(w, "reopen", before, &[State::Done], row).await
}

/// Gives a mailing up: nobody who has not been written to will be. Gives none where it is over.
pub async fn cancel(w: &mut Writer, before: &Model) -> Result<Option<Model>, DbErr> {
    let row = Model {
        state: State::Cancelled,
        finished_at: Some(w.origin().at),
        paused_reason: None,
        ..before.clone()
    };
    let from = [State::Draft, State::Frozen, State::Sending, State::Paused];
    let cancelled = go(w, "cancel", before, &from, row).await?;
    if cancelled.is_some() {
        delivery::Entity::update_many()
            .col_expr(delivery::Column::State, Expr::value(delivery::State::Cancelled))
            .col_expr(delivery::Column::Reason, Expr::value("The mailing was cancelled"))
            .col_expr(delivery::Column::UpdatedAt, Expr::value(w.origin().at))
            .filter(delivery::Column::MailingId.eq(&before.id))
            .filter(delivery::Column::State.is_in([delivery::State::Queued, delivery::State::Deferred]))
            .exec(w.tx())
            .await?;
    }
    Ok(cancelled)
}

/// Marks a mailing as done, with how many deliveries ended how.
pub async fn finish(w: &mut Writer, before: &Model, counts: Value) -> Result<Option<Model>, DbErr> {
    if before.state != State::Sending {
        return Ok(None);
    }
    let row = Model { state: State::Done, finished_at: Some(w.origin().at), ..before.clone() };
    replace(w, "finish", before, row, counts).await
}

async fn go(
    w: &mut Writer,
    action: &str,
    before: &Model,
    from: &[State],
    row: Model,
) -> Result<Option<Model>, DbErr> {
    if from.contains(&before.state) { replace(w, action, before, row, Value::Null).await } else { Ok(None) }
}

/// Puts `row` in the place of `before`, unless that has changed. `more` is what else the journal is to know.
pub(super) async fn replace(
    w: &mut Writer,
    action: &str,
    before: &Model,
    mut row: Model,
    more: Value,
) -> Result<Option<Model>, DbErr> {
    row.version = before.version + 1;
    row.updated_at = w.origin().at;
    let changed = mailing::Entity::update_many()
        .set(row.clone().into_active_model().reset_all())
        .filter(mailing::Column::Id.eq(&before.id))
        .filter(mailing::Column::Version.eq(before.version))
        .exec(w.tx())
        .await?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    note(w, action, Some(before), &row, more);
    Ok(Some(row))
}

fn note(w: &mut Writer, action: &str, before: Option<&Model>, after: &Model, more: Value) {
    let mut whole = whole(after);
    if !more.is_null() {
        whole["deliveries"] = more;
    }
    w.record(Entry {
        action,
        table: "mailings",
        id: &after.id,
        stp: Some(&after.stp_code),
        before: before.map(self::whole),
        after: Some(whole),
    });
}

/// A mailing as the journal keeps it.
fn whole(row: &Model) -> Value {
    json!({
        "subject": row.subject,
        "body_text": row.body_text,
        "purpose": row.purpose.code(),
        "topic": row.topic.map(Theme::code),
        "audience": row.audience,
        "state": row.state.code(),
        "paused_reason": row.paused_reason,
        "text_sha256": row.text_sha256,
        "frozen_by": row.frozen_by,
        "approved_by": row.approved_by,
        "starts_at": row.starts_at,
        "event_id": row.event_id,
        "event_told": row.event_told,
        "follow_up": row.follow_up.map(FollowUp::code),
        "files": row.files,
        "sender": row.sender,
        "sent_from": row.sent_from,
        "version": row.version,
    })
}
