//! Every write, chained by hash, with personal values beside the chain.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null, timestamp_with_time_zone};

use crate::layout::{drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        journal(manager).await?;
        journal_values(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["journal_values", "journal"]).await
    }
}

async fn journal(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("journal").to_owned();
    table.col(big_integer("seq").primary_key());
    table.col(timestamp_with_time_zone("at"));
    table.col(text("actor"));
    table.col(text("request"));
    table.col(text("action"));
    table.col(text("subject_table"));
    table.col(text("subject_id"));
    table.col(text_null("stp_code"));
    table.col(text_null("before"));
    table.col(text_null("after"));
    table.col(text("prev_hash"));
    table.col(text("hash"));
    manager.create_table(table).await?;
    index(manager, "journal", &["subject_table", "subject_id", "seq"]).await?;
    index(manager, "journal", &["stp_code", "seq"]).await
}

async fn journal_values(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("journal_values").to_owned();
    table.col(big_integer("seq"));
    table.col(text("side"));
    table.col(text("field"));
    table.col(text("salt"));
    table.col(text("value"));
    primary(&mut table, &["seq", "side", "field"]);
    reference(&mut table, "seq", "journal", "seq", ForeignKeyAction::NoAction);
    manager.create_table(table).await
}
