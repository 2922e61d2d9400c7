//! Proof of service: a mailing's ledger signed off by a person, `/work/stps/{stp}/mailings/{id}/sign-offs`, and taken out
//! as it stood then.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{delivery, mailing, mailing_proof, mailing_sign_off, stp};
use serde::{Deserialize, Serialize};
use serde_json::json;
#[cfg(feature = "pdf")]
use tokio::sync::oneshot;

use super::{READ, WRITE, address, base};
#[cfg(feature = "pdf")]
use crate::sign_offs::paper;
use crate::{
    app::App,
    auth::{Action, SignedIn},
    export::csv,
    fault::Fault,
    journal::{Entry, Writer},
    mailings,
    sign_offs::{
        LINES, NOTE, STATEMENT, find,
        record::{self, Signed},
        rows, snapshot,
    },
    web::{
        fields::Fields,
        filters,
        form::{self, Problem, Typed},
        page::Page,
        request::RequestId,
        routes::Routes,
        staff,
        stakeholders::done,
    },
};

pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/work/stps/{stp}/mailings/{id}/sign-offs", READ, index)
        .post("/work/stps/{stp}/mailings/{id}/sign-offs", WRITE, create)
        .get("/work/stps/{stp}/mailings/{id}/sign-offs/{number}/deliveries.csv", READ, deliveries);
    #[cfg(feature = "pdf")]
    let routes = routes.get("/work/stps/{stp}/mailings/{id}/sign-offs/{number}/proof.pdf", READ, proof);
    routes
}

#[derive(Deserialize)]
struct Asked {
    said: Option<String>,
    /// Those before the one with this number.
    before: Option<i32>,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    /// The page of the whole ledger, and the mailing's.
    ledger: String,
    mailing: String,
    form: Fields,
    /// Why there is nothing to sign off; or empty.
    refusal: &'static str,
    may_write: bool,
    statement: &'static str,
    note: usize,
    sha256: String,
    lines: usize,
    /// How many lines a PDF carries.
    most: usize,
    /// Whether this program makes PDFs.
    has_pdf: bool,
    doubts: i64,
    rows: Vec<SignedOff>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct SignedOff {
    number: i32,
    by: String,
    role: &'static str,
    on: String,
    statement: String,
    note: String,
    sha256: String,
    lines: i32,
    /// Whether the ledger is still the same.
    stands: bool,
}

impl From<(mailing_sign_off::Model, &str)> for SignedOff {
    fn from((row, now): (mailing_sign_off::Model, &str)) -> Self {
        Self {
            number: row.number,
            by: row.signer_name,
            role: row.signer_role.name(),
            on: filters::instant(&row.signed_at),
            statement: row.statement,
            note: row.note.unwrap_or_default(),
            stands: row.ledger_sha256 == now,
            sha256: row.ledger_sha256,
            lines: row.deliveries,
        }
    }
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((code, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = mailings::find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let mut view = view(&app, &signed_in, &stp, &mailing, asked.before).await?;
    view.form = Fields::new(app.chance.id());
    let said = asked.said.as_deref() == Some("signed");
    view.page = view.page.noticed(
        said.then(|| done("The ledger is signed off", "What you confirmed is kept below as it stands now.")),
    );
    Ok(app.pages.render("pages/mailings/sign_offs.html", &view))
}

async fn view(
    app: &App,
    signed_in: &SignedIn,
    stp: &stp::Model,
    mailing: &mailing::Model,
    before: Option<i32>,
) -> Result<Index, Fault> {
    let conn = app.db.read();
    let above = format!("{}/{}", address(stp), mailing.id);
    let at = format!("{above}/sign-offs");
    let counts = mailings::find::counts(conn, &mailing.id).await?;
    let (rows, more) = find::page(conn, &mailing.id, before).await?;
    let now = find::ledger(conn, &mailing.id).await?;
    Ok(Index {
        page: base("Proof of service", signed_in, stp, false)
            .under("Mailings", address(stp))
            .under(mailing.subject.clone(), &above),
        ledger: format!("{above}/deliveries"),
        mailing: above,
        form: Fields::default(),
        refusal: record::refusal(mailing, &counts).unwrap_or_default(),
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
        statement: STATEMENT,
        note: NOTE,
        lines: now.lines,
        most: LINES,
        has_pdf: cfg!(feature = "pdf"),
        doubts: counts.get(delivery::State::Uncertain.code()).copied().unwrap_or(0),
        next: rows
            .last()
            .filter(|_| more)
            .map_or_else(String::new, |last| format!("{at}?before={}", last.number)),
        first: if before.is_some() { at.clone() } else { String::new() },
        rows: rows.into_iter().map(|row| (row, now.sha256.as_str()).into()).collect(),
        sha256: now.sha256,
        at,
    })
}

async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    // Whose it is comes before what is wrong with the form.
    let mailing = mailings::find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let note = match note(&typed) {
        Ok(note) => note,
        Err(problems) => {
            let mut view = view(&app, &signed_in, &stp, &mailing, None).await?;
            view.form = typed.fields(&problems);
            view.page = view.page.wrong(true);
            return Ok(refused(&app, StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let location = format!("{}/{id}/sign-offs?said=signed", address(&stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    let mailing = mailings::find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let seen = typed.text("ledger");
    match record::sign(&mut w, &app.config.face, &stp, &mailing, &signed_in, seen, note).await? {
        Signed::Done(_) => {
            w.commit().await?;
            Ok(Redirect::to(&location).into_response())
        }
        Signed::Refused(why) => Err(Fault::Conflict(why.into())),
        Signed::Changed => {
            drop(w);
            let mut view = view(&app, &signed_in, &stp, &mailing, None).await?;
            view.form = typed.fields(&[]).refused(
                "The ledger has changed since you opened this page. Look at it again before you sign it off",
            );
            view.page = view.page.wrong(true);
            Ok(refused(&app, StatusCode::CONFLICT, &view))
        }
    }
}

/// The note, of a form on which the statement is confirmed.
fn note(typed: &Typed) -> Result<Option<String>, Vec<Problem>> {
    let note = typed.some("note").map(|note| note.replace("\r\n", "\n"));
    let mut problems = Vec::new();
    if !typed.has("confirm") {
        problems.push(Problem::new("confirm", "Confirm the statement to sign the ledger off"));
    }
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE) {
        let most = filters::thousands(i64::try_from(NOTE).unwrap_or(i64::MAX));
        problems.push(Problem::new("note", format!("The note must be {most} characters or fewer")));
    }
    if problems.is_empty() { Ok(note) } else { Err(problems) }
}

fn refused(app: &App, status: StatusCode, view: &Index) -> Response {
    app.pages.render_as(status, "pages/mailings/sign_offs.html", view)
}

/// The sign-off in the address, and what is kept of it.
async fn found(
    app: &App,
    code: &str,
    id: &str,
    number: &str,
) -> Result<(mailing_sign_off::Model, mailing_proof::Model), Fault> {
    let stp = staff::stp(app, code).await?;
    let conn = app.db.read();
    let mailing = mailings::find::one(conn, &stp.code, id).await?.ok_or(Fault::NotFound)?;
    let number = number.parse().map_err(|_| Fault::NotFound)?;
    let sign_off = find::one(conn, &mailing.id, number).await?.ok_or(Fault::NotFound)?;
    let kept = find::proof(conn, &sign_off.id).await?;
    let kept = kept.with_context(|| format!("nothing is kept of sign-off {}", sign_off.id))?;
    Ok((sign_off, kept))
}

/// Writes down that a file of a sign-off was taken out.
fn exported(w: &mut Writer, of: &mailing_sign_off::Model, file: &str) {
    w.record(Entry {
        action: "export",
        table: "mailing_sign_offs",
        id: &of.id,
        stp: Some(&of.stp_code),
        before: None,
        after: Some(json!({ "page": file, "mailing_id": of.mailing_id, "deliveries": of.deliveries })),
    });
}

fn attachment(kind: &'static str, name: &str, number: i32, bytes: Vec<u8>) -> Response {
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{stem}-{number}.{ending}\"")),
    ];
    (headers, bytes).into_response()
}

/// The ledger as it stood when it was signed off.
async fn deliveries(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id, number)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let (sign_off, kept) = found(&app, &code, &id, &number).await?;
    let written = tokio::task::spawn_blocking(move || {
        let mut out = csv::Rows::new(Vec::new(), &rows::columns())?;
        let (facts, rows) = snapshot::open(&kept.snapshot)?;
        for row in rows {
            out.row(&row?.cells(&facts.sent_from))?;
        }
        out.finish()
    });
    let written = written.await.map_err(anyhow::Error::from)??;
    let mut w = app.write(&signed_in, &request).await?;
    exported(&mut w, &sign_off, "deliveries.csv");
    w.commit().await?;
    Ok(attachment("text/csv; charset=utf-8", "deliveries.csv", sign_off.number, written))
}

/// The sign-off as a document: made when it is first asked for, and the same bytes ever after.
#[cfg(feature = "pdf")]
async fn proof(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id, number)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let (sign_off, kept) = found(&app, &code, &id, &number).await?;
    let number = sign_off.number;
    let (given, made) = oneshot::channel();
    let tasks = app.tasks.clone();
    // A long one is made to its end also when nobody waits for it any more: whoever asks again finds it.
    tasks.start("a proof of service", async move {
        let made = kept_or_made(&app, &signed_in, &request, &sign_off, kept).await;
        given.send(made).or_else(|unheard| unheard.map(drop))
    });
    let pdf = made.await.context("the proof was not made")??;
    Ok(attachment("application/pdf", "proof-of-service.pdf", number, pdf))
}

/// The document of a sign-off, kept for the next who asks.
#[cfg(feature = "pdf")]
async fn kept_or_made(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    sign_off: &mailing_sign_off::Model,
    kept: mailing_proof::Model,
) -> anyhow::Result<Vec<u8>> {
    let made = if kept.pdf.is_none() {
        let anchor = find::anchor(app.db.read(), &sign_off.id).await?;
        let anchor = anchor.context("the journal has no entry of the sign-off")?;
        Some(paper::make(sign_off, kept.snapshot, &anchor).await?)
    } else {
        None
    };
    let mut w = app.write(signed_in, request).await?;
    let pdf = match made {
        Some(made) => record::keep(&w, sign_off, made).await?,
        None => kept.pdf.unwrap_or_default(),
    };
    exported(&mut w, sign_off, "proof.pdf");
    w.commit().await?;
    Ok(pdf)
}
