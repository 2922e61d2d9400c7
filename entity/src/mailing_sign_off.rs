//! A mailing's ledger confirmed by a person as proof of service. Never changed: doubts decided or bounces that come
//! later are another sign-off.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::user::Role;

/// A mailing's ledger confirmed by a person as proof of service.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mailing_sign_offs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub mailing_id: String,
    pub stp_code: String,
    /// Counts up from 1 for each mailing.
    pub number: i32,
    /// What was confirmed, in words.
    pub statement: String,
    pub note: Option<String>,
    pub signed_by: String,
    /// As they were called, and what they were, at that time.
    pub signer_name: String,
    pub signer_role: Role,
    pub signed_at: DateTimeUtc,
    /// Of the whole ledger as it stood.
    pub ledger_sha256: String,
    /// How many lines it had.
    pub deliveries: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
