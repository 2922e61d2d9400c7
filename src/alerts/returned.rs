//! What comes back of a mail about alerts, known by the return path of its own or by the subject of its button. Nothing of it is kept: it names a reader.

use entity::{
    alert, alert_mail,
    incoming_mail::{Fate, Kind},
};
use sea_orm::{DbErr, EntityTrait as _};

use super::change;
use crate::{app::App, mail::return_path::Claim};

/// The mail of ours that one that came back is about, by what the addresses claim that it came to; none where it is about another, or where that is not proven.
pub async fn whose(app: &App, claims: &[Claim]) -> Result<Option<alert_mail::Model>, DbErr> {
    for claim in claims {
        let found = alert_mail::Entity::find_by_id(&claim.delivery).one(app.db.read()).await?;
        let own = |found: &alert_mail::Model| found.token_digest.as_ref().is_some_and(|own| claim.holds(own));
        if let Some(found) = found.filter(own) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Does what follows from it: whoever cannot be reached, complains or asks to be left out is forgotten. Gives false for
/// what a person is to read.
pub async fn act(
    app: &App,
    mail: &alert_mail::Model,
    kind: Kind,
    fate: Option<Fate>,
    detail: &str,
) -> anyhow::Result<bool> {
    match (kind, fate) {
        (Kind::Bounce, Some(Fate::Hard)) => change::undeliverable(app, &mail.id).await?,
        (Kind::Bounce | Kind::AutoReply, _) => {}
        (Kind::Complaint, _) if detail == "not-spam" => {}
        (Kind::Complaint | Kind::Unsubscribe, _) => {
            if let Some(id) = &mail.alert_id
                && let Some(reader) = alert::Entity::find_by_id(id).one(app.db.read()).await?
            {
                change::leave(app, &reader).await?;
            }
        }
        (Kind::Reply | Kind::Unknown, _) => return Ok(false),
    }
    Ok(true)
}
