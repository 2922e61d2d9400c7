//! An event changed. A stale edit shows both texts and keeps what was typed.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    at, choices, event,
    full::{Conflict, Context},
    unwritten, versions,
};
use crate::{
    app::App,
    auth::SignedIn,
    events::{
        Choices, EventDraft, EventWhole, Unwritten,
        draft::{filled, full},
        facts, record,
    },
    fault::Fault,
    web::{
        fields::Fields,
        form::{self, Typed},
        request::RequestId,
    },
};

pub async fn edit(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let kept = event(&app, &stp, &id).await?;
    let form = filled::from_draft(&app.chance.id(), &kept.draft());
    let context = context(&signed_in, &choices, &kept, form, kept.event.version, None);
    Ok(app.pages.render("pages/events/edit.html", &context))
}

pub async fn update(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    RequestId(request): RequestId,
    typed: Typed,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let kept = event(&app, &stp, &id).await?;
    let version: i32 =
        typed.text("version").parse().map_err(|_| Fault::BadRequest("This form names no version.".into()))?;
    let draft = match full::parse(&typed, &choices, Some(&kept.draft())) {
        Ok(draft) => draft,
        Err(problems) => {
            let context = context(&signed_in, &choices, &kept, typed.fields(&problems), version, None);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(app.pages.render_as(status, "pages/events/edit.html", &context));
        }
    };
    let location = format!("{}/{id}?saved=changed", at(&stp));
    let mut w = app.write(&signed_in, &RequestId(request)).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    match record::update(&mut w, &stp, &id, version, draft.clone()).await {
        Ok(_) => {
            w.commit().await?;
            Ok(Redirect::to(&location).into_response())
        }
        Err(Unwritten::Stale(now)) if now.event.withdrawn_at.is_none() => {
            drop(w);
            stale(&app, &signed_in, &choices, &now, &draft, &typed).await
        }
        Err(why) => Err(unwritten(why)),
    }
}

/// The same page with how the event stands now beside what was sent. Saving it again writes what was sent over it.
async fn stale(
    app: &Arc<App>,
    signed_in: &SignedIn,
    choices: &Choices,
    now: &EventWhole,
    yours: &EventDraft,
    typed: &Typed,
) -> Result<Response, Fault> {
    let yours = serde_json::to_value(yours).map_err(anyhow::Error::from)?;
    let mut theirs = now.document();
    // What a form does not hold cannot differ.
    if let Some(fields) = theirs.as_object_mut() {
        fields.remove("withdrawn_reason");
    }
    let rows = facts::differences(&theirs, &yours, &choices.names());
    let by = versions::last_by(app, &now.event.id).await?;
    let form = typed.fields(&[]);
    let version = now.event.version;
    let context = context(signed_in, choices, now, form, version, Some(Conflict { by, rows }));
    Ok(app.pages.render_as(StatusCode::CONFLICT, "pages/events/edit.html", &context))
}

fn context(
    signed_in: &SignedIn,
    choices: &Choices,
    kept: &EventWhole,
    form: Fields,
    version: i32,
    conflict: Option<Conflict>,
) -> Context {
    let at = at(&choices.stp.code);
    let here = format!("{at}/{}", kept.event.id);
    let page = super::page(format!("Edit {}", kept.event.title), signed_in, choices)
        .at(&at, false)
        .under("Events", &at)
        .under(&kept.event.title, &here)
        .wrong(form.is_wrong() || conflict.is_some());
    Context::new(page, choices, form, format!("{here}/edit"), here).changing(version, conflict)
}
