//! Nudges: what was said of which clock to whom, so that nothing is said twice; and the mails that say it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date, integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        nudges(manager).await?;
        digests(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["digests", "nudges"]).await
    }
}

async fn nudges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("nudges").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text("clock_key"));
    table.col(text("step"));
    table.col(timestamp_with_time_zone("created_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    unique(manager, "nudges", &["stp_code", "clock_key", "step"]).await
}

async fn digests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("digests").to_owned();
    table.col(text("id").primary_key());
    table.col(text("user_id"));
    table.col(date("day_on"));
    table.col(text("lines"));
    table.col(text("state"));
    table.col(integer("attempts"));
    table.col(timestamp_with_time_zone("next_attempt_at"));
    table.col(text_null("claim"));
    table.col(timestamp_with_time_zone_null("claimed_at"));
    table.col(text_null("server_answer"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "user_id", "users", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    unique(manager, "digests", &["user_id", "day_on"]).await?;
    index(manager, "digests", &["state", "next_attempt_at"]).await
}
