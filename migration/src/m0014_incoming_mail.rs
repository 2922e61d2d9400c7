//! Mail that comes back: bounces, complaints, automatic answers, and what people write.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date_null, text, text_null, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create().table("incoming_mails").to_owned();
        table.col(text("id").primary_key());
        table.col(text_uniq("sha256"));
        table.col(text("kind"));
        table.col(text_null("fate"));
        table.col(text_null("stp_code"));
        table.col(text_null("mailing_id"));
        table.col(text_null("delivery_id"));
        table.col(text_null("sender"));
        table.col(text("subject"));
        table.col(text("body_text"));
        table.col(text("detail"));
        table.col(date_null("due_on"));
        table.col(timestamp_with_time_zone("received_at"));
        table.col(timestamp_with_time_zone_null("done_at"));
        table.col(text_null("done_by"));
        reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
        reference(&mut table, "mailing_id", "mailings", "id", ForeignKeyAction::NoAction);
        reference(&mut table, "delivery_id", "deliveries", "id", ForeignKeyAction::NoAction);
        reference(&mut table, "done_by", "users", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await?;
        index(manager, "incoming_mails", &["stp_code", "received_at", "id"]).await?;
        index(manager, "incoming_mails", &["delivery_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["incoming_mails"]).await
    }
}
