//! The full record: every field of an event, read from its form and filled into it.
//!
//! Rows that repeat are numbered: `point_1`, `outcome_1`, `source_url_1`. A row left blank is no row. What belongs to
//! a group or a place carries its code: `part_PP-CAR`, `attended_PP-CAR`, `count_E06000028`.

use std::collections::BTreeSet;

use entity::{
    event::{Kind, Precision, Publication, Status},
    event_target::Characteristic,
    theme::Outcome,
};

use super::fields::Reading;
use crate::{
    events::{
        check::ITEMS,
        choices::Choices,
        whole::{EventDraft, Part, Placed, Point, Source},
    },
    web::form::{Problem, Typed},
};

/// Support that is often provided, as boxes to tick; anything else is written.
pub const SUPPORT: [&str; 7] = [
    "Interpreter",
    "British Sign Language",
    "Easy read",
    "Large print",
    "Hearing loop",
    "Step-free venue",
    "Travel or care costs",
];

/// Reads the full record. `kept` is the event that is being changed, if there is one: its points and sources keep
/// their identities.
pub fn parse(
    typed: &Typed,
    choices: &Choices,
    kept: Option<&EventDraft>,
) -> Result<EventDraft, Vec<Problem>> {
    let mut form = Reading::new(typed);
    let Some(core) = core(&mut form) else { return Err(form.problems) };
    let draft = EventDraft {
        consultation_id: consultation(&mut form, choices),
        ends_on: form.day("ends", "The day it ended"),
        date_words: form.text("date_words"),
        venue: form.text("venue"),
        venue_capacity: form.whole("venue_capacity", "The capacity"),
        online: typed.has("online"),
        places: places(&mut form, choices),
        participations: parts(&mut form, choices),
        attendance_note: form.text("attendance_note"),
        level: form.level(),
        level_basis: form.text("level_basis"),
        bodies: form.ticked(
            "bodies",
            |code| choices.bodies.iter().find(|body| body.code == code).map(|body| body.code.clone()),
            "Select bodies that are on this page",
        ),
        targets: form.ticked("targets", Characteristic::parse, "Select from the list"),
        accessibility: support(&mut form),
        stp_discussed: typed.has("stp_discussed"),
        proposals: form.ticked(
            "proposals",
            |id| choices.proposals.iter().find(|known| known.id == id).map(|known| known.id.clone()),
            "Select proposals that are on this page",
        ),
        summary: form.text("summary"),
        themes: points(&mut form, kept),
        outcome: form.text("outcome"),
        feedback_on: form.day("feedback", "The day of the feedback"),
        evidence: sources(&mut form, kept),
        held_in_public: typed.has("held_in_public"),
        minutes_published_on: form.day("minutes_published", "The day the minutes were published"),
        minutes_url: form.text("minutes_url"),
        chair: form.text("chair"),
        papers_published_on: form.day("papers_published", "The day the papers were published"),
        papers_url: form.text("papers_url"),
        representatives: form.ticked(
            "representatives",
            |id| choices.representatives.iter().find(|known| known.id == id).map(|known| known.id.clone()),
            "Select representatives that are on this page",
        ),
        withheld_reason: form.text("withheld_reason"),
        review_on: form.day("review", "The day of the review"),
        confirmed: typed.has("confirmed"),
        ..core
    };
    if draft.status == Status::Planned
        && let Some(part) = draft.participations.iter().find(|part| part.took_part)
    {
        form.wrong(
            format!("part_{}", part.group),
            "A planned event has not been held, so nobody can have taken part yet",
        );
    }
    for known in choices.representatives.iter().filter(|known| draft.representatives.contains(&known.id)) {
        let nobody = |part: &&Part| part.attended.as_ref().is_some_and(|people| people.high == 0);
        if draft.participations.iter().filter(nobody).any(|part| part.group == known.group_code) {
            form.wrong(
                format!("attended_{}", known.group_code),
                "A representative of this group took part, so somebody attended: change one of the two",
            );
        }
    }
    if draft.status == Status::Cancelled && draft.cancelled_reason.is_none() {
        form.wrong("cancelled_reason", "Enter why it was cancelled");
    }
    form.end(|| Some(draft))
}

/// The fields without which there is no event.
fn core(form: &mut Reading) -> Option<EventDraft> {
    let title = form.text("title").unwrap_or_default();
    let kind = required(form, "kind", Kind::parse, "Select what it was");
    let status = required(form, "status", Status::parse, "Select whether it was held");
    let starts_on = form.day("starts", "The date");
    let precision = form.word("date_precision", Precision::parse, "Select how well the date is known");
    let publication = required(form, "publication", Publication::parse, "Select who may read it");
    let cancelled_reason = form.text("cancelled_reason");
    Some(EventDraft {
        date_precision: precision.unwrap_or(Precision::Day),
        publication: publication?,
        cancelled_reason,
        ..EventDraft::new(title, kind?, status?, starts_on)
    })
}

fn required<T>(
    form: &mut Reading,
    field: &str,
    parse: impl Fn(&str) -> Option<T>,
    message: &str,
) -> Option<T> {
    if form.typed.text(field).is_empty() {
        form.wrong(field, message);
        return None;
    }
    form.word(field, parse, message)
}

fn consultation(form: &mut Reading, choices: &Choices) -> Option<String> {
    let known = |id: &str| choices.consultations.iter().find(|row| row.id == id).map(|row| row.id.clone());
    form.word("consultation", known, "Select a consultation that is on this page")
}

fn parts(form: &mut Reading, choices: &Choices) -> Vec<Part> {
    let mut parts = Vec::new();
    for group in &choices.groups {
        let code = &group.row.code;
        let said = form.word(
            &format!("part_{code}"),
            |text| match text {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            "Select whether the group took part",
        );
        let invited = form.people(&format!("invited_{code}"));
        let attended = form.people(&format!("attended_{code}"));
        // A number says as much as a word: who is counted took part, who was invited has a part in it.
        // Whoever corrects a number to nobody has said that it was an attempt, whatever stands beside it.
        let nobody = attended.as_ref().is_some_and(|people| people.high == 0);
        let part = said.map(|took_part| took_part && !nobody);
        let part = part.or_else(|| attended.as_ref().map(|people| people.high > 0));
        let part = part.or_else(|| invited.as_ref().map(|_| false));
        if let Some(took_part) = part {
            parts.push(Part { group: code.clone(), took_part, invited, attended });
        }
    }
    parts
}

fn places(form: &mut Reading, choices: &Choices) -> Vec<Placed> {
    let listed = form.ticked(
        "places",
        |code| choices.place(code).map(|place| place.row.code.clone()),
        "Select places that are on this page",
    );
    let mut places = Vec::new();
    for place in &choices.places {
        let code = &place.row.code;
        let count = form.people(&format!("count_{code}"));
        let listed = listed.contains(code);
        if listed || count.is_some() {
            places.push(Placed { place: code.clone(), listed, count });
        }
    }
    places
}

fn support(form: &mut Reading) -> Vec<String> {
    let known = |text: &str| SUPPORT.iter().find(|known| **known == text).map(|known| (*known).to_owned());
    let mut all = form.ticked("support", known, "Select from the list");
    for other in form.lines("support_other") {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all
}

/// The numbers of the rows that were filled in, of `prefix_1`, `prefix_2` …
fn rows(typed: &Typed, prefixes: &[&str]) -> BTreeSet<usize> {
    let number = |name: &str| {
        let rest = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix))?;
        rest.parse().ok().filter(|n| (1..=ITEMS).contains(n))
    };
    let filled = typed.0.iter().filter(|(_, text)| !text.trim().is_empty());
    filled.filter_map(|(name, _)| number(name)).collect()
}

fn points(form: &mut Reading, kept: Option<&EventDraft>) -> Vec<Point> {
    let mut points = Vec::new();
    for n in rows(form.typed, &["point_", "outcome_"]) {
        let outcome = form.word(&format!("outcome_{n}"), Outcome::parse, "Select what came of it");
        let Some(text) = form.text(&format!("point_{n}")) else {
            form.wrong(format!("point_{n}"), "Enter the point, or leave out what came of it");
            continue;
        };
        let id = form.text(&format!("point_id_{n}")).filter(|id| {
            let known = |point: &Point| point.id.as_ref() == Some(id);
            kept.is_some_and(|kept| kept.themes.iter().any(known)) && !points.iter().any(known)
        });
        points.push(Point { id, text, outcome });
    }
    points
}

fn sources(form: &mut Reading, kept: Option<&EventDraft>) -> Vec<Source> {
    let mut sources = Vec::new();
    for n in rows(form.typed, &["source_url_", "source_type_", "source_note_"]) {
        let Some(url) = form.text(&format!("source_url_{n}")) else {
            form.wrong(format!("source_url_{n}"), "Enter the web address, or leave out what it is");
            continue;
        };
        let id = form.text(&format!("source_id_{n}")).filter(|id| {
            let known = |source: &Source| source.id.as_ref() == Some(id);
            kept.is_some_and(|kept| kept.evidence.iter().any(known)) && !sources.iter().any(known)
        });
        let source_type = form.text(&format!("source_type_{n}"));
        let note = form.text(&format!("source_note_{n}"));
        sources.push(Source { id, url, source_type, note });
    }
    sources
}
