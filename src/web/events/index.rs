//! The events of an STP: filtered, searched, a page at a time. Everything stands in the address.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::event::{Kind, Publication, Status};
use serde::Serialize;

use super::{
    at, choices,
    options::{self, Choice},
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    events::{Choices, Cursor, Filter, Part, facts, find},
    fault::Fault,
    web::{
        form::Typed,
        page::{Notice, Page},
    },
};

/// Events on one page.
const SIZE: u64 = 25;

#[derive(Serialize)]
struct Context {
    page: Page,
    at: String,
    area: String,
    may_write: bool,
    fields: Vec<Field>,
    search: String,
    problems: Vec<String>,
    filtered: bool,
    rows: Vec<Row>,
    next: String,
    first: String,
}

/// A field of the filter.
#[derive(Serialize)]
struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
    options: Vec<Choice>,
    empty: &'static str,
    date: bool,
}

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    kind: &'static str,
    when: String,
    groups: Vec<String>,
    people: String,
    places: String,
    status: &'static str,
    status_colour: &'static str,
    publication: &'static str,
    publication_colour: &'static str,
    unfinished: bool,
}

pub async fn index(
    State(app): State<Arc<App>>,
    Path(stp): Path<String>,
    signed_in: SignedIn,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let asked = Typed(asked);
    let (filter, problems) = filter(&asked, &stp);
    let after = match asked.text("after") {
        "" => None,
        text => Some(Cursor::parse(text).ok_or_else(|| Fault::BadRequest("There is no such page.".into()))?),
    };
    let listed = find::list(app.db.read(), &filter, after.as_ref(), SIZE).await?;
    let ids: Vec<String> = listed.events.iter().map(|event| event.id.clone()).collect();
    let mut parts = BTreeMap::<String, Vec<Part>>::new();
    for (id, part) in find::parts_of(app.db.read(), ids.clone()).await? {
        parts.entry(id).or_default().push(part);
    }
    let mut places = BTreeMap::<String, Vec<String>>::new();
    for (id, place) in find::places_of(app.db.read(), ids).await? {
        places.entry(id).or_default().push(place);
    }
    let names = choices.names();
    let at = at(&stp);
    let rows = listed
        .events
        .iter()
        .map(|event| row(event, parts.remove(&event.id), places.remove(&event.id), &names, &at))
        .collect();
    let notice = (asked.text("saved") == "withdrawn").then(|| Notice {
        kind: "success",
        title: "The event is withdrawn".into(),
        text: "It is in no list and counts nowhere. The journal keeps it.".into(),
    });
    let page = super::page(format!("Events in {}", choices.stp.display_name), &signed_in, &choices)
        .at(&at, true)
        .wrong(!problems.is_empty())
        .noticed(notice);
    let context = Context {
        page,
        area: choices.stp.display_name.clone(),
        may_write: signed_in.may(Action::WriteEvents, &stp),
        fields: fields(&asked, &choices),
        search: asked.text("q").to_owned(),
        filtered: filter != Filter { stp: Some(stp.clone()), ..Filter::default() },
        rows,
        next: listed.next.map(|next| address(&at, &asked, Some(&next))).unwrap_or_default(),
        first: after.map(|_| address(&at, &asked, None)).unwrap_or_default(),
        at,
        problems,
    };
    let status = if context.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(app.pages.render_as(status, "pages/events/index.html", &context))
}

/// The filter that the address asks for, and what in it could not be read.
fn filter(asked: &Typed, stp: &str) -> (Filter, Vec<String>) {
    let mut problems = Vec::new();
    let mut day = |name: &str, label: &str| {
        let text = asked.text(name);
        let read = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        if read.is_none() && !text.is_empty() {
            problems.push(format!("{label} must be a date such as 2017-01-11"));
        }
        read
    };
    let (from, to) = (day("from", "From"), day("to", "To"));
    let filter = Filter {
        stp: Some(stp.to_owned()),
        kind: Kind::parse(asked.text("kind")),
        status: Status::parse(asked.text("status")),
        group: asked.some("group"),
        place: asked.some("place"),
        publication: Publication::parse(asked.text("publication")),
        from,
        to,
        text: asked.some("q"),
        unfinished: asked.text("unfinished") == "yes",
    };
    (filter, problems)
}

fn fields(asked: &Typed, choices: &Choices) -> Vec<Field> {
    let field = |name, label, empty, options| Field {
        name,
        label,
        value: asked.text(name).to_owned(),
        options,
        empty,
        date: false,
    };
    let groups: Vec<Choice> =
        choices.groups.iter().map(|group| Choice::new(&group.row.code, &group.row.name)).collect();
    let day = |name, label| Field { date: true, ..field(name, label, "", Vec::new()) };
    vec![
        field("kind", "Kind", "All kinds", options::all_kinds()),
        field("status", "Held or not", "All", options::statuses()),
        field("group", "Group", "All groups", groups),
        field("place", "Place", "All places", options::all_places(choices)),
        field("publication", "Who may read it", "All", options::publications()),
        field(
            "unfinished",
            "Complete or not",
            "All",
            vec![Choice::new("yes", "Unfinished: no numbers or no level")],
        ),
        day("from", "From"),
        day("to", "To"),
    ]
}

/// The list's address with its filters, from `after` on.
fn address(at: &str, asked: &Typed, after: Option<&Cursor>) -> String {
    let kept = ["q", "kind", "status", "group", "place", "publication", "unfinished", "from", "to"];
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in kept {
        if let Some(text) = asked.some(name) {
            query.append_pair(name, &text);
        }
    }
    if let Some(after) = after {
        query.append_pair("after", &after.to_string());
    }
    let query = query.finish();
    if query.is_empty() { at.to_owned() } else { format!("{at}?{query}") }
}

fn row(
    event: &entity::event::Model,
    parts: Option<Vec<Part>>,
    places: Option<Vec<String>>,
    names: &BTreeMap<String, String>,
    at: &str,
) -> Row {
    let name = |code: &String| names.get(code).unwrap_or(code).clone();
    let parts = parts.unwrap_or_default();
    let counted: Vec<&Part> = parts.iter().filter(|part| part.attended.is_some()).collect();
    let people = match counted.as_slice() {
        [only] if parts.len() == 1 => only
            .attended
            .as_ref()
            .map(|n| facts::people(&n.words, n.low.into(), n.high.into()))
            .unwrap_or_default(),
        some => {
            let each = some
                .iter()
                .filter_map(|part| Some(format!("{}: {}", name(&part.group), part.attended.as_ref()?.words)));
            each.chain(event.attendance_note.clone()).collect::<Vec<_>>().join("; ")
        }
    };
    let mut places: Vec<String> = places.unwrap_or_default().iter().map(name).collect();
    if event.online {
        places.push("online".into());
    }
    let status = super::show::status_tag(event.status);
    let publication = super::show::publication_tag(event.publication);
    Row {
        href: format!("{at}/{}", event.id),
        title: event.title.clone(),
        kind: event.kind.name(),
        when: super::show::when(event),
        groups: parts.iter().filter(|part| part.took_part).map(|part| name(&part.group)).collect(),
        people,
        places: places.join(", "),
        status: status.text,
        status_colour: status.colour,
        publication: publication.text,
        publication_colour: publication.colour,
        unfinished: event.status == Status::Held && (counted.is_empty() || event.level.is_none()),
    }
}
