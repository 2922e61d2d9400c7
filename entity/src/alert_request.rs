//! One use of the form for alerts, against flooding a mailbox; addresses are kept as digests, for an hour.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One use of the form for alerts.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "alert_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub email_digest: String,
    pub peer_digest: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
