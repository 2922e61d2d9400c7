//! Stakeholders, those not to be written to, mailings and their deliveries.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date_null, integer, text, text_null, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        stakeholders(manager).await?;
        suppressions(manager).await?;
        mailings(manager).await?;
        deliveries(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["deliveries", "mailings", "suppressions", "stakeholders"]).await
    }
}

async fn stakeholders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("stakeholders").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text("group_code"));
    table.col(text_null("name"));
    table.col(text_null("organisation"));
    table.col(text_null("role"));
    table.col(text_null("email"));
    table.col(text_null("notes"));
    table.col(text("basis"));
    table.col(date_null("confirmed_on"));
    table.col(timestamp_with_time_zone_null("withdrawn_at"));
    table.col(text("search"));
    table.col(text_null("import_id"));
    table.col(integer("version"));
    table.col(text_null("created_by"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "group_code", "audience_groups", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "import_id", "imports", "id", ForeignKeyAction::NoAction);
    reference(&mut table, "created_by", "users", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "stakeholders", &["stp_code", "group_code", "id"]).await?;
    index(manager, "stakeholders", &["stp_code", "email"]).await?;
    index(manager, "stakeholders", &["import_id"]).await
}

async fn suppressions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("suppressions").to_owned();
    table.col(text("id").primary_key());
    table.col(text("address"));
    table.col(text_null("stp_code"));
    table.col(text("state"));
    table.col(text("source"));
    table.col(text("reason"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone_null("lifted_at"));
    table.col(text_null("lifted_reason"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "suppressions", &["address", "stp_code"]).await
}

async fn mailings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("mailings").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text("subject"));
    table.col(text("body_text"));
    table.col(text("purpose"));
    table.col(text("groups"));
    table.col(text("state"));
    table.col(timestamp_with_time_zone_null("frozen_at"));
    table.col(timestamp_with_time_zone_null("finished_at"));
    table.col(text_null("paused_reason"));
    table.col(text_null("text_sha256"));
    table.col(text("created_by"));
    table.col(integer("version"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "created_by", "users", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "mailings", &["stp_code", "created_at", "id"]).await?;
    index(manager, "mailings", &["state"]).await
}

async fn deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("deliveries").to_owned();
    table.col(text("id").primary_key());
    table.col(text("mailing_id"));
    table.col(text("stp_code"));
    table.col(text_null("stakeholder_id"));
    table.col(text("address"));
    table.col(text_null("display_name"));
    table.col(text("merge"));
    table.col(text("state"));
    table.col(text_null("reason"));
    table.col(integer("attempts"));
    table.col(timestamp_with_time_zone_null("next_attempt_at"));
    table.col(text_null("claim"));
    table.col(timestamp_with_time_zone_null("claimed_at"));
    table.col(text_uniq("token_digest"));
    table.col(text_null("message_id"));
    table.col(text_null("server_answer"));
    table.col(text_null("text_sha256"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "mailing_id", "mailings", "id", ForeignKeyAction::NoAction);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "stakeholder_id", "stakeholders", "id", ForeignKeyAction::SetNull);
    manager.create_table(table).await?;
    unique(manager, "deliveries", &["mailing_id", "address"]).await?;
    index(manager, "deliveries", &["state", "next_attempt_at"]).await?;
    index(manager, "deliveries", &["mailing_id", "state", "id"]).await?;
    index(manager, "deliveries", &["stakeholder_id"]).await?;
    index(manager, "deliveries", &["address"]).await
}
