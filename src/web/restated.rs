//! What was known beside what is known, and an area's own standard beside the national one: what the pages of an STP say
//! of it, and the lists behind their numbers.
//!
//! ```text
//! ?known_at= ─► Area then, Area now ─┬─► restated ─► a part of the pages of the STP
//!                                    ├─► /stps/{stp}/differing: every check that differs
//!                                    └─► /stps/{stp}/written, /england/written: what was written down in between
//! ?standard= ─► Area under it, Area under the national one ─► /stps/{stp}/differing
//! ```

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    asked::Asked,
    england::{from, onward},
    page::Page,
    routes::{Access, Routes},
    stps::{area, below},
};
use crate::{
    app::App,
    assessments::{
        Area,
        look::Look,
        restated::{self, Changed, Restated, Written},
        said::Said,
        stp::Links,
    },
    fault::Fault,
    standards,
};

/// Changes on one page of their list.
const LISTED: usize = 100;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/stps/{stp}/differing", Access::Public, differing)
        .get("/stps/{stp}/written", Access::Public, written)
        .get("/england/written", Access::Public, written_of_none)
}

/// What was known and what is known now, where the address asks for what was known.
pub async fn restated(
    app: &App,
    area: &Area,
    asked: &Asked,
    links: Links,
) -> Result<Option<Restated>, Fault> {
    let Some(known) = asked.known_at()? else { return Ok(None) };
    let db = app.db.read();
    let now = app.assessments.area(db, &area.stp.code, now(area, asked)).await?.ok_or(Fault::NotFound)?;
    let (until, standing) = (known.until(db).await?, standing(area.as_at, asked));
    Ok(Some(restated::area(db, known, until, (area, &now), links, standing).await?))
}

/// The same look at the record as it stands.
pub fn now(area: &Area, asked: &Asked) -> Look {
    Look { standard: asked.some("standard"), ..Look::from(area.as_at) }
}

/// The same question of the record as it stands.
pub fn standing(as_at: NaiveDate, asked: &Asked) -> String {
    asked.with(&[("known_at", ""), ("as_at", &as_at.to_string())])
}

/// The area's own standard beside the national one.
#[derive(Serialize)]
pub struct OwnStandard {
    national: String,
    own: String,
    reason: String,
    /// "3 checks differ", with their list.
    differ: Said,
    changed: Vec<Changed>,
}

/// What differs under an area's own standard, where it has one.
pub async fn own_standard(app: &App, area: &Area, links: Links) -> Result<Option<OwnStandard>, Fault> {
    let db = app.db.read();
    let code = &area.stp.code;
    let Some(own) = standards::find::current(db, Some(code), None).await? else { return Ok(None) };
    let look = Look::from(area.as_at);
    let national = app.assessments.area(db, code, look.clone()).await?.ok_or(Fault::NotFound)?;
    let look = Look { standard: Some(own.label.clone()), ..look };
    let stricter = app.assessments.area(db, code, look).await?.ok_or(Fault::NotFound)?;
    let changed = restated::between(&national, &stricter, links);
    Ok(Some(OwnStandard {
        national: national.standard.version.clone(),
        own: own.label,
        reason: own.reason,
        differ: restated::differing(&stricter, changed.len()),
        changed,
    }))
}

#[derive(Serialize)]
struct Differing {
    page: Page,
    name: String,
    as_at: String,
    /// The headings of the two answers.
    then: String,
    now: String,
    said: Said,
    total: usize,
    changed: Vec<Changed>,
}

/// The checks that differ: from what was known then to now; otherwise from the national standard to another.
async fn differing(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let one = area(&app, &code, &asked).await?;
    let db = app.db.read();
    let (then, now, changed) = match (asked.known_at()?, asked.some("standard")) {
        (Some(known), _) => {
            let now = app.assessments.area(db, &code, now(&one, &asked)).await?.ok_or(Fault::NotFound)?;
            let then = format!("Known on {}", restated::words(known));
            (then, "Known now".to_owned(), restated::between(&one, &now, Links::Public))
        }
        (None, Some(own)) => {
            let look = Look::from(one.as_at);
            let national = app.assessments.area(db, &code, look).await?.ok_or(Fault::NotFound)?;
            let then = format!("National, {}", national.standard.version);
            (then, format!("Standard {own}"), restated::between(&national, &one, Links::Public))
        }
        (None, None) => {
            let said =
                "Say what to compare: add known_at, a day such as 2017-06-30, or standard, the name of one.";
            return Err(Fault::BadRequest(said.to_owned()));
        }
    };
    let number = i64::try_from(changed.len()).unwrap_or(i64::MAX);
    let context = Differing {
        page: below(&one, &asked, "Checks that differ"),
        name: one.stp.display_name.clone(),
        as_at: one.as_at.to_string(),
        then,
        now,
        said: Said::new(super::filters::count(number, "check differs", Some("checks differ"))),
        total: changed.len(),
        changed,
    };
    Ok(app.pages.render("pages/stps/differing.html", &context))
}

#[derive(Serialize)]
struct WrittenSince {
    page: Page,
    name: String,
    until: String,
    total: usize,
    written: Vec<Written>,
    next: String,
    first: String,
}

async fn written(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    asked: Asked,
) -> Result<Response, Fault> {
    let area = area(&app, &code, &asked).await?;
    let page = below(&area, &asked, "What was written down since");
    since(&app, &asked, page, Some(&area)).await
}

async fn written_of_none(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Fault> {
    let page = Page::public("What was written down since about all areas")
        .at("/", false)
        .under("England", format!("/{}", asked.kept()));
    since(&app, &asked, page, None).await
}

async fn since(app: &App, asked: &Asked, page: Page, area: Option<&Area>) -> Result<Response, Fault> {
    let Some(known) = asked.known_at()? else {
        return Err(Fault::BadRequest("Say since when: add known_at, a day such as 2017-06-30.".to_owned()));
    };
    let db = app.db.read();
    let (code, from) = (area.map(|area| area.stp.code.as_str()), from(asked)?);
    let until = known.until(db).await?;
    let (written, total) = restated::written(db, code, until, from, LISTED, Links::Public).await?;
    let action = code.map_or_else(|| "/england/written".to_owned(), |code| format!("/stps/{code}/written"));
    let next = Some(from + LISTED).filter(|next| *next < total);
    let (next, first) = onward(&action, asked, from, next);
    let context = WrittenSince {
        page,
        name: area.map_or_else(|| "all areas".to_owned(), |area| area.stp.display_name.clone()),
        until: restated::words(known),
        total,
        written,
        next,
        first,
    };
    Ok(app.pages.render("pages/stps/written.html", &context))
}
