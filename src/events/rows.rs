//! An event's rows: what a draft and an event whole become in the tables.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    event, event_body, event_place, event_proposal, event_representative, event_target, evidence,
    participation, theme,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel as _,
    QueryFilter as _,
};

use super::whole::{EventDraft, EventWhole};
use crate::journal::Writer;

/// What the draft gives to the event's row. What the record itself knows is filled in by the caller.
pub fn row(draft: &EventDraft, w: &Writer) -> event::Model {
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
        minutes_url: draft.minutes_url,
        chair: draft.chair,
        papers_published_on: draft.papers_published_on,
        papers_url: draft.papers_url,
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

/// Takes an event's child rows away. Gives since when each source was known.
pub async fn delete_children(
    tx: &DatabaseTransaction,
    id: &str,
) -> Result<BTreeMap<String, DateTime<Utc>>, DbErr> {
    let sources = evidence::Entity::find().filter(evidence::Column::EventId.eq(id)).all(tx).await?;
    participation::Entity::delete_many().filter(participation::Column::EventId.eq(id)).exec(tx).await?;
    event_place::Entity::delete_many().filter(event_place::Column::EventId.eq(id)).exec(tx).await?;
    event_body::Entity::delete_many().filter(event_body::Column::EventId.eq(id)).exec(tx).await?;
    event_target::Entity::delete_many().filter(event_target::Column::EventId.eq(id)).exec(tx).await?;
    event_proposal::Entity::delete_many().filter(event_proposal::Column::EventId.eq(id)).exec(tx).await?;
    event_representative::Entity::delete_many()
        .filter(event_representative::Column::EventId.eq(id))
        .exec(tx)
        .await?;
    theme::Entity::delete_many().filter(theme::Column::EventId.eq(id)).exec(tx).await?;
    evidence::Entity::delete_many().filter(evidence::Column::EventId.eq(id)).exec(tx).await?;
    Ok(sources.into_iter().map(|source| (source.id, source.created_at)).collect())
}

pub async fn insert_children(
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
        event_representative,
        kept.representatives.iter().map(|representative| event_representative::Model {
            event_id: event_id(),
            representative_id: representative.clone(),
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
