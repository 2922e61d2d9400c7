//! Reads the mail that came back.

use entity::{
    delivery,
    incoming_mail::{self, Column, Kind, Model},
    mailing,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{ExprTrait as _, SimpleExpr},
};

/// How many a page shows.
pub const PAGE: u64 = 50;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// Those that wait for somebody, the most urgent first.
    Waiting,
    /// Those that wait for this user.
    Own(&'a str),
    /// Those of a kind, or all, last first.
    All(Option<Kind>),
}

/// What mail is about, where it is asked for by that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Mailing(String),
    /// Any invitation to it.
    Event(String),
}

impl About {
    fn condition(&self) -> SimpleExpr {
        match self {
            Self::Mailing(id) => Column::MailingId.eq(id),
            Self::Event(id) => Column::MailingId.in_subquery(
                mailing::Entity::find()
                    .select_only()
                    .column(mailing::Column::Id)
                    .filter(mailing::Column::EventId.eq(id))
                    .into_query(),
            ),
        }
    }
}

/// A page of an STP's mail after the one with identity `after`, and whether there is more.
pub async fn page(
    conn: &impl ConnectionTrait,
    stp: &str,
    shown: Shown<'_>,
    about: Option<&About>,
    after: Option<&str>,
) -> Result<(Vec<Model>, bool), DbErr> {
    let last = match after {
        Some(id) => one(conn, Some(stp), id).await?,
        None => None,
    };
    let mut rows = incoming_mail::Entity::find().filter(Column::StpCode.eq(stp));
    if let Some(about) = about {
        rows = rows.filter(about.condition());
    }
    cut(conn, chosen(rows, shown, last)).await
}

/// How many of an STP's are about a mailing or an event.
pub async fn about(conn: &impl ConnectionTrait, stp: &str, about: &About) -> Result<u64, DbErr> {
    let rows = incoming_mail::Entity::find().filter(Column::StpCode.eq(stp));
    rows.filter(about.condition()).count(conn).await
}

/// A page of the mail of which nobody knows whose letter it is about, first come first.
pub async fn held(conn: &impl ConnectionTrait, after: Option<&str>) -> Result<(Vec<Model>, bool), DbErr> {
    let last = match after {
        Some(id) => one(conn, None, id).await?,
        None => None,
    };
    let rows = incoming_mail::Entity::find().filter(Column::StpCode.is_null());
    cut(conn, chosen(rows, Shown::Waiting, last)).await
}

/// How many of an STP's wait for somebody.
pub async fn waiting(conn: &impl ConnectionTrait, stp: &str) -> Result<u64, DbErr> {
    let rows = incoming_mail::Entity::find().filter(Column::StpCode.eq(stp)).filter(Column::DoneAt.is_null());
    rows.count(conn).await
}

/// One of an STP's; without an STP, one that is nobody's yet.
pub async fn one(conn: &impl ConnectionTrait, stp: Option<&str>, id: &str) -> Result<Option<Model>, DbErr> {
    let of = match stp {
        Some(stp) => Column::StpCode.eq(stp),
        None => Column::StpCode.is_null(),
    };
    incoming_mail::Entity::find_by_id(id).filter(of).one(conn).await
}

/// What came back from a stakeholder, last first: at most a page.
pub async fn of_stakeholder(
    conn: &impl ConnectionTrait,
    stp: &str,
    stakeholder: &str,
) -> Result<Vec<Model>, DbErr> {
    let letters = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Id)
        .filter(delivery::Column::StakeholderId.eq(stakeholder))
        .into_query();
    incoming_mail::Entity::find()
        .filter(Column::StpCode.eq(stp))
        .filter(Column::DeliveryId.in_subquery(letters))
        .order_by_desc(Column::ReceivedAt)
        .order_by_desc(Column::Id)
        .limit(PAGE)
        .all(conn)
        .await
}

fn chosen(
    rows: Select<incoming_mail::Entity>,
    shown: Shown<'_>,
    last: Option<Model>,
) -> Select<incoming_mail::Entity> {
    match shown {
        // Who wrote first has waited longest, and all have the same time.
        Shown::Waiting | Shown::Own(_) => {
            let mut rows = rows.filter(Column::DoneAt.is_null());
            if let Shown::Own(user) = shown {
                rows = rows.filter(Column::Owner.eq(user));
            }
            let rows = match last {
                Some(last) => rows.filter(
                    Condition::any()
                        .add(Column::ReceivedAt.gt(last.received_at))
                        .add(Column::ReceivedAt.eq(last.received_at).and(Column::Id.gt(last.id))),
                ),
                None => rows,
            };
            rows.order_by_asc(Column::ReceivedAt).order_by_asc(Column::Id)
        }
        Shown::All(kind) => {
            let rows = match kind {
                Some(kind) => rows.filter(Column::Kind.eq(kind)),
                None => rows,
            };
            let rows = match last {
                Some(last) => rows.filter(
                    Condition::any()
                        .add(Column::ReceivedAt.lt(last.received_at))
                        .add(Column::ReceivedAt.eq(last.received_at).and(Column::Id.lt(last.id))),
                ),
                None => rows,
            };
            rows.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id)
        }
    }
}

async fn cut(
    conn: &impl ConnectionTrait,
    rows: Select<incoming_mail::Entity>,
) -> Result<(Vec<Model>, bool), DbErr> {
    let mut rows = rows.limit(PAGE + 1).all(conn).await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    Ok((rows, more))
}
