//! Events as staff log, complete, correct and find them: `/work/stps/{stp}/events` and below.
//!
//! ```text
//! new (quick log) ──┬─► show ◄─► edit (full record) ─► 409: theirs beside yours
//! new/full ─────────┘     ├─► cancellations, withdrawals
//! index (filters, pages) ─┘   ├─► versions, compared
//!                             └─► invited: who, what they answer, reminders
//! ```

mod edit;
mod endings;
mod full;
mod index;
mod invited;
mod new;
mod options;
mod show;
mod versions;

use std::sync::Arc;

use super::routes::{Access, Routes};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    events::{Choices, EventWhole, Unwritten, find},
    fault::Fault,
};

const READ: Access = Access::Area(Action::ReadArea);
const WRITE: Access = Access::Area(Action::WriteEvents);
/// Who was invited is personal.
const INVITED: Access = Access::Area(Action::ReadStakeholders);
const TELL: Access = Access::Area(Action::WriteMailings);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/work/stps/{stp}/events", READ, index::index)
        .get("/work/stps/{stp}/events/new", WRITE, new::new)
        .post("/work/stps/{stp}/events/new", WRITE, new::create)
        .get("/work/stps/{stp}/events/new/full", WRITE, full::new)
        .post("/work/stps/{stp}/events/new/full", WRITE, full::create)
        .get("/work/stps/{stp}/events/{id}", READ, show::show)
        .get("/work/stps/{stp}/events/{id}/edit", WRITE, edit::edit)
        .post("/work/stps/{stp}/events/{id}/edit", WRITE, edit::update)
        .post("/work/stps/{stp}/events/{id}/cancellations", WRITE, endings::cancel)
        .post("/work/stps/{stp}/events/{id}/withdrawals", WRITE, endings::withdraw)
        .get("/work/stps/{stp}/events/{id}/versions", READ, versions::index)
        .get("/work/stps/{stp}/events/{id}/invited", INVITED, invited::index)
        .get("/work/stps/{stp}/events/{id}/invited.csv", INVITED, invited::file)
        .post("/work/stps/{stp}/events/{id}/reminders", TELL, invited::remind)
        .post("/work/stps/{stp}/events/{id}/change-notices", TELL, invited::tell)
}

/// Where the events of an STP stand.
fn at(stp: &str) -> String {
    format!("/work/stps/{stp}/events")
}

async fn choices(app: &Arc<App>, stp: &str) -> Result<Choices, Fault> {
    Choices::of(app.db.read(), stp).await?.ok_or(Fault::NotFound)
}

/// An event of the STP in the address; another's is not found.
async fn event(app: &Arc<App>, stp: &str, id: &str) -> Result<EventWhole, Fault> {
    find::one(app.db.read(), stp, id).await?.ok_or(Fault::NotFound)
}

/// A page of one STP's events, with the way to it.
fn page(title: impl Into<String>, signed_in: &SignedIn, choices: &Choices) -> super::page::Page {
    let stp = &choices.stp;
    super::staff::page(title, signed_in, Some(stp))
        .under(&stp.display_name, format!("/work/stps/{}", stp.code))
}

/// Why a change was not made, where it is not the stale edit that its page shows.
fn unwritten(why: Unwritten) -> Fault {
    match why {
        Unwritten::NotFound => Fault::NotFound,
        Unwritten::Stale(_) => Fault::Conflict(
            "Somebody else changed this event after you opened it, so nothing was saved.".into(),
        ),
        other => Fault::Internal(other.into()),
    }
}
