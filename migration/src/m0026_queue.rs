//! Indexes of the delivery ledger that hold a letter while it is queued, or being sent, and not for ever: each letter
//! changes its state twice, and an index over all states is written in two places each time.

use sea_orm_migration::prelude::*;

use crate::layout::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The indexes, their columns, and which rows are in them.
fn partial() -> [(&'static str, &'static [&'static str], Expr); 3] {
    [
        ("idx_deliveries_queued", &["mailing_id", "domain", "id"], Expr::col("state").eq("queued")),
        ("idx_deliveries_sending", &["claim"], Expr::col("state").eq("sending")),
        ("idx_deliveries_claimed", &["claimed_at"], Expr::col("claimed_at").is_not_null()),
    ]
}

const WHOLE: [(&str, &[&str]); 3] = [
    ("idx_deliveries_mailing_id_state_domain_id", &["mailing_id", "state", "domain", "id"]),
    ("idx_deliveries_state_next_attempt_at", &["state", "next_attempt_at"]),
    ("idx_deliveries_claimed_at", &["claimed_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in WHOLE {
            manager.drop_index(Index::drop().name(name).table("deliveries").to_owned()).await?;
        }
        for (name, columns, rows) in partial() {
            let mut create = Index::create().name(name).table("deliveries").to_owned();
            for column in columns {
                create.col(*column);
            }
            manager.create_index(create.cond_where(rows).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, ..) in partial() {
            manager.drop_index(Index::drop().name(name).table("deliveries").to_owned()).await?;
        }
        for (_, columns) in WHOLE {
            index(manager, "deliveries", columns).await?;
        }
        Ok(())
    }
}
