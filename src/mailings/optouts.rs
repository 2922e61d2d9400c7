//! Addresses that are not to be written to: who opted out, who must not be contacted, what cannot be delivered.
//!
//! Three states, since a mailing's purpose decides which of them stop it: nobody is kept from a statutory notice by
//! having left a newsletter. Each change is journalled; the address itself is a personal value.

use std::collections::HashMap;

use entity::{
    delivery,
    mailing::{self, Purpose},
    stakeholder, stp,
    suppression::{self, Column, Model, State},
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _,
    FromQueryResult, IntoActiveModel, JoinType, QueryFilter as _, QueryOrder, QuerySelect, QueryTrait as _,
    sea_query::{Expr, Func},
};
use serde_json::{Value, json};

use crate::journal::{Entry, Writer};

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

/// What stops mail of this purpose from `stp`, by address.
pub async fn all(
    conn: &impl ConnectionTrait,
    stp: &str,
    purpose: Purpose,
) -> Result<HashMap<String, State>, DbErr> {
    let rows = suppression::Entity::find()
        .filter(standing(stp))
        .filter(Column::State.is_in(stops(purpose).iter().copied()))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.address, row.state)).collect())
}

/// What stops mail of this purpose from `stp` to one address, if anything does.
pub async fn stopping(
    conn: &impl ConnectionTrait,
    stp: &str,
    purpose: Purpose,
    address: &str,
) -> Result<Option<State>, DbErr> {
    let row = suppression::Entity::find()
        .filter(standing(stp))
        .filter(Column::Address.eq(address))
        .filter(Column::State.is_in(stops(purpose).iter().copied()))
        .order_by_asc(Column::Id)
        .one(conn)
        .await?;
    Ok(row.map(|row| row.state))
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
        .filter(Column::State.is_in(stops(purpose).iter().copied()))
        .one(conn)
        .await?;
    Ok(row.is_some())
}

/// Whether this address opted out of this STP's engagement mail.
pub async fn opted_out(
    conn: &impl ConnectionTrait,
    stp: &str,
    address: &str,
) -> Result<Option<Model>, DbErr> {
    suppression::Entity::find()
        .filter(Column::Address.eq(address))
        .filter(Column::StpCode.eq(stp))
        .filter(Column::State.eq(State::OptedOut))
        .filter(Column::LiftedAt.is_null())
        .one(conn)
        .await
}

/// The delivery behind an unsubscribe token, if there is one.
pub async fn by_token(conn: &impl ConnectionTrait, token: &str) -> Result<Option<delivery::Model>, DbErr> {
    delivery::Entity::find()
        .filter(delivery::Column::TokenDigest.eq(super::token::digest(token)))
        .filter(was_sent())
        .one(conn)
        .await
}

/// What the page of a letter's link says.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Linked {
    /// The name of the STP whose letter it was in.
    pub stp_name: String,
    /// Whether its address is out of that STP's engagement mail.
    pub out: bool,
}

/// The same in one reading, since mail scanners open every link of a mailing while it is sent.
pub async fn linked(conn: &impl ConnectionTrait, token: &str) -> Result<Option<Linked>, DbErr> {
    let out = suppression::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(
            Expr::col((suppression::Entity, Column::Address))
                .equals((delivery::Entity, delivery::Column::Address)),
        )
        .filter(
            Expr::col((suppression::Entity, Column::StpCode))
                .equals((delivery::Entity, delivery::Column::StpCode)),
        )
        .filter(Column::State.eq(State::OptedOut))
        .filter(Column::LiftedAt.is_null())
        .into_query();
    delivery::Entity::find()
        .join(
            JoinType::InnerJoin,
            delivery::Entity::belongs_to(stp::Entity)
                .from(delivery::Column::StpCode)
                .to(stp::Column::Code)
                .into(),
        )
        .select_only()
        .column_as(stp::Column::DisplayName, "stp_name")
        .expr_as(Expr::exists(out), "out")
        .filter(delivery::Column::TokenDigest.eq(super::token::digest(token)))
        .filter(was_sent())
        .into_model::<Linked>()
        .one(conn)
        .await
}

/// An excluded delivery was never sent, so its link is nobody's.
fn was_sent() -> Condition {
    Condition::any()
        .add(delivery::Column::State.ne(delivery::State::Excluded))
        .add(delivery::Column::Attempts.gt(0))
}

/// How somebody opts out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The link in a letter, on its page or by one click.
    Link,
    /// An answer that says so.
    Reply,
}

/// Opts the delivery's address out of its STP's engagement mail, and takes it out of what is queued. Gives false
/// where it had opted out already.
pub async fn opt_out(w: &mut Writer, delivery: &delivery::Model, way: Way) -> Result<bool, DbErr> {
    // Two posts at once wait for each other here.
    delivery::Entity::find_by_id(&delivery.id).lock_exclusive().one(w.tx()).await?;
    if opted_out(w.tx(), &delivery.stp_code, &delivery.address).await?.is_some() {
        return Ok(false);
    }
    let stp = delivery.stp_code.as_str();
    let (source, reason) = match way {
        Way::Link => ("unsubscribe link", "Opted out through the link in mailing"),
        Way::Reply => ("reply", "Asked to be left out in answer to mailing"),
    };
    let reason = format!("{reason} {}", delivery.mailing_id);
    add(w, &delivery.address, Some(stp), State::OptedOut, source, &reason).await?;
    take_out(w, stp, &delivery.address, State::OptedOut).await?;
    Ok(true)
}

/// Writes down what somebody told the staff of `stp`: its mail to this address stops as the state says, what is queued
/// too. Gives false where that is so already.
pub async fn told(
    w: &mut Writer,
    stp: &str,
    address: &str,
    state: State,
    reason: &str,
) -> Result<bool, DbErr> {
    let known = suppression::Entity::find()
        .filter(standing(stp))
        .filter(Column::Address.eq(address))
        .filter(Column::State.eq(state))
        .one(w.tx())
        .await?;
    if known.is_some() {
        return Ok(false);
    }
    add(w, address, Some(stp), state, "staff", reason).await?;
    take_out(w, stp, address, state).await?;
    Ok(true)
}

/// Takes an address out of what an STP has queued and this state stops. What is being sent meets the last look.
async fn take_out(w: &Writer, stp: &str, address: &str, state: State) -> Result<(), DbErr> {
    let purposes = Purpose::ALL.iter().copied().filter(|purpose| stops(*purpose).contains(&state));
    let stopped = mailing::Entity::find()
        .select_only()
        .column(mailing::Column::Id)
        .filter(mailing::Column::StpCode.eq(stp))
        .filter(mailing::Column::Purpose.is_in(purposes))
        .into_query();
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(delivery::State::Excluded))
        .col_expr(delivery::Column::Reason, Expr::value(reason(state)))
        .col_expr(delivery::Column::UpdatedAt, Expr::value(w.origin().at))
        .filter(delivery::Column::StpCode.eq(stp))
        .filter(delivery::Column::Address.eq(address))
        .filter(delivery::Column::State.is_in([delivery::State::Queued, delivery::State::Deferred]))
        .filter(delivery::Column::MailingId.in_subquery(stopped))
        .exec(w.tx())
        .await?;
    Ok(())
}

/// Takes an opt-out back. Gives false where there is none. What was taken out of a queue stays out.
pub async fn opt_in(w: &mut Writer, delivery: &delivery::Model) -> Result<bool, DbErr> {
    let Some(before) = opted_out(w.tx(), &delivery.stp_code, &delivery.address).await? else {
        return Ok(false);
    };
    let after = Model {
        lifted_at: Some(w.origin().at),
        lifted_reason: Some("Taken back through the same link".into()),
        ..before.clone()
    };
    suppression::Entity::update(after.clone().into_active_model().reset_all()).exec(w.tx()).await?;
    note(w, "lift", Some(&before), &after);
    Ok(true)
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
    add(w, address, None, state, source, reason).await?;
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
    state: State,
    source: &str,
    reason: &str,
) -> Result<(), DbErr> {
    let row = Model {
        id: w.id(),
        address: address.to_owned(),
        stp_code: stp.map(str::to_owned),
        state,
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
