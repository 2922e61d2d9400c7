//! Reads mailings and their ledgers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    delivery::{self, State},
    mailing::{self, Model},
    mailing_wait,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func},
};

use super::audience;
use crate::stakeholders;

/// How many a page shows.
pub const PAGE: u64 = 50;
/// How many lines of a ledger are read at once.
const LINES: u64 = 500;

/// One mailing of `stp`.
pub async fn one(conn: &impl ConnectionTrait, stp: &str, id: &str) -> Result<Option<Model>, DbErr> {
    mailing::Entity::find_by_id(id).filter(mailing::Column::StpCode.eq(stp)).one(conn).await
}

/// A page of the mailings of `stp`, last first, after the one with identity `after`; and whether there are more.
pub async fn page(
    conn: &impl ConnectionTrait,
    stp: &str,
    after: Option<&str>,
) -> Result<(Vec<Model>, bool), DbErr> {
    let mut query = mailing::Entity::find().filter(mailing::Column::StpCode.eq(stp));
    let last = match after {
        Some(id) => one(conn, stp, id).await?,
        None => None,
    };
    if let Some(last) = last {
        let same = mailing::Column::CreatedAt.eq(last.created_at);
        query = query.filter(
            Condition::any()
                .add(mailing::Column::CreatedAt.lt(last.created_at))
                .add(Condition::all().add(same).add(mailing::Column::Id.lt(last.id))),
        );
    }
    let query = query.order_by_desc(mailing::Column::CreatedAt).order_by_desc(mailing::Column::Id);
    Ok(cut(query.limit(PAGE + 1).all(conn).await?))
}

/// How many deliveries of a mailing stand where.
pub async fn counts(
    conn: &impl ConnectionTrait,
    mailing: &str,
) -> Result<BTreeMap<&'static str, i64>, DbErr> {
    let rows: Vec<(State, i64)> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::State)
        .column_as(delivery::Column::Id.count(), "number")
        .filter(delivery::Column::MailingId.eq(mailing))
        .group_by(delivery::Column::State)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(state, number)| (state.code(), number)).collect())
}

/// How many of a mailing are left out for each reason.
pub async fn exclusions(conn: &impl ConnectionTrait, mailing: &str) -> Result<BTreeMap<String, i64>, DbErr> {
    let rows: Vec<(Option<String>, i64)> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Reason)
        .column_as(delivery::Column::Id.count(), "number")
        .filter(delivery::Column::MailingId.eq(mailing))
        .filter(delivery::Column::State.eq(State::Excluded))
        .group_by(delivery::Column::Reason)
        .into_tuple()
        .all(conn)
        .await?;
    let mut reasons = BTreeMap::new();
    for (reason, number) in rows {
        *reasons.entry(audience::kind(reason.as_deref().unwrap_or_default()).to_owned()).or_default() +=
            number;
    }
    Ok(reasons)
}

/// Which deliveries of a mailing are asked for.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Those in this state; without one, in any.
    pub state: Option<State>,
    /// Words that must all be found in the name, the organisation or the address.
    pub words: String,
}

impl Which {
    pub fn in_state(state: State) -> Self {
        Self { state: Some(state), ..Self::default() }
    }
}

/// A page of a mailing's ledger, after the delivery with identity `after`.
pub async fn ledger(
    conn: &impl ConnectionTrait,
    mailing: &str,
    which: &Which,
    after: Option<&str>,
) -> Result<(Vec<delivery::Model>, bool), DbErr> {
    let mut query = delivery::Entity::find().filter(delivery::Column::MailingId.eq(mailing));
    if let Some(state) = which.state {
        query = query.filter(delivery::Column::State.eq(state));
    }
    for word in which.words.to_lowercase().split_whitespace().take(10) {
        let holds = |column: delivery::Column| {
            Expr::expr(Func::lower(Expr::col(column))).like(stakeholders::find::containing(word))
        };
        query = query.filter(
            Condition::any()
                .add(holds(delivery::Column::DisplayName))
                .add(holds(delivery::Column::Address))
                // Organisations stand among the values of the merge fields.
                .add(holds(delivery::Column::Merge)),
        );
    }
    if let Some(after) = after {
        query = query.filter(delivery::Column::Id.gt(after));
    }
    Ok(cut(query.order_by_asc(delivery::Column::Id).limit(PAGE + 1).all(conn).await?))
}

/// The next lines of a mailing's ledger, after the delivery with identity `after`: whoever reads all of it reads so.
pub async fn next(
    conn: &impl ConnectionTrait,
    mailing: &str,
    after: Option<&str>,
) -> Result<Vec<delivery::Model>, DbErr> {
    let mut query = delivery::Entity::find().filter(delivery::Column::MailingId.eq(mailing));
    if let Some(after) = after {
        query = query.filter(delivery::Column::Id.gt(after));
    }
    query.order_by_asc(delivery::Column::Id).limit(LINES).all(conn).await
}

/// One delivery of a mailing.
pub async fn delivery(
    conn: &impl ConnectionTrait,
    mailing: &str,
    id: &str,
) -> Result<Option<delivery::Model>, DbErr> {
    delivery::Entity::find_by_id(id).filter(delivery::Column::MailingId.eq(mailing)).one(conn).await
}

/// What a stakeholder was written, last first, with the subject of each mailing: at most a page.
pub async fn to_stakeholder(
    conn: &impl ConnectionTrait,
    stp: &str,
    stakeholder: &str,
) -> Result<Vec<(delivery::Model, Model)>, DbErr> {
    let deliveries = delivery::Entity::find()
        .filter(delivery::Column::StakeholderId.eq(stakeholder))
        .filter(delivery::Column::StpCode.eq(stp))
        .order_by_desc(delivery::Column::Id)
        .limit(PAGE)
        .all(conn)
        .await?;
    with_mailings(conn, deliveries).await
}

/// What was written to an address by `stp`, last first, with each mailing: at most a page. What only waits to be sent
/// is not told.
pub async fn to_address(
    conn: &impl ConnectionTrait,
    stp: &str,
    address: &str,
) -> Result<Vec<(delivery::Model, Model)>, DbErr> {
    let deliveries = delivery::Entity::find()
        .filter(delivery::Column::Address.eq(address))
        .filter(delivery::Column::StpCode.eq(stp))
        .filter(delivery::Column::Attempts.gt(0))
        .order_by_desc(delivery::Column::Id)
        .limit(PAGE)
        .all(conn)
        .await?;
    with_mailings(conn, deliveries).await
}

async fn with_mailings(
    conn: &impl ConnectionTrait,
    deliveries: Vec<delivery::Model>,
) -> Result<Vec<(delivery::Model, Model)>, DbErr> {
    let ids: Vec<&str> = deliveries.iter().map(|delivery| delivery.mailing_id.as_str()).collect();
    let mailings = mailing::Entity::find().filter(mailing::Column::Id.is_in(ids)).all(conn).await?;
    let of = |delivery: &delivery::Model| mailings.iter().find(|m| m.id == delivery.mailing_id).cloned();
    Ok(deliveries
        .into_iter()
        .filter_map(|delivery| of(&delivery).map(|mailing| (delivery, mailing)))
        .collect())
}

/// How many addresses of a mailing wait to be written to.
pub async fn queued(conn: &impl ConnectionTrait, mailing: &str) -> Result<u64, DbErr> {
    let rows = delivery::Entity::find().filter(delivery::Column::MailingId.eq(mailing));
    rows.filter(delivery::Column::State.eq(State::Queued)).count(conn).await
}

/// How many deliveries of a mailing are not over.
pub async fn open(conn: &impl ConnectionTrait, mailing: &str) -> Result<u64, DbErr> {
    unfinished(mailing).count(conn).await
}

fn unfinished(mailing: &str) -> Select<delivery::Entity> {
    delivery::Entity::find()
        .filter(delivery::Column::MailingId.eq(mailing))
        .filter(delivery::Column::State.is_in([State::Queued, State::Sending, State::Deferred]))
}

/// Whether a delivery of a mailing is not over: told sooner than how many.
pub async fn is_open(conn: &impl ConnectionTrait, mailing: &str) -> Result<bool, DbErr> {
    Ok(unfinished(mailing).one(conn).await?.is_some())
}

/// Why a mailing waits, and until when, where it still does.
pub async fn wait(
    conn: &impl ConnectionTrait,
    mailing: &str,
    now: DateTime<Utc>,
) -> Result<Option<mailing_wait::Model>, DbErr> {
    mailing_wait::Entity::find_by_id(mailing).filter(mailing_wait::Column::Until.gt(now)).one(conn).await
}

fn cut<T>(mut rows: Vec<T>) -> (Vec<T>, bool) {
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    (rows, more)
}
