//! Whose letter a mail is about.

use entity::delivery;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::mail::{
    inbound::{Inbound, What},
    return_path::Claim,
};

/// The delivery that a mail is about, by what the addresses claim that it came to, or else by what it says; none where that is not known for sure.
pub async fn whose(
    conn: &impl ConnectionTrait,
    claims: &[Claim],
    mail: &Inbound,
) -> Result<Option<delivery::Model>, DbErr> {
    for claim in claims {
        let found = delivery::Entity::find_by_id(&claim.delivery).one(conn).await?;
        if let Some(found) = found.filter(|found| claim.holds(&found.token_digest)) {
            return Ok(Some(found));
        }
    }
    if mail.about.is_empty() {
        return Ok(None);
    }
    // A letter's Message-ID begins with its row's identity, which finds it without an index of its own.
    let rows = mail.about.iter().map(|id| id.split_once('@').map_or(id.as_str(), |(row, _)| row));
    let ids = mail.about.iter().map(|id| format!("<{id}>"));
    let found = delivery::Entity::find()
        .filter(delivery::Column::Id.is_in(rows))
        .filter(delivery::Column::MessageId.is_in(ids))
        .filter(delivery::Column::Attempts.gt(0))
        .order_by_asc(delivery::Column::Id)
        .all(conn)
        .await?;
    Ok(found.into_iter().find(|delivery| is_said(mail, &delivery.address)))
}

/// Whether a mail that names a letter by its Message-ID alone speaks for its address as well. A person may answer from
/// another address: what they write silences nobody, unless they ask to be left out.
fn is_said(mail: &Inbound, address: &str) -> bool {
    let from = mail.from.as_deref() == Some(address);
    match &mail.what {
        What::Bounce(failed) => failed.iter().any(|one| one.address.as_deref() == Some(address)),
        What::Complaint { address: of, .. } => of.as_deref() == Some(address),
        What::Unsubscribe => from,
        What::Reply | What::AutoReply(_) | What::Unknown(_) => true,
    }
}
