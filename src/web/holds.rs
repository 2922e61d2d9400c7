//! Addresses that are not written to, and why: `/work/stps/{stp}/holds`. Staff write down what they were told, in a letter
//! or by telephone; an administrator can lift one.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{proposal::Theme, stp, suppression};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};

use super::{
    fields::Fields,
    filters,
    form::{self, Problem, Typed},
    page::Page,
    reading::Reading,
    request::RequestId,
    routes::{Access, Routes},
    staff,
    stakeholders::{Choice, done, topics},
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    fault::Fault,
    mailings::optouts::{self, Stop},
    stakeholders::draft,
};

/// How many a page shows.
const PAGE: usize = 50;
/// The longest reason, in characters.
const REASON: usize = 500;

pub fn routes(routes: Routes) -> Routes {
    let write = Access::Area(Action::WriteStakeholders);
    let lift = Access::Area(Action::ManageUsers);
    routes
        .get("/work/stps/{stp}/holds", Access::Area(Action::ReadStakeholders), index)
        .post("/work/stps/{stp}/holds", write, create)
        .get("/work/stps/{stp}/holds/new", write, new)
        .get("/work/stps/{stp}/holds/{id}", lift, show)
        .post("/work/stps/{stp}/holds/{id}", lift, destroy)
}

#[derive(Deserialize)]
struct Listing {
    after: Option<String>,
    said: Option<String>,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    rows: Vec<Row>,
    next: String,
    first: String,
    may_write: bool,
    may_lift: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    address: String,
    state: String,
    everywhere: bool,
    source: String,
    reason: String,
    since: String,
}

#[derive(Serialize)]
struct New {
    page: Page,
    at: String,
    form: Fields,
    states: Vec<Choice>,
    topics: Vec<Choice>,
}

#[derive(Serialize)]
struct Show {
    page: Page,
    at: String,
    form: Fields,
    row: Row,
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/holds", stp.code)
}

fn base(title: &str, signed_in: &SignedIn, stp: &stp::Model) -> Page {
    staff::page(title, signed_in, Some(stp))
        .at(&format!("/work/stps/{}/mailings", stp.code), false)
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
        .under("Mailings", format!("/work/stps/{}/mailings", stp.code))
}

fn row(model: suppression::Model) -> Row {
    Row {
        id: model.id,
        address: model.address,
        state: match model.topic {
            Some(topic) => format!("{}: {}", model.state.name(), topic.name()),
            None => model.state.name().to_owned(),
        },
        everywhere: model.stp_code.is_none(),
        source: model.source,
        reason: model.reason,
        since: filters::instant(&model.created_at),
    }
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let most = PAGE as u64 + 1;
    let mut rows = optouts::of_area(app.db.read(), &stp.code, listing.after.as_deref(), most).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    reading(&stp).note(&app, &signed_in, &request, &ids).await?;
    let at = address(&stp);
    let last = ids.last().filter(|_| more);
    let notice = match listing.said.as_deref() {
        Some("lifted") => Some(done("The address can be written to again", "")),
        Some("held") => {
            Some(done("The address is not written to any more", "What was queued for it is taken out."))
        }
        _ => None,
    };
    let model = Index {
        page: base("Addresses not written to", &signed_in, &stp).noticed(notice),
        rows: rows.into_iter().map(row).collect(),
        next: last.map_or_else(String::new, |last| format!("{at}?after={last}")),
        first: if listing.after.is_some() { at.clone() } else { String::new() },
        may_write: signed_in.may(Action::WriteStakeholders, &stp.code),
        may_lift: signed_in.may(Action::ManageUsers, &stp.code),
        at,
    };
    Ok(app.pages.render("pages/holds/index.html", &model))
}

async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let form = Fields::new(app.chance.id());
    Ok(app.pages.render("pages/holds/new.html", &new_page(&signed_in, &stp, form)))
}

fn new_page(signed_in: &SignedIn, stp: &stp::Model, form: Fields) -> New {
    let choice = |state: suppression::State, hint: &str| Choice {
        value: state.code().to_owned(),
        label: state.name().to_owned(),
        hint: hint.to_owned(),
    };
    New {
        page: base("Do not write to an address", signed_in, stp)
            .under("Addresses not written to", address(stp))
            .wrong(form.is_wrong()),
        at: address(stp),
        form,
        topics: topics(),
        states: vec![
            choice(
                suppression::State::OptedOut,
                "No invitations and updates of this area; answers and confirmations still go",
            ),
            choice(suppression::State::DoNotContact, "No mail of this area but statutory notices"),
        ],
    }
}

/// Writes down what staff were told.
async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let (held, what, reason) = match read_form(&typed) {
        Ok(read) => read,
        Err(problems) => {
            let view = new_page(&signed_in, &stp, typed.fields(&problems));
            return Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/holds/new.html", &view));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let location = format!("{}?said=held", address(&stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    if optouts::told(&mut w, &stp.code, &held, what, &reason).await? {
        w.commit().await?;
    }
    Ok(Redirect::to(&location).into_response())
}

fn read_form(typed: &Typed) -> Result<(String, Stop, String), Vec<Problem>> {
    let mut problems = Vec::new();
    let held = draft::address(typed.text("address"));
    if held.is_none() {
        problems.push(Problem::new("address", "Enter an email address, such as office@example.org"));
    }
    let state = [suppression::State::OptedOut, suppression::State::DoNotContact]
        .into_iter()
        .find(|state| state.code() == typed.text("state"));
    if state.is_none() {
        problems.push(Problem::new("state", "Select what they asked for"));
    }
    let topic = topic(typed.text("topic"), state).map_err(|wrong| problems.push(wrong));
    let reason = reason(typed, "Enter who asked for it, when and how").map_err(|wrong| problems.push(wrong));
    match (held, state, topic, reason) {
        (Some(held), Some(state), Ok(topic), Ok(reason)) => Ok((held, Stop { state, topic }, reason)),
        _ => Err(problems),
    }
}

/// The one topic that somebody opts out of.
fn topic(code: &str, state: Option<suppression::State>) -> Result<Option<Theme>, Problem> {
    if code.is_empty() {
        return Ok(None);
    }
    let topic =
        Theme::parse(code).ok_or_else(|| Problem::new("topic", "Select a topic from the list, or all"))?;
    match state {
        // What is wrong with the state is said there.
        Some(suppression::State::OptedOut) | None => Ok(Some(topic)),
        Some(_) => Err(Problem::new(
            "topic",
            "Select all topics: only an opt-out can be from one, “do not contact” holds for all mail",
        )),
    }
}

/// The reason that was typed, on one line; `missing` is said where there is none.
fn reason(typed: &Typed, missing: &str) -> Result<String, Problem> {
    let reason = typed.text("reason").split_whitespace().collect::<Vec<_>>().join(" ");
    match reason.chars().count() {
        0 => Err(Problem::new("reason", missing)),
        1..=REASON => Ok(reason),
        _ => Err(Problem::new("reason", "The reason must be 500 characters or fewer")),
    }
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let hold = known(&app, &stp, &id).await?;
    reading(&stp).note(&app, &signed_in, &request, std::slice::from_ref(&id)).await?;
    Ok(app.pages.render("pages/holds/show.html", &view(&signed_in, &stp, hold, Fields::new(app.chance.id()))))
}

fn view(signed_in: &SignedIn, stp: &stp::Model, hold: suppression::Model, form: Fields) -> Show {
    let page = base("Write to this address again", signed_in, stp)
        .under("Addresses not written to", address(stp))
        .wrong(form.is_wrong());
    Show { page, at: format!("{}/{}", address(stp), hold.id), form, row: row(hold) }
}

/// Lifts it.
async fn destroy(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let hold = known(&app, &stp, &id).await?;
    let reason = match reason(&typed, "Enter why this address is to be written to again") {
        Ok(reason) => reason,
        Err(problem) => {
            let view = view(&signed_in, &stp, hold, typed.fields(&[problem]));
            return Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/holds/show.html", &view));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    if !optouts::lift(&mut w, &hold, &reason).await? {
        return Err(Fault::Conflict("Somebody else has just lifted this.".into()));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{}?said=lifted", address(&stp))).into_response())
}

/// One that stops mail of this STP.
async fn known(app: &App, stp: &stp::Model, id: &str) -> Result<suppression::Model, Fault> {
    let found = suppression::Entity::find_by_id(id).one(app.db.read()).await?;
    let own = |hold: &suppression::Model| hold.stp_code.as_ref().is_none_or(|code| *code == stp.code);
    found.filter(|hold| hold.lifted_at.is_none() && own(hold)).ok_or(Fault::NotFound)
}

fn reading(stp: &stp::Model) -> Reading<'_> {
    Reading { page: "holds", table: "suppressions", id: &stp.code, stp: Some(&stp.code) }
}
