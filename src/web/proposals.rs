//! The public pages of proposals: `/proposals/{id}`, `/stps/{stp}/proposals`.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use entity::stp;
use sea_orm::EntityTrait as _;
use serde::Serialize;

use super::{
    kept,
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    fault::Fault,
    register::proposal::{self, Listed, Shown},
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/stps/{stp}/proposals", Access::Public, index).get("/proposals/{id}", Access::Public, show)
}

#[derive(Serialize)]
struct Index {
    page: Page,
    proposals: Vec<Listed>,
}

async fn index(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = format!("/stps/{code}/proposals");
    kept::answer(&app, address, &headers, async || {
        let stp = stp::Entity::find_by_id(&code).one(app.db.read()).await?.ok_or(Fault::NotFound)?;
        let name = stp.display_name;
        let page = Page::public(format!("Proposals, {name}"))
            .at("/", false)
            .under("England", "/")
            .under(&name, format!("/stps/{code}"))
            .described(format!(
                "Changes to services that are proposed in {name}, and who was heard on them."
            ));
        let proposals = proposal::of(app.db.read(), &code).await?;
        Ok(app.pages.render("pages/proposals/index.html", &Index { page, proposals }))
    })
    .await
}

#[derive(Serialize)]
struct Show {
    page: Page,
    proposal: Shown,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    kept::answer(&app, format!("/proposals/{id}"), &headers, async || {
        let proposal = proposal::one(app.db.read(), &id).await?.ok_or(Fault::NotFound)?;
        let page = Page::public(format!("{}, {}", proposal.title, proposal.stp_name))
            .at("/", false)
            .under("England", "/")
            .under(&proposal.stp_name, format!("/stps/{}", proposal.stp_code))
            .under("Proposals", format!("/stps/{}/proposals", proposal.stp_code));
        Ok(app.pages.render("pages/proposals/show.html", &Show { page, proposal }))
    })
    .await
}
