//! Sending a mailing off: now or at a time, approved by somebody else where it goes to many.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe::London;

use super::{address, show};
use crate::{
    app::App,
    auth::SignedIn,
    fault::Fault,
    mailings::{find, record},
    web::{
        form::{Problem, Typed},
        request::RequestId,
        staff,
    },
};

/// Sends what was frozen, now or at the time in the form.
pub async fn dispatch(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mut w = app.write(&signed_in, &request).await?;
    let before = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let start = match starts_at(&typed, app.clock.now()) {
        Ok(start) => start,
        Err(problem) => {
            drop(w);
            return show::mistimed(&app, &signed_in, &request, &stp, &before, &typed, &problem).await;
        }
    };
    let recipients = find::queued(w.tx(), &before.id).await?;
    if recipients > u64::from(app.config.post.approve_above) && before.approved_at.is_none() {
        return Err(Fault::Conflict("Somebody else must approve this mailing before it is sent.".into()));
    }
    if record::dispatch(&mut w, &before, start).await?.is_none() {
        return Err(Fault::Conflict("Only a frozen mailing can be sent, and only once.".into()));
    }
    w.commit().await?;
    let said = if start > app.clock.now() { "scheduled" } else { "dispatched" };
    Ok(Redirect::to(&format!("{}/{id}?said={said}", address(&stp))).into_response())
}

/// When the form says that it is to start: now, where it says nothing. Days and times are England's.
fn starts_at(typed: &Typed, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    let wrong = |message: &str| Problem::new("start", message);
    let Some(day) = typed.day("start", "The start")? else {
        return if typed.text("time").is_empty() {
            Ok(now)
        } else {
            Err(wrong("Enter the day on which it is to start"))
        };
    };
    let time = match typed.text("time") {
        "" => NaiveTime::from_hms_opt(9, 0, 0),
        text => NaiveTime::parse_from_str(text, "%H:%M").ok(),
    };
    let time = time.ok_or_else(|| Problem::new("time", "Enter the time as in 14:30"))?;
    // An hour that does not exist when the clocks go forward begins an hour later.
    let at = London.from_local_datetime(&day.and_time(time));
    let at = at
        .earliest()
        .or_else(|| London.from_local_datetime(&(day.and_time(time) + TimeDelta::hours(1))).earliest());
    let at = at.map(|at| at.with_timezone(&Utc)).filter(|at| *at > now);
    at.ok_or_else(|| wrong("The start must be in the future. Leave it empty to send now"))
}

/// Somebody else says that a mailing may go.
pub async fn approve(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Redirect, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mut w = app.write(&signed_in, &request).await?;
    let before = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    if !show::may_approve(&signed_in, &before) {
        return Err(Fault::Conflict("Whoever wrote or froze a mailing cannot approve it.".into()));
    }
    if record::approve(&mut w, &before, &signed_in.user_id).await?.is_none() {
        return Err(Fault::Conflict("Only a frozen mailing can be approved.".into()));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{}/{id}?said=approved", address(&stp))))
}
