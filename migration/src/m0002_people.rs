//! Those who sign in, the areas they work for, and their sessions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, integer, text, text_null, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        users(manager).await?;
        user_stps(manager).await?;
        sessions(manager).await?;
        sign_in_attempts(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["sign_in_attempts", "sessions", "user_stps", "users"]).await
    }
}

async fn users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("users").to_owned();
    table.col(text("id").primary_key());
    table.col(text_uniq("email"));
    table.col(text("name"));
    table.col(text("password_hash"));
    table.col(text("role"));
    table.col(text_null("region"));
    table.col(timestamp_with_time_zone_null("disabled_at"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(integer("version"));
    manager.create_table(table).await
}

async fn user_stps(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("user_stps").to_owned();
    table.col(text("user_id"));
    table.col(text("stp_code"));
    primary(&mut table, &["user_id", "stp_code"]);
    reference(&mut table, "user_id", "users", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "user_stps", &["stp_code"]).await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("sessions").to_owned();
    table.col(text("id").primary_key());
    table.col(text("data"));
    table.col(timestamp_with_time_zone("expires_at"));
    table.col(text_null("user_id"));
    reference(&mut table, "user_id", "users", "id", ForeignKeyAction::Cascade);
    manager.create_table(table).await?;
    index(manager, "sessions", &["expires_at"]).await?;
    index(manager, "sessions", &["user_id"]).await
}

async fn sign_in_attempts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("sign_in_attempts").to_owned();
    table.col(text("id").primary_key());
    table.col(text("email_digest"));
    table.col(text("address_digest"));
    table.col(timestamp_with_time_zone("at"));
    table.col(boolean("succeeded"));
    manager.create_table(table).await?;
    index(manager, "sign_in_attempts", &["email_digest", "at"]).await?;
    index(manager, "sign_in_attempts", &["address_digest", "at"]).await
}
