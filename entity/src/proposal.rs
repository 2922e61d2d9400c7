//! A change that is proposed and that people are heard on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// Whether the change is a substantial one, which scrutiny must be consulted on.
    pub enum Substantial {
        Yes = "yes", "Yes";
        No = "no", "No";
        Undecided = "undecided", "Not decided";
    }
}

words! {
    /// What a proposal is about.
    pub enum Theme {
        Prevention = "prevention", "Prevention";
        Community = "community", "Community services";
        Hospital = "hospital", "Hospital services";
        Cancer = "cancer", "Cancer";
        MentalHealth = "mental_health", "Mental health";
        Maternity = "maternity", "Maternity";
        Children = "children", "Children and young people";
        UrgentCare = "urgent_care", "Urgent care";
        Workforce = "workforce", "Workforce";
        Digital = "digital", "Digital";
        Estates = "estates", "Estates";
        Finance = "finance", "Finance";
    }
}

words! {
    /// Which of the three gaps that a plan is to close.
    pub enum Aim {
        Health = "health", "Health and wellbeing";
        Quality = "quality", "Quality of care";
        Efficiency = "efficiency", "Efficiency";
    }
}

words! {
    /// How it was decided.
    pub enum DecisionKind {
        Adopted = "adopted", "Adopted";
        AdoptedChanged = "adopted_changed", "Adopted with changes";
        Rejected = "rejected", "Rejected";
        Deferred = "deferred", "Deferred";
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

/// A change that is proposed and that people are heard on.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "proposals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub title: String,
    pub description: Option<String>,
    pub theme: Option<Theme>,
    pub aim: Option<Aim>,
    pub service_change: bool,
    pub substantial: Substantial,
    /// Whether it is substantial, as the NHS body sees it and as scrutiny does, each with its day.
    pub nhs_view: Option<String>,
    pub nhs_view_on: Option<Date>,
    pub scrutiny_view: Option<String>,
    pub scrutiny_view_on: Option<Date>,
    pub staff_impact: bool,
    pub decision_on: Option<Date>,
    pub decision_kind: Option<DecisionKind>,
    /// The reasons that were given.
    pub decision_text: Option<String>,
    pub equality_analysis_on: Option<Date>,
    pub equality_analysis_url: Option<String>,
    pub document_published_on: Option<Date>,
    pub document_url: Option<String>,
    /// A JSON list of texts.
    pub accessible_formats: String,
    /// The reason why scrutiny need not be consulted.
    pub urgency_exemption: Option<String>,
    pub external_id: Option<String>,
    pub import_id: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
