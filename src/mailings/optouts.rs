//! Addresses that are not to be written to: who opted out, who must not be contacted, what cannot be delivered.
//!
//! Three states, since a mailing's purpose decides which of them stop it: nobody is kept from a statutory notice by
//! having left a newsletter. An opt-out may be from one topic alone: it stops engagement mail about that. Each change is
//! journalled; the address itself is a personal value.
//!
//! ```text
//! link (page, one click), reply ─┐
//! what staff were told ──────────┼─► a state, in force until it is lifted ─┬─► out of what is queued, at once
//! mail servers, complaints ──────┘                                         └─► freeze and last look: why not
//! ```

mod link;

use std::collections::HashMap;

use entity::{
    delivery,
    mailing::{self, Purpose},
    proposal::Theme,
    stakeholder,
    suppression::{self, Column, Model, State},
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    Order, QueryFilter as _, QueryOrder, QuerySelect, QueryTrait as _,
    sea_query::{Expr, Func, NullOrdering},
};
use serde_json::{Value, json};

pub use self::link::{Linked, Way, by_token, linked, opt_in, opt_out, opted_out, topic, was_sent};
use crate::journal::{Entry, Writer};

/// What stops mail to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub state: State,
    /// The one topic that it stops mail about; none for all.
    pub topic: Option<Theme>,
}

impl Stop {
    /// What a row stops.
    pub const fn of(row: &Model) -> Self {
        Self { state: row.state, topic: row.topic }
    }

    /// Why an address is not written to, for a list.
    pub fn reason(self) -> String {
        match self.topic {
            Some(topic) => format!("Opted out of mail about {}", topic.name().to_lowercase()),
            None => reason(self.state).to_owned(),
        }
    }
}

/// The states that stop mail of this purpose.
pub const fn stops(purpose: Purpose) -> &'static [State] {
    match purpose {
        Purpose::Engagement => {
            &[State::OptedOut, State::DoNotContact, State::Undeliverable, State::Complained]
        }
        Purpose::Service => &[State::DoNotContact, State::Undeliverable, State::Complained],
        Purpose::Statutory => &[State::Undeliverable],
    }
}

/// Which rule a mailing of this purpose follows, in a sentence for its page.
pub const fn relies_on(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Engagement => {
            "Not sent to anyone who opted out or is not to be contacted. Each letter carries a link to opt out."
        }
        Purpose::Service => {
            "Sent also to people who opted out of engagement mail, not to those who are not to be contacted."
        }
        Purpose::Statutory => "Sent to everyone whom the law says must be told, whatever they opted out of.",
    }
}

/// Why an address is not written to, for a list.
pub const fn reason(state: State) -> &'static str {
    match state {
        State::OptedOut => "Opted out",
        State::DoNotContact => "Not to be contacted",
        State::Undeliverable => "Undeliverable: letters to this address do not arrive",
        State::Complained => "Complained of a letter to their mail service",
    }
}

fn standing(stp: &str) -> Condition {
    Condition::all()
        .add(Column::LiftedAt.is_null())
        .add(Condition::any().add(Column::StpCode.eq(stp)).add(Column::StpCode.is_null()))
}

/// The rows that stop mail of this purpose about this topic.
fn stopped_by(purpose: Purpose, topic: Option<Theme>) -> Condition {
    let mut about = Condition::any().add(Column::Topic.is_null());
    if let Some(topic) = topic {
        about = about.add(Column::Topic.eq(topic));
    }
    Condition::all().add(Column::State.is_in(stops(purpose).iter().copied())).add(about)
}

/// What stops mail of this purpose about this topic from `stp`, by address; of several what stops most.
pub async fn all(
    conn: &impl ConnectionTrait,
    stp: &str,
    purpose: Purpose,
    topic: Option<Theme>,
) -> Result<HashMap<String, Stop>, DbErr> {
    let rows = suppression::Entity::find()
        .filter(standing(stp))
        .filter(stopped_by(purpose, topic))
        .order_by_with_nulls(Column::Topic, Order::Asc, NullOrdering::Last)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.address.clone(), Stop::of(&row))).collect())
}

/// What stops mail of this purpose about this topic from `stp` to one address, if anything does.
pub async fn stopping(
    conn: &impl ConnectionTrait,
    stp: &str,
    purpose: Purpose,
    topic: Option<Theme>,
    address: &str,
) -> Result<Option<Stop>, DbErr> {
    let row = suppression::Entity::find()
        .filter(standing(stp))
        .filter(Column::Address.eq(address))
        .filter(stopped_by(purpose, topic))
        .order_by_with_nulls(Column::Topic, Order::Asc, NullOrdering::First)
        .order_by_asc(Column::Id)
        .one(conn)
        .await?;
    Ok(row.as_ref().map(Stop::of))
}

/// Every state in force that stops some mail from `stp` to one address, first come first.
pub async fn of_address(conn: &impl ConnectionTrait, stp: &str, address: &str) -> Result<Vec<Model>, DbErr> {
    let rows = suppression::Entity::find().filter(standing(stp)).filter(Column::Address.eq(address));
    rows.order_by_asc(Column::Id).all(conn).await
}

/// Whether mail of this purpose to one address is stopped whoever it comes from.
pub async fn stopped_everywhere(
    conn: &impl ConnectionTrait,
    purpose: Purpose,
    address: &str,
) -> Result<bool, DbErr> {
    let row = suppression::Entity::find()
        .filter(Column::LiftedAt.is_null())
        .filter(Column::StpCode.is_null())
        .filter(Column::Address.eq(address))
        .filter(stopped_by(purpose, None))
        .one(conn)
        .await?;
    Ok(row.is_some())
}

/// Writes down what somebody told the staff of `stp`: its mail to this address stops as the state says, what is queued
/// too. Gives false where that is so already.
pub async fn told(w: &mut Writer, stp: &str, address: &str, what: Stop, reason: &str) -> Result<bool, DbErr> {
    if of_address(w.tx(), stp, address).await?.iter().any(|row| Stop::of(row) == what) {
        return Ok(false);
    }
    add(w, address, Some(stp), what, "staff", reason).await?;
    take_out(w, stp, address, what).await?;
    Ok(true)
}

/// Takes an address out of what an STP has queued and this state stops. What is being sent meets the last look.
async fn take_out(w: &Writer, stp: &str, address: &str, what: Stop) -> Result<(), DbErr> {
    let purposes = Purpose::ALL.iter().copied().filter(|purpose| stops(*purpose).contains(&what.state));
    let mut stopped = mailing::Entity::find()
        .select_only()
        .column(mailing::Column::Id)
        .filter(mailing::Column::StpCode.eq(stp))
        .filter(mailing::Column::Purpose.is_in(purposes));
    if let Some(topic) = what.topic {
        stopped = stopped.filter(mailing::Column::Topic.eq(topic));
    }
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(delivery::State::Excluded))
        .col_expr(delivery::Column::Reason, Expr::value(what.reason()))
        .col_expr(delivery::Column::UpdatedAt, Expr::value(w.origin().at))
        .filter(delivery::Column::StpCode.eq(stp))
        .filter(delivery::Column::Address.eq(address))
        .filter(delivery::Column::State.is_in([delivery::State::Queued, delivery::State::Deferred]))
        .filter(delivery::Column::MailingId.in_subquery(stopped.into_query()))
        .exec(w.tx())
        .await?;
    Ok(())
}

/// Writes down that the mail server knows no such address: nobody's mail goes there any more.
pub async fn undeliverable(w: &mut Writer, delivery: &delivery::Model, answer: &str) -> Result<bool, DbErr> {
    // The answer may name the address, and the reason is no personal value: the ledger keeps the words.
    let code: String = answer.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let reason = format!("The mail server answered {code} to mailing {}", delivery.mailing_id);
    stop(w, &delivery.address, State::Undeliverable, "mail server", &reason).await
}

/// Puts an address into a state that holds for every area. Gives false where it is in it already.
pub async fn stop(
    w: &mut Writer,
    address: &str,
    state: State,
    source: &str,
    reason: &str,
) -> Result<bool, DbErr> {
    let known = suppression::Entity::find()
        .filter(Column::Address.eq(address))
        .filter(Column::State.eq(state))
        .filter(Column::StpCode.is_null())
        .filter(Column::LiftedAt.is_null())
        .one(w.tx())
        .await?;
    if known.is_some() {
        return Ok(false);
    }
    add(w, address, None, Stop { state, topic: None }, source, reason).await?;
    Ok(true)
}

/// Every state in force that stops mail from `stp` to some address, last first: at most `most`, after the one with
/// identity `after`. Those that hold for every area are told of addresses that `stp` wrote to or keeps alone.
pub async fn of_area(
    conn: &impl ConnectionTrait,
    stp: &str,
    after: Option<&str>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let written = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Address)
        .filter(delivery::Column::StpCode.eq(stp))
        .into_query();
    let kept = stakeholder::Entity::find()
        .select_only()
        .expr(Func::lower(Expr::col(stakeholder::Column::Email)))
        .filter(stakeholder::Column::StpCode.eq(stp))
        .filter(stakeholder::Column::Email.is_not_null())
        .into_query();
    let own = Condition::any()
        .add(Column::StpCode.eq(stp))
        .add(Column::Address.in_subquery(written))
        .add(Column::Address.in_subquery(kept));
    let mut rows = suppression::Entity::find().filter(standing(stp)).filter(own);
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.order_by_desc(Column::Id).limit(most).all(conn).await
}

/// Lifts a state, for a reason. Gives false where it is lifted already.
pub async fn lift(w: &mut Writer, before: &Model, reason: &str) -> Result<bool, DbErr> {
    if before.lifted_at.is_some() {
        return Ok(false);
    }
    let after =
        Model { lifted_at: Some(w.origin().at), lifted_reason: Some(reason.to_owned()), ..before.clone() };
    let lifted = suppression::Entity::update_many()
        .set(after.clone().into_active_model().reset_all())
        .filter(Column::Id.eq(&before.id))
        .filter(Column::LiftedAt.is_null())
        .exec(w.tx())
        .await?;
    if lifted.rows_affected == 1 {
        note(w, "lift", Some(before), &after);
    }
    Ok(lifted.rows_affected == 1)
}

async fn add(
    w: &mut Writer,
    address: &str,
    stp: Option<&str>,
    what: Stop,
    source: &str,
    reason: &str,
) -> Result<(), DbErr> {
    let row = Model {
        id: w.id(),
        address: address.to_owned(),
        stp_code: stp.map(str::to_owned),
        state: what.state,
        topic: what.topic,
        source: source.to_owned(),
        reason: reason.to_owned(),
        created_at: w.origin().at,
        lifted_at: None,
        lifted_reason: None,
    };
    suppression::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    note(w, "create", None, &row);
    Ok(())
}

fn note(w: &mut Writer, action: &str, before: Option<&Model>, after: &Model) {
    let whole = |row: &Model| -> Value {
        json!({
            "address": row.address,
            "state": row.state.code(),
            "topic": row.topic.map(Theme::code),
            "source": row.source,
            "reason": row.reason,
            "lifted_at": row.lifted_at,
            "lifted_reason": row.lifted_reason,
        })
    };
    w.record(Entry {
        action,
        table: "suppressions",
        id: &after.id,
        stp: after.stp_code.as_deref(),
        before: before.map(whole),
        after: Some(whole(after)),
    });
}
