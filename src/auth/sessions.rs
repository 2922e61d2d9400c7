//! Sessions in our own database, for tower-sessions.
//!
//! The table holds a digest of the session's identity, so that a copy of the database signs nobody in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use entity::session;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait, QueryFilter as _, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{clock::Clock, db::Db};

/// Hours without a request after which a session ends.
const IDLE_HOURS: i64 = 12;

/// The key under which a session names its user.
pub const USER: &str = "user";

/// The store: rows of `sessions`.
#[derive(Clone, Debug)]
pub struct Sessions {
    db: Db,
    clock: Clock,
}

impl Sessions {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Ends every session of a user: signed out everywhere, or disabled.
    pub async fn end_all(&self, user_id: &str) -> std::result::Result<(), DbErr> {
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user_id))
            .exec(self.db.writer())
            .await?;
        Ok(())
    }

    /// Clears away the sessions that are over.
    pub async fn sweep(&self) -> std::result::Result<u64, DbErr> {
        let over = session::Column::ExpiresAt.lt(self.clock.now());
        Ok(session::Entity::delete_many().filter(over).exec(self.db.writer()).await?.rows_affected)
    }
}

/// The layer that staff pages stand behind. Public pages do not, and set no cookie.
pub fn layer(db: &Db, clock: &Clock, secure: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::new(db.clone(), clock.clone()))
        .with_name("opendoor")
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(IDLE_HOURS)))
}

fn key(id: &Id) -> String {
    hex::encode(Sha256::digest(id.0.to_be_bytes()))
}

fn instant(record: &Record) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0)
        .ok_or_else(|| Error::Encode("the session's end is out of range".into()))
}

fn row(record: &Record) -> Result<session::ActiveModel> {
    let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
    let user_id = record.data.get(USER).and_then(|v| v.as_str()).map(str::to_owned);
    Ok(session::ActiveModel {
        id: Set(key(&record.id)),
        data: Set(data),
        expires_at: Set(instant(record)?),
        user_id: Set(user_id),
    })
}

fn backend(error: DbErr) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits: one already taken means that something is wrong, and the insert says so.
        session::Entity::insert(row(record)?)
            .exec_without_returning(self.db.writer())
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let written = [session::Column::Data, session::Column::ExpiresAt, session::Column::UserId];
        session::Entity::insert(row(record)?)
            .on_conflict(OnConflict::column(session::Column::Id).update_columns(written).to_owned())
            .exec_without_returning(self.db.writer())
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(kept) = session::Entity::find_by_id(key(id))
            .filter(session::Column::ExpiresAt.gt(self.clock.now()))
            .one(self.db.read())
            .await
            .map_err(backend)?
        else {
            return Ok(None);
        };
        let data = serde_json::from_str(&kept.data).map_err(|e| Error::Decode(e.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(kept.expires_at.timestamp())
            .map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::Entity::delete_by_id(key(id)).exec(self.db.writer()).await.map_err(backend)?;
        Ok(())
    }
}
