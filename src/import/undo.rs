//! An import undone: what it brought is taken away again, but for what was changed since, in one transaction.

use entity::{consultation, event, import, import::State, import_row, proposal, stakeholder};
use sea_orm::{
    ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use super::{find, progress::Progress, upload};
use crate::{
    app::App,
    consultations,
    entries::{self, Noun, consultations::Consultations, proposals::Proposals},
    events,
    journal::{Actor, Writer},
    proposals, stakeholders,
};

/// Rows read at once.
const BATCH: u64 = 200;

/// Takes away what an import brought. One that is not being undone is left alone, so doing this twice does it once.
pub async fn run(app: &App, id: &str, by: &Actor, progress: &Progress<'_>) -> anyhow::Result<()> {
    let Some(import) = find::one(app.db.read(), id).await? else { return Ok(()) };
    let mut w = app.write_as(by.clone(), id).await?;
    if !upload::step(&mut w, &import, &[State::Undoing], State::Undone, None).await? {
        return Ok(());
    }
    let total = usize::try_from(import.to_write()).unwrap_or(0);
    let mut left = take_events(&mut w, id, progress, total).await?;
    left += take_exercises(&mut w, id).await?;
    left += take_stakeholders(&mut w, id, progress, total).await?;
    let said = (left > 0).then(|| {
        let what = if left == 1 { "1 record was".to_owned() } else { format!("{left} records were") };
        format!("{what} changed or used after the import, and left as they are")
    });
    import::Entity::update_many()
        .col_expr(import::Column::UndoneAt, Expr::value(w.origin().at))
        .col_expr(import::Column::Problem, Expr::value(said))
        .filter(import::Column::Id.eq(id))
        .exec(w.tx())
        .await?;
    w.commit().await
}

/// Takes the events away. Gives how many were left.
async fn take_events(
    w: &mut Writer,
    id: &str,
    progress: &Progress<'_>,
    total: usize,
) -> Result<usize, DbErr> {
    let (mut after, mut left, mut done) = (String::new(), 0, 0);
    loop {
        let batch = event::Entity::find()
            .filter(event::Column::ImportId.eq(id))
            .filter(event::Column::Id.gt(&after))
            .order_by_asc(event::Column::Id)
            .limit(BATCH)
            .all(w.tx())
            .await?;
        let Some(last) = batch.last() else { return Ok(left) };
        after.clone_from(&last.id);
        for event in batch {
            if event.version > 1 {
                left += 1;
                leave(w, id, event.external_id.as_deref()).await?;
            } else {
                let whole = events::find::complete(w.tx(), event).await?;
                events::remove(w, &whole).await?;
            }
            done += 1;
            progress.within(done, total);
        }
    }
}

/// Takes the consultations and proposals away that nothing is part of. Gives how many were left.
async fn take_exercises(w: &mut Writer, id: &str) -> Result<usize, DbErr> {
    let mut left = 0;
    let all = consultation::Entity::find()
        .filter(consultation::Column::ImportId.eq(id))
        .order_by_asc(consultation::Column::Id)
        .all(w.tx())
        .await?;
    for consultation in all {
        if consultation.version > 1
            || held(w, &Consultations, &consultation.stp_code, &consultation.id).await?
        {
            left += 1;
            leave(w, id, consultation.external_id.as_deref()).await?;
        } else {
            consultations::remove(w, &consultation).await?;
        }
    }
    let all = proposal::Entity::find()
        .filter(proposal::Column::ImportId.eq(id))
        .order_by_asc(proposal::Column::Id)
        .all(w.tx())
        .await?;
    for proposal in all {
        if proposal.version > 1 || held(w, &Proposals, &proposal.stp_code, &proposal.id).await? {
            left += 1;
            leave(w, id, proposal.external_id.as_deref()).await?;
        } else {
            proposals::remove(w, &proposal).await?;
        }
    }
    Ok(left)
}

/// Whether anything names an entry.
async fn held(w: &Writer, noun: &dyn Noun, stp: &str, id: &str) -> Result<bool, DbErr> {
    Ok(entries::held(noun, &DatabaseExecutor::from(w.tx()), stp, id).await?.is_some())
}

async fn take_stakeholders(
    w: &mut Writer,
    id: &str,
    progress: &Progress<'_>,
    total: usize,
) -> Result<usize, DbErr> {
    let mut left = 0;
    let all = stakeholder::Entity::find()
        .filter(stakeholder::Column::ImportId.eq(id))
        .order_by_asc(stakeholder::Column::Id)
        .all(w.tx())
        .await?;
    for (done, row) in all.into_iter().enumerate() {
        if row.version > 1 {
            left += 1;
        } else {
            stakeholders::remove(w, &row).await?;
        }
        progress.within(done + 1, total);
    }
    Ok(left)
}

/// Says of a row that what it became was left.
async fn leave(w: &Writer, id: &str, external_id: Option<&str>) -> Result<(), DbErr> {
    let Some(external_id) = external_id else { return Ok(()) };
    import_row::Entity::update_many()
        .col_expr(
            import_row::Column::Reason,
            Expr::value("Left as it is: it was changed or used after the import."),
        )
        .filter(import_row::Column::ImportId.eq(id))
        .filter(import_row::Column::ExternalId.eq(external_id))
        .exec(w.tx())
        .await?;
    Ok(())
}
