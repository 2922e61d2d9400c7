//! Against guessing: tries at signing in are counted by account and by address, as digests.

use chrono::{DateTime, TimeDelta, Utc};
use entity::sign_in_attempt;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter as _,
};
use sha2::{Digest, Sha256};

use crate::{chance::Chance, db::Db};

/// Minutes that a failed try is remembered for.
pub const WINDOW_MINUTES: i64 = 15;
/// Failed tries at one account in that time before it rests.
const PER_ACCOUNT: u64 = 10;
/// Failed tries from one address in that time before it rests.
const PER_ADDRESS: u64 = 50;

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Whether this account, or tries from this address, should rest for now.
pub async fn resting(db: &Db, email: &str, address: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    use sign_in_attempt::Column;
    let recent = || {
        sign_in_attempt::Entity::find()
            .filter(Column::At.gt(now - TimeDelta::minutes(WINDOW_MINUTES)))
            .filter(Column::Succeeded.eq(false))
    };
    Ok(recent().filter(Column::EmailDigest.eq(digest(email))).count(db.read()).await? >= PER_ACCOUNT
        || recent().filter(Column::AddressDigest.eq(digest(address))).count(db.read()).await? >= PER_ADDRESS)
}

/// Remembers a try. One that succeeded clears the account's failed ones.
pub async fn remember(
    db: &Db,
    chance: &Chance,
    email: &str,
    address: &str,
    succeeded: bool,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    use sign_in_attempt::Column;
    if succeeded {
        sign_in_attempt::Entity::delete_many()
            .filter(Column::EmailDigest.eq(digest(email)))
            .exec(db.writer())
            .await?;
    }
    let row = sign_in_attempt::ActiveModel {
        id: Set(chance.id()),
        email_digest: Set(digest(email)),
        address_digest: Set(digest(address)),
        at: Set(now),
        succeeded: Set(succeeded),
    };
    sign_in_attempt::Entity::insert(row).exec_without_returning(db.writer()).await?;
    Ok(())
}

/// Forgets tries older than the window.
pub async fn sweep(db: &Db, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let old = sign_in_attempt::Column::At.lt(now - TimeDelta::minutes(WINDOW_MINUTES));
    Ok(sign_in_attempt::Entity::delete_many().filter(old).exec(db.writer()).await?.rows_affected)
}
