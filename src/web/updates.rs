//! Alerts for the public: `/updates`, to sign up, and `/updates/{token}`, to change or leave. Without an account or a cookie.
//!
//! The form answers the same whoever the address belongs to. Mail scanners open links; nothing may come of it: GET and HEAD
//! say what a POST would do and change nothing. Leaving is a POST, by the page's button or by a mail program's one click
//! (RFC 8058), which gets its answer without a redirect.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::alert::{self, Often};
use serde::{Deserialize, Serialize};

use super::{
    fields::Fields,
    form::Typed,
    page::{Notice, Page},
    request::Peer,
    routes::{Access, Routes},
};
use crate::{
    alerts::{
        Draft, ENGLAND, Wanted, change,
        find::{self, Offered},
        sign_up,
    },
    app::App,
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/updates", Access::Public, new)
        .post("/updates", Access::Public, create)
        .get("/updates/asked", Access::Public, asked)
        .get("/updates/confirmed", Access::Public, confirmed)
        .get("/updates/left", Access::Public, left)
        .get("/updates/confirmations/{token}", Access::Public, confirmation)
        .post("/updates/confirmations/{token}", Access::Public, confirm)
        .get("/updates/{token}", Access::Public, show)
        .post("/updates/{token}", Access::Public, leave)
        .post("/updates/{token}/choices", Access::Public, update)
}

/// What to have chosen already: the page that one comes from.
#[derive(Deserialize)]
struct From {
    #[serde(default)]
    stp: String,
    #[serde(default)]
    proposal: String,
}

/// A line of a choice.
#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    hint: &'static str,
}

/// The fields in which one chooses.
#[derive(Serialize)]
struct Choices {
    areas: Vec<Choice>,
    proposals: Vec<Choice>,
    often: Vec<Choice>,
}

impl Choices {
    fn of(offered: &Offered) -> Self {
        let line = |(value, label): &(String, String)| Choice {
            value: value.clone(),
            label: label.clone(),
            hint: "",
        };
        let england = Choice {
            value: ENGLAND.to_owned(),
            label: "All of England".to_owned(),
            hint: "Every report, of each area and of England as a whole",
        };
        let often = |often: &Often| Choice {
            value: often.code().to_owned(),
            label: often.name().to_owned(),
            hint: match often {
                Often::Each => "For a proposal, one email a day at most",
                Often::Weekly => "Nothing in a week without news",
            },
        };
        Self {
            areas: std::iter::once(england).chain(offered.stps.iter().map(line)).collect(),
            proposals: offered.proposals.iter().map(line).collect(),
            often: Often::ALL.iter().map(often).collect(),
        }
    }
}

#[derive(Serialize)]
struct New {
    page: Page,
    form: Fields,
    choices: Choices,
}

async fn new(State(app): State<Arc<App>>, Query(from): Query<From>) -> Result<Response, Fault> {
    let offered = find::offered(app.db.read()).await?;
    let mut form = Fields::default().with("often", Often::Each.code());
    if offered.stps.iter().any(|(code, _)| *code == from.stp) {
        form = form.with("about", from.stp);
    }
    if offered.proposals.iter().any(|(id, _)| *id == from.proposal) {
        form = form.with("proposal", from.proposal);
    }
    Ok(ask(&app, &offered, form, StatusCode::OK))
}

fn ask(app: &App, offered: &Offered, form: Fields, status: StatusCode) -> Response {
    let page = Page::public("Get email updates")
        .described("An email when a report on who was engaged in the plans for health and care is published.")
        .wrong(form.is_wrong());
    app.pages.render_as(status, "pages/updates/new.html", &New { page, form, choices: Choices::of(offered) })
}

/// Takes a sign-up. Whether the address is known here changes nothing of the answer.
async fn create(State(app): State<Arc<App>>, Peer(peer): Peer, typed: Typed) -> Result<Response, Fault> {
    let offered = find::offered(app.db.read()).await?;
    match Draft::parse(&typed, &offered) {
        Err(problems) => Ok(ask(&app, &offered, typed.fields(&problems), StatusCode::UNPROCESSABLE_ENTITY)),
        Ok(draft) => {
            if !sign_up::ask(&app, &draft, &peer).await? {
                return Err(Fault::TooMany(
                    "Many people signed up from where you are. Wait an hour and try again.".into(),
                ));
            }
            Ok(Redirect::to("/updates/asked").into_response())
        }
    }
}

#[derive(Serialize)]
struct Said {
    page: Page,
}

/// A page that is the same for everyone who comes to it.
fn say(app: &App, title: &str, template: &str) -> Response {
    let page = Page { hidden: true, ..Page::public(title) };
    app.pages.render(template, &Said { page })
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn asked(State(app): State<Arc<App>>) -> Response {
    say(&app, "Check your email", "pages/updates/asked.html")
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn confirmed(State(app): State<Arc<App>>) -> Response {
    say(&app, "You will get email updates", "pages/updates/confirmed.html")
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn left(State(app): State<Arc<App>>) -> Response {
    say(&app, "You will get no more email updates", "pages/updates/left.html")
}

/// The answer to a link that leads nowhere, whatever it is and why.
fn spent(app: &App) -> Response {
    let page = Page { hidden: true, ..Page::public("This link does not work any more") };
    private(app.pages.render_as(StatusCode::NOT_FOUND, "pages/updates/spent.html", &Said { page }))
}

/// The address is a secret of its reader's: nothing keeps the page, and no other page is told of it.
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[derive(Serialize)]
struct Confirmation {
    page: Page,
    names: Vec<String>,
    often: &'static str,
    at: String,
}

async fn confirmation(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response, Fault> {
    let conn = app.db.read();
    let Some(asked) = find::sign_up(conn, &token, app.clock.now()).await? else { return Ok(spent(&app)) };
    let wanted: Wanted = serde_json::from_str(&asked.choices).map_err(anyhow::Error::from)?;
    let model = Confirmation {
        page: Page { hidden: true, ..Page::public("Confirm your email updates") },
        names: wanted.names(&find::offered(conn).await?),
        often: wanted.often.name(),
        at: format!("/updates/confirmations/{token}"),
    };
    Ok(private(app.pages.render("pages/updates/confirmation.html", &model)))
}

async fn confirm(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response, Fault> {
    if sign_up::confirm(&app, &token).await? {
        return Ok(private(Redirect::to("/updates/confirmed").into_response()));
    }
    Ok(spent(&app))
}

#[derive(Serialize)]
struct Show {
    page: Page,
    form: Fields,
    choices: Choices,
    names: Vec<String>,
    often: &'static str,
    at: String,
}

/// What a page was come to from.
#[derive(Deserialize)]
struct Listing {
    #[serde(default)]
    saved: bool,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let Some(alert) = find::by_link(app.db.read(), &token).await? else { return Ok(spent(&app)) };
    let wanted = find::wanted(app.db.read(), &alert).await?;
    let mut form = Fields::default().with("often", wanted.often.code());
    if wanted.england {
        form = form.with("about", ENGLAND);
    }
    form = wanted.stps.iter().fold(form, |form, code| form.with("about", code));
    form = wanted.proposals.iter().fold(form, |form, id| form.with("proposal", id));
    let notice = listing.saved.then(|| Notice {
        kind: "success",
        title: "Saved".into(),
        text: "From now on you get what is chosen here.".into(),
    });
    manage(&app, &token, &alert, form, notice, StatusCode::OK).await
}

async fn manage(
    app: &App,
    token: &str,
    alert: &alert::Model,
    form: Fields,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let offered = find::offered(app.db.read()).await?;
    let wanted = find::wanted(app.db.read(), alert).await?;
    let page = Page { hidden: true, ..Page::public("Your email updates") };
    let model = Show {
        page: page.wrong(form.is_wrong()).noticed(notice),
        form,
        choices: Choices::of(&offered),
        names: wanted.names(&offered),
        often: wanted.often.name(),
        at: format!("/updates/{token}"),
    };
    Ok(private(app.pages.render_as(status, "pages/updates/show.html", &model)))
}

/// Sets what one gets.
async fn update(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let Some(alert) = find::by_link(app.db.read(), &token).await? else { return Ok(spent(&app)) };
    let offered = find::offered(app.db.read()).await?;
    match Wanted::parse(&typed, &offered) {
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            manage(&app, &token, &alert, typed.fields(&problems), None, status).await
        }
        Ok(wanted) => {
            if !change::set(&app, &alert.id, &wanted).await? {
                return Ok(spent(&app));
            }
            Ok(private(Redirect::to(&format!("/updates/{token}?saved=true")).into_response()))
        }
    }
}

/// Leaves. What the body says matters only for the answer: the page's own button leads to a page.
async fn leave(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response, Fault> {
    let Some(alert) = find::by_link(app.db.read(), &token).await? else { return Ok(spent(&app)) };
    change::leave(&app, &alert).await?;
    if body.as_ref() == b"from=page" {
        return Ok(private(Redirect::to("/updates/left").into_response()));
    }
    Ok(private(say(&app, "You will get no more email updates", "pages/updates/left.html")))
}
