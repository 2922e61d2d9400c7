//! Two databases, one behaviour.
//!
//! ```text
//! readers ──► db.read()   SQLite: a pool of readers on a WAL file   PostgreSQL: the pool
//! writers ──► db.start()  SQLite: one connection, BEGIN IMMEDIATE   PostgreSQL: the same pool
//! ledger ───► db.ledger() the same, for the state of deliveries and of other mail
//! alerts ───► db.aside()  the same, for the public's alerts, which are part of no record
//! head ─────► db.number() a connection that is kept for a question asked thousands of times a second
//! ```
//!
//! `start` is for `journal::Writer` alone: every write of the product is journalled, so nothing else begins a
//! transaction, but for `ledger` and `aside`. The first is for `mailings::ledger` and `outbox` alone: how far each delivery has come is an
//! append to a ledger of its own, written thousands of times a second in groups, and is its own history. What people
//! decide about a mailing, and what is learnt about an address, is journalled. `aside` is for `alerts` alone: whoever leaves
//! them is forgotten, so nothing of them may enter a journal that keeps what it has. Rows that are not part of the record (sessions, sign-in attempts, the state of the queue) are
//! written through `writer()`; on SQLite not while a `Writer` is open in the same flow, which holds that connection.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::{
        self, Postgres, Sqlite,
        pool::PoolConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use tokio::sync::Mutex;

/// An open database.
#[derive(Clone, Debug)]
pub struct Db {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    /// One of the readers' connections, once a number was asked for. A pool asks each connection that comes back to it
    /// whether it is still there, which takes as long as a short question.
    kept: Arc<Mutex<Option<Kept>>>,
}

/// A connection that does not go back to its pool.
#[derive(Debug)]
enum Kept {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// How long a SQLite connection waits for another process's write before it gives up.
const BUSY: Duration = Duration::from_secs(30);

/// The one row that there can be, where it is asked for often. SQLite prepares a statement anew each time that a limit
/// is bound to it, as `one` does, which takes longer than many a reading.
pub fn only<T>(rows: Vec<T>) -> Option<T> {
    rows.into_iter().next()
}

/// After how long a connection to PostgreSQL that nobody used is asked whether it is still there.
const ASKED_AFTER: Duration = Duration::from_secs(1);

/// How much of a SQLite file the writer keeps in memory, in KiB as the pragma has it.
const WRITER_CACHE: &str = "-16384";
/// After how many pages of 4 KiB the write-ahead log of a SQLite file goes into the file.
const CHECKPOINT: &str = "4000";

impl Db {
    /// Opens `url` (`sqlite:PATH`, made when absent, or `postgres://…`). Refuses an address of another kind.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("sqlite:") {
            let writer = connect(url, 1).await?;
            let readers = connect(url, 8).await?;
            Ok(Self { readers, writer, kept: Arc::default() })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = connect(url, 16).await?;
            Ok(Self { readers: pool.clone(), writer: pool, kept: Arc::default() })
        } else {
            anyhow::bail!("the database address must begin with sqlite: or postgres:")
        }
    }

    /// The connection for reading.
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// The one number that a query gives, as it is when the query is read: as cheap as a question can be, for what is
    /// asked thousands of times a second. One is asked at a time.
    pub(crate) async fn number(&self, query: &'static str) -> Result<i64, DbErr> {
        let mut kept = self.kept.lock().await;
        // Out of its place meanwhile: an asker that goes away leaves no half-read answer to the next.
        if let Some(mut connection) = kept.take()
            && let Ok(number) = connection.number(query).await
        {
            *kept = Some(connection);
            return Ok(number);
        }
        // The first question, or a server that has hung up since the last.
        let mut connection = Kept::of(&self.readers).await?;
        let number = connection.number(query).await?;
        *kept = Some(connection);
        Ok(number)
    }

    /// The connection for rows outside the record: sessions, sign-in attempts, the queue's state.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Whether this is the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.readers.get_database_backend() == DbBackend::Sqlite
    }

    /// A transaction that may write: immediate on SQLite, so that it waits at its start and never fails halfway.
    #[expect(clippy::disallowed_methods, reason = "the one place that begins a transaction")]
    pub(crate) async fn start(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: self.is_sqlite().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin_with_options(options).await
    }

    /// A transaction for the delivery ledger and the outbox alone: see the header.
    pub(crate) async fn ledger(&self) -> Result<DatabaseTransaction, DbErr> {
        self.start().await
    }

    /// A transaction for the public's alerts alone: see the header.
    pub(crate) async fn aside(&self) -> Result<DatabaseTransaction, DbErr> {
        self.start().await
    }

    /// Brings the tables up to date. Safe to run at every start.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        use sea_orm_migration::MigratorTrait as _;
        migration::Migrator::up(&self.writer, None).await
    }

    /// Closes every connection, so that a SQLite file can be copied or removed.
    pub async fn close(self) -> Result<(), DbErr> {
        drop(self.kept.lock().await.take());
        self.readers.close().await?;
        self.writer.close().await
    }
}

impl Kept {
    async fn of(pool: &DatabaseConnection) -> Result<Self, DbErr> {
        let acquired = match pool.get_database_backend() {
            DbBackend::Sqlite => pool.get_sqlite_connection_pool().acquire().await.map(Self::Sqlite),
            _ => pool.get_postgres_connection_pool().acquire().await.map(Self::Postgres),
        };
        acquired.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))
    }

    async fn number(&mut self, query: &'static str) -> Result<i64, DbErr> {
        let answer = match self {
            Self::Sqlite(connection) => sqlx::query_scalar(query).fetch_one(&mut **connection).await,
            Self::Postgres(connection) => sqlx::query_scalar(query).fetch_one(&mut **connection).await,
        };
        answer.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))))
    }
}

async fn connect(url: &str, connections: u32) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(BUSY)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = if connections == 1 {
                // Of the one writer: a group of letters is written where the last one was, and in many indexes; and
                // what a statement over many rows would take back if it failed needs no file.
                sqlite.pragma("cache_size", WRITER_CACHE).pragma("temp_store", "MEMORY")
            } else {
                sqlite
            };
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // Pages that change with every group are copied into the database once for many groups.
                .pragma("wal_autocheckpoint", CHECKPOINT)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
        });
    if !url.starts_with("sqlite:") {
        // A server may have hung up; a file has not. To ask each time would cost every reading a second one.
        options.test_before_acquire_if_idle_for(ASKED_AFTER);
    }
    Database::connect(options).await.context("the database could not be opened")
}
