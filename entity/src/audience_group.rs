//! A group of people who count as heard or not heard: see section 2 of the method.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// The audience that a group is part of. `XP` is recorded and never scored.
    pub enum Audience {
        Public = "PP", "Patients and public";
        Staff = "ST", "Staff";
        Councils = "LA", "Local authorities";
        Others = "XP", "Other parties";
    }
}

/// A group of people who count as heard or not heard: see section 2 of the method.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audience_groups")]
pub struct Model {
    /// Such as `PP-CAR`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub audience: Audience,
    pub name: String,
    /// Required of every area by default.
    pub required: bool,
    /// Position on the method page.
    pub sort: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
