//! Reads representatives: all of an STP, those of an event or of several.

use std::collections::{BTreeMap, HashMap};

use entity::{event, event_representative, representative};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};

use crate::events::{EventWhole, Part};

use super::credit;

/// Every representative of `stp`, by group and office, those of now after those whose role has ended.
pub async fn all(conn: &impl ConnectionTrait, stp: &str) -> Result<Vec<representative::Model>, DbErr> {
    let mut rows =
        representative::Entity::find().filter(representative::Column::StpCode.eq(stp)).all(conn).await?;
    rows.sort_by(|a, b| {
        (&a.group_code, &a.office, a.from_on, &a.id).cmp(&(&b.group_code, &b.office, b.from_on, &b.id))
    });
    Ok(rows)
}

/// The representatives that an event lists, by group and office.
pub async fn of(
    conn: &impl ConnectionTrait,
    whole: &EventWhole,
) -> Result<Vec<representative::Model>, DbErr> {
    if whole.representatives.is_empty() {
        return Ok(Vec::new());
    }
    let ids = whole.representatives.iter().map(String::as_str);
    let mut rows = representative::Entity::find()
        .filter(representative::Column::StpCode.eq(&whole.event.stp_code))
        .filter(representative::Column::Id.is_in(ids))
        .all(conn)
        .await?;
    rows.sort_by(|a, b| (&a.group_code, &a.office, &a.id).cmp(&(&b.group_code, &b.office, &b.id)));
    Ok(rows)
}

/// An event with its representatives taken in: see [`credit`].
pub async fn settled(conn: &impl ConnectionTrait, whole: EventWhole) -> Result<EventWhole, DbErr> {
    let roles = of(conn, &whole).await?;
    Ok(credit::settled(whole, &roles.iter().collect::<Vec<_>>()))
}

/// The parts of these events with their representatives taken in, by event and then by group.
pub async fn settle(
    conn: &impl ConnectionTrait,
    ids: &[String],
    own: Vec<(String, Part)>,
) -> Result<Vec<(String, Part)>, DbErr> {
    let ids = || ids.iter().map(String::as_str);
    let links = event_representative::Entity::find()
        .filter(event_representative::Column::EventId.is_in(ids()))
        .all(conn)
        .await?;
    if links.is_empty() {
        return Ok(own);
    }
    let named = links.iter().map(|link| link.representative_id.as_str());
    let roles: HashMap<String, representative::Model> = representative::Entity::find()
        .filter(representative::Column::Id.is_in(named))
        .all(conn)
        .await?
        .into_iter()
        .map(|role| (role.id.clone(), role))
        .collect();
    let touched = links.iter().map(|link| link.event_id.as_str());
    let events = event::Entity::find().filter(event::Column::Id.is_in(touched)).all(conn).await?;
    let mut by_event: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for (id, part) in own {
        by_event.entry(id).or_default().push(part);
    }
    for event in events {
        let of_it = links.iter().filter(|link| link.event_id == event.id);
        let those: Vec<_> = of_it.filter_map(|link| roles.get(&link.representative_id)).collect();
        let parts = by_event.remove(&event.id).unwrap_or_default();
        by_event.insert(event.id.clone(), credit::parts(&event, parts, &those));
    }
    Ok(by_event
        .into_iter()
        .flat_map(|(id, parts)| parts.into_iter().map(move |part| (id.clone(), part)))
        .collect())
}
