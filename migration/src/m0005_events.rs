//! Proposals, consultations and events, with who took part, where, and what was said.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, date_null, integer, integer_null, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

use crate::layout::{count, drop, index, primary, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        proposals(manager).await?;
        proposal_places(manager).await?;
        consultations(manager).await?;
        events(manager).await?;
        participations(manager).await?;
        event_places(manager).await?;
        event_bodies(manager).await?;
        event_targets(manager).await?;
        event_proposals(manager).await?;
        themes(manager).await?;
        evidence(manager).await?;
        requirements(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "requirements",
                "evidence",
                "themes",
                "event_proposals",
                "event_targets",
                "event_bodies",
                "event_places",
                "participations",
                "events",
                "consultations",
                "proposal_places",
                "proposals",
            ],
        )
        .await
    }
}

async fn proposals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("proposals").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text("title"));
    table.col(text_null("description"));
    table.col(boolean("service_change"));
    table.col(text("substantial"));
    table.col(boolean("staff_impact"));
    table.col(date_null("decision_on"));
    table.col(date_null("equality_analysis_on"));
    table.col(date_null("document_published_on"));
    table.col(text("accessible_formats"));
    table.col(text_null("urgency_exemption"));
    table.col(text_null("external_id"));
    table.col(text_null("import_id"));
    table.col(integer("version"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "import_id", "imports", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "proposals", &["stp_code", "id"]).await?;
    index(manager, "proposals", &["import_id"]).await?;
    index(manager, "proposals", &["external_id"]).await
}

async fn proposal_places(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("proposal_places").to_owned();
    table.col(text("proposal_id"));
    table.col(text("place_code"));
    table.col(text("stp_code"));
    primary(&mut table, &["proposal_id", "place_code"]);
    reference(&mut table, "proposal_id", "proposals", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "place_code", "places", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "proposal_places", &["stp_code"]).await
}

async fn consultations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("consultations").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text_null("proposal_id"));
    table.col(text("title"));
    table.col(boolean("formal"));
    table.col(date_null("opens_on"));
    table.col(date_null("closes_on"));
    table.col(text_null("dates_words"));
    table.col(text_null("short_reason"));
    table.col(text_null("timing_reason"));
    table.col(date_null("considered_on"));
    table.col(date_null("feedback_on"));
    count(&mut table, "responses");
    count(&mut table, "attended");
    table.col(text_null("outcome_text"));
    table.col(text_null("discussed_text"));
    table.col(text("status"));
    table.col(text_null("import_id"));
    table.col(text_null("external_id"));
    table.col(integer("version"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "proposal_id", "proposals", "id", ForeignKeyAction::NoAction);
    reference(&mut table, "import_id", "imports", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "consultations", &["stp_code", "id"]).await?;
    index(manager, "consultations", &["proposal_id"]).await?;
    index(manager, "consultations", &["import_id"]).await?;
    index(manager, "consultations", &["external_id"]).await
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("events").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text_null("consultation_id"));
    table.col(text("title"));
    table.col(text("kind"));
    table.col(text("status"));
    table.col(date_null("starts_on"));
    table.col(date_null("ends_on"));
    table.col(text_null("date_words"));
    table.col(text("date_precision"));
    table.col(date_null("created_on"));
    table.col(text_null("venue"));
    table.col(integer_null("venue_capacity"));
    table.col(boolean("online"));
    table.col(boolean("stp_discussed"));
    table.col(integer_null("level"));
    table.col(text_null("level_basis"));
    table.col(boolean("held_in_public"));
    table.col(date_null("minutes_published_on"));
    table.col(text("publication"));
    table.col(text_null("withheld_reason"));
    table.col(date_null("review_on"));
    table.col(date_null("feedback_on"));
    table.col(boolean("confirmed"));
    table.col(text_null("summary"));
    table.col(text_null("outcome"));
    table.col(text("accessibility"));
    table.col(text_null("attendance_note"));
    table.col(text_null("cancelled_reason"));
    table.col(timestamp_with_time_zone_null("withdrawn_at"));
    table.col(text_null("withdrawn_reason"));
    table.col(text_null("import_id"));
    table.col(text_null("external_id"));
    table.col(text("search"));
    table.col(integer("version"));
    table.col(text_null("created_by"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "consultation_id", "consultations", "id", ForeignKeyAction::NoAction);
    reference(&mut table, "import_id", "imports", "id", ForeignKeyAction::NoAction);
    reference(&mut table, "created_by", "users", "id", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "events", &["stp_code", "starts_on", "id"]).await?;
    index(manager, "events", &["starts_on", "id"]).await?;
    index(manager, "events", &["consultation_id"]).await?;
    index(manager, "events", &["import_id"]).await?;
    index(manager, "events", &["external_id"]).await
}

async fn participations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("participations").to_owned();
    table.col(text("event_id"));
    table.col(text("group_code"));
    table.col(text("stp_code"));
    table.col(boolean("took_part"));
    count(&mut table, "invited");
    count(&mut table, "attended");
    primary(&mut table, &["event_id", "group_code"]);
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "group_code", "audience_groups", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "participations", &["group_code", "event_id"]).await?;
    index(manager, "participations", &["stp_code"]).await
}

async fn event_places(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("event_places").to_owned();
    table.col(text("event_id"));
    table.col(text("place_code"));
    table.col(text("stp_code"));
    table.col(boolean("listed"));
    count(&mut table, "count");
    primary(&mut table, &["event_id", "place_code"]);
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "place_code", "places", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "event_places", &["place_code", "event_id"]).await?;
    index(manager, "event_places", &["stp_code"]).await
}

async fn event_bodies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("event_bodies").to_owned();
    table.col(text("event_id"));
    table.col(text("body_code"));
    table.col(text("stp_code"));
    primary(&mut table, &["event_id", "body_code"]);
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "body_code", "bodies", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "event_bodies", &["body_code", "event_id"]).await?;
    index(manager, "event_bodies", &["stp_code"]).await
}

async fn event_targets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("event_targets").to_owned();
    table.col(text("event_id"));
    table.col(text("characteristic"));
    table.col(text("stp_code"));
    primary(&mut table, &["event_id", "characteristic"]);
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "event_targets", &["stp_code"]).await
}

async fn event_proposals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("event_proposals").to_owned();
    table.col(text("event_id"));
    table.col(text("proposal_id"));
    table.col(text("stp_code"));
    primary(&mut table, &["event_id", "proposal_id"]);
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "proposal_id", "proposals", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "event_proposals", &["proposal_id", "event_id"]).await?;
    index(manager, "event_proposals", &["stp_code"]).await
}

async fn themes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("themes").to_owned();
    table.col(text("id").primary_key());
    table.col(text("event_id"));
    table.col(text("stp_code"));
    table.col(integer("position"));
    table.col(text("text"));
    table.col(text_null("outcome"));
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "themes", &["event_id", "position"]).await?;
    index(manager, "themes", &["stp_code"]).await
}

async fn evidence(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("evidence").to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    table.col(text_null("event_id"));
    table.col(text_null("consultation_id"));
    table.col(text("url"));
    table.col(text_null("source_type"));
    table.col(text_null("note"));
    table.col(timestamp_with_time_zone("created_at"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "consultation_id", "consultations", "id", ForeignKeyAction::Cascade);
    manager.create_table(table).await?;
    index(manager, "evidence", &["event_id"]).await?;
    index(manager, "evidence", &["consultation_id"]).await?;
    index(manager, "evidence", &["stp_code"]).await
}

async fn requirements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("requirements").to_owned();
    table.col(text("stp_code"));
    table.col(text("group_code"));
    table.col(integer_null("planned_level"));
    table.col(text_null("waiver_reason"));
    table.col(text_null("waiver_by"));
    table.col(date_null("waiver_made_on"));
    table.col(date_null("waiver_until"));
    table.col(integer("version"));
    primary(&mut table, &["stp_code", "group_code"]);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "group_code", "audience_groups", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await
}
