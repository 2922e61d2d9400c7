//! The one queue: long work that a request, a command or the clock asked for.
//!
//! ```text
//! handler ─► enqueue (a row, in the same transaction as its cause)
//! worker  ─► claim (conditional update) ─► perform ─► done | failed, with the reason
//!             └─ a claim not renewed for LEASE is a worker that died: the job is queued again
//! ```
//!
//! A job may so run twice: each is written to give the same result when it does. Mail is not here: its ledger is
//! its own queue (`mailings::deliver`), with stronger promises.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use entity::{job, job::State};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait, QueryFilter as _, QueryOrder, sea_query::Expr,
};

use crate::{app::App, import, journal::Writer};

/// How long a claim stands without being renewed.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How often an idle worker looks for work.
const PAUSE: Duration = Duration::from_millis(500);

/// What a job does. A kind is added here and in [`perform`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Clears away what is over: sessions, sign-in attempts, lists that were never accepted.
    Sweep,
    /// Takes an import its next step: checks, accepts or undoes it.
    Import,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Sweep, Self::Import];

    /// The kind as the row keeps it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::Import => "import",
        }
    }
}

/// Puts a job in the queue, in the transaction of its cause. Gives its identity.
pub async fn enqueue(
    w: &Writer,
    kind: Kind,
    subject_id: &str,
    payload: &serde_json::Value,
) -> Result<String, DbErr> {
    let id = w.id();
    let row = job::ActiveModel {
        id: Set(id.clone()),
        kind: Set(kind.code().to_owned()),
        subject_id: Set(subject_id.to_owned()),
        payload: Set(payload.to_string()),
        state: Set(State::Queued),
        done: Set(0),
        total: Set(0),
        problem: Set(None),
        run_after: Set(w.origin().at),
        claimed_at: Set(None),
        claim: Set(None),
        created_at: Set(w.origin().at),
        finished_at: Set(None),
    };
    job::Entity::insert(row).exec_without_returning(w.tx()).await?;
    Ok(id)
}

/// A job being done, for telling how far it has come.
pub struct Running<'a> {
    app: &'a Arc<App>,
    pub job: job::Model,
}

impl Running<'_> {
    /// Says how far the job has come, and renews its claim. Gives false when the product is stopping or the claim
    /// was lost: end at the next safe point.
    pub async fn progress(&self, done: usize, total: usize) -> Result<bool, DbErr> {
        let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let renewed = job::Entity::update_many()
            .col_expr(job::Column::Done, Expr::value(number(done)))
            .col_expr(job::Column::Total, Expr::value(number(total)))
            .col_expr(job::Column::ClaimedAt, Expr::value(self.app.clock.now()))
            .filter(job::Column::Id.eq(&self.job.id))
            .filter(job::Column::Claim.eq(self.job.claim.clone()))
            .exec(self.app.db.writer())
            .await?;
        Ok(renewed.rows_affected == 1 && !self.app.tasks.stopping())
    }
}

/// Does every job that is due, one after another, and gives how many there were. A worker calls it over and over;
/// a test calls it once.
pub async fn run_due(app: &Arc<App>) -> anyhow::Result<usize> {
    let mut ran = 0;
    while let Some(job) = claim(app).await? {
        let running = Running { app, job };
        let (state, problem) = match perform(app, &running).await {
            Ok(()) => (State::Done, None),
            Err(error) => {
                tracing::error!(
                    job = running.job.id,
                    kind = running.job.kind,
                    error = format!("{error:#}"),
                    "a job failed"
                );
                (State::Failed, Some(format!("{error:#}")))
            }
        };
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(state))
            .col_expr(job::Column::Problem, Expr::value(problem))
            .col_expr(job::Column::FinishedAt, Expr::value(app.clock.now()))
            .filter(job::Column::Id.eq(&running.job.id))
            .filter(job::Column::Claim.eq(running.job.claim.clone()))
            .exec(app.db.writer())
            .await?;
        ran += 1;
    }
    Ok(ran)
}

/// Works until the product stops.
pub async fn work(app: Arc<App>) -> anyhow::Result<()> {
    let mut swept = None;
    while !app.tasks.stopping() {
        let now = app.clock.now();
        if swept.is_none_or(|last| now - last > TimeDelta::hours(1)) {
            sweep(&app).await?;
            swept = Some(now);
        }
        if let Err(error) = run_due(&app).await {
            tracing::error!(error = format!("{error:#}"), "the queue could not be worked on; trying again");
        }
        tokio::select! {
            () = app.tasks.stopped() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    Ok(())
}

async fn claim(app: &Arc<App>) -> Result<Option<job::Model>, DbErr> {
    let now = app.clock.now();
    // Workers that died leave their jobs claimed.
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(State::Queued))
        .filter(job::Column::State.eq(State::Running))
        .filter(job::Column::ClaimedAt.lt(now - LEASE))
        .exec(app.db.writer())
        .await?;
    loop {
        let due = job::Entity::find()
            .filter(job::Column::State.eq(State::Queued))
            .filter(job::Column::RunAfter.lte(now))
            .order_by_asc(job::Column::CreatedAt)
            .order_by_asc(job::Column::Id)
            .one(app.db.read())
            .await?;
        let Some(mut due) = due else { return Ok(None) };
        let claim = app.chance.id();
        let won = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(State::Running))
            .col_expr(job::Column::Claim, Expr::value(claim.clone()))
            .col_expr(job::Column::ClaimedAt, Expr::value(now))
            .filter(job::Column::Id.eq(&due.id))
            .filter(job::Column::State.eq(State::Queued))
            .exec(app.db.writer())
            .await?;
        if won.rows_affected == 1 {
            due.claim = Some(claim);
            due.state = State::Running;
            return Ok(Some(due));
        }
    }
}

async fn perform(app: &Arc<App>, running: &Running<'_>) -> anyhow::Result<()> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == running.job.kind);
    match kind {
        Some(Kind::Sweep) => sweep(app).await,
        Some(Kind::Import) => import::perform(app, running).await,
        None => anyhow::bail!("no job of the kind {} is known to this version", running.job.kind),
    }
}

async fn sweep(app: &Arc<App>) -> anyhow::Result<()> {
    crate::auth::sessions::Sessions::new(app.db.clone(), app.clock.clone()).sweep().await?;
    crate::auth::attempts::sweep(&app.db, app.clock.now()).await?;
    import::sweep::run(app).await?;
    Ok(())
}
