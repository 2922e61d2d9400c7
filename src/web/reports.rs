//! Published editions: `/reports`, `/reports/{slug}`, `/reports/{slug}/{number}` and the files of each.
//!
//! What is published is served as it was stored, byte for byte, with its SHA-256 as `ETag`. A copy may be kept and is
//! asked about again each time, which costs an answer without a body: an edition can be withdrawn, and its bytes are
//! then no longer handed out. Its page says when and why, and lists the files with their hashes.

mod publish;
mod staff;

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{edition, edition_file, stp};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};

use super::{
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    fault::Fault,
    reports::{
        compose::PAGE,
        edition::{ENGLAND, description, format, package},
        find::{self, FileFacts},
    },
};

pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/reports", Access::Public, index)
        .get("/reports/{slug}", Access::Public, area)
        .get("/reports/{slug}/{number}", Access::Public, show)
        .get("/reports/{slug}/{number}/files/{name}", Access::Public, file);
    staff::routes(routes)
}

#[derive(Deserialize)]
struct Listing {
    after: Option<String>,
}

/// An edition in a list.
#[derive(Serialize)]
struct Row {
    href: String,
    slug: String,
    area: String,
    number: i32,
    title: String,
    as_at: NaiveDate,
    published_at: DateTime<Utc>,
    manifest_sha256: String,
    package: String,
    withdrawn_at: Option<DateTime<Utc>>,
    withdrawn_reason: Option<String>,
    /// Whether it changed what an earlier one said.
    corrects: bool,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    rows: Vec<Row>,
    /// The area that the list is of; nothing where it is of all.
    area: Option<String>,
    /// The area's code, for who wants to hear of the next; empty for England and where the list is of all.
    stp: String,
    next: String,
    first: String,
}

/// All editions, the newest first.
async fn index(State(app): State<Arc<App>>, Query(asked): Query<Listing>) -> Result<Response, Fault> {
    let page = Page::public("Reports").described(
        "Every published report on who was engaged in the plans for health and care, and who was missed.",
    );
    list(&app, page.at("/reports", true), None, String::new(), asked).await
}

/// The editions of one area, the newest first.
async fn area(
    State(app): State<Arc<App>>,
    Path(slug): Path<String>,
    Query(asked): Query<Listing>,
) -> Result<Response, Fault> {
    let last = find::list(app.db.read(), find::Asked { slug: Some(&slug), after: None }).await?;
    let Some(last) = last.editions.first() else { return Err(Fault::NotFound) };
    let name = name(&app, last).await?;
    let page = Page::public(format!("Reports for {name}")).under("Reports", "/reports").at("/reports", false);
    let stp = last.stp_code.clone().unwrap_or_default();
    list(&app, page, Some((slug, name)), stp, asked).await
}

async fn list(
    app: &App,
    page: Page,
    area: Option<(String, String)>,
    stp: String,
    asked: Listing,
) -> Result<Response, Fault> {
    let slug = area.as_ref().map(|(slug, _)| slug.as_str());
    let found = find::list(app.db.read(), find::Asked { slug, after: asked.after.as_deref() }).await?;
    let here = slug.map_or_else(|| "/reports".to_owned(), |slug| format!("/reports/{slug}"));
    let next = found.next.map_or_else(String::new, |after| format!("{here}?after={after}"));
    let first = if asked.after.is_some() { here } else { String::new() };
    let rows = rows(app, found.editions).await?;
    let area = area.map(|(_, name)| name);
    Ok(app.pages.render("pages/reports/index.html", &Index { page, rows, area, stp, next, first }))
}

/// The editions as lists show them.
async fn rows(app: &App, editions: Vec<edition::Model>) -> Result<Vec<Row>, Fault> {
    let stps = stp::Entity::find().all(app.db.read()).await?;
    let name = |code: &Option<String>| match code {
        None => "England".to_owned(),
        Some(code) => stps
            .iter()
            .find(|stp| stp.code == *code)
            .map_or_else(|| code.clone(), |stp| stp.display_name.clone()),
    };
    Ok(editions
        .into_iter()
        .map(|edition| Row {
            href: format!("/reports/{}/{}", edition.slug, edition.number),
            area: name(&edition.stp_code),
            package: package(&edition.slug, u32::try_from(edition.number).unwrap_or_default()),
            number: edition.number,
            title: edition.title,
            as_at: edition.as_at,
            published_at: edition.published_at,
            manifest_sha256: edition.manifest_sha256,
            withdrawn_at: edition.withdrawn_at,
            withdrawn_reason: edition.withdrawn_reason,
            corrects: edition.changes != "null",
            slug: edition.slug,
        })
        .collect())
}

/// The area of an edition, as people call it.
async fn name(app: &App, edition: &edition::Model) -> Result<String, Fault> {
    match &edition.stp_code {
        None => Ok("England".to_owned()),
        Some(code) => {
            let stp = stp::Entity::find_by_id(code).one(app.db.read()).await?;
            Ok(stp.map_or_else(|| code.clone(), |stp| stp.display_name))
        }
    }
}

/// The page of an edition, as it was published.
async fn show(
    State(app): State<Arc<App>>,
    Path((slug, number)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Fault> {
    let edition = wanted(&app, &slug, &number).await?;
    if edition.withdrawn_at.is_some() {
        return withdrawn(&app, edition).await;
    }
    let page = find::file(app.db.read(), &edition.id, PAGE).await?.ok_or(Fault::NotFound)?;
    Ok(serve(page, &edition, &asked))
}

/// A file of an edition, as it was published.
async fn file(
    State(app): State<Arc<App>>,
    Path((slug, number, name)): Path<(String, String, String)>,
    asked: HeaderMap,
) -> Result<Response, Fault> {
    let edition = wanted(&app, &slug, &number).await?;
    let file = find::file(app.db.read(), &edition.id, &name).await?.ok_or(Fault::NotFound)?;
    if edition.withdrawn_at.is_some() {
        return withdrawn(&app, edition).await;
    }
    Ok(serve(file, &edition, &asked))
}

/// The edition of an address. A number is written in one way only: `/reports/dorset/01` is nothing.
async fn wanted(app: &App, slug: &str, number: &str) -> Result<edition::Model, Fault> {
    let read: i32 = number.parse().map_err(|_| Fault::NotFound)?;
    if read < 1 || read.to_string() != number {
        return Err(Fault::NotFound);
    }
    find::one(app.db.read(), slug, read).await?.ok_or(Fault::NotFound)
}

#[derive(Serialize)]
struct Withdrawn {
    page: Page,
    area: String,
    row: Row,
    files: Vec<FileRow>,
}

/// A file in a list.
#[derive(Serialize)]
struct FileRow {
    name: String,
    what: &'static str,
    format: &'static str,
    size: i32,
    sha256: String,
}

fn file_row(file: FileFacts) -> FileRow {
    FileRow {
        what: description(&file.name),
        format: format(&file.name),
        name: file.name,
        size: file.size,
        sha256: file.sha256,
    }
}

/// Says that an edition was withdrawn, when and why.
async fn withdrawn(app: &App, edition: edition::Model) -> Result<Response, Fault> {
    let files = find::files(app.db.read(), &edition.id).await?.into_iter().map(file_row).collect();
    let Some(row) = rows(app, vec![edition]).await?.pop() else { return Err(Fault::NotFound) };
    let mut page = Page::public(format!("Withdrawn: {}", row.title))
        .under("Reports", "/reports")
        .under(&row.area, format!("/reports/{}", row.slug))
        .at("/reports", false);
    page.hidden = true;
    let area = row.area.clone();
    let context = Withdrawn { page, area, row, files };
    let mut response = app.pages.render_as(StatusCode::GONE, "pages/reports/withdrawn.html", &context);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Answers with stored bytes, or with 304 where the asker has them.
fn serve(file: edition_file::Model, edition: &edition::Model, asked: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", file.sha256);
    let mut response =
        if has(asked, &etag) { StatusCode::NOT_MODIFIED.into_response() } else { file.bytes.into_response() };
    let name = match file.name.rsplit_once('.') {
        Some((stem, "csv")) => Some(format!("{}-{}-{stem}.csv", edition.slug, edition.number)),
        Some((_, "zip")) => Some(file.name),
        _ => None,
    };
    let pairs = [
        (header::CONTENT_TYPE, Some(file.media_type)),
        (header::ETAG, Some(etag)),
        (header::CACHE_CONTROL, Some("public, no-cache".to_owned())),
        (header::CONTENT_DISPOSITION, name.map(|name| format!("attachment; filename=\"{name}\""))),
    ];
    for (name, text) in pairs {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whether the asker has what this tag names.
fn has(asked: &HeaderMap, etag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH);
    let tags = tags.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    tags.map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// Where staff keep the reports of an area.
fn staff_home(stp: Option<&str>) -> String {
    stp.map_or_else(|| format!("/work/{ENGLAND}/reports"), |code| format!("/work/stps/{code}/reports"))
}
