//! A step of a clock that somebody was told of: once, ever.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// When somebody is told of what falls due.
    pub enum Step {
        FourWeeks = "four_weeks", "Four weeks before";
        OneWeek = "one_week", "One week before";
        Day = "day", "On the day";
        Lead = "lead", "A week after, to the lead";
    }
}

/// A step of a clock that somebody was told of: once, ever.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "nudges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    /// What falls due, and when: a day that moves is told of again.
    pub clock_key: String,
    pub step: Step,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
