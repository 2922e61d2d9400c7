//! A change that is proposed and that people are heard on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// Whether the change is a substantial one, which scrutiny must be consulted on.
    pub enum Substantial {
        Yes = "yes", "Yes";
        No = "no", "No";
        Undecided = "undecided", "Not decided";
    }
}

/// A change that is proposed and that people are heard on.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "proposals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub title: String,
    pub description: Option<String>,
    pub service_change: bool,
    pub substantial: Substantial,
    pub staff_impact: bool,
    pub decision_on: Option<Date>,
    pub equality_analysis_on: Option<Date>,
    pub document_published_on: Option<Date>,
    /// A JSON list of texts.
    pub accessible_formats: String,
    /// The reason why scrutiny need not be consulted.
    pub urgency_exemption: Option<String>,
    pub external_id: Option<String>,
    pub import_id: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
