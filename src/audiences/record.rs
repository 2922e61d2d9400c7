//! Writes saved audiences, each change journalled.

use entity::audience::{self, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait, IntoActiveModel, QueryFilter as _,
};
use serde_json::json;

use super::Query;
use crate::journal::{Entry, Writer};

/// The longest name, in characters.
pub const NAME: usize = 100;

/// Reads a name. The error says what is wrong with it.
pub fn name(written: &str) -> Result<String, String> {
    let name = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err("Enter a name for the audience".into());
    }
    if name.chars().count() > NAME {
        return Err(format!("The name must be {NAME} characters or fewer"));
    }
    Ok(name)
}

/// Saves an audience of `stp` on behalf of `user`.
pub async fn create(
    w: &mut Writer,
    stp: &str,
    id: &str,
    user: &str,
    name: &str,
    query: &Query,
) -> Result<Model, DbErr> {
    let at = w.origin().at;
    let row = Model {
        id: id.to_owned(),
        stp_code: stp.to_owned(),
        name: name.to_owned(),
        query: query.kept(),
        removed_at: None,
        version: 1,
        created_by: user.to_owned(),
        created_at: at,
        updated_at: at,
    };
    audience::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    note(w, "create", None, &row);
    Ok(row)
}

/// Changes an audience. Gives none, and changes nothing, where it is no longer as `before` has it.
pub async fn update(
    w: &mut Writer,
    before: &Model,
    name: &str,
    query: &Query,
) -> Result<Option<Model>, DbErr> {
    let row = Model { name: name.to_owned(), query: query.kept(), ..before.clone() };
    replace(w, "update", before, row).await
}

/// Takes an audience off the list, or puts it there again. What uses it goes on meaning the same.
pub async fn remove(w: &mut Writer, before: &Model, removed: bool) -> Result<Option<Model>, DbErr> {
    let removed_at = removed.then_some(w.origin().at);
    let row = Model { removed_at, ..before.clone() };
    replace(w, if removed { "remove" } else { "restore" }, before, row).await
}

async fn replace(w: &mut Writer, action: &str, before: &Model, row: Model) -> Result<Option<Model>, DbErr> {
    let row = Model { version: before.version + 1, updated_at: w.origin().at, ..row };
    let changed = audience::Entity::update_many()
        .set(row.clone().into_active_model().reset_all())
        .filter(audience::Column::Id.eq(&before.id))
        .filter(audience::Column::Version.eq(before.version))
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
        table: "audiences",
        id: &after.id,
        stp: Some(&after.stp_code),
        before: before.map(|row| json!(row)),
        after: Some(json!(after)),
    });
}
