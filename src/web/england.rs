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
    assessments::england::{self, Filter, View},
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
}

async fn show(State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap) -> Result<Response, Fault> {
    kept::answer(&app, format!("/{}", asked.with(&[])), &headers, async || make(&app, &asked).await).await
}

async fn make(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let look = asked.look(&app.clock, app.db.read()).await?;
    let as_at = look.as_at;
    let areas = app.assessments.england(app.db.read(), look).await?;
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
    ];
    let page = Page::public("Engagement across England").at("/", true).described(
        "Who was consulted on England's 44 sustainability and transformation plans, and who is still to be.",
    );
    let kept = asked.kept();
    let context = Context { page, england: england::view(&areas, &filter), fields, kept };
    Ok(app.pages.render("pages/england/show.html", &context))
}
