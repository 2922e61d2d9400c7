//! What people write in answer has an owner, and may answer a request.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use crate::layout::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "incoming_mails";
/// A user, and a request of the record. Names and no references: a request may be taken away, and what came in stays.
const COLUMNS: [&str; 2] = ["owner", "request_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS {
            manager.alter_table(Table::alter().table(TABLE).add_column(text_null(name)).to_owned()).await?;
        }
        index(manager, TABLE, &["mailing_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("idx_incoming_mails_mailing_id").table(TABLE).to_owned();
        manager.drop_index(index).await?;
        for name in COLUMNS {
            manager.alter_table(Table::alter().table(TABLE).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
