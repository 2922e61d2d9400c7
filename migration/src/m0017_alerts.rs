//! Alerts for the public: who asked, who confirmed, for what, the mails that tell them, and who left.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, text, text_null, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, primary, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        requests(manager).await?;
        sign_ups(manager).await?;
        alerts(manager).await?;
        choices(manager).await?;
        mails(manager).await?;
        departures(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "alert_departures",
            "alert_mails",
            "alert_choices",
            "alerts",
            "alert_sign_ups",
            "alert_requests",
        ];
        drop(manager, &tables).await
    }
}

async fn requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("alert_requests").to_owned();
    table.col(text("id").primary_key());
    table.col(text("email_digest"));
    table.col(text("peer_digest"));
    table.col(timestamp_with_time_zone("at"));
    manager.create_table(table).await?;
    index(manager, "alert_requests", &["email_digest", "at"]).await?;
    index(manager, "alert_requests", &["peer_digest", "at"]).await
}

async fn sign_ups(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("alert_sign_ups").to_owned();
    table.col(text("id").primary_key());
    table.col(text("address"));
    table.col(text("choices"));
    table.col(timestamp_with_time_zone("created_at"));
    manager.create_table(table).await?;
    index(manager, "alert_sign_ups", &["address"]).await?;
    index(manager, "alert_sign_ups", &["created_at"]).await
}

async fn alerts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("alerts").to_owned();
    table.col(text("id").primary_key());
    table.col(text_uniq("address"));
    table.col(text("often"));
    table.col(timestamp_with_time_zone("told_until"));
    table.col(timestamp_with_time_zone("confirmed_at"));
    manager.create_table(table).await?;
    index(manager, "alerts", &["often", "told_until"]).await
}

async fn choices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("alert_choices").to_owned();
    table.col(text("alert_id"));
    table.col(text("about"));
    table.col(text_null("stp_code"));
    table.col(text_null("proposal_id"));
    primary(&mut table, &["alert_id", "about"]);
    reference(&mut table, "alert_id", "alerts", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::Cascade);
    reference(&mut table, "proposal_id", "proposals", "id", ForeignKeyAction::Cascade);
    manager.create_table(table).await?;
    index(manager, "alert_choices", &["about"]).await?;
    index(manager, "alert_choices", &["proposal_id"]).await
}

async fn mails(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("alert_mails").to_owned();
    table.col(text("id").primary_key());
    table.col(text("kind"));
    table.col(text_null("sign_up_id"));
    table.col(text_null("alert_id"));
    table.col(text_null("edition_id"));
    table.col(text("news"));
    table.col(text_null("token_digest"));
    table.col(text("state"));
    table.col(integer("attempts"));
    table.col(timestamp_with_time_zone("next_attempt_at"));
    table.col(text_null("claim"));
    table.col(timestamp_with_time_zone_null("claimed_at"));
    table.col(text_null("server_answer"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "sign_up_id", "alert_sign_ups", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "alert_id", "alerts", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "edition_id", "editions", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    // Where either is none, nothing is held against another row.
    unique(manager, "alert_mails", &["alert_id", "edition_id"]).await?;
    unique(manager, "alert_mails", &["token_digest"]).await?;
    index(manager, "alert_mails", &["sign_up_id"]).await?;
    index(manager, "alert_mails", &["state", "next_attempt_at"]).await
}

async fn departures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("alert_departures").to_owned();
    table.col(text("address_digest").primary_key());
    table.col(timestamp_with_time_zone("left_at"));
    manager.create_table(table).await
}
