//! An address that is not to be written to.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{proposal::Theme, words::words};

words! {
    /// Why the address is not written to.
    pub enum State {
        OptedOut = "opted_out", "Opted out";
        DoNotContact = "do_not_contact", "Do not contact";
        Undeliverable = "undeliverable", "Undeliverable";
        Complained = "complained", "Complained";
    }
}

/// An address that is not to be written to.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "suppressions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Lower-cased.
    pub address: String,
    /// None: everywhere.
    pub stp_code: Option<String>,
    pub state: State,
    /// Of an opt-out: the one topic that it is from; none for all.
    pub topic: Option<Theme>,
    pub source: String,
    pub reason: String,
    pub created_at: DateTimeUtc,
    pub lifted_at: Option<DateTimeUtc>,
    pub lifted_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
