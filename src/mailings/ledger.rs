//! The ledger's own writes: claiming deliveries and writing down what became of them, in groups, in small
//! transactions that are not journalled (see `db.rs`).
//!
//! One exchange writes down a group of answers and claims the next few: `sending` is on disk before a word is said to
//! a server, and the answer after.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    delivery::{self, Column, Model, State},
    mailing, sender,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter as _,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType},
};

use super::{presence::Presence, token};
use crate::db::Db;

/// After how many tries a letter that is deferred each time is given up: two days.
pub const TRIES: i32 = 12;

/// How long a letter waits after being deferred, by how often it was.
fn pause(attempts: i32) -> TimeDelta {
    match attempts {
        ..=1 => TimeDelta::minutes(1),
        2 => TimeDelta::minutes(5),
        3 => TimeDelta::minutes(15),
        4 => TimeDelta::hours(1),
        5 => TimeDelta::hours(2),
        6 => TimeDelta::hours(4),
        _ => TimeDelta::hours(8),
    }
}

/// What became of a delivery that was claimed.
#[derive(Clone, Debug)]
pub enum Verdict {
    Accepted {
        answer: String,
        message_id: String,
    },
    Deferred(String),
    Rejected {
        answer: String,
        undeliverable: bool,
    },
    Uncertain(String),
    /// The server could not be reached; it waits until then.
    Unreached {
        why: String,
        until: DateTime<Utc>,
    },
    /// The last look found that it is not to be sent.
    Excluded(String),
    Cancelled,
    /// It was not begun: it goes back to where it was.
    Released,
}

/// A claimed delivery with what became of it.
#[derive(Clone, Debug)]
pub struct Settled {
    pub delivery: Model,
    pub verdict: Verdict,
}

/// Who claims.
pub struct Claimer<'a> {
    /// The sender, as `armed` knows it.
    pub sender: &'a str,
    /// The worker's name.
    pub claim: &'a str,
    pub key: &'a token::Key,
}

/// What an exchange gave.
pub struct Exchanged {
    pub claimed: Vec<Model>,
    /// Letters that the sender has claimed since it is one; none where these are none.
    pub total: Option<i64>,
}

/// Writes down what became of `settled` and claims up to `want` more, in one transaction.
pub async fn exchange(
    db: &Db,
    by: &Claimer<'_>,
    now: DateTime<Utc>,
    settled: &[Settled],
    want: usize,
) -> Result<Exchanged, DbErr> {
    let (sender, claim, key) = (by.sender, by.claim, by.key);
    let tx = db.ledger().await?;
    for one in settled {
        settle(&tx, claim, now, one).await?;
    }
    let mut claimed = Vec::new();
    if want > 0 {
        claimed = due(&tx, now, want).await?;
        take(&tx, claim, key, now, &mut claimed).await?;
    }
    let total = if claimed.is_empty() { None } else { Some(count(&tx, sender, claimed.len()).await?) };
    tx.commit().await?;
    Ok(Exchanged { claimed, total })
}

/// Adds to the letters that a sender has claimed, and gives them all.
async fn count(tx: &DatabaseTransaction, sender: &str, claimed: usize) -> Result<i64, DbErr> {
    let more = i64::try_from(claimed).unwrap_or(i64::MAX);
    sender::Entity::update_many()
        .col_expr(sender::Column::Claimed, Expr::col(sender::Column::Claimed).add(more))
        .filter(sender::Column::Id.eq(sender))
        .exec(tx)
        .await?;
    let row = sender::Entity::find_by_id(sender).one(tx).await?;
    row.map(|row| row.claimed).ok_or_else(|| DbErr::RecordNotFound("this sender is not armed".to_owned()))
}

/// Writes one verdict down, unless a person has decided about the delivery meanwhile.
async fn settle(
    tx: &DatabaseTransaction,
    claim: &str,
    now: DateTime<Utc>,
    one: &Settled,
) -> Result<(), DbErr> {
    let tries = one.delivery.attempts;
    let (state, reason, answer, next): (_, Option<String>, Option<String>, Option<DateTime<Utc>>) =
        match one.verdict.clone() {
            Verdict::Accepted { answer, .. } => (State::Accepted, None, Some(answer), None),
            Verdict::Deferred(answer) if tries >= TRIES => {
                (State::Rejected, Some(format!("Given up after {tries} tries")), Some(answer), None)
            }
            Verdict::Deferred(answer) => (State::Deferred, None, Some(answer), Some(now + pause(tries))),
            Verdict::Rejected { answer, .. } => (State::Rejected, None, Some(answer), None),
            Verdict::Uncertain(why) => (State::Uncertain, Some(why), None, None),
            Verdict::Unreached { why, until } => (State::Queued, Some(why), None, Some(until)),
            Verdict::Excluded(why) => (State::Excluded, Some(why), None, None),
            Verdict::Cancelled => (State::Cancelled, Some("The mailing was cancelled".into()), None, None),
            Verdict::Released => {
                let before = if tries > 1 { State::Deferred } else { State::Queued };
                (before, one.delivery.reason.clone(), one.delivery.server_answer.clone(), None)
            }
        };
    // What was never begun is no try.
    let begun = !matches!(
        one.verdict,
        Verdict::Unreached { .. } | Verdict::Excluded(_) | Verdict::Cancelled | Verdict::Released
    );
    let keeps_claim = matches!(state, State::Uncertain | State::Accepted);
    let mut update = delivery::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::ServerAnswer, Expr::value(answer))
        .col_expr(Column::NextAttemptAt, Expr::value(next))
        .col_expr(Column::Attempts, Expr::value(if begun { tries } else { tries - 1 }))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    if let Verdict::Accepted { message_id, .. } = &one.verdict {
        update = update.col_expr(Column::MessageId, Expr::value(message_id.clone()));
    }
    if !keeps_claim {
        update = update.col_expr(Column::Claim, Expr::value(None::<String>));
    }
    update
        .filter(Column::Id.eq(&one.delivery.id))
        .filter(Column::Claim.eq(claim))
        // Uncertain: another worker took us for dead, and we know better.
        .filter(Column::State.is_in([State::Sending, State::Uncertain]))
        .exec(tx)
        .await?;
    Ok(())
}

/// What is due now: deferred letters whose time has come, then queued ones, mailing by mailing.
async fn due(tx: &DatabaseTransaction, now: DateTime<Utc>, want: usize) -> Result<Vec<Model>, DbErr> {
    let mut due = Vec::new();
    for mailing in sending(tx).await? {
        for state in [State::Deferred, State::Queued] {
            let left = want - due.len();
            if left == 0 {
                return Ok(due);
            }
            let rows = delivery::Entity::find()
                .filter(Column::MailingId.eq(&mailing))
                .filter(Column::State.eq(state))
                .filter(arrived(now))
                .order_by_asc(Column::Id)
                .limit(left as u64)
                // On SQLite the transaction is the only writer, and the lock says nothing.
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .all(tx)
                .await?;
            due.extend(rows);
        }
    }
    Ok(due)
}

/// Claims the rows and writes down that they are being sent.
async fn take(
    tx: &DatabaseTransaction,
    claim: &str,
    key: &token::Key,
    now: DateTime<Utc>,
    rows: &mut [Model],
) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    delivery::Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Sending))
        .col_expr(Column::Claim, Expr::value(claim))
        .col_expr(Column::ClaimedAt, Expr::value(now))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id.as_str())))
        .exec(tx)
        .await?;
    for row in rows {
        row.attempts += 1;
        // What is said of the letter from now on, its return path too, is made of this one.
        let digest = token::digest(&key.token(&row.id));
        if digest != row.token_digest {
            // It was frozen on a machine with another key: the link that goes out is ours.
            delivery::Entity::update_many()
                .col_expr(Column::TokenDigest, Expr::value(digest.as_str()))
                .filter(Column::Id.eq(&row.id))
                .exec(tx)
                .await?;
            row.token_digest = digest;
        }
    }
    Ok(())
}

/// The mailings that were to start before `since` and of which nothing was ever tried.
pub async fn late(conn: &impl ConnectionTrait, since: DateTime<Utc>) -> Result<Vec<mailing::Model>, DbErr> {
    let mut late = mailing::Entity::find()
        .filter(mailing::Column::State.eq(mailing::State::Sending))
        .filter(mailing::Column::StartsAt.lt(since))
        .all(conn)
        .await?;
    let mut begun = Vec::new();
    for mailing in &late {
        let tried = delivery::Entity::find()
            .filter(Column::MailingId.eq(&mailing.id))
            .filter(Column::State.ne(State::Excluded))
            .filter(
                Condition::any()
                    .add(Column::State.ne(State::Queued))
                    .add(Column::Attempts.gt(0))
                    .add(Column::Reason.is_not_null()),
            )
            .one(conn)
            .await?;
        begun.push(tried.is_some());
    }
    let mut begun = begun.into_iter();
    late.retain(|_| !begun.next().unwrap_or(true));
    Ok(late)
}

/// Whether anything is due.
pub async fn any_due(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    for mailing in sending(conn).await? {
        let one = delivery::Entity::find()
            .filter(Column::MailingId.eq(mailing))
            .filter(Column::State.is_in([State::Queued, State::Deferred]))
            .filter(arrived(now))
            .one(conn)
            .await?;
        if one.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The mailings that are being sent, first to last.
pub async fn sending(conn: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    mailing::Entity::find()
        .select_only()
        .column(mailing::Column::Id)
        .filter(mailing::Column::State.eq(mailing::State::Sending))
        .order_by_asc(mailing::Column::Id)
        .into_tuple()
        .all(conn)
        .await
}

/// Turns what dead workers were sending into doubts, and what this one was and forgot (`own` is what it still
/// knows). Gives how many there are.
pub async fn recover(db: &Db, presence: &Presence, now: DateTime<Utc>, own: &[String]) -> Result<u64, DbErr> {
    let claims: Vec<Option<String>> = delivery::Entity::find()
        .select_only()
        .column(Column::Claim)
        .distinct()
        .filter(Column::State.eq(State::Sending))
        .into_tuple()
        .all(db.read())
        .await?;
    let mut doubts = 0;
    for claim in claims.into_iter().flatten() {
        let tx = db.ledger().await?;
        let mine = claim == presence.claim();
        if mine || presence.is_gone(&tx, &claim).await? {
            let mut update = delivery::Entity::update_many()
                .col_expr(Column::State, Expr::value(State::Uncertain))
                .col_expr(
                    Column::Reason,
                    Expr::value("The worker stopped before the server's answer was written down"),
                )
                .col_expr(Column::UpdatedAt, Expr::value(now))
                .filter(Column::State.eq(State::Sending))
                .filter(Column::Claim.eq(claim));
            if mine {
                update = update.filter(Column::Id.is_not_in(own));
            }
            doubts += update.exec(&tx).await?.rows_affected;
        }
        tx.commit().await?;
    }
    Ok(doubts)
}

fn arrived(now: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::NextAttemptAt.is_null()).add(Column::NextAttemptAt.lte(now))
}
