//! The report of an import: what becomes of each row, and how far it has come while something is being done.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use entity::{
    import::{Noun, State as Stage},
    import_row,
    import_row::Outcome,
    job, stp, user,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;

use super::{Choice, Tag, address, base, known, needed, stage};
use crate::{
    app::App,
    auth::SignedIn,
    fault::Fault,
    import::{
        draft::Draft,
        errors::{self, Errors},
        find::{self, Summary},
        map::Map,
    },
    web::{
        asked::Asked,
        fields::Fields,
        filters,
        page::{Notice, Page},
        staff,
    },
};

fn outcome(outcome: Outcome) -> Tag {
    let colour = match outcome {
        Outcome::Created => "green",
        Outcome::Planned => "blue",
        Outcome::Unchanged => "grey",
        Outcome::Skipped => "yellow",
        Outcome::Error => "red",
    };
    Tag { text: outcome.name(), colour }
}

#[derive(Serialize)]
struct Show {
    page: Page,
    at: String,
    form: Fields,
    noun: &'static str,
    stage: Tag,
    state: &'static str,
    problem: Option<String>,
    facts: Vec<Fact>,
    /// How far it has come, while something is being done.
    progress: Option<Progress>,
    stats: Vec<Stat>,
    to_write: i32,
    rows: Vec<Row>,
    total: i32,
    errors: i32,
    outcomes: Vec<Choice>,
    chosen: String,
    next: String,
    first: String,
    may_write: bool,
}

#[derive(Serialize)]
struct Fact {
    term: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Progress {
    doing: &'static str,
    done: i32,
    total: i32,
    /// Whether the page asks for itself again.
    refresh: bool,
}

#[derive(Serialize)]
struct Stat {
    number: String,
    label: &'static str,
    hint: &'static str,
    kind: &'static str,
}

#[derive(Serialize)]
struct Row {
    position: i32,
    reference: String,
    outcome: Tag,
    reason: String,
    href: String,
}

pub async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((code, id)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let import = known(&app, &stp, &id).await?;
    let at = format!("{}/{id}", address(&stp));
    let chosen = asked.text("outcome");
    let after = asked.text("after").parse().unwrap_or(0);
    let (rows, more) = if import.running() {
        (Vec::new(), false)
    } else {
        find::rows(app.db.read(), &id, Outcome::parse(chosen), after, find::PAGE).await?
    };
    let onward = |after: i32| format!("{at}?outcome={chosen}&after={after}");
    let next = rows.last().filter(|_| more).map(|row| onward(row.position)).unwrap_or_default();
    let all = Outcome::ALL.iter().map(|outcome| Choice {
        value: outcome.code().to_owned(),
        label: outcome.name().to_owned(),
        hint: String::new(),
    });
    let may_write = signed_in.may(needed(import.noun), &stp.code);
    let page = base(&import.file_name, &signed_in, &stp, false).under("Imports", address(&stp));
    let view = Show {
        page: page.noticed(notice(&import, &asked)),
        form: Fields::new(app.chance.id()),
        noun: if import.noun == Noun::Events { "events" } else { "stakeholders" },
        stage: stage(import.state),
        state: import.state.code(),
        problem: import.problem.clone().filter(|_| !import.running()),
        facts: facts(&app, &import).await?,
        progress: progress(&app, &import, asked.text("still").is_empty()).await?,
        stats: stats(&import),
        to_write: import.to_write(),
        rows: rows.into_iter().map(|row| line(row, &import, &stp)).collect(),
        total: import.rows_total,
        errors: import.n_error,
        outcomes: all.collect(),
        chosen: chosen.to_owned(),
        next,
        first: if after > 0 { onward(0) } else { String::new() },
        may_write,
        at,
    };
    Ok(app.pages.render("pages/imports/show.html", &view))
}

/// What has just been done, when it is done.
fn notice(import: &Summary, asked: &Asked) -> Option<Notice> {
    let said = match (asked.text("done"), import.state) {
        ("accepted", Stage::Accepted) => "The import is accepted",
        ("undone", Stage::Undone) => "The import is undone",
        _ => return None,
    };
    Some(Notice { kind: "success", title: said.to_owned(), text: String::new() })
}

async fn facts(app: &App, import: &Summary) -> Result<Vec<Fact>, Fault> {
    let by = match &import.user_id {
        None => "A command".to_owned(),
        Some(id) => {
            user::Entity::find_by_id(id).one(app.db.read()).await?.map(|user| user.name).unwrap_or_default()
        }
    };
    let mut facts = vec![
        Fact { term: "Lists", text: import.noun.name().to_owned() },
        Fact {
            term: "Read as",
            text: Map::own(&import.map_name).map_or_else(|| import.map_name.clone(), |map| map.title),
        },
        Fact { term: "Sent in by", text: by },
        Fact { term: "Sent in on", text: filters::instant(&import.created_at) },
    ];
    facts.extend(import.accepted_at.map(|at| Fact { term: "Accepted on", text: filters::instant(&at) }));
    facts.extend(import.undone_at.map(|at| Fact { term: "Undone on", text: filters::instant(&at) }));
    Ok(facts)
}

async fn progress(app: &App, import: &Summary, refresh: bool) -> Result<Option<Progress>, Fault> {
    let doing = match import.state {
        Stage::Checking => "Checking each row. Nothing is written to the record yet.",
        Stage::Accepting => "Writing the records.",
        Stage::Undoing => "Taking the records away again.",
        Stage::Checked | Stage::Accepted | Stage::Undone | Stage::Failed => return Ok(None),
    };
    let job = job::Entity::find()
        .filter(job::Column::SubjectId.eq(&import.id))
        .order_by_desc(job::Column::CreatedAt)
        .order_by_desc(job::Column::Id)
        .one(app.db.read())
        .await?;
    let (done, total) = job.map_or((0, 0), |job| (job.done, job.total));
    Ok(Some(Progress { doing, done, total, refresh }))
}

fn stats(import: &Summary) -> Vec<Stat> {
    let done = matches!(import.state, Stage::Accepted | Stage::Undone);
    let stat = |number: i32, label, hint, kind| Stat {
        number: filters::thousands(number.into()),
        label,
        hint,
        kind,
    };
    vec![
        stat(import.n_created, "created", if done { "written" } else { "to be written" }, ""),
        stat(import.n_planned, "planned", "announced, not known to be held", ""),
        stat(import.n_unchanged, "unchanged", "here already", "none"),
        stat(import.n_skipped, "skipped", "changed since an earlier import", "unknown"),
        stat(import.n_error, "errors", "cannot be imported", if import.n_error > 0 { "gap" } else { "none" }),
    ]
}

fn line(row: import_row::Model, import: &Summary, stp: &stp::Model) -> Row {
    // Only what was written, or is here, can be led to.
    let here = row.outcome == Outcome::Unchanged || import.state == Stage::Accepted;
    let draft = row.draft.as_deref().filter(|_| here && row.outcome != Outcome::Error);
    let href = match draft.map(serde_json::from_str) {
        Some(Ok(Draft::Events(records))) => format!("/work/stps/{}/events/{}", stp.code, records.event.id),
        _ => String::new(),
    };
    Row {
        position: row.position,
        reference: row.external_id.filter(|id| !id.starts_with("row-")).unwrap_or_default(),
        outcome: outcome(row.outcome),
        reason: row.reason,
        href,
    }
}

/// The rows that cannot be imported, to correct and send in again.
pub async fn errors_file(
    State(app): State<Arc<App>>,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let import = known(&app, &stp, &id).await?;
    let mut file = Errors::default();
    let mut after = 0;
    loop {
        let (rows, more) = find::rows(app.db.read(), &id, Some(Outcome::Error), after, 1000).await?;
        for row in rows {
            after = row.position;
            let cells = serde_json::from_str(&row.source).map_err(anyhow::Error::from)?;
            let cells = if errors::repeats_rows(import.noun) { cells } else { Vec::new() };
            let position = usize::try_from(row.position).unwrap_or(0);
            file.add(&errors::Problem { position, reason: &row.reason, cells })
                .map_err(anyhow::Error::from)?;
        }
        if !more {
            break;
        }
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"errors.csv\""),
    ];
    Ok((headers, file.finish()?).into_response())
}
