//! Reports for staff: `/work/stps/{stp}/reports` and `/work/england/reports`; `publish.rs` makes new editions.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{edition, stp};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};

use super::{
    FileRow, Listing, Row, file_row,
    publish::{create, new, preview},
    rows, staff_home, wanted,
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    fault::Fault,
    reports::{
        find,
        publish::Area,
        withdraw::{self, LONGEST_REASON},
    },
    web::{
        fields::Fields,
        form::{self, Problem, Typed},
        page::{Notice, Page},
        request::RequestId,
        routes::{Access, Routes},
        staff,
    },
};

const READ: Access = Access::Area(Action::ReadArea);
const PUBLISH: Access = Access::Area(Action::PublishReports);
const READ_ALL: Access = Access::England(Action::ReadArea);
const PUBLISH_ALL: Access = Access::England(Action::PublishReports);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/work/stps/{stp}/reports", READ, index)
        .post("/work/stps/{stp}/reports", PUBLISH, create)
        .get("/work/stps/{stp}/reports/new", PUBLISH, new)
        .get("/work/stps/{stp}/reports/preview/{name}", PUBLISH, preview)
        .get("/work/stps/{stp}/reports/{number}", READ, show)
        .post("/work/stps/{stp}/reports/{number}/withdrawals", PUBLISH, withdraw)
        .get("/work/england/reports", READ_ALL, index)
        .post("/work/england/reports", PUBLISH_ALL, create)
        .get("/work/england/reports/new", PUBLISH_ALL, new)
        .get("/work/england/reports/preview/{name}", PUBLISH_ALL, preview)
        .get("/work/england/reports/{number}", READ_ALL, show)
        .post("/work/england/reports/{number}/withdrawals", PUBLISH_ALL, withdraw)
}

/// What is in an address: the STP, unless it is England's.
#[derive(Deserialize)]
pub(super) struct At {
    pub stp: Option<String>,
}

#[derive(Deserialize)]
struct AtEdition {
    stp: Option<String>,
    number: String,
}

/// An area, and where its reports are kept.
pub(super) struct Place {
    pub area: Area,
    pub at: String,
    may_publish: bool,
}

impl Place {
    /// The area of an address. The guard has asked the permit.
    pub async fn find(app: &App, signed_in: &SignedIn, stp: Option<String>) -> Result<Self, Fault> {
        let at = staff_home(stp.as_deref());
        let may_publish = match &stp {
            Some(code) => signed_in.may(Action::PublishReports, code),
            None => signed_in.permit_england(Action::PublishReports).is_ok(),
        };
        let area = match stp {
            None => Area::England,
            Some(code) => {
                let stp = stp::Entity::find_by_id(code).one(app.db.read()).await?;
                Area::Stp(Box::new(stp.ok_or(Fault::NotFound)?))
            }
        };
        Ok(Self { area, at, may_publish })
    }

    fn page(&self, title: &str, signed_in: &SignedIn) -> Page {
        let page = match &self.area {
            Area::England => staff::page(title, signed_in, None),
            Area::Stp(stp) => staff::page(title, signed_in, Some(stp)),
        };
        page.at(&self.at, title == "Reports")
    }

    /// The edition of this area with a number.
    async fn edition(&self, app: &App, number: &str) -> Result<edition::Model, Fault> {
        let edition = wanted(app, &self.area.slug(), number).await?;
        let own = edition.stp_code.as_deref() == self.area.stp();
        if own { Ok(edition) } else { Err(Fault::NotFound) }
    }

    /// A page below the list of reports.
    pub fn beneath(&self, title: &str, signed_in: &SignedIn) -> Page {
        self.page(title, signed_in).under("Reports", &self.at)
    }
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    area: String,
    slug: String,
    rows: Vec<Row>,
    next: String,
    first: String,
    may_publish: bool,
}

/// The editions of the area.
async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(At { stp }): Path<At>,
    Query(asked): Query<Listing>,
) -> Result<Response, Fault> {
    let place = Place::find(&app, &signed_in, stp).await?;
    let slug = place.area.slug();
    let found =
        find::list(app.db.read(), find::Asked { slug: Some(&slug), after: asked.after.as_deref() }).await?;
    let context = Index {
        page: place.page("Reports", &signed_in),
        area: place.area.name().to_owned(),
        rows: rows(&app, found.editions).await?,
        next: found.next.map_or_else(String::new, |after| format!("{}?after={after}", place.at)),
        first: if asked.after.is_some() { place.at.clone() } else { String::new() },
        may_publish: place.may_publish,
        slug,
        at: place.at,
    };
    Ok(app.pages.render("pages/reports/staff_index.html", &context))
}

#[derive(Deserialize)]
struct Told {
    published: Option<String>,
    withdrawn: Option<String>,
}

#[derive(Serialize)]
struct Show {
    page: Page,
    at: String,
    row: Row,
    files: Vec<FileRow>,
    form: Fields,
    may_publish: bool,
}

/// An edition, and the form that withdraws it.
async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(AtEdition { stp, number }): Path<AtEdition>,
    Query(told): Query<Told>,
) -> Result<Response, Fault> {
    let place = Place::find(&app, &signed_in, stp).await?;
    let notice = if told.published.is_some() {
        Some("The report was published")
    } else {
        told.withdrawn.map(|_| "The report was withdrawn")
    };
    let notice = notice.map(|title| Notice { kind: "success", title: title.to_owned(), text: String::new() });
    let form = Fields::new(app.chance.id());
    one(&app, &place, &signed_in, &number, form, notice, StatusCode::OK).await
}

async fn one(
    app: &App,
    place: &Place,
    signed_in: &SignedIn,
    number: &str,
    form: Fields,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let edition = place.edition(app, number).await?;
    let files = find::files(app.db.read(), &edition.id).await?.into_iter().map(file_row).collect();
    let Some(row) = rows(app, vec![edition]).await?.pop() else { return Err(Fault::NotFound) };
    let page = place.beneath(&row.title, signed_in).noticed(notice).wrong(form.is_wrong());
    let context = Show { page, at: place.at.clone(), row, files, form, may_publish: place.may_publish };
    Ok(app.pages.render_as(status, "pages/reports/staff_show.html", &context))
}

/// Withdraws an edition, with a reason that everyone reads.
async fn withdraw(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(AtEdition { stp, number }): Path<AtEdition>,
    typed: Typed,
) -> Result<Response, Fault> {
    let place = Place::find(&app, &signed_in, stp).await?;
    let edition = place.edition(&app, &number).await?;
    let reason = typed.text("reason");
    let problem = if reason.is_empty() {
        Some("Enter why it is withdrawn".to_owned())
    } else if reason.chars().count() > LONGEST_REASON {
        Some(format!("The reason must be {LONGEST_REASON} characters or less"))
    } else {
        None
    };
    if let Some(problem) = problem {
        let form = typed.fields(&[Problem::new("reason", problem)]);
        return one(&app, &place, &signed_in, &number, form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let location = format!("{}/{}?withdrawn=1", place.at, edition.number);
    let mut w = app.write(&signed_in, &request).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    match withdraw::withdraw(&mut w, &edition.slug, edition.number, reason).await? {
        withdraw::Done::Withdrawn => w.commit().await?,
        withdraw::Done::Already => {
            return Err(Fault::Conflict("It was withdrawn before. The reason given then stands.".into()));
        }
        withdraw::Done::Unknown => return Err(Fault::NotFound),
    }
    Ok(Redirect::to(&location).into_response())
}
