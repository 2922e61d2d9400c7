//! What every staff page has: who is signed in, and the way about their STP.

use entity::stp;
use sea_orm::EntityTrait as _;

use super::page::{Link, Page, Person};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    fault::Fault,
};

/// The STP in the address.
pub async fn stp(app: &App, code: &str) -> Result<stp::Model, Fault> {
    stp::Entity::find_by_id(code).one(app.db.read()).await?.ok_or(Fault::NotFound)
}

/// A staff page of one STP, or of none (`/work` itself and what concerns England).
pub fn page(title: impl Into<String>, signed_in: &SignedIn, stp: Option<&stp::Model>) -> Page {
    let mut nav = vec![link("Your STPs", "/work")];
    if let Some(stp) = stp {
        let at = format!("/work/stps/{}", stp.code);
        nav.push(link(&stp.display_name, &at));
        if signed_in.may(Action::WriteEvents, &stp.code) {
            nav.push(link("Log an event", &format!("{at}/events/new")));
        }
        nav.push(link("Events", &format!("{at}/events")));
        nav.push(link("Record", &format!("{at}/record")));
        nav.push(link("Due", &format!("{at}/due")));
        nav.push(link("Stakeholders", &format!("{at}/stakeholders")));
        nav.push(link("Mailings", &format!("{at}/mailings")));
        nav.push(link("Reports", &format!("{at}/reports")));
        nav.push(link("Imports", &format!("{at}/imports")));
    } else if signed_in.permit_england(Action::ReadArea).is_ok() {
        nav.push(link("Reports", "/work/england/reports"));
        nav.push(link("Standards", "/work/england/standards"));
        if signed_in.permit_england(Action::ManageUsers).is_ok() {
            nav.push(link("Incoming mail", "/work/england/incoming-mail"));
            nav.push(link("Mail set-up", "/work/england/mail-setup"));
        }
    }
    let area = stp.filter(|stp| signed_in.stps.contains(&stp.code)).map(|stp| stp.display_name.as_str());
    let role = match area {
        Some(area) => format!("{}, {area}", signed_in.role.name()),
        None => signed_in.role.name().to_owned(),
    };
    Page::staff(title, Person { name: signed_in.name.clone(), role }, nav)
}

fn link(label: &str, href: &str) -> Link {
    Link { label: label.to_owned(), href: href.to_owned() }
}
