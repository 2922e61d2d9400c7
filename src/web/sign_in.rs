//! The door for staff: `/sign-in`, `/sign-out`.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::{
    fields::Fields,
    form::{Problem, Typed},
    page::Page,
    request::{Peer, RequestId},
    routes::{Access, Routes},
};
use crate::{
    app::App,
    auth::{SignedIn, attempts, passwords, sessions::USER, users},
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/sign-in", Access::Door, new).post("/sign-in", Access::Door, create).post(
        "/sign-out",
        Access::Door,
        destroy,
    )
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    back: String,
}

#[derive(Serialize)]
struct Context {
    page: Page,
    form: Fields,
    back: String,
}

/// The page to sign in on; someone signed in already goes to their work.
async fn new(
    State(app): State<Arc<App>>,
    signed_in: Option<SignedIn>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let back = safe(&asked.back);
    if signed_in.is_some() {
        return Ok(Redirect::to(&back).into_response());
    }
    Ok(show(&app, Typed::default(), Vec::new(), back, StatusCode::OK))
}

/// Signs in, into a new session. A wrong email and a wrong password get the same answer in the same time.
async fn create(
    State(app): State<Arc<App>>,
    session: Session,
    Peer(peer): Peer,
    RequestId(request): RequestId,
    typed: Typed,
) -> Result<Response, Fault> {
    let email = typed.text("email").to_lowercase();
    let back = safe(typed.text("back"));
    // The password is taken as it is: spaces at its ends are part of it.
    let password =
        typed.0.iter().find(|(name, _)| name == "password").map_or("", |(_, text)| text).to_owned();
    let mut problems = Vec::new();
    if email.is_empty() {
        problems.push(Problem::new("email", "Enter your email address"));
    }
    if password.is_empty() {
        problems.push(Problem::new("password", "Enter your password"));
    }
    if !problems.is_empty() {
        return Ok(show(&app, typed, problems, back, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let now = app.clock.now();
    if attempts::resting(&app.db, &email, &peer, now).await? {
        return Err(Fault::TooMany(format!(
            "There were too many tries to sign in. Wait {} minutes and try again.",
            attempts::WINDOW_MINUTES
        )));
    }
    let user = users::by_email(app.db.read(), &email).await?.filter(|user| user.disabled_at.is_none());
    let matched = password.chars().count() <= passwords::LONGEST
        && passwords::verify(user.as_ref().map(|user| user.password_hash.clone()), password).await?;
    attempts::remember(&app.db, &app.chance, &email, &peer, matched, now).await?;
    let Some(user) = user.filter(|_| matched) else {
        tracing::warn!(request, "a sign-in was refused");
        let problem = Problem::new("email", "The email address or the password is not right");
        return Ok(show(&app, typed, vec![problem], back, StatusCode::UNPROCESSABLE_ENTITY));
    };
    // A new identity for the session, so that one planted before the sign-in is worth nothing.
    session.cycle_id().await.map_err(anyhow::Error::from)?;
    session.insert(USER, user.id).await.map_err(anyhow::Error::from)?;
    Ok(Redirect::to(&back).into_response())
}

/// Signs out: the session is gone from the database too.
async fn destroy(session: Session) -> Result<Redirect, Fault> {
    session.flush().await.map_err(anyhow::Error::from)?;
    Ok(Redirect::to("/sign-in"))
}

fn show(app: &App, mut typed: Typed, problems: Vec<Problem>, back: String, status: StatusCode) -> Response {
    typed.0.retain(|(name, _)| name != "password");
    let page = Page::public("Sign in");
    let page = page.wrong(!problems.is_empty());
    app.pages.render_as(
        status,
        "pages/sign_in/new.html",
        &Context { page, form: typed.fields(&problems), back },
    )
}

/// Where to go after signing in: a staff address of this site, whatever was asked.
fn safe(back: &str) -> String {
    let staff = back == "/work" || back.starts_with("/work/");
    let plain = back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') && !back.contains("//");
    if staff && plain { back.to_owned() } else { "/work".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_no_other_site() {
        assert_eq!(safe("/work/stps/E54000041"), "/work/stps/E54000041");
        for bad in
            ["", "//evil.example", "https://evil.example", "/workers", "/work//evil.example", "/work\\evil"]
        {
            assert_eq!(safe(bad), "/work", "{bad}");
        }
    }
}
