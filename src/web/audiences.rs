//! Saved audiences of an STP: `/work/stps/{stp}/audiences`. Each is a query; its page runs it.

pub mod chooser;

use std::sync::Arc;

use axum::{
    extract::{Path, Query as Asked, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{audience, stp};
use serde::{Deserialize, Serialize};

use self::chooser::Chooser;
use super::{
    fields::Fields,
    form::{self, Problem, Typed},
    page::{Notice, Page},
    reading::Reading,
    request::RequestId,
    routes::{Access, Routes},
    staff,
    stakeholders::done,
};
use crate::{
    app::App,
    audiences::{Query, find, record},
    auth::{Action, SignedIn},
    fault::Fault,
    mailings::audience::title,
};

const READ: Access = Access::Area(Action::ReadStakeholders);
const WRITE: Access = Access::Area(Action::WriteMailings);

/// How many people a page shows.
const SHOWN: usize = 50;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/work/stps/{stp}/audiences", READ, index)
        .post("/work/stps/{stp}/audiences", WRITE, create)
        .get("/work/stps/{stp}/audiences/new", WRITE, new)
        .get("/work/stps/{stp}/audiences/{id}", READ, show)
        .post("/work/stps/{stp}/audiences/{id}", WRITE, update)
        .get("/work/stps/{stp}/audiences/{id}/edit", WRITE, edit)
        .post("/work/stps/{stp}/audiences/{id}/removals", WRITE, remove)
        .post("/work/stps/{stp}/audiences/{id}/returns", WRITE, restore)
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/audiences", stp.code)
}

fn base(title: &str, signed_in: &SignedIn, stp: &stp::Model) -> Page {
    let work = format!("/work/stps/{}", stp.code);
    staff::page(title, signed_in, Some(stp))
        .at(&format!("{work}/mailings"), false)
        .under(stp.display_name.clone(), &work)
        .under("Mailings", format!("{work}/mailings"))
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    said: Vec<String>,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    rows: Vec<Row>,
    may_write: bool,
}

#[derive(Deserialize)]
struct Said {
    said: Option<String>,
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
    Asked(said): Asked<Said>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let chooser = Chooser::new(&app, &stp, None, None).await?;
    let rows = find::all(app.db.read(), &stp.code).await?;
    let model = Index {
        page: base("Audiences", &signed_in, &stp).noticed(notice(said.said.as_deref())),
        rows: rows
            .into_iter()
            .map(|row| Row { said: chooser.said(&Query::read(&row.query)), id: row.id, name: row.name })
            .collect(),
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
        at: address(&stp),
    };
    Ok(app.pages.render("pages/audiences/index.html", &model))
}

fn notice(said: Option<&str>) -> Option<Notice> {
    Some(match said? {
        "saved" => done("The audience is saved", "It is run afresh whenever it is used."),
        "removed" => {
            done("The audience is off the list", "Mailings and audiences that use it are as they were.")
        }
        "restored" => done("The audience is on the list again", ""),
        _ => return None,
    })
}

#[derive(Serialize)]
struct Show {
    page: Page,
    at: String,
    name: String,
    said: Vec<String>,
    number: usize,
    without_address: usize,
    people: Vec<Person>,
    stakeholders: String,
    write: String,
    removed: bool,
    may_write: bool,
}

#[derive(Serialize)]
struct Person {
    id: String,
    title: String,
    organisation: String,
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    Asked(said): Asked<Said>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let row = known(&app, &stp, &id).await?;
    let query = Query::read(&row.query);
    let chooser = Chooser::new(&app, &stp, Some(&query), None).await?;
    let people = find::people(app.db.read(), &stp.code, &query, chooser.known()).await?;
    let shown = &people[..people.len().min(SHOWN)];
    let ids: Vec<String> = shown.iter().map(|person| person.id.clone()).collect();
    let reading = Reading { page: "audience", table: "stakeholders", id: &row.id, stp: Some(&stp.code) };
    reading.note(&app, &signed_in, &request, &ids).await?;
    let work = format!("/work/stps/{}", stp.code);
    let model = Show {
        page: base(&row.name, &signed_in, &stp)
            .under("Audiences", address(&stp))
            .noticed(notice(said.said.as_deref())),
        at: format!("{}/{id}", address(&stp)),
        said: chooser.said(&query),
        number: people.len(),
        without_address: people.iter().filter(|person| person.email.is_none()).count(),
        people: shown
            .iter()
            .map(|person| Person {
                id: person.id.clone(),
                title: title(person),
                organisation: person.name.as_ref().and(person.organisation.clone()).unwrap_or_default(),
            })
            .collect(),
        stakeholders: format!("{work}/stakeholders"),
        write: format!("{work}/mailings/new?audience={id}"),
        removed: row.removed_at.is_some(),
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
        name: row.name,
    };
    Ok(app.pages.render("pages/audiences/show.html", &model))
}

#[derive(Serialize)]
struct FormPage {
    page: Page,
    action: String,
    back: String,
    form: Fields,
    chooser: Chooser,
    /// What somebody else has saved meanwhile; empty otherwise.
    theirs: Vec<String>,
    version: i32,
}

async fn form_page(
    app: &App,
    signed_in: &SignedIn,
    stp: &stp::Model,
    of: Option<&audience::Model>,
    form: Fields,
) -> Result<FormPage, Fault> {
    let at = address(stp);
    let kept = of.map(|row| Query::read(&row.query));
    let chooser = Chooser::new(app, stp, kept.as_ref(), of.map(|row| row.id.as_str())).await?;
    let back = of.map_or_else(|| at.clone(), |row| format!("{at}/{}", row.id));
    let heading = if of.is_some() { "Edit an audience" } else { "Save an audience" };
    Ok(FormPage {
        page: base(heading, signed_in, stp).under("Audiences", &at).wrong(form.is_wrong()),
        action: back.clone(),
        back,
        chooser: chooser.for_form(&form),
        form,
        theirs: Vec::new(),
        version: of.map_or(0, |row| row.version),
    })
}

fn read_form(typed: &Typed, chooser: &Chooser) -> Result<(String, Query), Vec<Problem>> {
    let mut problems = Vec::new();
    let name = record::name(typed.text("name")).map_err(|wrong| problems.push(Problem::new("name", wrong)));
    let (written, day) = chooser::written(typed);
    let query = Query::parse(&written, &chooser.offered()).map_err(|wrong| {
        problems.extend(wrong.into_iter().map(|(of, said)| Problem::new(of, said)));
    });
    problems.extend(day);
    match (name, query) {
        (Ok(name), Ok(query)) if problems.is_empty() => Ok((name, query)),
        _ => Err(problems),
    }
}

async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let view = form_page(&app, &signed_in, &stp, None, Fields::new(app.chance.id())).await?;
    Ok(app.pages.render("pages/audiences/edit.html", &view))
}

async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let chooser = Chooser::new(&app, &stp, None, None).await?;
    let (name, query) = match read_form(&typed, &chooser) {
        Ok(read) => read,
        Err(problems) => {
            let view = form_page(&app, &signed_in, &stp, None, typed.fields(&problems)).await?;
            return Ok(wrong(&app, StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let id = w.id();
    let location = format!("{}/{id}?said=saved", address(&stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    record::create(&mut w, &stp.code, &id, &signed_in.user_id, &name, &query).await?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

async fn edit(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let row = known(&app, &stp, &id).await?;
    let form = Fields::new(app.chance.id()).with("name", &row.name);
    let form = chooser::filled(form, &Query::read(&row.query));
    let view = form_page(&app, &signed_in, &stp, Some(&row), form).await?;
    Ok(app.pages.render("pages/audiences/edit.html", &view))
}

async fn update(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let row = known(&app, &stp, &id).await?;
    let kept = Query::read(&row.query);
    let chooser = Chooser::new(&app, &stp, Some(&kept), Some(&id)).await?;
    let (name, query) = match read_form(&typed, &chooser) {
        Ok(read) => read,
        Err(problems) => {
            let mut view = form_page(&app, &signed_in, &stp, Some(&row), typed.fields(&problems)).await?;
            // Errors are put right against the version that was opened.
            view.version = typed.text("version").parse().unwrap_or(0);
            return Ok(wrong(&app, StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let before = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let same = typed.text("version") == before.version.to_string();
    if !same || record::update(&mut w, &before, &name, &query).await?.is_none() {
        drop(w);
        let now = known(&app, &stp, &id).await?;
        let mut view = form_page(&app, &signed_in, &stp, Some(&now), typed.fields(&[])).await?;
        view.theirs = vec![now.name.clone()];
        view.theirs.extend(view.chooser.said(&Query::read(&now.query)));
        return Ok(wrong(&app, StatusCode::CONFLICT, &view));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{}/{id}?said=saved", address(&stp))).into_response())
}

async fn remove(
    state: State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Redirect, Fault> {
    listed(&state, &signed_in, &request, &code, &id, false).await?;
    Ok(Redirect::to(&format!("/work/stps/{code}/audiences/{id}?said=removed")))
}

async fn restore(
    state: State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Redirect, Fault> {
    listed(&state, &signed_in, &request, &code, &id, true).await?;
    Ok(Redirect::to(&format!("/work/stps/{code}/audiences/{id}?said=restored")))
}

/// Sees that an audience is on its list or off it.
async fn listed(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    code: &str,
    id: &str,
    listed: bool,
) -> Result<(), Fault> {
    let stp = staff::stp(app, code).await?;
    let mut w = app.write(signed_in, request).await?;
    let before = find::one(w.tx(), &stp.code, id).await?.ok_or(Fault::NotFound)?;
    if before.removed_at.is_none() != listed {
        if record::remove(&mut w, &before, !listed).await?.is_none() {
            return Err(Fault::Conflict("Somebody else has just changed this audience.".into()));
        }
        w.commit().await?;
    }
    Ok(())
}

fn wrong(app: &App, status: StatusCode, view: &FormPage) -> Response {
    app.pages.render_as(status, "pages/audiences/edit.html", view)
}

async fn known(app: &App, stp: &stp::Model, id: &str) -> Result<audience::Model, Fault> {
    find::one(app.db.read(), &stp.code, id).await?.ok_or(Fault::NotFound)
}
