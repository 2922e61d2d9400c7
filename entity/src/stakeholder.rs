//! Someone whom an area writes to, as a person or as an office.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Someone whom an area writes to, as a person or as an office.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "stakeholders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub group_code: String,
    /// Person or office.
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub role: Option<String>,
    pub email: Option<String>,
    pub notes: Option<String>,
    /// Why we hold this: lawful basis and source.
    pub basis: String,
    /// Which wording they were given when it was obtained: a privacy notice and its version.
    #[serde(default)]
    pub wording: Option<String>,
    #[serde(default)]
    pub obtained_on: Option<Date>,
    /// What shows that it is so: where a form, a letter or a note of a call is kept.
    #[serde(default)]
    pub evidence: Option<String>,
    pub confirmed_on: Option<Date>,
    /// The council area that they are of, or speak for.
    #[serde(default)]
    pub place_code: Option<String>,
    /// What they asked to hear of: a JSON list of themes, none for no wish.
    #[serde(default)]
    pub topics: Option<String>,
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Lower-cased words to search in.
    pub search: String,
    pub import_id: Option<String>,
    pub version: i32,
    pub created_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
