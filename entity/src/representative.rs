//! Someone who speaks for a group, by office, from a day to a day.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Someone who speaks for a group, by office, from a day to a day.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "representatives")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    /// The office, such as "Chair, Healthwatch Dorset".
    pub office: String,
    /// The stakeholder who holds it, where one is on the list.
    pub stakeholder_id: Option<String>,
    pub body_code: Option<String>,
    pub group_code: String,
    /// The first day of the role.
    pub from_on: Date,
    /// The last day of the role; none while it lasts.
    pub until_on: Option<Date>,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
