//! The record page of an STP, and the list of each noun: found, sorted and paged by its address.

use std::{cmp::Ordering, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use sea_orm::DatabaseExecutor;
use serde::Serialize;

use super::{Called, address, known, note, page};
use crate::{
    app::App,
    auth::SignedIn,
    entries::{
        self, Choices, Kept, Noun,
        field::{Choice, Field, Kind},
        shown,
    },
    fault::Fault,
    web::{
        files::{self, FileLink},
        form::Typed,
        page::{Notice, Page},
        request::RequestId,
        staff,
    },
};

/// Rows of a page.
const ROWS: usize = 50;

#[derive(Serialize)]
struct Record {
    page: Page,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    noun: Called,
    href: String,
    count: usize,
}

/// What an STP has put on record, noun by noun.
pub async fn record(
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mut rows = Vec::new();
    for noun in entries::all().iter().filter(|noun| who.may(noun.about().read, &stp.code)) {
        let count = noun.read(&DatabaseExecutor::from(app.db.read()), &stp.code, None).await?.len();
        rows.push(Line { noun: Called::of(*noun), href: address(*noun, &stp), count });
    }
    let page = staff::page("Record", &who, Some(&stp))
        .at(&super::record(&stp), true)
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code));
    Ok(app.pages.render("pages/entries/record.html", &Record { page, rows }))
}

#[derive(Serialize)]
struct Index {
    page: Page,
    noun: Called,
    at: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    total: usize,
    all: usize,
    filters: Vec<Filter>,
    q: String,
    kept: Vec<Carried>,
    next: String,
    first: String,
    may_write: bool,
    files: Vec<FileLink>,
}

/// A column of the list, and the address that sorts by it.
#[derive(Serialize)]
struct Column {
    label: &'static str,
    href: String,
    /// `ascending`, `descending` or empty.
    sorted: &'static str,
}

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    label: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: &'static str,
    value: String,
    options: Vec<Choice>,
    empty: &'static str,
    date: bool,
}

/// A part of the address that the filter must not lose.
#[derive(Serialize)]
struct Carried {
    name: &'static str,
    value: String,
}

/// What the address asks for.
struct Asked {
    q: String,
    sort: String,
    down: bool,
    page: usize,
    chosen: Vec<(&'static Field, String)>,
}

impl Asked {
    fn of(noun: &dyn Noun, query: &Typed) -> Self {
        let sort = query.text("sort");
        let chosen = narrowing(noun).map(|field| (field, query.text(field.key).to_owned()));
        Self {
            q: query.text("q").to_owned(),
            sort: sort.trim_start_matches('-').to_owned(),
            down: sort.starts_with('-'),
            page: query.text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1),
            chosen: chosen.filter(|(_, value)| !value.is_empty()).collect(),
        }
    }

    fn takes(&self, kept: &Kept, title: &str, cells: &[Cell]) -> bool {
        let chosen = |(field, value): &(&Field, String)| kept.values.list(field.key).contains(value);
        let text =
            format!("{title} {}", cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" "));
        let text = text.to_lowercase();
        self.chosen.iter().all(chosen)
            && self.q.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    /// The address of the list with this sorting and page.
    fn href(&self, at: &str, sort: &str, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        for (field, value) in &self.chosen {
            query.append_pair(field.key, value);
        }
        if !sort.is_empty() {
            query.append_pair("sort", sort);
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        let query = query.finish();
        if query.is_empty() { at.to_owned() } else { format!("{at}?{query}") }
    }

    fn sorting(&self) -> String {
        format!("{}{}", if self.down { "-" } else { "" }, self.sort)
    }
}

/// The fields that the list can be narrowed by: one of a few, among those that it shows.
fn narrowing(noun: &dyn Noun) -> impl Iterator<Item = &'static Field> + use<> {
    noun.about().fields().filter(|field| field.listed && matches!(field.kind, Kind::One(_)))
}

/// The fields of the list's columns: the first stands for the title, whatever it is.
fn columns(noun: &dyn Noun) -> Vec<&'static Field> {
    let first = noun.about().fields().next();
    noun.about().fields().filter(|field| field.listed && first.is_none_or(|f| f.key != field.key)).collect()
}

fn compare(field: &Field, choices: &Choices, a: &Kept, b: &Kept) -> Ordering {
    let key = |kept: &Kept| match field.kind {
        Kind::Day => kept.values.text(field.key).to_owned(),
        _ => shown(field, &kept.values, choices).to_lowercase(),
    };
    match field.kind {
        Kind::Whole(..) => a.values.whole(field.key).cmp(&b.values.whole(field.key)),
        _ => key(a).cmp(&key(b)),
    }
}

pub async fn index(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let query = Typed(query);
    let asked = Asked::of(noun, &query);
    let choices = known(&app, noun, &stp.code).await?;
    let mut all = entries::entries(noun, &DatabaseExecutor::from(app.db.read()), &stp.code).await?;
    let count = all.len();
    let fields = columns(noun);
    let at = address(noun, &stp);
    all.sort_by(|a, b| {
        let title = |kept: &Kept| noun.title(&kept.values, &choices).to_lowercase();
        let by = fields
            .iter()
            .find(|field| field.key == asked.sort)
            .map_or_else(|| title(a).cmp(&title(b)), |field| compare(field, &choices, a, b));
        if asked.down { by.reverse() } else { by }
    });
    let row = |kept: &Kept| Row {
        href: format!("{at}/{}", kept.id),
        title: noun.title(&kept.values, &choices),
        cells: fields
            .iter()
            .map(|field| Cell { label: field.label, text: shown(field, &kept.values, &choices) })
            .collect(),
    };
    let rows: Vec<(&Kept, Row)> = all.iter().map(|kept| (kept, row(kept))).collect();
    let taken: Vec<(&Kept, Row)> =
        rows.into_iter().filter(|(kept, row)| asked.takes(kept, &row.title, &row.cells)).collect();
    let total = taken.len();
    let (kept, rows): (Vec<&Kept>, Vec<Row>) =
        taken.into_iter().skip((asked.page - 1) * ROWS).take(ROWS).unzip();
    note(&app, noun, &who, &request, ("read", &stp.code, "list"), &kept).await?;
    let sorting = asked.sorting();
    let column = |key: &'static str, label: &'static str| {
        let here = asked.sort == key;
        let to = if here && !asked.down { format!("-{key}") } else { key.to_owned() };
        let sorted = match (here, asked.down) {
            (true, false) => "ascending",
            (true, true) => "descending",
            _ => "",
        };
        Column { label, href: asked.href(&at, &to, 1), sorted }
    };
    let first = noun.about().fields().next().map_or("Name", |field| field.label);
    let title = Column { sorted: if asked.sort.is_empty() { "ascending" } else { "" }, ..column("", first) };
    let filters = narrowing(noun).map(|field| Filter {
        name: field.key,
        label: field.label,
        value: query.text(field.key).to_owned(),
        options: choices.get(field.key).cloned().unwrap_or_default(),
        empty: "All",
        date: false,
    });
    let notice = query.has("removed").then(|| Notice {
        kind: "success",
        title: format!("The {} is removed", noun.about().one),
        text: "The journal keeps what it said. It can be put back from its page.".into(),
    });
    let imported = query.has("imported").then(|| Notice {
        kind: "success",
        title: "The spreadsheet is imported".into(),
        text: String::new(),
    });
    let view = Index {
        page: page(&noun.about().title(), noun, &who, &stp, false).noticed(notice.or(imported)),
        noun: Called::of(noun),
        columns: std::iter::once(title)
            .chain(fields.iter().map(|field| column(field.key, field.label)))
            .collect(),
        rows,
        total,
        all: count,
        filters: filters.collect(),
        next: if total > asked.page * ROWS {
            asked.href(&at, &sorting, asked.page + 1)
        } else {
            String::new()
        },
        first: if asked.page > 1 { asked.href(&at, &sorting, 1) } else { String::new() },
        kept: if sorting.is_empty() { Vec::new() } else { vec![Carried { name: "sort", value: sorting }] },
        q: asked.q,
        may_write: who.may(noun.about().write, &stp.code),
        files: files::links(&format!("{at}/export"), ""),
        at,
    };
    Ok(app.pages.render("pages/entries/index.html", &view))
}
