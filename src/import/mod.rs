//! Spreadsheets in: checked first, then accepted, and undone if need be.
//!
//! ```text
//! file ─► sheet (rows of text) ─┬─► events / stakeholders: each row ─► Draft, or every problem with it
//! map (columns, words) ─────────┘         │
//!                                         ▼
//! upload ─► check: import_rows, nothing else ─► accept: one transaction ─► undo: what was not changed since
//!            │ created · planned · unchanged · skipped · error, each with its reason
//!            └─► the page's report, the command's report, errors.csv
//! ```
//!
//! The reading (sheet, map, days, audience, entry, records) is pure. Each record's identity comes from the map, the area
//! and the row's reference, so the same file again changes nothing.

pub mod accept;
pub mod audience;
pub mod bring;
pub mod check;
pub mod days;
pub mod draft;
pub mod entry;
pub mod errors;
pub mod events;
pub mod facts;
pub mod field;
pub mod find;
pub mod map;
pub mod plans;
pub mod progress;
pub mod records;
pub mod sheet;
pub mod stakeholders;
pub mod sweep;
pub mod undo;
pub mod upload;

use entity::import::State;
use sea_orm::DbErr;
use serde_json::json;

use crate::{
    app::App,
    jobs,
    journal::{Actor, Writer},
};
use progress::Progress;

/// Takes an import the step that its state asks for. A step that cannot be done leaves nothing of itself behind: the
/// import says so, and stands as it did before.
pub async fn advance(app: &App, id: &str, by: &Actor, progress: &Progress<'_>) -> anyhow::Result<()> {
    let Some(import) = find::one(app.db.read(), id).await? else { return Ok(()) };
    let (done, back, problem) = match import.state {
        State::Checking => {
            let problem = "The file could not be checked. Send it again";
            (check::run(app, id, by, progress).await, State::Failed, problem)
        }
        State::Accepting => {
            let problem = "The import could not be accepted, and nothing of it was written. Try again";
            (accept::run(app, id, by, progress).await, State::Checked, problem)
        }
        State::Undoing => {
            let problem = "The import could not be undone, and nothing of it was taken away. Try again";
            (undo::run(app, id, by, progress).await, State::Accepted, problem)
        }
        State::Checked | State::Accepted | State::Undone | State::Failed => return Ok(()),
    };
    if done.is_err() {
        check::fail(app, id, by, back, problem.to_owned()).await?;
    }
    done
}

/// Puts an import's next step in the queue, in the transaction that asks for it.
pub async fn enqueue(w: &Writer, id: &str) -> Result<(), DbErr> {
    let by = match &w.origin().actor {
        Actor::User(id) => json!({ "user": id }),
        _ => json!({}),
    };
    jobs::enqueue(w, jobs::Kind::Import, id, &by).await.map(|_| ())
}

/// Takes the step that a job asks for, on behalf of whoever asked.
pub async fn perform(app: &App, running: &jobs::Running<'_>) -> anyhow::Result<()> {
    let payload: serde_json::Value = serde_json::from_str(&running.job.payload)?;
    let user = payload.get("user").and_then(serde_json::Value::as_str);
    let by = user.map_or(Actor::System, |id| Actor::User(id.to_owned()));
    advance(app, &running.job.subject_id, &by, &Progress::Job(running)).await
}
