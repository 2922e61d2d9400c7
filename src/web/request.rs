//! Each request's reference: in its answer's `x-request-id`, in the log, in the journal and on a fault's page.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderValue, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::app::App;

/// A request's reference.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self("none".into())))
    }
}

/// Where a request comes from: the machine's address at the other end, for limits on guessing.
#[derive(Clone, Debug)]
pub struct Peer(pub String);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map_or_else(|| "unknown".into(), |ConnectInfo(address)| address.ip().to_string())))
    }
}

/// The layer that gives each request its reference.
pub async fn identify(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id = app.chance.id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    response.extensions_mut().insert(RequestId(id.clone()));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
