//! Which of the settings' senders a mailing comes from, and the address that it was frozen with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["sender", "sent_from"] {
            let column = text_null(column);
            manager.alter_table(Table::alter().table("mailings").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    /// What was sent says no more where it came from.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["sent_from", "sender"] {
            manager.alter_table(Table::alter().table("mailings").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
