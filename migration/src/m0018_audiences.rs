//! Audiences: whom a mailing goes to is a query, which may be saved; stakeholders have a place and topics.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

const OF_STAKEHOLDERS: [&str; 2] = ["place_code", "topics"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in OF_STAKEHOLDERS {
            let column = text_null(name);
            manager.alter_table(Table::alter().table("stakeholders").add_column(column).to_owned()).await?;
        }
        rename(manager, "groups", "audience").await?;
        let db = manager.get_connection();
        db.execute_unprepared("UPDATE mailings SET audience = '{\"groups\":' || audience || '}'").await?;
        let mut table = Table::create().table("audiences").to_owned();
        table.col(text("id").primary_key());
        table.col(text("stp_code"));
        table.col(text("name"));
        table.col(text("query"));
        table.col(timestamp_with_time_zone_null("removed_at"));
        table.col(integer("version"));
        table.col(text("created_by"));
        table.col(timestamp_with_time_zone("created_at"));
        table.col(timestamp_with_time_zone("updated_at"));
        reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
        reference(&mut table, "created_by", "users", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await?;
        index(manager, "audiences", &["stp_code", "name"]).await
    }

    /// What was chosen otherwise than by group alone is to nobody afterwards.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["audiences"]).await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE mailings SET audience = CASE WHEN audience LIKE '{\"groups\":[%]}' AND audience NOT LIKE '%],%' \
             THEN substr(audience, 11, length(audience) - 11) ELSE '[]' END",
        )
        .await?;
        rename(manager, "audience", "groups").await?;
        for name in OF_STAKEHOLDERS {
            manager.alter_table(Table::alter().table("stakeholders").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

async fn rename(manager: &SchemaManager<'_>, from: &'static str, to: &'static str) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table("mailings").rename_column(from, to).to_owned()).await
}
