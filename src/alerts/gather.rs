//! Gathers what readers are told of in one mail: on Monday at 9 in the morning, in England, what a week brought; each day
//! at 9 the proposals that changed, for those who are told each time.
//!
//! How far a reader was told stands in their row and moves on in the transaction that puts the mail down, so two workers
//! tell nothing twice, and any time of standing still becomes one mail.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Europe::London;
use entity::{
    alert::{self, Column, Often},
    alert_choice,
    alert_mail::{self, Kind},
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::Expr,
};

use super::{
    find,
    news::{Happened, News},
    queue,
};
use crate::app::App;

/// The hour at which what was gathered goes out.
const HOUR: u32 = 9;
/// How long after it the gathering begins: what was written before it is there to be read by then.
const LAG: TimeDelta = TimeDelta::minutes(1);
/// Readers in one transaction.
const SOME: usize = 200;

/// Nine in the morning of a day in England.
fn nine(day: NaiveDate) -> DateTime<Utc> {
    let at = day.and_time(NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default());
    // The clocks change at one in the morning: nine is always there, and once.
    at.and_local_timezone(London).earliest().map_or_else(|| at.and_utc(), |at| at.with_timezone(&Utc))
}

/// The last time before `now` that it was nine, on any day or on a Monday.
pub fn last(often: Often, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&London).date_naive();
    let days = (0..=7).filter_map(|back| today.checked_sub_days(Days::new(back)));
    days.filter(|day| often == Often::Each || day.weekday() == Weekday::Mon)
        .map(nine)
        .find(|at| *at <= now)
        .unwrap_or(now)
}

/// Puts down what is to be told by now. Gives how many mails it makes.
pub async fn gather(app: &App) -> Result<usize, DbErr> {
    let now = app.clock.now();
    let until = |often| last(often, now - LAG);
    let about_proposals = alert_choice::Entity::find()
        .select_only()
        .column(alert_choice::Column::AlertId)
        .filter(alert_choice::Column::ProposalId.is_not_null())
        .into_query();
    let due = alert::Entity::find()
        .filter(
            Condition::any()
                .add(
                    Condition::all()
                        .add(Column::Often.eq(Often::Weekly))
                        .add(Column::ToldUntil.lt(until(Often::Weekly))),
                )
                .add(
                    Condition::all()
                        .add(Column::Often.eq(Often::Each))
                        .add(Column::ToldUntil.lt(until(Often::Each)))
                        .add(Column::Id.in_subquery(about_proposals)),
                ),
        )
        .order_by_asc(Column::Id)
        .all(app.db.read())
        .await?;
    let Some(since) = due.iter().map(|alert| alert.told_until).min() else { return Ok(0) };
    let happened = Happened::read(app.db.read(), since, now).await?;
    let mut made = 0;
    for some in due.chunks(SOME) {
        let tx = app.db.aside().await?;
        let ids = some.iter().map(|alert| alert.id.as_str());
        let choices =
            alert_choice::Entity::find().filter(alert_choice::Column::AlertId.is_in(ids)).all(&tx).await?;
        for alert in some {
            let until = until(alert.often);
            if !move_on(&tx, alert, until).await? {
                continue;
            }
            let wanted = find::of_rows(alert, &choices);
            let news = happened.news(&wanted, alert.told_until, until);
            made += usize::from(put(app, &tx, alert, &news).await?);
        }
        tx.commit().await?;
    }
    Ok(made)
}

/// Writes down that a reader is told of everything until then. Gives false where someone else was first.
async fn move_on(
    tx: &impl ConnectionTrait,
    alert: &alert::Model,
    until: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let moved = alert::Entity::update_many()
        .col_expr(Column::ToldUntil, Expr::value(until))
        .filter(Column::Id.eq(&alert.id))
        .filter(Column::ToldUntil.eq(alert.told_until))
        .filter(Column::Often.eq(alert.often))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// Puts a mail with these news down, if there are any.
pub async fn put(
    app: &App,
    tx: &impl ConnectionTrait,
    alert: &alert::Model,
    news: &News,
) -> Result<bool, DbErr> {
    if news.is_empty() {
        return Ok(false);
    }
    let row = alert_mail::Model {
        alert_id: Some(alert.id.clone()),
        news: serde_json::to_string(news).map_err(|error| DbErr::Json(error.to_string()))?,
        ..queue::row(app.chance.id(), Kind::Gathered, app.clock.now())
    };
    alert_mail::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_ends_on_monday_at_nine_in_england() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (now, day, week) in [
            ("2018-01-15T09:00:00Z", "2018-01-15T09:00:00Z", "2018-01-15T09:00:00Z"),
            ("2018-01-15T08:59:59Z", "2018-01-14T09:00:00Z", "2018-01-08T09:00:00Z"),
            ("2018-01-21T23:00:00Z", "2018-01-21T09:00:00Z", "2018-01-15T09:00:00Z"),
            // Summer time.
            ("2018-07-16T08:00:00Z", "2018-07-16T08:00:00Z", "2018-07-16T08:00:00Z"),
            ("2018-07-16T07:59:00Z", "2018-07-15T08:00:00Z", "2018-07-09T08:00:00Z"),
        ] {
            assert_eq!(last(Often::Each, at(now)), at(day), "{now}");
            assert_eq!(last(Often::Weekly, at(now)), at(week), "{now}");
        }
    }
}
