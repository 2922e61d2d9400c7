//! A page of what is held about a stakeholder, behind a link of their own; and the rest of why it is held.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date_null, text_null};

use crate::layout::unique;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn added() -> [(&'static str, ColumnDef); 4] {
    [
        ("deliveries", text_null("me_digest")),
        ("stakeholders", text_null("wording")),
        ("stakeholders", date_null("obtained_on")),
        ("stakeholders", text_null("evidence")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in added() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        unique(manager, "deliveries", &["me_digest"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let unique = Index::drop().name("idx_deliveries_me_digest").table("deliveries").to_owned();
        manager.drop_index(unique).await?;
        for (table, column) in added().into_iter().rev() {
            let name = column.get_column_name().clone();
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
