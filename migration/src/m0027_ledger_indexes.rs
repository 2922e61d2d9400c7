//! Fewer indexes of the delivery ledger: PostgreSQL writes into every one of them each time that a letter changes its
//! state.
//!
//! A link's letter is found by the identity within its token, so the three digests need none. Addresses are in one
//! index, which is also what keeps an address from having two letters of a mailing. What is being sent is found by its
//! mailing. Whether somebody was withdrawn, which is asked for each letter, is an index of those who were.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::layout::{index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "deliveries";
const WITHDRAWN: &str = "idx_stakeholders_withdrawn";
const DIGESTS: [(&str, &str); 2] =
    [("idx_deliveries_rsvp_digest", "rsvp_digest"), ("idx_deliveries_me_digest", "me_digest")];

async fn drop(manager: &SchemaManager<'_>, name: &'static str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name).table(TABLE).to_owned()).await
}

/// Says something to PostgreSQL alone. SQLite cannot take what was declared with a column from it without writing the
/// whole table anew, and does not touch an index whose columns stay as they are.
async fn to_postgres(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if db.get_database_backend() == DatabaseBackend::Postgres {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        to_postgres(manager, "ALTER TABLE deliveries DROP CONSTRAINT deliveries_token_digest_key").await?;
        for (name, _) in DIGESTS {
            drop(manager, name).await?;
        }
        unique(manager, TABLE, &["address", "mailing_id"]).await?;
        drop(manager, "idx_deliveries_mailing_id_address").await?;
        drop(manager, "idx_deliveries_address").await?;
        drop(manager, "idx_deliveries_sending").await?;
        let mut withdrawn = Index::create().name(WITHDRAWN).table("stakeholders").col("id").to_owned();
        manager.create_index(withdrawn.cond_where(Expr::col("withdrawn_at").is_not_null()).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(WITHDRAWN).table("stakeholders").to_owned()).await?;
        let mut sending = Index::create().name("idx_deliveries_sending").table(TABLE).col("claim").to_owned();
        manager.create_index(sending.cond_where(Expr::col("state").eq("sending")).to_owned()).await?;
        index(manager, TABLE, &["address"]).await?;
        unique(manager, TABLE, &["mailing_id", "address"]).await?;
        drop(manager, "idx_deliveries_address_mailing_id").await?;
        for (_, column) in DIGESTS {
            unique(manager, TABLE, &[column]).await?;
        }
        let again = "ALTER TABLE deliveries ADD CONSTRAINT deliveries_token_digest_key UNIQUE (token_digest)";
        to_postgres(manager, again).await
    }
}
