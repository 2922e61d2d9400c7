//! What every request passes through, outermost first.

pub mod faults;
pub mod headers;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer, timeout::TimeoutLayer, trace::TraceLayer};

use super::{request, routes::Routes};
use crate::{app::App, auth::sessions, fault::Fault};

/// The largest form, in bytes. An upload says its own limit on its own route.
const FORM_BYTES: usize = 1 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Puts the layers around the routes.
pub fn wrap(routes: Routes, app: &Arc<App>) -> Router {
    let (public, staff) = routes.into_routers();
    let staff = staff.layer(sessions::layer(&app.db, &app.clock, app.config.secure()));
    let secure = app.config.secure();
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), request::identify))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(from_fn(move |request, next| headers::add(secure, request, next)))
        .layer(from_fn_with_state(app.clone(), faults::show))
        .layer(CatchPanicLayer::custom(faults::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CsrfLayer::new().with_rejection_response(|_| Fault::Forbidden.into_response()))
        .layer(from_fn(refuse_nothings))
        .layer(DefaultBodyLimit::max(FORM_BYTES));
    public.merge(staff).fallback(|| async { Fault::NotFound }).layer(layers).with_state(app.clone())
}

/// Refuses an address with a character that no text in a database can hold.
async fn refuse_nothings(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    if address.contains("%00") {
        return Fault::BadRequest("There is no such address.".into()).into_response();
    }
    next.run(request).await
}

/// The span of a request names the route, never the address itself: that may hold a token.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let route = request.extensions().get::<axum::extract::MatchedPath>().map_or("", |path| path.as_str());
    let id = request.extensions().get::<request::RequestId>().map_or("", |id| id.0.as_str());
    tracing::info_span!("request", method = %request.method(), route, id)
}
