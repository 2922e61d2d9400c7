//! What went wrong, said twice: to the person (what happened, what to do) and to the log (the chain, once). Both
//! carry the request's reference.
//!
//! A handler gives a `Fault`; `into_response` hangs it on an empty answer, and the layer in `web::layers::faults`
//! writes the page and the log line, since both need the app and the request.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use sea_orm::DbErr;

/// Why a request is not answered as asked. Bad input is not here: its page is shown again with what was typed.
#[derive(Debug)]
pub enum Fault {
    /// It does not exist, or is another area's: the answer is the same.
    NotFound,
    /// Staff only: to the sign-in page, and back to where they were going.
    SignIn { back: String },
    /// The request makes no sense: an address or a form that this product did not make.
    BadRequest(String),
    /// A form sent from another site.
    Forbidden,
    /// What is asked no longer fits what is there; says why, for the person.
    Conflict(String),
    /// An upload or a form over its limit; says which.
    TooLarge(String),
    /// Too many tries; says until when to wait.
    TooMany(String),
    /// Ours. The chain goes to the log alone.
    Internal(anyhow::Error),
}

/// A fault on its way to the layer that shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub status: StatusCode,
    /// For the person; empty where the status says it all.
    pub message: String,
    /// For the log.
    pub cause: Option<Arc<anyhow::Error>>,
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        Self::Internal(error.into())
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, message, cause) = match self {
            Self::SignIn { back } => {
                let query: String =
                    url::form_urlencoded::Serializer::new(String::new()).append_pair("back", &back).finish();
                return Redirect::to(&format!("/sign-in?{query}")).into_response();
            }
            Self::NotFound => (StatusCode::NOT_FOUND, String::new(), None),
            Self::BadRequest(why) => (StatusCode::BAD_REQUEST, why, None),
            Self::Forbidden => (StatusCode::FORBIDDEN, String::new(), None),
            Self::Conflict(why) => (StatusCode::CONFLICT, why, None),
            Self::TooLarge(why) => (StatusCode::PAYLOAD_TOO_LARGE, why, None),
            Self::TooMany(why) => (StatusCode::TOO_MANY_REQUESTS, why, None),
            Self::Internal(error) => {
                (StatusCode::INTERNAL_SERVER_ERROR, String::new(), Some(Arc::new(error)))
            }
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Shown { status, message, cause });
        response
    }
}
