//! The way out of engagement mail: `/u/{token}`. For anyone who holds the link, without an account or a cookie.
//!
//! Mail scanners open links; nothing may come of it. GET and HEAD say what a POST would do and change nothing. A POST
//! opts out at once: the page's buttons, of all or of what the letter is about, or a mail program's one click (RFC 8058),
//! which is always of all and gets its answer without a redirect. An unknown token gets the same answer whatever it is.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use entity::{delivery, proposal::Theme};
use serde::Serialize;

use super::{
    page::{Page, secret},
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
    /// What the letter is about, in a sentence; or empty.
    topic: String,
    out: bool,
    out_of_topic: bool,
    at: String,
}

/// What the page's own forms say; whatever else is posted is about all.
const OF_ALL: &[u8] = b"from=page";
const OF_TOPIC: &[u8] = b"from=page&only=topic";

async fn show(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response, Fault> {
    answer(&app, &token).await
}

/// Opts out. The page's own buttons lead back to the page.
async fn create(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response, Fault> {
    let delivery = known(&app, &token).await?;
    let topic = asked(&app, &delivery, &body).await?;
    let mut w = app.write_as(Actor::Public, &request).await?;
    if optouts::opt_out(&mut w, &delivery, Way::Link, topic).await? {
        w.commit().await?;
    } else {
        drop(w);
    }
    if [OF_ALL, OF_TOPIC].contains(&body.as_ref()) {
        return Ok(Redirect::to(&format!("/u/{token}")).into_response());
    }
    answer(&app, &token).await
}

/// Takes it back.
async fn destroy(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Redirect, Fault> {
    let delivery = known(&app, &token).await?;
    let topic = asked(&app, &delivery, &body).await?;
    let mut w = app.write_as(Actor::Public, &request).await?;
    if optouts::opt_in(&mut w, &delivery, topic).await? {
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("/u/{token}")))
}

/// The topic that a form is about; none for all.
async fn asked(app: &App, delivery: &delivery::Model, body: &[u8]) -> Result<Option<Theme>, Fault> {
    if body == OF_TOPIC { Ok(optouts::topic(app.db.read(), delivery).await?) } else { Ok(None) }
}

async fn known(app: &App, token: &str) -> Result<delivery::Model, Fault> {
    optouts::by_token(app.db.read(), token).await?.ok_or(Fault::NotFound)
}

async fn answer(app: &App, token: &str) -> Result<Response, Fault> {
    let linked = optouts::linked(app.db.read(), token).await?.ok_or(Fault::NotFound)?;
    let html = app.link_pages.page(&linked, |at| {
        let topic = linked.topic.map_or("", Theme::name).to_lowercase();
        let title = match (linked.out, linked.out_of_topic) {
            (true, _) => "You will get no more of these emails".to_owned(),
            (false, true) => format!("You will get no more emails about {topic}"),
            (false, false) => "Stop these emails".to_owned(),
        };
        let model = Context {
            page: Page { hidden: true, ..Page::public(&title) },
            stp: linked.stp_name.clone(),
            topic,
            out: linked.out,
            out_of_topic: linked.out_of_topic,
            at,
        };
        app.pages.text("pages/unsubscribe/show.html", &model)
    })?;
    Ok(secret(Html(html.replace(PLACE, &format!("/u/{token}"))).into_response()))
}

/// What stands for the link's own address in a page that is made once for all links.
const PLACE: &str = "/u/-link-";

/// The pages of links, made once for each STP, topic and state: they differ in the link's own address alone.
#[derive(Debug, Default)]
pub struct LinkPages(Mutex<HashMap<Linked, Arc<str>>>);

impl LinkPages {
    /// The page for such a link, made by `make` with the address that stands for each link's own.
    fn page(
        &self,
        linked: &Linked,
        make: impl FnOnce(String) -> anyhow::Result<String>,
    ) -> anyhow::Result<Arc<str>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = kept.get(linked) {
            return Ok(page.clone());
        }
        let page: Arc<str> = make(PLACE.to_owned())?.into();
        kept.insert(linked.clone(), page.clone());
        Ok(page)
    }
}
