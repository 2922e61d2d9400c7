//! For operators: alive, and ready.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use sea_orm::ConnectionTrait as _;

use super::routes::{Access, Routes};
use crate::app::App;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/health", Access::Public, alive).get("/ready", Access::Public, ready)
}

async fn alive() -> &'static str {
    "alive\n"
}

/// Ready when the database answers.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    match app.db.read().execute_unprepared("SELECT 1").await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
