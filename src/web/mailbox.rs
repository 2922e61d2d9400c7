//! The on-disk mailbox of an STP: `/work/stps/{stp}/mailbox`. Its letters are personal data: each reading is journalled.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use entity::stp;
use serde::{Deserialize, Serialize};

use super::{
    page::Page,
    reading::Reading,
    request::RequestId,
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    config::Carrier,
    fault::Fault,
    mail::mailbox::{Kept, Mailbox},
};

const READ: Access = Access::Area(Action::ReadStakeholders);

/// How many a page shows.
const PAGE: usize = 25;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/work/stps/{stp}/mailbox", READ, index).get("/work/stps/{stp}/mailbox/{name}", READ, show)
}

#[derive(Deserialize)]
struct Listing {
    before: Option<String>,
}

#[derive(Serialize)]
struct Index {
    page: Page,
    at: String,
    letters: Vec<Kept>,
    /// Whether letters go here now, or to a mail server.
    used: bool,
    next: String,
    first: String,
}

async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailbox = Mailbox::of(&app.config);
    let before = listing.before.as_deref();
    let mut names = mailbox.names(&stp.code, before, PAGE + 1).await.map_err(anyhow::Error::from)?;
    let more = names.len() > PAGE;
    names.truncate(PAGE);
    let mut letters = Vec::with_capacity(names.len());
    for name in &names {
        letters.extend(mailbox.read(&stp.code, name).await?);
    }
    reading(&stp, "list").note(&app, &signed_in, &request, &names).await?;
    let at = address(&stp);
    let model = Index {
        page: staff::page("Mailbox", &signed_in, Some(&stp))
            .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
            .under("Mailings", format!("/work/stps/{}/mailings", stp.code)),
        next: names.last().filter(|_| more).map_or_else(String::new, |last| format!("{at}?before={last}")),
        first: if before.is_some() { at.clone() } else { String::new() },
        at,
        letters,
        used: app.config.post.mail == Carrier::Mailbox,
    };
    Ok(app.pages.render("pages/mailbox/index.html", &model))
}

#[derive(Serialize)]
struct Show {
    page: Page,
    letter: Kept,
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, name)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let letter = Mailbox::of(&app.config).read(&stp.code, &name).await?.ok_or(Fault::NotFound)?;
    reading(&stp, &name).note(&app, &signed_in, &request, std::slice::from_ref(&name)).await?;
    let page = staff::page(&letter.subject, &signed_in, Some(&stp))
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
        .under("Mailbox", address(&stp));
    Ok(app.pages.render("pages/mailbox/show.html", &Show { page, letter }))
}

fn address(stp: &stp::Model) -> String {
    format!("/work/stps/{}/mailbox", stp.code)
}

fn reading<'a>(stp: &'a stp::Model, id: &'a str) -> Reading<'a> {
    Reading { page: "mailbox", table: "deliveries", id, stp: Some(&stp.code) }
}
