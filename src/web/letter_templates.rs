//! Letter templates of an STP: `/work/stps/{stp}/letter-templates`.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{letter_template, mailing::Purpose, stp};
use serde::{Deserialize, Serialize};

use super::{
    fields::Fields,
    filters,
    form::{self, Problem, Typed},
    mailings::purposes,
    page::{Notice, Page},
    request::RequestId,
    routes::{Access, Routes},
    staff,
    stakeholders::{Choice, done},
};
use crate::{
    app::App,
    audiences,
    auth::{Action, SignedIn},
    fault::Fault,
    letter_templates::{find, record},
    mailings::{self, draft::Letter},
};

const READ: Access = Access::Area(Action::ReadStakeholders);
const WRITE: Access = Access::Area(Action::WriteMailings);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/work/stps/{stp}/letter-templates", READ, index)
        .post("/work/stps/{stp}/letter-templates", WRITE, create)
        .get("/work/stps/{stp}/letter-templates/new", WRITE, new)
        .get("/work/stps/{stp}/letter-templates/{id}", READ, show)
        .post("/work/stps/{stp}/letter-templates/{id}", WRITE, update)
        .get("/work/stps/{stp}/letter-templates/{id}/edit", WRITE, edit)
        .post("/work/stps/{stp}/letter-templates/{id}/removals", WRITE, remove)
        .post("/work/stps/{stp}/letter-templates/{id}/returns", WRITE, restore)
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/letter-templates", stp.code)
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
    subject: String,
    purpose: &'static str,
    changed: String,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    rows: Vec<Row>,
    may_write: bool,
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let rows = find::all(app.db.read(), &stp.code).await?;
    let model = Index {
        page: base("Letter templates", &signed_in, &stp),
        rows: rows
            .into_iter()
            .map(|row| Row {
                changed: filters::instant(&row.updated_at),
                purpose: row.purpose.name(),
                id: row.id,
                name: row.name,
                subject: row.subject,
            })
            .collect(),
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
        at: address(&stp),
    };
    Ok(app.pages.render("pages/letter_templates/index.html", &model))
}

#[derive(Deserialize)]
struct Asked {
    said: Option<String>,
    /// The version that is looked at, or written from; the last one where it is none.
    version: Option<i32>,
    /// A mailing whose text is to be kept.
    #[serde(default)]
    mailing: String,
}

#[derive(Serialize)]
struct Show {
    page: Page,
    at: String,
    name: String,
    subject: String,
    body: String,
    purpose: &'static str,
    version: i32,
    /// Whether it is the last version that is shown.
    last: bool,
    versions: Vec<Version>,
    write: String,
    removed: bool,
    may_write: bool,
}

#[derive(Serialize)]
struct Version {
    number: i32,
    written: String,
    shown: bool,
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((code, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let row = known(&app, &stp, &id).await?;
    let versions = find::versions(app.db.read(), &row.id).await?;
    let number = asked.version.unwrap_or(row.version);
    let shown = versions.iter().find(|version| version.version == number).ok_or(Fault::NotFound)?;
    let model = Show {
        page: base(&shown.name, &signed_in, &stp)
            .under("Letter templates", address(&stp))
            .noticed(notice(asked.said.as_deref())),
        at: format!("{}/{id}", address(&stp)),
        name: shown.name.clone(),
        subject: shown.subject.clone(),
        body: shown.body_text.clone(),
        purpose: shown.purpose.name(),
        version: number,
        last: number == row.version,
        versions: versions
            .iter()
            .map(|version| Version {
                number: version.version,
                written: filters::instant(&version.written_at),
                shown: version.version == number,
            })
            .collect(),
        write: format!("/work/stps/{}/mailings/new?template={id}", stp.code),
        removed: row.removed_at.is_some(),
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
    };
    Ok(app.pages.render("pages/letter_templates/show.html", &model))
}

fn notice(said: Option<&str>) -> Option<Notice> {
    Some(match said? {
        "saved" => done("The template is saved", "What was written from it before stays as it was."),
        "removed" => done("The template is off the list", ""),
        "restored" => done("The template is on the list again", ""),
        _ => return None,
    })
}

#[derive(Serialize)]
struct FormPage {
    page: Page,
    action: String,
    back: String,
    form: Fields,
    purposes: Vec<Choice>,
    /// What somebody else has saved meanwhile; none otherwise.
    theirs: Option<Theirs>,
    version: i32,
}

#[derive(Serialize)]
struct Theirs {
    name: String,
    subject: String,
    body: String,
    purpose: &'static str,
}

fn form_page(
    signed_in: &SignedIn,
    stp: &stp::Model,
    of: Option<&letter_template::Model>,
    form: Fields,
) -> FormPage {
    let at = address(stp);
    let back = of.map_or_else(|| at.clone(), |row| format!("{at}/{}", row.id));
    let heading = if of.is_some() { "Edit a letter template" } else { "Keep a letter template" };
    FormPage {
        page: base(heading, signed_in, stp).under("Letter templates", &at).wrong(form.is_wrong()),
        action: back.clone(),
        back,
        form,
        purposes: purposes(),
        theirs: None,
        version: of.map_or(0, |row| row.version),
    }
}

fn read_form(typed: &Typed) -> Result<(String, Letter), Vec<Problem>> {
    let mut problems = Vec::new();
    let name = audiences::record::name(typed.text("name"))
        .map_err(|said| problems.push(Problem::new("name", said.replace("audience", "template"))));
    let letter = Letter::parse(typed.text("subject"), typed.text("body"), typed.text("purpose"))
        .map_err(|wrong| problems.extend(wrong.into_iter().map(|(field, said)| Problem::new(field, said))));
    match (name, letter) {
        (Ok(name), Ok(letter)) => Ok((name, letter)),
        _ => Err(problems),
    }
}

async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let form = Fields::new(app.chance.id());
    let form = match mailings::find::one(app.db.read(), &stp.code, &asked.mailing).await? {
        Some(mailing) => form
            .with("subject", mailing.subject)
            .with("body", mailing.body_text)
            .with("purpose", mailing.purpose.code()),
        None => form.with("purpose", Purpose::Engagement.code()),
    };
    Ok(app.pages.render("pages/letter_templates/edit.html", &form_page(&signed_in, &stp, None, form)))
}

async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let (name, letter) = match read_form(&typed) {
        Ok(read) => read,
        Err(problems) => {
            let view = form_page(&signed_in, &stp, None, typed.fields(&problems));
            return Ok(wrong(&app, StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let id = w.id();
    let location = format!("{}/{id}?said=saved", address(&stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    record::create(&mut w, &stp.code, &id, &signed_in.user_id, &name, &letter).await?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

async fn edit(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((code, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let row = known(&app, &stp, &id).await?;
    let number = asked.version.unwrap_or(row.version);
    let versions = find::versions(app.db.read(), &row.id).await?;
    let from = versions.into_iter().find(|version| version.version == number).ok_or(Fault::NotFound)?;
    let form = Fields::new(app.chance.id())
        .with("name", from.name)
        .with("subject", from.subject)
        .with("body", from.body_text)
        .with("purpose", from.purpose.code());
    Ok(app.pages.render("pages/letter_templates/edit.html", &form_page(&signed_in, &stp, Some(&row), form)))
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
    let (name, letter) = match read_form(&typed) {
        Ok(read) => read,
        Err(problems) => {
            let mut view = form_page(&signed_in, &stp, Some(&row), typed.fields(&problems));
            // Errors are put right against the version that was opened.
            view.version = typed.text("version").parse().unwrap_or(0);
            return Ok(wrong(&app, StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let before = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let same = typed.text("version") == before.version.to_string();
    if !same || record::update(&mut w, &before, &signed_in.user_id, &name, &letter).await?.is_none() {
        drop(w);
        let now = known(&app, &stp, &id).await?;
        let mut view = form_page(&signed_in, &stp, Some(&now), typed.fields(&[]));
        view.theirs = Some(Theirs {
            name: now.name,
            subject: now.subject,
            body: now.body_text,
            purpose: now.purpose.name(),
        });
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
    Ok(Redirect::to(&format!("/work/stps/{code}/letter-templates/{id}?said=removed")))
}

async fn restore(
    state: State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Redirect, Fault> {
    listed(&state, &signed_in, &request, &code, &id, true).await?;
    Ok(Redirect::to(&format!("/work/stps/{code}/letter-templates/{id}?said=restored")))
}

/// Sees that a template is on its list or off it.
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
        if record::list(&mut w, &before, listed).await?.is_none() {
            return Err(Fault::Conflict("Somebody else has just changed this template.".into()));
        }
        w.commit().await?;
    }
    Ok(())
}

fn wrong(app: &App, status: StatusCode, view: &FormPage) -> Response {
    app.pages.render_as(status, "pages/letter_templates/edit.html", view)
}

async fn known(app: &App, stp: &stp::Model, id: &str) -> Result<letter_template::Model, Fault> {
    find::one(app.db.read(), &stp.code, id).await?.ok_or(Fault::NotFound)
}
