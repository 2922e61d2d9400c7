//! What the link of a letter does: it opts its address out of the engagement mail of the letter's area, or of what the
//! letter is about, and back in.

use entity::{
    delivery, mailing,
    proposal::Theme,
    stp,
    suppression::{self, Column, Model, State},
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, FromQueryResult,
    JoinType, QueryFilter as _, QuerySelect, QueryTrait as _, RelationDef,
    sea_query::{Expr, SelectStatement},
};

use super::{Stop, add, lift, take_out};
use crate::{db::only, journal::Writer, mailings::token};

/// The opt-out of an address from this STP's engagement mail, or from what of it is about `topic`.
pub async fn opted_out(
    conn: &impl ConnectionTrait,
    stp: &str,
    address: &str,
    topic: Option<Theme>,
) -> Result<Option<Model>, DbErr> {
    let of = match topic {
        Some(topic) => Column::Topic.eq(topic),
        None => Column::Topic.is_null(),
    };
    suppression::Entity::find()
        .filter(Column::Address.eq(address))
        .filter(Column::StpCode.eq(stp))
        .filter(Column::State.eq(State::OptedOut))
        .filter(Column::LiftedAt.is_null())
        .filter(of)
        .one(conn)
        .await
}

/// The delivery behind an unsubscribe token, if there is one.
pub async fn by_token(conn: &impl ConnectionTrait, token: &str) -> Result<Option<delivery::Model>, DbErr> {
    let Some(id) = token::delivery(token) else { return Ok(None) };
    delivery::Entity::find_by_id(id)
        .filter(delivery::Column::TokenDigest.eq(token::digest(token)))
        .filter(was_sent())
        .one(conn)
        .await
}

/// What a delivery's letter is about.
pub async fn topic(conn: &impl ConnectionTrait, delivery: &delivery::Model) -> Result<Option<Theme>, DbErr> {
    let mailing = mailing::Entity::find_by_id(&delivery.mailing_id).one(conn).await?;
    Ok(mailing.and_then(|mailing| mailing.topic))
}

/// What the page of a letter's link says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, FromQueryResult)]
pub struct Linked {
    /// The name of the STP whose letter it was in.
    pub stp_name: String,
    /// What the letter is about.
    pub topic: Option<Theme>,
    /// Whether its address is out of that STP's engagement mail.
    pub out: bool,
    /// Whether it is out of what is about that topic.
    pub out_of_topic: bool,
}

/// The same in one reading, since mail scanners open every link of a mailing while it is sent.
pub async fn linked(conn: &impl ConnectionTrait, token: &str) -> Result<Option<Linked>, DbErr> {
    let Some(id) = token::delivery(token) else { return Ok(None) };
    let whole = out().and_where(Column::Topic.is_null()).to_owned();
    let about =
        Expr::col((suppression::Entity, Column::Topic)).equals((mailing::Entity, mailing::Column::Topic));
    let of_topic = out().and_where(about).to_owned();
    let stp = delivery::Entity::belongs_to(stp::Entity).from(delivery::Column::StpCode).to(stp::Column::Code);
    let mailing = delivery::Entity::belongs_to(mailing::Entity)
        .from(delivery::Column::MailingId)
        .to(mailing::Column::Id);
    let rows = delivery::Entity::find_by_id(id)
        .join(JoinType::InnerJoin, RelationDef::from(stp))
        .join(JoinType::InnerJoin, RelationDef::from(mailing))
        .select_only()
        .column_as(stp::Column::DisplayName, "stp_name")
        .column_as(mailing::Column::Topic, "topic")
        .expr_as(Expr::exists(whole), "out")
        .expr_as(Expr::exists(of_topic), "out_of_topic")
        .filter(delivery::Column::TokenDigest.eq(token::digest(token)))
        .filter(was_sent())
        .into_model::<Linked>()
        .all(conn)
        .await?;
    Ok(only(rows))
}

/// The opt-outs in force of a delivery's address from its STP's mail.
fn out() -> SelectStatement {
    suppression::Entity::find()
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
        .into_query()
}

/// An excluded delivery was never sent, so its link is nobody's.
pub fn was_sent() -> Condition {
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
    /// The page of what is held about them.
    Page,
}

/// Opts the delivery's address out of its STP's engagement mail, or of what of it is about `topic`, and takes it out of
/// what is queued. Gives false where it had opted out already.
pub async fn opt_out(
    w: &mut Writer,
    delivery: &delivery::Model,
    way: Way,
    topic: Option<Theme>,
) -> Result<bool, DbErr> {
    // Two posts at once wait for each other here.
    delivery::Entity::find_by_id(&delivery.id).lock_exclusive().one(w.tx()).await?;
    if opted_out(w.tx(), &delivery.stp_code, &delivery.address, topic).await?.is_some() {
        return Ok(false);
    }
    let stp = delivery.stp_code.as_str();
    let (source, reason) = match way {
        Way::Link => ("unsubscribe link", "Opted out through the link in mailing"),
        Way::Reply => ("reply", "Asked to be left out in answer to mailing"),
        Way::Page => ("own page", "Opted out on the page behind the link in mailing"),
    };
    let reason = format!("{reason} {}", delivery.mailing_id);
    let what = Stop { state: State::OptedOut, topic };
    add(w, &delivery.address, Some(stp), what, source, &reason).await?;
    take_out(w, stp, &delivery.address, what).await?;
    Ok(true)
}

/// Takes an opt-out back. Gives false where there is none. What was taken out of a queue stays out.
pub async fn opt_in(w: &mut Writer, delivery: &delivery::Model, topic: Option<Theme>) -> Result<bool, DbErr> {
    let Some(before) = opted_out(w.tx(), &delivery.stp_code, &delivery.address, topic).await? else {
        return Ok(false);
    };
    lift(w, &before, "Taken back through the same link").await
}
