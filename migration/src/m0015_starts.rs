//! When a mailing is to start, who approved it, and which copies of the site send.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::drop;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn added() -> [ColumnDef; 4] {
    [
        text_null("frozen_by"),
        text_null("approved_by"),
        timestamp_with_time_zone_null("approved_at"),
        timestamp_with_time_zone_null("starts_at"),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in added() {
            manager.alter_table(Table::alter().table("mailings").add_column(column).to_owned()).await?;
        }
        let mut table = Table::create().table("senders").to_owned();
        table.col(text("id").primary_key());
        table.col(text("mark"));
        table.col(big_integer("claimed"));
        table.col(timestamp_with_time_zone("armed_at"));
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["senders"]).await?;
        for column in added().into_iter().rev() {
            let name = column.get_column_name().clone();
            manager.alter_table(Table::alter().table("mailings").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
