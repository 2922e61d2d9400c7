//! Events written: each change is one journal entry that holds the event whole, before and after.
//!
//! ```text
//! EventDraft ─► create ─┐
//!               update ─┼─► the row and its child rows, `search` made anew ─► journal (before, after)
//!      reason ─► cancel ┤   (one transaction: the caller's Writer)
//!      reason ─► withdraw
//! ```

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{audience_group, body, event, event::Status, place};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::NotSet, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

use super::{
    check, find,
    rows::{delete_children, insert_children, row},
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
        representatives: draft.representatives,
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
        let groups = audience_group::Entity::find()
            .filter(audience_group::Column::Code.is_in(groups))
            .order_by_asc(audience_group::Column::Code)
            .all(tx)
            .await?;
        words.extend(groups.into_iter().map(|group| group.name));
    }
    let places: Vec<&str> = draft.places.iter().map(|placed| placed.place.as_str()).collect();
    if !places.is_empty() {
        let places = place::Entity::find()
            .filter(place::Column::Code.is_in(places))
            .order_by_asc(place::Column::Code)
            .all(tx)
            .await?;
        words.extend(places.into_iter().map(|place| place.name));
    }
    if !draft.bodies.is_empty() {
        let bodies = body::Entity::find()
            .filter(body::Column::Code.is_in(draft.bodies.clone()))
            .order_by_asc(body::Column::Code)
            .all(tx)
            .await?;
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
