//! Dated evidence for one of the five tests of a service change.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// The five tests that a service change must meet.
    pub enum Test {
        Engagement = "engagement", "Strong public and patient engagement";
        Choice = "choice", "Patient choice";
        Evidence = "evidence", "Clinical evidence base";
        Support = "support", "Support from commissioners";
        Beds = "beds", "Conditions for closing beds";
    }
}

/// Dated evidence for one of the five tests of a service change.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "proposal_tests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub proposal_id: String,
    pub test: Test,
    pub evidence: String,
    pub dated_on: Option<Date>,
    pub url: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
