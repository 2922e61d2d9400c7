//! Writes stakeholders, each change journalled whole.

use entity::stakeholder::{self, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait, IntoActiveModel, QueryFilter as _,
};
use serde_json::{Value, json};

use super::Draft;
use crate::journal::{Entry, Writer};

/// Where a new stakeholder comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// The account that added it.
    pub user: Option<&'a str>,
    /// The import that brought it.
    pub import: Option<&'a str>,
    /// Its identity where the source gives one, so that the same row twice is one record; a new one otherwise.
    pub id: Option<&'a str>,
}

/// Adds a stakeholder of `stp`.
pub async fn create(w: &mut Writer, stp: &str, draft: &Draft, origin: Origin<'_>) -> Result<Model, DbErr> {
    let at = w.origin().at;
    let row = Model {
        id: origin.id.map_or_else(|| w.id(), str::to_owned),
        stp_code: stp.to_owned(),
        group_code: draft.group_code.clone(),
        name: draft.name.clone(),
        organisation: draft.organisation.clone(),
        role: draft.role.clone(),
        email: draft.email.clone(),
        notes: draft.notes.clone(),
        basis: draft.basis.clone(),
        wording: draft.wording.clone(),
        obtained_on: draft.obtained_on,
        evidence: draft.evidence.clone(),
        confirmed_on: draft.confirmed_on,
        place_code: draft.place_code.clone(),
        topics: draft.topics(),
        withdrawn_at: None,
        search: draft.search(),
        import_id: origin.import.map(str::to_owned),
        version: 1,
        created_by: origin.user.map(str::to_owned),
        created_at: at,
        updated_at: at,
    };
    stakeholder::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    note(w, "create", None, &row);
    Ok(row)
}

/// Changes a stakeholder. Gives none, and changes nothing, where it is no longer as `before` has it: someone else was
/// quicker.
pub async fn update(w: &mut Writer, before: &Model, draft: &Draft) -> Result<Option<Model>, DbErr> {
    let row = Model {
        group_code: draft.group_code.clone(),
        name: draft.name.clone(),
        organisation: draft.organisation.clone(),
        role: draft.role.clone(),
        email: draft.email.clone(),
        notes: draft.notes.clone(),
        basis: draft.basis.clone(),
        wording: draft.wording.clone(),
        obtained_on: draft.obtained_on,
        evidence: draft.evidence.clone(),
        confirmed_on: draft.confirmed_on,
        place_code: draft.place_code.clone(),
        topics: draft.topics(),
        search: draft.search(),
        ..before.clone()
    };
    replace(w, "update", before, row).await
}

/// Takes a stakeholder away as if it had never been: for undoing an import. Letters to it stay in the ledger.
pub async fn remove(w: &mut Writer, row: &Model) -> Result<(), DbErr> {
    stakeholder::Entity::delete_by_id(&row.id).exec(w.tx()).await?;
    w.record(Entry {
        action: "undo",
        table: "stakeholders",
        id: &row.id,
        stp: Some(&row.stp_code),
        before: Some(whole(row)),
        after: None,
    });
    Ok(())
}

/// Withdraws a stakeholder: no longer listed nor written to, kept for the record. As [`update`] otherwise.
pub async fn withdraw(w: &mut Writer, before: &Model) -> Result<Option<Model>, DbErr> {
    let row = Model { withdrawn_at: Some(w.origin().at), ..before.clone() };
    replace(w, "withdraw", before, row).await
}

async fn replace(
    w: &mut Writer,
    action: &str,
    before: &Model,
    mut row: Model,
) -> Result<Option<Model>, DbErr> {
    row.version = before.version + 1;
    row.updated_at = w.origin().at;
    let changed = stakeholder::Entity::update_many()
        .set(row.clone().into_active_model().reset_all())
        .filter(stakeholder::Column::Id.eq(&before.id))
        .filter(stakeholder::Column::Version.eq(before.version))
        .exec(w.tx())
        .await?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    note(w, action, Some(before), &row);
    Ok(Some(row))
}

fn note(w: &mut Writer, action: &str, before: Option<&Model>, after: &Model) {
    w.record(Entry {
        action,
        table: "stakeholders",
        id: &after.id,
        stp: Some(&after.stp_code),
        before: before.map(whole),
        after: Some(whole(after)),
    });
}

/// A stakeholder as the journal keeps it. The words to search in are made of the rest and stay out.
pub fn whole(row: &Model) -> Value {
    json!({
        "group_code": row.group_code,
        "name": row.name,
        "organisation": row.organisation,
        "role": row.role,
        "email": row.email,
        "notes": row.notes,
        "basis": row.basis,
        "wording": row.wording,
        "obtained_on": row.obtained_on,
        "evidence": row.evidence,
        "confirmed_on": row.confirmed_on,
        "place_code": row.place_code,
        "topics": row.topics,
        "withdrawn_at": row.withdrawn_at,
        "import_id": row.import_id,
        "version": row.version,
    })
}
