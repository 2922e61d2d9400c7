//! What the rules ask beside events and proposals: requests and questions with their answers, equality monitoring, the
//! plan for engagement, an STP's own bodies, and who speaks for a group from when to when.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, date, date_null, integer, integer_null, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

use crate::layout::{count, drop, index, primary, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        requests(manager).await?;
        questions(manager).await?;
        monitoring_returns(manager).await?;
        monitoring_answers(manager).await?;
        monitoring_exceptions(manager).await?;
        population_shares(manager).await?;
        // Nothing has written requirements before: they get the columns that every record of an STP has.
        drop(manager, &["requirements"]).await?;
        requirements(manager).await?;
        planned_activities(manager).await?;
        representatives(manager).await?;
        event_representatives(manager).await?;
        for (table, column) in added() {
            add(manager, table, column).await?;
        }
        index(manager, "bodies", &["stp_code"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("idx_bodies_stp_code").table("bodies").to_owned()).await?;
        for (table, column) in added().into_iter().rev() {
            let name = column.get_column_name().clone();
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        drop(
            manager,
            &[
                "event_representatives",
                "representatives",
                "planned_activities",
                "requirements",
                "population_shares",
                "monitoring_exceptions",
                "monitoring_answers",
                "monitoring_returns",
                "questions",
                "requests",
            ],
        )
        .await?;
        former_requirements(manager).await
    }
}

/// Columns that tables of before get: where the plan for engagement is, how a meeting of the boards was open, whose a
/// body is.
fn added() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("stps", text_null("engagement_plan_url")),
        ("events", text_null("chair")),
        ("events", date_null("papers_published_on")),
        ("events", text_null("papers_url")),
        ("events", text_null("minutes_url")),
        ("bodies", text_null("stp_code")),
        ("bodies", integer("version").default(1).take()),
        ("bodies", timestamp_with_time_zone_null("created_at")),
        ("bodies", timestamp_with_time_zone_null("updated_at")),
    ]
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

/// A table of records of an STP that people add, correct and take away.
fn records(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create().table(name).to_owned();
    table.col(text("id").primary_key());
    table.col(text("stp_code"));
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    table
}

/// Makes the table, with what every such record has, and its index.
async fn make(
    manager: &SchemaManager<'_>,
    name: &'static str,
    mut table: TableCreateStatement,
) -> Result<(), DbErr> {
    table.col(integer("version"));
    table.col(timestamp_with_time_zone("created_at"));
    table.col(timestamp_with_time_zone("updated_at"));
    manager.create_table(table).await?;
    index(manager, name, &["stp_code", "id"]).await
}

async fn requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("requests");
    table.col(text("body_code"));
    table.col(text("asked"));
    table.col(date_null("sent_on"));
    table.col(boolean("response_requested"));
    table.col(date_null("replied_on"));
    table.col(text_null("reply"));
    table.col(boolean("declined"));
    reference(&mut table, "body_code", "bodies", "code", ForeignKeyAction::NoAction);
    make(manager, "requests", table).await?;
    index(manager, "requests", &["body_code"]).await
}

async fn questions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("questions");
    table.col(text("kind"));
    table.col(text_null("asked_by"));
    table.col(text("question"));
    table.col(date_null("received_on"));
    table.col(date_null("answered_on"));
    table.col(text_null("answer"));
    table.col(text_null("published_url"));
    table.col(boolean("public"));
    make(manager, "questions", table).await
}

async fn monitoring_returns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("monitoring_returns");
    table.col(text("characteristic"));
    table.col(integer("year"));
    table.col(date("dated_on"));
    count(&mut table, "not_stated");
    table.col(text_null("note"));
    make(manager, "monitoring_returns", table).await?;
    unique(manager, "monitoring_returns", &["stp_code", "characteristic", "year"]).await
}

async fn monitoring_answers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("monitoring_answers").to_owned();
    table.col(text("return_id"));
    table.col(text("category"));
    table.col(text("stp_code"));
    table.col(integer("position"));
    count(&mut table, "count");
    primary(&mut table, &["return_id", "category"]);
    reference(&mut table, "return_id", "monitoring_returns", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "monitoring_answers", &["stp_code"]).await
}

async fn monitoring_exceptions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("monitoring_exceptions");
    table.col(text("characteristic"));
    table.col(text("reason"));
    make(manager, "monitoring_exceptions", table).await?;
    unique(manager, "monitoring_exceptions", &["stp_code", "characteristic"]).await
}

async fn population_shares(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("population_shares");
    table.col(text("characteristic"));
    table.col(text("category"));
    table.col(big_integer("share_millionths"));
    table.col(text("source"));
    make(manager, "population_shares", table).await?;
    unique(manager, "population_shares", &["stp_code", "characteristic", "category"]).await
}

async fn requirements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("requirements");
    table.col(text("group_code"));
    table.col(integer_null("planned_level"));
    table.col(text_null("waiver_reason"));
    table.col(text_null("waiver_by"));
    table.col(date_null("waiver_made_on"));
    table.col(date_null("waiver_until"));
    reference(&mut table, "group_code", "audience_groups", "code", ForeignKeyAction::NoAction);
    make(manager, "requirements", table).await?;
    unique(manager, "requirements", &["stp_code", "group_code"]).await
}

/// Requirements as they were laid out at first.
async fn former_requirements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
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

async fn planned_activities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("planned_activities");
    table.col(text("group_code"));
    table.col(integer("year"));
    table.col(integer("quarter"));
    table.col(integer("events"));
    table.col(text_null("note"));
    reference(&mut table, "group_code", "audience_groups", "code", ForeignKeyAction::NoAction);
    make(manager, "planned_activities", table).await?;
    unique(manager, "planned_activities", &["stp_code", "group_code", "year", "quarter"]).await
}

async fn representatives(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = records("representatives");
    table.col(text("office"));
    table.col(text_null("stakeholder_id"));
    table.col(text_null("body_code"));
    table.col(text("group_code"));
    table.col(date("from_on"));
    table.col(date_null("until_on"));
    table.col(text_null("note"));
    reference(&mut table, "stakeholder_id", "stakeholders", "id", ForeignKeyAction::NoAction);
    reference(&mut table, "body_code", "bodies", "code", ForeignKeyAction::NoAction);
    reference(&mut table, "group_code", "audience_groups", "code", ForeignKeyAction::NoAction);
    make(manager, "representatives", table).await?;
    index(manager, "representatives", &["stakeholder_id"]).await
}

async fn event_representatives(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table("event_representatives").to_owned();
    table.col(text("event_id"));
    table.col(text("representative_id"));
    table.col(text("stp_code"));
    primary(&mut table, &["event_id", "representative_id"]);
    reference(&mut table, "event_id", "events", "id", ForeignKeyAction::Cascade);
    reference(&mut table, "representative_id", "representatives", "id", ForeignKeyAction::NoAction);
    reference(&mut table, "stp_code", "stps", "code", ForeignKeyAction::NoAction);
    manager.create_table(table).await?;
    index(manager, "event_representatives", &["representative_id"]).await?;
    index(manager, "event_representatives", &["stp_code"]).await
}
