//! The part of a place that lies inside an area.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The part of a place that lies inside an area.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "footprints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub stp_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_code: String,
    /// Residents of the place inside the area.
    pub population: i32,
    /// The part of the place's residents who live inside the area, 0 to 1.
    pub share: f64,
    /// Under 5% of the place's residents: not expected to be engaged as a place.
    pub fringe: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
