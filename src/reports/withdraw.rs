//! Withdraws an edition: dated, with a reason. Its rows and its files stay as they were published; they are no longer
//! handed out. A correction is no withdrawal: it is a new edition.

use entity::edition;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;

use super::find;
use crate::journal::{Entry, Writer};

/// The most letters of a reason.
pub const LONGEST_REASON: usize = 2000;

/// What became of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Withdrawn,
    /// It was withdrawn before; the reason of then stands.
    Already,
    /// There is no such edition.
    Unknown,
}

/// Withdraws the edition of this name and number.
pub async fn withdraw(w: &mut Writer, slug: &str, number: i32, reason: &str) -> anyhow::Result<Done> {
    let Some(edition) = find::one(w.tx(), slug, number).await? else { return Ok(Done::Unknown) };
    if edition.withdrawn_at.is_some() {
        return Ok(Done::Already);
    }
    let (id, stp, at) = (edition.id.clone(), edition.stp_code.clone(), w.origin().at);
    let mut row = edition.into_active_model().reset_all();
    row.withdrawn_at = Set(Some(at));
    row.withdrawn_reason = Set(Some(reason.to_owned()));
    edition::Entity::update(row).exec(w.tx()).await?;
    w.record(Entry {
        action: "withdraw",
        table: "editions",
        id: &id,
        stp: stp.as_deref(),
        before: Some(json!({ "withdrawn_at": null, "withdrawn_reason": null })),
        after: Some(json!({ "withdrawn_at": at, "withdrawn_reason": reason })),
    });
    Ok(Done::Withdrawn)
}
