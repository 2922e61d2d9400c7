//! An organisation or board that has a part in engagement.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What sort of body it is.
    pub enum Kind {
        Ccg = "ccg", "Clinical commissioning group";
        Trust = "trust", "NHS trust";
        Council = "council", "Council";
        Healthwatch = "healthwatch", "Local Healthwatch";
        Voluntary = "voluntary", "Voluntary organisation";
        Union = "union", "Trade union";
        Board = "board", "Board or committee";
        Other = "other", "Other";
    }
}

words! {
    /// The office that a known duty-holder has in an area.
    pub enum Office {
        Council = "council", "Council";
        Scrutiny = "scrutiny", "Health scrutiny committee";
        WellbeingBoard = "wellbeing_board", "Health and wellbeing board";
        Healthwatch = "healthwatch", "Local Healthwatch";
        Ccg = "ccg", "Clinical commissioning group";
        Trust = "trust", "NHS trust";
    }
}

/// An organisation or board that has a part in engagement.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "bodies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub name: String,
    pub kind: Kind,
    /// Employs staff whom rule STF-1 asks about.
    pub employer: bool,
    pub statutory_consultee: bool,
    /// The council area that it belongs to.
    pub place_code: Option<String>,
    /// The office it holds in an area, when it is one of the known duty-holders.
    pub office: Option<Office>,
    /// The area that added it; none for what is known of all.
    pub stp_code: Option<String>,
    pub version: i32,
    pub created_at: Option<DateTimeUtc>,
    pub updated_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
