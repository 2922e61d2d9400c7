//! Mailings of an STP: `/work/stps/{stp}/mailings`. What is done to a mailing here; its pages are in `show` and
//! `preview` below, and how it starts in `start`.
//!
//! Freezing, dispatching, pausing, resuming, cancelling, deciding about doubts and signing off are each a noun that is
//! posted.

mod deliveries;
mod files;
mod invites;
mod offers;
mod preview;
mod show;
mod sign_offs;
mod start;

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, Path, Query as Asked, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
    routing::{MethodFilter, on},
};
use entity::{mailing, mailing::Purpose, proposal::Theme, stp};
use serde::{Deserialize, Serialize};

use self::{
    invites::Invites,
    offers::{Offers, Senders},
};
use super::{
    audiences::chooser::{self, Chooser},
    fields::Fields,
    form::{self, Problem, Typed},
    page::Page,
    request::RequestId,
    routes::{Access, Routes, Verb},
    staff,
    stakeholders::{Choice, topics},
};
use crate::{
    app::App,
    audiences::{Known, Query},
    auth::{Action, SignedIn},
    fault::Fault,
    incoming_mail,
    journal::Writer,
    letter_templates,
    mailings::{
        self, Draft,
        doubts::{self, Decision},
        draft::Written,
        find, freeze, optouts, record, token,
    },
};

const READ: Access = Access::Area(Action::ReadStakeholders);
const WRITE: Access = Access::Area(Action::WriteMailings);

pub fn routes(routes: Routes) -> Routes {
    let attach = on(MethodFilter::POST, files::create).layer(DefaultBodyLimit::max(files::READ));
    sign_offs::routes(routes)
        .add(Verb::Post, "/work/stps/{stp}/mailings/{id}/files", WRITE, attach)
        .get("/work/stps/{stp}/mailings/{id}/files/{file}", READ, files::show)
        .post("/work/stps/{stp}/mailings/{id}/files/{file}/removals", WRITE, files::remove)
        .get("/work/stps/{stp}/mailings", READ, index)
        .post("/work/stps/{stp}/mailings", WRITE, create)
        .get("/work/stps/{stp}/mailings/new", WRITE, new)
        .get("/work/stps/{stp}/mailings/{id}", READ, show::show)
        .post("/work/stps/{stp}/mailings/{id}", WRITE, update)
        .get("/work/stps/{stp}/mailings/{id}/edit", WRITE, edit)
        .get("/work/stps/{stp}/mailings/{id}/preview", READ, preview::preview)
        .post("/work/stps/{stp}/mailings/{id}/samples", WRITE, preview::sample)
        .get("/work/stps/{stp}/mailings/{id}/deliveries", READ, deliveries::index)
        .get("/work/stps/{stp}/mailings/{id}/deliveries.csv", READ, deliveries::file)
        .post("/work/stps/{stp}/mailings/{id}/freezes", WRITE, freeze)
        .post(
            "/work/stps/{stp}/mailings/{id}/approvals",
            Access::Area(Action::PublishReports),
            start::approve,
        )
        .post("/work/stps/{stp}/mailings/{id}/dispatches", WRITE, start::dispatch)
        .post("/work/stps/{stp}/mailings/{id}/pauses", WRITE, pause)
        .post("/work/stps/{stp}/mailings/{id}/resumptions", WRITE, resume)
        .post("/work/stps/{stp}/mailings/{id}/cancellations", WRITE, cancel)
        .post("/work/stps/{stp}/mailings/{id}/decisions", WRITE, decide)
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/mailings", stp.code)
}

fn base(title: &str, signed_in: &SignedIn, stp: &stp::Model, itself: bool) -> Page {
    staff::page(title, signed_in, Some(stp))
        .at(&address(stp), itself)
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
}

#[derive(Deserialize)]
struct Listing {
    after: Option<String>,
    #[serde(default)]
    group: String,
    #[serde(default)]
    event: String,
    /// Of a new mailing: whom it is to.
    #[serde(default)]
    gap: String,
    #[serde(default)]
    audience: String,
    /// Of a new mailing: the letter template that it starts from, or the mailing that it is a copy of.
    #[serde(default)]
    template: String,
    #[serde(default)]
    copy: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    subject: String,
    state: &'static str,
    colour: &'static str,
    purpose: &'static str,
    created: String,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    mailbox: String,
    incoming: String,
    /// Mails that wait for somebody there.
    waiting: u64,
    holds: String,
    audiences: String,
    templates: String,
    rows: Vec<Row>,
    next: String,
    first: String,
    may_write: bool,
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
    Asked(listing): Asked<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let (mailings, more) = find::page(app.db.read(), &stp.code, listing.after.as_deref()).await?;
    let at = address(&stp);
    let last = mailings.last().filter(|_| more);
    let model = Index {
        page: base("Mailings", &signed_in, &stp, true),
        next: last.map_or_else(String::new, |last| format!("{at}?after={}", last.id)),
        first: if listing.after.is_some() { at.clone() } else { String::new() },
        mailbox: format!("/work/stps/{}/mailbox", stp.code),
        incoming: format!("/work/stps/{}/incoming-mail", stp.code),
        waiting: incoming_mail::waiting(app.db.read(), &stp.code).await?,
        holds: format!("/work/stps/{}/holds", stp.code),
        audiences: format!("/work/stps/{}/audiences", stp.code),
        templates: format!("/work/stps/{}/letter-templates", stp.code),
        rows: mailings
            .iter()
            .map(|mailing| Row {
                id: mailing.id.clone(),
                subject: mailing.subject.clone(),
                state: mailing.state.name(),
                colour: colour(mailing.state),
                purpose: mailing.purpose.name(),
                created: super::filters::day(mailing.created_at.date_naive()),
            })
            .collect(),
        may_write: signed_in.may(Action::WriteMailings, &stp.code),
        at,
    };
    Ok(app.pages.render("pages/mailings/index.html", &model))
}

/// The colour of a state's tag; the tag says it in words too.
const fn colour(state: mailing::State) -> &'static str {
    match state {
        mailing::State::Draft | mailing::State::Cancelled => "grey",
        mailing::State::Frozen | mailing::State::Sending => "blue",
        mailing::State::Paused => "yellow",
        mailing::State::Done => "green",
    }
}

#[derive(Serialize)]
struct FormPage {
    page: Page,
    action: String,
    back: String,
    form: Fields,
    chooser: Chooser,
    purposes: Vec<Choice>,
    topics: Vec<Choice>,
    invites: Invites,
    senders: Senders,
    /// The mailing that a new one is a copy of: its files come with it.
    copy: String,
    /// What someone else has saved meanwhile, beside what was typed.
    conflict: Vec<Compared>,
    version: i32,
}

#[derive(Serialize)]
struct Compared {
    term: &'static str,
    theirs: String,
    yours: String,
}

fn form_page(
    title: &str,
    of: Option<&mailing::Model>,
    form: Fields,
    offers: &Offers,
    signed_in: &SignedIn,
    stp: &stp::Model,
) -> FormPage {
    let at = address(stp);
    let back = of.map_or_else(|| at.clone(), |mailing| format!("{at}/{}", mailing.id));
    let problem = form.is_wrong();
    FormPage {
        page: base(title, signed_in, stp, false).under("Mailings", &at).wrong(problem),
        action: back.clone(),
        back,
        chooser: offers.chooser.clone().for_form(&form),
        form,
        purposes: purposes(),
        topics: topics(),
        invites: offers.invites.clone(),
        senders: offers.senders.clone(),
        copy: String::new(),
        conflict: Vec::new(),
        version: of.map_or(0, |mailing| mailing.version),
    }
}

/// The form with a letter in it.
fn lettered(form: Fields, subject: &str, body: &str, purpose: Purpose) -> Fields {
    form.with("subject", subject).with("body", body).with("purpose", purpose.code())
}

/// What a letter may be for, each with which rule it follows.
pub fn purposes() -> Vec<Choice> {
    let all = [Purpose::Engagement, Purpose::Service, Purpose::Statutory].map(|purpose| Choice {
        value: purpose.code().to_owned(),
        label: purpose.name().to_owned(),
        hint: optouts::relies_on(purpose).to_owned(),
    });
    all.into()
}

fn read_form(typed: &Typed, offers: &Offers) -> Result<Draft, Vec<Problem>> {
    let Offers { chooser, invites, senders } = offers;
    let text = |field: &str| typed.text(field).to_owned();
    let (audience, day) = chooser::written(typed);
    let written = Written {
        subject: text("subject"),
        body: text("body"),
        purpose: text("purpose"),
        topic: text("topic"),
        audience,
        event: invites.named(typed),
        follow_up: invites.follow_up,
        sender: text("sender"),
    };
    let draft = Draft::parse(&written, &chooser.offered(), &invites.ids(), &senders.codes());
    match (draft, day) {
        (Ok(draft), None) => Ok(draft),
        (read, day) => {
            let wrong = read.err().unwrap_or_default().into_iter();
            Err(wrong.map(|(of, said)| Problem::new(of, said)).chain(day).collect())
        }
    }
}

async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
    Asked(listing): Asked<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let db = app.db.read();
    let form = Fields::new(app.chance.id());
    let template = letter_templates::find::one(db, &stp.code, &listing.template).await?;
    let (form, kept) = if let Some(from) = template {
        (lettered(form, &from.subject, &from.body_text, from.purpose), None)
    } else if let Some(from) = find::one(db, &stp.code, &listing.copy).await? {
        let query = Query::read(&from.audience);
        let form = lettered(form, &from.subject, &from.body_text, from.purpose);
        let form = form.with("topic", from.topic.map_or("", Theme::code));
        let form = form.with("sender", from.sender.unwrap_or_default());
        (chooser::filled(form, &query), Some(query))
    } else {
        (form.with("purpose", Purpose::Engagement.code()), None)
    };
    let form = form
        .with("groups", listing.group)
        .with("gap", listing.gap)
        .with("also", listing.audience)
        .with("event", listing.event);
    let offers = Offers::of(&app, &stp, kept.as_ref(), None).await?;
    let mut view = form_page("Write a mailing", None, form, &offers, &signed_in, &stp);
    view.copy = listing.copy;
    Ok(app.pages.render("pages/mailings/new.html", &view))
}

async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let offers = Offers::of(&app, &stp, None, None).await?;
    let draft = match read_form(&typed, &offers) {
        Ok(draft) => draft,
        Err(problems) => {
            let fields = typed.fields(&problems);
            let mut view = form_page("Write a mailing", None, fields, &offers, &signed_in, &stp);
            typed.text("copy").clone_into(&mut view.copy);
            return Ok(app.pages.render_as(
                StatusCode::UNPROCESSABLE_ENTITY,
                "pages/mailings/new.html",
                &view,
            ));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let id = w.id();
    let location = format!("{}/{id}?said=saved", address(&stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    let created = record::create(&mut w, &stp.code, &id, &signed_in.user_id, &draft).await?;
    if let Some(from) = find::one(w.tx(), &stp.code, typed.text("copy")).await? {
        mailings::files::copy(&mut w, created, &from).await?;
    }
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

async fn edit(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = draft_of(find::one(app.db.read(), &stp.code, &id).await?)?;
    let query = Query::read(&mailing.audience);
    let form = Fields::new(app.chance.id());
    let form = lettered(form, &mailing.subject, &mailing.body_text, mailing.purpose);
    let form = chooser::filled(form, &query)
        .with("topic", mailing.topic.map_or("", Theme::code))
        .with("event", mailing.event_id.clone().unwrap_or_default())
        .with("sender", mailing.sender.clone().unwrap_or_default());
    let offers = Offers::of(&app, &stp, Some(&query), Some(&mailing)).await?;
    let view = form_page("Edit a mailing", Some(&mailing), form, &offers, &signed_in, &stp);
    Ok(app.pages.render("pages/mailings/edit.html", &view))
}

async fn update(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let kept = draft_of(find::one(app.db.read(), &stp.code, &id).await?)?;
    let offers = Offers::of(&app, &stp, Some(&Query::read(&kept.audience)), Some(&kept)).await?;
    let again = |status, mailing: &mailing::Model, problems: &[Problem], version| {
        let fields = typed.fields(problems);
        let mut view = form_page("Edit a mailing", Some(mailing), fields, &offers, &signed_in, &stp);
        view.version = version;
        if status == StatusCode::CONFLICT {
            view.conflict = compare(mailing, &typed, &offers);
        }
        app.pages.render_as(status, "pages/mailings/edit.html", &view)
    };
    let opened = typed.text("version").parse().unwrap_or(0);
    let draft = match read_form(&typed, &offers) {
        Ok(draft) => draft,
        Err(problems) => {
            let mailing = draft_of(find::one(app.db.read(), &stp.code, &id).await?)?;
            return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &mailing, &problems, opened));
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    let mailing = draft_of(find::one(w.tx(), &stp.code, &id).await?)?;
    let updated =
        if mailing.version == opened { record::update(&mut w, &mailing, &draft).await? } else { None };
    if updated.is_none() {
        drop(w);
        let mailing = draft_of(find::one(app.db.read(), &stp.code, &id).await?)?;
        return Ok(again(StatusCode::CONFLICT, &mailing, &[], mailing.version));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{}/{id}?said=saved", address(&stp))).into_response())
}

/// The mailing, as long as its text can be changed.
fn draft_of(mailing: Option<mailing::Model>) -> Result<mailing::Model, Fault> {
    let mailing = mailing.ok_or(Fault::NotFound)?;
    if mailing.state == mailing::State::Draft {
        return Ok(mailing);
    }
    Err(Fault::Conflict("This mailing is frozen: what was frozen is what is sent.".into()))
}

fn compare(theirs: &mailing::Model, typed: &Typed, offers: &Offers) -> Vec<Compared> {
    let Offers { chooser, invites, senders } = offers;
    let said = |query: &Query| chooser.said(query).join("\n");
    let yours = Query::parse(&chooser::written(typed).0, &chooser.offered()).unwrap_or_default();
    let purpose = |code: &str| Purpose::parse(code).map_or("", Purpose::name).to_owned();
    vec![
        Compared { term: "Subject", theirs: theirs.subject.clone(), yours: typed.text("subject").to_owned() },
        Compared {
            term: "Text",
            theirs: theirs.body_text.clone(),
            yours: typed.text("body").replace("\r\n", "\n"),
        },
        Compared {
            term: "Purpose",
            theirs: theirs.purpose.name().to_owned(),
            yours: purpose(typed.text("purpose")),
        },
        Compared {
            term: "Topic",
            theirs: theirs.topic.map_or("", Theme::name).to_owned(),
            yours: Theme::parse(typed.text("topic")).map_or("", Theme::name).to_owned(),
        },
        Compared { term: "Whom it is to", theirs: said(&Query::read(&theirs.audience)), yours: said(&yours) },
        Compared {
            term: "Invites to",
            theirs: invites.title(theirs.event_id.as_deref().unwrap_or_default()),
            yours: invites.title(&invites.named(typed)),
        },
        Compared {
            term: "Sent from",
            theirs: senders.title(theirs.sender.as_deref().unwrap_or_default()),
            yours: senders.title(typed.text("sender")),
        },
    ]
}

async fn freeze(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let key = token::Key::open(&app.config.store.data, &app.chance)?;
    let draft = find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let known = known(&app, &draft).await?;
    let mut w = app.write(&signed_in, &request).await?;
    let before = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    if before.version != draft.version {
        return Err(Fault::Conflict("Somebody else has just changed this mailing.".into()));
    }
    let (problem, blanks) =
        match freeze::freeze(&mut w, &before, &stp, &known, &signed_in.user_id, &key, &app.senders).await? {
            freeze::Frozen::Done => {
                w.commit().await?;
                return Ok(Redirect::to(&format!("{}/{id}?said=frozen", address(&stp))).into_response());
            }
            freeze::Frozen::Stale => {
                return Err(Fault::Conflict("This mailing has been frozen or changed already.".into()));
            }
            freeze::Frozen::Misspelt(said) => (said, Vec::new()),
            freeze::Frozen::Uninvited(said) => (said.to_owned(), Vec::new()),
            freeze::Frozen::Unsent(said) => {
                (format!("{said} Edit the mailing and choose another"), Vec::new())
            }
            freeze::Frozen::Nobody if before.follow_up.is_some() => {
                ("There is nobody left to write to".to_owned(), Vec::new())
            }
            freeze::Frozen::Nobody => ("There is nobody to write to".to_owned(), Vec::new()),
            freeze::Frozen::Blank(blanks) => {
                let count =
                    super::filters::count(i64::try_from(blanks.len()).unwrap_or(i64::MAX), "recipient", None);
                (format!("A merge field has nothing to say for {count}: nothing was frozen"), blanks)
            }
        };
    drop(w);
    show::refused(&app, &signed_in, &request, &stp, &before, &problem, blanks).await
}

/// What the audience of a mailing asks about, beside the stakeholders.
async fn known(app: &App, mailing: &mailing::Model) -> Result<Known, Fault> {
    Ok(Known::for_query(app, &mailing.stp_code, &Query::read(&mailing.audience)).await?)
}

/// Moves a mailing from one state to another, or says why it cannot be.
macro_rules! step {
    ($name:ident, $said:literal, $refused:literal, |$w:ident, $before:ident| $go:expr) => {
        async fn $name(
            State(app): State<Arc<App>>,
            signed_in: SignedIn,
            request: RequestId,
            Path((code, id)): Path<(String, String)>,
        ) -> Result<Redirect, Fault> {
            let stp = staff::stp(&app, &code).await?;
            let mut writer = app.write(&signed_in, &request).await?;
            let before = find::one(writer.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
            let $w: &mut Writer = &mut writer;
            let $before = &before;
            if $go.await?.is_none() {
                return Err(Fault::Conflict($refused.into()));
            }
            writer.commit().await?;
            Ok(Redirect::to(&format!("{}/{id}?said={}", address(&stp), $said)))
        }
    };
}

step!(pause, "paused", "This mailing is not being sent.", |w, before| {
    record::pause(w, before, "Paused by a member of staff")
});
step!(resume, "resumed", "This mailing is not paused.", |w, before| record::resume(w, before));
step!(cancel, "cancelled", "This mailing is over.", |w, before| record::cancel(w, before));

async fn decide(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Redirect, Fault> {
    let stp = staff::stp(&app, &code).await?;
    // Whose it is comes before what is wrong with the form.
    find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let decision = match typed.text("decision") {
        "again" => Decision::Again,
        "leave" => Decision::Leave,
        _ => return Err(Fault::BadRequest("This form could not be read.".into())),
    };
    let mut w = app.write(&signed_in, &request).await?;
    let mailing = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    if decision == Decision::Again && mailing.state == mailing::State::Cancelled {
        return Err(Fault::Conflict("This mailing was cancelled: nothing of it is sent again.".into()));
    }
    if doubts::decide(&mut w, &mailing, &typed.list("delivery"), decision).await? > 0 {
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("{}/{id}?said=decided", address(&stp))))
}
