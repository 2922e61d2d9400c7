//! A mailing's ledger signed off as proof of service: who confirmed it and its digest, and beside that what was
//! confirmed, whole.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{blob, blob_null, integer, text, text_null, timestamp_with_time_zone};

use crate::layout::{drop, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create().table("mailing_sign_offs").to_owned();
        table.col(text("id").primary_key());
        table.col(text("mailing_id"));
        table.col(text("stp_code"));
        table.col(integer("number"));
        table.col(text("statement"));
        table.col(text_null("note"));
        table.col(text("signed_by"));
        table.col(text("signer_name"));
        table.col(text("signer_role"));
        table.col(timestamp_with_time_zone("signed_at"));
        table.col(text("ledger_sha256"));
        table.col(integer("deliveries"));
        reference(&mut table, "mailing_id", "mailings", "id", ForeignKeyAction::NoAction);
        reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
        reference(&mut table, "signed_by", "users", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await?;
        unique(manager, "mailing_sign_offs", &["mailing_id", "number"]).await?;
        let mut table = Table::create().table("mailing_proofs").to_owned();
        table.col(text("sign_off_id").primary_key());
        table.col(blob("snapshot"));
        table.col(blob_null("pdf"));
        reference(&mut table, "sign_off_id", "mailing_sign_offs", "id", ForeignKeyAction::NoAction);
        manager.create_table(table).await
    }

    /// What was signed off is then known from the journal alone.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["mailing_proofs", "mailing_sign_offs"]).await
    }
}
