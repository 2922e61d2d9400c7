//! A file checked against the map, the reference facts and what is already here. Nothing but the report is written.

use std::collections::BTreeMap;

use anyhow::Context as _;
use entity::{
    event, import,
    import::{Noun, State},
    import_row,
    import_row::Outcome,
    stakeholder,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QuerySelect as _, sea_query::Expr,
};
use serde_json::json;

use super::{
    draft::{Checked, Draft},
    events,
    facts::Facts,
    find,
    map::Map,
    progress::Progress,
    sheet::{self, Sheet},
    stakeholders, upload,
};
use crate::{
    app::App,
    journal::{Actor, Entry},
};

/// Rows that go into one statement.
const BATCH: usize = 200;

/// A file that was read, row by row.
pub struct Report {
    pub sheet: Sheet,
    pub rows: Vec<Checked>,
}

impl Report {
    /// How many rows have this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.rows.iter().filter(|row| row.outcome == outcome).count()
    }
}

/// Reads a file and checks every row; nothing is written. The inner error is why the file as a whole cannot be read.
pub async fn dry(
    app: &App,
    upload: upload::Upload,
    progress: &Progress<'_>,
) -> anyhow::Result<Result<Report, String>> {
    let facts = Facts::load(app.db.read()).await?;
    let today = app.clock.today();
    let noun = upload.noun;
    // Reading is work for the processor alone: not on a thread that answers requests.
    let read = tokio::task::spawn_blocking(move || {
        let sheet = sheet::read(&upload.file, &upload.file_name).map_err(|refused| refused.to_string())?;
        let area = upload.stp.as_deref();
        let rows = match noun {
            Noun::Events => events::check(&sheet, &upload.map, &facts, area, today),
            Noun::Stakeholders => stakeholders::check(&sheet, &upload.map, &facts, area),
        };
        let rows = rows.map_err(|problems| format!("{}.", problems.join(". ")))?;
        Ok::<_, String>(Report { sheet, rows })
    });
    match read.await.context("reading the file")? {
        Err(problem) => Ok(Err(problem)),
        Ok(mut report) => {
            settle(app.db.read(), noun, &mut report.rows, progress).await?;
            Ok(Ok(report))
        }
    }
}

/// Checks an import and writes its report. Checking again gives the same.
pub async fn run(app: &App, id: &str, by: &Actor, progress: &Progress<'_>) -> anyhow::Result<()> {
    let Some(import) = import::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(()) };
    if import.state != State::Checking {
        return Ok(());
    }
    let upload = upload::Upload {
        noun: import.noun,
        stp: import.stp_code.clone(),
        file_name: import.file_name,
        file: import.file,
        map: Map::parse(&import.map).map_err(|error| anyhow::anyhow!("the import's map: {error}"))?,
    };
    match dry(app, upload, progress).await? {
        Err(problem) => fail(app, id, by, State::Failed, problem).await,
        Ok(report) => write(app, id, by, &report).await,
    }
}

/// Ends a step that could not be done, with the reason for the person who started it.
pub async fn fail(app: &App, id: &str, by: &Actor, to: State, problem: String) -> anyhow::Result<()> {
    let Some(import) = find::one(app.db.read(), id).await? else { return Ok(()) };
    let mut w = app.write_as(by.clone(), id).await?;
    let running = [State::Checking, State::Accepting, State::Undoing];
    if upload::step(&mut w, &import, &running, to, Some(problem)).await? {
        w.commit().await?;
    }
    Ok(())
}

/// Rows whose records are here already become unchanged, or skipped where the row has changed since.
async fn settle(
    conn: &impl ConnectionTrait,
    noun: Noun,
    rows: &mut [Checked],
    progress: &Progress<'_>,
) -> Result<(), DbErr> {
    let total = rows.len();
    for (number, batch) in rows.chunks_mut(BATCH).enumerate() {
        let known = match noun {
            Noun::Events => known_events(conn, batch).await?,
            Noun::Stakeholders => known_stakeholders(conn, batch).await?,
        };
        for row in batch {
            let Some(draft) = &row.draft else { continue };
            let Some(found) = known.get(key(draft)) else { continue };
            (row.outcome, row.reason) = match found {
                Known::Edited => {
                    (Outcome::Unchanged, "It is here already, and was changed by hand since: left as it is.".to_owned())
                }
                Known::Same => (Outcome::Unchanged, "It is here already.".to_owned()),
                Known::Other => (
                    Outcome::Skipped,
                    "It is here already as an earlier file had it, and the row has changed since: correct the record itself, \
                     or undo the earlier import first."
                        .to_owned(),
                ),
            };
        }
        progress.at(((number + 1) * BATCH).min(total), total).await?;
    }
    Ok(())
}

/// How a record that is here stands to the row.
enum Known {
    Edited,
    Same,
    Other,
}

/// What tells whether a draft's records are here: its event, or its stakeholder.
fn key(draft: &Draft) -> &str {
    match draft {
        Draft::Events(records) => &records.event.id,
        Draft::Stakeholder(stakeholder) => &stakeholder.id,
    }
}

async fn known_events(
    conn: &impl ConnectionTrait,
    rows: &[Checked],
) -> Result<BTreeMap<String, Known>, DbErr> {
    let drafts: Vec<&Draft> = rows.iter().filter_map(|row| row.draft.as_ref()).collect();
    let here: Vec<(String, i32)> = event::Entity::find()
        .select_only()
        .columns([event::Column::Id, event::Column::Version])
        .filter(event::Column::Id.is_in(drafts.iter().map(|draft| key(draft))))
        .into_tuple()
        .all(conn)
        .await?;
    let here: BTreeMap<String, i32> = here.into_iter().collect();
    // What the rows said when they were accepted.
    let before: Vec<(Option<String>, Option<String>)> = import_row::Entity::find()
        .inner_join_import()
        .select_only()
        .columns([import_row::Column::SubjectId, import_row::Column::Draft])
        .filter(import::Column::State.eq(State::Accepted))
        .filter(import_row::Column::Outcome.is_in([Outcome::Created, Outcome::Planned]))
        .filter(import_row::Column::SubjectId.is_in(drafts.iter().map(|draft| draft.subject().1)))
        .into_tuple()
        .all(conn)
        .await?;
    let before: BTreeMap<String, String> =
        before.into_iter().filter_map(|(subject, draft)| subject.zip(draft)).collect();
    let mut known = BTreeMap::new();
    for draft in drafts {
        let Some(version) = here.get(key(draft)) else { continue };
        let same = match before.get(draft.subject().1) {
            Some(before) => *before == text(draft)?,
            // It was not an import that brought it: nothing tells that the row has changed.
            None => true,
        };
        let found = match (*version > 1, same) {
            (true, _) => Known::Edited,
            (false, true) => Known::Same,
            (false, false) => Known::Other,
        };
        known.insert(key(draft).to_owned(), found);
    }
    Ok(known)
}

async fn known_stakeholders(
    conn: &impl ConnectionTrait,
    rows: &[Checked],
) -> Result<BTreeMap<String, Known>, DbErr> {
    let drafts = rows.iter().filter_map(|row| match &row.draft {
        Some(Draft::Stakeholder(new)) => Some((new.id.as_str(), &new.draft)),
        _ => None,
    });
    let drafts: BTreeMap<&str, _> = drafts.collect();
    let here = stakeholder::Entity::find()
        .filter(stakeholder::Column::Id.is_in(drafts.keys().copied()))
        .all(conn)
        .await?;
    let known = |row: stakeholder::Model| {
        let draft = drafts.get(row.id.as_str())?;
        let version = row.version;
        let id = row.id.clone();
        let found = match (version > 1, crate::stakeholders::Draft::of(row) == **draft) {
            (true, _) => Known::Edited,
            (false, true) => Known::Same,
            (false, false) => Known::Other,
        };
        Some((id, found))
    };
    Ok(here.into_iter().filter_map(known).collect())
}

/// A draft as its row keeps it.
fn text(draft: &Draft) -> Result<String, DbErr> {
    serde_json::to_string(draft).map_err(|error| DbErr::Json(error.to_string()))
}

async fn write(app: &App, id: &str, by: &Actor, report: &Report) -> anyhow::Result<()> {
    let Some(import) = find::one(app.db.read(), id).await? else { return Ok(()) };
    let mut w = app.write_as(by.clone(), id).await?;
    import_row::Entity::delete_many().filter(import_row::Column::ImportId.eq(id)).exec(w.tx()).await?;
    let mut rows = Vec::with_capacity(report.rows.len());
    for (checked, row) in report.rows.iter().zip(&report.sheet.rows) {
        let cells: Vec<(&String, &String)> = report.sheet.header.iter().zip(&row.cells).collect();
        let subject = checked.draft.as_ref().map(Draft::subject);
        let model = import_row::Model {
            import_id: id.to_owned(),
            position: i32::try_from(checked.position)?,
            external_id: checked.external_id.clone(),
            stp_code: checked.stp.clone(),
            outcome: checked.outcome,
            reason: checked.reason.clone(),
            subject_table: subject.map(|(table, _)| table.to_owned()),
            subject_id: subject.map(|(_, id)| id.to_owned()),
            draft: checked.draft.as_ref().map(text).transpose()?,
            source: serde_json::to_string(&cells)?,
        };
        rows.push(model.into_active_model().reset_all());
    }
    for batch in rows.chunks(BATCH) {
        import_row::Entity::insert_many(batch.to_vec()).exec_without_returning(w.tx()).await?;
    }
    let count = |outcome| i32::try_from(report.count(outcome));
    let total = i32::try_from(report.rows.len())?;
    let counts = [
        (import::Column::RowsTotal, total),
        (import::Column::RowsDone, total),
        (import::Column::NCreated, count(Outcome::Created)?),
        (import::Column::NPlanned, count(Outcome::Planned)?),
        (import::Column::NUnchanged, count(Outcome::Unchanged)?),
        (import::Column::NSkipped, count(Outcome::Skipped)?),
        (import::Column::NError, count(Outcome::Error)?),
    ];
    let mut update =
        import::Entity::update_many().col_expr(import::Column::State, Expr::value(State::Checked));
    for (column, number) in counts {
        update = update.col_expr(column, Expr::value(number));
    }
    update
        .filter(import::Column::Id.eq(id))
        .filter(import::Column::State.eq(State::Checking))
        .exec(w.tx())
        .await?;
    w.record(Entry {
        action: "checked",
        table: "imports",
        id,
        stp: import.stp_code.as_deref(),
        before: Some(json!({ "state": import.state })),
        after: Some(
            json!({ "state": State::Checked, "rows": total, "created": counts[2].1, "planned": counts[3].1,
            "unchanged": counts[4].1, "skipped": counts[5].1, "error": counts[6].1 }),
        ),
    });
    w.commit().await
}

/// Joins a row to its import.
trait OfImport {
    fn inner_join_import(self) -> Self;
}

impl OfImport for sea_orm::Select<import_row::Entity> {
    fn inner_join_import(self) -> Self {
        use sea_orm::{JoinType, RelationDef};
        let relation: RelationDef = import_row::Entity::belongs_to(import::Entity)
            .from(import_row::Column::ImportId)
            .to(import::Column::Id)
            .into();
        self.join(JoinType::InnerJoin, relation)
    }
}
