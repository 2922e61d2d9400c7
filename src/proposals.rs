//! Proposals: changes that people are heard on. Written by an import of a log; each change is one journal entry.

use entity::proposal;
use sea_orm::{ActiveModelTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _};

use crate::journal::{Entry, Writer};

/// Writes a new proposal.
pub async fn create(w: &mut Writer, proposal: &proposal::Model) -> Result<(), DbErr> {
    let row = proposal.clone().into_active_model().reset_all();
    proposal::Entity::insert(row).exec_without_returning(w.tx()).await?;
    note(w, "create", None, Some(proposal))
}

/// Takes a proposal away as if it had never been: for undoing an import. What names it must be gone.
pub async fn remove(w: &mut Writer, proposal: &proposal::Model) -> Result<(), DbErr> {
    proposal::Entity::delete_by_id(&proposal.id).exec(w.tx()).await?;
    note(w, "undo", Some(proposal), None)
}

fn note(
    w: &mut Writer,
    action: &str,
    before: Option<&proposal::Model>,
    after: Option<&proposal::Model>,
) -> Result<(), DbErr> {
    let Some(subject) = after.or(before) else { return Ok(()) };
    let document = |proposal| serde_json::to_value(proposal).map_err(|error| DbErr::Json(error.to_string()));
    let (before, after) = (before.map(document).transpose()?, after.map(document).transpose()?);
    w.record(Entry {
        action,
        table: "proposals",
        id: &subject.id,
        stp: Some(&subject.stp_code),
        before,
        after,
    });
    Ok(())
}
