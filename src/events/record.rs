//! Events written: each change is one journal entry that holds the event whole, before and after.
//!
//! ```text
//! EventDraft ─► create ─┐
//!               update ─┼─► the row and its child rows, `search` made anew ─► journal (before, after)
//!      reason ─► cancel ┤   (one transaction: the caller's Writer)
//!      reason ─► withdraw
//! ```

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    audience_group, body, event, event::Status, event_body, event_place, event_proposal, event_target,
    evidence, participation, place, theme,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::NotSet, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel as _, QueryFilter as _,
};

use super::{
    check, find,
    whole::{EventDraft, EventWhole, Point, Source},
};
use crate::journal::{Actor, Entry, Writer};

/// Where a new event comes from.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// Its identity, where the source gives it one; else a new one is made.
    pub id: Option<String>,
    /// The day it was first recorded; none for imported history.
    pub created_on: Option<NaiveDate>,
    pub import_id: Option<String>,
    pub external_id: Option<String>,
}

/// Why a change is not made.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    #[error("there is no such event")]
    NotFound,
    /// It was changed after it was read; this is how it stands.
    #[error("the event was changed in the meantime")]
    Stale(Box<EventWhole>),
    /// The draft breaks a rule of the record: whoever made it did not check it.
    #[error("the event is not consistent: {0}")]
    Inconsistent(String),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Writes a new event of `stp`. Gives it as it is kept.
pub async fn create(
    w: &mut Writer,
    stp: &str,
    from: Provenance,
    draft: EventDraft,
) -> Result<EventWhole, Unwritten> {
    consistent(&draft)?;
    let created_by = match &w.origin().actor {
        Actor::User(id) => Some(id.clone()),
        _ => None,
    };
    let event = event::Model {
        id: from.id.unwrap_or_else(|| w.id()),
        stp_code: stp.to_owned(),
        created_on: from.created_on,
        import_id: from.import_id,
        external_id: from.external_id,
        withdrawn_at: None,
        withdrawn_reason: None,
        version: 1,
        created_by,
        created_at: w.origin().at,
        ..row(&draft, w)
    };
    let kept = keep(w, event, draft, None).await?;
    event::Entity::insert(kept.event.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    insert_children(w, &kept, &BTreeMap::new()).await?;
    note(w, "create", None, &kept);
    Ok(kept)
}

/// Writes a new version of an event. `version` is the one that the draft was made from.
pub async fn update(
    w: &mut Writer,
    stp: &str,
    id: &str,
    version: i32,
    draft: EventDraft,
) -> Result<EventWhole, Unwritten> {
    consistent(&draft)?;
    let before = current(w, stp, id, version).await?;
    let event = event::Model {
        id: before.event.id.clone(),
        stp_code: before.event.stp_code.clone(),
        created_on: before.event.created_on,
        import_id: before.event.import_id.clone(),
        external_id: before.event.external_id.clone(),
        withdrawn_at: None,
        withdrawn_reason: None,
        version: version + 1,
        created_by: before.event.created_by.clone(),
        created_at: before.event.created_at,
        ..row(&draft, w)
    };
    let after = keep(w, event, draft, Some(&before)).await?;
    replace(w, &before, &after.event).await?;
    let since = delete_children(w.tx(), id).await?;
    insert_children(w, &after, &since).await?;
    note(w, "update", Some(&before), &after);
    Ok(after)
}

/// Says that an event does not take place, and why.
pub async fn cancel(
    w: &mut Writer,
    stp: &str,
    id: &str,
    version: i32,
    reason: &str,
) -> Result<EventWhole, Unwritten> {
    let before = current(w, stp, id, version).await?;
    let mut after = before.clone();
    after.event.status = Status::Cancelled;
    after.event.cancelled_reason = Some(reason.to_owned());
    touch(w, &mut after);
    replace(w, &before, &after.event).await?;
    note(w, "cancel", Some(&before), &after);
    Ok(after)
}

/// Takes an event out of the record, and says why. Its row and its journal stay.
pub async fn withdraw(
    w: &mut Writer,
    stp: &str,
    id: &str,
    version: i32,
    reason: &str,
) -> Result<EventWhole, Unwritten> {
    let before = current(w, stp, id, version).await?;
    let mut after = before.clone();
    after.event.withdrawn_at = Some(w.origin().at);
    after.event.withdrawn_reason = Some(reason.to_owned());
    touch(w, &mut after);
    replace(w, &before, &after.event).await?;
    note(w, "withdraw", Some(&before), &after);
    Ok(after)
}

/// The event as it stands, if it is still what it was at `version`.
async fn current(w: &Writer, stp: &str, id: &str, version: i32) -> Result<EventWhole, Unwritten> {
    let before = find::one(w.tx(), stp, id).await?.ok_or(Unwritten::NotFound)?;
    if before.event.version == version { Ok(before) } else { Err(Unwritten::Stale(Box::new(before))) }
}

fn consistent(draft: &EventDraft) -> Result<(), Unwritten> {
    match check::wrongs(draft).first() {
        None => Ok(()),
        Some(wrong) => Err(Unwritten::Inconsistent(format!("{}: {}", wrong.field, wrong.message))),
    }
}

fn touch(w: &Writer, after: &mut EventWhole) {
    after.event.version += 1;
    after.event.updated_at = w.origin().at;
}

/// What the draft gives to the event's row. What the record itself knows is filled in by the caller.
fn row(draft: &EventDraft, w: &Writer) -> event::Model {
    let draft = draft.clone();
    event::Model {
        id: String::new(),
        stp_code: String::new(),
        consultation_id: draft.consultation_id,
        title: draft.title,
        kind: draft.kind,
        status: draft.status,
        starts_on: draft.starts_on,
        ends_on: draft.ends_on,
        date_words: draft.date_words,
        date_precision: draft.date_precision,
        created_on: None,
        venue: draft.venue,
        venue_capacity: draft.venue_capacity,
        online: draft.online,
        stp_discussed: draft.stp_discussed,
        level: draft.level,
        level_basis: draft.level_basis,
        held_in_public: draft.held_in_public,
        minutes_published_on: draft.minutes_published_on,
        publication: draft.publication,
        withheld_reason: draft.withheld_reason,
        review_on: draft.review_on,
        feedback_on: draft.feedback_on,
        confirmed: draft.confirmed,
        summary: draft.summary,
        outcome: draft.outcome,
        accessibility: serde_json::Value::from(draft.accessibility).to_string(),
        attendance_note: draft.attendance_note,
        cancelled_reason: draft.cancelled_reason,
        withdrawn_at: None,
        withdrawn_reason: None,
        import_id: None,
        external_id: None,
        search: String::new(),
        version: 0,
        created_by: None,
        created_at: w.origin().at,
        updated_at: w.origin().at,
    }
}

/// The event whole, as it is about to be kept: every point and source with an identity, `search` made.
async fn keep(
    w: &Writer,
    mut event: event::Model,
    draft: EventDraft,
    before: Option<&EventWhole>,
) -> Result<EventWhole, Unwritten> {
    let draft = draft.ordered();
    event.search = search(w.tx(), &draft).await?;
    let (old_points, old_sources) =
        before.map_or((Vec::new(), Vec::new()), |before| (before.themes.clone(), before.evidence.clone()));
    Ok(EventWhole {
        event,
        participations: draft.participations,
        places: draft.places,
        bodies: draft.bodies,
        targets: draft.targets,
        proposals: draft.proposals,
        themes: identified(w, draft.themes, old_points),
        evidence: identified(w, draft.evidence, old_sources),
    })
}

/// A row that has an identity of its own under an event.
trait Identified {
    fn id(&mut self) -> &mut Option<String>;
    fn same(&self, other: &Self) -> bool;
}

impl Identified for Point {
    fn id(&mut self) -> &mut Option<String> {
        &mut self.id
    }
    fn same(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Identified for Source {
    fn id(&mut self) -> &mut Option<String> {
        &mut self.id
    }
    fn same(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

/// Gives each item its identity: the one it names, else that of the old item it is the same as, else a new one.
fn identified<T: Identified>(w: &Writer, mut items: Vec<T>, mut old: Vec<T>) -> Vec<T> {
    for item in &mut items {
        if item.id().is_some() {
            let named = item.id().clone();
            old.retain_mut(|old| *old.id() != named);
        }
    }
    for item in &mut items {
        if item.id().is_none() {
            let kept = old.iter().position(|old| item.same(old)).and_then(|at| old.remove(at).id().take());
            *item.id() = Some(kept.unwrap_or_else(|| w.id()));
        }
    }
    items
}

/// Everything that can be searched for, lower-cased: the words of the event and the names of who and where.
async fn search(tx: &DatabaseTransaction, draft: &EventDraft) -> Result<String, DbErr> {
    let mut words = vec![draft.title.clone(), draft.kind.name().to_owned()];
    words.extend(
        [&draft.venue, &draft.summary, &draft.outcome, &draft.date_words, &draft.attendance_note]
            .into_iter()
            .flatten()
            .cloned(),
    );
    words.extend(draft.themes.iter().map(|point| point.text.clone()));
    let groups: Vec<&str> = draft.participations.iter().map(|part| part.group.as_str()).collect();
    if !groups.is_empty() {
        let groups =
            audience_group::Entity::find().filter(audience_group::Column::Code.is_in(groups)).all(tx).await?;
        words.extend(groups.into_iter().map(|group| group.name));
    }
    let places: Vec<&str> = draft.places.iter().map(|placed| placed.place.as_str()).collect();
    if !places.is_empty() {
        let places = place::Entity::find().filter(place::Column::Code.is_in(places)).all(tx).await?;
        words.extend(places.into_iter().map(|place| place.name));
    }
    if !draft.bodies.is_empty() {
        let bodies =
            body::Entity::find().filter(body::Column::Code.is_in(draft.bodies.clone())).all(tx).await?;
        words.extend(bodies.into_iter().map(|body| body.name));
    }
    Ok(words.join("\n").to_lowercase())
}

/// Writes the row over the version that was read; refuses when another change came between.
async fn replace(w: &Writer, before: &EventWhole, after: &event::Model) -> Result<(), Unwritten> {
    let mut row = after.clone().into_active_model().reset_all();
    row.id = NotSet;
    let written = event::Entity::update_many()
        .set(row)
        .filter(event::Column::Id.eq(&before.event.id))
        .filter(event::Column::Version.eq(before.event.version))
        .exec(w.tx())
        .await?;
    if written.rows_affected == 1 {
        return Ok(());
    }
    let now = find::whole(w.tx(), &before.event.stp_code, &before.event.id).await?;
    Err(now.map_or(Unwritten::NotFound, |now| Unwritten::Stale(Box::new(now))))
}

/// Takes an event's child rows away. Gives since when each source was known.
async fn delete_children(
    tx: &DatabaseTransaction,
    id: &str,
) -> Result<BTreeMap<String, DateTime<Utc>>, DbErr> {
    let sources = evidence::Entity::find().filter(evidence::Column::EventId.eq(id)).all(tx).await?;
    participation::Entity::delete_many().filter(participation::Column::EventId.eq(id)).exec(tx).await?;
    event_place::Entity::delete_many().filter(event_place::Column::EventId.eq(id)).exec(tx).await?;
    event_body::Entity::delete_many().filter(event_body::Column::EventId.eq(id)).exec(tx).await?;
    event_target::Entity::delete_many().filter(event_target::Column::EventId.eq(id)).exec(tx).await?;
    event_proposal::Entity::delete_many().filter(event_proposal::Column::EventId.eq(id)).exec(tx).await?;
    theme::Entity::delete_many().filter(theme::Column::EventId.eq(id)).exec(tx).await?;
    evidence::Entity::delete_many().filter(evidence::Column::EventId.eq(id)).exec(tx).await?;
    Ok(sources.into_iter().map(|source| (source.id, source.created_at)).collect())
}

async fn insert_children(
    w: &Writer,
    kept: &EventWhole,
    since: &BTreeMap<String, DateTime<Utc>>,
) -> Result<(), DbErr> {
    macro_rules! insert {
        ($entity:ident, $rows:expr) => {
            let rows: Vec<_> = $rows.map(|row: $entity::Model| row.into_active_model().reset_all()).collect();
            if !rows.is_empty() {
                $entity::Entity::insert_many(rows).exec_without_returning(w.tx()).await?;
            }
        };
    }
    let event_id = || kept.event.id.clone();
    let stp_code = || kept.event.stp_code.clone();
    insert!(
        participation,
        kept.participations.iter().map(|part| {
            let (invited, attended) = (part.invited.as_ref(), part.attended.as_ref());
            participation::Model {
                event_id: event_id(),
                group_code: part.group.clone(),
                stp_code: stp_code(),
                took_part: part.took_part,
                invited_low: invited.map(|n| n.low),
                invited_high: invited.map(|n| n.high),
                invited_words: invited.map(|n| n.words.clone()),
                attended_low: attended.map(|n| n.low),
                attended_high: attended.map(|n| n.high),
                attended_words: attended.map(|n| n.words.clone()),
            }
        })
    );
    insert!(
        event_place,
        kept.places.iter().map(|placed| event_place::Model {
            event_id: event_id(),
            place_code: placed.place.clone(),
            stp_code: stp_code(),
            listed: placed.listed,
            count_low: placed.count.as_ref().map(|n| n.low),
            count_high: placed.count.as_ref().map(|n| n.high),
            count_words: placed.count.as_ref().map(|n| n.words.clone()),
        })
    );
    insert!(
        event_body,
        kept.bodies.iter().map(|body| event_body::Model {
            event_id: event_id(),
            body_code: body.clone(),
            stp_code: stp_code(),
        })
    );
    insert!(
        event_target,
        kept.targets.iter().map(|target| event_target::Model {
            event_id: event_id(),
            characteristic: *target,
            stp_code: stp_code(),
        })
    );
    insert!(
        event_proposal,
        kept.proposals.iter().map(|proposal| event_proposal::Model {
            event_id: event_id(),
            proposal_id: proposal.clone(),
            stp_code: stp_code(),
        })
    );
    insert!(
        theme,
        kept.themes.iter().zip(1..).map(|(point, position)| theme::Model {
            id: point.id.clone().unwrap_or_else(|| w.id()),
            event_id: event_id(),
            stp_code: stp_code(),
            position,
            text: point.text.clone(),
            outcome: point.outcome,
        })
    );
    insert!(
        evidence,
        kept.evidence.iter().map(|source| evidence::Model {
            id: source.id.clone().unwrap_or_else(|| w.id()),
            stp_code: stp_code(),
            event_id: Some(event_id()),
            consultation_id: None,
            url: source.url.clone(),
            source_type: source.source_type.clone(),
            note: source.note.clone(),
            created_at: source.id.as_ref().and_then(|id| since.get(id)).copied().unwrap_or(w.origin().at),
        })
    );
    Ok(())
}

/// Writes the change down in the journal.
fn note(w: &mut Writer, action: &str, before: Option<&EventWhole>, after: &EventWhole) {
    w.record(Entry {
        action,
        table: "events",
        id: &after.event.id,
        stp: Some(&after.event.stp_code),
        before: before.map(EventWhole::document),
        after: Some(after.document()),
    });
}
