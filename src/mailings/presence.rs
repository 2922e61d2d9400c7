//! A worker's presence: what tells a claim of a living worker from that of a dead one, without a clock.
//!
//! ```text
//! PostgreSQL   a session lock, held by a connection that does nothing else. The server lets go of it as soon as that
//!              connection is gone, however the process ended.
//! SQLite       a lock on a file beside the database. There is one worker at a time; the operating system lets go of
//!              the lock when the process ends. Whoever holds it knows that every other claim is of the dead.
//! ```
//!
//! The worker's name is the number of its lock, and its claims carry it. Should a living worker lose its connection,
//! its claims are taken for a dead one's and become `uncertain`; it may still say what it knows of them (`ledger`).
//! A pooler between us and PostgreSQL must pool by session, or the lock means nothing.

use std::fs::{File, TryLockError};

use anyhow::Context as _;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, Statement,
    sqlx::{self, Connection as _, PgConnection},
};

use crate::app::App;

/// A worker, present.
pub enum Presence {
    File { _locked: Option<File> },
    Session { connection: Box<PgConnection>, url: String, number: i64 },
}

impl Presence {
    /// Becomes present. Gives none where the database has its one worker already.
    pub async fn take(app: &App) -> anyhow::Result<Option<Self>> {
        let url = app.config.store.url();
        if !app.db.is_sqlite() {
            let mut bytes = [0; 8];
            app.chance.fill(&mut bytes);
            let number = i64::from_be_bytes(bytes).unsigned_abs().cast_signed().max(1);
            let connection = Box::new(hold(&url, number).await?);
            return Ok(Some(Self::Session { connection, url, number }));
        }
        let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
        let path = path.split('?').next().unwrap_or_default();
        if path.is_empty() || path.starts_with(':') {
            // In memory: nobody else can see it.
            return Ok(Some(Self::File { _locked: None }));
        }
        let path = format!("{path}.worker");
        let file = File::create(&path).with_context(|| format!("the worker's lock {path}"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self::File { _locked: Some(file) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("the worker's lock {path}"))
            }
        }
    }

    /// What the worker's claims carry.
    pub fn claim(&self) -> String {
        match self {
            Self::File { .. } => "worker".into(),
            Self::Session { number, .. } => number.to_string(),
        }
    }

    /// This worker's number and those of all that are at work, itself among them.
    pub async fn workers(&self, conn: &impl ConnectionTrait) -> Result<(i64, Vec<i64>), DbErr> {
        let Self::Session { number, .. } = self else { return Ok((0, vec![0])) };
        let own = seen(*number);
        let asked = format!(
            "SELECT objid::bigint AS number FROM pg_locks WHERE locktype = 'advisory' AND classid = {AT_WORK} \
             AND objsubid = 2 AND granted \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"
        );
        let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), asked)).await?;
        let workers: Result<Vec<i64>, DbErr> = rows.iter().map(|row| row.try_get("", "number")).collect();
        Ok((own, workers?))
    }

    /// Makes sure that the lock is still held, on a new connection where the old one was lost.
    pub async fn renew(&mut self) -> anyhow::Result<()> {
        if let Self::Session { connection, url, number } = self
            && connection.ping().await.is_err()
        {
            **connection = hold(url, *number).await?;
        }
        Ok(())
    }

    /// Whether the worker that made a claim is gone. On PostgreSQL nobody can take its name before `tx` ends.
    pub async fn is_gone(&self, tx: &DatabaseTransaction, claim: &str) -> Result<bool, DbErr> {
        match self {
            Self::File { .. } => Ok(true),
            Self::Session { number, .. } if *claim == number.to_string() => Ok(false),
            Self::Session { .. } => {
                // A claim that is no number was made on another engine.
                let Ok(number) = claim.parse::<i64>() else { return Ok(true) };
                let asked = "SELECT pg_try_advisory_xact_lock($1) AS free";
                let asked = Statement::from_sql_and_values(tx.get_database_backend(), asked, [number.into()]);
                let row = tx.query_one_raw(asked).await?;
                row.map_or(Ok(false), |row| row.try_get::<bool>("", "free"))
            }
        }
    }
}

/// The kind of lock that says who is at work.
const AT_WORK: i32 = 7_236_831;

/// A worker's number as the list has it.
const fn seen(number: i64) -> i64 {
    number & 0x7fff_ffff
}

/// A connection that holds the lock of this number.
async fn hold(url: &str, number: i64) -> anyhow::Result<PgConnection> {
    let mut connection = PgConnection::connect(url).await.context("the worker's own connection")?;
    // The server notices within a minute when the machine at our end is gone without a word.
    sqlx::raw_sql(
        "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3",
    )
    .execute(&mut connection)
    .await?;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(number).execute(&mut connection).await?;
    // The list of who is at work: a lock of its own kind, which nobody waits for.
    sqlx::query("SELECT pg_advisory_lock_shared($1, $2)")
        .bind(AT_WORK)
        .bind(i32::try_from(seen(number)).unwrap_or_default())
        .execute(&mut connection)
        .await?;
    Ok(connection)
}
