//! Which request a mail answers: `/work/stps/{stp}/incoming-mail/{id}/requests`. Its day and its words go into the
//! request, and nothing more is to be done about it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono_tz::Europe::London;
use entity::{
    incoming_mail::{Kind, Model},
    stp,
};
use sea_orm::DatabaseExecutor;
use serde::Serialize;

use super::{address, base, known, note_read, subject};
use crate::{
    app::App,
    auth::SignedIn,
    entries::{self, choices, field::Choice, read, requests::Requests, save},
    fault::Fault,
    incoming_mail::{self, requests::Open},
    web::{
        fields::Fields,
        filters,
        form::{Problem, Typed},
        page::Page,
        request::RequestId,
        staff,
    },
};

/// The fields of a request that an answer fills in.
const ASKED: [&str; 3] = ["replied_on", "reply", "declined"];
/// Up to how many requests each has a button of its own.
const BUTTONS: usize = 20;
/// Characters of what was asked that tell a request from another.
const TOLD: usize = 120;

#[derive(Serialize)]
struct View {
    page: Page,
    at: String,
    form: Fields,
    options: Vec<Choice>,
    /// Whether they are few enough for buttons.
    buttons: bool,
    /// The list of requests, where one can be added.
    requests: String,
}

fn option(open: &Open) -> Choice {
    let asked: String = open.request.asked.chars().take(TOLD).collect();
    let cut = if asked.len() < open.request.asked.len() { "…" } else { "" };
    let sent =
        open.request.sent_on.map(|day| format!(" (sent on {})", filters::day(day))).unwrap_or_default();
    Choice::new(&open.request.id, format!("{}: {asked}{cut}{sent}", open.body))
}

async fn view(
    app: &App,
    signed_in: &SignedIn,
    stp: &stp::Model,
    mail: &Model,
    form: impl FnOnce(&[Open]) -> Fields,
) -> Result<View, Fault> {
    let open = incoming_mail::requests::open(app.db.read(), &stp.code, mail).await?;
    let at = format!("{}/{}", address(stp), mail.id);
    let form = form(&open);
    Ok(View {
        page: base("Which request it answers", signed_in, stp)
            .under("Incoming mail", address(stp))
            .under(subject(mail), &at)
            .wrong(form.is_wrong()),
        at,
        form,
        options: open.iter().map(option).collect(),
        buttons: open.len() <= BUTTONS,
        requests: format!("/work/stps/{}/requests", stp.code),
    })
}

/// A mail that a person wrote and that is not known to answer a request.
async fn unanswered(app: &App, stp: &stp::Model, id: &str) -> Result<Model, Fault> {
    let mail = known(app, Some(stp), id).await?;
    if !matches!(mail.kind, Kind::Reply | Kind::Unknown) {
        return Err(Fault::NotFound);
    }
    if mail.request_id.is_some() {
        return Err(Fault::Conflict("This mail is on record as the answer to a request.".into()));
    }
    Ok(mail)
}

pub async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mail = unanswered(&app, &stp, &id).await?;
    note_read(&app, &signed_in, &request, Some(&stp), std::slice::from_ref(&mail)).await?;
    let received = mail.received_at.with_timezone(&London).date_naive();
    let filled = |open: &[Open]| {
        let form = Fields::new(app.chance.id())
            .with_day("replied_on", Some(received))
            .with("reply", &mail.body_text);
        // Where one was asked of whoever writes, and no more than one, it is likely to be it.
        let mut theirs = open.iter().filter(|open| open.theirs);
        match (theirs.next(), theirs.next()) {
            (Some(one), None) => form.with("request", &one.request.id),
            _ => form,
        }
    };
    let view = view(&app, &signed_in, &stp, &mail, filled).await?;
    Ok(app.pages.render("pages/incoming_mail/requests.html", &view))
}

pub async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mail = unanswered(&app, &stp, &id).await?;
    let again = async |problems: &[Problem]| -> Result<Response, Fault> {
        note_read(&app, &signed_in, &request, Some(&stp), std::slice::from_ref(&mail)).await?;
        let view = view(&app, &signed_in, &stp, &mail, |_| typed.fields(problems)).await?;
        Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/incoming_mail/requests.html", &view))
    };
    let mut w = app.write(&signed_in, &request).await?;
    let chosen = typed.text("request").to_owned();
    let kept = entries::entry(&Requests, &DatabaseExecutor::from(w.tx()), &stp.code, &chosen).await?;
    let open = |kept: &entries::Kept| kept.values.day("replied_on").is_none() && !kept.values.yes("declined");
    let problem = match &kept {
        None => Some("Select the request that it answers"),
        Some(kept) if !open(kept) => Some("Somebody else has just put an answer into this request"),
        Some(_) => None,
    };
    let mut problems: Vec<Problem> = problem.into_iter().map(|said| Problem::new("request", said)).collect();
    let known = choices::load(&Requests, &DatabaseExecutor::from(w.tx()), &stp.code).await?;
    let before = kept.as_ref().map(|kept| kept.values.clone()).unwrap_or_default();
    let values = read::part(&Requests, &known, &typed, before, |key| ASKED.contains(&key));
    let blank = typed.day("replied_on", "").is_ok_and(|day| day.is_none());
    match &values {
        Err(wrong) => problems.extend(wrong.iter().cloned()),
        Ok(_) if blank && problems.is_empty() => {
            problems.push(Problem::new("replied_on", "Enter the day of the reply"));
        }
        Ok(_) => {}
    }
    let (Some(kept), Ok(values), []) = (kept, values, problems.as_slice()) else {
        drop(w);
        return again(&problems).await;
    };
    let put = save::update(&Requests, &mut w, &stp.code, &kept, &values).await?;
    if !put || !incoming_mail::answers(&mut w, &mail, &kept.id, &signed_in.user_id).await? {
        return Err(Fault::Conflict("Somebody else has just changed the request or this mail.".into()));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{}/{id}?said=answered", address(&stp))).into_response())
}
