//! Topics of engagement mail: a mailing may say which it is about, and an address may be out of one alone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["mailings", "suppressions"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager
                .alter_table(Table::alter().table(table).add_column(text_null("topic")).to_owned())
                .await?;
        }
        Ok(())
    }

    /// Whoever was out of one topic is then out of all: nobody gets what they asked not to get.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.alter_table(Table::alter().table(table).drop_column("topic").to_owned()).await?;
        }
        Ok(())
    }
}
