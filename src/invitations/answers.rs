//! What the invited answer: read from a form, kept once for an address and an event, and at once effective on what is
//! queued.

use chrono::NaiveDate;
use entity::{
    delivery, event,
    invitation_answer::{self, Answer, Column, Model},
    mailing,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use serde_json::{Value, json};

use super::{Told, follow_up, may_invite};
use crate::{
    journal::{Entry, Writer},
    mailings::token,
};

/// The longest text about support, in characters.
pub const SUPPORT: usize = 1_000;

/// An answer that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub answer: Answer,
    pub support: Option<String>,
}

/// What a link leads to.
#[derive(Clone, Debug)]
pub struct Asked {
    pub delivery: delivery::Model,
    pub event: event::Model,
    /// The event as it is now.
    pub told: Told,
    /// What this address answered last.
    pub kept: Option<Model>,
}

/// How an answer was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Kept,
    /// It was the answer already.
    Same,
    /// The event is over or does not take place: nothing can be answered any more.
    Closed,
}

impl Reply {
    /// Reads an answer as it was typed. Refuses with every problem, each as (field, message). Nothing that was typed is
    /// dropped: a text about support goes with the answer that asks for it.
    pub fn parse(answer: &str, support: &str) -> Result<Self, Vec<(&'static str, String)>> {
        let mut problems = Vec::new();
        let support = support.replace("\r\n", "\n").trim().to_owned();
        let answer = Answer::parse(answer);
        if answer.is_none() {
            problems.push(("answer", "Select whether you will come".to_owned()));
        }
        if support.chars().count() > SUPPORT {
            problems.push(("support", "What support you need must be 1,000 characters or fewer".to_owned()));
        } else if support.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            problems.push(("support", "The text holds a character that cannot be kept".to_owned()));
        }
        match answer {
            Some(Answer::Support) if support.is_empty() => {
                problems.push(("support", "Enter what support you need".to_owned()));
            }
            Some(Answer::Yes | Answer::No) if !support.is_empty() => problems.push((
                "answer",
                "Select “Yes, and I need support to take part”, or empty the box about support".to_owned(),
            )),
            _ => {}
        }
        match answer {
            Some(answer) if problems.is_empty() => {
                Ok(Self { answer, support: Some(support).filter(|text| !text.is_empty()) })
            }
            _ => Err(problems),
        }
    }
}

/// What a link leads to; none where it is nobody's.
pub async fn by_token(conn: &impl ConnectionTrait, token: &str) -> Result<Option<Asked>, DbErr> {
    let Some(id) = token::delivery(token) else { return Ok(None) };
    let own = delivery::Column::RsvpDigest.eq(token::digest(token));
    let found = delivery::Entity::find_by_id(id).filter(own).one(conn).await?;
    // An excluded delivery was never sent, so its link is nobody's.
    let sent = |row: &delivery::Model| row.state != delivery::State::Excluded || row.attempts > 0;
    let Some(delivery) = found.filter(sent) else { return Ok(None) };
    let Some(mailing) = mailing::Entity::find_by_id(&delivery.mailing_id).one(conn).await? else {
        return Ok(None);
    };
    let Some(event) = event::Entity::find_by_id(mailing.event_id.unwrap_or_default()).one(conn).await? else {
        return Ok(None);
    };
    let told = Told::of(conn, &event).await?;
    let kept = of_address(conn, &event.id, &delivery.address).await?;
    Ok(Some(Asked { delivery, event, told, kept }))
}

async fn of_address(conn: &impl ConnectionTrait, event: &str, address: &str) -> Result<Option<Model>, DbErr> {
    invitation_answer::Entity::find()
        .filter(Column::EventId.eq(event))
        .filter(Column::Address.eq(address))
        .one(conn)
        .await
}

/// Keeps an answer, in place of the one before it.
pub async fn keep(w: &mut Writer, asked: &Asked, reply: &Reply, today: NaiveDate) -> Result<Taken, DbErr> {
    let delivery = &asked.delivery;
    // Two answers at once wait for each other here, and for a change of the event.
    let event = event::Entity::find_by_id(&asked.event.id).lock_exclusive().one(w.tx()).await?;
    let Some(event) = event.filter(|event| may_invite(event, today)) else { return Ok(Taken::Closed) };
    let told_sha256 = Told::of(w.tx(), &event).await?.sha256();
    let before = of_address(w.tx(), &event.id, &delivery.address).await?;
    let at = w.origin().at;
    let after = Model {
        id: before.as_ref().map_or_else(|| w.id(), |before| before.id.clone()),
        stp_code: delivery.stp_code.clone(),
        event_id: event.id.clone(),
        address: delivery.address.clone(),
        delivery_id: delivery.id.clone(),
        answer: reply.answer,
        support: reply.support.clone(),
        told_sha256,
        created_at: before.as_ref().map_or(at, |before| before.created_at),
        updated_at: at,
    };
    if let Some(before) = &before {
        let said = |row: &Model| (row.answer, row.support.clone(), row.told_sha256.clone());
        if said(before) == said(&after) {
            return Ok(Taken::Same);
        }
    }
    let row = after.clone().into_active_model().reset_all();
    if before.is_some() {
        invitation_answer::Entity::update(row).exec(w.tx()).await?;
    } else {
        invitation_answer::Entity::insert(row).exec_without_returning(w.tx()).await?;
    }
    follow_up::stop(w, &after).await?;
    note(w, before.as_ref(), &after);
    Ok(Taken::Kept)
}

fn note(w: &mut Writer, before: Option<&Model>, after: &Model) {
    let whole = |row: &Model| -> Value {
        json!({
            "event_id": row.event_id,
            "delivery_id": row.delivery_id,
            "address": row.address,
            "answer": row.answer.code(),
            "support": row.support,
        })
    };
    w.record(Entry {
        action: if before.is_some() { "update" } else { "create" },
        table: "invitation_answers",
        id: &after.id,
        stp: Some(&after.stp_code),
        before: before.map(whole),
        after: Some(whole(after)),
    });
}

/// What a stakeholder answered, each with its event, last first.
pub async fn of_stakeholder(
    conn: &impl ConnectionTrait,
    stp: &str,
    stakeholder: &str,
) -> Result<Vec<(Model, event::Model)>, DbErr> {
    let letters = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Id)
        .filter(delivery::Column::StakeholderId.eq(stakeholder))
        .into_query();
    let rows = invitation_answer::Entity::find()
        .filter(Column::StpCode.eq(stp))
        .filter(Column::DeliveryId.in_subquery(letters))
        .order_by_desc(Column::UpdatedAt)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    with_events(conn, rows).await
}

/// What somebody at this address answered to `stp`, each with its event, last first.
pub async fn from_address(
    conn: &impl ConnectionTrait,
    stp: &str,
    address: &str,
) -> Result<Vec<(Model, event::Model)>, DbErr> {
    let rows = invitation_answer::Entity::find()
        .filter(Column::StpCode.eq(stp))
        .filter(Column::Address.eq(address))
        .order_by_desc(Column::UpdatedAt)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    with_events(conn, rows).await
}

async fn with_events(
    conn: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<Vec<(Model, event::Model)>, DbErr> {
    let ids: Vec<&str> = rows.iter().map(|row| row.event_id.as_str()).collect();
    let events = event::Entity::find().filter(event::Column::Id.is_in(ids)).all(conn).await?;
    let of = |row: &Model| events.iter().find(|event| event.id == row.event_id).cloned();
    Ok(rows.into_iter().filter_map(|row| of(&row).map(|event| (row, event))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_and_no_word_of_it_dropped() {
        let yes = Reply::parse("yes", "  ").unwrap();
        assert_eq!(yes, Reply { answer: Answer::Yes, support: None });
        let support = Reply::parse("support", " A hearing loop.\r\nA lift. ").unwrap();
        assert_eq!(support.support.as_deref(), Some("A hearing loop.\nA lift."));
        for (answer, text, field) in [
            ("", "", "answer"),
            ("perhaps", "", "answer"),
            ("support", " ", "support"),
            ("yes", "A lift", "answer"),
            ("no", "A lift", "answer"),
            ("support", "a\u{1}", "support"),
            ("support", "x".repeat(SUPPORT + 1).as_str(), "support"),
        ] {
            let problems = Reply::parse(answer, text).unwrap_err();
            assert_eq!(problems.len(), 1, "{answer} {text}");
            assert_eq!(problems[0].0, field, "{answer} {text}");
        }
        assert!(Reply::parse("support", &"x".repeat(SUPPORT)).is_ok());
    }
}
