//! What an area holds about whoever reads its letters, for themself: behind the link of a letter.
//!
//! ```text
//! token ─► delivery ─► its area and its address ─┬─► records of that address there, letters, answers, what stops mail
//!                                                └─► no record there any more: nothing is held
//! ```
//!
//! Records of one area with one address are one person's. Another area's, and another address's, are never read here.

use entity::{delivery, stakeholder, stp};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};

use crate::{
    journal::Writer,
    mailings::{optouts, token},
    stakeholders::{self, Draft, find},
};

/// Whoever a letter went to, in the area that wrote it.
#[derive(Clone, Debug)]
pub struct Me {
    pub delivery: delivery::Model,
    pub stp: stp::Model,
    /// What the area keeps about the address; none where nothing is held any more.
    pub records: Vec<stakeholder::Model>,
}

/// Whose a link is; none where it is nobody's.
pub async fn by_token(conn: &impl ConnectionTrait, token: &str) -> Result<Option<Me>, DbErr> {
    let Some(id) = token::delivery(token) else { return Ok(None) };
    let delivery = delivery::Entity::find_by_id(id)
        .filter(delivery::Column::MeDigest.eq(token::digest(token)))
        .filter(optouts::was_sent())
        .one(conn)
        .await?;
    let Some(delivery) = delivery else { return Ok(None) };
    let Some(stp) = stp::Entity::find_by_id(&delivery.stp_code).one(conn).await? else { return Ok(None) };
    let records = find::twins(conn, &stp.code, &delivery.address, None).await?;
    Ok(Some(Me { delivery, stp, records }))
}

/// How a name was corrected.
#[derive(Clone, Debug)]
pub enum Corrected {
    Done,
    /// It is the name already.
    Same,
    /// Somebody else has changed the record since it was opened.
    Stale,
}

/// Puts their own name into a record of theirs that was opened at this version.
pub async fn correct(
    w: &mut Writer,
    record: &stakeholder::Model,
    version: i32,
    name: Option<String>,
) -> Result<Corrected, DbErr> {
    if record.version != version {
        return Ok(Corrected::Stale);
    }
    if record.name == name {
        return Ok(Corrected::Same);
    }
    let draft = Draft { name, ..Draft::of(record.clone()) };
    let updated = stakeholders::update(w, record, &draft).await?;
    Ok(updated.map_or(Corrected::Stale, |_| Corrected::Done))
}
