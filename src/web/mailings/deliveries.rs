//! A mailing's ledger: who was written to, as a page to look somebody up in and as a file that proves it.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use entity::{delivery, mailing};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    address, base,
    show::{Choice, called, reading},
};
use crate::{
    app::App,
    auth::SignedIn,
    export::csv,
    fault::Fault,
    journal::Entry,
    mailings::find::{self, Which},
    sign_offs::rows,
    web::{filters, page::Page, request::RequestId, staff},
};

/// How many digits of a digest the page shows; the file has them all.
const SHOWN: usize = 16;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    /// Words of a name, an organisation or an address.
    #[serde(default)]
    q: String,
    after: Option<String>,
}

#[derive(Serialize)]
struct Deliveries {
    page: Page,
    at: String,
    /// Where the list is signed off as proof.
    sign_offs: String,
    facts: Vec<Fact>,
    rows: Vec<Delivered>,
    states: Vec<Choice>,
    state: String,
    q: String,
    next: String,
    first: String,
}

/// Something that stands with the whole list.
#[derive(Serialize)]
struct Fact {
    term: &'static str,
    said: String,
}

#[derive(Serialize)]
struct Delivered {
    id: String,
    name: String,
    address: String,
    state: &'static str,
    said: String,
    tries: i32,
    when: String,
    next: String,
    /// How the digest of the very text that they got, or were to get, begins.
    sha256: String,
}

pub async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let which = Which { state: delivery::State::parse(&asked.state), words: asked.q.clone() };
    let (rows, more) = find::ledger(app.db.read(), &mailing.id, &which, asked.after.as_deref()).await?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    reading(&mailing, "deliveries").note(&app, &signed_in, &request, &ids).await?;
    let above = format!("{}/{}", address(&stp), mailing.id);
    let at = format!("{above}/deliveries");
    let page_of = |after: &str| {
        let asked =
            [("state", which.state.map_or("", delivery::State::code)), ("q", &which.words), ("after", after)];
        let asked = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
        format!("{at}?{asked}")
    };
    let model = Deliveries {
        page: base("Who was written to", &signed_in, &stp, false)
            .under("Mailings", address(&stp))
            .under(mailing.subject.clone(), &above),
        sign_offs: format!("{above}/sign-offs"),
        next: rows.last().filter(|_| more).map_or_else(String::new, |last| page_of(&last.id)),
        first: if asked.after.is_some() { page_of("") } else { String::new() },
        facts: facts(&mailing),
        rows: rows.into_iter().map(delivered).collect(),
        states: delivery::State::ALL
            .iter()
            .map(|state| Choice { value: state.code().into(), label: state.name().into() })
            .collect(),
        state: asked.state,
        q: asked.q,
        at,
    };
    Ok(app.pages.render("pages/mailings/deliveries.html", &model))
}

/// When the list was frozen and approved, and what was frozen.
fn facts(mailing: &mailing::Model) -> Vec<Fact> {
    let when = |at: Option<DateTime<Utc>>| at.map(|at| filters::instant(&at));
    let all = [
        ("Text and list frozen", when(mailing.frozen_at)),
        ("Comes from", mailing.sent_from.clone()),
        ("Approved", when(mailing.approved_at)),
        ("Sent since", when(mailing.starts_at)),
        ("Ended", when(mailing.finished_at)),
        ("SHA-256 of the text and its files", mailing.text_sha256.clone()),
    ];
    all.into_iter().filter_map(|(term, said)| Some(Fact { term, said: said? })).collect()
}

fn delivered(row: delivery::Model) -> Delivered {
    let name = called(&row);
    let said: Vec<String> = [row.reason, row.server_answer].into_iter().flatten().collect();
    Delivered {
        name,
        id: row.id,
        // What stands in for an address is none.
        address: if row.address.starts_with("none:") { String::new() } else { row.address },
        state: row.state.name(),
        said: said.join(". "),
        tries: row.attempts,
        when: filters::instant(&row.updated_at),
        next: row.next_attempt_at.map(|at| filters::instant(&at)).unwrap_or_default(),
        sha256: row.text_sha256.unwrap_or_default().chars().take(SHOWN).collect(),
    }
}

/// The whole ledger of a mailing as a file.
pub async fn file(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let from = mailing.sent_from.as_deref().unwrap_or_default();
    let (mut file, mut lines) = (csv::Rows::new(Vec::new(), &rows::columns())?, 0);
    rows::each(app.db.read(), &mailing.id, |row| {
        lines += 1;
        file.row(&row.cells(from))
    })
    .await?;
    let mut w = app.write(&signed_in, &request).await?;
    w.record(Entry {
        action: "export",
        table: "deliveries",
        id: &mailing.id,
        stp: Some(&stp.code),
        before: None,
        after: Some(json!({ "page": "deliveries.csv", "deliveries": lines })),
    });
    w.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"deliveries.csv\""),
    ];
    Ok((headers, file.finish()?).into_response())
}
