//! Spreadsheets in, for one STP: `/work/stps/{stp}/imports`.
//!
//! ```text
//! new ─► file and what it lists ─► (queue: check) ─► show: the report ─┬─► columns ─► (queue: check again)
//!                                                                      ├─► acceptances ─► (queue: accept)
//!                                                                      └─► undoings ─► (queue: undo)
//! ```
//!
//! A report tells no names: of a list of people it shows each row's number, outcome and reason alone.

mod columns;
mod report;
pub mod send;

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, Path, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::{MethodFilter, on},
};
use entity::{
    import::{Noun, State as Stage},
    stp,
};
use serde::Serialize;

use super::{
    filters,
    form::{self, Typed},
    page::Page,
    request::RequestId,
    routes::{Access, Routes, Verb},
    staff,
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    fault::Fault,
    import::{
        self,
        find::{self, Summary},
        sheet, upload,
    },
};

const READ: Access = Access::Area(Action::ReadArea);
// Of a list of stakeholders the handlers ask for the right to write those as well.
const WRITE: Access = Access::Area(Action::WriteEvents);

pub fn routes(routes: Routes) -> Routes {
    // The file, and room for the form around it.
    let file = DefaultBodyLimit::max(sheet::BYTES + (1 << 20));
    let send = on(MethodFilter::POST, send::create).layer(file);
    routes
        .get("/work/stps/{stp}/imports", READ, index)
        .add(Verb::Post, "/work/stps/{stp}/imports", WRITE, send)
        .get("/work/stps/{stp}/imports/new", WRITE, send::new)
        .get("/work/stps/{stp}/imports/{id}", READ, report::show)
        .get("/work/stps/{stp}/imports/{id}/errors.csv", READ, report::errors_file)
        .get("/work/stps/{stp}/imports/{id}/columns", WRITE, columns::show)
        .post("/work/stps/{stp}/imports/{id}/columns", WRITE, columns::choose)
        .post("/work/stps/{stp}/imports/{id}/acceptances", WRITE, accept)
        .post("/work/stps/{stp}/imports/{id}/undoings", WRITE, undo)
}

/// What someone must be allowed to do to import this.
fn needed(noun: Noun) -> Action {
    match noun {
        Noun::Events => Action::WriteEvents,
        Noun::Stakeholders => Action::WriteStakeholders,
    }
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/imports", stp.code)
}

fn base(title: &str, signed_in: &SignedIn, stp: &stp::Model, itself: bool) -> Page {
    staff::page(title, signed_in, Some(stp))
        .at(&address(stp), itself)
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
}

/// An import of this STP.
async fn known(app: &App, stp: &stp::Model, id: &str) -> Result<Summary, Fault> {
    let found = find::one(app.db.read(), id).await?;
    found.filter(|import| import.stp_code.as_deref() == Some(&stp.code)).ok_or(Fault::NotFound)
}

/// How an import's state is shown.
#[derive(Serialize)]
struct Tag {
    text: &'static str,
    colour: &'static str,
}

fn stage(stage: Stage) -> Tag {
    let colour = match stage {
        Stage::Checking | Stage::Accepting | Stage::Undoing => "yellow",
        Stage::Checked => "blue",
        Stage::Accepted => "green",
        Stage::Undone => "grey",
        Stage::Failed => "red",
    };
    Tag { text: stage.name(), colour }
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    imports: Vec<Line>,
    may_import: bool,
}

#[derive(Serialize)]
struct Line {
    id: String,
    file: String,
    noun: &'static str,
    when: String,
    stage: Tag,
    rows: i32,
    errors: i32,
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let imports = find::list(app.db.read(), Some(&stp.code)).await?;
    let line = |import: Summary| Line {
        when: filters::instant(&import.created_at),
        stage: stage(import.state),
        noun: import.noun.name(),
        rows: import.rows_total,
        errors: import.n_error,
        file: import.file_name,
        id: import.id,
    };
    let view = Index {
        page: base("Imports", &signed_in, &stp, true),
        at: address(&stp),
        imports: imports.into_iter().map(line).collect(),
        may_import: Noun::ALL.iter().any(|noun| signed_in.may(needed(*noun), &stp.code)),
    };
    Ok(app.pages.render("pages/imports/index.html", &view))
}

/// A choice of a list.
#[derive(Clone, Serialize)]
struct Choice {
    value: String,
    label: String,
    hint: String,
}

async fn accept(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let (from, to) = (Stage::Checked, Stage::Accepting);
    advance(&app, &signed_in, &request, (&code, &id), &typed, (from, to, "accepted")).await
}

async fn undo(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let (from, to) = (Stage::Accepted, Stage::Undoing);
    advance(&app, &signed_in, &request, (&code, &id), &typed, (from, to, "undone")).await
}

/// Moves an import on and puts the step in the queue.
async fn advance(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    (code, id): (&str, &str),
    typed: &Typed,
    (from, to, done): (Stage, Stage, &str),
) -> Result<Response, Fault> {
    let stp = staff::stp(app, code).await?;
    let import = known(app, &stp, id).await?;
    signed_in.permit(needed(import.noun), &stp.code)?;
    let mut w = app.write(signed_in, request).await?;
    let location = format!("{}/{id}?done={done}", address(&stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    if !upload::step(&mut w, &import, &[from], to, None).await? {
        let said = format!(
            "This import is no longer as the page showed it. It is: {}.",
            import.state.name().to_lowercase()
        );
        return Err(Fault::Conflict(said));
    }
    import::enqueue(&w, id).await?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}
