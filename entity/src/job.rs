//! Work to be done in the background.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// How far a job has come.
    pub enum State {
        Queued = "queued", "Queued";
        Running = "running", "Running";
        Done = "done", "Done";
        Failed = "failed", "Failed";
    }
}

/// Work to be done in the background.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub subject_id: String,
    /// JSON.
    pub payload: String,
    pub state: State,
    pub done: i32,
    pub total: i32,
    pub problem: Option<String>,
    pub run_after: DateTimeUtc,
    pub claimed_at: Option<DateTimeUtc>,
    pub claim: Option<String>,
    pub created_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
