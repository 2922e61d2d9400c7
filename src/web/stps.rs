//! One STP: `/stps/{stp}` for anyone, `/work/stps/{stp}` for its staff, and what the rules found there in full.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use serde::Serialize;

use super::{
    asked::{Asked, Field},
    england::{finding_fields, from, onward, wanted},
    files::{self, FileLink, each_format},
    kept,
    page::Page,
    restated::{OwnStandard, now, own_standard, restated, standing},
    routes::{Access, Routes},
    staff, what_if,
};
use crate::{
    app::App,
    assessments::{
        Area, england, files as table, finding,
        past::{self, Past},
        restated::{Pair, Restated, pair},
        stp::{self, Links, View},
        subject::Subject,
    },
    auth::{Action, SignedIn},
    export::Format,
    fault::Fault,
};

/// Planned events that a page of gaps offers to be ticked; all are on the page that answers.
const PLANNED: u64 = 12;

pub fn routes(routes: Routes) -> Routes {
    let read = Access::Area(Action::ReadArea);
    let routes = files::each(routes, each_format!("/stps/{stp}/gaps"), |format| {
        move |State(app): State<Arc<App>>, Path(code): Path<String>, asked: Asked| {
            gaps_file(app, code, asked, format)
        }
    });
    routes
        .get("/stps/{stp}", Access::Public, show)
        .get("/stps/{stp}/gaps", Access::Public, gaps)
        .get("/stps/{stp}/gaps/{rule}/{*subject}", Access::Public, gap)
        .get("/stps/{stp}/changes", Access::Public, changes)
        .get("/work/stps/{stp}", read, work)
        .get("/work/stps/{stp}/gaps", read, work_gaps)
        .get("/work/stps/{stp}/gaps/{rule}/{*subject}", read, work_gap)
}

#[derive(Serialize)]
struct Show {
    page: Page,
    stp: View,
    /// Where the staff pages of the STP are; empty for anyone else.
    work: String,
    may_write: bool,
    may_mail: bool,
    kept: String,
    fields: Vec<Field>,
    /// Both answers, where what was known is asked for.
    known: Option<Restated>,
    standard: String,
    own: Option<OwnStandard>,
    gap_files: Vec<FileLink>,
    event_files: Vec<FileLink>,
}

/// An STP as at the day asked for.
pub async fn area(app: &App, code: &str, asked: &Asked) -> Result<Arc<Area>, Fault> {
    let look = asked.look(&app.clock, app.db.read()).await?;
    app.assessments.area(app.db.read(), code, look).await?.ok_or(Fault::NotFound)
}

/// The fields that say how the record is looked at.
fn look_fields(area: &Area, asked: &Asked, label: &'static str) -> Result<Vec<Field>, Fault> {
    let known = asked.known_at()?.map(|known| known.day().to_string()).unwrap_or_default();
    Ok(vec![
        Field::day("as_at", label, area.as_at.to_string()),
        Field::day("known_at", "As known at the end of", known),
    ])
}

async fn show(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = format!("/stps/{code}{}", asked.with(&[]));
    kept::answer(&app, address, &headers, async || make(&app, &code, &asked).await).await
}

async fn make(app: &App, code: &str, asked: &Asked) -> Result<Response, Fault> {
    let area = area(app, code, asked).await?;
    let name = area.stp.display_name.clone();
    let page = Page::public(format!("{name}: engagement gaps"))
        .at("/", false)
        .under("England", format!("/{}", asked.kept()))
        .described(format!("Who was consulted on the plan for {name}, and who is still to be."));
    let context = Show {
        page,
        stp: stp::view(&area, Links::Public),
        work: String::new(),
        may_write: false,
        may_mail: false,
        kept: asked.kept(),
        fields: look_fields(&area, asked, "The record as at")?,
        known: restated(app, &area, asked, Links::Public).await?,
        standard: area.standard.version.clone(),
        own: own_standard(app, &area, Links::Public).await?,
        gap_files: files::links(&format!("/stps/{code}/gaps"), &asked.kept()),
        event_files: files::links(&format!("/stps/{code}/events"), &asked.kept()),
    };
    Ok(app.pages.render("pages/stps/show.html", &context))
}

async fn work(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    signed_in: SignedIn,
    asked: Asked,
) -> Result<Response, Fault> {
    let area = area(&app, &code, &asked).await?;
    let at = format!("/work/stps/{code}");
    let page =
        staff::page(format!("{}: engagement gaps", area.stp.display_name), &signed_in, Some(&area.stp));
    let context = Show {
        page: page.at(&at, true).under("Your STPs", "/work"),
        stp: stp::view(&area, Links::Staff),
        may_write: signed_in.may(Action::WriteEvents, &code),
        may_mail: signed_in.may(Action::WriteMailings, &code),
        work: at,
        kept: asked.kept(),
        fields: look_fields(&area, &asked, "The record as at")?,
        known: restated(&app, &area, &asked, Links::Staff).await?,
        standard: area.standard.version.clone(),
        own: own_standard(&app, &area, Links::Staff).await?,
        gap_files: files::links(&format!("/stps/{code}/gaps"), &asked.kept()),
        event_files: files::links(&format!("/stps/{code}/events"), &asked.kept()),
    };
    Ok(app.pages.render("pages/stps/show.html", &context))
}

#[derive(Serialize)]
struct Gaps {
    page: Page,
    name: String,
    as_at: String,
    found: finding::Listed,
    /// Never here: the lines are of one area.
    many: bool,
    fields: Vec<Field>,
    action: String,
    next: String,
    first: String,
    files: Vec<FileLink>,
    kept: String,
    known: Option<Restated>,
    /// Where it is asked what planned events would close.
    what_if: String,
    planned: Vec<what_if::Choice>,
}

async fn list(app: &App, page: Page, area: &Arc<Area>, asked: &Asked, links: Links) -> Result<Gaps, Fault> {
    let from = from(asked)?;
    let found = finding::lines([area.as_ref()], &wanted(asked), from, links);
    let (_, groups) = england::choices(std::slice::from_ref(area));
    let action = format!("{}/stps/{}/gaps", links.prefix(), area.stp.code);
    let (next, first) = onward(&action, asked, from, found.next);
    let mut fields = finding_fields(asked, area.as_at, groups);
    fields.retain(|field| !field.date);
    fields.extend(look_fields(area, asked, "As at")?);
    Ok(Gaps {
        page,
        name: area.stp.display_name.clone(),
        as_at: area.as_at.to_string(),
        found,
        many: false,
        fields,
        action,
        next,
        first,
        files: files::links(&format!("/stps/{}/gaps", area.stp.code), &asked.kept()),
        what_if: format!("{}/stps/{}/what-if", links.prefix(), area.stp.code),
        planned: what_if::planned(app.db.read(), &area.stp.code, PLANNED, links).await?,
        kept: asked.kept(),
        known: restated(app, area, asked, links).await?,
    })
}

async fn gaps(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let area = area(&app, &code, &asked).await?;
    let page = below(&area, &asked, "All checks");
    Ok(app.pages.render("pages/stps/gaps.html", &list(&app, page, &area, &asked, Links::Public).await?))
}

async fn work_gaps(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    signed_in: SignedIn,
    asked: Asked,
) -> Result<Response, Fault> {
    let area = area(&app, &code, &asked).await?;
    let page = work_below(&area, &signed_in, &asked, "All checks");
    Ok(app.pages.render("pages/stps/gaps.html", &list(&app, page, &area, &asked, Links::Staff).await?))
}

/// A public page below an STP's.
pub fn below(area: &Area, asked: &Asked, title: &str) -> Page {
    let name = &area.stp.display_name;
    Page::public(format!("{title}, {name}"))
        .at("/", false)
        .under("England", format!("/{}", asked.kept()))
        .under(name, format!("/stps/{}{}", area.stp.code, asked.kept()))
}

/// A staff page below an STP's.
fn work_below(area: &Area, signed_in: &SignedIn, asked: &Asked, title: &str) -> Page {
    let name = &area.stp.display_name;
    let at = format!("/work/stps/{}", area.stp.code);
    staff::page(format!("{title}, {name}"), signed_in, Some(&area.stp))
        .at(&at, false)
        .under("Your STPs", "/work")
        .under(name, format!("{at}{}", asked.kept()))
}

#[derive(Serialize)]
struct Gap {
    page: Page,
    /// Its own address, and the days that it is looked at from.
    action: String,
    fields: Vec<Field>,
    name: String,
    as_at: String,
    found: finding::View,
    work: String,
    may_write: bool,
    may_mail: bool,
    /// What the addresses of events begin with.
    events: String,
    kept: String,
    known: Option<Pair>,
    next: String,
    first: String,
    /// Where it is asked what planned events would close.
    what_if: String,
    /// The rest of that address, where it is asked from this gap and about its group or place.
    more: String,
    /// The gap as that address names it.
    itself: String,
    planned: Vec<what_if::Choice>,
}

/// A finding in full, as the address asks for it.
struct Told {
    area: Arc<Area>,
    found: finding::View,
    known: Option<Pair>,
    next: String,
    first: String,
}

async fn told(
    app: &App,
    (code, rule, subject): (&str, &str, &str),
    asked: &Asked,
    links: Links,
) -> Result<Told, Fault> {
    let db = app.db.read();
    let mut area = area(app, code, asked).await?;
    let mut known = None;
    if let Some(known_at) = asked.known_at()? {
        let now = app.assessments.area(db, code, now(&area, asked)).await?.ok_or(Fault::NotFound)?;
        let (then, later) = (area.assessment.finding(rule, subject), now.assessment.finding(rule, subject));
        known = Some(pair(known_at, then, later, standing(area.as_at, asked)));
        if then.is_none() {
            // It was not asked then: what is told in full is the present finding.
            area = now;
        }
    }
    let found = area.assessment.finding(rule, subject).ok_or(Fault::NotFound)?;
    let from = from(asked)?;
    let found = finding::view(db, &area, found, links, from).await?.ok_or(Fault::NotFound)?;
    let (next, first) = onward("", asked, from, found.counted_next);
    Ok(Told { area, found, known, next, first })
}

async fn gap(
    State(app): State<Arc<App>>,
    Path((code, rule, subject)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Fault> {
    let Told { area, found, known, next, first } =
        told(&app, (&code, &rule, &subject), &asked, Links::Public).await?;
    let itself = format!("{rule}/{subject}");
    let more = more(&itself, &found.subject);
    let context = Gap {
        action: format!("/stps/{code}/gaps/{itself}"),
        fields: look_fields(&area, &asked, "As at")?,
        page: below(&area, &asked, &format!("{} ({})", found.subject.name, found.rule)),
        name: area.stp.display_name.clone(),
        as_at: area.as_at.to_string(),
        found,
        work: String::new(),
        may_write: false,
        may_mail: false,
        events: "/events".to_owned(),
        kept: asked.kept(),
        known,
        next,
        first,
        what_if: format!("/stps/{code}/what-if"),
        more,
        itself,
        planned: what_if::planned(app.db.read(), &code, PLANNED, Links::Public).await?,
    };
    Ok(app.pages.render("pages/stps/gap.html", &context))
}

async fn work_gap(
    State(app): State<Arc<App>>,
    Path((code, rule, subject)): Path<(String, String, String)>,
    signed_in: SignedIn,
    asked: Asked,
) -> Result<Response, Fault> {
    let Told { area, found, known, next, first } =
        told(&app, (&code, &rule, &subject), &asked, Links::Staff).await?;
    let at = format!("/work/stps/{code}");
    let itself = format!("{rule}/{subject}");
    let more = more(&itself, &found.subject);
    let context = Gap {
        action: format!("{at}/gaps/{itself}"),
        fields: look_fields(&area, &asked, "As at")?,
        page: work_below(&area, &signed_in, &asked, &format!("{} ({})", found.subject.name, found.rule)),
        name: area.stp.display_name.clone(),
        as_at: area.as_at.to_string(),
        found,
        may_write: signed_in.may(Action::WriteEvents, &code),
        may_mail: signed_in.may(Action::WriteMailings, &code),
        events: format!("{at}/events"),
        what_if: format!("{at}/what-if"),
        planned: what_if::planned(app.db.read(), &code, PLANNED, Links::Staff).await?,
        more,
        itself,
        work: at,
        kept: asked.kept(),
        known,
        next,
        first,
    };
    Ok(app.pages.render("pages/stps/gap.html", &context))
}

#[derive(Serialize)]
struct Changes {
    page: Page,
    name: String,
    since: String,
    as_at: String,
    closed: bool,
    found: finding::Listed,
    next: String,
    first: String,
}

/// The gaps that opened since an earlier day, or those that closed, as they were then.
async fn changes(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let now = area(&app, &code, &asked).await?;
    let since = asked.day("since")?.unwrap_or_else(|| past::quarter_end_before(now.as_at));
    let look = asked.look(&app.clock, app.db.read()).await?.on(since);
    let then = app.assessments.area(app.db.read(), &code, look).await?.ok_or(Fault::NotFound)?;
    let closed = asked.text("which") == "closed";
    let from = from(&asked)?;
    let found = if closed {
        let all: Vec<_> = past::closed(&then, &now).map(|found| (then.as_ref(), found)).collect();
        finding::page(&all, from, Links::Public)
    } else {
        let before = Past::of(&then);
        let all: Vec<_> = past::opened(&before, &now).map(|found| (now.as_ref(), found)).collect();
        finding::page(&all, from, Links::Public)
    };
    let (next, first) = onward(&format!("/stps/{code}/changes"), &asked, from, found.next);
    let context = Changes {
        page: below(&now, &asked, if closed { "Gaps that closed" } else { "Gaps that opened" }),
        name: now.stp.display_name.clone(),
        since: since.to_string(),
        as_at: now.as_at.to_string(),
        closed,
        found,
        next,
        first,
    };
    Ok(app.pages.render("pages/stps/changes.html", &context))
}

/// The rest of an address that asks what an event about this gap's group or place would close.
fn more(gap: &str, about: &Subject) -> String {
    let mut more = url::form_urlencoded::Serializer::new(String::new());
    more.append_pair("gap", gap);
    for (name, code) in [("group", &about.group), ("place", &about.place)] {
        if let Some(code) = code {
            more.append_pair(name, code);
        }
    }
    format!("?{}", more.finish())
}

async fn gaps_file(app: Arc<App>, code: String, asked: Asked, format: Format) -> Result<Response, Fault> {
    let area = area(&app, &code, &asked).await?;
    let (name, as_at) = (area.stp.display_name.clone(), area.as_at);
    let tables = vec![table::gaps(&[area])];
    let file = format!("gaps-{code}-{as_at}");
    files::answer(&app, &file, format!("Gaps in engagement, {name}"), as_at, tables, format)
}
