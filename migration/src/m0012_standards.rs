//! Standards as data, the default among them; the journal by instant.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

use crate::layout::{drop, index, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The default, word for word as the method has it.
const DEFAULT: &str = include_str!("../../method/standards/stp-2017.json");

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        standards(manager).await?;
        index(manager, "journal", &["at", "seq"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("idx_journal_at_seq").table("journal").to_owned()).await?;
        drop(manager, &["standards"]).await
    }
}

async fn standards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("standards").to_owned();
    table.col(text("id").primary_key());
    table.col(text_null("stp_code"));
    table.col(text("label"));
    table.col(text("document"));
    table.col(text("author"));
    table.col(text("reason"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone_null("adopted_at"));
    table.col(integer("version"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    unique(manager, "standards", &["label"]).await?;
    index(manager, "standards", &["stp_code", "adopted_at"]).await?;
    let day = sea_orm_migration::sea_orm::prelude::Date::from_ymd_opt(2017, 1, 1).unwrap_or_default();
    let at = day.and_time(sea_orm_migration::sea_orm::prelude::Time::MIN).and_utc();
    let mut insert = Query::insert().into_table("standards").to_owned();
    insert.columns(["id", "label", "document", "author", "reason", "created_at", "adopted_at", "version"]);
    insert.values_panic([
        "stp-2017-1".into(),
        "stp-2017/1".into(),
        DEFAULT.into(),
        "The makers of the method".into(),
        "The default that the product comes with".into(),
        at.into(),
        at.into(),
        1.into(),
    ]);
    manager.execute(insert).await
}
