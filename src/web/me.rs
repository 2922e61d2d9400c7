//! What is held about whoever reads a letter, and what they may be written to about: `/me/{token}`. For anyone who holds
//! the link, without an account or a cookie.
//!
//! Mail scanners open links; nothing may come of it. GET and HEAD show and change nothing. A POST changes one thing at
//! once, journalled as done by the person: out of a topic or of all, back in where they had opted out themselves, their
//! own name. An unknown token gets the same answer whatever it is, and this link opens nothing else.

mod view;

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{proposal::Theme, stakeholder};
use serde::Deserialize;

use super::{
    fields::Fields,
    form::Typed,
    page::secret,
    request::RequestId,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    fault::Fault,
    journal::{Actor, Writer},
    mailings::optouts::{self, Way},
    me::{self, Corrected, Me},
    stakeholders::draft,
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/me/{token}", Access::Public, show)
        .post("/me/{token}/opt-outs", Access::Public, opt_out)
        .post("/me/{token}/returns", Access::Public, opt_in)
        .post("/me/{token}/names", Access::Public, rename)
}

#[derive(Deserialize)]
struct Said {
    said: Option<String>,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, Fault> {
    let me = known(&app, &token).await?;
    answer(&app, &token, &me, Fields::default(), said.said.as_deref(), StatusCode::OK).await
}

async fn known(app: &App, token: &str) -> Result<Me, Fault> {
    me::by_token(app.db.read(), token).await?.ok_or(Fault::NotFound)
}

async fn answer(
    app: &App,
    token: &str,
    me: &Me,
    form: Fields,
    said: Option<&str>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let at = format!("/me/{token}");
    if me.records.is_empty() {
        let model = view::Nothing::of(me, said);
        return Ok(secret(app.pages.render_as(status, "pages/me/nothing.html", &model)));
    }
    let model = view::Show::of(app, me, at, form, said).await?;
    Ok(secret(app.pages.render_as(status, "pages/me/show.html", &model)))
}

fn back(token: &str, said: &str) -> Response {
    Redirect::to(&format!("/me/{token}?said={said}")).into_response()
}

/// Begins a change by the person.
async fn write(app: &App, request: &str) -> Result<Writer, Fault> {
    Ok(app.write_as(Actor::Own, request).await?)
}

/// What a form is about: one topic, or all. The error says that nothing was chosen.
fn chosen(typed: &Typed) -> Result<Option<Theme>, &'static str> {
    match typed.text("of") {
        "all" => Ok(None),
        code => Theme::parse(code).map(Some).ok_or("Select a topic"),
    }
}

async fn opt_out(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let me = known(&app, &token).await?;
    let topic = match chosen(&typed) {
        Ok(topic) => topic,
        Err(said) => {
            let form = typed.fields(&[]).wrong("of", said);
            return answer(&app, &token, &me, form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let mut w = write(&app, &request).await?;
    if optouts::opt_out(&mut w, &me.delivery, Way::Page, topic).await? {
        w.commit().await?;
    }
    Ok(back(&token, "stopped"))
}

/// Takes an opt-out back. What others wrote down, that they must not be contacted or that letters do not arrive, is not
/// theirs to lift.
async fn opt_in(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let me = known(&app, &token).await?;
    let topic = chosen(&typed).map_err(|_| Fault::BadRequest("This form could not be read.".into()))?;
    if me.records.is_empty() {
        return Ok(back(&token, "nothing"));
    }
    let mut w = write(&app, &request).await?;
    if optouts::opt_in(&mut w, &me.delivery, topic).await? {
        w.commit().await?;
    }
    Ok(back(&token, "returned"))
}

async fn rename(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let me = known(&app, &token).await?;
    let record = theirs(&me, typed.text("record"))?;
    let field = view::name_of(record);
    let again = |status, message: String| {
        let form = typed.fields(&[]).wrong(&field, message);
        answer(&app, &token, &me, form, None, status)
    };
    let name = match draft::own_name(typed.text(&field), record.organisation.as_deref()) {
        Ok(name) => name,
        Err(message) => return again(StatusCode::UNPROCESSABLE_ENTITY, message).await,
    };
    let version = typed.text("version").parse().unwrap_or(0);
    let mut w = write(&app, &request).await?;
    let now = me::by_token(w.tx(), &token).await?.ok_or(Fault::NotFound)?;
    let record = theirs(&now, &record.id)?;
    match me::correct(&mut w, record, version, name).await? {
        Corrected::Done => w.commit().await?,
        Corrected::Same => drop(w),
        Corrected::Stale => {
            drop(w);
            let name = record.name.as_deref().unwrap_or("none");
            let message =
                format!("Somebody has changed this record meanwhile. The name in it is now: {name}");
            let form = typed.fields(&[]).wrong(&field, message);
            return answer(&app, &token, &now, form, None, StatusCode::CONFLICT).await;
        }
    }
    Ok(back(&token, "named"))
}

/// One of their own records; anything else is not there.
fn theirs<'a>(me: &'a Me, id: &str) -> Result<&'a stakeholder::Model, Fault> {
    me.records.iter().find(|record| record.id == id).ok_or(Fault::NotFound)
}
