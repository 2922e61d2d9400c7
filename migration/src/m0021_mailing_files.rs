//! Files that go with a mailing's letters: the mailing has their list, a table beside it what is in them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{blob, text};

use crate::layout::{drop, index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let list = text("files").default("[]").to_owned();
        manager.alter_table(Table::alter().table("mailings").add_column(list).to_owned()).await?;
        let mut table = Table::create().table("mailing_files").to_owned();
        table.col(text("id").primary_key());
        table.col(text("mailing_id"));
        table.col(blob("content"));
        reference(&mut table, "mailing_id", "mailings", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await?;
        index(manager, "mailing_files", &["mailing_id"]).await
    }

    /// What was sent with files says no more that it was.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["mailing_files"]).await?;
        manager.alter_table(Table::alter().table("mailings").drop_column("files").to_owned()).await
    }
}
