//! Writes letter templates, each change journalled and each version kept.

use entity::{
    letter_template::{self, Model},
    letter_template_version as version,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait, IntoActiveModel, QueryFilter as _,
};
use serde_json::json;

use crate::{
    journal::{Entry, Writer},
    mailings::draft::Letter,
};

/// Keeps a letter of `stp` under a name, on behalf of `user`.
pub async fn create(
    w: &mut Writer,
    stp: &str,
    id: &str,
    user: &str,
    name: &str,
    letter: &Letter,
) -> Result<Model, DbErr> {
    let at = w.origin().at;
    let row = Model {
        id: id.to_owned(),
        stp_code: stp.to_owned(),
        name: name.to_owned(),
        subject: letter.subject.clone(),
        body_text: letter.body_text.clone(),
        purpose: letter.purpose,
        removed_at: None,
        version: 1,
        created_by: user.to_owned(),
        created_at: at,
        updated_at: at,
    };
    letter_template::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    keep(w, &row, user).await?;
    note(w, "create", None, &row);
    Ok(row)
}

/// Changes a template. Gives none, and changes nothing, where it is no longer as `before` has it.
pub async fn update(
    w: &mut Writer,
    before: &Model,
    user: &str,
    name: &str,
    letter: &Letter,
) -> Result<Option<Model>, DbErr> {
    let row = Model {
        name: name.to_owned(),
        subject: letter.subject.clone(),
        body_text: letter.body_text.clone(),
        purpose: letter.purpose,
        version: before.version + 1,
        ..before.clone()
    };
    let updated = replace(w, "update", before, row).await?;
    if let Some(row) = &updated {
        keep(w, row, user).await?;
    }
    Ok(updated)
}

/// Takes a template off the list, or puts it there again: its text stays as it is, and so does its version.
pub async fn list(w: &mut Writer, before: &Model, listed: bool) -> Result<Option<Model>, DbErr> {
    let removed_at = (!listed).then_some(w.origin().at);
    let row = Model { removed_at, ..before.clone() };
    replace(w, if listed { "restore" } else { "remove" }, before, row).await
}

/// Keeps the version that a row is of.
async fn keep(w: &Writer, row: &Model, user: &str) -> Result<(), DbErr> {
    let kept = version::Model {
        letter_template_id: row.id.clone(),
        version: row.version,
        name: row.name.clone(),
        subject: row.subject.clone(),
        body_text: row.body_text.clone(),
        purpose: row.purpose,
        written_by: user.to_owned(),
        written_at: w.origin().at,
    };
    version::Entity::insert(kept.into_active_model().reset_all()).exec_without_returning(w.tx()).await?;
    Ok(())
}

async fn replace(w: &mut Writer, action: &str, before: &Model, row: Model) -> Result<Option<Model>, DbErr> {
    let row = Model { updated_at: w.origin().at, ..row };
    let changed = letter_template::Entity::update_many()
        .set(row.clone().into_active_model().reset_all())
        .filter(letter_template::Column::Id.eq(&before.id))
        .filter(letter_template::Column::Version.eq(before.version))
        .filter(letter_template::Column::UpdatedAt.eq(before.updated_at))
        .exec(w.tx())
        .await?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    note(w, action, Some(before), &row);
    Ok(Some(row))
}

fn note(w: &mut Writer, action: &str, before: Option<&Model>, after: &Model) {
    w.record(Entry {
        action,
        table: "letter_templates",
        id: &after.id,
        stp: Some(&after.stp_code),
        before: before.map(|row| json!(row)),
        after: Some(json!(after)),
    });
}
