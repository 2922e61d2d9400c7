//! Mailings that go back to people who were invited: a reminder to those who have not answered, word of a change to
//! those who know how it was.

use std::collections::{BTreeSet, HashMap};

use entity::{
    delivery, event,
    invitation_answer::{self, Answer, Column, Model},
    mailing::{self, FollowUp, Purpose, State},
    stakeholder,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, sea_query::Expr,
};

use super::{
    Invitation, Told,
    list::{self, Standing},
};
use crate::{
    audiences::Query,
    journal::Writer,
    mailings::{self, draft::Letter},
};

/// Why somebody is left out, for a list.
const ANSWERED: &str = "Answered already";
const SAID_NO: &str = "Said no";
const KNOWS: &str = "Knows already how it is now";

/// Stakeholders that are asked about in one query.
const BATCH: usize = 500;

/// Whom a mailing that goes back leaves out, and why.
#[derive(Debug, Default)]
pub struct Settled {
    addresses: HashMap<String, &'static str>,
    /// By identity: their address may have changed since.
    stakeholders: HashMap<String, &'static str>,
}

impl Settled {
    /// Why this stakeholder is left out, if they are.
    pub fn reason(&self, stakeholder: &str, address: &str) -> Option<&'static str> {
        self.addresses.get(address).or_else(|| self.stakeholders.get(stakeholder)).copied()
    }
}

/// Everyone who was reached about the event of a mailing that goes back, and whom of them it leaves out.
pub async fn audience(
    conn: &impl ConnectionTrait,
    mailing: &mailing::Model,
    follow_up: FollowUp,
) -> Result<(Vec<stakeholder::Model>, Settled), DbErr> {
    let Some(Invitation { event, told }) = Invitation::of(conn, mailing).await? else {
        return Ok((Vec::new(), Settled::default()));
    };
    let mut settled = Settled::default();
    let mut ids = BTreeSet::new();
    for one in list::invited(conn, &event.id, &told).await? {
        if one.standing == Standing::NotReached {
            continue;
        }
        let reason = match follow_up {
            FollowUp::Reminder => (one.standing != Standing::Unanswered).then_some(ANSWERED),
            FollowUp::Change if one.standing == Standing::No => Some(SAID_NO),
            FollowUp::Change => one.knows.then_some(KNOWS),
        };
        if let Some(reason) = reason {
            settled.addresses.insert(one.delivery.address.clone(), reason);
            if let Some(id) = &one.delivery.stakeholder_id {
                settled.stakeholders.insert(id.clone(), reason);
            }
        }
        ids.extend(one.delivery.stakeholder_id);
    }
    let ids: Vec<String> = ids.into_iter().collect();
    let mut all = Vec::new();
    for some in ids.chunks(BATCH) {
        let rows = stakeholder::Entity::find()
            .filter(stakeholder::Column::StpCode.eq(&mailing.stp_code))
            .filter(stakeholder::Column::WithdrawnAt.is_null())
            .filter(stakeholder::Column::Id.is_in(some))
            .all(conn)
            .await?;
        all.extend(rows);
    }
    all.sort_by(|a, b| (&a.group_code, &a.id).cmp(&(&b.group_code, &b.id)));
    Ok((all, settled))
}

/// Why a mailing that goes back is not for this address any more, since its list was frozen.
pub async fn stopping(
    conn: &impl ConnectionTrait,
    mailing: &mailing::Model,
    address: &str,
) -> Result<Option<&'static str>, DbErr> {
    let (Some(follow_up), Some(event)) = (mailing.follow_up, &mailing.event_id) else { return Ok(None) };
    let answer = invitation_answer::Entity::find()
        .filter(Column::EventId.eq(event))
        .filter(Column::Address.eq(address))
        .one(conn)
        .await?;
    Ok(answer.and_then(|answer| stopped(follow_up, answer.answer)))
}

/// Why a mailing that goes back does not go to who gave this answer.
const fn stopped(follow_up: FollowUp, answer: Answer) -> Option<&'static str> {
    match (follow_up, answer) {
        (FollowUp::Reminder, _) => Some(ANSWERED),
        (FollowUp::Change, Answer::No) => Some(SAID_NO),
        (FollowUp::Change, _) => None,
    }
}

/// Takes who has just answered out of what waits to go back to them.
pub(super) async fn stop(w: &Writer, answer: &Model) -> Result<(), DbErr> {
    for follow_up in [FollowUp::Reminder, FollowUp::Change] {
        let Some(reason) = stopped(follow_up, answer.answer) else { continue };
        let going_back = mailing::Entity::find()
            .select_only()
            .column(mailing::Column::Id)
            .filter(mailing::Column::EventId.eq(&answer.event_id))
            .filter(mailing::Column::FollowUp.eq(follow_up))
            .into_query();
        delivery::Entity::update_many()
            .col_expr(delivery::Column::State, Expr::value(delivery::State::Excluded))
            .col_expr(delivery::Column::Reason, Expr::value(reason))
            .col_expr(delivery::Column::UpdatedAt, Expr::value(w.origin().at))
            .filter(delivery::Column::Address.eq(&answer.address))
            .filter(delivery::Column::State.is_in([delivery::State::Queued, delivery::State::Deferred]))
            .filter(delivery::Column::MailingId.in_subquery(going_back))
            .exec(w.tx())
            .await?;
    }
    Ok(())
}

/// The mailing of an event that goes back like this and is not over.
pub async fn open(
    conn: &impl ConnectionTrait,
    event: &str,
    follow_up: FollowUp,
) -> Result<Option<mailing::Model>, DbErr> {
    mailing::Entity::find()
        .filter(mailing::Column::EventId.eq(event))
        .filter(mailing::Column::FollowUp.eq(follow_up))
        .filter(mailing::Column::State.is_not_in([State::Done, State::Cancelled]))
        .order_by_desc(mailing::Column::Id)
        .one(conn)
        .await
}

/// Begins a mailing that goes back, written by `user`, for a person to complete. Gives the one there is, and false, where
/// one is not over.
pub async fn begin(
    w: &mut Writer,
    stp: &str,
    event: &event::Model,
    follow_up: FollowUp,
    user: &str,
) -> Result<(mailing::Model, bool), DbErr> {
    // Two at once wait for each other here.
    event::Entity::find_by_id(&event.id).lock_exclusive().one(w.tx()).await?;
    if let Some(open) = open(w.tx(), &event.id, follow_up).await? {
        return Ok((open, false));
    }
    let told = Told::of(w.tx(), event).await?;
    let last = last_invitation(w.tx(), &event.id).await?;
    let (topic, sender) = last.map_or((None, None), |last| (last.topic, last.sender));
    let mut draft = mailings::Draft { sender, ..draft(event, &told, follow_up) };
    if draft.letter.purpose == Purpose::Engagement {
        draft.topic = topic;
    }
    let id = w.id();
    Ok((mailings::record::create(w, stp, &id, user, &draft).await?, true))
}

/// The last invitation to an event: people know its sender, and whoever is out of its topic is not reminded either.
async fn last_invitation(conn: &impl ConnectionTrait, event: &str) -> Result<Option<mailing::Model>, DbErr> {
    mailing::Entity::find()
        .filter(mailing::Column::EventId.eq(event))
        .filter(mailing::Column::FollowUp.is_null())
        .filter(mailing::Column::FrozenAt.is_not_null())
        .order_by_desc(mailing::Column::Id)
        .one(conn)
        .await
}

/// What such a mailing says to begin with.
fn draft(event: &event::Model, told: &Told, follow_up: FollowUp) -> mailings::Draft {
    // Braces would be taken for merge fields, and signs in the text for Markdown.
    let plain = told.title.replace(['{', '}'], "");
    let short: String = plain.chars().take(120).collect();
    let title = as_written(&plain);
    let (subject, text, purpose) = match follow_up {
        FollowUp::Reminder => (
            format!("Reminder: {short}"),
            format!(
                "Hello,\n\nWe invited you to “{title}” and have not heard from you yet. Please tell us whether you \
                 will come, and what support you need to take part."
            ),
            Purpose::Engagement,
        ),
        FollowUp::Change if told.cancelled => (
            format!("Cancelled: {short}"),
            format!("Hello,\n\nWe invited you to “{title}”. It does not take place. We are sorry."),
            Purpose::Service,
        ),
        FollowUp::Change => (
            format!("Changed: {short}"),
            format!(
                "Hello,\n\nWe invited you to “{title}”. Something has changed: below is how it is now. Please tell us \
                 whether you will come."
            ),
            Purpose::Service,
        ),
    };
    mailings::Draft {
        letter: Letter { subject, body_text: text, purpose },
        topic: None,
        audience: Query::default(),
        event_id: Some(event.id.clone()),
        follow_up: Some(follow_up),
        sender: None,
    }
}

/// Words as Markdown shows them as they are.
fn as_written(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for c in words.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_words_in_the_text() {
        let source = as_written(r"<b>*Our* [plan](x) & _yours_ #1 \ `x`");
        let read = mailings::markdown::Source::parse(&source).unwrap();
        let text = read.text(&mailings::merge::Values::default()).unwrap();
        assert_eq!(text, r"<b>*Our* [plan](x) & _yours_ #1 \ `x`");
    }

    #[test]
    fn an_answer_stops_a_reminder_and_a_no_stops_all() {
        for answer in Answer::ALL {
            assert_eq!(stopped(FollowUp::Reminder, *answer), Some(ANSWERED));
        }
        assert_eq!(stopped(FollowUp::Change, Answer::No), Some(SAID_NO));
        assert_eq!(stopped(FollowUp::Change, Answer::Support), None);
    }
}
