//! The form of an entry: new, or of one there is.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::stp;
use sea_orm::DatabaseExecutor;
use serde::Serialize;

use super::{Called, address, found, known, note, page};
use crate::{
    app::App,
    auth::SignedIn,
    entries::{
        self, Choices, Kept, Noun, Values,
        field::{Choice, Field, Kind},
        read, save, shown,
    },
    fault::Fault,
    journal::Writer,
    web::{
        fields::Fields,
        form::{self, Problem, Typed},
        page::Page,
        request::RequestId,
        staff,
    },
};

#[derive(Serialize)]
struct View {
    page: Page,
    noun: Called,
    action: String,
    /// Where the form leads back to.
    back: String,
    form: Fields,
    sections: Vec<Group>,
    /// What someone else has saved meanwhile, beside what was typed.
    conflict: Vec<Compared>,
    version: i32,
}

#[derive(Serialize)]
struct Group {
    title: &'static str,
    fields: Vec<Asked>,
}

/// A field as the form asks for it.
#[derive(Serialize)]
struct Asked {
    key: &'static str,
    label: String,
    hint: &'static str,
    kind: &'static str,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Compared {
    term: &'static str,
    theirs: String,
    yours: String,
}

fn kind(field: &Field, choices: usize) -> &'static str {
    match field.kind {
        Kind::Line | Kind::Web => "line",
        Kind::Text => "text",
        Kind::Texts => "texts",
        Kind::Day => "day",
        Kind::YesNo => "yes_no",
        Kind::One(_) if choices <= 5 => "radios",
        Kind::One(_) => "select",
        Kind::Several(_) => "several",
        Kind::Whole(..) | Kind::Share | Kind::People => "number",
    }
}

fn sections(noun: &dyn Noun, choices: &Choices) -> Vec<Group> {
    let field = |field: &Field| {
        let options = choices.get(field.key).cloned().unwrap_or_default();
        // What need not be said says so; a box that is not ticked says no.
        let optional = !field.required && !matches!(field.kind, Kind::YesNo);
        let label = if optional { format!("{} (optional)", field.label) } else { field.label.to_owned() };
        Asked { key: field.key, label, hint: field.hint, kind: kind(field, options.len()), options }
    };
    let sections = noun.about().sections.iter();
    sections
        .map(|section| Group { title: section.title, fields: section.fields.iter().map(field).collect() })
        .collect()
}

/// A form page: `of` is the entry that it changes, none for a new one.
fn view(
    noun: &'static dyn Noun,
    choices: &Choices,
    form: Fields,
    of: Option<&Kept>,
    who: &SignedIn,
    stp: &stp::Model,
) -> View {
    let at = address(noun, stp);
    let one = noun.about().one;
    let (title, back) = match of {
        None => (format!("Add a {one}"), at.clone()),
        Some(kept) => (format!("Edit a {one}"), format!("{at}/{}", kept.id)),
    };
    View {
        page: page(&title, noun, who, stp, true).wrong(form.is_wrong()),
        noun: Called::of(noun),
        action: back.clone(),
        back,
        form,
        sections: sections(noun, choices),
        conflict: Vec::new(),
        version: of.map_or(0, |kept| kept.version),
    }
}

/// The form with what an entry says in it.
fn filled(noun: &dyn Noun, mut form: Fields, values: &Values) -> Fields {
    for field in noun.about().fields() {
        form = match field.kind {
            Kind::Day => form.with_day(field.key, values.day(field.key)),
            Kind::Texts => form.with(field.key, values.list(field.key).join("\n")),
            Kind::Several(_) => {
                values.list(field.key).iter().fold(form, |form, code| form.with(field.key, code))
            }
            _ if values.list(field.key).is_empty() => form,
            _ => form.with(field.key, values.text(field.key)),
        };
    }
    form
}

/// A new entry. What stands in the address under the name of a field stands in the form.
pub async fn new(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path(code): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let choices = known(&app, noun, &stp.code).await?;
    let query = Typed(query);
    let given = noun.about().fields().filter(|field| query.has(field.key));
    let form = given.fold(Fields::new(app.chance.id()), |form, field| match field.kind {
        Kind::Day => form.with_day(field.key, query.text(field.key).parse().ok()),
        _ => form.with(field.key, query.text(field.key)),
    });
    Ok(app.pages.render("pages/entries/edit.html", &view(noun, &choices, form, None, &who, &stp)))
}

pub async fn create(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let choices = known(&app, noun, &stp.code).await?;
    let refused = |problems: &[Problem]| {
        let view = view(noun, &choices, typed.fields(problems), None, &who, &stp);
        app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/entries/edit.html", &view)
    };
    let values = match read::form(noun, &choices, &typed) {
        Ok(values) => values,
        Err(problems) => return Ok(refused(&problems)),
    };
    let mut w = app.write(&who, &request).await?;
    let id = w.id();
    let location = format!("{}/{id}?saved=1", address(noun, &stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), &who, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    if let Some(problem) = twin(noun, &w, &stp.code, None, &values).await? {
        drop(w);
        return Ok(refused(&[problem]));
    }
    save::create(noun, &mut w, &stp.code, &id, &values).await?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

/// The problem where another entry has what no two may share.
async fn twin(
    noun: &dyn Noun,
    w: &Writer,
    stp: &str,
    id: Option<&str>,
    values: &Values,
) -> Result<Option<Problem>, Fault> {
    if noun.about().unique.is_empty() {
        return Ok(None);
    }
    let all = entries::entries(noun, &DatabaseExecutor::from(w.tx()), stp).await?;
    Ok(read::twin(noun, id, values, &all).map(|_| {
        let (field, problem) = read::twin_problem(noun);
        Problem::new(field, problem)
    }))
}

pub async fn edit(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let kept = found(&app, noun, &stp.code, &id).await?;
    note(&app, noun, &who, &request, ("read", &stp.code, &id), &[&kept]).await?;
    let choices = known(&app, noun, &stp.code).await?;
    let form = filled(noun, Fields::new(app.chance.id()), &kept.values);
    Ok(app.pages.render("pages/entries/edit.html", &view(noun, &choices, form, Some(&kept), &who, &stp)))
}

pub async fn update(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let kept = found(&app, noun, &stp.code, &id).await?;
    let choices = known(&app, noun, &stp.code).await?;
    let again = |problems: &[Problem], now: &Kept, stale: bool| {
        let mut view = view(noun, &choices, typed.fields(problems), Some(now), &who, &stp);
        if stale {
            view.conflict = compare(noun, &choices, now, &typed);
        } else {
            // Errors are put right against the version that was opened.
            view.version = typed.text("version").parse().unwrap_or(0);
        }
        let status = if stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        app.pages.render_as(status, "pages/entries/edit.html", &view)
    };
    let values = match read::form(noun, &choices, &typed) {
        Ok(values) => values,
        Err(problems) => return Ok(again(&problems, &kept, false)),
    };
    let mut w = app.write(&who, &request).await?;
    let now = entries::entry(noun, &DatabaseExecutor::from(w.tx()), &stp.code, &id).await?;
    let now = now.ok_or(Fault::NotFound)?;
    if typed.text("version") != now.version.to_string() {
        drop(w);
        note(&app, noun, &who, &request, ("read", &stp.code, &id), &[&now]).await?;
        return Ok(again(&[], &now, true));
    }
    if let Some(problem) = twin(noun, &w, &stp.code, Some(&id), &values).await? {
        drop(w);
        return Ok(again(&[problem], &now, false));
    }
    let location = format!("{}/{id}?saved=1", address(noun, &stp));
    if values == now.values {
        return Ok(Redirect::to(&location).into_response());
    }
    if !save::update(noun, &mut w, &stp.code, &now, &values).await? {
        drop(w);
        let now = found(&app, noun, &stp.code, &id).await?;
        return Ok(again(&[], &now, true));
    }
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

/// What is kept now beside what was typed, where they differ.
fn compare(noun: &dyn Noun, choices: &Choices, theirs: &Kept, typed: &Typed) -> Vec<Compared> {
    let yours = read::form(noun, choices, typed).unwrap_or_default();
    let fields = noun.about().fields();
    fields
        .filter(|field| theirs.values.list(field.key) != yours.list(field.key))
        .map(|field| Compared {
            term: field.label,
            theirs: shown(field, &theirs.values, choices),
            yours: shown(field, &yours, choices),
        })
        .collect()
}
