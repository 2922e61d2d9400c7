//! Writes versions of standards, each change journalled whole.

use entity::standard::{self, Column, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    SqlErr,
};

use super::draft::Draft;
use crate::journal::{Entry, Writer};

/// Why a version is not written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    #[error("another version has this name")]
    Taken,
    #[error("it has been adopted in the meantime")]
    Adopted,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Writes a new version, as a draft. `stp` is the area that it is for; none for England.
pub async fn create(w: &mut Writer, id: &str, stp: Option<&str>, draft: &Draft) -> Result<Model, Unwritten> {
    let taken = standard::Entity::find().filter(Column::Label.eq(&draft.label)).one(w.tx()).await?;
    if taken.is_some() {
        return Err(Unwritten::Taken);
    }
    let row = Model {
        id: id.to_owned(),
        stp_code: stp.map(str::to_owned),
        label: draft.label.clone(),
        document: draft.standard.to_canonical(),
        author: draft.author.clone(),
        reason: draft.reason.clone(),
        created_at: w.origin().at,
        adopted_at: None,
        version: 1,
    };
    let insert = standard::Entity::insert(row.clone().into_active_model().reset_all());
    if let Err(error) = insert.exec_without_returning(w.tx()).await {
        return match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Err(Unwritten::Taken),
            _ => Err(error.into()),
        };
    }
    note(w, "create", None, &row)?;
    Ok(row)
}

/// Puts a draft in force, for this reason.
pub async fn adopt(w: &mut Writer, draft: &Model, author: &str, reason: &str) -> Result<Model, Unwritten> {
    let row = Model {
        author: author.to_owned(),
        reason: reason.to_owned(),
        adopted_at: Some(w.origin().at),
        version: draft.version + 1,
        ..draft.clone()
    };
    let written = standard::Entity::update_many()
        .set(row.clone().into_active_model().reset_all())
        .filter(Column::Id.eq(&draft.id))
        .filter(Column::Version.eq(draft.version))
        .filter(Column::AdoptedAt.is_null())
        .exec(w.tx())
        .await?;
    if written.rows_affected == 0 {
        return Err(Unwritten::Adopted);
    }
    note(w, super::find::ADOPT, Some(draft), &row)?;
    Ok(row)
}

fn note(w: &mut Writer, action: &str, before: Option<&Model>, after: &Model) -> Result<(), DbErr> {
    let whole = |row: &Model| serde_json::to_value(row).map_err(|error| DbErr::Json(error.to_string()));
    let (before, whole) = (before.map(whole).transpose()?, whole(after)?);
    w.record(Entry {
        action,
        table: "standards",
        id: &after.id,
        stp: after.stp_code.as_deref(),
        before,
        after: Some(whole),
    });
    Ok(())
}
