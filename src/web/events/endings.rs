//! How an event ends before its time: cancelled, or withdrawn from the record. Each with its reason.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::event::Status;

use super::{at, choices, show, unwritten};
use crate::{
    app::App,
    auth::SignedIn,
    events::{EventWhole, Unwritten, record},
    fault::Fault,
    web::{
        fields::Fields,
        form::{self, Problem, Typed},
        request::RequestId,
    },
};

/// Says that the event does not take place.
pub async fn cancel(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    RequestId(request): RequestId,
    typed: Typed,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let kept = super::event(&app, &stp, &id).await?;
    if kept.event.status == Status::Cancelled {
        return Err(Fault::Conflict("This event was cancelled before.".into()));
    }
    let (version, reason) = match asked(&typed, "cancelled_reason", "Enter why it is cancelled")? {
        Ok(asked) => asked,
        Err(form) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show::render(&app, &signed_in, &choices, kept, form, "cancel", None, status).await;
        }
    };
    let location = format!("{}/{id}?saved=cancelled", at(&stp));
    let mut w = app.write(&signed_in, &RequestId(request)).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    let done = record::cancel(&mut w, &stp, &id, version, &reason).await;
    finish(w, done, &location).await
}

/// Takes the event out of the record. It leaves every list and count; its journal stays.
pub async fn withdraw(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    RequestId(request): RequestId,
    typed: Typed,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let kept = super::event(&app, &stp, &id).await?;
    let (version, reason) = match asked(&typed, "withdrawn_reason", "Enter why it is withdrawn")? {
        Ok(asked) => asked,
        Err(form) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show::render(&app, &signed_in, &choices, kept, form, "withdraw", None, status).await;
        }
    };
    let location = format!("{}?saved=withdrawn", at(&stp));
    let mut w = app.write(&signed_in, &RequestId(request)).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    let done = record::withdraw(&mut w, &stp, &id, version, &reason).await;
    finish(w, done, &location).await
}

async fn finish(
    w: crate::journal::Writer,
    done: Result<EventWhole, Unwritten>,
    location: &str,
) -> Result<Response, Fault> {
    done.map_err(unwritten)?;
    w.commit().await?;
    Ok(Redirect::to(location).into_response())
}

/// The version that was seen and the reason that was given; or the form again.
fn asked(typed: &Typed, field: &str, missing: &str) -> Result<Result<(i32, String), Fields>, Fault> {
    let version =
        typed.text("version").parse().map_err(|_| Fault::BadRequest("This form names no version.".into()))?;
    let wrong = |message: &str| Ok(Err(typed.fields(&[Problem::new(field, message)])));
    match typed.some(field) {
        None => wrong(missing),
        Some(reason) if reason.chars().count() > 2_000 => {
            wrong("The reason must be 2,000 characters or fewer")
        }
        Some(reason) => Ok(Ok((version, reason.replace("\r\n", "\n")))),
    }
}
