//! Mail that waits as a row of its own, beside the ledger of mailings: what staff are told, what the public asked for.
//!
//! ```text
//! a row ─► claim, COMMIT ─► the data folder remembers ─► letter ─ SMTP, no transaction open ─► what became of it
//!                                (a crash in between: uncertain, never sent again)
//! ```
//!
//! A copy of the site that is not armed claims nothing. A server that cannot be reached is left alone for a while, longer
//! each time, and that counts as no try.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::digest::State;
use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Expr, ExprTrait as _, Order, Query, UpdateStatement},
};

use crate::{
    app::App,
    mail::{Carrier, Letter, Line, Outcome, message},
    mailings::armed::{self, Standing},
};

/// How long a mail may be under way before what became of it is not known any more.
pub const LEASE: TimeDelta = TimeDelta::minutes(10);
/// After how many tries a mail that is deferred each time is given up: six days.
const TRIES: i32 = 12;

/// A table of mails that wait. Its rows have `id`, `state`, `attempts`, `next_attempt_at`, `claim`, `claimed_at`,
/// `server_answer` and `updated_at`.
pub trait Outbox: Sync {
    const TABLE: &'static str;

    /// The letter of a mail, and the mailbox that keeps it; none where nobody is to get it any more.
    fn letter(
        &self,
        app: &App,
        id: &str,
    ) -> impl Future<Output = anyhow::Result<Option<(String, Letter)>>> + Send;

    /// Does what follows when the server says that there is no such address.
    fn undeliverable(&self, _app: &App, _id: &str) -> impl Future<Output = anyhow::Result<()>> + Send {
        async { Ok(()) }
    }
}

/// Sends what waits in one table.
#[derive(Debug)]
pub struct Sender<O> {
    outbox: O,
    /// How often in a row the server could not be reached, and until when it is left alone.
    unreached: u32,
    rests_until: Option<DateTime<Utc>>,
}

/// A mail that is claimed.
struct Claimed {
    id: String,
    claim: String,
    attempts: i32,
}

/// What a mail comes to.
struct Verdict {
    state: State,
    answer: Option<String>,
    /// Whether the server was asked.
    tried: bool,
    /// Whether it says that there is no such address.
    undeliverable: bool,
    next: DateTime<Utc>,
}

impl<O: Outbox> Sender<O> {
    pub fn new(outbox: O) -> Self {
        Self { outbox, unreached: 0, rests_until: None }
    }

    /// Sends the mails that are due. Gives how many were handed over.
    pub async fn send(&mut self, app: &Arc<App>) -> anyhow::Result<usize> {
        self.give_up_the_dead(app).await?;
        let mut wire: Option<Line> = None;
        let mut sent = 0;
        while !app.tasks.stopping() {
            let now = app.clock.now();
            if self.rests_until.is_some_and(|until| now < until) {
                break;
            }
            let Some((id, attempts)) = self.due(app, now).await? else { break };
            // The mail worker arms the first sender of a database; until then, and where this copy is none, all waits.
            let Some(Standing::Armed(sender)) = armed::standing(app).await? else { break };
            let wire = match &mut wire {
                Some(wire) => wire,
                none => none.insert(Line::new(Arc::new(Carrier::of(app.senders.own(), &app.config)))),
            };
            let Some(claimed) = self.claim(app, &sender, id, attempts).await? else { continue };
            let verdict = self.carry(app, wire, &claimed).await?;
            sent += usize::from(verdict.state == State::Accepted);
            if !matches!(verdict.state, State::Accepted | State::Dropped) {
                // Without the server's words: they may name the address.
                tracing::warn!(
                    mail = claimed.id,
                    table = O::TABLE,
                    state = verdict.state.code(),
                    "a mail was not taken"
                );
            }
            let undeliverable = verdict.undeliverable;
            self.settle(app, &claimed, verdict).await?;
            if undeliverable {
                self.outbox.undeliverable(app, &claimed.id).await?;
            }
        }
        if let Some(wire) = wire {
            wire.close().await;
        }
        Ok(sent)
    }

    /// What was under way when a worker stopped: nobody knows whether it was sent, and it is not sent again.
    async fn give_up_the_dead(&self, app: &App) -> Result<(), DbErr> {
        let now = app.clock.now();
        let doubts = update::<O>(State::Uncertain, now)
            .and_where(Expr::col("state").eq(State::Sending.code()))
            .and_where(Expr::col("claimed_at").lt(now - LEASE))
            .to_owned();
        app.db.writer().execute(&doubts).await?;
        Ok(())
    }

    async fn due(&self, app: &App, now: DateTime<Utc>) -> Result<Option<(String, i32)>, DbErr> {
        let due = Query::select()
            .columns(["id", "attempts"])
            .from(O::TABLE)
            .and_where(Expr::col("state").eq(State::Queued.code()))
            .and_where(Expr::col("next_attempt_at").lte(now))
            .order_by("id", Order::Asc)
            .limit(1)
            .to_owned();
        let row = app.db.read().query_one(&due).await?;
        row.map(|row| Ok((row.try_get("", "id")?, row.try_get("", "attempts")?))).transpose()
    }

    /// Claims a mail; none where another worker was first.
    async fn claim(
        &self,
        app: &App,
        sender: &str,
        id: String,
        attempts: i32,
    ) -> anyhow::Result<Option<Claimed>> {
        let now = app.clock.now();
        let claimed = Claimed { id, claim: app.chance.id(), attempts };
        let take = update::<O>(State::Sending, now)
            .value("claim", claimed.claim.as_str())
            .value("claimed_at", now)
            .and_where(Expr::col("id").eq(claimed.id.as_str()))
            .and_where(Expr::col("state").eq(State::Queued.code()))
            .to_owned();
        let tx = app.db.ledger().await?;
        if tx.execute(&take).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let total = armed::count(&tx, sender, 1).await?;
        tx.commit().await?;
        // Before a word is said to a server: what is restored later knows of fewer letters than this folder.
        if let Err(error) = armed::remember(app, total).await {
            let back =
                Verdict { state: State::Queued, answer: None, tried: false, undeliverable: false, next: now };
            self.settle(app, &claimed, back).await?;
            return Err(error);
        }
        Ok(Some(claimed))
    }

    async fn carry(&mut self, app: &Arc<App>, wire: &mut Line, mail: &Claimed) -> anyhow::Result<Verdict> {
        let now = app.clock.now();
        let tries = mail.attempts + 1;
        let later = now + TimeDelta::minutes(5 << tries.clamp(0, 8));
        let told = |state, answer, next| Verdict { state, answer, tried: true, undeliverable: false, next };
        let deferred = |answer| match tries {
            ..TRIES => told(State::Queued, Some(answer), later),
            _ => told(State::Rejected, Some(answer), now),
        };
        let made = match self.outbox.letter(app, &mail.id).await {
            Ok(None) => return Ok(told(State::Dropped, None, now)),
            Ok(Some((folder, letter))) => message::build(&letter).map(|built| (folder, built)),
            Err(error) => Err(error),
        };
        let (folder, built) = match made {
            Ok(made) => made,
            Err(error) => return Ok(deferred(format!("The letter could not be made: {error:#}"))),
        };
        let outcome = wire.send(&folder, &built).await;
        if let Outcome::Unreached(why) = outcome {
            self.unreached += 1;
            let next = now + TimeDelta::seconds(5 << self.unreached.clamp(1, 6));
            self.rests_until = Some(next);
            return Ok(Verdict { tried: false, ..told(State::Queued, Some(why), next) });
        }
        (self.unreached, self.rests_until) = (0, None);
        Ok(match outcome {
            Outcome::Accepted(answer) => told(State::Accepted, Some(answer), now),
            Outcome::Uncertain(answer) => told(State::Uncertain, Some(answer), now),
            Outcome::Deferred(answer) | Outcome::Unreached(answer) => deferred(answer),
            Outcome::Rejected { answer, undeliverable } => {
                Verdict { undeliverable, ..told(State::Rejected, Some(answer), now) }
            }
        })
    }

    /// Writes down what a mail came to, unless the row is gone.
    async fn settle(&self, app: &App, mail: &Claimed, verdict: Verdict) -> Result<(), DbErr> {
        let settled = update::<O>(verdict.state, app.clock.now())
            .value("attempts", mail.attempts + i32::from(verdict.tried))
            .value("next_attempt_at", verdict.next)
            .value("server_answer", verdict.answer)
            .and_where(Expr::col("id").eq(mail.id.as_str()))
            .and_where(Expr::col("claim").eq(mail.claim.as_str()))
            .to_owned();
        app.db.writer().execute(&settled).await?;
        Ok(())
    }
}

/// How many mails of a table wait to be sent.
pub async fn waiting(app: &App, table: &'static str) -> Result<i64, DbErr> {
    let count = Query::select()
        .expr_as(Expr::col("id").count(), "number")
        .from(table)
        .and_where(Expr::col("state").eq(State::Queued.code()))
        .to_owned();
    let row = app.db.read().query_one(&count).await?;
    row.map_or(Ok(0), |row| row.try_get("", "number"))
}

fn update<O: Outbox>(state: State, now: DateTime<Utc>) -> UpdateStatement {
    Query::update().table(O::TABLE).value("state", state.code()).value("updated_at", now).to_owned()
}
