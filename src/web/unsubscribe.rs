//! The way out of engagement mail: `/u/{token}`. For anyone who holds the link, without an account or a cookie.
//!
//! Mail scanners open links; nothing may come of it. GET and HEAD say what a POST would do and change nothing. A POST
//! opts out at once: the page's button, or a mail program's one click (RFC 8058), which gets its answer without a
//! redirect. An unknown token gets the same answer whatever it is.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use entity::delivery;
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
    mailings::optouts::{self, Linked, Way},
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
    answer(&app, &token).await
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
    answer(&app, &token).await
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
    optouts::by_token(app.db.read(), token).await?.ok_or(Fault::NotFound)
}

async fn answer(app: &App, token: &str) -> Result<Response, Fault> {
    let linked = optouts::linked(app.db.read(), token).await?.ok_or(Fault::NotFound)?;
    let html = app.link_pages.page(&linked, |at| {
        let title = if linked.out { "You will get no more of these emails" } else { "Stop these emails" };
        let model = Context {
            page: Page { hidden: true, ..Page::public(title) },
            stp: linked.stp_name.clone(),
            out: linked.out,
            at,
        };
        app.pages.text("pages/unsubscribe/show.html", &model)
    })?;
    let mut response = Html(html.replace(PLACE, &format!("/u/{token}"))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The address is a secret of its reader's: no other page is told of it.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// What stands for the link's own address in a page that is made once for all links.
const PLACE: &str = "/u/-link-";

/// The pages of links, made once for each STP and state: they differ in the link's own address alone.
#[derive(Debug, Default)]
pub struct LinkPages(Mutex<HashMap<(String, bool), Arc<str>>>);

impl LinkPages {
    /// The page for such a link, made by `make` with the address that stands for each link's own.
    fn page(
        &self,
        linked: &Linked,
        make: impl FnOnce(String) -> anyhow::Result<String>,
    ) -> anyhow::Result<Arc<str>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (linked.stp_name.clone(), linked.out);
        if let Some(page) = kept.get(&key) {
            return Ok(page.clone());
        }
        let page: Arc<str> = make(PLACE.to_owned())?.into();
        kept.insert(key, page.clone());
        Ok(page)
    }
}
