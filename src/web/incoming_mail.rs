//! Mail that came back: `/work/stps/{stp}/incoming-mail`, and `/work/england/incoming-mail` for what is nobody's yet.
//! Both are personal data: each reading is journalled.
//!
//! ```text
//! list (waiting, own, of a kind; about a mailing or an event) ─► mail ─┬─► owners: who deals with it
//!                                                                      ├─► requests: which one it answers
//!                                                                      └─► endings, reopenings
//! ```

mod held;
mod requests;

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{Redirect, Response},
};
use chrono_tz::Europe::London;
use entity::{
    delivery, event,
    incoming_mail::{Kind, Model},
    mailing, request, stp,
};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};

use super::{
    fields::Fields,
    filters,
    form::Typed,
    page::{Link, Notice, Page},
    reading::Reading,
    request::RequestId,
    routes::{Access, Routes},
    staff,
    stakeholders::done,
};
use crate::{
    app::App,
    auth::{Action, SignedIn, users},
    entries::field::Choice,
    fault::Fault,
    incoming_mail::{self, About, Shown},
    mailings,
};

pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Area(Action::ReadStakeholders), Access::Area(Action::WriteMailings));
    let (record, hold) = (Access::Area(Action::WriteRecord), Access::England(Action::ManageUsers));
    routes
        .get("/work/stps/{stp}/incoming-mail", read, index)
        .get("/work/stps/{stp}/incoming-mail/{id}", read, show)
        .post("/work/stps/{stp}/incoming-mail/{id}/endings", write, end)
        .post("/work/stps/{stp}/incoming-mail/{id}/reopenings", write, reopen)
        .post("/work/stps/{stp}/incoming-mail/{id}/owners", write, own)
        .get("/work/stps/{stp}/incoming-mail/{id}/requests", record, requests::new)
        .post("/work/stps/{stp}/incoming-mail/{id}/requests", record, requests::create)
        .get(held::HELD, hold, held::index)
        .get("/work/england/incoming-mail/{id}", hold, held::show)
        .post("/work/england/incoming-mail/{id}/assignments", hold, held::assign)
        .post("/work/england/incoming-mail/{id}/endings", hold, held::end)
}

#[derive(Deserialize)]
struct Listing {
    after: Option<String>,
    /// A kind, `all`, `own`, or nothing for what waits.
    #[serde(default)]
    show: String,
    /// Only what is about this mailing, or about invitations to this event.
    mailing: Option<String>,
    event: Option<String>,
    said: Option<String>,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    /// The ways to look at it; the one that is looked at has no address.
    tabs: Vec<Link>,
    waiting: bool,
    /// What all of it is about, where it was asked for by that.
    about: Option<Link>,
    /// Whether it is the mail that is nobody's yet.
    held: bool,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    subject: String,
    sender: String,
    kind: String,
    received: String,
    due: String,
    late: bool,
    owner: String,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own that the template asks")]
struct Show {
    page: Page,
    at: String,
    held: bool,
    kind: String,
    subject: String,
    sender: String,
    received: String,
    due: String,
    late: bool,
    text: String,
    detail: String,
    /// The letter that it is about.
    mailing: Option<Link>,
    stakeholder: Option<Link>,
    /// The event that the letter invited to.
    event: Option<Link>,
    /// The request that it answers.
    request: Option<Link>,
    done: String,
    waits: bool,
    /// Who deals with it, and who may.
    owner: String,
    owners: Vec<Choice>,
    form: Fields,
    /// Where what it says can be put on record.
    onward: Vec<Link>,
    stps: Vec<Link>,
    may_write: bool,
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/incoming-mail", stp.code)
}

fn base(title: &str, signed_in: &SignedIn, stp: &stp::Model) -> Page {
    staff::page(title, signed_in, Some(stp))
        .at(&format!("/work/stps/{}/mailings", stp.code), false)
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
        .under("Mailings", format!("/work/stps/{}/mailings", stp.code))
}

fn link(label: &str, href: String) -> Link {
    Link { label: label.to_owned(), href }
}

/// "Bounce: no such address".
fn kind(mail: &Model) -> String {
    match mail.fate {
        Some(fate) => format!("{}: {}", mail.kind.name(), fate.name().to_lowercase()),
        None => mail.kind.name().to_owned(),
    }
}

fn subject(mail: &Model) -> String {
    if mail.subject.is_empty() { "No subject".to_owned() } else { mail.subject.clone() }
}

impl Row {
    fn of(app: &App, mail: &Model, owner: String) -> Self {
        Self {
            id: mail.id.clone(),
            subject: subject(mail),
            sender: mail.sender.clone().unwrap_or_default(),
            kind: kind(mail),
            received: filters::instant(&mail.received_at),
            due: mail.due_on.map(filters::day).unwrap_or_default(),
            late: is_late(app, mail),
            owner,
        }
    }
}

fn is_late(app: &App, mail: &Model) -> bool {
    mail.done_at.is_none() && mail.due_on.is_some_and(|due| due < app.clock.today())
}

fn notice(said: Option<&str>) -> Option<Notice> {
    Some(match said? {
        "done" => done("Nothing more is to be done about it", ""),
        "reopened" => done("It waits again", ""),
        "owned" => done("Saved who deals with it", ""),
        "answered" => done("The answer is on record", "It has been put into the request that it answers."),
        "assigned" => done("It is with the area now", ""),
        _ => return None,
    })
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let shown = match listing.show.as_str() {
        "" => Shown::Waiting,
        "own" => Shown::Own(&signed_in.user_id),
        "all" => Shown::All(None),
        code => Shown::All(Some(Kind::parse(code).ok_or(Fault::NotFound)?)),
    };
    let (about, about_link) = about(&app, &stp, &listing).await?.unzip();
    let (mails, more) =
        incoming_mail::page(app.db.read(), &stp.code, shown, about.as_ref(), listing.after.as_deref())
            .await?;
    note_read(&app, &signed_in, &request, Some(&stp), &mails).await?;
    let at = address(&stp);
    let of = match &about {
        Some(About::Mailing(id)) => format!("mailing={id}"),
        Some(About::Event(id)) => format!("event={id}"),
        None => String::new(),
    };
    let asked = |show: &str| {
        let show = if show.is_empty() { String::new() } else { format!("show={show}") };
        let asked = [show, of.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        if asked.is_empty() { at.clone() } else { format!("{at}?{}", asked.join("&")) }
    };
    let tab =
        |label: &str, show: &str| link(label, if show == listing.show { String::new() } else { asked(show) });
    let tabs = [tab("Waiting", ""), tab("Waiting for me", "own"), tab("All", "all")]
        .into_iter()
        .chain(Kind::ALL.iter().map(|kind| tab(kind.name(), kind.code())))
        .collect();
    let (next, first) = onward(&asked(&listing.show), &mails, more, listing.after.is_some());
    let owners = users::names(app.db.read(), mails.iter().filter_map(|mail| mail.owner.as_deref())).await?;
    let owner = |mail: &Model| mail.owner.as_ref().and_then(|id| owners.get(id)).cloned().unwrap_or_default();
    let model = Index {
        page: base("Incoming mail", &signed_in, &stp).noticed(notice(listing.said.as_deref())),
        at: at.clone(),
        tabs,
        waiting: matches!(shown, Shown::Waiting | Shown::Own(_)),
        about: about_link,
        held: false,
        rows: mails.iter().map(|mail| Row::of(&app, mail, owner(mail))).collect(),
        next,
        first,
    };
    Ok(app.pages.render("pages/incoming_mail/index.html", &model))
}

/// What the mail is about that is asked for, where it is asked for by that: a mailing or an event of this STP.
async fn about(app: &App, stp: &stp::Model, listing: &Listing) -> Result<Option<(About, Link)>, Fault> {
    let work = format!("/work/stps/{}", stp.code);
    if let Some(id) = &listing.mailing {
        let found = mailings::find::one(app.db.read(), &stp.code, id).await?.ok_or(Fault::NotFound)?;
        return Ok(Some((About::Mailing(id.clone()), link(&found.subject, format!("{work}/mailings/{id}")))));
    }
    let Some(id) = &listing.event else { return Ok(None) };
    let found = event::Entity::find_by_id(id).one(app.db.read()).await?;
    let found = found.filter(|event| event.stp_code == stp.code).ok_or(Fault::NotFound)?;
    Ok(Some((About::Event(id.clone()), link(&found.title, format!("{work}/events/{id}")))))
}

/// The addresses of the next page and of the first.
fn onward(at: &str, mails: &[Model], more: bool, later: bool) -> (String, String) {
    let and = if at.contains('?') { '&' } else { '?' };
    let next = mails.last().filter(|_| more).map(|last| format!("{at}{and}after={}", last.id));
    (next.unwrap_or_default(), if later { at.to_owned() } else { String::new() })
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mail = known(&app, Some(&stp), &id).await?;
    note_read(&app, &signed_in, &request, Some(&stp), std::slice::from_ref(&mail)).await?;
    let db = app.db.read();
    let work = format!("/work/stps/{}", stp.code);
    let mailing = match &mail.mailing_id {
        Some(id) => mailing::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let letter = match &mail.delivery_id {
        Some(id) => delivery::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let event = match mailing.as_ref().and_then(|mailing| mailing.event_id.as_ref()) {
        Some(id) => event::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let asked = match &mail.request_id {
        Some(id) => request::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let may = |action| signed_in.may(action, &stp.code);
    let onward = onto_record(&mail, &work, may(Action::WriteRecord));
    let owners = users::writers(db, &stp.code).await?;
    let owner = match &mail.owner {
        Some(id) => users::names(db, std::iter::once(id.as_str())).await?.remove(id).unwrap_or_default(),
        None => String::new(),
    };
    let page = base(&subject(&mail), &signed_in, &stp)
        .under("Incoming mail", address(&stp))
        .noticed(notice(listing.said.as_deref()));
    let view = Show {
        mailing: mailing.map(|one| link(&one.subject, format!("{work}/mailings/{}", one.id))),
        stakeholder: letter.and_then(|letter| {
            let name = letter.display_name.unwrap_or(letter.address);
            letter.stakeholder_id.map(|id| link(&name, format!("{work}/stakeholders/{id}")))
        }),
        event: event.map(|event| link(&event.title, format!("{work}/events/{}", event.id))),
        request: asked.map(|asked| link(&asked.asked, format!("{work}/requests/{}", asked.id))),
        onward,
        owner,
        owners: owners.into_iter().map(|(id, name)| Choice::new(id, name)).collect(),
        form: Fields::new(app.chance.id()).with("owner", mail.owner.as_deref().unwrap_or_default()),
        may_write: may(Action::WriteMailings),
        ..shown(&app, &mail, page, format!("{}/{id}", address(&stp)))
    };
    Ok(app.pages.render("pages/incoming_mail/show.html", &view))
}

/// Where what a person wrote can be put on record. What they wrote stays out of addresses.
fn onto_record(mail: &Model, work: &str, may: bool) -> Vec<Link> {
    let person = matches!(mail.kind, Kind::Reply | Kind::Unknown);
    if !person || !may {
        return Vec::new();
    }
    let received = mail.received_at.with_timezone(&London).date_naive();
    let mut links = vec![link(
        "Put a question or challenge on record",
        format!("{work}/questions/new?received_on={received}"),
    )];
    if mail.request_id.is_none() {
        links.push(link("It answers a request", format!("{work}/incoming-mail/{}/requests", mail.id)));
    }
    links
}

fn shown(app: &App, mail: &Model, page: Page, at: String) -> Show {
    Show {
        page,
        at,
        held: mail.stp_code.is_none(),
        kind: kind(mail),
        subject: subject(mail),
        sender: mail.sender.clone().unwrap_or_default(),
        received: filters::instant(&mail.received_at),
        due: mail.due_on.map(filters::day).unwrap_or_default(),
        late: is_late(app, mail),
        text: mail.body_text.clone(),
        detail: mail.detail.clone(),
        mailing: None,
        stakeholder: None,
        event: None,
        request: None,
        done: mail.done_at.as_ref().map(filters::instant).unwrap_or_default(),
        waits: mail.done_at.is_none(),
        owner: String::new(),
        owners: Vec::new(),
        form: Fields::new(app.chance.id()),
        onward: Vec::new(),
        stps: Vec::new(),
        may_write: true,
    }
}

async fn end(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Redirect, Fault> {
    let stp = staff::stp(&app, &code).await?;
    end_one(&app, &signed_in, &request, &known(&app, Some(&stp), &id).await?).await?;
    Ok(Redirect::to(&format!("{}?said=done", address(&stp))))
}

async fn reopen(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Redirect, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mail = known(&app, Some(&stp), &id).await?;
    let mut w = app.write(&signed_in, &request).await?;
    if incoming_mail::reopen(&mut w, &mail).await? {
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("{}/{id}?said=reopened", address(&stp))))
}

/// Says who deals with a mail: somebody who may write for this STP, or nobody.
async fn own(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Redirect, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mail = known(&app, Some(&stp), &id).await?;
    let owner = typed.some("owner");
    let writers = users::writers(app.db.read(), &stp.code).await?;
    if owner.as_ref().is_some_and(|owner| !writers.iter().any(|(id, _)| id == owner)) {
        return Err(Fault::BadRequest("Select somebody who writes for this STP.".to_owned()));
    }
    if owner != mail.owner {
        let mut w = app.write(&signed_in, &request).await?;
        if !incoming_mail::own(&mut w, &mail, owner.as_deref()).await? {
            return Err(Fault::Conflict("Somebody else has just said who deals with it.".into()));
        }
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("{}/{id}?said=owned", address(&stp))))
}

/// Nothing is left to do about a mail.
async fn end_one(app: &App, signed_in: &SignedIn, request: &RequestId, mail: &Model) -> Result<(), Fault> {
    let mut w = app.write(signed_in, request).await?;
    if incoming_mail::done(&mut w, mail, &signed_in.user_id).await? {
        w.commit().await?;
    }
    Ok(())
}

async fn known(app: &App, stp: Option<&stp::Model>, id: &str) -> Result<Model, Fault> {
    let code = stp.map(|stp| stp.code.as_str());
    incoming_mail::one(app.db.read(), code, id).await?.ok_or(Fault::NotFound)
}

/// Journals whose mail a page is about to show.
async fn note_read(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    stp: Option<&stp::Model>,
    mails: &[Model],
) -> Result<(), Fault> {
    let ids: Vec<String> = mails.iter().map(|mail| mail.id.clone()).collect();
    let stp = stp.map(|stp| stp.code.as_str());
    let reading =
        Reading { page: "incoming mail", table: "incoming_mails", id: stp.unwrap_or("england"), stp };
    reading.note(app, signed_in, request, &ids).await
}
