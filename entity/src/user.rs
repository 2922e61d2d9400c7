//! Someone who signs in.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What somebody may do: see the permit table of the app.
    pub enum Role {
        Officer = "officer", "Officer";
        Lead = "lead", "Lead";
        Approver = "approver", "Approver";
        Region = "region", "Region";
        National = "national", "National";
        Admin = "admin", "Administrator";
    }
}

/// Someone who signs in.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Lower-cased.
    #[sea_orm(unique)]
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub role: Role,
    /// The region that a regional reader sees.
    pub region: Option<String>,
    pub disabled_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
