//! One thing that somebody gets alerts about.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One thing that somebody gets alerts about.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "alert_choices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub alert_id: String,
    /// `england`, the code of an STP or the identity of a proposal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub about: String,
    pub stp_code: Option<String>,
    pub proposal_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
