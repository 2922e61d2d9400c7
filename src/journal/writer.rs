//! The only way to write: a transaction that is journalled.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use entity::{journal_entry, journal_value, journal_value::Side, personal};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
};
use serde_json::{Map, Value};

use super::{
    canonical,
    chain::{self, ORIGIN, last},
};
use crate::{chance::Chance, clock::Clock, db::Db};

/// Who does a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff, by identity.
    User(String),
    /// A command run by an operator, by its name.
    Command(&'static str),
    /// Someone without an account: an unsubscribe link, a form on a public page.
    Public,
    /// A person about themself, by the link in a letter to them.
    Own,
    /// The product itself: the queue.
    System,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Command(name) => write!(f, "command:{name}"),
            Self::Public => f.write_str("public"),
            Self::Own => f.write_str("the person, by their link"),
            Self::System => f.write_str("system"),
        }
    }
}

/// Where a change comes from: who, by which request, when.
#[derive(Clone, Debug)]
pub struct Origin {
    pub actor: Actor,
    pub request: String,
    pub at: DateTime<Utc>,
}

/// One change, or one reading or export of personal data.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What was done: `create`, `update`, `withdraw`, `import`, `read`, `export` …
    pub action: &'a str,
    /// The table of its subject.
    pub table: &'a str,
    /// The subject's identity in that table.
    pub id: &'a str,
    /// The area that the subject belongs to; none for what belongs to all.
    pub stp: Option<&'a str>,
    /// The subject as it stood before, whole (for an event, with its rows in other tables).
    pub before: Option<Value>,
    /// The subject as it stands after.
    pub after: Option<Value>,
}

/// An open, journalled transaction. Dropped without [`commit`](Self::commit), it leaves nothing.
pub struct Writer {
    tx: DatabaseTransaction,
    origin: Origin,
    chance: Chance,
    clock: Clock,
    lock: bool,
    entries: Vec<Pending>,
}

struct Pending {
    entry: journal_entry::Model,
    values: Vec<journal_value::Model>,
}

impl Writer {
    /// Begins a transaction on behalf of `origin`.
    pub async fn open(db: &Db, chance: &Chance, clock: &Clock, origin: Origin) -> Result<Self, DbErr> {
        let tx = db.start().await?;
        Ok(Self {
            tx,
            origin,
            chance: chance.clone(),
            clock: clock.clone(),
            lock: !db.is_sqlite(),
            entries: Vec::new(),
        })
    }

    /// The transaction, to read and change rows in.
    pub fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// When, by whom and by which request this is done.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// A new identity for a row.
    pub fn id(&self) -> String {
        self.chance.id()
    }

    /// Writes one entry down; it is linked into the chain at the commit.
    pub fn record(&mut self, entry: Entry<'_>) {
        let mut values = Vec::new();
        let before = entry.before.map(|v| self.part(entry.table, Side::Before, v, &mut values));
        let after = entry.after.map(|v| self.part(entry.table, Side::After, v, &mut values));
        self.entries.push(Pending {
            entry: journal_entry::Model {
                seq: 0,
                at: self.origin.at,
                actor: self.origin.actor.to_string(),
                request: self.origin.request.clone(),
                action: entry.action.to_owned(),
                subject_table: entry.table.to_owned(),
                subject_id: entry.id.to_owned(),
                stp_code: entry.stp.map(str::to_owned),
                before: before.as_ref().map(canonical),
                after: after.as_ref().map(canonical),
                prev_hash: String::new(),
                hash: String::new(),
            },
            values,
        });
    }

    /// Links the entries into the chain and commits everything. Refuses a transaction that recorded nothing.
    pub async fn commit(mut self) -> anyhow::Result<()> {
        anyhow::ensure!(
            !self.entries.is_empty(),
            "a write was about to be committed without a journal entry"
        );
        if self.lock {
            // Held to the commit that follows at once: the chain has one end.
            self.tx
                .execute_unprepared("SELECT pg_advisory_xact_lock(7236830)")
                .await
                .context("locking the journal's end")?;
        }
        let last = last(&self.tx).await?;
        // Known from now on, and never before what is already there.
        let at = last.as_ref().map_or(self.clock.now(), |last| last.at.max(self.clock.now()));
        let (mut seq, mut prev_hash) = last.map_or((0, ORIGIN.to_owned()), |last| (last.seq, last.hash));
        let (mut entries, mut values) = (Vec::new(), Vec::new());
        for mut pending in std::mem::take(&mut self.entries) {
            seq += 1;
            pending.entry.seq = seq;
            pending.entry.at = at;
            pending.entry.prev_hash = std::mem::take(&mut prev_hash);
            pending.entry.hash = chain::link(&pending.entry);
            prev_hash.clone_from(&pending.entry.hash);
            entries.push(pending.entry.into_active_model().reset_all());
            for mut value in pending.values {
                value.seq = seq;
                values.push(value.into_active_model().reset_all());
            }
        }
        for rows in entries.chunks(500) {
            journal_entry::Entity::insert_many(rows.to_vec()).exec(&self.tx).await?;
        }
        for rows in values.chunks(500) {
            journal_value::Entity::insert_many(rows.to_vec()).exec(&self.tx).await?;
        }
        self.tx.commit().await?;
        Ok(())
    }

    /// Takes the personal values of `table` out of `value`, leaving their digests.
    fn part(&self, table: &str, side: Side, value: Value, out: &mut Vec<journal_value::Model>) -> Value {
        let Value::Object(fields) = value else { return value };
        let mut kept = Map::new();
        for (field, value) in fields {
            if value.is_null() || !personal::is_personal(table, &field) {
                kept.insert(field, value);
                continue;
            }
            let text = value.as_str().map_or_else(|| canonical(&value), str::to_owned);
            let salt = self.chance.token();
            kept.insert(field.clone(), Value::from(chain::digest(&salt, &text)));
            out.push(journal_value::Model { seq: 0, side, field, salt, value: text });
        }
        Value::Object(kept)
    }
}
