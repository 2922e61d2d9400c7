//! Where staff begin: their STPs.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::stp;
use sea_orm::{EntityTrait, QueryOrder};
use serde::Serialize;

use super::{
    page::Page,
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/work", Access::Staff, index)
}

#[derive(Serialize)]
struct Context {
    page: Page,
    stps: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    code: String,
    name: String,
    region: String,
    own: bool,
}

/// The STPs that someone may see; with one alone, straight to it.
async fn index(State(app): State<Arc<App>>, signed_in: SignedIn) -> Result<Response, Fault> {
    if let [only] = signed_in.stps.as_slice() {
        return Ok(Redirect::to(&format!("/work/stps/{only}")).into_response());
    }
    let all = stp::Entity::find().order_by_asc(stp::Column::DisplayName).all(app.db.read()).await?;
    let stps = all
        .into_iter()
        .filter(|stp| signed_in.may(Action::ReadArea, &stp.code))
        .map(|stp| Row {
            own: signed_in.stps.contains(&stp.code),
            code: stp.code,
            name: stp.display_name,
            region: stp.region,
        })
        .collect();
    let page = staff::page("Your STPs", &signed_in, None).at("/work", true);
    Ok(app.pages.render("pages/work/index.html", &Context { page, stps }))
}
