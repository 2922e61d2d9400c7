//! A file brought in at once, by a command: checked, and accepted where there is something to write.

use entity::{
    import::{Noun, State},
    import_row::Outcome,
};

use super::{
    advance, check,
    check::Report,
    find,
    map::Map,
    plans,
    progress::Progress,
    upload::{self, Upload},
};
use crate::{app::App, journal::Actor};

/// A file that was brought in.
pub struct Brought {
    /// The import; none where there was nothing to write.
    pub id: Option<String>,
    pub report: Report,
}

/// Brings a file in. With nothing to write nothing is written, not even that someone asked. The inner error is why the
/// file as a whole cannot be read.
pub async fn bring(
    app: &App,
    upload: Upload,
    by: &Actor,
    progress: &Progress<'_>,
) -> anyhow::Result<Result<Brought, String>> {
    let report = match check::dry(app, upload.clone(), progress).await? {
        Ok(report) => report,
        Err(problem) => return Ok(Err(problem)),
    };
    if report.count(Outcome::Created) + report.count(Outcome::Planned) == 0 {
        return Ok(Ok(Brought { id: None, report }));
    }
    let mut w = app.write_as(by.clone(), "command").await?;
    let id = upload::create(&mut w, upload).await?;
    w.commit().await?;
    advance(app, &id, by, &Progress::Nobody).await?;
    step(app, &id, State::Checked, State::Accepting, by, progress).await?;
    Ok(Ok(Brought { id: Some(id), report }))
}

/// Moves an import on and takes that step.
pub async fn step(
    app: &App,
    id: &str,
    from: State,
    to: State,
    by: &Actor,
    progress: &Progress<'_>,
) -> anyhow::Result<()> {
    let import = find::one(app.db.read(), id).await?;
    let Some(import) = import else { anyhow::bail!("there is no import {id}") };
    let mut w = app.write_as(by.clone(), "command").await?;
    let moved = upload::step(&mut w, &import, &[from], to, None).await?;
    anyhow::ensure!(moved, "the import is {}", import.state.name().to_lowercase());
    w.commit().await?;
    advance(app, id, by, progress).await
}

/// The engagement log that comes with the product, as a file sent in.
pub fn engagement_log() -> Option<Upload> {
    Some(Upload {
        noun: Noun::Events,
        stp: None,
        file_name: "events.csv".to_owned(),
        file: include_bytes!("../../data/engagement-log/events.csv").to_vec(),
        map: Map::own("engagement-log")?,
    })
}

/// When each plan was made public, as it comes with the product.
pub fn plans() -> Result<Vec<plans::Plan>, String> {
    plans::read(include_bytes!("../../data/engagement-log/plans.csv"))
}
