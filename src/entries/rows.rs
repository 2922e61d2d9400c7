//! Writing a row that has an `id`, an `stp_code` and a `version`: new, or in place of the version that was read.

use sea_orm::{
    ActiveModelTrait as _, DbErr, EntityTrait, IntoActiveModel, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::Put;
use crate::journal::Writer;

/// Puts a row. Gives false, and changes nothing, where it no longer has the version that this replaces.
pub async fn put<E>(w: &Writer, put: &Put<'_>, row: E::Model) -> Result<bool, DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let row = row.into_active_model().reset_all();
    let Some(version) = put.version else {
        E::insert(row).exec_without_returning(w.tx()).await?;
        return Ok(true);
    };
    let changed = E::update_many()
        .set(row)
        .filter(Expr::col("id").eq(put.id))
        .filter(Expr::col("stp_code").eq(put.stp))
        .filter(Expr::col("version").eq(version))
        .exec(w.tx())
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Takes a row away. As [`put`] otherwise.
pub async fn remove<E: EntityTrait>(w: &Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
    let gone = E::delete_many()
        .filter(Expr::col("id").eq(id))
        .filter(Expr::col("stp_code").eq(stp))
        .filter(Expr::col("version").eq(version))
        .exec(w.tx())
        .await?;
    Ok(gone.rows_affected == 1)
}

/// A row as its document: every column under its name.
pub fn document(row: &impl serde::Serialize) -> Result<serde_json::Value, DbErr> {
    serde_json::to_value(row).map_err(|error| DbErr::Json(error.to_string()))
}
