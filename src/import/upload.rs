//! A file taken in: an import that is to be checked.

use entity::{
    import,
    import::{Noun, State},
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    sea_query::Expr,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::map::Map;
use crate::journal::{Actor, Entry, Writer};

/// A file and how it is to be read.
#[derive(Clone, Debug)]
pub struct Upload {
    pub noun: Noun,
    /// The one area that its rows must be of.
    pub stp: Option<String>,
    pub file_name: String,
    pub file: Vec<u8>,
    pub map: Map,
}

/// Takes a file in. Gives the import's identity.
pub async fn create(w: &mut Writer, upload: Upload) -> anyhow::Result<String> {
    let at = w.origin().at;
    let user_id = match &w.origin().actor {
        Actor::User(id) => Some(id.clone()),
        _ => None,
    };
    let row = import::Model {
        id: w.id(),
        noun: upload.noun,
        stp_code: upload.stp,
        file_name: upload.file_name,
        sha256: hex::encode(Sha256::digest(&upload.file)),
        map_name: upload.map.name.clone(),
        map: upload.map.text()?,
        state: State::Checking,
        rows_total: 0,
        rows_done: 0,
        n_created: 0,
        n_planned: 0,
        n_unchanged: 0,
        n_skipped: 0,
        n_error: 0,
        problem: None,
        user_id,
        created_at: at,
        accepted_at: None,
        undone_at: None,
        file: upload.file,
    };
    let id = row.id.clone();
    let after = json!({
        "noun": row.noun,
        "file_name": row.file_name,
        "sha256": row.sha256,
        "map_name": row.map_name,
        "state": row.state,
    });
    let stp = row.stp_code.clone();
    import::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(w.tx()).await?;
    w.record(Entry {
        action: "create",
        table: "imports",
        id: &id,
        stp: stp.as_deref(),
        before: None,
        after: Some(after),
    });
    Ok(id)
}

/// Moves an import from one of some states to another. Gives false, and changes nothing, where it is in none of them:
/// someone else was quicker.
pub async fn step(
    w: &mut Writer,
    import: &super::find::Summary,
    from: &[State],
    to: State,
    problem: Option<String>,
) -> Result<bool, DbErr> {
    let moved = import::Entity::update_many()
        .col_expr(import::Column::State, Expr::value(to))
        .col_expr(import::Column::Problem, Expr::value(problem.clone()))
        .filter(import::Column::Id.eq(&import.id))
        .filter(import::Column::State.is_in(from.iter().copied()))
        .exec(w.tx())
        .await?;
    if moved.rows_affected == 0 {
        return Ok(false);
    }
    w.record(Entry {
        action: to.code(),
        table: "imports",
        id: &import.id,
        stp: import.stp_code.as_deref(),
        before: Some(json!({ "state": import.state })),
        after: Some(json!({ "state": to, "problem": problem })),
    });
    Ok(true)
}

/// Reads the file again by another map.
pub async fn reread(w: &mut Writer, import: &super::find::Summary, map: &Map) -> anyhow::Result<bool> {
    let from = [State::Checked, State::Failed];
    if !step(w, import, &from, State::Checking, None).await? {
        return Ok(false);
    }
    import::Entity::update_many()
        .col_expr(import::Column::Map, Expr::value(map.text()?))
        .col_expr(import::Column::MapName, Expr::value(map.name.clone()))
        .filter(import::Column::Id.eq(&import.id))
        .exec(w.tx())
        .await?;
    Ok(true)
}
