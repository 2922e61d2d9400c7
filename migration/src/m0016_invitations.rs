//! Mailings that invite to an event, and what the invited answer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, text_null, timestamp_with_time_zone};

use crate::layout::{drop, index, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The columns that mailings and deliveries get.
fn added() -> [(&'static str, ColumnDef); 4] {
    [
        ("mailings", text_null("event_id")),
        ("mailings", text_null("event_told")),
        ("mailings", text_null("follow_up")),
        ("deliveries", text_null("rsvp_digest")),
    ]
}

/// The indexes over them.
const INDEXES: [(&str, &str); 2] =
    [("mailings", "idx_mailings_event_id"), ("deliveries", "idx_deliveries_rsvp_digest")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in added() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        index(manager, "mailings", &["event_id"]).await?;
        unique(manager, "deliveries", &["rsvp_digest"]).await?;
        let mut table = Table::create().table("invitation_answers").to_owned();
        table.col(text("id").primary_key());
        table.col(text("stp_code"));
        table.col(text("event_id"));
        table.col(text("address"));
        table.col(text("delivery_id"));
        table.col(text("answer"));
        table.col(text_null("support"));
        table.col(text("told_sha256"));
        table.col(timestamp_with_time_zone("created_at"));
        table.col(timestamp_with_time_zone("updated_at"));
        reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
        reference(&mut table, "event_id", "events", "id", ForeignKeyAction::NoAction);
        reference(&mut table, "delivery_id", "deliveries", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await?;
        unique(manager, "invitation_answers", &["event_id", "address"]).await?;
        index(manager, "invitation_answers", &["delivery_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["invitation_answers"]).await?;
        for (table, name) in INDEXES {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for (table, column) in added().into_iter().rev() {
            let name = column.get_column_name().clone();
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
