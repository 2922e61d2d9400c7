//! A standard: the thresholds that the rules measure against, as one version of a document.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A standard: the thresholds that the rules measure against, as one version of a document.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "standards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The area that chose it for itself; none for England's.
    pub stp_code: Option<String>,
    /// What the document calls itself, such as `stp-2017/1`.
    pub label: String,
    /// The thresholds as the method reads them, in JSON. Never changed: a change is another version.
    pub document: String,
    /// The office that wrote it, or once adopted the office that adopted it.
    pub author: String,
    /// Why it was written, or once adopted why it was.
    pub reason: String,
    pub created_at: DateTimeUtc,
    /// Since when it is in force or was; none for a draft.
    pub adopted_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
