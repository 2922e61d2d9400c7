//! A spreadsheet of entries: sent in, looked at, accepted.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{sheet, stp};
use sea_orm::DatabaseExecutor;
use serde::Serialize;

use super::{Called, address, known, page};
use crate::{
    app::App,
    auth::SignedIn,
    entries::{
        self, Noun,
        sheet::{Becomes, Plan, Planned, apply, plan, problems_csv},
        stored,
    },
    fault::Fault,
    web::{
        fields::Fields,
        form::{Problem, Typed},
        imports::send,
        page::Page,
        request::RequestId,
        staff,
    },
};

/// Rows that the page shows; the file of problems has them all.
const SHOWN: usize = 200;

#[derive(Serialize)]
struct New {
    page: Page,
    noun: Called,
    at: String,
    form: Fields,
    columns: Vec<Column>,
}

#[derive(Serialize)]
struct Column {
    key: &'static str,
    label: &'static str,
    hint: String,
}

fn new_view(noun: &'static dyn Noun, who: &SignedIn, stp: &stp::Model, form: Fields) -> New {
    let title = format!("Import {}", noun.about().many);
    let id = Column {
        key: "id",
        label: "Identity",
        hint: format!(
            "As an export gives it: the row changes that {}. Empty for a new one.",
            noun.about().one
        ),
    };
    let rest =
        noun.about().fields().map(|field| Column { key: field.key, label: field.label, hint: told(field) });
    New {
        page: page(&title, noun, who, stp, true).wrong(form.is_wrong()),
        noun: Called::of(noun),
        at: address(noun, stp),
        form,
        columns: std::iter::once(id).chain(rest).collect(),
    }
}

/// What a cell of a field may hold.
fn told(field: &entries::field::Field) -> String {
    use entries::field::{Kind, Source};
    let holds = match field.kind {
        Kind::Line | Kind::Text => "Text".to_owned(),
        Kind::Texts => "Texts with ; between them".to_owned(),
        Kind::Web => "A web address".to_owned(),
        Kind::Day => "A day, such as 2017-01-11".to_owned(),
        Kind::YesNo => "yes or no".to_owned(),
        Kind::One(Source::Words(words)) => {
            format!("One of {}", words().into_iter().map(|word| word.value).collect::<Vec<_>>().join(", "))
        }
        Kind::One(Source::Entries(key)) => {
            let one = entries::noun(key).map_or(key, |noun| noun.about().one);
            format!("The id or the title of a {one}")
        }
        Kind::One(_) => "A code or a name".to_owned(),
        Kind::Several(_) => "Codes or names with ; between them".to_owned(),
        Kind::Whole(least, most) => format!("A whole number from {least} to {most}"),
        Kind::Share => "From 0 to 1, such as 0.25".to_owned(),
        Kind::People => "A number of people, such as 40 or 20-30".to_owned(),
    };
    if field.required { format!("{holds}. Required") } else { holds }
}

pub async fn new(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let view = new_view(noun, &who, &stp, Fields::new(app.chance.id()));
    Ok(app.pages.render("pages/entries/import.html", &view))
}

/// Takes a file in, if it can be read as a sheet of this noun.
pub async fn send(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    form: Multipart,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let sent = send::read(form).await?;
    let refused = |message: String| {
        let fields = sent.typed.fields(&[Problem::new("file", message)]);
        let view = new_view(noun, &who, &stp, fields);
        app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/entries/import.html", &view)
    };
    if sent.too_large {
        return Ok(refused("The file must be 25 MB or smaller".into()));
    }
    let file = sent.file.clone().filter(|(name, bytes)| !name.is_empty() || !bytes.is_empty());
    let Some((name, bytes)) = file else { return Ok(refused("Choose a file".into())) };
    if let Err(why) = looked_at(&app, noun, &stp.code, &bytes, &name).await? {
        return Ok(refused(why));
    }
    let mut w = app.write(&who, &request).await?;
    let id = stored::keep(&mut w, noun, &stp.code, &name, bytes).await?;
    w.commit().await?;
    Ok(Redirect::to(&format!("{}/import/{id}", address(noun, &stp))).into_response())
}

/// What would become of each row of a file as everything stands now.
async fn looked_at(
    app: &App,
    noun: &'static dyn Noun,
    stp: &str,
    bytes: &[u8],
    name: &str,
) -> Result<Result<Plan, String>, Fault> {
    let (file, name) = (bytes.to_vec(), name.to_owned());
    let read = tokio::task::spawn_blocking(move || stored::open(&file, &name));
    let (sheet, text) = match read.await.map_err(anyhow::Error::from)? {
        Ok(read) => read,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let choices = known(app, noun, stp).await?;
    let all = entries::entries(noun, &DatabaseExecutor::from(app.db.read()), stp).await?;
    Ok(plan(noun, stp, &choices, &all, &sheet, text))
}

/// A file that waits, and what would become of it.
async fn waiting(
    app: &App,
    noun: &'static dyn Noun,
    stp: &str,
    id: &str,
) -> Result<(sheet::Model, Plan), Fault> {
    let kept = stored::find(app.db.read(), noun, stp, id).await?.ok_or(Fault::NotFound)?;
    let plan = looked_at(app, noun, stp, &kept.file, &kept.file_name).await?.map_err(Fault::Conflict)?;
    Ok((kept, plan))
}

#[derive(Serialize)]
struct Show {
    page: Page,
    noun: Called,
    here: String,
    file: String,
    form: Fields,
    digest: String,
    counts: Vec<Count>,
    rows: Vec<Row>,
    total: usize,
    to_write: usize,
    problems: usize,
    ignored: String,
    /// Whether what the page showed is no longer what would be done.
    stale: bool,
}

#[derive(Serialize)]
struct Count {
    number: usize,
    label: &'static str,
    hint: &'static str,
    kind: &'static str,
}

#[derive(Serialize)]
struct Row {
    number: usize,
    title: String,
    becomes: &'static str,
    colour: &'static str,
    said: Vec<String>,
}

fn row(planned: &Planned) -> Row {
    let (becomes, colour) = match planned.becomes {
        Becomes::Created => ("New", "green"),
        Becomes::Changed => ("Changed", "blue"),
        Becomes::Unchanged => ("Unchanged", "grey"),
        Becomes::Error => ("Not imported", "red"),
    };
    let quote = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
    let changes = planned
        .changes
        .iter()
        .map(|(label, before, after)| format!("{label}: {} becomes {}", quote(before), quote(after)));
    let problems = planned.problems.iter().map(|problem| match problem.column.as_str() {
        "" => problem.problem.clone(),
        column => format!("{column}: {}", problem.problem),
    });
    let said = if planned.becomes == Becomes::Error { problems.collect() } else { changes.collect() };
    Row { number: planned.row, title: planned.title.clone(), becomes, colour, said }
}

fn show_view(
    app: &App,
    noun: &'static dyn Noun,
    who: &SignedIn,
    stp: &stp::Model,
    (kept, plan): (&sheet::Model, &Plan),
    stale: bool,
) -> Show {
    let count = |becomes, label, hint, kind| Count { number: plan.count(becomes), label, hint, kind };
    // Rows with problems first: they are what someone must act on.
    let mut rows: Vec<&Planned> = plan.rows.iter().collect();
    rows.sort_by_key(|row| (row.becomes != Becomes::Error, row.row));
    let title = format!("Import {}", noun.about().many);
    Show {
        page: page(&title, noun, who, stp, true),
        noun: Called::of(noun),
        here: format!("{}/import/{}", address(noun, stp), kept.id),
        file: kept.file_name.clone(),
        form: Fields::new(app.chance.id()),
        digest: plan.digest(),
        counts: vec![
            count(Becomes::Created, "New", "would be added", ""),
            count(Becomes::Changed, "Changed", "would be changed", ""),
            count(Becomes::Unchanged, "Unchanged", "are here already", "none"),
            count(Becomes::Error, "Not imported", "have problems", "gap"),
        ],
        rows: rows.into_iter().take(SHOWN).map(row).collect(),
        total: plan.rows.len(),
        to_write: plan.to_write(),
        problems: plan.problems().count(),
        ignored: plan.ignored.join(", "),
        stale,
    }
}

pub async fn show(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let (kept, plan) = waiting(&app, noun, &stp.code, &id).await?;
    Ok(app
        .pages
        .render("pages/entries/sheet.html", &show_view(&app, noun, &who, &stp, (&kept, &plan), false)))
}

/// Writes what the page showed; where that is no longer what would be done, shows it anew.
pub async fn accept(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let done = format!("{}?imported=1", address(noun, &stp));
    let (kept, plan) = waiting(&app, noun, &stp.code, &id).await?;
    if typed.text("digest") != plan.digest() {
        let view = show_view(&app, noun, &who, &stp, (&kept, &plan), true);
        return Ok(app.pages.render_as(StatusCode::CONFLICT, "pages/entries/sheet.html", &view));
    }
    let mut w = app.write(&who, &request).await?;
    if stored::find(w.tx(), noun, &stp.code, &id).await?.is_none() {
        return Ok(Redirect::to(&done).into_response());
    }
    apply(noun, &mut w, &stp.code, &plan).await?;
    stored::drop(&mut w, &kept, plan.to_write()).await?;
    w.commit().await?;
    Ok(Redirect::to(&done).into_response())
}

/// The problems of a file that waits.
pub async fn problems(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let (_, plan) = waiting(&app, noun, &stp.code, &id).await?;
    let name = format!("attachment; filename=\"{}-problems.csv\"", noun.about().key);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, problems_csv(&plan)?).into_response())
}
