//! What hangs on a proposal: its theme, aim, views and decision; service-change tests; scrutiny and its recommendations;
//! what a consultation heard. And the spreadsheets of entries that wait to be accepted.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    blob, boolean, date_null, integer, text, text_null, timestamp_with_time_zone,
};

use crate::layout::{drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Columns that hold texts and columns that hold days, by table.
const TEXTS: &[(&str, &str)] = &[
    ("proposals", "theme"),
    ("proposals", "aim"),
    ("proposals", "nhs_view"),
    ("proposals", "scrutiny_view"),
    ("proposals", "decision_kind"),
    ("proposals", "decision_text"),
    ("proposals", "equality_analysis_url"),
    ("proposals", "document_url"),
    ("consultations", "consideration_text"),
    ("consultations", "feedback_url"),
];
const DAYS: &[(&str, &str)] = &[("proposals", "nhs_view_on"), ("proposals", "scrutiny_view_on")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in TEXTS {
            manager
                .alter_table(Table::alter().table(*table).add_column(text_null(*column)).to_owned())
                .await?;
        }
        for (table, column) in DAYS {
            manager
                .alter_table(Table::alter().table(*table).add_column(date_null(*column)).to_owned())
                .await?;
        }
        proposal_tests(manager).await?;
        consultation_themes(manager).await?;
        scrutiny_records(manager).await?;
        scrutiny_authorities(manager).await?;
        recommendations(manager).await?;
        sheets(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "sheets",
                "recommendations",
                "scrutiny_authorities",
                "scrutiny_records",
                "consultation_themes",
                "proposal_tests",
            ],
        )
        .await?;
        for (table, column) in DAYS.iter().chain(TEXTS) {
            manager.alter_table(Table::alter().table(*table).drop_column(*column).to_owned()).await?;
        }
        Ok(())
    }
}

/// A row that people edit: of one STP, part of `parent`.
fn entry(name: &'static str, column: &'static str, parent: &'static str) -> TableCreateStatement {
    let mut table = Table::create().table(name).to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text(column));
    table.col(integer("version"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, column, parent, "id", ForeignKeyAction::NoAction);
    table
}

async fn proposal_tests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = entry("proposal_tests", "proposal_id", "proposals");
    table.col(text("test"));
    table.col(text("evidence"));
    table.col(date_null("dated_on"));
    table.col(text_null("url"));
    manager.create_table(table).await?;
    index(manager, "proposal_tests", &["stp_code", "id"]).await?;
    index(manager, "proposal_tests", &["proposal_id"]).await
}

async fn consultation_themes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = entry("consultation_themes", "consultation_id", "consultations");
    table.col(text("text"));
    table.col(text_null("outcome"));
    manager.create_table(table).await?;
    index(manager, "consultation_themes", &["stp_code", "id"]).await?;
    index(manager, "consultation_themes", &["consultation_id"]).await
}

async fn scrutiny_records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = entry("scrutiny_records", "proposal_id", "proposals");
    table.col(text("committee"));
    table.col(boolean("joint"));
    table.col(date_null("consulted_on"));
    table.col(date_null("decision_date_given"));
    table.col(date_null("comments_by"));
    table.col(text_null("published_url"));
    manager.create_table(table).await?;
    index(manager, "scrutiny_records", &["stp_code", "id"]).await?;
    index(manager, "scrutiny_records", &["proposal_id"]).await
}

async fn scrutiny_authorities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("scrutiny_authorities").to_owned();
    table.col(text("scrutiny_id"));
    table.col(text("place_code"));
    table.col(text("stp_code"));
    primary(&mut table, &["scrutiny_id", "place_code"]);
    reference(&mut table, "scrutiny_id", "scrutiny_records", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "place_code", "places", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "scrutiny_authorities", &["stp_code"]).await
}

async fn recommendations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = entry("recommendations", "scrutiny_id", "scrutiny_records");
    table.col(text("text"));
    table.col(date_null("received_on"));
    table.col(date_null("answered_on"));
    table.col(text_null("answer"));
    manager.create_table(table).await?;
    index(manager, "recommendations", &["stp_code", "id"]).await?;
    index(manager, "recommendations", &["scrutiny_id"]).await
}

async fn sheets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("sheets").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text("noun"));
    table.col(text("file_name"));
    table.col(blob("file"));
    table.col(text_null("user_id"));
    table.col(timestamp_with_time_zone("created_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "user_id", "users", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "sheets", &["created_at"]).await
}
