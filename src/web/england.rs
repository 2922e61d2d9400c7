//! England: `/`.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use method::Severity;
use serde::Serialize;

use super::{
    asked::{Asked, Field},
    kept,
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    assessments::{
        Look,
        england::{self, Filter, View},
        restated::{self, RestatedEngland},
    },
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/", Access::Public, show)
}

#[derive(Serialize)]
struct Context {
    page: Page,
    england: View,
    fields: Vec<Field>,
    /// The day as the address says it, to be kept in links; empty for today.
    kept: String,
    /// Both answers, where what was known is asked for.
    known: Option<RestatedEngland>,
}

async fn show(State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap) -> Result<Response, Fault> {
    kept::answer(&app, format!("/{}", asked.with(&[])), &headers, async || make(&app, &asked).await).await
}

async fn make(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let db = app.db.read();
    let look = asked.look(&app.clock, db).await?;
    let as_at = look.as_at;
    let until = look.known;
    let areas = app.assessments.england(db, look).await?;
    let known = match (asked.known_at()?, until) {
        (Some(known), Some(until)) => {
            let look = Look { as_at, known: None, standard: asked.some("standard") };
            let now = app.assessments.england(db, look).await?;
            let standing = asked.with(&[("known_at", ""), ("as_at", &as_at.to_string())]);
            Some(restated::england(db, known, until, (&areas, &now), standing).await?)
        }
        _ => None,
    };
    let filter = Filter {
        region: asked.text("region").to_owned(),
        group: asked.text("group").to_owned(),
        severity: asked.text("severity").to_owned(),
    };
    let (regions, groups) = england::choices(&areas);
    let severities = Severity::ALL
        .iter()
        .map(|severity| (severity.code().to_owned(), format!("{} gaps", severity.name())));
    let fields = vec![
        Field::choice(
            "region",
            "Region",
            "All of England",
            asked,
            regions.into_iter().map(|name| (name.clone(), name)),
        ),
        Field::choice("group", "Group", "All groups", asked, groups),
        Field::choice("severity", "Areas with", "Any gap or none", asked, severities),
        Field::day("as_at", "As at", as_at.to_string()),
        Field::day(
            "known_at",
            "As known at the end of",
            asked.known_at()?.map(|known| known.day().to_string()).unwrap_or_default(),
        ),
    ];
    let page = Page::public("Engagement across England").at("/", true).described(
        "Who was consulted on England's 44 sustainability and transformation plans, and who is still to be.",
    );
    let kept = asked.kept();
    let context = Context { page, england: england::view(&areas, &filter), fields, kept, known };
    Ok(app.pages.render("pages/england/show.html", &context))
}
