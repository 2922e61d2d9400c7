//! An exercise with an opening and a close, of which events can be part.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An exercise with an opening and a close, of which events can be part.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "consultations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub proposal_id: Option<String>,
    pub title: String,
    /// A public consultation, which the rules on time and feedback apply to.
    pub formal: bool,
    pub opens_on: Option<Date>,
    pub closes_on: Option<Date>,
    /// The dates as the source says them, where a day is not known.
    pub dates_words: Option<String>,
    pub short_reason: Option<String>,
    pub timing_reason: Option<String>,
    pub considered_on: Option<Date>,
    /// Who considered the responses, and what they made of them.
    pub consideration_text: Option<String>,
    pub feedback_on: Option<Date>,
    /// Where people can read what came of it.
    pub feedback_url: Option<String>,
    /// Responses received: the interval the words mean.
    pub responses_low: Option<i32>,
    pub responses_high: Option<i32>,
    /// As it was written.
    pub responses_words: Option<String>,
    /// The consultation's own total; never added to its events.
    pub attended_low: Option<i32>,
    pub attended_high: Option<i32>,
    /// As it was written.
    pub attended_words: Option<String>,
    pub outcome_text: Option<String>,
    pub discussed_text: Option<String>,
    pub status: crate::event::Status,
    pub import_id: Option<String>,
    pub external_id: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
