//! An event taken away as if it had never been: for undoing an import. Its journal stays.

use entity::event;
use sea_orm::{DbErr, EntityTrait as _};

use super::whole::EventWhole;
use crate::journal::{Entry, Writer};

/// Takes an event away with all that belongs to it.
pub async fn remove(w: &mut Writer, whole: &EventWhole) -> Result<(), DbErr> {
    event::Entity::delete_by_id(&whole.event.id).exec(w.tx()).await?;
    w.record(Entry {
        action: "undo",
        table: "events",
        id: &whole.event.id,
        stp: Some(&whole.event.stp_code),
        before: Some(whole.document()),
        after: None,
    });
    Ok(())
}
