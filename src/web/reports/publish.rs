//! Publishing an edition: choose the day, read the preview, publish once.
//!
//! ```text
//! new ─► choose the day and the title ─► preview: what everyone will see, byte for byte but for its links
//!                                    └─► publish (once, however often the form is posted) ─► the edition
//! ```

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    FileRow,
    staff::{At, Place},
};
use crate::{
    app::App,
    auth::SignedIn,
    fault::Fault,
    reports::{
        changes::Changes,
        compose::PAGE,
        edition::{LONGEST_TITLE, description, format, media_type, title},
        publish::{self, Asked, Prepared},
    },
    web::{
        fields::Fields,
        form::{self, Problem, Typed},
        page::Page,
        request::RequestId,
    },
};

#[derive(Deserialize)]
pub(super) struct AtFile {
    stp: Option<String>,
    name: String,
}

/// What was chosen for an edition.
struct Choice {
    as_at: NaiveDate,
    title: Option<String>,
}

/// Reads what was chosen; an empty day is wrong.
fn choice(typed: &Typed, today: NaiveDate) -> Result<Choice, Vec<Problem>> {
    let mut problems = Vec::new();
    let as_at = match typed.day("as_at", "The as-at date") {
        Ok(Some(day)) if day > today => {
            problems.push(Problem::new("as_at", "The as-at date must be today or in the past"));
            None
        }
        Ok(Some(day)) => Some(day),
        Ok(None) => {
            problems.push(Problem::new("as_at", "Enter the day on which the record is looked at"));
            None
        }
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let title = typed.some("title");
    if title.as_ref().is_some_and(|title| title.chars().count() > LONGEST_TITLE) {
        problems.push(Problem::new("title", format!("The title must be {LONGEST_TITLE} characters or less")));
    }
    match as_at {
        Some(as_at) if problems.is_empty() => Ok(Choice { as_at, title }),
        _ => Err(problems),
    }
}

#[derive(Serialize)]
struct New {
    page: Page,
    at: String,
    area: String,
    form: Fields,
    /// The title that is taken where none is typed.
    usual_title: String,
    ready: Option<Ready>,
}

/// An edition as it would be published.
#[derive(Serialize)]
struct Ready {
    number: i32,
    title: String,
    as_at: NaiveDate,
    finding: String,
    path: String,
    /// What was chosen, for links.
    query: String,
    chosen: Vec<(String, String)>,
    changes: Option<Changes>,
    files: Vec<FileRow>,
}

/// The form; once the day is chosen, with what would be published.
pub(super) async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(At { stp }): Path<At>,
    Query(typed): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let place = Place::find(&app, &signed_in, stp).await?;
    let typed = Typed(typed);
    let today = app.clock.today();
    if !["as_at-day", "as_at-month", "as_at-year"].iter().any(|name| typed.has(name)) {
        let form = Fields::new(app.chance.id()).with_day("as_at", Some(today));
        return Ok(ask(&app, &place, &signed_in, form, None, StatusCode::OK));
    }
    match choice(&typed, today) {
        Err(problems) => {
            let form = typed.fields(&problems);
            Ok(ask(&app, &place, &signed_in, form, None, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Ok(chosen) => {
            let mut form = typed.fields(&[]);
            form.key = app.chance.id();
            let prepared = prepare(&app, &place, &signed_in, &chosen).await?;
            let ready = Some(ready(prepared, &typed));
            Ok(ask(&app, &place, &signed_in, form, ready, StatusCode::OK))
        }
    }
}

fn ask(
    app: &App,
    place: &Place,
    signed_in: &SignedIn,
    form: Fields,
    ready: Option<Ready>,
    status: StatusCode,
) -> Response {
    let page = place.beneath("Publish a report", signed_in).wrong(form.is_wrong());
    let context = New {
        page,
        at: place.at.clone(),
        area: place.area.name().to_owned(),
        usual_title: title(place.area.name(), app.clock.today()),
        form,
        ready,
    };
    app.pages.render_as(status, "pages/reports/new.html", &context)
}

async fn prepare(app: &App, place: &Place, signed_in: &SignedIn, chosen: &Choice) -> Result<Prepared, Fault> {
    let asked = Asked {
        area: place.area.clone(),
        as_at: chosen.as_at,
        title: chosen.title.clone(),
        by: Some(signed_in.user_id.clone()),
    };
    Ok(publish::prepare(app, &asked).await?)
}

fn ready(prepared: Prepared, typed: &Typed) -> Ready {
    let chosen: Vec<(String, String)> =
        typed.0.iter().filter(|(name, _)| name != "form_key").cloned().collect();
    let files = prepared.composed.files.iter().map(|file| FileRow {
        name: file.name.clone(),
        what: description(&file.name),
        format: format(&file.name),
        size: i32::try_from(file.bytes.len()).unwrap_or(i32::MAX),
        sha256: String::new(),
    });
    Ready {
        number: prepared.edition.number,
        title: prepared.edition.title,
        as_at: prepared.edition.as_at,
        path: format!("/reports/{}/{}", prepared.edition.slug, prepared.edition.number),
        query: url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&chosen).finish(),
        chosen,
        files: files.collect(),
        finding: prepared.composed.finding,
        changes: prepared.composed.changes,
    }
}

/// A file of the edition as it would be published now. On its page, links to its files lead to their previews.
pub(super) async fn preview(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(AtFile { stp, name }): Path<AtFile>,
    Query(typed): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let place = Place::find(&app, &signed_in, stp).await?;
    let typed = Typed(typed);
    let chosen = choice(&typed, app.clock.today()).map_err(|_| Fault::NotFound)?;
    let prepared = prepare(&app, &place, &signed_in, &chosen).await?;
    let mut bytes = prepared.composed.file(&name).ok_or(Fault::NotFound)?.to_owned();
    if name == PAGE {
        bytes = with_previews(&bytes, &ready(prepared, &typed)).into_bytes();
    }
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    Ok(response)
}

/// The page with its links to files leading to their previews, since the files are not published yet.
fn with_previews(page: &[u8], ready: &Ready) -> String {
    let page = String::from_utf8_lossy(page).into_owned();
    let query = ready.query.replace('&', "&amp;");
    ready.files.iter().fold(page, |page, file| {
        let published = format!("href=\"{}/files/{}\"", ready.path, file.name);
        page.replace(&published, &format!("href=\"{}?{query}\"", file.name))
    })
}

/// Publishes an edition.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(At { stp }): Path<At>,
    typed: Typed,
) -> Result<Response, Fault> {
    let place = Place::find(&app, &signed_in, stp).await?;
    let chosen = match choice(&typed, app.clock.today()) {
        Ok(chosen) => chosen,
        Err(problems) => {
            let form = typed.fields(&problems);
            return Ok(ask(&app, &place, &signed_in, form, None, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    for _ in 0..publish::TRIES {
        let prepared = prepare(&app, &place, &signed_in, &chosen).await?;
        let location = format!("{}/{}?published=1", place.at, prepared.edition.number);
        let mut w = app.write(&signed_in, &request).await?;
        if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
            return Ok(Redirect::to(&seen).into_response());
        }
        if publish::write(&mut w, &prepared).await? {
            w.commit().await?;
            return Ok(Redirect::to(&location).into_response());
        }
    }
    Err(Fault::Conflict("Other editions were published at the same time. Publish yours once more.".into()))
}
