//! England: `/`, how it changed over time, every check in all areas, and the same figures as files.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use chrono::NaiveDate;
use method::{Severity, Verdict, rules, rules::Domain};
use serde::Serialize;

use super::{
    asked::{Asked, Field},
    files::{self, FileLink, each_format},
    kept,
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    assessments::{
        Area, Look,
        england::{self, Filter, View, by},
        england_files, finding,
        funnel::{self, Funnel},
        kept::Pasts,
        over_time, past,
        restated::{self, RestatedEngland},
        stp::Links,
        wanted::Wanted,
    },
    export::Format,
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    let routes = files::each(routes, each_format!("/data/england"), |format| {
        move |State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap| file(app, asked, headers, format)
    });
    routes.get("/", Access::Public, show).get("/england/over-time", Access::Public, trend).get(
        "/gaps",
        Access::Public,
        gaps,
    )
}

#[derive(Serialize)]
struct Context {
    page: Page,
    england: View,
    funnel: Funnel,
    fields: Vec<Field>,
    /// The headings that sort the table.
    sorts: Vec<Sort>,
    since: String,
    files: Vec<FileLink>,
    gap_files: Vec<FileLink>,
    event_files: Vec<FileLink>,
    /// The day as the address says it, to be kept in links; empty for today.
    kept: String,
    /// Both answers, where what was known is asked for.
    known: Option<RestatedEngland>,
}

/// A heading that sorts.
#[derive(Serialize)]
struct Sort {
    key: &'static str,
    label: &'static str,
    href: String,
    /// `ascending`, `descending`, or empty.
    order: &'static str,
}

/// The columns that the table can be sorted by, and which way they are first turned.
const SORTS: [(&str, &str, &str); 6] = [
    ("name", "Area", ""),
    ("completeness", "Record complete", "desc"),
    ("gaps", "Gaps", "desc"),
    ("heavy", "Critical and high", "desc"),
    ("change", "Since last quarter", "desc"),
    ("last", "Last event", "desc"),
];

fn sorts(asked: &Asked) -> Vec<Sort> {
    let now = SORTS.iter().map(|(key, ..)| *key).find(|key| *key == asked.text("sort")).unwrap_or("name");
    SORTS
        .iter()
        .map(|&(key, label, first)| {
            let is = key == now;
            let descends = asked.text("dir") == "desc";
            let dir = match (is, descends) {
                (true, true) => "",
                (true, false) => "desc",
                (false, _) => first,
            };
            let sort = if key == "name" { "" } else { key };
            Sort {
                key,
                label,
                href: format!("/{}#verdicts", asked.with(&[("sort", sort), ("dir", dir)])),
                order: match (is, descends) {
                    (false, _) => "",
                    (true, true) => "descending",
                    (true, false) => "ascending",
                },
            }
        })
        .collect()
}

fn filter(asked: &Asked) -> Filter {
    Filter {
        region: asked.text("region").to_owned(),
        group: asked.text("group").to_owned(),
        severity: asked.text("severity").to_owned(),
        rule: asked.text("rule").to_owned(),
        by: by::parse(asked.text("by")),
        sort: asked.text("sort").to_owned(),
        dir: asked.text("dir").to_owned(),
    }
}

/// All areas as at the day, and what they came to at the end of the quarter before.
async fn all(app: &App, look: Look) -> Result<(Vec<Arc<Area>>, Pasts), Fault> {
    let then = past::quarter_end_before(look.as_at);
    let (areas, mut pasts) = app.assessments.england_and_before(app.db.read(), look, &[then]).await?;
    Ok((areas, pasts.pop().unwrap_or_default()))
}

fn rule_choices() -> impl Iterator<Item = (String, String)> {
    rules::all()
        .iter()
        .map(|rule| (rule.words.id.to_owned(), format!("{} {}", rule.words.id, rule.words.title)))
}

async fn show(State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap) -> Result<Response, Fault> {
    kept::answer(&app, format!("/{}", asked.with(&[])), &headers, async || make(&app, &asked).await).await
}

async fn make(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let db = app.db.read();
    let look = asked.look(&app.clock, db).await?;
    let as_at = look.as_at;
    let until = look.known;
    let (areas, pasts) = all(app, look).await?;
    let known = match (asked.known_at()?, until) {
        (Some(known), Some(until)) => {
            let look = Look { standard: asked.some("standard"), ..Look::from(as_at) };
            let now = app.assessments.england(db, look).await?;
            let standing = asked.with(&[("known_at", ""), ("as_at", &as_at.to_string())]);
            Some(restated::england(db, known, until, (&areas, &now), standing).await?)
        }
        _ => None,
    };
    let (regions, groups) = england::choices(&areas);
    let severities = Severity::ALL
        .iter()
        .map(|severity| (severity.code().to_owned(), format!("{} gaps", severity.name())));
    let by = [(by::DOMAIN.to_owned(), "Subject of the rules".to_owned())];
    let fields = vec![
        Field::choice("by", "Show by", "Group", asked, by),
        Field::choice(
            "region",
            "Region",
            "All of England",
            asked,
            regions.into_iter().map(|name| (name.clone(), name)),
        ),
        Field::choice("group", "Group", "All groups", asked, groups),
        Field::choice("rule", "Areas with a gap of rule", "Any rule or none", asked, rule_choices()),
        Field::choice("severity", "Areas with", "Any gap or none", asked, severities),
        Field::day("as_at", "As at", as_at.to_string()),
        Field::day(
            "known_at",
            "As known at the end of",
            asked.known_at()?.map(|known| known.day().to_string()).unwrap_or_default(),
        ),
    ];
    let page = Page::public("Engagement across England").at("/", true).described(
        "Who was consulted on England's 44 sustainability and transformation plans, and who is still to be.",
    );
    let context = Context {
        page,
        england: england::view(&areas, &pasts, &filter(asked)),
        funnel: funnel::of(&areas),
        fields,
        sorts: sorts(asked),
        since: past::quarter_end_before(as_at).to_string(),
        files: files::links("/data/england", &asked.with(&[])),
        gap_files: files::links("/data/gaps", &asked.kept()),
        event_files: files::links("/data/events", &asked.kept()),
        kept: asked.kept(),
        known,
    };
    Ok(app.pages.render("pages/england/show.html", &context))
}

async fn file(app: Arc<App>, asked: Asked, headers: HeaderMap, format: Format) -> Result<Response, Fault> {
    let address = format!("/data/england.{}{}", format.ending(), asked.with(&[]));
    kept::answer(&app, address, &headers, async || {
        let look = asked.look(&app.clock, app.db.read()).await?;
        let as_at = look.as_at;
        let (areas, pasts) = all(&app, look).await?;
        let filter = filter(&asked);
        let shown = england::view(&areas, &pasts, &filter).rows;
        let first = asked.some("table").unwrap_or_default();
        let tables = england_files::tables(&areas, &pasts, &shown, &filter.group, &first);
        let title = "Engagement across England".to_owned();
        files::answer(&app, &format!("england-{as_at}"), title, as_at, tables, format)
    })
    .await
}

#[derive(Serialize)]
struct Trend {
    page: Page,
    view: over_time::View,
    as_at: String,
    fields: Vec<Field>,
    kept: String,
}

async fn trend(State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap) -> Result<Response, Fault> {
    let address = format!("/england/over-time{}", asked.with(&[]));
    kept::answer(&app, address, &headers, async || {
        let look = asked.look(&app.clock, app.db.read()).await?;
        let as_at = look.as_at;
        let days = over_time::days(as_at);
        let (areas, pasts) = app.assessments.england_and_before(app.db.read(), look, &days).await?;
        let page =
            Page::public("Open gaps over time").at("/", false).under("England", format!("/{}", asked.kept()));
        let context = Trend {
            page,
            view: over_time::view(&areas, &pasts),
            as_at: as_at.to_string(),
            fields: vec![Field::day("as_at", "As at", as_at.to_string())],
            kept: asked.kept(),
        };
        Ok(app.pages.render("pages/england/over_time.html", &context))
    })
    .await
}

/// The findings that an address asks for.
pub fn wanted(asked: &Asked) -> Wanted {
    let text = |name: &str| asked.text(name).to_owned();
    Wanted {
        verdict: text("verdict"),
        rule: text("rule"),
        severity: text("severity"),
        group: text("group"),
        domain: text("domain"),
        follows: text("follows"),
        stp: text("stp"),
        region: text("region"),
    }
}

/// The fields of a list of findings.
pub fn finding_fields(asked: &Asked, as_at: NaiveDate, groups: Vec<(String, String)>) -> Vec<Field> {
    let verdicts = Verdict::ALL
        .iter()
        .map(|verdict| (verdict.code().to_owned(), verdict.name().to_owned()))
        .chain([("applicable".to_owned(), "All but not applicable".to_owned())]);
    let severities = Severity::ALL
        .iter()
        .map(|severity| (severity.code().to_owned(), severity.name().to_owned()))
        .chain([("heavy".to_owned(), "Critical and high".to_owned())]);
    let follows = [("own", "Left out"), ("nested", "Alone")];
    let follows = follows.map(|(code, name)| (code.to_owned(), name.to_owned()));
    let domains = Domain::ALL.iter().map(|domain| (domain.code().to_owned(), domain.name().to_owned()));
    vec![
        Field::choice("verdict", "Verdict", "All verdicts", asked, verdicts),
        Field::choice("rule", "Rule", "All rules", asked, rule_choices()),
        Field::choice("severity", "Severity", "All severities", asked, severities),
        Field::choice("group", "Group", "All groups", asked, groups),
        Field::choice("domain", "Subject of the rules", "All subjects", asked, domains),
        Field::choice("follows", "What follows from a gap", "Listed too", asked, follows),
        Field::day("as_at", "As at", as_at.to_string()),
    ]
}

/// Where a page of a list begins, counted from nought.
pub fn from(asked: &Asked) -> Result<usize, Fault> {
    let refusal = || Fault::BadRequest("The address of this page of the list is not whole.".to_owned());
    asked.some("from").map_or(Ok(0), |text| text.parse().map_err(|_| refusal()))
}

/// The addresses of the next page of a list and of its first; empty where there is none.
pub fn onward(action: &str, asked: &Asked, from: usize, next: Option<usize>) -> (String, String) {
    let next = next.map(|next| format!("{action}{}", asked.with(&[("from", &next.to_string())])));
    let first = if from > 0 { format!("{action}{}", asked.with(&[("from", "")])) } else { String::new() };
    (next.unwrap_or_default(), first)
}

#[derive(Serialize)]
struct Gaps {
    page: Page,
    name: &'static str,
    as_at: String,
    found: finding::Listed,
    /// Whether the lines are of many areas, so that each names its own.
    many: bool,
    fields: Vec<Field>,
    action: &'static str,
    next: String,
    first: String,
    files: Vec<FileLink>,
    kept: String,
    /// Never here: what was known is set beside what is known area by area.
    known: Option<RestatedEngland>,
}

async fn gaps(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Fault> {
    let look = asked.look(&app.clock, app.db.read()).await?;
    let as_at = look.as_at;
    let areas = app.assessments.england(app.db.read(), look).await?;
    let (regions, groups) = england::choices(&areas);
    let from = from(&asked)?;
    let found = finding::lines(areas.iter().map(AsRef::as_ref), &wanted(&asked), from, Links::Public);
    let stps = areas.iter().map(|area| (area.stp.code.clone(), area.stp.display_name.clone()));
    let mut fields = vec![
        Field::choice("stp", "Area", "All of England", &asked, stps),
        Field::choice(
            "region",
            "Region",
            "All regions",
            &asked,
            regions.into_iter().map(|name| (name.clone(), name)),
        ),
    ];
    fields.extend(finding_fields(&asked, as_at, groups));
    let (next, first) = onward("/gaps", &asked, from, found.next);
    let context = Gaps {
        page: Page::public("All checks in England")
            .at("/", false)
            .under("England", format!("/{}", asked.kept())),
        name: "England",
        as_at: as_at.to_string(),
        found,
        many: true,
        fields,
        action: "/gaps",
        next,
        first,
        files: files::links("/data/gaps", &asked.kept()),
        kept: asked.kept(),
        known: None,
    };
    Ok(app.pages.render("pages/stps/gaps.html", &context))
}
