//! A council area: a council with social care duties, or a shire district inside a county.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// Which of the two tiers of local government.
    pub enum Tier {
        Upper = "upper", "Upper tier";
        District = "district", "District";
    }
}

/// A council area: a council with social care duties, or a shire district inside a county.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "places")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub name: String,
    pub tier: Tier,
    /// What kind of council, such as "Unitary authority".
    pub kind: String,
    pub ons_region: Option<String>,
    /// A district's county.
    pub parent_code: Option<String>,
    pub population: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
