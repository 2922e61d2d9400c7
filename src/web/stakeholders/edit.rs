//! The form of a stakeholder, new or one there is.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{proposal::Theme, stakeholder, stp};
use serde::Serialize;

use super::{Choice, Listing, Row, address, base, current, groups, names, note_read, row};
use crate::{
    app::App,
    auth::SignedIn,
    events::choices,
    fault::Fault,
    stakeholders::{self, Draft, Written, find},
    web::{
        fields::Fields,
        form::{self, Problem, Typed},
        page::Page,
        request::RequestId,
        staff,
    },
};

/// What can be chosen from.
#[derive(Clone, Debug, Serialize)]
pub struct Lists {
    pub groups: Vec<Choice>,
    pub places: Vec<Choice>,
    pub topics: Vec<Choice>,
}

/// What can be chosen from in an area.
pub async fn lists(app: &App, stp: &stp::Model) -> Result<Lists, Fault> {
    let places = choices::places(app.db.read(), &stp.code).await?;
    let choice = |value: String, label: String| Choice { value, label, hint: String::new() };
    Ok(Lists {
        groups: groups(app).await?,
        places: places.into_iter().map(|place| choice(place.row.code, place.row.name)).collect(),
        topics: topics(),
    })
}

/// Every topic, of stakeholders' wishes and of mail.
pub fn topics() -> Vec<Choice> {
    let choice = |topic: &Theme| Choice {
        value: topic.code().to_owned(),
        label: topic.name().to_owned(),
        hint: String::new(),
    };
    Theme::ALL.iter().map(choice).collect()
}

/// The values of choices.
pub fn codes(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|choice| choice.value.clone()).collect()
}

fn topics_of(model: &stakeholder::Model) -> Vec<String> {
    let topics = Draft::of(model.clone()).topics;
    topics.iter().map(|topic| topic.code().to_owned()).collect()
}

/// The form, new or of one there is.
#[derive(Serialize)]
struct FormPage {
    page: Page,
    at: String,
    action: String,
    /// Where the form leads back to.
    back: String,
    form: Fields,
    #[serde(flatten)]
    lists: Lists,
    /// Others with the same address: a question before saving.
    twins: Vec<Row>,
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

pub async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let form = Fields::new(app.chance.id()).with("group", listing.group);
    let lists = lists(&app, &stp).await?;
    let view = form_page("Add a stakeholder", None, form, lists, &signed_in, &stp);
    Ok(app.pages.render("pages/stakeholders/new.html", &view))
}

pub async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let lists = lists(&app, &stp).await?;
    let refused = |problems: &[Problem], twins: Vec<Row>| {
        let mut view =
            form_page("Add a stakeholder", None, typed.fields(problems), lists.clone(), &signed_in, &stp);
        view.page = view.page.wrong(!problems.is_empty());
        view.twins = twins;
        app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/stakeholders/new.html", &view)
    };
    let draft = match read_form(&typed, &lists) {
        Ok(draft) => draft,
        Err(problems) => return Ok(refused(&problems, Vec::new())),
    };
    let mut w = app.write(&signed_in, &request).await?;
    let id = w.id();
    let location = format!("{}/{id}?saved=1", address(&stp));
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    if let Some(email) = draft.email.as_deref().filter(|_| !typed.has("anyway")) {
        let twins = find::twins(w.tx(), &stp.code, email, None).await?;
        if !twins.is_empty() {
            drop(w);
            note_read(&app, &signed_in, &request, &stp, "same address", &twins).await?;
            return Ok(refused(&[], twins.iter().map(|twin| row(twin, &names(&lists.groups))).collect()));
        }
    }
    let origin = stakeholders::Origin { user: Some(&signed_in.user_id), id: Some(&id), ..Default::default() };
    stakeholders::create(&mut w, &stp.code, &draft, origin).await?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

pub async fn edit(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let model = current(&app, &stp, &id).await?;
    note_read(&app, &signed_in, &request, &stp, &id, std::slice::from_ref(&model)).await?;
    let form = Fields::new(app.chance.id()).with_day("confirmed", model.confirmed_on);
    let mut form = form.with_day("obtained", model.obtained_on);
    for (field, text) in written_of(&model) {
        form = form.with(field, text);
    }
    for topic in topics_of(&model) {
        form = form.with("topics", topic);
    }
    let lists = lists(&app, &stp).await?;
    let view = form_page("Edit a stakeholder", Some(&model), form, lists, &signed_in, &stp);
    Ok(app.pages.render("pages/stakeholders/edit.html", &view))
}

pub async fn update(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let model = current(&app, &stp, &id).await?;
    let lists = lists(&app, &stp).await?;
    let again =
        |problems: &[Problem], twins: Vec<Row>, conflict: Vec<Compared>, model: &stakeholder::Model| {
            let status =
                if conflict.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
            let fields = typed.fields(problems);
            let mut view =
                form_page("Edit a stakeholder", Some(model), fields, lists.clone(), &signed_in, &stp);
            view.page = view.page.wrong(!problems.is_empty());
            if conflict.is_empty() {
                // Errors are put right against the version that was opened.
                view.version = typed.text("version").parse().unwrap_or(0);
            }
            view.twins = twins;
            view.conflict = conflict;
            app.pages.render_as(status, "pages/stakeholders/edit.html", &view)
        };
    let draft = match read_form(&typed, &lists) {
        Ok(draft) => draft,
        Err(problems) => return Ok(again(&problems, Vec::new(), Vec::new(), &model)),
    };
    let mut w = app.write(&signed_in, &request).await?;
    let now = find::one(w.tx(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    if typed.text("version") != now.version.to_string() {
        drop(w);
        note_read(&app, &signed_in, &request, &stp, &id, std::slice::from_ref(&now)).await?;
        return Ok(again(&[], Vec::new(), compare(&now, &typed, &lists), &now));
    }
    let same = |email: &&str| now.email.as_deref().is_some_and(|old| old.eq_ignore_ascii_case(email));
    if let Some(email) = draft.email.as_deref().filter(|email| !typed.has("anyway") && !same(email)) {
        let twins = find::twins(w.tx(), &stp.code, email, Some(&id)).await?;
        if !twins.is_empty() {
            drop(w);
            note_read(&app, &signed_in, &request, &stp, "same address", &twins).await?;
            let rows = twins.iter().map(|twin| row(twin, &names(&lists.groups))).collect();
            return Ok(again(&[], rows, Vec::new(), &now));
        }
    }
    if stakeholders::update(&mut w, &now, &draft).await?.is_none() {
        drop(w);
        let now = current(&app, &stp, &id).await?;
        return Ok(again(&[], Vec::new(), compare(&now, &typed, &lists), &now));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{}/{id}?saved=1", address(&stp))).into_response())
}

fn read_form(typed: &Typed, lists: &Lists) -> Result<Draft, Vec<Problem>> {
    let text = |field: &str| typed.text(field).to_owned();
    let mut problems = Vec::new();
    let mut day = |field, what| {
        typed.day(field, what).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        })
    };
    let obtained_on = day("obtained", "The day it was obtained");
    let confirmed_on = day("confirmed", "The day it was confirmed");
    let written = Written {
        group: text("group"),
        name: text("name"),
        organisation: text("organisation"),
        role: text("role"),
        email: text("email"),
        notes: text("notes"),
        basis: text("basis"),
        wording: text("wording"),
        obtained_on,
        evidence: text("evidence"),
        confirmed_on,
        place: text("place"),
        topics: typed.list("topics"),
    };
    match Draft::parse(&written, &codes(&lists.groups), &codes(&lists.places)) {
        Ok(draft) if problems.is_empty() => Ok(draft),
        Ok(_) => Err(problems),
        Err(wrong) => {
            problems.splice(0..0, wrong.into_iter().map(|(field, message)| Problem::new(field, message)));
            Err(problems)
        }
    }
}

/// The fields of the form as the record has them.
fn written_of(model: &stakeholder::Model) -> [(&'static str, String); 10] {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    [
        ("group", model.group_code.clone()),
        ("organisation", text(&model.organisation)),
        ("name", text(&model.name)),
        ("role", text(&model.role)),
        ("email", text(&model.email)),
        ("notes", text(&model.notes)),
        ("basis", model.basis.clone()),
        ("wording", text(&model.wording)),
        ("evidence", text(&model.evidence)),
        ("place", text(&model.place_code)),
    ]
}

fn compare(theirs: &stakeholder::Model, typed: &Typed, lists: &Lists) -> Vec<Compared> {
    let label = |choices: &[Choice], value: &str| {
        choices
            .iter()
            .find(|choice| choice.value == value)
            .map(|choice| choice.label.clone())
            .unwrap_or_default()
    };
    let shown = |field: &str, text: &str| match field {
        "group" => label(&lists.groups, text),
        "place" => label(&lists.places, text),
        _ => text.to_owned(),
    };
    let term = |field| match field {
        "group" => "Group",
        "organisation" => "Organisation",
        "name" => "Person or office",
        "role" => "Role",
        "email" => "Email address",
        "notes" => "Notes",
        "place" => "Place",
        "wording" => "Wording they were given",
        "evidence" => "What shows it",
        _ => "Basis and source",
    };
    let mut compared: Vec<Compared> = written_of(theirs)
        .into_iter()
        .map(|(field, text)| Compared {
            term: term(field),
            theirs: shown(field, &text),
            yours: shown(field, typed.text(field)),
        })
        .collect();
    let topics = |codes: &[String]| {
        let all: Vec<String> = codes.iter().map(|code| label(&lists.topics, code)).collect();
        all.join(", ")
    };
    compared.push(Compared {
        term: "Topics",
        theirs: topics(&topics_of(theirs)),
        yours: topics(&typed.list("topics")),
    });
    compared
}

fn form_page(
    title: &str,
    of: Option<&stakeholder::Model>,
    form: Fields,
    lists: Lists,
    signed_in: &SignedIn,
    stp: &stp::Model,
) -> FormPage {
    let at = address(stp);
    let back = of.map_or_else(|| at.clone(), |model| format!("{at}/{}", model.id));
    FormPage {
        page: base(title, signed_in, stp, false).under("Stakeholders", &at),
        action: back.clone(),
        back,
        at,
        form,
        lists,
        twins: Vec::new(),
        conflict: Vec::new(),
        version: of.map_or(0, |model| model.version),
    }
}
