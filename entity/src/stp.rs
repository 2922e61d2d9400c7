//! A sustainability and transformation partnership: one of the 44 areas.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A sustainability and transformation partnership: one of the 44 areas.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "stps")]
pub struct Model {
    /// GSS code, such as `E54000041`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Code of the Organisation Data Service, where known.
    pub ods_code: Option<String>,
    /// Name of the Office for National Statistics.
    pub name: String,
    /// The name in use in 2017/18, shown on pages.
    pub display_name: String,
    /// NHS region.
    pub region: String,
    /// Residents, mid-2015.
    pub population: i32,
    pub lon: f64,
    pub lat: f64,
    /// Letters on the tile map.
    pub tile: String,
    pub tile_row: i32,
    pub tile_col: i32,
    pub plan_started_on: Option<Date>,
    pub plan_published_on: Option<Date>,
    /// What is known of the day, such as "November 2016", shown instead of it.
    pub plan_published_words: Option<String>,
    pub plan_published_url: Option<String>,
    pub plan_published_note: Option<String>,
    pub engagement_plan_published_on: Option<Date>,
    pub engagement_plan_url: Option<String>,
    /// People to reach per 10,000 residents, in millionths.
    pub reach_target_millionths: Option<i64>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
