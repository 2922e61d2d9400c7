//! A question or challenge that was put to an area, and its answer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What it is about.
    pub enum Kind {
        Question = "question", "Question";
        Clinical = "clinical_challenge", "Challenge to a clinical assumption";
        Financial = "financial_challenge", "Challenge to a financial assumption";
    }
}

/// A question or challenge that was put to an area, and its answer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "questions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub kind: Kind,
    /// The organisation or office that asked, never a person's name.
    pub asked_by: Option<String>,
    pub question: String,
    pub received_on: Option<Date>,
    pub answered_on: Option<Date>,
    pub answer: Option<String>,
    /// Where the answer was published elsewhere.
    pub published_url: Option<String>,
    /// Whether question and answer are shown to everyone once it is answered.
    pub public: bool,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
