//! The page of one mailing: where it stands.

use std::sync::Arc;

use axum::{
    extract::{Path, Query as Asking, State},
    http::StatusCode,
    response::Response,
};
use entity::{delivery, mailing, proposal::Theme, stp};
use serde::{Deserialize, Serialize};

use super::{address, base, colour, files::Files, invites::About};
use crate::{
    app::App,
    audiences::Query,
    auth::{Action, SignedIn},
    fault::Fault,
    incoming_mail,
    mailings::{
        audience::{self, Blank},
        doubts, find,
        merge::Values,
        optouts, worn,
    },
    sign_offs,
    web::{
        audiences::chooser,
        fields::Fields,
        filters,
        form::{Problem, Typed},
        page::{Notice, Page},
        reading::Reading,
        request::RequestId,
        staff,
        stakeholders::done,
    },
};

#[derive(Deserialize)]
pub struct Said {
    said: Option<String>,
}

/// A number with its words.
#[derive(Serialize)]
struct Count {
    label: String,
    number: i64,
    /// The ledger's page of them, or empty.
    href: String,
}

#[derive(Serialize)]
struct Show {
    page: Page,
    at: String,
    form: Fields,
    /// Whether the form says when to start, and wrongly.
    start_is_wrong: bool,
    state: &'static str,
    state_name: &'static str,
    colour: &'static str,
    subject: String,
    body: String,
    purpose: &'static str,
    /// What it is about; empty where that is nothing in particular.
    topic: &'static str,
    relies_on: &'static str,
    /// Whom it is to, in words.
    audience: Vec<String>,
    about: About,
    /// Whom it comes from; empty where that was not kept.
    from: String,
    /// Why its sender will not do, of a draft.
    unsent: String,
    files: Files,
    paused_reason: Option<String>,
    /// How many will be, or are being, written to.
    to: i64,
    left_out: i64,
    /// How many of them it would ask once too often.
    worn: usize,
    exclusions: Vec<Count>,
    progress: Vec<Count>,
    /// The last thing that keeps letters waiting.
    waiting: Option<String>,
    blanks: Vec<Blank>,
    doubts: Vec<Doubt>,
    doubts_total: u64,
    stakeholders: String,
    id: String,
    mailings: String,
    templates: String,
    may_write: bool,
    /// When it is to start, where that is yet to come.
    starts: String,
    /// Why nothing is sent from here.
    inert: &'static str,
    approval: Approval,
    /// Who signed the ledger off last, and when; or empty.
    signed: String,
    /// Mail that came back about it, and where it is.
    came_back: u64,
    incoming: String,
}

/// Whether somebody else must approve it, and whether who looks may.
#[derive(Serialize)]
struct Approval {
    needed: bool,
    may: bool,
    /// When it was approved; or empty.
    on: String,
}

#[derive(Serialize)]
struct Doubt {
    id: String,
    name: String,
    address: String,
    reason: String,
    since: String,
}

pub async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    Asking(said): Asking<Said>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let mut view = view(&app, &signed_in, &request, &stp, &mailing).await?;
    view.page = view.page.noticed(notice(said.said.as_deref()));
    Ok(app.pages.render("pages/mailings/show.html", &view))
}

/// The page again, with why the mailing was not frozen.
pub async fn refused(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    stp: &stp::Model,
    mailing: &mailing::Model,
    problem: &str,
    blanks: Vec<Blank>,
) -> Result<Response, Fault> {
    let mut view = view(app, signed_in, request, stp, mailing).await?;
    let ids: Vec<String> = blanks.iter().map(|blank| blank.stakeholder_id.clone()).collect();
    reading(mailing, "stakeholders").note(app, signed_in, request, &ids).await?;
    view.form = Fields::default().refused(problem);
    view.page = view.page.wrong(true);
    view.blanks = blanks;
    Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/mailings/show.html", &view))
}

/// The page again, with why a file was not added.
pub async fn unattached(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    stp: &stp::Model,
    mailing: &mailing::Model,
    problem: &str,
) -> Result<Response, Fault> {
    let mut view = view(app, signed_in, request, stp, mailing).await?;
    view.form = Fields::default().wrong("file", problem);
    view.page = view.page.wrong(true);
    Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/mailings/show.html", &view))
}

/// The page again, with what is wrong with the time at which it is to start.
pub async fn mistimed(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    stp: &stp::Model,
    mailing: &mailing::Model,
    typed: &Typed,
    problem: &Problem,
) -> Result<Response, Fault> {
    let mut view = view(app, signed_in, request, stp, mailing).await?;
    view.form = typed.fields(std::slice::from_ref(problem));
    view.start_is_wrong = true;
    view.page = view.page.wrong(true);
    Ok(app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/mailings/show.html", &view))
}

/// Whether somebody is another person than who wrote and froze a mailing.
pub fn may_approve(signed_in: &SignedIn, mailing: &mailing::Model) -> bool {
    mailing.created_by != signed_in.user_id
        && mailing.frozen_by.as_ref().is_some_and(|by| *by != signed_in.user_id)
}

fn notice(said: Option<&str>) -> Option<Notice> {
    Some(match said? {
        "begun" => done("A draft is written", "Read it, change it, and freeze it. Nothing has been sent."),
        "attached" => done("The file goes with the mailing", "Nothing has been sent."),
        "detached" => done("The file is taken away", "It goes with no letter of this mailing."),
        "saved" => done("The mailing is saved", "Nothing has been sent."),
        "frozen" => {
            done("The mailing is frozen", "Its text and its list stand. Nothing is sent until you send it.")
        }
        "approved" => done("The mailing is approved", "It can be sent now."),
        "scheduled" => {
            done("The mailing will be sent", "It starts at the time below. Until then it can be cancelled.")
        }
        "dispatched" => done("The mailing is being sent", ""),
        "paused" => done("The mailing is paused", "Letters that had been handed over are not called back."),
        "resumed" => done("The mailing is being sent again", ""),
        "cancelled" => done("The mailing is cancelled", "Nobody who had not been written to will be."),
        "decided" => done("Your decision is kept", ""),
        _ => return None,
    })
}

async fn view(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    stp: &stp::Model,
    mailing: &mailing::Model,
) -> Result<Show, Fault> {
    let conn = app.db.read();
    let at = format!("{}/{}", address(stp), mailing.id);
    let (audience, known) = chooser::told(app, stp, &Query::read(&mailing.audience)).await?;
    let (from, unsent) = from(app, mailing);
    let mut view = Show {
        page: base(&mailing.subject, signed_in, stp, false).under("Mailings", address(stp)),
        form: Fields::default(),
        state: mailing.state.code(),
        state_name: mailing.state.name(),
        colour: colour(mailing.state),
        subject: mailing.subject.clone(),
        body: mailing.body_text.clone(),
        purpose: mailing.purpose.name(),
        topic: mailing.topic.map_or("", Theme::name),
        relies_on: optouts::relies_on(mailing.purpose),
        audience,
        about: About::of(conn, stp, mailing).await?,
        from,
        unsent,
        files: Files::of(mailing),
        paused_reason: mailing.paused_reason.clone(),
        to: 0,
        left_out: 0,
        worn: 0,
        exclusions: Vec::new(),
        progress: Vec::new(),
        waiting: None,
        blanks: Vec::new(),
        doubts: Vec::new(),
        doubts_total: 0,
        stakeholders: format!("/work/stps/{}/stakeholders", stp.code),
        id: mailing.id.clone(),
        mailings: address(stp),
        templates: format!("/work/stps/{}/letter-templates", stp.code),
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
        starts: mailing
            .starts_at
            .filter(|at| *at > app.clock.now())
            .map(|at| filters::instant(&at))
            .unwrap_or_default(),
        start_is_wrong: false,
        inert: app.inert.get().unwrap_or_default(),
        approval: Approval {
            needed: false,
            may: false,
            on: mailing.approved_at.as_ref().map(filters::instant).unwrap_or_default(),
        },
        signed: String::new(),
        came_back: 0,
        incoming: format!("/work/stps/{}/incoming-mail?show=all&mailing={}", stp.code, mailing.id),
        at,
    };
    if mailing.frozen_at.is_none() {
        let audience = audience::gather(conn, mailing, stp, &known).await?;
        view.to = count(audience.to.len());
        let (limit, today) = (app.config.patience.limit(), app.clock.today());
        view.worn = worn::worn(conn, &audience, limit, today).await?.len();
        view.left_out = count(audience.left_out.len());
        view.exclusions = audience
            .reasons()
            .into_iter()
            .map(|(label, number)| Count { label, number: count(number), href: String::new() })
            .collect();
        return Ok(view);
    }
    frozen(app, signed_in, mailing, &mut view).await?;
    let (open, total) = doubts::open(conn, &mailing.id).await?;
    let ids: Vec<String> = open.iter().map(|doubt| doubt.id.clone()).collect();
    reading(mailing, "deliveries").note(app, signed_in, request, &ids).await?;
    view.doubts_total = total;
    view.doubts = open
        .into_iter()
        .map(|doubt| Doubt {
            name: called(&doubt),
            id: doubt.id,
            address: doubt.address,
            reason: doubt.reason.unwrap_or_default(),
            since: filters::instant(&doubt.updated_at),
        })
        .collect();
    Ok(view)
}

/// What the ledger says of a mailing that was frozen: how far it has come, what it waits for.
async fn frozen(
    app: &App,
    signed_in: &SignedIn,
    mailing: &mailing::Model,
    view: &mut Show,
) -> Result<(), Fault> {
    let conn = app.db.read();
    let counts = find::counts(conn, &mailing.id).await?;
    let queued = counts.get(delivery::State::Queued.code()).copied().unwrap_or(0);
    let above = queued > i64::from(app.config.post.approve_above);
    let waits = mailing.state == mailing::State::Frozen && mailing.approved_at.is_none();
    view.approval.needed = above && waits;
    view.approval.may =
        may_approve(signed_in, mailing) && signed_in.may(Action::PublishReports, &mailing.stp_code);
    if let Some(last) = sign_offs::find::last(conn, &mailing.id).await? {
        view.signed = format!("{}, {}", last.signer_name, filters::instant(&last.signed_at));
    }
    let about = incoming_mail::About::Mailing(mailing.id.clone());
    view.came_back = incoming_mail::about(conn, &mailing.stp_code, &about).await?;
    let excluded = delivery::State::Excluded.code();
    view.left_out = counts.get(excluded).copied().unwrap_or(0);
    view.to = counts.values().sum::<i64>() - view.left_out;
    view.progress = delivery::State::ALL
        .iter()
        .filter(|state| **state != delivery::State::Excluded)
        .filter_map(|state| Some((state, *counts.get(state.code())?)))
        .map(|(state, number)| Count {
            label: state.name().to_owned(),
            number,
            href: format!("{}/deliveries?state={}", view.at, state.code()),
        })
        .collect();
    let href = format!("{}/deliveries?state={excluded}", view.at);
    view.exclusions = find::exclusions(conn, &mailing.id)
        .await?
        .into_iter()
        .map(|(label, number)| Count { label, number, href: href.clone() })
        .collect();
    if mailing.state == mailing::State::Sending {
        let wait = find::wait(conn, &mailing.id, app.clock.now()).await?;
        view.waiting = wait.map(|wait| format!("{} Until {}.", wait.why, filters::instant(&wait.until)));
    }
    if mailing.state == mailing::State::Sending && view.waiting.is_none() {
        let (queued, _) =
            find::ledger(conn, &mailing.id, &find::Which::in_state(delivery::State::Queued), None).await?;
        view.waiting = queued.into_iter().find_map(|delivery| delivery.reason);
    }
    Ok(())
}

/// Whom a mailing comes from, for people: what was frozen, and of a draft what the settings say; and why that will not do.
fn from(app: &App, mailing: &mailing::Model) -> (String, String) {
    if mailing.frozen_at.is_some() {
        return (mailing.sent_from.clone().unwrap_or_default(), String::new());
    }
    match app.senders.of(mailing.sender.as_deref(), &mailing.stp_code, None) {
        Ok(from) => (from.title(), String::new()),
        Err(why) => (String::new(), why),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Something to choose.
#[derive(Serialize)]
pub(super) struct Choice {
    pub value: String,
    pub label: String,
}

/// The people of a mailing's page.
pub(super) fn reading<'a>(mailing: &'a mailing::Model, table: &'static str) -> Reading<'a> {
    Reading { page: "mailing", table, id: &mailing.id, stp: Some(&mailing.stp_code) }
}

/// What a recipient is called: the person or office, else the organisation, as it was frozen.
pub(super) fn called(row: &delivery::Model) -> String {
    let organisation =
        || serde_json::from_str::<Values>(&row.merge).ok().and_then(|values| values.organisation);
    row.display_name.clone().or_else(organisation).unwrap_or_default()
}
