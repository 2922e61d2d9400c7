//! A spreadsheet brought in, and what became of each of its rows.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    blob, integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        imports(manager).await?;
        import_rows(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["import_rows", "imports"]).await
    }
}

async fn imports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("imports").to_owned();
    table.col(text("id").primary_key());
    table.col(text("noun"));
    table.col(text_null("stp_code"));
    table.col(text("file_name"));
    table.col(text("sha256"));
    table.col(text("map_name"));
    table.col(text("map"));
    table.col(text("state"));
    table.col(integer("rows_total"));
    table.col(integer("rows_done"));
    table.col(integer("n_created"));
    table.col(integer("n_planned"));
    table.col(integer("n_unchanged"));
    table.col(integer("n_skipped"));
    table.col(integer("n_error"));
    table.col(text_null("problem"));
    table.col(text_null("user_id"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone_null("accepted_at"));
    table.col(timestamp_with_time_zone_null("undone_at"));
    table.col(blob("file"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "user_id", "users", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "imports", &["stp_code", "created_at"]).await?;
    index(manager, "imports", &["created_at"]).await
}

async fn import_rows(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("import_rows").to_owned();
    table.col(text("import_id"));
    table.col(integer("position"));
    table.col(text_null("external_id"));
    table.col(text_null("stp_code"));
    table.col(text("outcome"));
    table.col(text("reason"));
    table.col(text_null("subject_table"));
    table.col(text_null("subject_id"));
    table.col(text_null("draft"));
    table.col(text("source"));
    primary(&mut table, &["import_id", "position"]);
    reference(&mut table, "import_id", "imports", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "import_rows", &["import_id", "outcome", "position"]).await
}
