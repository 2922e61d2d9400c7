//! Mails about one edition, written down in the transaction that publishes it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{
    alert::{self, Often},
    alert_choice,
    alert_mail::{self, Kind},
    digest::State,
    edition,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _, QueryTrait as _,
};

use super::ENGLAND;
use crate::journal::Writer;

/// A mail that waits, of nobody's yet.
pub fn row(id: String, kind: Kind, now: DateTime<Utc>) -> alert_mail::Model {
    alert_mail::Model {
        id,
        kind,
        sign_up_id: None,
        alert_id: None,
        edition_id: None,
        news: String::new(),
        token_digest: None,
        state: State::Queued,
        attempts: 0,
        next_attempt_at: now,
        claim: None,
        claimed_at: None,
        server_answer: None,
        created_at: now,
        updated_at: now,
    }
}

/// Puts down one mail for each reader who is told of each publication, however many of their choices it fits. Gives how
/// many.
pub async fn publication(w: &Writer, edition: &edition::Model) -> Result<usize, DbErr> {
    let about: Vec<&str> = [Some(ENGLAND), edition.stp_code.as_deref()].into_iter().flatten().collect();
    let fits = alert_choice::Entity::find()
        .select_only()
        .column(alert_choice::Column::AlertId)
        .filter(alert_choice::Column::About.is_in(about))
        .into_query();
    let readers: Vec<String> = alert::Entity::find()
        .select_only()
        .column(alert::Column::Id)
        .filter(alert::Column::Often.eq(Often::Each))
        .filter(alert::Column::Id.in_subquery(fits))
        // Whoever leaves meanwhile waits for this, and takes the mail with them.
        .lock_shared()
        .into_tuple()
        .all(w.tx())
        .await?;
    let readers: BTreeSet<String> = readers.into_iter().collect();
    let at = w.origin().at;
    let rows: Vec<_> = readers
        .into_iter()
        .map(|reader| alert_mail::Model {
            alert_id: Some(reader),
            edition_id: Some(edition.id.clone()),
            ..row(w.id(), Kind::Publication, at)
        })
        .collect();
    for some in rows.chunks(500) {
        let some = some.iter().map(|row| row.clone().into_active_model().reset_all());
        alert_mail::Entity::insert_many(some).exec_without_returning(w.tx()).await?;
    }
    Ok(rows.len())
}
