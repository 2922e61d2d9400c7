//! Mail that a relay hands over by a signed request: `/hooks/mail`. Who does not sign is told nothing.
//!
//! ```text
//! 202  taken in, now or before; it is not said which
//! 401  not signed by a key of ours, or not now: the same answer whatever it is
//! 413  longer than is read          422  nothing in it
//! 503  not now: the relay is to try again, as it is when there is no answer
//! ```

use std::sync::Arc;

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
};

use super::routes::{Access, Routes};
use crate::{
    app::App,
    fault::Fault,
    incoming_mail::{
        self,
        webhook::{Keys, LONGEST, Refused, Signed},
    },
    mailings::armed::{self, Standing},
};

pub fn routes(routes: Routes) -> Routes {
    routes.post("/hooks/mail", Access::Public, create)
}

/// The body is read by hand, after the headers: a stranger's is not read at all, and no form's limit holds.
async fn create(State(app): State<Arc<App>>, request: Request) -> Result<StatusCode, Fault> {
    let Some(file) = &app.config.inbox.hook_key_file else { return Err(Fault::NotFound) };
    let (parts, body) = request.into_parts();
    let signed = match Signed::read(&parts.headers, app.clock.now()) {
        Ok(signed) => signed,
        Err(why) => return Ok(refused(why)),
    };
    let keys = Keys::open(file)?;
    let Ok(body) = to_bytes(body, LONGEST).await else { return Ok(StatusCode::PAYLOAD_TOO_LARGE) };
    if let Err(why) = signed.check(&body, &keys) {
        return Ok(refused(why));
    }
    if body.trim_ascii().is_empty() {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY);
    }
    if !matches!(armed::standing(&app).await?, Some(Standing::Armed(_))) {
        return Ok(StatusCode::SERVICE_UNAVAILABLE);
    }
    match incoming_mail::take(&app, body.into()).await {
        Ok(_) => Ok(StatusCode::ACCEPTED),
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "a mail was not taken in; who sent it tries again");
            Ok(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn refused(why: Refused) -> StatusCode {
    tracing::info!(%why, "a mail was handed over by somebody unknown");
    StatusCode::UNAUTHORIZED
}
