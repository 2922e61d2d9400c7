//! Writes what is said of the two plans and of the target, journalled whole.

use entity::stp::{self, Column};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::Value;

use super::Draft;
use crate::journal::{Entry, Writer};

/// Changes it. Gives false, and changes nothing, where the STP is no longer as `before` has it.
pub async fn update(w: &mut Writer, before: &stp::Model, draft: &Draft) -> Result<bool, DbErr> {
    // A day in words, such as "November 2016", is what is known of this day and no other.
    let words = before.plan_published_words.clone();
    let words = words.filter(|_| draft.plan_published_on == before.plan_published_on);
    let after = stp::Model {
        plan_published_on: draft.plan_published_on,
        plan_published_words: words,
        plan_published_url: draft.plan_published_url.clone(),
        engagement_plan_published_on: draft.engagement_plan_published_on,
        engagement_plan_url: draft.engagement_plan_url.clone(),
        reach_target_millionths: draft.reach_target_millionths,
        version: before.version + 1,
        ..before.clone()
    };
    let changed = stp::Entity::update_many()
        .col_expr(Column::PlanPublishedOn, Expr::value(after.plan_published_on))
        .col_expr(Column::PlanPublishedWords, Expr::value(after.plan_published_words.clone()))
        .col_expr(Column::PlanPublishedUrl, Expr::value(after.plan_published_url.clone()))
        .col_expr(Column::EngagementPlanPublishedOn, Expr::value(after.engagement_plan_published_on))
        .col_expr(Column::EngagementPlanUrl, Expr::value(after.engagement_plan_url.clone()))
        .col_expr(Column::ReachTargetMillionths, Expr::value(after.reach_target_millionths))
        .col_expr(Column::Version, Expr::value(after.version))
        .filter(Column::Code.eq(&before.code))
        .filter(Column::Version.eq(before.version))
        .exec(w.tx())
        .await?;
    if changed.rows_affected == 0 {
        return Ok(false);
    }
    let document = |stp: &stp::Model| -> Result<Value, DbErr> {
        serde_json::to_value(stp).map_err(|error| DbErr::Json(error.to_string()))
    };
    let (was, is) = (document(before)?, document(&after)?);
    w.record(Entry {
        action: "update",
        table: "stps",
        id: &before.code,
        stp: Some(&before.code),
        before: Some(was),
        after: Some(is),
    });
    Ok(true)
}
