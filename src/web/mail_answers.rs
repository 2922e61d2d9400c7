//! What mail servers' answers mean and what follows from each: `/mail-answers`, made from the table that decides.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::Serialize;

use super::{
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    mail::status::{Meaning, TABLE},
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/mail-answers", Access::Public, index)
}

#[derive(Serialize)]
struct Index {
    page: Page,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    says: &'static str,
    follows: &'static str,
}

/// What we do.
const fn follows(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Taken => "Counts as accepted",
        Meaning::NoSuchAddress => "Never written to again, until an administrator says so",
        Meaning::Later => "Tried again; as a returned letter, counted",
        Meaning::Refused => "This letter is given up; the address stays",
    }
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn index(State(app): State<Arc<App>>) -> Response {
    let rows = TABLE
        .iter()
        .map(|row| Row { code: row.code, name: row.name, says: row.says, follows: follows(row.meaning) })
        .collect();
    let page = Page::public("What mail servers’ answers mean")
        .under("England", "/")
        .described("What this site does with each answer of a mail server.");
    app.pages.render("pages/mail_answers/index.html", &Index { page, rows })
}
