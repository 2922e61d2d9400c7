//! Mail that is nobody's yet: `/work/england/incoming-mail`. An administrator says whose it is.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::stp;
use sea_orm::{EntityTrait as _, QueryOrder as _};

use super::{Index, Listing, Row, Show, end_one, known, link, note_read, notice, onward, shown, subject};
use crate::{
    app::App,
    auth::SignedIn,
    fault::Fault,
    incoming_mail,
    web::{form::Typed, page::Page, request::RequestId, staff},
};

pub const HELD: &str = "/work/england/incoming-mail";

fn base(title: &str, signed_in: &SignedIn) -> Page {
    staff::page(title, signed_in, None).under("Your STPs", "/work")
}

pub async fn index(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Query(listing): Query<Listing>,
) -> Result<Response, Fault> {
    let (mails, more) = incoming_mail::held(app.db.read(), listing.after.as_deref()).await?;
    note_read(&app, &signed_in, &request, None, &mails).await?;
    let (next, first) = onward(HELD, &mails, more, listing.after.is_some());
    let model = Index {
        page: base("Mail that is nobody’s yet", &signed_in).noticed(notice(listing.said.as_deref())),
        at: HELD.to_owned(),
        tabs: Vec::new(),
        waiting: true,
        about: None,
        held: true,
        rows: mails.iter().map(|mail| Row::of(&app, mail, String::new())).collect(),
        next,
        first,
    };
    Ok(app.pages.render("pages/incoming_mail/index.html", &model))
}

pub async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let mail = known(&app, None, &id).await?;
    note_read(&app, &signed_in, &request, None, std::slice::from_ref(&mail)).await?;
    let all = stp::Entity::find().order_by_asc(stp::Column::DisplayName).all(app.db.read()).await?;
    let page = base(&subject(&mail), &signed_in).under("Mail that is nobody’s yet", HELD);
    let view = Show {
        stps: all.into_iter().map(|stp| link(&stp.display_name, stp.code)).collect(),
        ..shown(&app, &mail, page, format!("{HELD}/{id}"))
    };
    Ok(app.pages.render("pages/incoming_mail/show.html", &view))
}

pub async fn assign(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Fault> {
    let mail = known(&app, None, &id).await?;
    let stp = stp::Entity::find_by_id(typed.text("stp")).one(app.db.read()).await?;
    let stp = stp.ok_or_else(|| Fault::BadRequest("Select the area whose mail it is.".to_owned()))?;
    let mut w = app.write(&signed_in, &request).await?;
    if !incoming_mail::assign(&mut w, &mail, &stp.code).await? {
        return Err(Fault::Conflict("Somebody else has just given it to an area.".into()));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{HELD}?said=assigned")).into_response())
}

pub async fn end(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(id): Path<String>,
) -> Result<Redirect, Fault> {
    end_one(&app, &signed_in, &request, &known(&app, None, &id).await?).await?;
    Ok(Redirect::to(&format!("{HELD}?said=done")))
}
