//! What the pace of letters is kept by: the domains they go to, when each was tried first, and a sender's days.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, date, string, text, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added =
            [string("domain").default("").to_owned(), timestamp_with_time_zone_null("first_tried_at")];
        for column in added {
            manager.alter_table(Table::alter().table("deliveries").add_column(column).to_owned()).await?;
        }
        let db = manager.get_connection();
        let domain = match db.get_database_backend() {
            sea_orm_migration::sea_orm::DatabaseBackend::Sqlite => "substr(address, instr(address, '@') + 1)",
            _ => "split_part(address, '@', 2)",
        };
        let filled = format!("UPDATE deliveries SET domain = {domain} WHERE address LIKE '%@%'");
        db.execute_unprepared(&filled).await?;
        index(manager, "deliveries", &["mailing_id", "state", "domain", "id"]).await?;
        index(manager, "deliveries", &["claimed_at"]).await?;
        let mut table = Table::create().table("sending_days").to_owned();
        table.col(text("identity"));
        table.col(date("day"));
        table.col(big_integer("letters"));
        primary(&mut table, &["identity", "day"]);
        manager.create_table(table).await?;
        let mut table = Table::create().table("mailing_waits").to_owned();
        table.col(text("mailing_id").primary_key());
        table.col(text("why"));
        table.col(timestamp_with_time_zone("until"));
        reference(&mut table, "mailing_id", "mailings", "id", ForeignKeyAction::Cascade);
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["mailing_waits", "sending_days"]).await?;
        for name in ["idx_deliveries_claimed_at", "idx_deliveries_mailing_id_state_domain_id"] {
            manager.drop_index(Index::drop().name(name).table("deliveries").to_owned()).await?;
        }
        for name in ["first_tried_at", "domain"] {
            manager.alter_table(Table::alter().table("deliveries").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
