//! What follows from a mail about a letter of ours: the delivery's state, and who is not written to any more.

use entity::{
    delivery,
    incoming_mail::{self, Fate, Kind, Model},
    suppression::State,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use crate::{
    journal::Writer,
    mailings::optouts::{self, Way},
};

/// Letters in a row that an address did not take for now, after which it counts as undeliverable.
pub const SOFT: usize = 5;

/// Does what follows from `mail`, which is about `letter`. Its row is there already.
pub async fn act(w: &mut Writer, mail: &Model, letter: &delivery::Model) -> Result<(), DbErr> {
    match (mail.kind, mail.fate) {
        (Kind::Bounce, Some(Fate::Hard)) => {
            bounced(w, letter, Fate::Hard).await?;
            let reason = format!("A letter came back: no such address (mailing {})", letter.mailing_id);
            optouts::stop(w, &letter.address, State::Undeliverable, "returned mail", &reason).await?;
        }
        (Kind::Bounce, Some(Fate::Soft)) => {
            bounced(w, letter, Fate::Soft).await?;
            if all_soft(w.tx(), &letter.address).await? {
                let reason =
                    format!("{SOFT} letters in a row came back, the last of mailing {}", letter.mailing_id);
                optouts::stop(w, &letter.address, State::Undeliverable, "returned mail", &reason).await?;
            }
        }
        (Kind::Bounce, Some(Fate::Refused)) => bounced(w, letter, Fate::Refused).await?,
        (Kind::Complaint, _) if mail.detail != "not-spam" => {
            let reason = format!("Their mail service reports a complaint of mailing {}", letter.mailing_id);
            optouts::stop(w, &letter.address, State::Complained, "complaint", &reason).await?;
        }
        (Kind::Unsubscribe, _) => {
            optouts::opt_out(w, letter, Way::Reply, None).await?;
        }
        _ => {}
    }
    Ok(())
}

/// A letter that a server had taken, or may have, came back.
async fn bounced(w: &Writer, letter: &delivery::Model, fate: Fate) -> Result<(), DbErr> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(delivery::State::Bounced))
        .col_expr(
            delivery::Column::Reason,
            Expr::value(format!("It came back: {}", fate.name().to_lowercase())),
        )
        .col_expr(delivery::Column::UpdatedAt, Expr::value(w.origin().at))
        .filter(delivery::Column::Id.eq(&letter.id))
        .filter(delivery::Column::State.is_in([delivery::State::Accepted, delivery::State::Uncertain]))
        .exec(w.tx())
        .await?;
    Ok(())
}

/// Whether the last letters to an address all came back for now. One that did not starts the count again.
async fn all_soft(conn: &impl ConnectionTrait, address: &str) -> Result<bool, DbErr> {
    let last: Vec<String> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Id)
        .filter(delivery::Column::Address.eq(address))
        .filter(delivery::Column::State.is_in([delivery::State::Accepted, delivery::State::Bounced]))
        .order_by_desc(delivery::Column::Id)
        .limit(SOFT as u64)
        .into_tuple()
        .all(conn)
        .await?;
    if last.len() < SOFT {
        return Ok(false);
    }
    let soft: Vec<Option<String>> = incoming_mail::Entity::find()
        .select_only()
        .column(incoming_mail::Column::DeliveryId)
        .distinct()
        .filter(incoming_mail::Column::DeliveryId.is_in(last))
        .filter(incoming_mail::Column::Fate.eq(Fate::Soft))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(soft.len() == SOFT)
}
