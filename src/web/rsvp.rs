//! The answer to an invitation: `/rsvp/{token}`. For anyone who holds the link, without an account or a cookie.
//!
//! Mail scanners open links; nothing may come of it. GET and HEAD show the form, filled in as the link asks, and change
//! nothing; a POST keeps the answer. It can be changed until the event is over. An unknown token gets the same answer
//! whatever it is, and the link of an answer opens nothing else.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{event::Publication, invitation_answer::Answer, mailing, stp};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};

use super::{
    due::ics,
    fields::Fields,
    filters,
    form::{Problem, Typed},
    page::{Page, secret},
    request::RequestId,
    routes::{Access, Routes},
    stakeholders::Choice,
};
use crate::{
    app::App,
    fault::Fault,
    invitations::{
        answers::{self, Asked, Reply, SUPPORT, Taken},
        calendar::{self, Organiser},
        may_invite,
    },
    journal::Actor,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/rsvp/{token}", Access::Public, show).post("/rsvp/{token}", Access::Public, create).get(
        "/rsvp/{token}/event.ics",
        Access::Public,
        entry,
    )
}

#[derive(Deserialize)]
struct Wanted {
    /// The answer that the link in the letter stands for.
    #[serde(default)]
    answer: String,
    /// Wants to change what was answered.
    change: Option<String>,
    said: Option<String>,
}

#[derive(Serialize)]
struct Context {
    page: Page,
    at: String,
    stp: String,
    title: String,
    kind: &'static str,
    when: String,
    whereabouts: String,
    /// The public page of the event, or empty.
    event: String,
    /// Whether there is a day to put into a calendar.
    has_entry: bool,
    /// `cancelled`, `over`, `asked` (the form is shown) or `answered`.
    state: &'static str,
    /// The answer kept last, in words, or empty.
    kept: &'static str,
    support: String,
    kept_at: String,
    /// The event changed after that.
    changed: bool,
    form: Fields,
    options: Vec<Choice>,
    limit: usize,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let asked = known(&app, &token).await?;
    let mut form = Fields::default();
    // What the link stands for goes before what was answered: it was just chosen.
    let linked = Answer::parse(&wanted.answer);
    let kept = asked.kept.as_ref();
    if let Some(answer) = linked.or(kept.map(|kept| kept.answer)) {
        form = form.with("answer", answer.code());
    }
    if let Some(support) = kept.filter(|_| linked.is_none()).and_then(|kept| kept.support.as_ref()) {
        form = form.with("support", support);
    }
    let changes = wanted.change.is_some() || linked.is_some() && linked != kept.map(|kept| kept.answer);
    // What was answered of another day is asked again.
    let stale = kept.is_some_and(|kept| kept.told_sha256 != asked.told.sha256());
    let opens = kept.is_none() || changes || stale;
    let said = wanted.said.as_deref() == Some("kept") && !opens;
    answer(&app, &token, &asked, form, opens, said, StatusCode::OK).await
}

async fn create(
    State(app): State<Arc<App>>,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let asked = known(&app, &token).await?;
    let reply = match Reply::parse(typed.text("answer"), typed.text("support")) {
        Ok(reply) => reply,
        Err(wrong) => {
            let problems: Vec<Problem> =
                wrong.into_iter().map(|(field, message)| Problem::new(field, message)).collect();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return answer(&app, &token, &asked, typed.fields(&problems), true, false, status).await;
        }
    };
    let mut w = app.write_as(Actor::Public, &request).await?;
    match answers::keep(&mut w, &asked, &reply, app.clock.today()).await? {
        Taken::Kept => w.commit().await?,
        Taken::Same => drop(w),
        Taken::Closed => {
            drop(w);
            // The page says why.
            let asked = known(&app, &token).await?;
            return answer(&app, &token, &asked, Fields::default(), false, false, StatusCode::CONFLICT).await;
        }
    }
    Ok(Redirect::to(&format!("/rsvp/{token}?said=kept")).into_response())
}

/// The event as it is now, for a calendar.
async fn entry(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response, Fault> {
    let asked = known(&app, &token).await?;
    let stp = area(&app, &asked).await?;
    let mailing = mailing::Entity::find_by_id(&asked.delivery.mailing_id).one(app.db.read()).await?;
    let sender = mailing.and_then(|mailing| mailing.sender);
    // Of a sender that is gone, answers go to the settings' own.
    let from = app.senders.named(sender.as_deref()).unwrap_or_else(|| app.senders.own());
    let address = from.reply_to.email.to_string();
    let organiser = Organiser { name: &stp.display_name, address: &address };
    let base = app.config.face.base();
    let text = calendar::file(&asked.event, &asked.told, &organiser, &base).ok_or(Fault::NotFound)?;
    Ok(secret(ics("invitation.ics", text)))
}

async fn known(app: &App, token: &str) -> Result<Asked, Fault> {
    answers::by_token(app.db.read(), token).await?.ok_or(Fault::NotFound)
}

async fn area(app: &App, asked: &Asked) -> Result<stp::Model, Fault> {
    let code = &asked.delivery.stp_code;
    stp::Entity::find_by_id(code).one(app.db.read()).await?.ok_or(Fault::NotFound)
}

async fn answer(
    app: &App,
    token: &str,
    asked: &Asked,
    form: Fields,
    opens: bool,
    said: bool,
    status: StatusCode,
) -> Result<Response, Fault> {
    let stp = area(app, asked).await?;
    let (told, kept) = (&asked.told, asked.kept.as_ref());
    let (state, title) = if told.cancelled {
        ("cancelled", "This event does not take place")
    } else if !may_invite(&asked.event, app.clock.today()) {
        ("over", "This event is over")
    } else if opens {
        ("asked", "Will you come?")
    } else if said {
        ("answered", "Thank you, your answer is kept")
    } else {
        ("answered", "You have answered")
    };
    let public = asked.event.publication == Publication::Public && asked.event.withdrawn_at.is_none();
    let model = Context {
        page: Page { hidden: true, ..Page::public(title) }.wrong(form.is_wrong()),
        at: format!("/rsvp/{token}"),
        stp: stp.display_name,
        title: told.title.clone(),
        kind: asked.event.kind.name(),
        when: told.when(),
        whereabouts: told.whereabouts(),
        event: if public { format!("/events/{}", asked.event.id) } else { String::new() },
        has_entry: told.has_entry(),
        state,
        kept: kept.map(|kept| kept.answer.name()).unwrap_or_default(),
        support: kept.and_then(|kept| kept.support.clone()).unwrap_or_default(),
        kept_at: kept.map(|kept| filters::instant(&kept.updated_at)).unwrap_or_default(),
        changed: kept.is_some_and(|kept| kept.told_sha256 != told.sha256()),
        form,
        options: Answer::ALL
            .iter()
            .map(|answer| Choice {
                value: answer.code().to_owned(),
                label: answer.name().to_owned(),
                hint: String::new(),
            })
            .collect(),
        limit: SUPPORT,
    };
    Ok(secret(app.pages.render_as(status, "pages/rsvp/show.html", &model)))
}
