//! Events read: one whole, or a list by filters, a page at a time.
//!
//! ```text
//! Filter ─► the dated events (starts_on, id), latest first ─► then those without a day, by id
//!           └─ a page ends with a Cursor: the next page begins after it
//! ```
//!
//! The two parts are two queries, so that both databases walk their index and agree on where a missing day stands.

use chrono::NaiveDate;
use entity::{
    event::{self, Kind, Publication, Status},
    event_body, event_place, event_proposal, event_representative, event_target, evidence, participation,
    representative, theme,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait as _,
    sea_query::{Expr, ExprTrait as _, LikeExpr},
};

use crate::representatives;

use super::{
    numbers::Attended,
    whole::{EventWhole, Part, Placed, Point, Source},
};

/// One event of an STP, unless it is withdrawn.
pub async fn one(conn: &impl ConnectionTrait, stp: &str, id: &str) -> Result<Option<EventWhole>, DbErr> {
    let found = whole(conn, stp, id).await?;
    Ok(found.filter(|found| found.event.withdrawn_at.is_none()))
}

/// One event of an STP, withdrawn or not.
pub async fn whole(conn: &impl ConnectionTrait, stp: &str, id: &str) -> Result<Option<EventWhole>, DbErr> {
    let event = event::Entity::find_by_id(id).filter(event::Column::StpCode.eq(stp)).one(conn).await?;
    match event {
        Some(event) => Ok(Some(complete(conn, event).await?)),
        None => Ok(None),
    }
}

/// What an import made of a row of its source, withdrawn or not: the event of the STP with this external identity.
pub async fn by_external(
    conn: &impl ConnectionTrait,
    stp: &str,
    external_id: &str,
) -> Result<Option<EventWhole>, DbErr> {
    let event = event::Entity::find()
        .filter(event::Column::StpCode.eq(stp))
        .filter(event::Column::ExternalId.eq(external_id))
        .order_by_asc(event::Column::Id)
        .one(conn)
        .await?;
    match event {
        Some(event) => Ok(Some(complete(conn, event).await?)),
        None => Ok(None),
    }
}

/// An event's row with all that belongs to it.
pub async fn complete(conn: &impl ConnectionTrait, event: event::Model) -> Result<EventWhole, DbErr> {
    let id = event.id.as_str();
    let participations = participation::Entity::find()
        .filter(participation::Column::EventId.eq(id))
        .order_by_asc(participation::Column::GroupCode)
        .all(conn)
        .await?;
    let places = event_place::Entity::find()
        .filter(event_place::Column::EventId.eq(id))
        .order_by_asc(event_place::Column::PlaceCode)
        .all(conn)
        .await?;
    let mut bodies: Vec<String> = event_body::Entity::find()
        .filter(event_body::Column::EventId.eq(id))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.body_code)
        .collect();
    let mut targets: Vec<_> = event_target::Entity::find()
        .filter(event_target::Column::EventId.eq(id))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.characteristic)
        .collect();
    let mut proposals: Vec<String> = event_proposal::Entity::find()
        .filter(event_proposal::Column::EventId.eq(id))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.proposal_id)
        .collect();
    let mut representatives: Vec<String> = event_representative::Entity::find()
        .filter(event_representative::Column::EventId.eq(id))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.representative_id)
        .collect();
    representatives.sort();
    bodies.sort();
    targets.sort_by_key(|target| target.code());
    proposals.sort();
    let themes = theme::Entity::find()
        .filter(theme::Column::EventId.eq(id))
        .order_by_asc(theme::Column::Position)
        .all(conn)
        .await?;
    let evidence = evidence::Entity::find()
        .filter(evidence::Column::EventId.eq(id))
        .order_by_asc(evidence::Column::Url)
        .order_by_asc(evidence::Column::Id)
        .all(conn)
        .await?;
    Ok(EventWhole {
        participations: participations.into_iter().map(part).collect(),
        places: places
            .into_iter()
            .map(|row| Placed {
                place: row.place_code,
                listed: row.listed,
                count: people(row.count_low, row.count_high, row.count_words),
            })
            .collect(),
        bodies,
        targets,
        proposals,
        representatives,
        themes: themes
            .into_iter()
            .map(|row| Point { id: Some(row.id), text: row.text, outcome: row.outcome })
            .collect(),
        evidence: evidence
            .into_iter()
            .map(|row| Source {
                id: Some(row.id),
                url: row.url,
                source_type: row.source_type,
                note: row.note,
            })
            .collect(),
        event,
    })
}

/// A group's part from its row.
pub fn part(row: participation::Model) -> Part {
    Part {
        group: row.group_code,
        took_part: row.took_part,
        invited: people(row.invited_low, row.invited_high, row.invited_words),
        attended: people(row.attended_low, row.attended_high, row.attended_words),
    }
}

/// A number of people from its three columns.
pub fn people(low: Option<i32>, high: Option<i32>, words: Option<String>) -> Option<Attended> {
    let (low, high) = low.zip(high)?;
    let words = words.unwrap_or_else(|| if low == high { low.to_string() } else { format!("{low}-{high}") });
    Some(Attended { low, high, words })
}

/// Which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub stp: Option<String>,
    pub kind: Option<Kind>,
    pub status: Option<Status>,
    /// A group that has a part in it, whether it took part or not.
    pub group: Option<String>,
    pub place: Option<String>,
    pub publication: Option<Publication>,
    /// Going on or later than this day.
    pub from: Option<NaiveDate>,
    /// Begun by this day.
    pub to: Option<NaiveDate>,
    /// Words that all stand in it.
    pub text: Option<String>,
    /// Held, without any number of people or without a level.
    pub unfinished: bool,
}

/// Where a page ended: the last event's day and identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub starts_on: Option<NaiveDate>,
    pub id: String,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.starts_on {
            Some(day) => write!(f, "{day}_{}", self.id),
            None => write!(f, "_{}", self.id),
        }
    }
}

impl Cursor {
    /// Reads what [`Display`](std::fmt::Display) wrote; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, id) = text.split_once('_')?;
        let starts_on = match day {
            "" => None,
            day => Some(NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?),
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        let id = Some(id).filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(plain))?;
        Some(Self { starts_on, id: id.to_owned() })
    }
}

/// A page of a list, and where the next one begins.
#[derive(Clone, Debug)]
pub struct Listed {
    pub events: Vec<event::Model>,
    pub next: Option<Cursor>,
}

/// The events that `filter` lets through, latest first, those without a day last; at most `size`, after `after`.
pub async fn list(
    conn: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<&Cursor>,
    size: u64,
) -> Result<Listed, DbErr> {
    let matching = condition(filter);
    let mut events = Vec::new();
    if after.is_none_or(|after| after.starts_on.is_some()) {
        let mut dated = event::Entity::find()
            .filter(matching.clone())
            .filter(event::Column::StartsOn.is_not_null())
            .order_by_desc(event::Column::StartsOn)
            .order_by_desc(event::Column::Id);
        if let Some((day, after)) = after.and_then(|after| Some((after.starts_on?, after))) {
            dated = dated.filter(
                Condition::any().add(event::Column::StartsOn.lt(day)).add(
                    Condition::all()
                        .add(event::Column::StartsOn.eq(day))
                        .add(event::Column::Id.lt(after.id.as_str())),
                ),
            );
        }
        events = dated.limit(size + 1).all(conn).await?;
    }
    let left = (size + 1).saturating_sub(events.len() as u64);
    if left > 0 {
        let mut undated = event::Entity::find()
            .filter(matching)
            .filter(event::Column::StartsOn.is_null())
            .order_by_desc(event::Column::Id);
        if let Some(after) = after.filter(|after| after.starts_on.is_none()) {
            undated = undated.filter(event::Column::Id.lt(after.id.as_str()));
        }
        events.extend(undated.limit(left).all(conn).await?);
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = events.len() > size;
    events.truncate(size);
    let next =
        events.last().filter(|_| more).map(|last| Cursor { starts_on: last.starts_on, id: last.id.clone() });
    Ok(Listed { events, next })
}

/// The filter as a condition on `events`. What is withdrawn is never listed.
pub fn condition(filter: &Filter) -> Condition {
    let mut all = Condition::all()
        .add(event::Column::WithdrawnAt.is_null())
        .add_option(filter.stp.as_deref().map(|stp| event::Column::StpCode.eq(stp)))
        .add_option(filter.kind.map(|kind| event::Column::Kind.eq(kind)))
        .add_option(filter.status.map(|status| event::Column::Status.eq(status)))
        .add_option(filter.publication.map(|state| event::Column::Publication.eq(state)))
        .add_option(filter.to.map(|to| event::Column::StartsOn.lte(to)))
        .add_option(filter.from.map(|from| {
            Condition::any().add(event::Column::StartsOn.gte(from)).add(event::Column::EndsOn.gte(from))
        }));
    if let Some(group) = &filter.group {
        let those = participation::Entity::find()
            .select_only()
            .column(participation::Column::EventId)
            .filter(participation::Column::GroupCode.eq(group.as_str()));
        let speakers = representative::Entity::find()
            .select_only()
            .column(representative::Column::Id)
            .filter(representative::Column::GroupCode.eq(group.as_str()));
        let spoken = event_representative::Entity::find()
            .select_only()
            .column(event_representative::Column::EventId)
            .filter(event_representative::Column::RepresentativeId.in_subquery(speakers.into_query()));
        all = all.add(
            Condition::any()
                .add(event::Column::Id.in_subquery(those.into_query()))
                .add(event::Column::Id.in_subquery(spoken.into_query())),
        );
    }
    if let Some(place) = &filter.place {
        let there = event_place::Entity::find()
            .select_only()
            .column(event_place::Column::EventId)
            .filter(event_place::Column::PlaceCode.eq(place.as_str()));
        all = all.add(event::Column::Id.in_subquery(there.into_query()));
    }
    if filter.unfinished {
        let counted = participation::Entity::find()
            .select_only()
            .column(participation::Column::EventId)
            .filter(participation::Column::AttendedLow.is_not_null());
        all = all.add(event::Column::Status.eq(Status::Held)).add(
            Condition::any()
                .add(event::Column::Level.is_null())
                .add(event::Column::Id.not_in_subquery(counted.into_query())),
        );
    }
    for word in filter.text.as_deref().unwrap_or_default().to_lowercase().split_whitespace().take(10) {
        let mut pattern = String::from("%");
        for letter in word.chars() {
            if matches!(letter, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern.push('%');
        all = all
            .add(Expr::col((event::Entity, event::Column::Search)).like(LikeExpr::new(pattern).escape('\\')));
    }
    all
}

/// The parts that groups have in each of these events, by event and then by group, with representatives taken in.
pub async fn parts_of(conn: &impl ConnectionTrait, ids: Vec<String>) -> Result<Vec<(String, Part)>, DbErr> {
    let rows = participation::Entity::find()
        .filter(participation::Column::EventId.is_in(ids.iter().map(String::as_str)))
        .order_by_asc(participation::Column::EventId)
        .order_by_asc(participation::Column::GroupCode)
        .all(conn)
        .await?;
    let own = rows.into_iter().map(|row| (row.event_id.clone(), part(row))).collect();
    representatives::find::settle(conn, &ids, own).await
}

/// The places of each of these events that they list, by event and then by place.
pub async fn places_of(
    conn: &impl ConnectionTrait,
    ids: Vec<String>,
) -> Result<Vec<(String, String)>, DbErr> {
    let rows = event_place::Entity::find()
        .filter(event_place::Column::EventId.is_in(ids))
        .filter(event_place::Column::Listed.eq(true))
        .order_by_asc(event_place::Column::EventId)
        .order_by_asc(event_place::Column::PlaceCode)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.event_id, row.place_code)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057".to_owned();
        for starts_on in [None, NaiveDate::from_ymd_opt(2017, 1, 11)] {
            let cursor = Cursor { starts_on, id: id.clone() };
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        for bad in ["", "_", "2017-01-11", "soon_x", "2017-13-01_x", "_a b", "_a\0"] {
            assert_eq!(Cursor::parse(bad), None, "{bad:?}");
        }
    }
}
