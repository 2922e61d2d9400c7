//! The events of a record with all their parts: one query for the events and one for each kind of part.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::NaiveDate;
use entity::{event, event_proposal, event_representative, event_target, representative, theme};
use method::{
    record::{Event, EventTheme, Participation, PlaceCount, Stp},
    values::{Id, Level},
    words::{Characteristic, EventKind, EventStatus, Outcome, Publication},
};
use sea_orm::ConnectionTrait;

use super::{
    Index, Source,
    areas::group,
    id, people, said,
    source::{EventRow, PartRow},
    whole,
};
use crate::representatives::credit;

/// The events read so far, and where each stands.
struct Events<'a> {
    stps: &'a mut [Stp],
    /// STP and position, by id.
    at: HashMap<String, (usize, usize)>,
}

impl Events<'_> {
    /// The event of a part's row, and the STP's places and proposals to hold it against. Nothing for a part of an event
    /// that is not on the record.
    fn get(&mut self, id: &str) -> Option<(usize, &mut Event)> {
        let &(stp, event) = self.at.get(id)?;
        Some((stp, self.stps.get_mut(stp)?.events.get_mut(event)?))
    }
}

pub(super) async fn load(
    from: &Source<'_, impl ConnectionTrait>,
    index: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let known = Known::of(stps);
    let mut events = Events { stps, at: HashMap::new() };
    // Beside each other: these are most of a record.
    let (heads, participations) = tokio::try_join!(from.events(), from.parts())?;
    add_heads(heads, index, &mut events)?;
    add_participations(participations, &mut events)?;
    representatives(from, &mut events).await?;
    places(from, &known, &mut events).await?;
    parts(from, &known, &mut events).await?;
    themes(from, &mut events).await?;
    evidence_counts(from, &mut events).await
}

/// The places and proposals of each STP: a record may name no other.
struct Known {
    places: Vec<std::collections::HashSet<Id>>,
    proposals: Vec<std::collections::HashSet<Id>>,
}

impl Known {
    fn of(stps: &[Stp]) -> Self {
        Self {
            places: stps
                .iter()
                .map(|stp| stp.places.iter().map(|place| place.code.clone()).collect())
                .collect(),
            proposals: stps
                .iter()
                .map(|stp| stp.proposals.iter().map(|one| one.id.clone()).collect())
                .collect(),
        }
    }
}

fn add_heads(rows: Vec<EventRow>, index: &Index, events: &mut Events<'_>) -> anyhow::Result<()> {
    events.at.reserve(rows.len());
    for row in rows {
        let Some(&stp) = index.get(&row.stp_code) else { continue };
        let Some(starts_on) = row.starts_on else { continue };
        let list = &mut events.stps[stp].events;
        events.at.insert(row.id.clone(), (stp, list.len()));
        let place = format!("event {}", row.id);
        list.push(head(row, starts_on).context(place)?);
    }
    Ok(())
}

fn head(row: EventRow, starts_on: NaiveDate) -> anyhow::Result<Event> {
    let level = row.level.map(whole).transpose()?;
    Ok(Event {
        id: id(&row.id)?,
        title: said(Some(row.title)),
        kind: EventKind::parse(row.kind.code()).with_context(|| format!("no kind {}", row.kind.code()))?,
        status: match row.status {
            event::Status::Planned => EventStatus::Planned,
            event::Status::Held => EventStatus::Held,
            event::Status::Cancelled => EventStatus::Cancelled,
        },
        starts_on,
        ends_on: row.ends_on,
        created_on: row.created_on,
        venue: said(row.venue),
        venue_capacity: row.venue_capacity.map(whole).transpose()?,
        online: row.online,
        places: Vec::new(),
        stp_discussed: row.stp_discussed,
        proposals: Vec::new(),
        bodies: Vec::new(),
        level: level.map(|level| Level::from_number(level).context("no such level")).transpose()?,
        participation: Vec::new(),
        place_counts: Vec::new(),
        targets: Vec::new(),
        held_in_public: row.held_in_public,
        minutes_published_on: row.minutes_published_on,
        publication: match row.publication {
            event::Publication::Public => Publication::Public,
            event::Publication::Withheld => Publication::Withheld,
            event::Publication::Unpublished => Publication::Unpublished,
        },
        withheld_reason: said(row.withheld_reason),
        review_on: row.review_on,
        // Every piece of evidence is a row, so none is known to be none.
        evidence_count: Some(0),
        feedback_on: row.feedback_on,
        themes: Vec::new(),
        confirmed: row.confirmed,
    })
}

fn add_participations(rows: Vec<PartRow>, events: &mut Events<'_>) -> anyhow::Result<()> {
    for row in rows {
        let Some((_, event)) = events.get(&row.event_id) else { continue };
        event.participation.push(Participation {
            group: group(&row.group_code)?,
            took_part: row.took_part,
            invited: people(row.invited_low, row.invited_high)?,
            attended: people(row.attended_low, row.attended_high)?,
        });
    }
    Ok(())
}

/// Those who came for a group: it took part only if their role was held on the day.
async fn representatives(
    from: &Source<'_, impl ConnectionTrait>,
    events: &mut Events<'_>,
) -> anyhow::Result<()> {
    let mut came: HashMap<String, Vec<String>> = HashMap::new();
    for link in from.all::<event_representative::Entity>(event_representative::Column::StpCode).await? {
        came.entry(link.event_id).or_default().push(link.representative_id);
    }
    if came.is_empty() {
        return Ok(());
    }
    let rows = from.all::<representative::Entity>(representative::Column::StpCode).await?;
    let mut roles = HashMap::new();
    for role in &rows {
        roles.insert(role.id.as_str(), (role, group(&role.group_code)?));
    }
    for (event_id, ids) in came {
        let Some((_, event)) = events.get(&event_id) else { continue };
        let those: Vec<_> = ids.iter().filter_map(|id| roles.get(id.as_str()).copied()).collect();
        credit::on_record(event, &those);
    }
    Ok(())
}

/// Places: those that the event was for, and those where people came from. A place outside the footprint is no place of
/// this STP's record.
async fn places(
    from: &Source<'_, impl ConnectionTrait>,
    known: &Known,
    events: &mut Events<'_>,
) -> anyhow::Result<()> {
    for row in from.placed().await? {
        let Some((stp, event)) = events.get(&row.event_id) else { continue };
        let place = id(&row.place_code)?;
        if !known.places[stp].contains(&place) {
            continue;
        }
        if let Some(count) = people(row.count_low, row.count_high)? {
            event.place_counts.push(PlaceCount { place: place.clone(), count });
        }
        if row.listed {
            event.places.push(place);
        }
    }
    Ok(())
}

async fn parts(
    from: &Source<'_, impl ConnectionTrait>,
    known: &Known,
    events: &mut Events<'_>,
) -> anyhow::Result<()> {
    for row in from.event_bodies().await? {
        let Some((_, event)) = events.get(&row.event_id) else { continue };
        event.bodies.push(id(&row.body_code)?);
    }
    for row in from.all::<event_target::Entity>(event_target::Column::StpCode).await? {
        let Some((_, event)) = events.get(&row.event_id) else { continue };
        let code = row.characteristic.code();
        event.targets.push(Characteristic::parse(code).with_context(|| format!("no characteristic {code}"))?);
    }
    for row in from.all::<event_proposal::Entity>(event_proposal::Column::StpCode).await? {
        let Some((stp, event)) = events.get(&row.event_id) else { continue };
        let proposal = id(&row.proposal_id)?;
        if known.proposals[stp].contains(&proposal) {
            event.proposals.push(proposal);
        }
    }
    Ok(())
}

async fn themes(from: &Source<'_, impl ConnectionTrait>, events: &mut Events<'_>) -> anyhow::Result<()> {
    for row in from.all::<theme::Entity>(theme::Column::StpCode).await? {
        let Some((_, event)) = events.get(&row.event_id) else { continue };
        event.themes.push(EventTheme {
            id: id(&row.id)?,
            text: said(Some(row.text)),
            outcome: row.outcome.map(|outcome| match outcome {
                theme::Outcome::Changed => Outcome::Changed,
                theme::Outcome::Unchanged => Outcome::Unchanged,
                theme::Outcome::OutOfScope => Outcome::OutOfScope,
            }),
        });
    }
    Ok(())
}

async fn evidence_counts(
    from: &Source<'_, impl ConnectionTrait>,
    events: &mut Events<'_>,
) -> anyhow::Result<()> {
    for (event_id, pieces) in from.evidence().await? {
        let Some((_, event)) = events.get(&event_id) else { continue };
        event.evidence_count = Some(u32::try_from(pieces)?);
    }
    Ok(())
}
