//! Questions and challenges that were answered and published: `/stps/{stp}/questions`.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use serde::Serialize;

use super::{
    filters, kept,
    page::Page,
    routes::{Access, Routes},
    staff,
};
use crate::{app::App, entries::questions, fault::Fault};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/stps/{stp}/questions", Access::Public, index)
}

#[derive(Serialize)]
struct Index {
    page: Page,
    name: String,
    questions: Vec<Row>,
    /// Questions that are not answered yet: their number alone.
    open: usize,
}

#[derive(Serialize)]
struct Row {
    id: String,
    kind: &'static str,
    asked_by: String,
    question: String,
    received: String,
    answered: String,
    answer: String,
    url: String,
}

async fn index(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = format!("/stps/{code}/questions");
    kept::answer(&app, address, &headers, async || {
        let stp = staff::stp(&app, &code).await?;
        let (published, open) = questions::published(app.db.read(), &code, app.clock.today()).await?;
        let day = |day: Option<chrono::NaiveDate>| day.map(filters::day).unwrap_or_default();
        let row = |row: entity::question::Model| Row {
            id: row.id,
            kind: row.kind.name(),
            asked_by: row.asked_by.unwrap_or_default(),
            question: row.question,
            received: day(row.received_on),
            answered: day(row.answered_on),
            answer: row.answer.unwrap_or_default(),
            url: row.published_url.filter(|url| filters::is_web(url)).unwrap_or_default(),
        };
        let name = stp.display_name;
        let page = Page::public(format!("Questions and answers, {name}"))
            .at("/", false)
            .under("England", "/")
            .under(&name, format!("/stps/{code}"))
            .described(format!("What was asked of the plan for {name}, and what was answered."));
        let context = Index { page, name, questions: published.into_iter().map(row).collect(), open };
        Ok(app.pages.render("pages/questions/index.html", &context))
    })
    .await
}
