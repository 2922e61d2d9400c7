//! The outside of the product: addresses, layers, forms, fault pages. One file per noun.
//!
//! ```text
//! request ─► id, limits, headers ─► session (staff addresses alone) ─► guard: permit(role, action, {stp})
//!         ─► handler: parse, call one function, respond ─► fault page, if any ─► answer
//! ```

pub mod asked;
pub mod assets;
pub mod audiences;
pub mod data;
pub mod due;
pub mod engagement_plans;
pub mod england;
pub mod entries;
pub mod events;
pub mod feeds;
pub mod fields;
pub mod files;
pub mod filters;
pub mod form;
pub mod health;
pub mod holds;
pub mod imports;
pub mod incoming_mail;
pub mod kept;
pub mod layers;
pub mod letter_templates;
pub mod mail_answers;
pub mod mail_hook;
pub mod mail_setup;
pub mod mailbox;
pub mod mailings;
pub mod me;
pub mod method;
pub mod monitoring;
pub mod page;
pub mod proposals;
pub mod questions;
pub mod reading;
pub mod register;
pub mod reports;
pub mod request;
pub mod restated;
pub mod routes;
pub mod rsvp;
pub mod sign_in;
pub mod staff;
pub mod stakeholders;
pub mod standards;
pub mod statements;
pub mod stps;
pub mod unsubscribe;
pub mod updates;
pub mod what_if;
pub mod work;

use std::sync::Arc;

use axum::Router;

use crate::app::App;
use routes::{Access, Listed, Routes};

/// Every address of the product, with who may use it. A noun is added here in one line.
fn all(app: &Arc<App>) -> Routes {
    let routes = Routes::new(app);
    let routes = health::routes(routes);
    let routes = routes.get("/assets/{name}", Access::Public, assets::show);
    let routes = england::routes(routes);
    let routes = stps::routes(routes);
    let routes = restated::routes(routes);
    let routes = engagement_plans::routes(routes);
    let routes = questions::routes(routes);
    let routes = monitoring::routes(routes);
    let routes = what_if::routes(routes);
    let routes = due::routes(routes);
    let routes = register::routes(routes);
    let routes = proposals::routes(routes);
    let routes = method::routes(routes);
    let routes = data::routes(routes);
    let routes = statements::routes(routes);
    let routes = sign_in::routes(routes);
    let routes = reports::routes(routes);
    let routes = standards::routes(routes);
    let routes = stakeholders::routes(routes);
    let routes = imports::routes(routes);
    let routes = events::routes(routes);
    let routes = entries::routes(routes);
    let routes = mailings::routes(routes);
    let routes = incoming_mail::routes(routes);
    let routes = audiences::routes(routes);
    let routes = letter_templates::routes(routes);
    let routes = holds::routes(routes);
    let routes = mail_answers::routes(routes);
    let routes = mail_hook::routes(routes);
    let routes = mail_setup::routes(routes);
    let routes = mailbox::routes(routes);
    let routes = unsubscribe::routes(routes);
    let routes = rsvp::routes(routes);
    let routes = me::routes(routes);
    let routes = updates::routes(routes);
    let routes = feeds::routes(routes);
    work::routes(routes)
}

/// The whole site, ready to serve.
pub fn router(app: &Arc<App>) -> Router {
    layers::wrap(all(app), app)
}

/// Every address with its method and who may use it, in the order of the addresses.
pub fn listed(app: &Arc<App>) -> Vec<Listed> {
    all(app).into_list()
}
