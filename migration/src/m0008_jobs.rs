//! The one queue, and the forms already received.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        jobs(manager).await?;
        submissions(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["submissions", "jobs"]).await
    }
}

async fn jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("jobs").to_owned();
    table.col(text("id").primary_key());
    table.col(text("kind"));
    table.col(text("subject_id"));
    table.col(text("payload"));
    table.col(text("state"));
    table.col(integer("done"));
    table.col(integer("total"));
    table.col(text_null("problem"));
    table.col(timestamp_with_time_zone("run_after"));
    table.col(timestamp_with_time_zone_null("claimed_at"));
    table.col(text_null("claim"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone_null("finished_at"));
    manager.create_table(table).await?;
    index(manager, "jobs", &["state", "run_after", "id"]).await?;
    index(manager, "jobs", &["subject_id"]).await
}

async fn submissions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("submissions").to_owned();
    table.col(text("form_key").primary_key());
    table.col(text_null("user_id"));
    table.col(text("location"));
    table.col(timestamp_with_time_zone("created_at"));
    reference(&mut table, "user_id", "users", "id", ForeignKeyAction::Cascade);
    manager.create_table(table).await?;
    index(manager, "submissions", &["created_at"]).await
}
