//! Reads alerts, and what can be chosen.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    alert, alert_choice,
    alert_mail::{self, Kind},
    alert_sign_up, proposal, stp,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::{ENGLAND, Wanted};
use crate::mailings::token;

/// How long a link to confirm is good.
pub const GOOD_FOR: TimeDelta = TimeDelta::hours(24);

/// What can be chosen: codes and identities with their names.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    /// By name.
    pub stps: Vec<(String, String)>,
    /// By title, each with its area.
    pub proposals: Vec<(String, String)>,
}

/// Everything that can be chosen.
pub async fn offered(conn: &impl ConnectionTrait) -> Result<Offered, DbErr> {
    let stps: Vec<(String, String)> = stp::Entity::find()
        .select_only()
        .column(stp::Column::Code)
        .column(stp::Column::DisplayName)
        .order_by_asc(stp::Column::DisplayName)
        .into_tuple()
        .all(conn)
        .await?;
    let proposals: Vec<(String, String, String)> = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Id)
        .column(proposal::Column::Title)
        .column(proposal::Column::StpCode)
        .order_by_asc(proposal::Column::Title)
        .order_by_asc(proposal::Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    let area = |code: &str| stps.iter().find(|(stp, _)| stp == code).map_or("", |(_, name)| name);
    let proposals =
        proposals.iter().map(|(id, title, code)| (id.clone(), format!("{title} ({})", area(code)))).collect();
    Ok(Offered { stps, proposals })
}

/// The sign-up behind the link of a mail, while the link is good.
pub async fn sign_up(
    conn: &impl ConnectionTrait,
    link: &str,
    now: DateTime<Utc>,
) -> Result<Option<alert_sign_up::Model>, DbErr> {
    let Some(id) =
        mail(conn, link).await?.filter(|mail| mail.kind == Kind::SignUp).and_then(|m| m.sign_up_id)
    else {
        return Ok(None);
    };
    let row = alert_sign_up::Entity::find_by_id(id).one(conn).await?;
    Ok(row.filter(|row| now - row.created_at < GOOD_FOR))
}

/// The alert behind the link of a mail, while there is one.
pub async fn by_link(conn: &impl ConnectionTrait, link: &str) -> Result<Option<alert::Model>, DbErr> {
    match mail(conn, link).await?.and_then(|mail| mail.alert_id) {
        Some(id) => alert::Entity::find_by_id(id).one(conn).await,
        None => Ok(None),
    }
}

async fn mail(conn: &impl ConnectionTrait, link: &str) -> Result<Option<alert_mail::Model>, DbErr> {
    let digest = token::digest(link);
    alert_mail::Entity::find().filter(alert_mail::Column::TokenDigest.eq(digest)).one(conn).await
}

/// What an alert is about.
pub async fn wanted(conn: &impl ConnectionTrait, alert: &alert::Model) -> Result<Wanted, DbErr> {
    let rows =
        alert_choice::Entity::find().filter(alert_choice::Column::AlertId.eq(&alert.id)).all(conn).await?;
    Ok(of_rows(alert, &rows))
}

/// The same from its rows.
pub fn of_rows(alert: &alert::Model, rows: &[alert_choice::Model]) -> Wanted {
    let own = || rows.iter().filter(|row| row.alert_id == alert.id);
    let set = |ids: Vec<String>| -> BTreeSet<String> { ids.into_iter().collect() };
    Wanted {
        england: own().any(|row| row.about == ENGLAND),
        stps: set(own().filter_map(|row| row.stp_code.clone()).collect()),
        proposals: set(own().filter_map(|row| row.proposal_id.clone()).collect()),
        often: alert.often,
    }
}
