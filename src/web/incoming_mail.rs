//! Mail that came back: `/work/stps/{stp}/incoming-mail`, and `/work/england/incoming-mail` for what is nobody's yet.
//! Both are personal data: each reading is journalled.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{
    delivery,
    incoming_mail::{Kind, Model},
    mailing, stp,
};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde::{Deserialize, Serialize};

use super::{
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
    auth::{Action, SignedIn},
    fault::Fault,
    incoming_mail::{self, Shown},
};

pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Area(Action::ReadStakeholders), Access::Area(Action::WriteMailings));
    let hold = Access::England(Action::ManageUsers);
    routes
        .get("/work/stps/{stp}/incoming-mail", read, index)
        .get("/work/stps/{stp}/incoming-mail/{id}", read, show)
        .post("/work/stps/{stp}/incoming-mail/{id}/endings", write, end)
        .post("/work/stps/{stp}/incoming-mail/{id}/reopenings", write, reopen)
        .get("/work/england/incoming-mail", hold, held)
        .get("/work/england/incoming-mail/{id}", hold, show_held)
        .post("/work/england/incoming-mail/{id}/assignments", hold, assign)
        .post("/work/england/incoming-mail/{id}/endings", hold, end_held)
}

#[derive(Deserialize)]
struct Listing {
    after: Option<String>,
    /// A kind, `all`, or nothing for what waits.
    #[serde(default)]
    show: String,
    said: Option<String>,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    /// The ways to look at it; the one that is looked at has no address.
    tabs: Vec<Link>,
    waiting: bool,
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
    done: String,
    waits: bool,
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

fn base_held(title: &str, signed_in: &SignedIn) -> Page {
    staff::page(title, signed_in, None).under("Your STPs", "/work")
}

const HELD: &str = "/work/england/incoming-mail";

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
    fn of(app: &App, mail: &Model) -> Self {
        Self {
            id: mail.id.clone(),
            subject: subject(mail),
            sender: mail.sender.clone().unwrap_or_default(),
            kind: kind(mail),
            received: filters::instant(&mail.received_at),
            due: mail.due_on.map(filters::day).unwrap_or_default(),
            late: is_late(app, mail),
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
        "all" => Shown::All(None),
        code => Shown::All(Some(Kind::parse(code).ok_or(Fault::NotFound)?)),
    };
    let (mails, more) =
        incoming_mail::page(app.db.read(), &stp.code, shown, listing.after.as_deref()).await?;
    note_read(&app, &signed_in, &request, Some(&stp), &mails).await?;
    let at = address(&stp);
    let asked = if listing.show.is_empty() { at.clone() } else { format!("{at}?show={}", listing.show) };
    let tab = |label: &str, show: &str| {
        let href = if show.is_empty() { at.clone() } else { format!("{at}?show={show}") };
        link(label, if show == listing.show { String::new() } else { href })
    };
    let tabs = [tab("Waiting", ""), tab("All", "all")]
        .into_iter()
        .chain(Kind::ALL.iter().map(|kind| tab(kind.name(), kind.code())))
        .collect();
    let (next, first) = onward(&asked, &mails, more, listing.after.is_some());
    let model = Index {
        page: base("Incoming mail", &signed_in, &stp).noticed(notice(listing.said.as_deref())),
        at,
        tabs,
        waiting: shown == Shown::Waiting,
        held: false,
        rows: mails.iter().map(|mail| Row::of(&app, mail)).collect(),
        next,
        first,
    };
    Ok(app.pages.render("pages/incoming_mail/index.html", &model))
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
    let onward = match mail.kind {
        Kind::Reply | Kind::Unknown => vec![
            link("Put a question or challenge on record", format!("{work}/record/questions")),
            link("Record that it answers a request", format!("{work}/record/requests")),
        ],
        _ => Vec::new(),
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
        onward,
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
        ..shown(&app, &mail, page, format!("{}/{id}", address(&stp)))
    };
    Ok(app.pages.render("pages/incoming_mail/show.html", &view))
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
        done: mail.done_at.as_ref().map(filters::instant).unwrap_or_default(),
        waits: mail.done_at.is_none(),
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

async fn held(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let (mails, more) = incoming_mail::held(app.db.read(), listing.after.as_deref()).await?;
    note_read(&app, &signed_in, &request, None, &mails).await?;
    let (next, first) = onward(HELD, &mails, more, listing.after.is_some());
    let model = Index {
        page: base_held("Mail that is nobody’s yet", &signed_in).noticed(notice(listing.said.as_deref())),
        at: HELD.to_owned(),
        tabs: Vec::new(),
        waiting: true,
        held: true,
        rows: mails.iter().map(|mail| Row::of(&app, mail)).collect(),
        next,
        first,
    };
    Ok(app.pages.render("pages/incoming_mail/index.html", &model))
}

async fn show_held(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let mail = known(&app, None, &id).await?;
    note_read(&app, &signed_in, &request, None, std::slice::from_ref(&mail)).await?;
    let all = stp::Entity::find().order_by_asc(stp::Column::DisplayName).all(app.db.read()).await?;
    let page = base_held(&subject(&mail), &signed_in).under("Mail that is nobody’s yet", HELD);
    let view = Show {
        stps: all.into_iter().map(|stp| link(&stp.display_name, stp.code)).collect(),
        ..shown(&app, &mail, page, format!("{HELD}/{id}"))
    };
    Ok(app.pages.render("pages/incoming_mail/show.html", &view))
}

async fn assign(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let mail = known(&app, None, &id).await?;
    let stp = stp::Entity::find_by_id(typed.text("stp")).one(app.db.read()).await?;
    let stp = stp.ok_or_else(|| Fault::BadRequest("Select the area whose mail it is.".to_owned()))?;
    let mut w = app.write(&signed_in, &request).await?;
    if !incoming_mail::assign(&mut w, &mail, &stp.code).await? {
        return Err(Fault::Conflict("Somebody else has just given it to an area.".into()));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{HELD}?said=assigned")).into_response())
}

async fn end_held(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    end_one(&app, &signed_in, &request, &known(&app, None, &id).await?).await?;
    Ok(Redirect::to(&format!("{HELD}?said=done")))
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
