//! Reads letter templates and their versions.

use entity::{
    letter_template::{self, Column, Model},
    letter_template_version as version,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _};

/// One template of `stp`, on its list or taken off.
pub async fn one(conn: &impl ConnectionTrait, stp: &str, id: &str) -> Result<Option<Model>, DbErr> {
    letter_template::Entity::find_by_id(id).filter(Column::StpCode.eq(stp)).one(conn).await
}

/// The templates on the list of `stp`, by name.
pub async fn all(conn: &impl ConnectionTrait, stp: &str) -> Result<Vec<Model>, DbErr> {
    letter_template::Entity::find()
        .filter(Column::StpCode.eq(stp))
        .filter(Column::RemovedAt.is_null())
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// Every version of a template, the last first.
pub async fn versions(conn: &impl ConnectionTrait, id: &str) -> Result<Vec<version::Model>, DbErr> {
    version::Entity::find()
        .filter(version::Column::LetterTemplateId.eq(id))
        .order_by_desc(version::Column::Version)
        .all(conn)
        .await
}
