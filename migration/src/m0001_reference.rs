//! The country as it was in April 2017: areas, places, bodies and the groups that count.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer_null, boolean, date, date_null, double, integer, integer_null, text, text_null,
};

use crate::layout::{drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        stps(manager).await?;
        places(manager).await?;
        footprints(manager).await?;
        bodies(manager).await?;
        duty_holders(manager).await?;
        audience_groups(manager).await?;
        reference_sources(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "reference_sources",
                "audience_groups",
                "duty_holders",
                "bodies",
                "footprints",
                "places",
                "stps",
            ],
        )
        .await
    }
}

async fn stps(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("stps").to_owned();
    table.col(text("code").primary_key());
    table.col(text_null("ods_code"));
    table.col(text("name"));
    table.col(text("display_name"));
    table.col(text("region"));
    table.col(integer("population"));
    table.col(double("lon"));
    table.col(double("lat"));
    table.col(text("tile"));
    table.col(integer("tile_row"));
    table.col(integer("tile_col"));
    table.col(date_null("plan_started_on"));
    table.col(date_null("plan_published_on"));
    table.col(text_null("plan_published_words"));
    table.col(text_null("plan_published_url"));
    table.col(text_null("plan_published_note"));
    table.col(date_null("engagement_plan_published_on"));
    table.col(big_integer_null("reach_target_millionths"));
    table.col(integer("version").default(1));
    manager.create_table(table).await?;
    index(manager, "stps", &["region"]).await
}

async fn places(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("places").to_owned();
    table.col(text("code").primary_key());
    table.col(text("name"));
    table.col(text("tier"));
    table.col(text("kind"));
    table.col(text_null("ons_region"));
    table.col(text_null("parent_code"));
    table.col(integer_null("population"));
    reference(&mut table, "parent_code", "places", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "places", &["parent_code"]).await
}

async fn footprints(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("footprints").to_owned();
    table.col(text("stp_code"));
    table.col(text("place_code"));
    table.col(integer("population"));
    table.col(double("share"));
    table.col(boolean("fringe"));
    primary(&mut table, &["stp_code", "place_code"]);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "place_code", "places", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "footprints", &["place_code"]).await
}

async fn bodies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("bodies").to_owned();
    table.col(text("code").primary_key());
    table.col(text("name"));
    table.col(text("kind"));
    table.col(boolean("employer"));
    table.col(boolean("statutory_consultee"));
    table.col(text_null("place_code"));
    table.col(text_null("office"));
    reference(&mut table, "place_code", "places", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "bodies", &["place_code"]).await
}

async fn duty_holders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("duty_holders").to_owned();
    table.col(text("stp_code"));
    table.col(text("body_code"));
    primary(&mut table, &["stp_code", "body_code"]);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "body_code", "bodies", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "duty_holders", &["body_code"]).await
}

async fn audience_groups(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("audience_groups").to_owned();
    table.col(text("code").primary_key());
    table.col(text("audience"));
    table.col(text("name"));
    table.col(boolean("required"));
    table.col(integer("sort"));
    manager.create_table(table).await
}

async fn reference_sources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("reference_sources").to_owned();
    table.col(text("name").primary_key());
    table.col(date("as_of"));
    table.col(text("source"));
    table.col(text("attribution"));
    manager.create_table(table).await
}
