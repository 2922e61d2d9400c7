//! Who was invited to an event, and how each of them stands.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use entity::{
    delivery::{self, State},
    invitation_answer::{self, Answer},
    mailing,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use serde::Serialize;

use super::Told;
use crate::mailings::merge::Values;

/// How somebody who was invited stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Yes,
    Support,
    No,
    Unanswered,
    /// No letter arrived.
    NotReached,
}

impl Standing {
    pub const ALL: [Self; 5] = [Self::Yes, Self::Support, Self::No, Self::Unanswered, Self::NotReached];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Support => "support",
            Self::No => "no",
            Self::Unanswered => "unanswered",
            Self::NotReached => "not_reached",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "Comes",
            Self::Support => "Comes and needs support",
            Self::No => "Does not come",
            Self::Unanswered => "Has not answered",
            Self::NotReached => "The letter did not arrive",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }
}

/// Somebody who was invited: one address, however many letters went to it.
#[derive(Clone, Debug)]
pub struct Invitee {
    /// The last letter about the event.
    pub delivery: delivery::Model,
    pub standing: Standing,
    pub answer: Option<invitation_answer::Model>,
    /// Their last letter that was sent says how the event is now.
    pub knows: bool,
    /// They answered before the event changed to how it is now.
    pub answered_before: bool,
    /// When the list of the first letter was frozen.
    pub invited_at: Option<DateTime<Utc>>,
}

impl Invitee {
    /// What they are called: the person or office, else the organisation, as it was frozen.
    pub fn name(&self) -> String {
        self.delivery.display_name.clone().or_else(|| self.values().organisation).unwrap_or_default()
    }

    /// What was known of them when the letter was frozen.
    pub fn values(&self) -> Values {
        // Written by us alone; what cannot be read says nothing.
        serde_json::from_str(&self.delivery.merge).unwrap_or_default()
    }

    /// Whether they take for right what is not: they do not know how the event is now, and did not say no.
    pub fn is_misled(&self) -> bool {
        !self.knows && !matches!(self.standing, Standing::No | Standing::NotReached)
    }
}

/// Everyone who was invited to an event, which is now as `now` says, by name.
pub async fn invited(conn: &impl ConnectionTrait, event: &str, now: &Told) -> Result<Vec<Invitee>, DbErr> {
    let mailings = mailing::Entity::find().filter(mailing::Column::EventId.eq(event)).all(conn).await?;
    if mailings.is_empty() {
        return Ok(Vec::new());
    }
    let told: HashMap<&str, (bool, Option<DateTime<Utc>>)> = mailings
        .iter()
        .map(|mailing| (mailing.id.as_str(), (now.is(mailing.event_told.as_deref()), mailing.frozen_at)))
        .collect();
    let deliveries = delivery::Entity::find()
        .filter(delivery::Column::MailingId.is_in(told.keys().copied()))
        .filter(delivery::Column::Attempts.gt(0))
        .filter(delivery::Column::State.is_not_in([State::Excluded, State::Cancelled]))
        .all(conn)
        .await?;
    let mut answers: HashMap<String, invitation_answer::Model> = invitation_answer::Entity::find()
        .filter(invitation_answer::Column::EventId.eq(event))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.address.clone(), row))
        .collect();
    let mut letters: BTreeMap<String, Vec<delivery::Model>> = BTreeMap::new();
    for row in deliveries {
        letters.entry(row.address.clone()).or_default().push(row);
    }
    let sha256 = now.sha256();
    let mut all: Vec<Invitee> = letters
        .into_iter()
        .filter_map(|(address, rows)| {
            let of = |row: &delivery::Model| told.get(row.mailing_id.as_str()).copied().unwrap_or_default();
            invitee(rows, answers.remove(&address), &sha256, of)
        })
        .collect();
    all.sort_by_cached_key(|one| (one.name().to_lowercase(), one.delivery.id.clone()));
    Ok(all)
}

/// One address with its letters. None where none of them was sent yet and nothing was answered.
fn invitee(
    mut rows: Vec<delivery::Model>,
    answer: Option<invitation_answer::Model>,
    sha256: &str,
    of: impl Fn(&delivery::Model) -> (bool, Option<DateTime<Utc>>),
) -> Option<Invitee> {
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let arrived = |row: &delivery::Model| matches!(row.state, State::Accepted | State::Uncertain);
    let failed = |row: &delivery::Model| matches!(row.state, State::Rejected | State::Bounced);
    let standing = match answer.as_ref().map(|row| row.answer) {
        Some(Answer::Yes) => Standing::Yes,
        Some(Answer::Support) => Standing::Support,
        Some(Answer::No) => Standing::No,
        None if rows.iter().any(arrived) => Standing::Unanswered,
        None if rows.iter().any(failed) => Standing::NotReached,
        None => return None,
    };
    let invited_at = rows.iter().filter_map(|row| of(row).1).min();
    // Who answered has seen what the page said then.
    let answered_now = answer.as_ref().is_some_and(|row| row.told_sha256 == sha256);
    let knows = answered_now || rows.iter().rfind(|row| arrived(row)).is_some_and(|row| of(row).0);
    Some(Invitee {
        answered_before: answer.as_ref().is_some_and(|row| row.told_sha256 != sha256),
        delivery: rows.pop()?,
        standing,
        answer,
        knows,
        invited_at,
    })
}

/// How many stand how, in the order of the page.
pub fn counts(all: &[Invitee]) -> Vec<(Standing, usize)> {
    let of = |standing| all.iter().filter(|one| one.standing == standing).count();
    Standing::ALL.into_iter().map(|standing| (standing, of(standing))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A letter of the mailing `of`, in a state.
    fn letter(id: &str, of: &str, state: State) -> delivery::Model {
        delivery::Model {
            id: id.into(),
            mailing_id: of.into(),
            stp_code: "E54000041".into(),
            stakeholder_id: None,
            address: "office@carers.example.org".into(),
            domain: "carers.example.org".into(),
            first_tried_at: None,
            display_name: None,
            merge: r#"{"organisation":"Carers Centre"}"#.into(),
            state,
            reason: None,
            attempts: 1,
            next_attempt_at: None,
            claim: None,
            claimed_at: None,
            token_digest: id.into(),
            rsvp_digest: None,
            me_digest: None,
            message_id: None,
            server_answer: None,
            text_sha256: None,
            updated_at: "2018-01-15T10:00:00Z".parse().unwrap(),
        }
    }

    fn answer(answer: Answer, told: &str) -> invitation_answer::Model {
        invitation_answer::Model {
            id: "answer".into(),
            stp_code: "E54000041".into(),
            event_id: "event".into(),
            address: "office@carers.example.org".into(),
            delivery_id: "1".into(),
            answer,
            support: None,
            told_sha256: told.into(),
            created_at: "2018-01-15T10:00:00Z".parse().unwrap(),
            updated_at: "2018-01-15T10:00:00Z".parse().unwrap(),
        }
    }

    /// One address with these letters: a mailing called `now` says how the event is now.
    fn one(rows: &[(&str, &str, State)], said: Option<invitation_answer::Model>) -> Option<Invitee> {
        let rows = rows.iter().map(|(id, of, state)| letter(id, of, *state)).collect();
        invitee(rows, said, "now", |row| (row.mailing_id == "now", None))
    }

    #[test]
    fn how_somebody_stands() {
        for (rows, expected) in [
            (vec![("1", "now", State::Accepted)], Some(Standing::Unanswered)),
            (vec![("1", "now", State::Uncertain)], Some(Standing::Unanswered)),
            (vec![("1", "now", State::Bounced)], Some(Standing::NotReached)),
            (vec![("1", "now", State::Bounced), ("2", "now", State::Accepted)], Some(Standing::Unanswered)),
            (vec![("1", "now", State::Deferred)], None),
        ] {
            assert_eq!(one(&rows, None).map(|one| one.standing), expected, "{rows:?}");
        }
        let said = one(&[("1", "now", State::Bounced)], Some(answer(Answer::Support, "now"))).unwrap();
        assert_eq!((said.standing, said.name().as_str()), (Standing::Support, "Carers Centre"));
    }

    #[test]
    fn who_takes_the_event_for_what_it_was() {
        let was = [("1", "before", State::Accepted)];
        assert!(one(&was, None).unwrap().is_misled());
        assert!(one(&was, Some(answer(Answer::Yes, "before"))).unwrap().is_misled());
        assert!(!one(&was, Some(answer(Answer::No, "before"))).unwrap().is_misled());
        // Whoever answers has seen how it is.
        let seen = one(&was, Some(answer(Answer::Yes, "now"))).unwrap();
        assert!(!seen.is_misled() && !seen.answered_before);
        let told = [("1", "before", State::Accepted), ("2", "now", State::Accepted)];
        let told = one(&told, Some(answer(Answer::Yes, "before"))).unwrap();
        assert!(!told.is_misled() && told.answered_before);
        assert!(
            one(&[("1", "before", State::Accepted), ("2", "now", State::Rejected)], None)
                .unwrap()
                .is_misled()
        );
    }
}
