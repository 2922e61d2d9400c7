//! The quick log: one page, under a minute on a phone.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::event::Status;
use serde::Serialize;

use super::{
    at, choices,
    options::{self, AudienceChoices, Choice},
    unwritten,
};
use crate::{
    app::App,
    auth::SignedIn,
    events::{Choices, Provenance, draft::quick, find, record},
    fault::Fault,
    web::{
        fields::Fields,
        form::{self, Typed},
        page::{Notice, Page},
        request::RequestId,
    },
};

#[derive(Serialize)]
struct Context {
    page: Page,
    stp: String,
    area: String,
    form: Fields,
    kinds: Vec<Choice>,
    other_kinds: Vec<Choice>,
    other_kind: bool,
    places: Vec<Choice>,
    groups: Vec<Choice>,
    other_groups: Vec<Choice>,
    other_group: bool,
    audiences: Vec<AudienceChoices>,
    counted: bool,
    levels: Vec<Choice>,
    limit: usize,
    gaps: Vec<super::show::OpenGaps>,
}

/// The page, with today's date, and with what the link that led here knows (`?group=PP-CAR&kind=drop_in`).
pub async fn new(
    State(app): State<Arc<App>>,
    Path(stp): Path<String>,
    signed_in: SignedIn,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let asked = Typed(asked);
    let mut form =
        Fields::new(app.chance.id()).with_day("starts", Some(app.clock.today())).with("stp_discussed", "yes");
    for (name, field) in [("group", "who"), ("kind", "kind"), ("place", "place")] {
        for text in asked.list(name) {
            form = form.with(field, text);
        }
    }
    let notice = match asked.text("logged") {
        "" => None,
        id => find::one(app.db.read(), &stp, id).await?.map(|logged| Notice {
            kind: "success",
            title: format!("Saved: {}", logged.event.title),
            text: super::show::saved(logged.event.status == Status::Planned).to_owned(),
        }),
    };
    show(&app, &signed_in, &choices, form, StatusCode::OK, notice).await
}

/// Logs the event: held, or planned where the date is still to come.
pub async fn create(
    State(app): State<Arc<App>>,
    Path(stp): Path<String>,
    signed_in: SignedIn,
    RequestId(request): RequestId,
    typed: Typed,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let today = app.clock.today();
    let draft = match quick::parse(&typed, &choices, today) {
        Ok(draft) => draft,
        Err(problems) => {
            let form = typed.fields(&problems);
            return show(&app, &signed_in, &choices, form, StatusCode::UNPROCESSABLE_ENTITY, None).await;
        }
    };
    let id = app.chance.id();
    let location = if typed.text("next") == "another" {
        format!("{}/new?logged={id}", at(&stp))
    } else {
        format!("{}/{id}?saved=logged", at(&stp))
    };
    let mut w = app.write(&signed_in, &RequestId(request)).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    let from = Provenance { id: Some(id), created_on: Some(today), ..Provenance::default() };
    record::create(&mut w, &stp, from, draft).await.map_err(unwritten)?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

async fn show(
    app: &Arc<App>,
    signed_in: &SignedIn,
    choices: &Choices,
    form: Fields,
    status: StatusCode,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let at = at(&choices.stp.code);
    let page = super::page("Log an event", signed_in, choices)
        .at(&format!("{at}/new"), true)
        .wrong(form.is_wrong())
        .noticed(notice);
    let (kinds, other_kinds) = options::kinds();
    let (groups, other_groups) = options::groups(choices);
    let audiences = options::audiences(choices, &form, &["attended_"]);
    let chosen = |field: &str, among: &[Choice]| {
        let typed = form.values.get(field).map_or(&[][..], Vec::as_slice);
        among.iter().any(|choice| typed.contains(&choice.value))
    };
    let context = Context {
        page,
        stp: choices.stp.code.clone(),
        area: choices.stp.display_name.clone(),
        other_kind: chosen("kind", &other_kinds),
        other_group: chosen("who", &other_groups),
        counted: audiences.iter().any(|audience| audience.open),
        kinds,
        other_kinds,
        places: options::quick_places(choices),
        groups,
        other_groups,
        audiences,
        levels: options::levels(),
        limit: quick::POINTS,
        gaps: super::show::open_gaps(app, choices).await?,
        form,
    };
    Ok(app.pages.render_as(status, "pages/events/new.html", &context))
}
