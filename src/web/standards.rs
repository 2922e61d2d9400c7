//! Standards: every version and what differs, for anyone at `/method/standards`; drafted, tried and adopted for England
//! at `/work/england/standards`; an area's own, stricter one at `/work/stps/{stp}/standard`.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use entity::standard::Model;
use method::Standard;
use sea_orm::EntityTrait as _;
use serde::Serialize;

use super::{
    asked::{Asked, Field},
    fields::Fields,
    filters,
    form::{self, Problem, Typed},
    page::{Notice, Page},
    request::RequestId,
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    assessments::{restated::Changed, said::Said, stp::Links},
    auth::{Action, SignedIn},
    fault::Fault,
    standards::{
        THRESHOLDS,
        compare::{self, Row},
        draft::{Draft, document},
        effect::{self, Effect},
        find,
        record::{self, Unwritten},
        threshold::{Holds, Stricter},
    },
};

const READ_ALL: Access = Access::England(Action::ReadArea);
const ADOPT: Access = Access::England(Action::AdoptStandard);
const ENGLAND: &str = "/work/england/standards";

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/method/standards", Access::Public, public)
        .get(ENGLAND, READ_ALL, index)
        .post(ENGLAND, ADOPT, create)
        .get("/work/england/standards/new", ADOPT, new)
        .get("/work/england/standards/{id}", READ_ALL, show)
        .get("/work/england/standards/{id}/effects/{area}", READ_ALL, effects)
        .post("/work/england/standards/{id}/adoptions", ADOPT, adopt)
        .get("/work/stps/{stp}/standard", Access::Area(Action::ReadArea), own)
        .post("/work/stps/{stp}/standard", Access::Area(Action::AdoptStandard), choose)
}

/// A version as a line of a list.
#[derive(Clone, Debug, Serialize)]
struct Line {
    id: String,
    label: String,
    author: String,
    reason: String,
    /// The day it was adopted; empty for a draft.
    adopted_on: String,
    created_on: String,
    in_force: bool,
    /// The area whose own it is; empty for England's.
    area: String,
}

fn line(row: &Model, in_force: Option<&str>, area: String) -> Line {
    let day = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&chrono_tz::Europe::London).date_naive();
    Line {
        id: row.id.clone(),
        label: row.label.clone(),
        author: row.author.clone(),
        reason: row.reason.clone(),
        adopted_on: row.adopted_at.map(|at| day(at).to_string()).unwrap_or_default(),
        created_on: day(row.created_at).to_string(),
        in_force: in_force == Some(row.id.as_str()),
        area,
    }
}

/// Two versions side by side.
#[derive(Serialize)]
struct Compared {
    before: String,
    after: String,
    rows: Vec<Row>,
    /// Whether any threshold differs.
    differs: bool,
}

fn compared(before: &Standard, after: &Standard) -> Compared {
    let rows = compare::rows(before, after);
    let differs = rows.iter().any(|row| row.differs);
    Compared { before: before.version.clone(), after: after.version.clone(), rows, differs }
}

/// What the address compares: `from` and `to` are names of versions among these.
fn asked_for(asked: &Asked, rows: &[Model]) -> Result<Option<Compared>, Fault> {
    let version = |name: &str| {
        let row = rows.iter().find(|row| row.label == asked.text(name));
        row.map(find::read).transpose()
    };
    Ok(match (version("from")?, version("to")?) {
        (Some(before), Some(after)) => Some(compared(&before, &after)),
        _ => None,
    })
}

fn choices(asked: &Asked, rows: &[Model]) -> Vec<Field> {
    let labels = || rows.iter().map(|row| (row.label.clone(), row.label.clone()));
    vec![
        Field::choice("from", "Version", "Choose a version", asked, labels()),
        Field::choice("to", "Compared with", "Choose a version", asked, labels()),
    ]
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: &'static str,
    lines: Vec<Line>,
    fields: Vec<Field>,
    compared: Option<Compared>,
    may_adopt: bool,
    staff: bool,
}

async fn public(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Fault> {
    let db = app.db.read();
    let rows = find::adopted(db).await?;
    let current = find::current(db, None, None).await?;
    let stps = entity::stp::Entity::find().all(db).await?;
    let mut lines = Vec::new();
    for row in &rows {
        let own = stps.iter().find(|stp| Some(&stp.code) == row.stp_code.as_ref());
        let standing = match &row.stp_code {
            None => current.as_ref().map(|current| current.id.clone()),
            Some(stp) => find::current(db, Some(stp), None).await?.map(|current| current.id),
        };
        lines.push(line(
            row,
            standing.as_deref(),
            own.map(|stp| stp.display_name.clone()).unwrap_or_default(),
        ));
    }
    let context = Index {
        page: Page::public("Standards")
            .at("/method", false)
            .under("England", "/")
            .under("How gaps are found", "/method")
            .described("The thresholds that gaps in engagement are measured against: every version, who adopted it and why."),
        at: "/method/standards",
        fields: choices(&asked, &rows),
        compared: asked_for(&asked, &rows)?,
        lines,
        may_adopt: false,
        staff: false,
    };
    Ok(app.pages.render("pages/standards/index.html", &context))
}

fn page(title: &str, signed_in: &SignedIn) -> Page {
    staff::page(title, signed_in, None).at(ENGLAND, title == "Standards")
}

async fn index(State(app): State<Arc<App>>, signed_in: SignedIn, asked: Asked) -> Result<Response, Fault> {
    let db = app.db.read();
    let rows = find::list(db, None).await?;
    let current = find::current(db, None, None).await?;
    let in_force = current.as_ref().map(|row| row.id.as_str());
    let context = Index {
        page: page("Standards", &signed_in).under("Your STPs", "/work"),
        at: ENGLAND,
        lines: rows.iter().map(|row| line(row, in_force, String::new())).collect(),
        fields: choices(&asked, &rows),
        compared: asked_for(&asked, &rows)?,
        may_adopt: signed_in.permit_england(Action::AdoptStandard).is_ok(),
        staff: true,
    };
    Ok(app.pages.render("pages/standards/index.html", &context))
}

/// A threshold as a field of the form.
#[derive(Serialize)]
struct Asks {
    key: &'static str,
    label: &'static str,
    hint: String,
    /// Several lines.
    long: bool,
    /// It cannot be changed here.
    fixed: bool,
}

fn asks(own: bool) -> Vec<Asks> {
    THRESHOLDS
        .iter()
        .map(|threshold| Asks {
            key: threshold.key,
            label: threshold.label,
            hint: if own { format!("{}. {}", threshold.hint(), threshold.rule()) } else { threshold.hint() },
            long: matches!(threshold.holds, Holds::Days | Holds::Periods),
            fixed: own && threshold.stricter == Stricter::Fixed,
        })
        .collect()
}

/// A form filled with the thresholds of a standard.
fn filled(app: &App, standard: &Standard) -> Fields {
    let document = document(standard);
    THRESHOLDS.iter().fold(Fields::new(app.chance.id()), |fields, threshold| {
        fields.with(threshold.key, threshold.text(&document))
    })
}

#[derive(Serialize)]
struct Drafting {
    page: Page,
    form: Fields,
    asks: Vec<Asks>,
    at: &'static str,
}

fn form_page(signed_in: &SignedIn, form: Fields) -> Drafting {
    let page = page("Draft a standard", signed_in).under("Standards", ENGLAND).wrong(form.is_wrong());
    Drafting { page, form, asks: asks(false), at: ENGLAND }
}

async fn new(State(app): State<Arc<App>>, signed_in: SignedIn) -> Result<Response, Fault> {
    let standard = find::in_force(app.db.read(), None).await?;
    let form = filled(&app, &standard);
    Ok(app.pages.render("pages/standards/new.html", &form_page(&signed_in, form)))
}

fn problems(found: Vec<(&'static str, String)>) -> Vec<Problem> {
    found.into_iter().map(|(field, message)| Problem::new(field, message)).collect()
}

/// What is wrong where a version has the name already.
fn taken() -> Problem {
    Problem::new("label", "Another version has this name: choose the next number")
}

async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    typed: Typed,
) -> Result<Response, Fault> {
    let again = |problems: &[Problem]| {
        let view = form_page(&signed_in, typed.fields(problems));
        app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/standards/new.html", &view)
    };
    let draft = match Draft::parse(|name| typed.text(name).to_owned(), None) {
        Ok(draft) => draft,
        Err(found) => return Ok(again(&problems(found))),
    };
    let mut w = app.write(&signed_in, &request).await?;
    let id = w.id();
    let location = format!("{ENGLAND}/{id}");
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    match record::create(&mut w, &id, None, &draft).await {
        Ok(_) => {}
        Err(Unwritten::Taken) => return Ok(again(&[taken()])),
        Err(why) => return Err(anyhow::Error::from(why).into()),
    }
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

#[derive(Serialize)]
struct Show {
    page: Page,
    line: Line,
    compared: Compared,
    /// What it would change; none for a version that is or was in force.
    effects: Option<Vec<Effect>>,
    /// Findings that it would change in all, and areas in which it would.
    changed: usize,
    areas: usize,
    as_at: String,
    fields: Vec<Field>,
    form: Fields,
    at: String,
    may_adopt: bool,
}

/// A version beside the one in force.
async fn shown(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    as_at: NaiveDate,
    form: Fields,
) -> Result<Show, Fault> {
    let db = app.db.read();
    let row = find::one(db, None, id).await?.ok_or(Fault::NotFound)?;
    let current = find::current(db, None, None).await?.ok_or(Fault::NotFound)?;
    let (before, after) = (find::read(&current)?, find::read(&row)?);
    let effects = match row.adopted_at {
        None => Some(effect::england(db, as_at, &before, &after).await?),
        Some(_) => None,
    };
    let all = effects.as_deref().unwrap_or_default();
    Ok(Show {
        page: page(&format!("Standard {}", row.label), signed_in)
            .under("Standards", ENGLAND)
            .wrong(form.is_wrong()),
        line: line(&row, Some(&current.id), String::new()),
        compared: compared(&before, &after),
        changed: all.iter().map(|effect| effect.changed).sum(),
        areas: all.iter().filter(|effect| effect.changed > 0).count(),
        effects,
        as_at: as_at.to_string(),
        fields: vec![Field::day("as_at", "The record as at", as_at.to_string())],
        form,
        at: format!("{ENGLAND}/{id}"),
        may_adopt: row.adopted_at.is_none() && signed_in.permit_england(Action::AdoptStandard).is_ok(),
    })
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let form = Fields::new(app.chance.id());
    let view = shown(&app, &signed_in, &id, asked.as_at(&app.clock)?, form).await?;
    Ok(app.pages.render("pages/standards/show.html", &view))
}

async fn adopt(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let row = find::one(app.db.read(), None, &id).await?.ok_or(Fault::NotFound)?;
    let mut wrong = Vec::new();
    let (author, reason) = (typed.text("author"), typed.text("reason"));
    if author.is_empty() || author.chars().count() > crate::standards::draft::AUTHOR {
        wrong.push(Problem::new("author", "Enter the office that adopts it, in 200 characters or fewer"));
    }
    if reason.is_empty() || reason.chars().count() > crate::standards::draft::REASON {
        wrong.push(Problem::new("reason", "Enter why it is adopted, in 2,000 characters or fewer"));
    }
    if !wrong.is_empty() {
        let view = shown(&app, &signed_in, &id, app.clock.today(), typed.fields(&wrong)).await?;
        return Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/standards/show.html", &view));
    }
    let mut w = app.write(&signed_in, &request).await?;
    let location = format!("{ENGLAND}/{id}");
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    match record::adopt(&mut w, &row, author, reason).await {
        Ok(_) => {}
        Err(Unwritten::Adopted) => {
            return Err(Fault::Conflict("This standard has been adopted in the meantime.".into()));
        }
        Err(why) => return Err(anyhow::Error::from(why).into()),
    }
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

#[derive(Serialize)]
struct OfArea {
    page: Page,
    name: String,
    before: String,
    after: String,
    said: Said,
    changed: Vec<Changed>,
    as_at: String,
}

/// The findings of one area that a version would change.
async fn effects(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((id, code)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Fault> {
    let db = app.db.read();
    let row = find::one(db, None, &id).await?.ok_or(Fault::NotFound)?;
    let (before, after) = (find::in_force(db, None).await?, find::read(&row)?);
    let as_at = asked.as_at(&app.clock)?;
    let of = effect::of_area(db, &code, as_at, &before, &after, Links::Public).await?;
    let (name, changed) = of.ok_or(Fault::NotFound)?;
    let number = filters::count(i64::try_from(changed.len()).unwrap_or(i64::MAX), "finding", None);
    let at = format!("{ENGLAND}/{id}");
    let context = OfArea {
        page: page(&format!("{name} under {}", row.label), &signed_in)
            .under("Standards", ENGLAND)
            .under(format!("Standard {}", row.label), at),
        before: before.version,
        after: after.version,
        said: Said::new(format!(
            "{number} of {name} with another verdict or severity, as at {}",
            filters::day(as_at)
        )),
        name,
        changed,
        as_at: as_at.to_string(),
    };
    Ok(app.pages.render("pages/standards/effects.html", &context))
}

#[derive(Serialize)]
struct Own {
    page: Page,
    name: String,
    national: String,
    lines: Vec<Line>,
    compared: Option<Compared>,
    form: Fields,
    asks: Vec<Asks>,
    at: String,
    may_choose: bool,
}

async fn own_page(
    app: &App,
    signed_in: &SignedIn,
    stp: &entity::stp::Model,
    form: Option<Fields>,
) -> Result<Own, Fault> {
    let db = app.db.read();
    let national = find::in_force(db, None).await?;
    let current = find::current(db, Some(&stp.code), None).await?;
    let own = current.as_ref().map(find::read).transpose()?;
    let at = format!("/work/stps/{}/standard", stp.code);
    let form = form.unwrap_or_else(|| filled(app, own.as_ref().unwrap_or(&national)));
    let rows = find::list(db, Some(&stp.code)).await?;
    let in_force = current.as_ref().map(|row| row.id.as_str());
    Ok(Own {
        page: staff::page(format!("The standard of {}", stp.display_name), signed_in, Some(stp))
            .at(&at, true)
            .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
            .wrong(form.is_wrong()),
        name: stp.display_name.clone(),
        lines: rows.iter().map(|row| line(row, in_force, String::new())).collect(),
        compared: own.as_ref().map(|own| compared(&national, own)),
        national: national.version,
        form,
        asks: asks(true),
        may_choose: signed_in.may(Action::AdoptStandard, &stp.code),
        at,
    })
}

async fn own(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mut view = own_page(&app, &signed_in, &stp, None).await?;
    if !asked.text("saved").is_empty() {
        let (title, text) = ("The standard is in force", "It stands beside the national one from now on.");
        let notice = Notice { kind: "success", title: title.into(), text: text.into() };
        view.page = view.page.noticed(Some(notice));
    }
    Ok(app.pages.render("pages/standards/own.html", &view))
}

async fn choose(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let national = find::in_force(app.db.read(), None).await?;
    let facts = document(&national);
    let text = |name: &str| match THRESHOLDS.iter().find(|threshold| threshold.key == name) {
        // What is the same everywhere is not asked.
        Some(threshold) if threshold.stricter == Stricter::Fixed => threshold.text(&facts),
        _ => typed.text(name).to_owned(),
    };
    let again = async |problems: Vec<Problem>| -> Result<Response, Fault> {
        let view = own_page(&app, &signed_in, &stp, Some(typed.fields(&problems))).await?;
        Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/standards/own.html", &view))
    };
    let draft = match Draft::parse(text, Some(&national)) {
        Ok(draft) => draft,
        Err(found) => return again(problems(found)).await,
    };
    let mut w = app.write(&signed_in, &request).await?;
    let id = w.id();
    let location = format!("/work/stps/{code}/standard?saved=1");
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    let made = match record::create(&mut w, &id, Some(&code), &draft).await {
        Ok(made) => made,
        Err(Unwritten::Taken) => {
            drop(w);
            return again(vec![taken()]).await;
        }
        Err(why) => return Err(anyhow::Error::from(why).into()),
    };
    record::adopt(&mut w, &made, &draft.author, &draft.reason).await.map_err(anyhow::Error::from)?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}
