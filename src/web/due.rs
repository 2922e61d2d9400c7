//! What falls due: `/stps/{stp}/due` for anyone, `/work/stps/{stp}/due` for its staff, and the calendar of each.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Path, State as Of},
    http::header,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::journal_entry;
use method::rules;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;

use super::{
    asked::{Asked, Field},
    filters,
    page::{Link, Page},
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    assessments::{Area, subject},
    auth::{Action, SignedIn},
    clocks::{
        Clock, Clocks, State, What,
        calendar::{self, Sheet},
        load::{self, Seen},
    },
    entries,
    fault::Fault,
};

/// Lines of each part that are shown, unless all are asked for.
const SHOWN: usize = 100;

pub fn routes(routes: Routes) -> Routes {
    let read = Access::Area(Action::ReadArea);
    routes
        .get("/stps/{stp}/due", Access::Public, show)
        .get("/stps/{stp}/calendar.ics", Access::Public, public_calendar)
        .get("/work/stps/{stp}/due", read, work)
}

#[derive(Serialize)]
struct Show {
    page: Page,
    name: String,
    as_at: String,
    /// Whether staff look.
    work: bool,
    parts: Vec<Part>,
    total: usize,
    fields: Vec<Field>,
    action: String,
    calendar: String,
}

/// The clocks of one state.
#[derive(Serialize)]
struct Part {
    id: &'static str,
    title: &'static str,
    lines: Vec<Line>,
    total: usize,
    /// Where all of them are shown.
    all: String,
}

#[derive(Serialize)]
struct Line {
    due: String,
    due_on: NaiveDate,
    /// "3 days overdue", "in 12 days".
    distance: String,
    overdue: bool,
    late: bool,
    what: &'static str,
    about: String,
    /// The record that it is about; empty where that has no page.
    href: String,
    rule: &'static str,
    title: &'static str,
    /// The finding of the rule; empty where there is none.
    finding: String,
    duty: &'static str,
    owner: String,
    gaps: Vec<Link>,
}

/// Who looks, and so what is shown and where links lead.
struct Side<'a> {
    area: &'a Area,
    staff: bool,
    today: NaiveDate,
    /// Who logged each event.
    loggers: HashMap<String, (String, String)>,
}

impl Side<'_> {
    fn prefix(&self) -> &'static str {
        if self.staff { "/work" } else { "" }
    }

    fn finding(&self, rule: &str, about: &str) -> String {
        let found = self.area.assessment.finding(rule, about);
        found.map(|found| subject::address(self.prefix(), self.area, found)).unwrap_or_default()
    }

    fn line(&self, clock: &Clock) -> Line {
        let rule = clock.what.rule();
        let words = rules::find(rule).map(|rule| rule.words);
        let state = clock.state(self.today);
        let owner = match (&clock.event, self.staff) {
            (_, false) => String::new(),
            (Some(event), true) if self.loggers.contains_key(event) => self.loggers[event].1.clone(),
            _ => "Officers of the area".to_owned(),
        };
        let gaps = clock.gaps.iter().map(|(rule, about)| Link {
            label: gap_label(self.area, rule, about),
            href: self.finding(rule, about),
        });
        Line {
            due: filters::day(clock.due_on),
            due_on: clock.due_on,
            distance: distance(clock, self.today),
            overdue: state == State::Overdue,
            late: state == State::Late,
            what: clock.what.name(),
            about: clock.about.clone(),
            href: self.record(clock),
            rule,
            title: words.map_or("", |words| words.title),
            finding: self.finding(rule, &clock.subject),
            duty: words.and_then(|words| words.duties.first()).map_or("", |duty| duty.name),
            owner,
            gaps: gaps.collect(),
        }
    }

    /// The page of the record that a clock is about.
    fn record(&self, clock: &Clock) -> String {
        match (&clock.event, self.staff) {
            (Some(event), true) => format!("/work/stps/{}/events/{event}", self.area.stp.code),
            (Some(event), false) => format!("/events/{event}"),
            (None, true) => {
                let noun = noun(clock.what).filter(|key| entries::noun(key).is_some());
                noun.map(|key| format!("/work/stps/{}/{key}/{}", self.area.stp.code, clock.subject))
                    .unwrap_or_default()
            }
            (None, false) => String::new(),
        }
    }
}

/// The noun whose entries these clocks are about.
fn noun(what: What) -> Option<&'static str> {
    match what {
        What::Decision => Some("proposals"),
        What::Response => Some("consultations"),
        What::Recommendation => Some("recommendations"),
        What::Question => Some("questions"),
        _ => None,
    }
}

fn gap_label(area: &Area, rule: &str, about: &str) -> String {
    let title = rules::find(rule).map_or("", |rule| rule.words.title);
    let end = about.rsplit('/').next().filter(|end| *end != about).unwrap_or_default();
    let audience = method::words::Audience::parse(end).map(method::words::Audience::name);
    let name = audience.map(str::to_owned).or_else(|| area.place(end).map(|place| place.name.clone()));
    match name {
        Some(name) => format!("{rule} {title}: {name}"),
        None => format!("{rule} {title}"),
    }
}

fn distance(clock: &Clock, today: NaiveDate) -> String {
    if let Some(done) = clock.done_on {
        let late = filters::count((done - clock.due_on).num_days(), "day late", Some("days late"));
        return format!("done on {}, {late}", filters::day(done));
    }
    match (clock.due_on - today).num_days() {
        0 => "today".to_owned(),
        days if days < 0 => filters::count(-days, "day overdue", Some("days overdue")),
        days => format!("in {}", filters::count(days, "day", None)),
    }
}

fn parts(side: &Side<'_>, clocks: &Clocks, asked: &Asked) -> Vec<Part> {
    let wanted = asked.text("what");
    let all = !asked.text("all").is_empty();
    [
        (State::Overdue, "overdue", "Overdue"),
        (State::Soon, "soon", "Due within four weeks"),
        (State::Later, "later", "Due later"),
        (State::Late, "late", "Done late"),
    ]
    .into_iter()
    .filter_map(|(state, id, title)| {
        let of_it = |clock: &&Clock| {
            clock.state(side.today) == state && (wanted.is_empty() || clock.what.code() == wanted)
        };
        let mut found: Vec<&Clock> = clocks.all.iter().filter(of_it).collect();
        if matches!(state, State::Overdue | State::Late) {
            // What has just passed can still be mended; what passed years ago stands at the end.
            found.reverse();
        }
        let total = found.len();
        let shown = if all { total } else { SHOWN };
        let lines: Vec<Line> = found.into_iter().take(shown).map(|clock| side.line(clock)).collect();
        let all = if lines.len() < total { asked.with(&[("all", "yes")]) } else { String::new() };
        (total > 0).then_some(Part { id, title, lines, total, all })
    })
    .collect()
}

fn context(page: Page, side: &Side<'_>, clocks: &Clocks, asked: &Asked) -> Show {
    let whats = What::ALL.iter().map(|what| (what.code().to_owned(), what.name().to_owned()));
    Show {
        page,
        name: side.area.stp.display_name.clone(),
        as_at: side.today.to_string(),
        work: side.staff,
        parts: parts(side, clocks, asked),
        total: clocks.all.len(),
        fields: vec![
            Field::choice("what", "What", "Everything", asked, whats),
            Field::day("as_at", "As at", side.today.to_string()),
        ],
        action: format!("{}/stps/{}/due", side.prefix(), side.area.stp.code),
        calendar: format!("/stps/{}/calendar.ics", side.area.stp.code),
    }
}

async fn show(Of(app): Of<Arc<App>>, Path(code): Path<String>, asked: Asked) -> Result<Response, Fault> {
    let today = asked.as_at(&app.clock)?;
    let db = app.db.read();
    let area = app.assessments.area(db, &code, today).await?.ok_or(Fault::NotFound)?;
    let clocks = load::clocks(db, &code, today, Seen::ByAnyone).await?.ok_or(Fault::NotFound)?;
    let side = Side { area: &area, staff: false, today, loggers: HashMap::new() };
    let name = &area.stp.display_name;
    let page = Page::public(format!("What falls due, {name}"))
        .at("/", false)
        .under("England", "/")
        .under(name, format!("/stps/{code}"))
        .described(format!("What the STP of {name} owes to whom, by when, and what is late."));
    Ok(app.pages.render("pages/stps/due.html", &context(page, &side, &clocks, &asked)))
}

async fn work(
    Of(app): Of<Arc<App>>,
    Path(code): Path<String>,
    signed_in: SignedIn,
    asked: Asked,
) -> Result<Response, Fault> {
    let today = asked.as_at(&app.clock)?;
    let db = app.db.read();
    let area = app.assessments.area(db, &code, today).await?.ok_or(Fault::NotFound)?;
    let clocks = load::clocks(db, &code, today, Seen::ByStaff).await?.ok_or(Fault::NotFound)?;
    let side = Side { area: &area, staff: true, today, loggers: load::loggers(db, &code).await? };
    let name = &area.stp.display_name;
    let at = format!("/work/stps/{code}");
    let page = staff::page(format!("What falls due, {name}"), &signed_in, Some(&area.stp))
        .at(&format!("{at}/due"), true)
        .under("Your STPs", "/work")
        .under(name, &at);
    Ok(app.pages.render("pages/stps/due.html", &context(page, &side, &clocks, &asked)))
}

async fn public_calendar(Of(app): Of<Arc<App>>, Path(code): Path<String>) -> Result<Response, Fault> {
    let today = app.clock.today();
    let db = app.db.read();
    let clocks = load::clocks(db, &code, today, Seen::ByAnyone).await?.ok_or(Fault::NotFound)?;
    let sheet = Sheet {
        stp: &clocks.stp,
        clocks: clocks.all.iter().filter(|clock| calendar::is_for_anyone(clock)).collect(),
        written_at: written_at(db).await?.unwrap_or_else(|| app.clock.now()),
        today,
        title: format!("Engagement in {}", clocks.stp.name),
        base: &app.config.face.base(),
        page: format!("/stps/{code}/due"),
    };
    Ok(ics(&format!("engagement-{code}.ics"), calendar::file(&sheet)))
}

/// A calendar as an answer.
pub fn ics(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

/// When the record was last written to.
pub async fn written_at(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    journal_entry::Entity::find()
        .select_only()
        .column(journal_entry::Column::At)
        .order_by_desc(journal_entry::Column::Seq)
        .into_tuple()
        .one(db)
        .await
}
