//! An import accepted: everything that its report says is to be written, in one transaction.

use entity::{
    consultation, event, evidence, import,
    import::{Noun, State},
    import_row,
    import_row::Outcome,
    proposal, stakeholder,
};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::json;

use super::{
    draft::{Consultation, Draft, Event, Proposal, Records, Stakeholder},
    find::{self, Summary},
    progress::Progress,
    upload,
};
use crate::{
    app::App,
    consultations,
    events::{Provenance, record},
    journal::{Actor, Entry, Writer},
    proposals, stakeholders,
};

/// Rows read at once.
const BATCH: u64 = 200;

/// Writes what the report says. An import that is not being accepted is left alone, so doing this twice does it once.
pub async fn run(app: &App, id: &str, by: &Actor, progress: &Progress<'_>) -> anyhow::Result<()> {
    let Some(import) = find::one(app.db.read(), id).await? else { return Ok(()) };
    let mut w = app.write_as(by.clone(), id).await?;
    // The row stays locked to the end: whoever else accepts it waits, and finds it accepted.
    if !upload::step(&mut w, &import, &[State::Accepting], State::Accepted, None).await? {
        return Ok(());
    }
    let mut batches = Batches::default();
    while let Some(batch) = batches.next(&w, id).await? {
        for (_, draft) in batch {
            if let Draft::Events(records) = draft {
                exercise(&mut w, id, &records).await?;
            }
        }
    }
    let total = usize::try_from(import.to_write()).unwrap_or(0);
    let (mut done, mut unchanged) = (0, [0, 0]);
    let mut batches = Batches::default();
    while let Some(batch) = batches.next(&w, id).await? {
        for (row, draft) in batch {
            let written = match &draft {
                Draft::Events(records) => occasion(&mut w, id, records).await?,
                Draft::Stakeholder(new) => person(&mut w, &import, new).await?,
            };
            if !written {
                unchanged[usize::from(row.outcome == Outcome::Planned)] += 1;
                found(&w, &row).await?;
            }
            done += 1;
            progress.within(done, total);
        }
    }
    finish(&mut w, &import, unchanged).await?;
    w.commit().await
}

/// The rows that are to be written, in the order of the file, a batch at a time.
#[derive(Default)]
struct Batches {
    after: i32,
    over: bool,
}

impl Batches {
    async fn next(
        &mut self,
        w: &Writer,
        id: &str,
    ) -> anyhow::Result<Option<Vec<(import_row::Model, Draft)>>> {
        if self.over {
            return Ok(None);
        }
        let (rows, more) = find::rows(w.tx(), id, None, self.after, BATCH).await?;
        self.over = !more;
        self.after = rows.last().map_or(self.after, |row| row.position);
        let mut batch = Vec::new();
        for mut row in rows {
            if matches!(row.outcome, Outcome::Created | Outcome::Planned) {
                let draft = serde_json::from_str(&row.draft.take().unwrap_or_default())?;
                batch.push((row, draft));
            }
        }
        Ok(Some(batch))
    }
}

/// Writes a row's stakeholder, unless it is here. Gives whether it was written.
async fn person(w: &mut Writer, import: &Summary, new: &Stakeholder) -> Result<bool, DbErr> {
    if stakeholder::Entity::find_by_id(&new.id).one(w.tx()).await?.is_some() {
        return Ok(false);
    }
    let origin =
        stakeholders::Origin { user: import.user_id.as_deref(), import: Some(&import.id), id: Some(&new.id) };
    stakeholders::create(w, &new.stp, &new.draft, origin).await?;
    Ok(true)
}

/// Writes a row's proposal and consultation: before any event that is part of it.
async fn exercise(w: &mut Writer, import: &str, records: &Records) -> Result<(), DbErr> {
    let event = &records.event;
    if let Some(new) = &records.proposal
        && proposal::Entity::find_by_id(&new.id).one(w.tx()).await?.is_none()
    {
        proposals::create(w, &proposed(w, import, event, new)).await?;
    }
    if let Some(new) = &records.consultation
        && consultation::Entity::find_by_id(&new.id).one(w.tx()).await?.is_none()
    {
        let of = records.proposal.as_ref().map(|proposal| proposal.id.clone());
        consultations::create(w, &consulted(w, import, event, new, of)).await?;
    }
    Ok(())
}

/// Writes a row's event, unless it is here. Gives whether it was written.
async fn occasion(w: &mut Writer, import: &str, records: &Records) -> anyhow::Result<bool> {
    let new = &records.event;
    if event::Entity::find_by_id(&new.id).one(w.tx()).await?.is_some() {
        return Ok(false);
    }
    let from = Provenance {
        id: Some(new.id.clone()),
        created_on: None,
        import_id: Some(import.to_owned()),
        external_id: Some(new.external_id.clone()),
    };
    record::create(w, &new.stp, from, new.whole()).await?;
    if let Some(consultation) = &records.consultation {
        evidence::Entity::update_many()
            .col_expr(evidence::Column::ConsultationId, Expr::value(consultation.id.clone()))
            .filter(evidence::Column::EventId.eq(&new.id))
            .exec(w.tx())
            .await?;
    }
    Ok(true)
}

fn proposed(w: &Writer, import: &str, event: &Event, new: &Proposal) -> proposal::Model {
    proposal::Model {
        id: new.id.clone(),
        stp_code: event.stp.clone(),
        title: new.title.clone(),
        description: None,
        theme: None,
        aim: None,
        service_change: true,
        substantial: proposal::Substantial::Undecided,
        nhs_view: None,
        nhs_view_on: None,
        scrutiny_view: None,
        scrutiny_view_on: None,
        staff_impact: false,
        decision_on: None,
        decision_kind: None,
        decision_text: None,
        equality_analysis_on: None,
        equality_analysis_url: None,
        document_published_on: None,
        document_url: None,
        accessible_formats: "[]".to_owned(),
        urgency_exemption: None,
        external_id: Some(event.external_id.clone()),
        import_id: Some(import.to_owned()),
        version: 1,
        created_at: w.origin().at,
        updated_at: w.origin().at,
    }
}

fn consulted(
    w: &Writer,
    import: &str,
    event: &Event,
    new: &Consultation,
    proposal_id: Option<String>,
) -> consultation::Model {
    let (responses, attended) = (new.responses.as_ref(), new.attended.as_ref());
    consultation::Model {
        id: new.id.clone(),
        stp_code: event.stp.clone(),
        proposal_id,
        title: new.title.clone(),
        formal: new.formal,
        opens_on: new.opens_on,
        closes_on: new.closes_on,
        dates_words: new.dates_words.clone(),
        short_reason: None,
        timing_reason: None,
        considered_on: None,
        consideration_text: None,
        feedback_on: None,
        feedback_url: None,
        responses_low: responses.map(|n| n.low),
        responses_high: responses.map(|n| n.high),
        responses_words: responses.map(|n| n.words.clone()),
        attended_low: attended.map(|n| n.low),
        attended_high: attended.map(|n| n.high),
        attended_words: attended.map(|n| n.words.clone()),
        outcome_text: new.outcome.clone(),
        discussed_text: new.discussed.clone(),
        status: new.status,
        import_id: Some(import.to_owned()),
        external_id: Some(event.external_id.clone()),
        version: 1,
        created_at: w.origin().at,
        updated_at: w.origin().at,
    }
}

/// Says of a row that its record came here between the check and now.
async fn found(w: &Writer, row: &import_row::Model) -> Result<(), DbErr> {
    import_row::Entity::update_many()
        .col_expr(import_row::Column::Outcome, Expr::value(Outcome::Unchanged))
        .col_expr(import_row::Column::Reason, Expr::value("It is here already."))
        .filter(import_row::Column::ImportId.eq(&row.import_id))
        .filter(import_row::Column::Position.eq(row.position))
        .exec(w.tx())
        .await?;
    Ok(())
}

/// Closes the import. `unchanged` is how many rows found their record here: of those to be created, and of those to
/// be planned.
async fn finish(w: &mut Writer, import: &Summary, unchanged: [i32; 2]) -> Result<(), DbErr> {
    let (created, planned) = (import.n_created - unchanged[0], import.n_planned - unchanged[1]);
    let mut update = import::Entity::update_many()
        .col_expr(import::Column::AcceptedAt, Expr::value(w.origin().at))
        .col_expr(import::Column::NCreated, Expr::value(created))
        .col_expr(import::Column::NPlanned, Expr::value(planned))
        .col_expr(import::Column::NUnchanged, Expr::value(import.n_unchanged + unchanged[0] + unchanged[1]));
    if import.noun == Noun::Stakeholders {
        // People are kept among the stakeholders and nowhere else.
        update = update.col_expr(import::Column::File, Expr::value(Vec::<u8>::new()));
        import_row::Entity::update_many()
            .col_expr(import_row::Column::Draft, Expr::value(Option::<String>::None))
            .col_expr(import_row::Column::Source, Expr::value("[]"))
            .filter(import_row::Column::ImportId.eq(&import.id))
            .exec(w.tx())
            .await?;
    }
    update.filter(import::Column::Id.eq(&import.id)).exec(w.tx()).await?;
    w.record(Entry {
        action: "import",
        table: "imports",
        id: &import.id,
        stp: import.stp_code.as_deref(),
        before: None,
        after: Some(json!({ "created": created, "planned": planned })),
    });
    Ok(())
}
