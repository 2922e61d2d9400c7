//! Open data: `/data` and the files it names, as they stand when they are asked for. Every number is disclosed.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use entity::{reference_source, stp};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde::Serialize;

use super::{
    asked::Asked,
    files::{self, FileLink, each_format},
    kept,
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    assessments::{
        files as table,
        record::{self, Scope},
    },
    export::{Format, Kind},
    fault::Fault,
    standards,
};

/// What the record's JSON may hold.
const SCHEMA: &str = include_str!("../../assets/record.schema.json");

pub fn routes(routes: Routes) -> Routes {
    let routes = files::each(routes, each_format!("/data/gaps"), |format| {
        move |State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap| gaps(app, asked, headers, format)
    });
    let routes = files::each(routes, each_format!("/data/events"), |format| {
        move |State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap| {
            events_england(app, asked, headers, format)
        }
    });
    let routes = files::each(routes, each_format!("/stps/{stp}/events"), |format| {
        move |State(app): State<Arc<App>>, Path(code): Path<String>, asked: Asked| {
            events_area(app, code, asked, format)
        }
    });
    routes
        .get("/data", Access::Public, show)
        .get("/data/record.json", Access::Public, record_england)
        .get("/data/record.schema.json", Access::Public, schema)
        .get("/stps/{stp}/record.json", Access::Public, record_area)
}

#[derive(Serialize)]
struct Context {
    page: Page,
    files: Files,
    gaps: Vec<Column>,
    events: Vec<Column>,
    stps: Vec<Area>,
    sources: Vec<reference_source::Model>,
}

/// The tables of England, each as four files.
#[derive(Serialize)]
struct Files {
    england: Vec<FileLink>,
    gaps: Vec<FileLink>,
    events: Vec<FileLink>,
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    meaning: &'static str,
}

#[derive(Serialize)]
struct Area {
    gaps: Vec<FileLink>,
    events: Vec<FileLink>,
    code: String,
    name: String,
}

async fn show(State(app): State<Arc<App>>) -> Result<Response, Fault> {
    let stps = stp::Entity::find().order_by_asc(stp::Column::DisplayName).all(app.db.read()).await?;
    let sources = reference_source::Entity::find()
        .order_by_asc(reference_source::Column::Name)
        .all(app.db.read())
        .await?;
    let columns = |all: &[(&'static str, &'static str, Kind)]| {
        all.iter().map(|&(name, meaning, _)| Column { name, meaning }).collect()
    };
    let context = Context {
        page: Page::public("Open data").at("/data", true).under("England", "/"),
        files: Files {
            england: files::links("/data/england", ""),
            gaps: files::links("/data/gaps", ""),
            events: files::links("/data/events", ""),
        },
        gaps: columns(table::GAPS),
        events: columns(table::EVENTS),
        stps: stps
            .into_iter()
            .map(|stp| Area {
                gaps: files::links(&format!("/stps/{}/gaps", stp.code), ""),
                events: files::links(&format!("/stps/{}/events", stp.code), ""),
                code: stp.code,
                name: stp.display_name,
            })
            .collect(),
        sources,
    };
    Ok(app.pages.render("pages/data/show.html", &context))
}

/// The disclosed record of these STPs, cut where a day is asked for.
async fn shown(app: &App, scope: Scope<'_>, asked: &Asked) -> Result<method::Record, Fault> {
    let db = app.db.read();
    let look = asked.look(&app.clock, db).await?;
    let standard = standards::chosen(db, look.standard.as_deref(), look.known).await?;
    let mut all = match look.known {
        None => record::load(db, scope, standard).await?,
        Some(until) => record::load_known(db, scope, until, standard).await?,
    };
    if let Some(day) = asked.day("as_at")? {
        method::as_at::cut(&mut all, day);
    }
    Ok(method::disclose(&all))
}

fn json(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        text,
    )
        .into_response()
}

async fn record_england(
    State(app): State<Arc<App>>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = format!("/data/record.json{}", asked.with(&[]));
    kept::answer(&app, address, &headers, async || england_record(&app, &asked).await).await
}

async fn england_record(app: &App, asked: &Asked) -> Result<Response, Fault> {
    Ok(json("record-england.json", shown(app, Scope::England, asked).await?.to_canonical()))
}

async fn record_area(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let codes = [known(&app, code).await?];
    Ok(json(
        &format!("record-{}.json", codes[0]),
        shown(&app, Scope::Stps(&codes), &asked).await?.to_canonical(),
    ))
}

/// The code, where there is such an STP.
async fn known(app: &App, code: String) -> Result<String, Fault> {
    let stp = stp::Entity::find_by_id(&code).one(app.db.read()).await?;
    stp.map(|stp| stp.code).ok_or(Fault::NotFound)
}

/// What an answer is kept under: the address, its ending and what it asks.
fn address(base: &str, format: Format, asked: &Asked) -> String {
    format!("{base}.{}{}", format.ending(), asked.with(&[]))
}

async fn gaps(app: Arc<App>, asked: Asked, headers: HeaderMap, format: Format) -> Result<Response, Fault> {
    let address = address("/data/gaps", format, &asked);
    kept::answer(&app, address, &headers, async || {
        let look = asked.look(&app.clock, app.db.read()).await?;
        let as_at = look.as_at;
        let areas = app.assessments.england(app.db.read(), look).await?;
        let title = "Gaps in engagement, England".to_owned();
        files::answer(&app, &format!("gaps-england-{as_at}"), title, as_at, vec![table::gaps(&areas)], format)
    })
    .await
}

async fn events_england(
    app: Arc<App>,
    asked: Asked,
    headers: HeaderMap,
    format: Format,
) -> Result<Response, Fault> {
    let address = address("/data/events", format, &asked);
    kept::answer(&app, address, &headers, async || {
        let tables = vec![table::events(&shown(&app, Scope::England, &asked).await?)];
        let as_at = asked.as_at(&app.clock)?;
        files::answer(&app, "events-england", "Events, England".to_owned(), as_at, tables, format)
    })
    .await
}

async fn events_area(app: Arc<App>, code: String, asked: Asked, format: Format) -> Result<Response, Fault> {
    let stp = stp::Entity::find_by_id(&code).one(app.db.read()).await?.ok_or(Fault::NotFound)?;
    let codes = [stp.code];
    let tables = vec![table::events(&shown(&app, Scope::Stps(&codes), &asked).await?)];
    let as_at = asked.as_at(&app.clock)?;
    let title = format!("Events, {}", stp.display_name);
    files::answer(&app, &format!("events-{}", codes[0]), title, as_at, tables, format)
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn schema() -> Response {
    ([(header::CONTENT_TYPE, "application/schema+json")], SCHEMA).into_response()
}
