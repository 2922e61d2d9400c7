//! What a sign-off is proof of: the mailing and its ledger as they stood, and the document that says so.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What a sign-off is proof of.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mailing_proofs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sign_off_id: String,
    /// Lines of JSON, packed: first the facts of the mailing, then its ledger.
    pub snapshot: Vec<u8>,
    /// Made when it is first asked for, and the same ever after.
    pub pdf: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
