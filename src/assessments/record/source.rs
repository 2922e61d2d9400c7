//! Where the rows of a record come from: the tables as they stand, or the journal as it stood.
//!
//! ```text
//! tables ──► Now  ─┐
//!                  ├─► rows of a table, of these STPs ─► one assembly ─► method::Record
//! journal ─► Then ─┘
//! ```

use chrono::NaiveDate;
use entity::{event, event_body, event_place, evidence, participation, stakeholder, suppression};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, Func, Query},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Scope,
    packed::{self, flag},
    past::Past,
};

/// Where rows come from.
pub(super) enum Source<'a, C> {
    /// The tables as they stand.
    Now { db: &'a C, scope: Scope<'a> },
    /// The journal as it stood.
    Then(&'a Past),
}

/// What a record takes of an event's row: not the long texts.
#[derive(Deserialize)]
#[allow(clippy::struct_excessive_bools)] // each is a column of its own
pub(super) struct EventRow {
    pub id: String,
    pub stp_code: String,
    pub title: String,
    pub kind: event::Kind,
    pub status: event::Status,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub created_on: Option<NaiveDate>,
    pub venue: Option<String>,
    pub venue_capacity: Option<i32>,
    #[serde(deserialize_with = "flag")]
    pub online: bool,
    #[serde(deserialize_with = "flag")]
    pub stp_discussed: bool,
    pub level: Option<i32>,
    #[serde(deserialize_with = "flag")]
    pub held_in_public: bool,
    pub minutes_published_on: Option<NaiveDate>,
    pub publication: event::Publication,
    pub withheld_reason: Option<String>,
    pub review_on: Option<NaiveDate>,
    pub feedback_on: Option<NaiveDate>,
    #[serde(deserialize_with = "flag")]
    pub confirmed: bool,
}

/// What a record takes of a group's part in an event: the numbers, without the words that they were said in.
#[derive(Deserialize)]
pub(super) struct PartRow {
    pub event_id: String,
    pub group_code: String,
    #[serde(deserialize_with = "flag")]
    pub took_part: bool,
    pub invited_low: Option<i32>,
    pub invited_high: Option<i32>,
    pub attended_low: Option<i32>,
    pub attended_high: Option<i32>,
}

/// What a record takes of a place of an event: the numbers, without the words that they were said in.
#[derive(Deserialize)]
pub(super) struct PlacedRow {
    pub event_id: String,
    pub place_code: String,
    #[serde(deserialize_with = "flag")]
    pub listed: bool,
    pub count_low: Option<i32>,
    pub count_high: Option<i32>,
}

/// A body that took part in an event.
#[derive(Deserialize)]
pub(super) struct BodyRow {
    pub event_id: String,
    pub body_code: String,
}

/// How many contacts of a group can be written to.
#[derive(FromQueryResult)]
pub(super) struct Reachable {
    pub stp_code: String,
    pub group_code: String,
    pub contacts: i64,
}

impl<C: ConnectionTrait> Source<'_, C> {
    /// The rows of a table that these STPs have; the column names the STP.
    pub async fn all<E>(&self, stp_code: E::Column) -> anyhow::Result<Vec<E::Model>>
    where
        E: EntityTrait,
        E::Model: DeserializeOwned,
    {
        match self {
            Self::Now { db, scope } => Ok(scope.of(E::find(), stp_code).all(*db).await?),
            Self::Then(past) => past.rows(E::default().table_name()),
        }
    }

    /// All rows of a table that is not any STP's.
    pub async fn every<E>(&self) -> anyhow::Result<Vec<E::Model>>
    where
        E: EntityTrait,
        E::Model: DeserializeOwned,
    {
        match self {
            Self::Now { db, .. } => Ok(E::find().all(*db).await?),
            Self::Then(past) => past.rows(E::default().table_name()),
        }
    }

    /// Events that were not withdrawn and have a day.
    pub async fn events(&self) -> anyhow::Result<Vec<EventRow>> {
        use event::Column as C;
        match self {
            Self::Now { db, scope } => {
                let rows = scope
                    .of(event::Entity::find(), C::StpCode)
                    .filter(C::WithdrawnAt.is_null())
                    .filter(C::StartsOn.is_not_null());
                #[rustfmt::skip] // as the fields of the row
                let columns = [
                    C::Id, C::StpCode, C::Title, C::Kind, C::Status, C::StartsOn, C::EndsOn, C::CreatedOn, C::Venue,
                    C::VenueCapacity, C::Online, C::StpDiscussed, C::Level, C::HeldInPublic, C::MinutesPublishedOn,
                    C::Publication, C::WithheldReason, C::ReviewOn, C::FeedbackOn, C::Confirmed,
                ];
                packed::all(*db, rows, columns).await
            }
            Self::Then(past) => past.events(),
        }
    }

    /// The parts of groups in events.
    pub async fn parts(&self) -> anyhow::Result<Vec<PartRow>> {
        use participation::Column as C;
        match self {
            Self::Now { db, scope } => {
                let columns = [C::EventId, C::GroupCode, C::TookPart, C::InvitedLow, C::InvitedHigh];
                let columns = columns.into_iter().chain([C::AttendedLow, C::AttendedHigh]);
                packed::all(*db, scope.of(participation::Entity::find(), C::StpCode), columns).await
            }
            Self::Then(past) => past.rows("participations"),
        }
    }

    /// The places of events.
    pub async fn placed(&self) -> anyhow::Result<Vec<PlacedRow>> {
        use event_place::Column as C;
        match self {
            Self::Now { db, scope } => {
                let columns = [C::EventId, C::PlaceCode, C::Listed, C::CountLow, C::CountHigh];
                packed::all(*db, scope.of(event_place::Entity::find(), C::StpCode), columns).await
            }
            Self::Then(past) => past.rows("event_places"),
        }
    }

    /// The bodies that took part in events.
    pub async fn event_bodies(&self) -> anyhow::Result<Vec<BodyRow>> {
        use event_body::Column as C;
        match self {
            Self::Now { db, scope } => {
                let rows = scope.of(event_body::Entity::find(), C::StpCode);
                packed::all(*db, rows, [C::EventId, C::BodyCode]).await
            }
            Self::Then(past) => past.rows("event_bodies"),
        }
    }

    /// STP and body of every part that a body had in an event, each once.
    pub async fn bodies_of_events(&self) -> anyhow::Result<Vec<(String, String)>> {
        use event_body::Column as C;
        match self {
            Self::Now { db, scope } => {
                let select = scope.of(event_body::Entity::find(), C::StpCode).select_only();
                Ok(select.columns([C::StpCode, C::BodyCode]).distinct().into_tuple().all(*db).await?)
            }
            Self::Then(past) => {
                let rows: Vec<event_body::Model> = past.rows("event_bodies")?;
                Ok(rows.into_iter().map(|row| (row.stp_code, row.body_code)).collect())
            }
        }
    }

    /// How many pieces of evidence there are of each event.
    pub async fn evidence(&self) -> anyhow::Result<Vec<(String, i64)>> {
        use evidence::Column as C;
        match self {
            Self::Now { db, scope } => Ok(scope
                .of(evidence::Entity::find(), C::StpCode)
                .select_only()
                .column(C::EventId)
                .column_as(C::Id.count(), "pieces")
                .filter(C::EventId.is_not_null())
                .group_by(C::EventId)
                .into_tuple()
                .all(*db)
                .await?),
            Self::Then(past) => Ok(past.evidence()),
        }
    }

    /// How many contacts of each group can be written to: on the list, with an address, and the address not
    /// suppressed.
    pub async fn reachable(&self) -> anyhow::Result<Vec<Reachable>> {
        use stakeholder::Column as C;
        let (db, scope) = match self {
            Self::Now { db, scope } => (db, scope),
            Self::Then(past) => return past.reachable(),
        };
        let suppressed = Query::select()
            .expr(Expr::val(1))
            .from(suppression::Entity)
            .and_where(
                Expr::col((suppression::Entity, suppression::Column::Address))
                    .eq(Func::lower(Expr::col((stakeholder::Entity, C::Email)))),
            )
            .and_where(Expr::col((suppression::Entity, suppression::Column::LiftedAt)).is_null())
            // Whoever is out of one topic is written to about the others.
            .and_where(Expr::col((suppression::Entity, suppression::Column::Topic)).is_null())
            .and_where(
                Expr::col((suppression::Entity, suppression::Column::StpCode)).is_null().or(Expr::col((
                    suppression::Entity,
                    suppression::Column::StpCode,
                ))
                .equals((stakeholder::Entity, C::StpCode))),
            )
            .to_owned();
        Ok(scope
            .of(stakeholder::Entity::find(), C::StpCode)
            .select_only()
            .columns([C::StpCode, C::GroupCode])
            .column_as(C::Id.count(), "contacts")
            .filter(C::WithdrawnAt.is_null())
            .filter(C::Email.ne(""))
            .filter(Expr::exists(suppressed).not())
            .group_by(C::StpCode)
            .group_by(C::GroupCode)
            .into_model()
            .all(*db)
            .await?)
    }
}
