//! A mail about alerts: to confirm a sign-up, or with what was published.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{digest::State, words::words};

words! {
    /// What the mail is.
    pub enum Kind {
        SignUp = "sign_up", "To confirm a sign-up";
        Known = "known", "Signed up already";
        Publication = "publication", "A publication";
        Gathered = "gathered", "What was gathered";
    }
}

/// A mail about alerts. It belongs to a sign-up or to an alert, and goes with it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "alert_mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: Kind,
    pub sign_up_id: Option<String>,
    pub alert_id: Option<String>,
    /// What it tells of, where that is one edition: once for each alert.
    pub edition_id: Option<String>,
    /// What it tells of, as JSON.
    pub news: String,
    /// What its link is known by, once it has one.
    #[sea_orm(unique)]
    pub token_digest: Option<String>,
    pub state: State,
    pub attempts: i32,
    pub next_attempt_at: DateTimeUtc,
    pub claim: Option<String>,
    pub claimed_at: Option<DateTimeUtc>,
    pub server_answer: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
