//! A characteristic whose people an event set out to hear.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// The nine protected characteristics, and three more that are watched.
    pub enum Characteristic {
        Age = "AGE", "Age";
        Disability = "DIS", "Disability";
        GenderReassignment = "GRE", "Gender reassignment";
        Marriage = "MCP", "Marriage and civil partnership";
        Pregnancy = "PRM", "Pregnancy and maternity";
        Race = "RAC", "Race";
        Religion = "REB", "Religion or belief";
        Sex = "SEX", "Sex";
        SexualOrientation = "SOR", "Sexual orientation";
        Deprivation = "DEP", "Deprivation";
        Caring = "CAR", "Caring responsibilities";
        Rural = "RUR", "Rural communities";
    }
}

/// A characteristic whose people an event set out to hear.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "event_targets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub characteristic: Characteristic,
    pub stp_code: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
