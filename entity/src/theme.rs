//! A main point that was made, and what came of it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What came of a point that was made.
    pub enum Outcome {
        Changed = "changed", "Something changed";
        Unchanged = "unchanged", "Nothing changed";
        OutOfScope = "out_of_scope", "Out of scope";
    }
}

/// A main point that was made, and what came of it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "themes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub event_id: String,
    pub stp_code: String,
    pub position: i32,
    pub text: String,
    pub outcome: Option<Outcome>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
