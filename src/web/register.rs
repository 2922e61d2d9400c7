//! The public register of events: `/events`, `/stps/{stp}/events`, `/events/{id}`.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{
    event::{Kind, Status},
    footprint, place, stp,
};
use method::words::{Audience, Group};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;

use super::{
    asked::{Asked, Field},
    england::{from, onward},
    files::{self, FileLink},
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    assessments::{
        counted::{What, Which},
        subject::Brief,
    },
    events::find::{Cursor, Filter},
    fault::Fault,
    register::{
        list::{self, Line, Page as Found},
        one::{self, Shown},
    },
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/events", Access::Public, index)
        .get("/events/counted", Access::Public, counted)
        .get("/stps/{stp}/events", Access::Public, area)
        .get("/events/{id}", Access::Public, show)
}

#[derive(Serialize)]
struct Index {
    page: Page,
    found: Found,
    fields: Vec<Field>,
    action: String,
    search: String,
    /// Whether the events are of one STP, so that its name need not stand in each line.
    one: bool,
    next: String,
    first: String,
    files: Vec<FileLink>,
}

/// What an address asks of the register. A word that is none of a list's is refused.
fn filter(asked: &Asked, stp: Option<String>) -> Result<Filter, Fault> {
    let refusal = |text: &str| Fault::BadRequest(format!("“{text}” is not one of the choices."));
    let kind = asked.some("kind").map(|text| Kind::parse(&text).ok_or_else(|| refusal(&text))).transpose()?;
    let status =
        asked.some("status").map(|text| Status::parse(&text).ok_or_else(|| refusal(&text))).transpose()?;
    Ok(list::filter(Filter {
        stp,
        kind,
        status,
        group: asked.some("group"),
        place: asked.some("place"),
        from: asked.day("from")?,
        to: asked.day("to")?,
        text: asked.some("q"),
        ..Filter::default()
    }))
}

/// Where a page of the list begins.
fn after(asked: &Asked) -> Result<Option<Cursor>, Fault> {
    let refusal = || Fault::BadRequest("The address of this page of the list is not whole.".to_owned());
    asked.some("after").map(|text| Cursor::parse(&text).ok_or_else(refusal)).transpose()
}

fn groups() -> Vec<(String, String)> {
    let of = |audience: &Audience| audience.groups().collect::<Vec<Group>>();
    let all = Audience::ALL.iter().flat_map(of);
    all.map(|group| (group.code().to_owned(), group.name().to_owned())).collect()
}

async fn list_of(
    app: &App,
    asked: &Asked,
    page: Page,
    action: String,
    stp: Option<String>,
    mut fields: Vec<Field>,
) -> Result<Response, Fault> {
    let one = stp.is_some();
    let wanted = filter(asked, stp)?;
    let cursor = after(asked)?;
    let found = list::page(app.db.read(), &wanted, cursor.as_ref()).await?;
    fields.extend([
        Field::choice("kind", "Kind", "All kinds", asked, list::kinds()),
        Field::choice("status", "Status", "Any status", asked, list::statuses()),
        Field::choice("group", "Group", "All groups", asked, groups()),
        Field::day("from", "From", asked.text("from").to_owned()),
        Field::day("to", "To", asked.text("to").to_owned()),
    ]);
    let next = if found.next.is_empty() {
        String::new()
    } else {
        format!("{action}{}", asked.with(&[("after", &found.next)]))
    };
    let first =
        if cursor.is_some() { format!("{action}{}", asked.with(&[("after", "")])) } else { String::new() };
    let context = Index {
        page,
        fields,
        search: asked.text("q").to_owned(),
        one,
        next,
        first,
        files: files::links(if action == "/events" { "/data/events" } else { &action }, ""),
        action,
        found,
    };
    Ok(app.pages.render("pages/register/index.html", &context))
}

async fn index(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Fault> {
    let areas = stp::Entity::find().order_by_asc(stp::Column::DisplayName).all(app.db.read()).await?;
    let areas = areas.into_iter().map(|stp| (stp.code, stp.display_name));
    let fields = vec![Field::choice("stp", "Area", "All of England", &asked, areas)];
    let page = Page::public("Events on the register").at("/events", true).under("England", "/");
    list_of(&app, &asked, page, "/events".to_owned(), asked.some("stp"), fields).await
}

async fn area(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let stp = stp::Entity::find_by_id(&code).one(app.db.read()).await?.ok_or(Fault::NotFound)?;
    let own =
        footprint::Entity::find().filter(footprint::Column::StpCode.eq(&code)).all(app.db.read()).await?;
    let codes: Vec<String> = own.into_iter().map(|row| row.place_code).collect();
    let places = place::Entity::find()
        .filter(place::Column::Code.is_in(codes))
        .order_by_asc(place::Column::Name)
        .all(app.db.read())
        .await?;
    let places = places.into_iter().map(|place| (place.code, place.name));
    let fields = vec![Field::choice("place", "Place", "All places", &asked, places)];
    let name = stp.display_name;
    let page = Page::public(format!("Events on the register, {name}"))
        .at("/events", false)
        .under("England", "/")
        .under(name, format!("/stps/{code}"));
    list_of(&app, &asked, page, format!("/stps/{code}/events"), Some(code), fields).await
}

/// Events on one page of a list of what a number counts.
const COUNTED: usize = 100;

#[derive(Serialize)]
struct Counted {
    page: Page,
    said: String,
    as_at: String,
    lines: Vec<Line>,
    total: usize,
    /// Whether the events are of one STP.
    one: bool,
    next: String,
    first: String,
}

/// Exactly the events that a number counts.
async fn counted(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Fault> {
    let refusal = |text: &str| Fault::BadRequest(format!("“{text}” is not one of the choices."));
    let what = asked.some("what").unwrap_or_else(|| What::Held.code().to_owned());
    let what = What::parse(&what).ok_or_else(|| refusal(&what))?;
    let group =
        asked.some("group").map(|text| Group::parse(&text).ok_or_else(|| refusal(&text))).transpose()?;
    let look = asked.look(&app.clock, app.db.read()).await?;
    let mut stps = stp::Entity::find().order_by_asc(stp::Column::Code).all(app.db.read()).await?;
    let one = asked.some("stp");
    if let Some(code) = &one {
        stps.retain(|stp| stp.code == *code);
        if stps.is_empty() {
            return Err(Fault::NotFound);
        }
    }
    let codes: Vec<String> = stps.iter().map(|stp| stp.code.clone()).collect();
    let all = Which { what, group }.events(app.db.read(), &codes, &look).await?;
    let from = from(&asked)?;
    let listed: Vec<Brief> = all.iter().skip(from).take(COUNTED).cloned().collect();
    let lines = list::of(app.db.read(), &listed).await?;
    let next = Some(from + COUNTED).filter(|next| *next < all.len());
    let (next, first) = onward("/events/counted", &asked, from, next);
    let name = one.as_ref().map_or("England", |_| stps[0].display_name.as_str());
    let page = Page::public(format!("{}, {name}", what.name())).at("/events", false).under("England", "/");
    let page = match &one {
        Some(code) => page.under(name, format!("/stps/{code}")),
        None => page,
    };
    let context = Counted {
        page,
        said: group.map(|group| format!("Those in which {} took part.", group.phrase())).unwrap_or_default(),
        as_at: look.as_at.to_string(),
        total: all.len(),
        lines,
        one: one.is_some(),
        next,
        first,
    };
    Ok(app.pages.render("pages/register/counted.html", &context))
}

#[derive(Serialize)]
struct Show {
    page: Page,
    event: Shown,
}

async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let event = one::one(app.db.read(), &id).await?.ok_or(Fault::NotFound)?;
    let page = Page::public(format!("{}, {}", event.title, event.stp_name))
        .at("/events", false)
        .under("England", "/")
        .under(&event.stp_name, format!("/stps/{}", event.stp_code))
        .under("Events", format!("/stps/{}/events", event.stp_code));
    Ok(app.pages.render("pages/register/show.html", &Show { page, event }))
}
