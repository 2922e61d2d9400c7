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
    kept,
    page::Page,
    routes::{Access, Routes},
    stps::csv,
};
use crate::{
    app::App,
    assessments::{
        files,
        record::{self, Scope},
        standard,
    },
    fault::Fault,
};

/// What the record's JSON may hold.
const SCHEMA: &str = include_str!("../../assets/record.schema.json");

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/data", Access::Public, show)
        .get("/data/record.json", Access::Public, record_england)
        .get("/data/record.schema.json", Access::Public, schema)
        .get("/data/gaps.csv", Access::Public, gaps)
        .get("/data/events.csv", Access::Public, events_england)
        .get("/stps/{stp}/record.json", Access::Public, record_area)
        .get("/stps/{stp}/events.csv", Access::Public, events_area)
}

#[derive(Serialize)]
struct Context {
    page: Page,
    gaps: Vec<Column>,
    events: Vec<Column>,
    stps: Vec<Area>,
    sources: Vec<reference_source::Model>,
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    meaning: &'static str,
}

#[derive(Serialize)]
struct Area {
    code: String,
    name: String,
}

async fn show(State(app): State<Arc<App>>) -> Result<Response, Fault> {
    let stps = stp::Entity::find().order_by_asc(stp::Column::DisplayName).all(app.db.read()).await?;
    let sources = reference_source::Entity::find()
        .order_by_asc(reference_source::Column::Name)
        .all(app.db.read())
        .await?;
    let columns = |all: &[(&'static str, &'static str)]| {
        all.iter().map(|&(name, meaning)| Column { name, meaning }).collect()
    };
    let context = Context {
        page: Page::public("Open data").at("/data", true).under("England", "/"),
        gaps: columns(files::GAPS),
        events: columns(files::EVENTS),
        stps: stps.into_iter().map(|stp| Area { code: stp.code, name: stp.display_name }).collect(),
        sources,
    };
    Ok(app.pages.render("pages/data/show.html", &context))
}

/// The disclosed record of these STPs, cut where a day is asked for.
async fn shown(app: &App, scope: Scope<'_>, asked: &Asked) -> Result<method::Record, Fault> {
    let mut all = record::load(app.db.read(), scope, standard()).await?;
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

async fn gaps(State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap) -> Result<Response, Fault> {
    let address = format!("/data/gaps.csv{}", asked.with(&[]));
    kept::answer(&app, address, &headers, async || england_gaps(&app, &asked).await).await
}

async fn england_gaps(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let as_at = asked.as_at(&app.clock)?;
    let areas = app.assessments.england(app.db.read(), as_at).await?;
    Ok(csv(format!("gaps-england-{as_at}.csv"), files::gaps(&areas)?))
}

async fn events_england(
    State(app): State<Arc<App>>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = format!("/data/events.csv{}", asked.with(&[]));
    kept::answer(&app, address, &headers, async || england_events(&app, &asked).await).await
}

async fn england_events(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let all = shown(app, Scope::England, asked).await?;
    Ok(csv("events-england.csv".to_owned(), files::events(&all)?))
}

async fn events_area(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let codes = [known(&app, code).await?];
    let all = shown(&app, Scope::Stps(&codes), &asked).await?;
    Ok(csv(format!("events-{}.csv", codes[0]), files::events(&all)?))
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn schema() -> Response {
    ([(header::CONTENT_TYPE, "application/schema+json")], SCHEMA).into_response()
}
