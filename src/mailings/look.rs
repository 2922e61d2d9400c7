//! The last look: whether a letter that was claimed may still go.
//!
//! ```text
//! claimed ─► the journal's head ─► what might stop any of them, asked once for all ─► clear as of that head
//!                                                                                        │
//! line, its way open ─► the head, read once for all lines that ask at once ─┬─ unmoved ──┴─► go
//!                                                                           └─ moved, or not clear ─► look at this one
//! ```
//!
//! Whatever stops a letter is journalled in the transaction that writes it: where the head has not moved, nothing has
//! changed. So each letter is looked at after its way is open, and thousands a second cost a few readings.

use std::collections::HashSet;

use entity::{delivery, mailing, stakeholder, suppression};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};

use super::{
    ledger::Verdict,
    line::{Desk, Parcel},
    optouts,
};
use crate::{invitations::follow_up, journal};

/// Deliveries that nothing stops, as of a head of the journal.
#[derive(Debug, Default)]
pub struct Clear {
    head: i64,
    ids: HashSet<String>,
}

impl Clear {
    /// Asks about deliveries of mailings that are being sent. One that is not among them is not said to be stopped: it
    /// is to be looked at by itself.
    pub async fn of(conn: &impl ConnectionTrait, rows: &[delivery::Model]) -> Result<Self, DbErr> {
        // First: what is read after it is no older.
        let head = journal::seq(conn).await?;
        let mailings: HashSet<&str> = rows.iter().map(|row| row.mailing_id.as_str()).collect();
        let going: HashSet<String> = mailing::Entity::find()
            .select_only()
            .column(mailing::Column::Id)
            .filter(mailing::Column::Id.is_in(mailings))
            .filter(mailing::Column::State.eq(mailing::State::Sending))
            // Those ask also who has answered.
            .filter(mailing::Column::FollowUp.is_null())
            .into_tuple()
            .all(conn)
            .await?
            .into_iter()
            .collect();
        let addresses: HashSet<String> = suppression::Entity::find()
            .select_only()
            .column(suppression::Column::Address)
            .filter(suppression::Column::Address.is_in(rows.iter().map(|row| row.address.as_str())))
            .filter(suppression::Column::LiftedAt.is_null())
            .into_tuple()
            .all(conn)
            .await?
            .into_iter()
            .collect();
        let people = rows.iter().filter_map(|row| row.stakeholder_id.as_deref());
        let withdrawn: HashSet<String> = stakeholder::Entity::find()
            .select_only()
            .column(stakeholder::Column::Id)
            .filter(stakeholder::Column::Id.is_in(people))
            .filter(stakeholder::Column::WithdrawnAt.is_not_null())
            .into_tuple()
            .all(conn)
            .await?
            .into_iter()
            .collect();
        let is_clear = |row: &&delivery::Model| {
            going.contains(&row.mailing_id)
                && !addresses.contains(&row.address)
                && row.stakeholder_id.as_ref().is_none_or(|id| !withdrawn.contains(id))
        };
        let ids = rows.iter().filter(is_clear).map(|row| row.id.clone()).collect();
        Ok(Self { head, ids })
    }

    /// The head as of which this delivery is clear; none where it has to be looked at.
    pub fn at(&self, id: &str) -> Option<i64> {
        self.ids.contains(id).then_some(self.head)
    }
}

/// What has changed since the list was frozen, if it keeps the letter from going: the mailing's state, the recipient's
/// wish, what they answered.
pub async fn last(desk: &Desk, parcel: &Parcel) -> anyhow::Result<Option<Verdict>> {
    let conn = desk.app.db.read();
    if desk.app.tasks.stopping() {
        return Ok(Some(Verdict::Released));
    }
    if let Some(head) = parcel.clear_at
        && desk.app.head.seq().await? == head
    {
        return Ok(None);
    }
    let delivery = &parcel.delivery;
    let mailing = mailing::Entity::find_by_id(&delivery.mailing_id).one(conn).await?;
    match mailing.map(|mailing| mailing.state) {
        Some(mailing::State::Sending) => {}
        Some(mailing::State::Cancelled) => return Ok(Some(Verdict::Cancelled)),
        _ => return Ok(Some(Verdict::Released)),
    }
    let (purpose, topic) = (parcel.sheet.mailing.purpose, parcel.sheet.mailing.topic);
    if let Some(stop) = optouts::stopping(conn, &delivery.stp_code, purpose, topic, &delivery.address).await?
    {
        return Ok(Some(Verdict::Excluded(stop.reason())));
    }
    if let Some(reason) = follow_up::stopping(conn, &parcel.sheet.mailing, &delivery.address).await? {
        return Ok(Some(Verdict::Excluded(reason.to_owned())));
    }
    if let Some(id) = &delivery.stakeholder_id {
        let stakeholder = stakeholder::Entity::find_by_id(id).one(conn).await?;
        if stakeholder.is_some_and(|stakeholder| stakeholder.withdrawn_at.is_some()) {
            return Ok(Some(Verdict::Excluded("Withdrawn since the list was frozen".into())));
        }
    }
    Ok(None)
}
