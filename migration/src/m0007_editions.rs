//! Published reports, frozen with their files.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    blob, date, integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, primary, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        editions(manager).await?;
        edition_files(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["edition_files", "editions"]).await
    }
}

async fn editions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("editions").to_owned();
    table.col(text("id").primary_key());
    table.col(text("slug"));
    table.col(integer("number"));
    table.col(text_null("stp_code"));
    table.col(date("as_at"));
    table.col(text("title"));
    table.col(timestamp_with_time_zone("published_at"));
    table.col(text_null("published_by"));
    table.col(text("journal_head"));
    table.col(text("manifest_sha256"));
    table.col(text("changes"));
    table.col(timestamp_with_time_zone_null("withdrawn_at"));
    table.col(text_null("withdrawn_reason"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "published_by", "users", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    unique(manager, "editions", &["slug", "number"]).await?;
    index(manager, "editions", &["stp_code"]).await?;
    index(manager, "editions", &["published_at", "id"]).await
}

async fn edition_files(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("edition_files").to_owned();
    table.col(text("edition_id"));
    table.col(text("name"));
    table.col(text("media_type"));
    table.col(blob("bytes"));
    table.col(text("sha256"));
    table.col(integer("size"));
    primary(&mut table, &["edition_id", "name"]);
    reference(&mut table, "edition_id", "editions", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await
}
