//! The form of the full record filled: from an event as it is kept, or from what was typed into the quick log.

use chrono::NaiveDate;
use entity::{
    event::{Precision, Publication, Status},
    theme::Outcome,
};

use super::{full::SUPPORT, quick};
use crate::{
    events::{choices::Choices, numbers, whole::EventDraft},
    web::{fields::Fields, form::Typed},
};

/// The form with everything that the draft says.
pub fn from_draft(key: &str, draft: &EventDraft) -> Fields {
    let mut form = Fields::new(key)
        .with("title", &draft.title)
        .with("kind", draft.kind.code())
        .with("status", draft.status.code())
        .with("date_precision", draft.date_precision.code())
        .with("publication", draft.publication.code())
        .with_day("starts", draft.starts_on)
        .with_day("ends", draft.ends_on)
        .with_day("minutes_published", draft.minutes_published_on)
        .with_day("papers_published", draft.papers_published_on)
        .with_day("review", draft.review_on)
        .with_day("feedback", draft.feedback_on);
    let texts = [
        ("consultation", &draft.consultation_id),
        ("date_words", &draft.date_words),
        ("venue", &draft.venue),
        ("level_basis", &draft.level_basis),
        ("summary", &draft.summary),
        ("outcome", &draft.outcome),
        ("attendance_note", &draft.attendance_note),
        ("cancelled_reason", &draft.cancelled_reason),
        ("withheld_reason", &draft.withheld_reason),
        ("chair", &draft.chair),
        ("papers_url", &draft.papers_url),
        ("minutes_url", &draft.minutes_url),
    ];
    for (field, text) in texts {
        form = maybe(form, field, text.clone());
    }
    form = maybe(form, "venue_capacity", draft.venue_capacity.map(|most| most.to_string()));
    form = maybe(form, "level", draft.level.map(|level| level.to_string()));
    let boxes = [
        ("online", draft.online),
        ("stp_discussed", draft.stp_discussed),
        ("held_in_public", draft.held_in_public),
        ("confirmed", draft.confirmed),
    ];
    for (field, ticked) in boxes {
        form = maybe(form, field, ticked.then_some("yes"));
    }
    lists(form, draft)
}

fn lists(mut form: Fields, draft: &EventDraft) -> Fields {
    for part in &draft.participations {
        let group = &part.group;
        form = form.with(&format!("part_{group}"), if part.took_part { "yes" } else { "no" });
        form = maybe(form, &format!("invited_{group}"), part.invited.as_ref().map(|n| n.words.clone()));
        form = maybe(form, &format!("attended_{group}"), part.attended.as_ref().map(|n| n.words.clone()));
    }
    for placed in &draft.places {
        form = maybe(form, "places", placed.listed.then(|| placed.place.clone()));
        let count = placed.count.as_ref().map(|n| n.words.clone());
        form = maybe(form, &format!("count_{}", placed.place), count);
    }
    for body in &draft.bodies {
        form = form.with("bodies", body);
    }
    for target in &draft.targets {
        form = form.with("targets", target.code());
    }
    for proposal in &draft.proposals {
        form = form.with("proposals", proposal);
    }
    for representative in &draft.representatives {
        form = form.with("representatives", representative);
    }
    let (known, other): (Vec<&String>, Vec<&String>) =
        draft.accessibility.iter().partition(|text| SUPPORT.contains(&text.as_str()));
    for text in known {
        form = form.with("support", text);
    }
    let other: Vec<&str> = other.into_iter().map(String::as_str).collect();
    form = maybe(form, "support_other", Some(other.join("\n")).filter(|text| !text.is_empty()));
    for (point, n) in draft.themes.iter().zip(1..) {
        form = maybe(form, &format!("point_id_{n}"), point.id.clone());
        form = form.with(&format!("point_{n}"), &point.text);
        form = maybe(form, &format!("outcome_{n}"), point.outcome.map(Outcome::code));
    }
    for (source, n) in draft.evidence.iter().zip(1..) {
        form = maybe(form, &format!("source_id_{n}"), source.id.clone());
        form = form.with(&format!("source_url_{n}"), &source.url);
        form = maybe(form, &format!("source_type_{n}"), source.source_type.clone());
        form = maybe(form, &format!("source_note_{n}"), source.note.clone());
    }
    form
}

/// The form of a new event: what most have is filled in.
pub fn new(key: &str, today: NaiveDate) -> Fields {
    Fields::new(key)
        .with("status", Status::Held.code())
        .with("date_precision", Precision::Day.code())
        .with("publication", Publication::Public.code())
        .with("stp_discussed", "yes")
        .with_day("starts", Some(today))
}

/// The form with what was typed into the quick log, whatever it is: nothing is lost, nothing is judged yet.
pub fn from_quick(typed: &Typed, choices: &Choices, today: NaiveDate) -> Fields {
    let day = typed.day("starts", "The date").ok().flatten();
    let planned = day.is_some_and(|day| day > today);
    let mut form = Fields::new(typed.text("form_key"))
        .with("status", if planned { Status::Planned.code() } else { Status::Held.code() })
        .with("date_precision", Precision::Day.code())
        .with("publication", Publication::Public.code());
    let same = ["kind", "title", "level", "stp_discussed", "starts-day", "starts-month", "starts-year"];
    for field in same {
        form = maybe(form, field, typed.some(field));
    }
    match typed.text("place") {
        quick::ONLINE => form = form.with("online", "yes"),
        code if choices.place(code).is_some() => form = form.with("places", code),
        _ => {}
    }
    let ticked = typed.list("who");
    let own = |code: &str| typed.some(&format!("attended_{code}"));
    let groups: Vec<&str> = choices
        .groups
        .iter()
        .map(|group| group.row.code.as_str())
        .filter(|code| ticked.iter().any(|ticked| ticked == code) || own(code).is_some())
        .collect();
    let total = typed.some("people");
    let alone = groups.len() == 1 && own(groups[0]).is_none() && !planned;
    for code in &groups {
        let attended = if alone { total.clone() } else { own(code) };
        let nobody = attended
            .as_deref()
            .is_some_and(|text| matches!(numbers::parse(text), Ok(Some(people)) if people.high == 0));
        form = form.with(&format!("part_{code}"), if planned || nobody { "no" } else { "yes" });
        form = maybe(form, &format!("attended_{code}"), attended);
    }
    if !alone {
        form = maybe(form, "attendance_note", total);
    }
    let said = typed.text("said").lines().map(str::trim).filter(|line| !line.is_empty());
    for (point, n) in said.zip(1..) {
        form = form.with(&format!("point_{n}"), point);
    }
    form
}

fn maybe(form: Fields, field: &str, text: Option<impl Into<String>>) -> Fields {
    match text {
        Some(text) => form.with(field, text),
        None => form,
    }
}
