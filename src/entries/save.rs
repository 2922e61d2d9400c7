//! Writes entries, each change one journal entry with the documents before and after.

use sea_orm::{DatabaseExecutor, DbErr};
use serde_json::json;

use super::{Kept, Noun, Put, Values, entry};
use crate::journal::{Entry, Writer};

/// Adds an entry.
pub async fn create(
    noun: &dyn Noun,
    w: &mut Writer,
    stp: &str,
    id: &str,
    values: &Values,
) -> Result<(), DbErr> {
    noun.write(w, Put { stp, id, version: None, values }).await?;
    note(noun, w, "create", stp, id, None).await
}

/// Changes an entry. Gives false, and changes nothing, where it is no longer as `before` has it.
pub async fn update(
    noun: &dyn Noun,
    w: &mut Writer,
    stp: &str,
    before: &Kept,
    values: &Values,
) -> Result<bool, DbErr> {
    let put = Put { stp, id: &before.id, version: Some(before.version), values };
    if !noun.write(w, put).await? {
        return Ok(false);
    }
    note(noun, w, "update", stp, &before.id, Some(before)).await?;
    Ok(true)
}

/// Takes an entry away; its history stays in the journal. As [`update`] otherwise.
pub async fn remove(noun: &dyn Noun, w: &mut Writer, stp: &str, before: &Kept) -> Result<bool, DbErr> {
    if !noun.remove(w, stp, &before.id, before.version).await? {
        return Ok(false);
    }
    note(noun, w, "remove", stp, &before.id, Some(before)).await?;
    Ok(true)
}

/// Puts an entry back as it was before it was taken away.
pub async fn restore(noun: &dyn Noun, w: &mut Writer, stp: &str, gone: &Kept) -> Result<(), DbErr> {
    noun.write(w, Put { stp, id: &gone.id, version: None, values: &gone.values }).await?;
    note(noun, w, "restore", stp, &gone.id, None).await
}

/// Says in the journal which entries were shown to someone, without their values.
pub fn shown(noun: &dyn Noun, w: &mut Writer, action: &str, stp: &str, page: &str, ids: &[&str]) {
    let shown = json!({ "shown": ids });
    let table = noun.about().table;
    w.record(Entry { action, table, id: page, stp: Some(stp), before: None, after: Some(shown) });
}

async fn note(
    noun: &dyn Noun,
    w: &mut Writer,
    action: &str,
    stp: &str,
    id: &str,
    before: Option<&Kept>,
) -> Result<(), DbErr> {
    let after = entry(noun, &DatabaseExecutor::from(w.tx()), stp, id).await?;
    w.record(Entry {
        action,
        table: noun.about().table,
        id,
        stp: Some(stp),
        before: before.map(|kept| kept.document.clone()),
        after: after.map(|kept| kept.document),
    });
    Ok(())
}
