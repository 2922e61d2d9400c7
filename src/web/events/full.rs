//! The full record of a new event, and what its form and that of an edit share.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;

use super::{
    at, choices,
    options::{self, AudienceChoices, Choice},
    unwritten,
};
use crate::{
    app::App,
    auth::SignedIn,
    events::{
        Choices, Provenance,
        draft::{filled, full},
        facts::Difference,
        record,
    },
    fault::Fault,
    web::{
        fields::Fields,
        form::{self, Typed},
        page::Page,
        request::RequestId,
    },
};

/// The full record's form.
#[derive(Serialize)]
pub struct Context {
    page: Page,
    area: String,
    /// Where the form goes.
    action: String,
    /// Where giving up leads.
    back: String,
    /// The version that is being changed; none for a new event.
    version: Option<i32>,
    conflict: Option<Conflict>,
    form: Fields,
    kinds: Vec<Choice>,
    statuses: Vec<Choice>,
    precisions: Vec<Choice>,
    places: Vec<Choice>,
    audiences: Vec<AudienceChoices>,
    levels: Vec<Choice>,
    bodies: Vec<Choice>,
    targets: Vec<Choice>,
    support: Vec<Choice>,
    proposals: Vec<Choice>,
    consultations: Vec<Choice>,
    representatives: Vec<Choice>,
    representatives_at: String,
    outcomes: Vec<Choice>,
    publications: Vec<Choice>,
    points: Vec<usize>,
    sources: Vec<usize>,
}

/// Two people's texts.
#[derive(Serialize)]
pub struct Conflict {
    /// Who changed it in between.
    pub by: String,
    /// `before` is how it stands now, `after` is what was just sent.
    pub rows: Vec<Difference>,
}

impl Context {
    pub fn new(page: Page, choices: &Choices, form: Fields, action: String, back: String) -> Self {
        Self {
            page,
            area: choices.stp.display_name.clone(),
            action,
            back,
            version: None,
            conflict: None,
            kinds: options::all_kinds(),
            statuses: options::statuses(),
            precisions: options::precisions(),
            places: options::all_places(choices),
            audiences: options::audiences(choices, &form, &["part_", "invited_", "attended_"]),
            levels: options::levels(),
            bodies: options::bodies(choices),
            targets: options::targets(),
            support: options::support(),
            proposals: options::proposals(choices),
            consultations: options::consultations(choices),
            representatives: options::representatives(choices),
            representatives_at: format!("/work/stps/{}/representatives", choices.stp.code),
            outcomes: options::outcomes(),
            publications: options::publications(),
            points: options::rows(&form, &["point_", "outcome_"], 3),
            sources: options::rows(&form, &["source_url_", "source_type_", "source_note_"], 2),
            form,
        }
    }

    /// The form of an event that is being changed.
    #[must_use]
    pub fn changing(mut self, version: i32, conflict: Option<Conflict>) -> Self {
        self.version = Some(version);
        self.conflict = conflict;
        self
    }
}

/// An empty form.
pub async fn new(
    State(app): State<Arc<App>>,
    Path(stp): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let form = filled::new(&app.chance.id(), app.clock.today());
    Ok(show(&app, &signed_in, &choices, form, StatusCode::OK))
}

/// Writes the event; or, where it comes from the quick log ("Add more"), shows its form with what was typed there.
pub async fn create(
    State(app): State<Arc<App>>,
    Path(stp): Path<String>,
    signed_in: SignedIn,
    RequestId(request): RequestId,
    typed: Typed,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let today = app.clock.today();
    if typed.has("more") {
        let form = filled::from_quick(&typed, &choices, today);
        return Ok(show(&app, &signed_in, &choices, form, StatusCode::OK));
    }
    let draft = match full::parse(&typed, &choices, None) {
        Ok(draft) => draft,
        Err(problems) => {
            let form = typed.fields(&problems);
            return Ok(show(&app, &signed_in, &choices, form, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let id = app.chance.id();
    let location = format!("{}/{id}?saved=logged", at(&stp));
    let mut w = app.write(&signed_in, &RequestId(request)).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    let from = Provenance { id: Some(id), created_on: Some(today), ..Provenance::default() };
    record::create(&mut w, &stp, from, draft).await.map_err(unwritten)?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

fn show(app: &App, signed_in: &SignedIn, choices: &Choices, form: Fields, status: StatusCode) -> Response {
    let at = at(&choices.stp.code);
    let page = super::page("Log an event: full record", signed_in, choices)
        .at(&format!("{at}/new"), false)
        .under("Log an event", format!("{at}/new"))
        .wrong(form.is_wrong());
    let context = Context::new(page, choices, form, format!("{at}/new/full"), at.clone());
    app.pages.render_as(status, "pages/events/edit.html", &context)
}
