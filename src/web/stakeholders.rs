//! Stakeholders of an STP: `/work/stps/{stp}/stakeholders`.
//!
//! Who they are is personal data: every page that shows one journals what it showed, by identity alone.

mod edit;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    response::{Redirect, Response},
};
use entity::{audience_group, proposal::Theme, stakeholder, stp};
use sea_orm::{EntityTrait, QueryOrder};
use serde::{Deserialize, Serialize};

use super::{
    filters,
    page::{Notice, Page},
    reading::Reading,
    request::RequestId,
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    approaches::{self, Frequency, Limit},
    auth::{Action, SignedIn},
    fault::Fault,
    incoming_mail, invitations,
    mailings::{
        self,
        optouts::{self, Stop},
    },
    stakeholders::{self, Draft, find},
};

const READ: Access = Access::Area(Action::ReadStakeholders);
const WRITE: Access = Access::Area(Action::WriteStakeholders);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/work/stps/{stp}/stakeholders", READ, index)
        .post("/work/stps/{stp}/stakeholders", WRITE, edit::create)
        .get("/work/stps/{stp}/stakeholders/new", WRITE, edit::new)
        .get("/work/stps/{stp}/stakeholders/{id}", READ, show)
        .post("/work/stps/{stp}/stakeholders/{id}", WRITE, edit::update)
        .get("/work/stps/{stp}/stakeholders/{id}/edit", WRITE, edit::edit)
        .post("/work/stps/{stp}/stakeholders/{id}/withdrawals", WRITE, withdraw)
}

pub use edit::{Lists, codes, lists, topics};

/// A choice of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
}

/// Every audience group in the order of the method page.
pub async fn groups(app: &App) -> Result<Vec<Choice>, Fault> {
    let all =
        audience_group::Entity::find().order_by_asc(audience_group::Column::Sort).all(app.db.read()).await?;
    Ok(all
        .into_iter()
        .map(|group| Choice { value: group.code, label: group.name, hint: String::new() })
        .collect())
}

fn names(groups: &[Choice]) -> BTreeMap<&str, &str> {
    groups.iter().map(|group| (group.value.as_str(), group.label.as_str())).collect()
}

/// A stakeholder in a list.
#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    name: String,
    organisation: String,
    role: String,
    email: String,
    group: String,
}

fn row(model: &stakeholder::Model, names: &BTreeMap<&str, &str>) -> Row {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    Row {
        id: model.id.clone(),
        title: title(model),
        name: text(&model.name),
        organisation: text(&model.organisation),
        role: text(&model.role),
        email: text(&model.email),
        group: names.get(model.group_code.as_str()).copied().unwrap_or_default().to_owned(),
    }
}

/// What a stakeholder is called: the person or office, else the organisation.
fn title(model: &stakeholder::Model) -> String {
    model.name.clone().or_else(|| model.organisation.clone()).unwrap_or_default()
}

#[derive(Deserialize)]
struct Listing {
    #[serde(default)]
    group: String,
    #[serde(default)]
    q: String,
    after: Option<String>,
    withdrawn: Option<String>,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    rows: Vec<Row>,
    total: u64,
    groups: Vec<Choice>,
    group: String,
    q: String,
    next: String,
    first: String,
    may_write: bool,
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let groups = groups(&app).await?;
    let after = listing.after.as_deref().and_then(|key| key.split_once('.'));
    let asked = find::Asked {
        group: Some(listing.group.clone()).filter(|group| !group.is_empty()),
        words: listing.q.clone(),
        after: after.map(|(group, id)| (group.to_owned(), id.to_owned())),
    };
    let (models, more) = find::page(app.db.read(), &stp.code, &asked).await?;
    let total = find::count(app.db.read(), &stp.code, &asked).await?;
    note_read(&app, &signed_in, &request, &stp, "list", &models).await?;
    let at = address(&stp);
    let filter = |after: Option<&stakeholder::Model>| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("group", &listing.group).append_pair("q", &listing.q);
        if let Some(last) = after {
            query.append_pair("after", &format!("{}.{}", last.group_code, last.id));
        }
        format!("{at}?{}", query.finish())
    };
    let names = names(&groups);
    let notice = listing.withdrawn.is_some().then(|| done("The stakeholder is withdrawn", ""));
    let model = Index {
        page: base("Stakeholders", &signed_in, &stp, true).noticed(notice),
        rows: models.iter().map(|model| row(model, &names)).collect(),
        total,
        next: if more { filter(models.last()) } else { String::new() },
        first: if asked.after.is_some() { filter(None) } else { String::new() },
        group: listing.group.clone(),
        q: listing.q.clone(),
        may_write: signed_in.may(Action::WriteStakeholders, &stp.code),
        at: at.clone(),
        groups: groups.clone(),
    };
    Ok(app.pages.render("pages/stakeholders/index.html", &model))
}

#[derive(Deserialize)]
struct Said {
    saved: Option<String>,
}

/// What is known under a term; empty where nothing is.
#[derive(Serialize)]
pub struct Fact {
    pub term: &'static str,
    pub text: String,
}

#[derive(Serialize)]
struct Show {
    page: Page,
    at: String,
    id: String,
    facts: Vec<Fact>,
    /// What they were written, last first.
    letters: Vec<Sent>,
    answers: Vec<CameBack>,
    /// What they said to invitations, last first.
    invitations: Vec<Invited>,
    /// Why engagement mail no longer goes to them; empty where it does.
    stopped: String,
    /// The topics that they opted out of.
    without: Vec<&'static str>,
    /// How often they were asked lately, by any area.
    frequency: Frequency,
    limit: Limit,
    /// Whether that is too often.
    over: bool,
    withdrawn: bool,
    may_write: bool,
}

/// An answer to an invitation.
#[derive(Serialize)]
struct Invited {
    event: String,
    href: String,
    answer: &'static str,
    support: String,
    when: String,
}

/// What came back of a letter to a stakeholder.
#[derive(Serialize)]
struct CameBack {
    subject: String,
    href: String,
    kind: &'static str,
    when: String,
}

/// A letter to a stakeholder.
#[derive(Serialize)]
struct Sent {
    subject: String,
    href: String,
    state: &'static str,
    said: String,
    when: String,
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    Query(said): Query<Said>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let model = known(&app, &stp, &id).await?;
    note_read(&app, &signed_in, &request, &stp, &id, std::slice::from_ref(&model)).await?;
    let groups = groups(&app).await?;
    let row = row(&model, &names(&groups));
    let place = match &model.place_code {
        Some(code) => entity::place::Entity::find_by_id(code).one(app.db.read()).await?,
        None => None,
    };
    let place = place.map(|place| place.name).unwrap_or_default();
    let topics: Vec<&str> = Draft::of(model.clone()).topics.iter().map(|topic| topic.name()).collect();
    let day = |day: Option<chrono::NaiveDate>| day.map(filters::day).unwrap_or_default();
    let facts = vec![
        Fact { term: "Group", text: row.group },
        Fact { term: "Organisation", text: row.organisation },
        Fact { term: "Person or office", text: row.name },
        Fact { term: "Role", text: row.role },
        Fact { term: "Email address", text: row.email },
        Fact { term: "Notes", text: model.notes.clone().unwrap_or_default() },
        Fact { term: "Basis and source", text: model.basis.clone() },
        Fact { term: "Wording they were given", text: model.wording.clone().unwrap_or_default() },
        Fact { term: "Obtained on", text: day(model.obtained_on) },
        Fact { term: "What shows it", text: model.evidence.clone().unwrap_or_default() },
        Fact { term: "Confirmed on", text: day(model.confirmed_on) },
        Fact { term: "Place", text: place },
        Fact { term: "Asked to hear of", text: topics.join(", ") },
        Fact { term: "Added", text: filters::instant(&model.created_at) },
        Fact { term: "Changed", text: filters::instant(&model.updated_at) },
    ];
    let notice = said.saved.is_some().then(|| done("The stakeholder is saved", ""));
    let stopped = match model.email.as_deref().and_then(stakeholders::draft::address) {
        Some(address) => optouts::of_address(app.db.read(), &stp.code, &address).await?,
        None => Vec::new(),
    };
    let limit = app.config.patience.limit();
    let organisation = model.organisation.as_deref();
    let frequency = approaches::of_stakeholder(
        app.db.read(),
        model.email.as_deref(),
        organisation,
        limit,
        app.clock.today(),
    )
    .await?;
    let letters = mailings::find::to_stakeholder(app.db.read(), &stp.code, &id).await?;
    let answers = incoming_mail::of_stakeholder(app.db.read(), &stp.code, &id).await?;
    let invited = invitations::answers::of_stakeholder(app.db.read(), &stp.code, &id).await?;
    let view = Show {
        page: base(&row.title, &signed_in, &stp, false).under("Stakeholders", address(&stp)).noticed(notice),
        at: address(&stp),
        id,
        facts,
        letters: letters.into_iter().map(|(delivery, mailing)| sent(&stp, delivery, mailing)).collect(),
        invitations: invited.into_iter().map(|(answer, event)| answered(&stp, answer, &event)).collect(),
        answers: answers.into_iter().map(|mail| came_back(&stp, mail)).collect(),
        stopped: stopped
            .iter()
            .map(Stop::of)
            .find(|stop| stop.topic.is_none())
            .map_or_else(String::new, Stop::reason),
        without: stopped.iter().filter_map(|stop| stop.topic).map(Theme::name).collect(),
        over: frequency.is_over(limit),
        frequency,
        limit,
        withdrawn: model.withdrawn_at.is_some(),
        may_write: signed_in.may(Action::WriteStakeholders, &stp.code) && model.withdrawn_at.is_none(),
    };
    Ok(app.pages.render("pages/stakeholders/show.html", &view))
}

fn answered(
    stp: &stp::Model,
    answer: entity::invitation_answer::Model,
    event: &entity::event::Model,
) -> Invited {
    Invited {
        event: event.title.clone(),
        href: format!("/work/stps/{}/events/{}", stp.code, event.id),
        answer: answer.answer.name(),
        support: answer.support.unwrap_or_default(),
        when: filters::instant(&answer.updated_at),
    }
}

fn came_back(stp: &stp::Model, mail: entity::incoming_mail::Model) -> CameBack {
    CameBack {
        subject: if mail.subject.is_empty() { "No subject".to_owned() } else { mail.subject },
        href: format!("/work/stps/{}/incoming-mail/{}", stp.code, mail.id),
        kind: mail.kind.name(),
        when: filters::instant(&mail.received_at),
    }
}

fn sent(stp: &stp::Model, delivery: entity::delivery::Model, mailing: entity::mailing::Model) -> Sent {
    let said: Vec<String> = [delivery.reason, delivery.server_answer].into_iter().flatten().collect();
    Sent {
        subject: mailing.subject,
        href: format!("/work/stps/{}/mailings/{}", stp.code, mailing.id),
        state: delivery.state.name(),
        said: said.join(". "),
        when: filters::instant(&delivery.updated_at),
    }
}

async fn withdraw(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Redirect, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mut w = app.write(&signed_in, &request).await?;
    let model = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    if model.withdrawn_at.is_none() {
        if stakeholders::withdraw(&mut w, &model).await?.is_none() {
            return Err(Fault::Conflict("Somebody else has just changed this stakeholder.".into()));
        }
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("{}?withdrawn=1", address(&stp))))
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/stakeholders", stp.code)
}

fn base(title: &str, signed_in: &SignedIn, stp: &stp::Model, itself: bool) -> Page {
    staff::page(title, signed_in, Some(stp))
        .at(&address(stp), itself)
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
}

/// The notice that something was done.
pub fn done(title: &str, text: &str) -> Notice {
    Notice { kind: "success", title: title.into(), text: text.into() }
}

async fn known(app: &App, stp: &stp::Model, id: &str) -> Result<stakeholder::Model, Fault> {
    find::one(app.db.read(), &stp.code, id).await?.ok_or(Fault::NotFound)
}

/// The stakeholder, unless it is withdrawn: that is kept as it is.
async fn current(app: &App, stp: &stp::Model, id: &str) -> Result<stakeholder::Model, Fault> {
    let model = known(app, stp, id).await?;
    if model.withdrawn_at.is_some() {
        return Err(Fault::Conflict("This stakeholder is withdrawn and is kept as it is.".into()));
    }
    Ok(model)
}

/// Journals whom a page is about to show.
async fn note_read(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    stp: &stp::Model,
    page: &str,
    shown: &[stakeholder::Model],
) -> Result<(), Fault> {
    let ids: Vec<String> = shown.iter().map(|model| model.id.clone()).collect();
    let reading = Reading { page: "stakeholders", table: "stakeholders", id: page, stp: Some(&stp.code) };
    reading.note(app, signed_in, request, &ids).await
}
