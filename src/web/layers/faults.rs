//! Writes the page and the log line of a fault.

use std::{any::Any, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{
    app::App,
    fault::{Fault, Shown},
    web::request::RequestId,
};

/// Gives every answer that is a fault its page; other answers pass untouched.
pub async fn show(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let mut response = next.run(request).await;
    let shown = match response.extensions_mut().remove::<Shown>() {
        Some(shown) => shown,
        // A rejection of the framework's own, with a line of its own for an answer.
        None if is_bare(&response) => {
            Shown { status: response.status(), message: String::new(), cause: None }
        }
        None => return response,
    };
    if let Some(cause) = &shown.cause {
        tracing::error!(reference = id, error = format!("{cause:#}"), "a request failed");
    }
    let said = Some(shown.message.as_str()).filter(|said| !said.is_empty());
    let mut page = app.pages.fault(shown.status, &id, said);
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers_mut().remove(&name) {
            page.headers_mut().insert(name, value);
        }
    }
    page
}

/// An error answer that no page of ours wrote.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    let ours = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error()) && !ours
}

/// The answer to a request whose handler panicked.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without words");
    let mut response = Fault::Internal(anyhow::anyhow!("a handler panicked: {text}")).into_response();
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
