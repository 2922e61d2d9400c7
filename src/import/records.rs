//! An entry → the records that it becomes, and the sentence that says so.

use entity::event::{Kind, Precision, Publication, Status};

use super::{
    draft::{Consultation, Draft, Event, Evidence, Participation, Proposal, Records, identity},
    entry::Entry,
    facts::Facts,
    map::{Becomes, Map},
};
use crate::{events::check, web::filters::day};

/// The records of an entry, and what it becomes in words. `consults` says whether it is a consultation itself; `parent`
/// is what it is part of, and whether that is a consultation. The error is what the record's rules say against it.
pub fn of(
    entry: &Entry,
    consults: bool,
    parent: Option<(&Entry, bool)>,
    map: &Map,
    facts: &Facts,
) -> Result<(Draft, String), Vec<String>> {
    let id = |entry: &Entry, part: &str| identity(&map.name, &entry.stp, &entry.id, part);
    let formal = |entry: &Entry| entry.becomes == Becomes::FormalConsultation;
    let own = consults.then_some(entry);
    let within = parent.filter(|(_, consults)| *consults).map(|(parent, _)| parent);
    // A consultation stands by itself; what else is part of one belongs to it.
    let exercise = own.or(within);
    let proposals: Vec<String> =
        exercise.filter(|of| formal(of)).map(|of| id(of, "proposal")).into_iter().collect();
    let event = Event {
        id: id(entry, "event"),
        stp: entry.stp.clone(),
        consultation_id: exercise.map(|of| id(of, "consultation")),
        title: if consults { format!("{}: open response", entry.title) } else { entry.title.clone() },
        kind: if consults { Kind::Survey } else { entry.kind },
        status: entry.status,
        starts_on: entry.starts_on,
        ends_on: entry.ends_on,
        date_words: entry.date_words.clone(),
        precision: entry.precision,
        venue: entry.venue.clone(),
        online: entry.online,
        stp_discussed: entry.stp_discussed,
        level: entry.level,
        level_basis: entry.level.and(map.fixed.level_basis.clone()),
        held_in_public: entry.in_public,
        publication: map.fixed.publication.unwrap_or(Publication::Unpublished),
        feedback_on: entry.feedback_on.filter(|_| !consults),
        summary: entry.summary.clone(),
        outcome: entry.outcome.clone(),
        attendance_note: attendance(entry, consults, parent),
        participations: participations(entry, consults),
        places: entry.places.clone(),
        proposals,
        evidence: evidence(entry, map),
        external_id: entry.id.clone(),
    };
    let wrongs = check::wrongs(&event.whole());
    if !wrongs.is_empty() {
        return Err(wrongs.into_iter().map(|wrong| format!("{}.", wrong.message)).collect());
    }
    let consultation = own.map(|of| consultation(of, id(of, "consultation"), formal(of)));
    let proposal =
        own.filter(|of| formal(of)).map(|of| Proposal { id: id(of, "proposal"), title: of.title.clone() });
    let reason = reason(entry, &event, consultation.as_ref(), parent, facts);
    Ok((Draft::Events(Box::new(Records { proposal, consultation, event })), reason))
}

fn consultation(entry: &Entry, id: String, formal: bool) -> Consultation {
    // Days that only bound it are the event's; a consultation's own are known or not.
    let known = entry.precision == Precision::Day;
    Consultation {
        id,
        title: entry.title.clone(),
        formal,
        status: entry.status,
        opens_on: entry.starts_on.filter(|_| known),
        closes_on: entry.ends_on.filter(|_| known),
        dates_words: entry.date_words.clone(),
        responses: entry.responses.clone(),
        attended: entry.attended.clone(),
        discussed: entry.summary.clone(),
        outcome: entry.outcome.clone(),
    }
}

fn participations(entry: &Entry, consults: bool) -> Vec<Participation> {
    let took_part = entry.status == Status::Held
        && entry.attended.as_ref().is_none_or(|count| count.high > 0 || consults);
    // A number belongs to a group only where there is no other.
    let attended = entry.attended.clone().filter(|_| entry.groups.len() == 1 && !consults);
    let row = |group: &String| Participation { group: group.clone(), took_part, attended: attended.clone() };
    entry.groups.iter().map(row).collect()
}

/// What is known of the numbers and is not a group's own.
fn attendance(entry: &Entry, consults: bool, parent: Option<(&Entry, bool)>) -> Option<String> {
    let mut said = Vec::new();
    if consults {
        let totals = [(&entry.attended, "took part"), (&entry.responses, "responded")];
        let totals: Vec<String> = totals
            .iter()
            .filter_map(|(count, did)| Some(format!("{} {did}", count.as_ref()?.words)))
            .collect();
        if !totals.is_empty() {
            said.push(format!("Counted with the consultation as a whole: {}.", totals.join(", ")));
        }
    } else {
        if let Some(count) = entry.attended.as_ref().filter(|_| entry.groups.len() != 1) {
            said.push(format!("In all: {}. How many of each group is not known.", count.words));
        }
        if let Some(count) = &entry.responses {
            said.push(format!("Responses: {}.", count.words));
        }
        if let Some((parent, false)) = parent
            && parent.attended.is_some()
        {
            said.push(format!("Part of “{}”, whose own number is not added to this one.", parent.title));
        }
    }
    said.extend(entry.numbers_note.as_ref().map(|note| format!("Note: {note}.")));
    Some(said.join(" ")).filter(|text| !text.is_empty())
}

fn evidence(entry: &Entry, map: &Map) -> Vec<Evidence> {
    let row = |(number, url): (usize, &String)| Evidence {
        id: identity(&map.name, &entry.stp, &entry.id, &format!("evidence {number}")),
        url: url.clone(),
        source_type: entry.source_type.clone(),
        note: entry.confidence.clone(),
    };
    entry.links.iter().enumerate().map(row).collect()
}

/// What the row becomes, in words.
fn reason(
    entry: &Entry,
    event: &Event,
    consultation: Option<&Consultation>,
    parent: Option<(&Entry, bool)>,
    facts: &Facts,
) -> String {
    let mut said = Vec::new();
    said.push(match consultation {
        Some(consultation) if consultation.formal => {
            "A formal consultation, its proposal, and an event for the open response.".to_owned()
        }
        Some(_) => "A consultation that is not formal, and an event for the open response.".to_owned(),
        None => format!("An event: {}.", event.kind.name().to_lowercase()),
    });
    match entry.status {
        Status::Held => {}
        Status::Planned => {
            said.push("Announced; whether it took place is not known, so it is planned.".to_owned());
        }
        Status::Cancelled => said.push("Cancelled.".to_owned()),
    }
    match parent {
        Some((parent, true)) if consultation.is_none() => {
            said.push(format!("Part of the consultation “{}”.", parent.title));
        }
        Some((parent, _)) => {
            said.push(format!(
                "The source has it as part of “{}”; each stands by itself here.",
                parent.title
            ));
        }
        None => {}
    }
    match (entry.precision, entry.starts_on, entry.ends_on, &entry.date_words) {
        (Precision::Unknown, ..) => {
            said.push("It has no date: kept and listed, and not in the record until it has one.".to_owned());
        }
        (Precision::Period, Some(from), Some(to), Some(words)) => {
            said.push(format!(
                "Its days are shown as “{words}” and taken to lie between {} and {}.",
                day(from),
                day(to)
            ));
        }
        _ => {}
    }
    if entry.groups.is_empty() {
        said.push("No audience is named.".to_owned());
    } else {
        let names: Vec<&str> =
            entry.groups.iter().filter_map(|code| facts.groups.get(code)).map(String::as_str).collect();
        said.push(format!("Groups: {}.", names.join("; ")));
    }
    said.extend(entry.notes.iter().cloned());
    said.join(" ")
}
