//! Freezes a mailing: its text, and its list of recipients with everyone who is left out and why. What is frozen is
//! what is sent.

use chrono_tz::Europe::London;
use entity::{
    delivery::{self, State},
    mailing, stp,
};
use sea_orm::{ActiveModelTrait as _, DbErr, EntityTrait, IntoActiveModel};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    audience::{self, Blank},
    letter::{self, Links, Sheet},
    queue, record, token,
};
use crate::{audiences::Known, invitations::Invitation, journal::Writer, mail::Senders};

/// How freezing ended.
#[derive(Debug)]
pub enum Frozen {
    Done,
    /// It is no draft any more, or somebody has just changed it.
    Stale,
    /// A field of the text is none; says which.
    Misspelt(String),
    /// Fields that have nothing to say, and for whom.
    Blank(Vec<Blank>),
    /// There is nobody to write to.
    Nobody,
    /// Nobody can be invited to its event; says why.
    Uninvited(&'static str),
    /// Its sender will not do; says why.
    Unsent(String),
}

/// Rows that go into one statement.
const BATCH: usize = 500;

/// Freezes a draft on behalf of the user `by`; `known` is what its audience asks about. Anything but `Done` has changed
/// nothing.
pub async fn freeze(
    w: &mut Writer,
    before: &mailing::Model,
    stp: &stp::Model,
    known: &Known,
    by: &str,
    key: &token::Key,
    senders: &Senders,
) -> Result<Frozen, DbErr> {
    if before.state != mailing::State::Draft {
        return Ok(Frozen::Stale);
    }
    let sent_from = match senders.of(before.sender.as_deref(), &stp.code, None) {
        Ok(identity) => identity.address(),
        Err(said) => return Ok(Frozen::Unsent(said)),
    };
    let sheet = match Sheet::new(before.clone(), stp.clone()) {
        Ok(sheet) => sheet,
        Err(said) => return Ok(Frozen::Misspelt(said)),
    };
    let invitation = Invitation::of(w.tx(), before).await?;
    let today = w.origin().at.with_timezone(&London).date_naive();
    let refused = invitation.as_ref().and_then(|invitation| invitation.refused(before.follow_up, today));
    if let Some(said) = refused {
        return Ok(Frozen::Uninvited(said));
    }
    let sheet = sheet.inviting(invitation);
    let audience = audience::gather(w.tx(), before, stp, known).await?;
    let blanks = audience.blanks(&[&sheet.subject, sheet.body.words()]);
    if !blanks.is_empty() {
        return Ok(Frozen::Blank(blanks));
    }
    if audience.to.is_empty() {
        return Ok(Frozen::Nobody);
    }
    let at = w.origin().at;
    let mut rows = Vec::with_capacity(audience.to.len() + audience.left_out.len());
    let mut list = Sha256::new();
    let row = |id: String, stakeholder: &entity::stakeholder::Model, values: &super::merge::Values| {
        delivery::Model {
            mailing_id: before.id.clone(),
            stp_code: stp.code.clone(),
            stakeholder_id: Some(stakeholder.id.clone()),
            address: String::new(),
            domain: String::new(),
            display_name: stakeholder.name.clone(),
            merge: json!(values).to_string(),
            state: State::Queued,
            reason: None,
            attempts: 0,
            next_attempt_at: None,
            claim: None,
            claimed_at: None,
            first_tried_at: None,
            token_digest: token::digest(&key.token(&id)),
            rsvp_digest: before.event_id.is_some().then(|| token::digest(&key.rsvp(&id))),
            me_digest: sheet.may_opt_out().then(|| token::digest(&key.me(&id))),
            message_id: None,
            server_answer: None,
            text_sha256: None,
            updated_at: at,
            id,
        }
    };
    for recipient in &audience.to {
        let id = w.id();
        let Ok(view) = sheet.view(&recipient.values, Links::default()) else { return Ok(Frozen::Stale) };
        let sha256 = view.sha256();
        list.update(format!("{id} {} {sha256}\n", recipient.stakeholder.id));
        rows.push(delivery::Model {
            domain: queue::domain(&recipient.address).to_owned(),
            address: recipient.address.clone(),
            text_sha256: Some(sha256),
            ..row(id, &recipient.stakeholder, &recipient.values)
        });
    }
    for left_out in &audience.left_out {
        // One without an address of its own is kept under a name that is no address.
        let none = || format!("none:{}", left_out.stakeholder.id);
        rows.push(delivery::Model {
            address: left_out.address.clone().unwrap_or_else(none),
            state: State::Excluded,
            reason: Some(left_out.reason.clone()),
            ..row(w.id(), &left_out.stakeholder, &left_out.values)
        });
    }
    for rows in rows.chunks(BATCH) {
        let rows = rows.iter().map(|row| row.clone().into_active_model().reset_all());
        delivery::Entity::insert_many(rows).exec(w.tx()).await?;
    }
    let mut frozen = mailing::Model {
        state: mailing::State::Frozen,
        frozen_at: Some(at),
        frozen_by: Some(by.to_owned()),
        sent_from: Some(sent_from),
        event_told: sheet.invitation.as_ref().map(|invitation| invitation.told.written()),
        ..before.clone()
    };
    frozen.text_sha256 = Some(letter::text_sha256(&frozen));
    let counts = json!({
        "queued": audience.to.len(),
        "excluded": audience.reasons(),
        "list_sha256": hex::encode(list.finalize()),
    });
    Ok(record::replace(w, "freeze", before, frozen, counts).await?.map_or(Frozen::Stale, |_| Frozen::Done))
}
