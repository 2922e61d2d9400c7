//! Consultations: exercises with an opening and a close, of which events can be part. Written by an import of a log; each change is one journal entry.

use entity::consultation;
use sea_orm::{ActiveModelTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _};

use crate::journal::{Entry, Writer};

/// Writes a new consultation.
pub async fn create(w: &mut Writer, consultation: &consultation::Model) -> Result<(), DbErr> {
    let row = consultation.clone().into_active_model().reset_all();
    consultation::Entity::insert(row).exec_without_returning(w.tx()).await?;
    note(w, "create", None, Some(consultation))
}

/// Takes a consultation away as if it had never been: for undoing an import. What names it must be gone.
pub async fn remove(w: &mut Writer, consultation: &consultation::Model) -> Result<(), DbErr> {
    consultation::Entity::delete_by_id(&consultation.id).exec(w.tx()).await?;
    note(w, "undo", Some(consultation), None)
}

fn note(
    w: &mut Writer,
    action: &str,
    before: Option<&consultation::Model>,
    after: Option<&consultation::Model>,
) -> Result<(), DbErr> {
    let Some(subject) = after.or(before) else { return Ok(()) };
    let document =
        |consultation| serde_json::to_value(consultation).map_err(|error| DbErr::Json(error.to_string()));
    let (before, after) = (before.map(document).transpose()?, after.map(document).transpose()?);
    w.record(Entry {
        action,
        table: "consultations",
        id: &subject.id,
        stp: Some(&subject.stp_code),
        before,
        after,
    });
    Ok(())
}
