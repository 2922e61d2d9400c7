//! The ledger's own writes: claiming deliveries and writing down what became of them, in groups, in small
//! transactions that are not journalled (see `db.rs`).
//!
//! One exchange writes down a group of answers and claims the next few: `sending` is on disk before a word is said to
//! a server, and the answer after.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::London;
use entity::{
    delivery::{self, Column, Model, State},
    mailing, mailing_wait,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult,
    QueryFilter as _, QueryOrder, QuerySelect, QueryTrait as _,
    sea_query::{
        Alias, Expr, ExprTrait as _, Func, IntoIden as _, IntoValueTuple as _, Query, TableRef, ValueTuple,
    },
};

use super::{
    armed,
    pace::{
        back_off::{self, Next},
        hint::Hint,
    },
    presence::Presence,
    queue::{Claimed, Queue, Wants},
    token,
};
use crate::db::Db;

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

impl Verdict {
    /// Whether a word was said of the letter: what was never begun is no try.
    const fn begun(&self) -> bool {
        !matches!(self, Self::Unreached { .. } | Self::Excluded(_) | Self::Cancelled | Self::Released)
    }
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
    /// When the first of what is due may go, where nothing may now.
    pub waits: Option<DateTime<Utc>>,
    /// How many senders have mailings that are being sent; none where nothing was wanted.
    pub senders: Option<usize>,
}

/// A mailing that is being sent.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Sending {
    pub id: String,
    pub stp_code: String,
    pub purpose: mailing::Purpose,
    /// Whom it comes from, and the address that it was frozen with.
    pub sender: Option<String>,
    pub sent_from: Option<String>,
}

/// Writes down what became of `settled` and claims as many more as are wanted of each sender, in one transaction.
pub async fn exchange(
    db: &Db,
    by: &Claimer<'_>,
    queue: &mut Queue,
    now: DateTime<Utc>,
    settled: &[Settled],
    wants: &Wants,
) -> Result<Exchanged, DbErr> {
    let (sender, claim, key) = (by.sender, by.claim, by.key);
    let tx = db.ledger().await?;
    settle(&tx, claim, now, settled).await?;
    for ((day, identity), letters) in not_begun(queue, settled) {
        queue.count(&tx, &identity, day, -letters).await?;
    }
    let (mut found, mut senders) = (Claimed::default(), None);
    if wants.values().any(|want| *want > 0) {
        let mailings = sending(&tx).await?;
        senders = Some(mailings.iter().map(|mailing| mailing.sender.as_ref()).collect::<BTreeSet<_>>().len());
        found = queue.claim(&tx, &mailings, now, wants).await?;
        take(&tx, claim, key, now, &mut found.rows).await?;
    }
    let Claimed { rows: claimed, waits } = found;
    let total = if claimed.is_empty() {
        None
    } else {
        let mut letters: BTreeMap<String, i64> = BTreeMap::new();
        for row in &claimed {
            *letters.entry(queue.identity(&row.mailing_id)).or_default() += 1;
        }
        for (identity, letters) in letters {
            queue.count(&tx, &identity, england(now), letters).await?;
        }
        Some(armed::count(&tx, sender, claimed.len()).await?)
    };
    tx.commit().await?;
    Ok(Exchanged { waits: waits.filter(|_| claimed.is_empty()), claimed, total, senders })
}

fn england(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&London).date_naive()
}

/// How many letters of an identity that were claimed on a day were not begun after all.
fn not_begun(queue: &Queue, settled: &[Settled]) -> BTreeMap<(NaiveDate, String), i64> {
    let mut days = BTreeMap::new();
    for one in settled.iter().filter(|one| !one.verdict.begun()) {
        if let Some(at) = one.delivery.claimed_at {
            let identity = queue.identity(&one.delivery.mailing_id);
            *days.entry((england(at), identity)).or_default() += 1;
        }
    }
    days
}

/// Writes verdicts down, but for deliveries about which a person has decided meanwhile. What was accepted, nearly all of
/// them, takes one statement.
async fn settle(
    tx: &DatabaseTransaction,
    claim: &str,
    now: DateTime<Utc>,
    settled: &[Settled],
) -> Result<(), DbErr> {
    let mut accepted = Vec::new();
    for one in settled {
        if let Verdict::Accepted { answer, message_id } = &one.verdict {
            accepted.push((one.delivery.id.clone(), answer.clone(), message_id.clone()).into_value_tuple());
        } else {
            settle_one(tx, claim, now, one).await?;
        }
    }
    if !accepted.is_empty() {
        settle_accepted(tx, claim, now, accepted).await?;
    }
    Ok(())
}

/// Rows of identity, answer and Message-ID.
async fn settle_accepted(
    tx: &DatabaseTransaction,
    claim: &str,
    now: DateTime<Utc>,
    rows: Vec<ValueTuple>,
) -> Result<(), DbErr> {
    let own = |column: Column| Expr::col((delivery::Entity, column));
    let said = |column: &'static str| Expr::col((Alias::new("said"), Alias::new(column)));
    let first = Func::coalesce([own(Column::FirstTriedAt), own(Column::ClaimedAt), Expr::value(now)]);
    let update = Query::update()
        .table(delivery::Entity)
        .value(Column::State, State::Accepted)
        .value(Column::Reason, None::<String>)
        .value(Column::ServerAnswer, said("column2"))
        .value(Column::MessageId, said("column3"))
        .value(Column::NextAttemptAt, None::<DateTime<Utc>>)
        .value(Column::FirstTriedAt, first)
        .value(Column::UpdatedAt, now)
        .from(TableRef::ValuesList(rows, "said".into_iden()))
        .and_where(own(Column::Id).eq(said("column1")))
        .and_where(own(Column::Claim).eq(claim))
        .and_where(own(Column::State).is_in(CLAIMED))
        .to_owned();
    tx.execute(&update).await?;
    Ok(())
}

/// The states of a delivery whose answer may be written down. Uncertain: another worker took us for dead, and we know
/// better.
const CLAIMED: [State; 2] = [State::Sending, State::Uncertain];

async fn settle_one(
    tx: &DatabaseTransaction,
    claim: &str,
    now: DateTime<Utc>,
    one: &Settled,
) -> Result<(), DbErr> {
    let tries = one.delivery.attempts;
    let first = one.delivery.first_tried_at.or(one.delivery.claimed_at).unwrap_or(now);
    let (state, reason, answer, next): (_, Option<String>, Option<String>, Option<DateTime<Utc>>) =
        match one.verdict.clone() {
            // Many at once: see above.
            Verdict::Accepted { .. } => return Ok(()),
            Verdict::Deferred(answer) => {
                let hint = Hint::of(&answer);
                match back_off::next(first, tries.unsigned_abs(), now, &one.delivery.id, hint) {
                    Next::At(at) => (State::Deferred, None, Some(answer), Some(at)),
                    Next::GiveUp => {
                        let why = format!("Given up after 72 hours and {tries} tries");
                        (State::Rejected, Some(why), Some(answer), None)
                    }
                }
            }
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
    let begun = one.verdict.begun();
    let keeps_claim = state == State::Uncertain;
    let mut update = delivery::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::ServerAnswer, Expr::value(answer))
        .col_expr(Column::NextAttemptAt, Expr::value(next))
        .col_expr(Column::Attempts, Expr::value(if begun { tries } else { tries - 1 }))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    if begun {
        update = update.col_expr(Column::FirstTriedAt, Expr::value(first));
    }
    if !keeps_claim {
        update = update.col_expr(Column::Claim, Expr::value(None::<String>));
    }
    update
        .filter(Column::Id.eq(&one.delivery.id))
        .filter(Column::Claim.eq(claim))
        .filter(Column::State.is_in(CLAIMED))
        .exec(tx)
        .await?;
    Ok(())
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
        row.claimed_at = Some(now);
        // What is said of the letter from now on, its return path too, is made of this one.
        let digest = token::digest(&key.token(&row.id));
        if digest != row.token_digest {
            // It was frozen on a machine with another key: the links that go out are ours.
            let rsvp = row.rsvp_digest.is_some().then(|| token::digest(&key.rsvp(&row.id)));
            let me = row.me_digest.is_some().then(|| token::digest(&key.me(&row.id)));
            delivery::Entity::update_many()
                .col_expr(Column::TokenDigest, Expr::value(digest.as_str()))
                .col_expr(Column::RsvpDigest, Expr::value(rsvp.clone()))
                .col_expr(Column::MeDigest, Expr::value(me.clone()))
                .filter(Column::Id.eq(&row.id))
                .exec(tx)
                .await?;
            row.token_digest = digest;
            row.rsvp_digest = rsvp;
            row.me_digest = me;
        }
    }
    Ok(())
}

/// The mailings that were to start before `since` and of which nothing was ever tried, though nothing held them back.
pub async fn late(conn: &impl ConnectionTrait, since: DateTime<Utc>) -> Result<Vec<mailing::Model>, DbErr> {
    let mut late = mailing::Entity::find()
        .filter(mailing::Column::State.eq(mailing::State::Sending))
        .filter(mailing::Column::StartsAt.lt(since))
        .all(conn)
        .await?;
    let mut begun = Vec::new();
    for mailing in &late {
        let held = mailing_wait::Entity::find_by_id(&mailing.id)
            .filter(mailing_wait::Column::Until.gt(since))
            .one(conn)
            .await?;
        if held.is_some() {
            begun.push(true);
            continue;
        }
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

/// Whether anything of these mailings is due.
pub async fn any_due<'a>(
    conn: &impl ConnectionTrait,
    mailings: impl Iterator<Item = &'a Sending>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    for mailing in mailings {
        let one = delivery::Entity::find()
            .filter(Column::MailingId.eq(&mailing.id))
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
pub async fn sending(conn: &impl ConnectionTrait) -> Result<Vec<Sending>, DbErr> {
    use mailing::Column;
    mailing::Entity::find()
        .select_only()
        .columns([Column::Id, Column::StpCode, Column::Purpose, Column::Sender, Column::SentFrom])
        .filter(Column::State.eq(mailing::State::Sending))
        .order_by_asc(Column::Id)
        .into_model()
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
        .filter(under_way())
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
                .filter(under_way())
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

/// Letters that are being sent, found by their mailings: those that are going, or were until a person stopped them. An
/// index of these letters alone would be written twice for each.
fn under_way() -> Condition {
    use mailing::State::{Cancelled, Paused, Sending};
    let going = mailing::Entity::find()
        .select_only()
        .column(mailing::Column::Id)
        .filter(mailing::Column::State.is_in([Sending, Paused, Cancelled]))
        .into_query();
    Condition::all().add(Column::MailingId.in_subquery(going)).add(Column::State.eq(State::Sending))
}

/// Deliveries in a state, in so many words: what is in an index of that state alone is not found by a value that comes
/// beside the statement.
pub fn is_in(state: State) -> Expr {
    Expr::cust(format!("deliveries.state = '{}'", state.code()))
}

/// Letters that wait for no time of their own.
pub fn arrived(now: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::NextAttemptAt.is_null()).add(Column::NextAttemptAt.lte(now))
}
