//! What this site says of itself: `/accessibility`, `/privacy`, `/cookies`.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::Serialize;

use super::{
    page::Page,
    routes::{Access, Routes},
};
use crate::app::App;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/accessibility", Access::Public, accessibility).get("/privacy", Access::Public, privacy).get(
        "/cookies",
        Access::Public,
        cookies,
    )
}

#[derive(Serialize)]
struct Context {
    page: Page,
}

fn statement(app: &App, title: &str, template: &str) -> Response {
    app.pages.render(template, &Context { page: Page::public(title).under("England", "/") })
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn accessibility(State(app): State<Arc<App>>) -> Response {
    statement(&app, "Accessibility statement", "pages/statements/accessibility.html")
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn privacy(State(app): State<Arc<App>>) -> Response {
    statement(&app, "Privacy notice", "pages/statements/privacy.html")
}

#[allow(clippy::unused_async)] // axum wants its handlers so
async fn cookies(State(app): State<Arc<App>>) -> Response {
    statement(&app, "Cookies", "pages/statements/cookies.html")
}
