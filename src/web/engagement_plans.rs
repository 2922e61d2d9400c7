//! The engagement plan: `/stps/{stp}/engagement-plan` for anyone, `/work/stps/{stp}/engagement-plan` for its staff.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::stp;
use serde::Serialize;

use super::{
    fields::Fields,
    filters,
    form::{self, Typed},
    kept,
    page::{Notice, Page},
    request::RequestId,
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    engagement_plans::{
        Draft, record,
        view::{self, View},
    },
    entries::values::decimal,
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/stps/{stp}/engagement-plan", Access::Public, public)
        .get("/work/stps/{stp}/engagement-plan", Access::Area(Action::ReadArea), show)
        .post("/work/stps/{stp}/engagement-plan", Access::Area(Action::WriteRecord), update)
}

#[derive(Serialize)]
struct Show {
    page: Page,
    name: String,
    code: String,
    /// Where the staff pages of the STP are; empty for anyone else.
    work: String,
    /// Where events are shown.
    events: String,
    plan: View,
    form: Fields,
    may_write: bool,
    version: i32,
    /// What someone else has saved meanwhile, beside what was typed.
    conflict: Vec<Compared>,
}

#[derive(Serialize)]
struct Compared {
    term: &'static str,
    theirs: String,
    yours: String,
}

async fn plan(app: &App, code: &str) -> Result<(stp::Model, View), Fault> {
    let today = app.clock.today();
    let area = app.assessments.area(app.db.read(), code, today).await?.ok_or(Fault::NotFound)?;
    let plan = view::load(app.db.read(), &area).await?;
    Ok((area.stp.clone(), plan))
}

async fn public(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = format!("/stps/{code}/engagement-plan");
    kept::answer(&app, address, &headers, async || {
        let (stp, plan) = plan(&app, &code).await?;
        let name = stp.display_name;
        let page = Page::public(format!("Engagement plan, {name}"))
            .at("/", false)
            .under("England", "/")
            .under(&name, format!("/stps/{code}"))
            .described(format!("Whom {name} set out to hear, how deeply and when, and what came of it."));
        let context = Show {
            page,
            name,
            work: String::new(),
            events: "/events".to_owned(),
            plan,
            form: Fields::default(),
            may_write: false,
            version: 0,
            conflict: Vec::new(),
            code: code.clone(),
        };
        Ok(app.pages.render("pages/engagement_plans/show.html", &context))
    })
    .await
}

async fn render(
    app: &App,
    signed_in: &SignedIn,
    code: &str,
    form: Option<Fields>,
    conflict: Vec<Compared>,
    notice: Option<Notice>,
    version: Option<i32>,
) -> Result<Response, Fault> {
    let (stp, plan) = plan(app, code).await?;
    let status = match &form {
        Some(_) if !conflict.is_empty() => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let form = form.unwrap_or_else(|| Draft::of(&stp).fields(&app.chance.id()));
    let work = format!("/work/stps/{code}");
    let page = staff::page("Engagement plan", signed_in, Some(&stp))
        .at(&format!("{work}/record"), false)
        .under(&stp.display_name, &work)
        .under("Record", format!("{work}/record"))
        .wrong(form.is_wrong())
        .noticed(notice);
    let context = Show {
        page,
        events: format!("{work}/events"),
        plan,
        form,
        may_write: signed_in.may(Action::WriteRecord, code),
        version: version.unwrap_or(stp.version),
        conflict,
        name: stp.display_name,
        code: stp.code,
        work,
    };
    Ok(app.pages.render_as(status, "pages/engagement_plans/show.html", &context))
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let notice = Typed(query).has("saved").then(|| Notice {
        kind: "success",
        title: "The plan is saved".into(),
        text: "What was said before stays in the journal.".into(),
    });
    render(&app, &signed_in, &code, None, Vec::new(), notice, None).await
}

async fn update(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    RequestId(request): RequestId,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let version: i32 =
        typed.text("version").parse().map_err(|_| Fault::BadRequest("This form names no version.".into()))?;
    let draft = match Draft::parse(&typed) {
        Ok(draft) => draft,
        Err(problems) => {
            let form = Some(typed.fields(&problems));
            return render(&app, &signed_in, &code, form, Vec::new(), None, Some(version)).await;
        }
    };
    let before = staff::stp(&app, &code).await?;
    let location = format!("/work/stps/{code}/engagement-plan?saved=1");
    let mut w = app.write(&signed_in, &RequestId(request)).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    if before.version != version || !record::update(&mut w, &before, &draft).await? {
        drop(w);
        let now = staff::stp(&app, &code).await?;
        let conflict = compare(&Draft::of(&now), &draft);
        let form = Some(typed.fields(&[]));
        return render(&app, &signed_in, &code, form, conflict, None, Some(now.version)).await;
    }
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

/// Both texts of what differs; where nothing does, of what was sent.
fn compare(theirs: &Draft, yours: &Draft) -> Vec<Compared> {
    let said = |draft: &Draft| {
        let day = |day: Option<chrono::NaiveDate>| day.map(filters::day).unwrap_or_default();
        [
            ("Plan published on", day(draft.plan_published_on)),
            ("Where the plan is", draft.plan_published_url.clone().unwrap_or_default()),
            ("Engagement plan published on", day(draft.engagement_plan_published_on)),
            ("Where the engagement plan is", draft.engagement_plan_url.clone().unwrap_or_default()),
            ("Target for reach", draft.reach_target_millionths.map(decimal).unwrap_or_default()),
        ]
    };
    let both = said(theirs).into_iter().zip(said(yours));
    let all: Vec<Compared> =
        both.map(|((term, theirs), (_, yours))| Compared { term, theirs, yours }).collect();
    let same = all.iter().all(|row| row.theirs == row.yours);
    all.into_iter().filter(|row| same || row.theirs != row.yours).collect()
}
