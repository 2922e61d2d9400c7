//! Letters that are kept to be written again, every version of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, text, timestamp_with_time_zone, timestamp_with_time_zone_null};

use crate::layout::{drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create().table("letter_templates").to_owned();
        table.col(text("id").primary_key());
        table.col(text("stp_code"));
        written(&mut table);
        table.col(timestamp_with_time_zone_null("removed_at"));
        table.col(integer("version"));
        table.col(text("created_by"));
        table.col(timestamp_with_time_zone("created_at"));
        table.col(timestamp_with_time_zone("updated_at"));
        reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
        reference(&mut table, "created_by", "users", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await?;
        index(manager, "letter_templates", &["stp_code", "name"]).await?;
        let mut table = Table::create().table("letter_template_versions").to_owned();
        table.col(text("letter_template_id"));
        table.col(integer("version"));
        written(&mut table);
        table.col(text("written_by"));
        table.col(timestamp_with_time_zone("written_at"));
        primary(&mut table, &["letter_template_id", "version"]);
        reference(&mut table, "letter_template_id", "letter_templates", "id", ForeignKeyAction::NoAction);
        reference(&mut table, "written_by", "users", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["letter_template_versions", "letter_templates"]).await
    }
}

fn written(table: &mut TableCreateStatement) {
    for name in ["name", "subject", "body_text", "purpose"] {
        table.col(text(name));
    }
}
