//! What if: `/stps/{stp}/what-if` says which gaps events would close, and which open, before they are held;
//! `/work/stps/{stp}/what-if` the same to staff, of the whole record. The address carries everything:
//! `?event=ID&event=ID`, and `group`, `place`, `level` and `on` of an event that is only thought of.
//!
//! ```text
//! record ─┬─ for staff ────────────────┐
//!         └─ for anyone ─► disclosed ──┴─► suppose ─► what closes, what opens
//! ```

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use chrono::NaiveDate;
use entity::event;
use method::{
    Finding, Severity,
    record::Stp,
    rules,
    values::{Id, Level},
    words::Group,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::Serialize;

use super::{
    fields::Fields,
    filters,
    form::Typed,
    page::Page,
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    assessments::{
        Area,
        stp::Links,
        subject,
        what_if::{self, Outcome, Supposed, ThoughtOf},
    },
    auth::{Action, SignedIn},
    events::{Choices, draft::LEVELS},
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/stps/{stp}/what-if", Access::Public, show).get(
        "/work/stps/{stp}/what-if",
        Access::Area(Action::ReadArea),
        work,
    )
}

/// A box to tick.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
}

fn choice(value: impl Into<String>, label: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), hint: String::new() }
}

/// The planned events of an STP as boxes, the next first, then those whose day has passed; at most so many. To anyone
/// but staff, one that is not public has its kind and day alone.
pub async fn planned(
    db: &impl ConnectionTrait,
    stp: &str,
    limit: u64,
    links: Links,
) -> Result<Vec<Choice>, DbErr> {
    use event::Column as C;
    let rows: Vec<(String, String, event::Kind, event::Publication, Option<NaiveDate>)> =
        event::Entity::find()
            .select_only()
            .columns([C::Id, C::Title, C::Kind, C::Publication, C::StartsOn])
            .filter(C::StpCode.eq(stp))
            .filter(C::Status.eq(event::Status::Planned))
            .filter(C::WithdrawnAt.is_null())
            .filter(C::StartsOn.is_not_null())
            .order_by_desc(C::StartsOn)
            .order_by_asc(C::Id)
            .limit(limit)
            .into_tuple()
            .all(db)
            .await?;
    let shown = |publication| links == Links::Staff || publication == event::Publication::Public;
    let label = |title: String, kind: event::Kind, publication| match () {
        () if !shown(publication) => format!("{} (not published)", kind.name()),
        () if title.is_empty() => kind.name().to_owned(),
        () => title,
    };
    Ok(rows
        .into_iter()
        .map(|(id, title, kind, publication, on)| Choice {
            value: id,
            label: label(title, kind, publication),
            hint: on.map(filters::day).unwrap_or_default(),
        })
        .collect())
}

/// Boxes that are offered at most.
const OFFERED: u64 = 200;

#[derive(Serialize)]
struct Show {
    page: Page,
    name: String,
    action: String,
    form: Fields,
    planned: Vec<Choice>,
    groups: Vec<Choice>,
    places: Vec<Choice>,
    levels: Vec<Choice>,
    /// Whether the part of the form that describes an event is open.
    described: bool,
    /// The gap that the question came from, as `RULE/subject`.
    gap: String,
    answer: Option<Answer>,
}

/// What would become of the gaps, in words.
#[derive(Serialize)]
struct Answer {
    day: String,
    later: bool,
    events: usize,
    asked: Option<AskedGap>,
    closed: Vec<Line>,
    opened: Vec<Line>,
    by_time_alone: usize,
}

#[derive(Serialize)]
struct AskedGap {
    line: Line,
    closes: bool,
    then: &'static str,
    sentence: String,
    what_closes: String,
}

/// A gap, and what would be said of it then.
#[derive(Serialize)]
struct Line {
    rule: &'static str,
    title: &'static str,
    subject: String,
    severity: &'static str,
    nested: bool,
    sentence: String,
    /// Empty where it has no page, since it is no finding of today.
    href: String,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let area = today(&app, &code).await?;
    let name = &area.stp.display_name;
    let page = Page::public(format!("What if, {name}"))
        .at("/", false)
        .under("England", "/")
        .under(name, format!("/stps/{code}"))
        .under("All checks", format!("/stps/{code}/gaps"));
    answer(&app, &area, page, asked, Links::Public).await
}

async fn work(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    signed_in: SignedIn,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let area = today(&app, &code).await?;
    let name = &area.stp.display_name;
    let at = format!("/work/stps/{code}");
    let page = staff::page(format!("What if, {name}"), &signed_in, Some(&area.stp))
        .at(&at, false)
        .under("Your STPs", "/work")
        .under(name, &at)
        .under("All checks", format!("{at}/gaps"));
    answer(&app, &area, page, asked, Links::Staff).await
}

async fn today(app: &App, code: &str) -> Result<Arc<Area>, Fault> {
    app.assessments.area(app.db.read(), code, app.clock.today()).await?.ok_or(Fault::NotFound)
}

async fn answer(
    app: &App,
    area: &Area,
    page: Page,
    asked: Vec<(String, String)>,
    links: Links,
) -> Result<Response, Fault> {
    let (db, today) = (app.db.read(), area.as_at);
    let code = &area.stp.code;
    let choices = Choices::of(db, code).await?.ok_or(Fault::NotFound)?;
    let typed = Typed(asked);
    let form = Fields::typed("", &typed.0);
    let (supposed, form) = supposed(&typed, &choices, today, form);
    let name = area.stp.display_name.clone();
    let page = page.wrong(form.is_wrong());
    let asked_any = !supposed.events.is_empty() || supposed.thought_of.is_some();
    let answer = if asked_any && !form.is_wrong() {
        let (stp, standard) = what_if::load(db, code, links).await?.ok_or(Fault::NotFound)?;
        let known = what_if::planned(&stp);
        let events = known.iter().filter(|event| supposed.events.contains(&event.id)).count();
        let events = events + usize::from(supposed.thought_of.is_some());
        let (stp, outcome) = tokio::task::spawn_blocking(move || {
            let outcome = what_if::suppose(&stp, &standard, today, &supposed);
            (stp, outcome)
        })
        .await
        .map_err(anyhow::Error::from)?;
        Some(said(area, &stp, &outcome?, events, typed.text("gap"), links))
    } else {
        None
    };
    let groups = choices.groups.iter().filter(|group| Group::parse(&group.row.code).is_some());
    let context = Show {
        page,
        name,
        action: format!("{}/stps/{code}/what-if", links.prefix()),
        planned: planned(db, code, OFFERED, links).await?,
        groups: groups.map(|group| choice(&group.row.code, &group.row.name)).collect(),
        places: choices.places.iter().map(|place| choice(&place.row.code, &place.row.name)).collect(),
        levels: LEVELS
            .iter()
            .map(|(level, word, hint)| choice(level.to_string(), format!("{word}: {hint}")))
            .collect(),
        described: ["group", "place", "level", "on"].iter().any(|name| !typed.text(name).is_empty()),
        gap: typed.text("gap").to_owned(),
        form,
        answer,
    };
    let status = if context.form.is_wrong() {
        axum::http::StatusCode::UNPROCESSABLE_ENTITY
    } else {
        axum::http::StatusCode::OK
    };
    Ok(app.pages.render_as(status, "pages/stps/what_if.html", &context))
}

/// What the address supposes, and what is wrong with it beside its field.
fn supposed(typed: &Typed, choices: &Choices, today: NaiveDate, mut form: Fields) -> (Supposed, Fields) {
    let known = |name: &str, code: &String| match name {
        "group" => choices.group(code).is_some(),
        _ => choices.place(code).is_some(),
    };
    let mut codes = |name: &'static str, wrong: &str| -> Vec<String> {
        let all = typed.list(name);
        if !all.iter().all(|code| known(name, code)) {
            form = std::mem::take(&mut form).wrong(name, wrong);
        }
        all
    };
    let groups = codes("group", "Select groups of the list");
    let places = codes("place", "Select places of this area");
    let day = typed.text("on");
    let on = match day.parse::<NaiveDate>() {
        Ok(on) => on,
        Err(_) if day.is_empty() => today,
        Err(_) => {
            form = form.wrong("on", "Enter a day, such as 2018-02-14");
            today
        }
    };
    let level = typed.text("level");
    let level = match level.parse().ok().and_then(Level::from_number) {
        None if !level.is_empty() => {
            form = form.wrong("level", "Select how people would take part");
            None
        }
        level => level,
    };
    let thought_of = (!groups.is_empty() || !places.is_empty()).then(|| ThoughtOf {
        groups: groups.iter().filter_map(|code| Group::parse(code)).collect(),
        places: places.iter().filter_map(|code| Id::parse(code)).collect(),
        level,
        on,
    });
    // A link from a gap names its place alone; whoever sends the form sends the day's field with it.
    let sent = typed.0.iter().any(|(name, _)| name == "on");
    let thought_of = thought_of.filter(|event| sent || !event.groups.is_empty());
    if thought_of.as_ref().is_some_and(|event| event.groups.is_empty()) {
        form = form.wrong("group", "Select who would take part: an event without anybody closes no gap");
    }
    (Supposed { events: typed.list("event"), thought_of }, form)
}

fn said(area: &Area, stp: &Stp, outcome: &Outcome, events: usize, gap: &str, links: Links) -> Answer {
    let line = |found: &Finding| line(area, stp, found, links);
    let asked = gap.split_once('/').and_then(|(rule, about)| {
        let before = outcome.otherwise(rule, about)?;
        let then = outcome.then(rule, about)?;
        Some(AskedGap {
            line: line(before),
            closes: outcome.closed().any(|gap| gap.rule == rule && gap.subject == about),
            then: then.verdict.code(),
            sentence: then.sentence.clone(),
            what_closes: then.closes.to_string(),
        })
    });
    Answer {
        day: outcome.day.to_string(),
        later: outcome.day > area.as_at,
        events,
        asked,
        closed: outcome.closed().map(line).collect(),
        opened: outcome.opened().map(line).collect(),
        by_time_alone: outcome.by_time_alone,
    }
}

fn line(area: &Area, stp: &Stp, found: &Finding, links: Links) -> Line {
    let about = subject::name(area, found);
    let event = about.event.as_deref().and_then(|id| stp.events.iter().find(|event| event.id.as_str() == id));
    let of_event = event.map(|event| event.title.clone().unwrap_or_else(|| event.kind.name().to_owned()));
    let subject = if what_if::is_thought_of(found) {
        "The event that you described".to_owned()
    } else {
        of_event.unwrap_or(about.name)
    };
    let today = area.assessment.finding(found.rule, &found.subject);
    Line {
        rule: found.rule,
        title: rules::find(found.rule).map_or("", |rule| rule.words.title),
        subject,
        severity: found.severity.map_or("", Severity::code),
        nested: found.parent.is_some(),
        sentence: found.sentence.clone(),
        href: today.map(|found| subject::address(links.prefix(), area, found)).unwrap_or_default(),
    }
}
