//! A spreadsheet that was sent in and waits to be accepted. Nothing of it is an entry yet; what nobody accepts within a day
//! is gone with the next one.

use chrono::TimeDelta;
use entity::sheet::{self, Column, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Noun;
use crate::{
    import::sheet::{Refused, Sheet, read},
    journal::{Actor, Entry, Writer},
};

/// How long a file waits.
const WAITS: TimeDelta = TimeDelta::days(1);

/// Keeps a file. Gives its identity.
pub async fn keep(
    w: &mut Writer,
    noun: &dyn Noun,
    stp: &str,
    name: &str,
    file: Vec<u8>,
) -> Result<String, DbErr> {
    sheet::Entity::delete_many().filter(Column::CreatedAt.lt(w.origin().at - WAITS)).exec(w.tx()).await?;
    let user_id = match &w.origin().actor {
        Actor::User(id) => Some(id.clone()),
        _ => None,
    };
    let sha256 = hex::encode(Sha256::digest(&file));
    let row = Model {
        id: w.id(),
        stp_code: stp.to_owned(),
        noun: noun.about().key.to_owned(),
        file_name: name.to_owned(),
        file,
        user_id,
        created_at: w.origin().at,
    };
    let id = row.id.clone();
    sheet::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(w.tx()).await?;
    let after = json!({ "noun": noun.about().key, "file_name": name, "sha256": sha256 });
    w.record(Entry {
        action: "create",
        table: "sheets",
        id: &id,
        stp: Some(stp),
        before: None,
        after: Some(after),
    });
    Ok(id)
}

/// A file of this noun and STP that waits.
pub async fn find(
    db: &impl ConnectionTrait,
    noun: &dyn Noun,
    stp: &str,
    id: &str,
) -> Result<Option<Model>, DbErr> {
    sheet::Entity::find_by_id(id)
        .filter(Column::StpCode.eq(stp))
        .filter(Column::Noun.eq(noun.about().key))
        .one(db)
        .await
}

/// Lets a file go once it was accepted.
pub async fn drop(w: &mut Writer, kept: &Model, written: usize) -> Result<(), DbErr> {
    sheet::Entity::delete_by_id(&kept.id).exec(w.tx()).await?;
    w.record(Entry {
        action: "import",
        table: "sheets",
        id: &kept.id,
        stp: Some(&kept.stp_code),
        before: None,
        after: Some(json!({ "noun": kept.noun, "file_name": kept.file_name, "written": written })),
    });
    Ok(())
}

/// Reads a file, and says whether it is one of text.
pub fn open(file: &[u8], name: &str) -> Result<(Sheet, bool), Refused> {
    read(file, name).map(|sheet| (sheet, !file.starts_with(b"PK\x03\x04")))
}
