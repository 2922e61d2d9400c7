//! The way out of engagement mail: `/u/{token}`. For anyone who holds the link, without an account or a cookie.
//!
//! Mail scanners open links; nothing may come of it. GET and HEAD say what a POST would do and change nothing. A POST
//! opts out at once: the page's button, or a mail program's one click (RFC 8058), which gets its answer without a
//! redirect. An unknown token gets the same answer whatever it is.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{delivery, stp};
use sea_orm::EntityTrait as _;
use serde::Serialize;

use super::{
    page::Page,
    request::RequestId,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    fault::Fault,
    journal::Actor,
    mailings::optouts::{self, Way},
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/u/{token}", Access::Public, show).post("/u/{token}", Access::Public, create).post(
        "/u/{token}/returns",
        Access::Public,
        destroy,
    )
}

#[derive(Serialize)]
struct Context {
    page: Page,
    stp: String,
    out: bool,
    at: String,
}

async fn show(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response, Fault> {
    let delivery = known(&app, &token).await?;
    answer(&app, &token, &delivery).await
}

/// Opts out. What the body says matters only for the answer: the page's own button leads back to the page.
async fn create(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response, Fault> {
    let delivery = known(&app, &token).await?;
    let mut w = app.write_as(Actor::Public, &request).await?;
    if optouts::opt_out(&mut w, &delivery, Way::Link).await? {
        w.commit().await?;
    } else {
        drop(w);
    }
    if body.as_ref() == b"from=page" {
        return Ok(Redirect::to(&format!("/u/{token}")).into_response());
    }
    answer(&app, &token, &delivery).await
}

/// Takes it back.
async fn destroy(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
) -> Result<Redirect, Fault> {
    let delivery = known(&app, &token).await?;
    let mut w = app.write_as(Actor::Public, &request).await?;
    if optouts::opt_in(&mut w, &delivery).await? {
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("/u/{token}")))
}

async fn known(app: &App, token: &str) -> Result<delivery::Model, Fault> {
    let found = optouts::by_token(app.db.read(), token).await?;
    found.map(|(delivery, _)| delivery).ok_or(Fault::NotFound)
}

async fn answer(app: &App, token: &str, delivery: &delivery::Model) -> Result<Response, Fault> {
    let stp = stp::Entity::find_by_id(&delivery.stp_code).one(app.db.read()).await?.ok_or(Fault::NotFound)?;
    let out = optouts::opted_out(app.db.read(), &delivery.stp_code, &delivery.address).await?.is_some();
    let title = if out { "You will get no more of these emails" } else { "Stop these emails" };
    let model = Context {
        page: Page { hidden: true, ..Page::public(title) },
        stp: stp.display_name,
        out,
        at: format!("/u/{token}"),
    };
    let mut response = app.pages.render("pages/unsubscribe/show.html", &model);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The address is a secret of its reader's: no other page is told of it.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}
