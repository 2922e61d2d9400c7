//! Why a mailing waits although it is being sent, for its page: another process than the one that sends may show it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Why a mailing waits although it is being sent.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mailing_waits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub mailing_id: String,
    /// A sentence.
    pub why: String,
    pub until: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
