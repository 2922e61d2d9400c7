//! One event as anyone may see it. What is open is shown with its numbers disclosed; what is not shows what the
//! disclosed record keeps of it and nothing else.

use std::collections::HashMap;

use anyhow::Context as _;
use entity::{body, consultation, proposal, stp};
use method::{
    Record,
    record::{Event, Participation, PlaceCount, Stp},
    values::{Count, Id, Level, StpCode},
    words::{EventKind, EventStatus, Format, Group, Publication},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;

use super::{list, open, title, when};
use crate::{
    assessments::{heard::People, standard, stp::interval},
    events::{
        find,
        numbers::Attended,
        whole::{EventWhole, Part},
    },
    representatives,
    web::filters,
};

/// A group's part, as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupPart {
    pub name: &'static str,
    pub took_part: bool,
    pub invited: String,
    pub attended: String,
}

/// A place, as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    pub name: String,
    pub count: String,
}

/// A point that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// Empty for a stub: only what came of it is told.
    pub text: String,
    pub outcome: &'static str,
}

/// A proposal that it was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    pub href: String,
    pub title: String,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    pub url: String,
    /// Whether it is an address of the web, and not something else that a browser might run.
    pub link: bool,
    pub kind: String,
    pub note: String,
}

/// An event as anyone may see it. An empty text is not recorded, or not to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(clippy::struct_excessive_bools)] // each is a field of the record
pub struct Shown {
    pub id: String,
    pub title: String,
    pub open: bool,
    pub when: String,
    pub kind: &'static str,
    pub status: &'static str,
    pub stp_code: String,
    pub stp_name: String,
    pub venue: String,
    pub online: bool,
    pub stp_discussed: bool,
    pub level: &'static str,
    pub governance: bool,
    pub held_in_public: bool,
    pub minutes_published: String,
    pub minutes_url: String,
    pub chair: String,
    pub papers_published: String,
    pub papers_url: String,
    pub groups: Vec<GroupPart>,
    pub places: Vec<Place>,
    pub bodies: Vec<String>,
    pub targets: Vec<&'static str>,
    pub proposals: Vec<About>,
    pub consultation: String,
    pub summary: String,
    pub points: Vec<Point>,
    pub outcome: String,
    pub feedback: String,
    pub accessibility: Vec<String>,
    pub attendance_note: String,
    pub cancelled_reason: String,
    pub publication: &'static str,
    pub withheld_reason: String,
    pub review: String,
    pub evidence: Vec<Source>,
    pub evidence_count: usize,
    /// Whether any number of people is shown, so that the page says how they are masked.
    pub counted: bool,
}

/// The event with this id, as anyone may see it; nothing where there is none or it was withdrawn.
pub async fn one(db: &impl ConnectionTrait, id: &str) -> anyhow::Result<Option<Shown>> {
    let row = entity::event::Entity::find_by_id(id)
        .filter(entity::event::Column::WithdrawnAt.is_null())
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let whole = representatives::find::settled(db, find::complete(db, row).await?).await?;
    let area = stp::Entity::find_by_id(&whole.event.stp_code).one(db).await?.context("an event of no STP")?;
    let disclosed = disclosed(&whole)?;
    let codes = disclosed
        .places
        .iter()
        .map(Id::as_str)
        .chain(disclosed.place_counts.iter().map(|row| row.place.as_str()));
    let places = list::names(db, codes).await?;
    let bodies = body::Entity::find()
        .filter(body::Column::Code.is_in(&whole.bodies))
        .order_by_asc(body::Column::Code)
        .all(db)
        .await?;
    let proposals = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(&whole.proposals))
        .order_by_asc(proposal::Column::Id)
        .all(db)
        .await?;
    let consultation = match whole.event.consultation_id.as_deref() {
        Some(id) => consultation::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let mut shown = show(&whole, &disclosed, &area, &places);
    shown.bodies = bodies.into_iter().map(|body| body.name).collect();
    let about = |row: proposal::Model| About { href: format!("/proposals/{}", row.id), title: row.title };
    shown.proposals = proposals.into_iter().map(about).collect();
    if shown.open {
        shown.consultation = consultation.map(|consultation| consultation.title).unwrap_or_default();
    }
    Ok(Some(shown))
}

fn show(whole: &EventWhole, disclosed: &Event, area: &stp::Model, places: &HashMap<String, String>) -> Shown {
    let event = &whole.event;
    let open = open(event);
    let told = |text: &Option<String>| text.clone().filter(|_| open).unwrap_or_default();
    let day = |day: Option<chrono::NaiveDate>| day.map(filters::day).unwrap_or_default();
    let groups: Vec<GroupPart> = disclosed.participation.iter().map(|row| group(row, whole)).collect();
    let places = places_of(disclosed, whole, places);
    let counted = groups.iter().any(|group| !(group.invited.is_empty() && group.attended.is_empty()))
        || places.iter().any(|place| !place.count.is_empty());
    Shown {
        id: event.id.clone(),
        title: title(event),
        open,
        when: when(event),
        kind: event.kind.name(),
        status: event.status.name(),
        stp_code: area.code.clone(),
        stp_name: area.display_name.clone(),
        venue: disclosed.venue.clone().unwrap_or_default(),
        online: event.online,
        stp_discussed: event.stp_discussed,
        level: disclosed.level.map_or("", Level::name),
        governance: disclosed.kind == EventKind::GovernanceMeeting,
        held_in_public: event.held_in_public,
        minutes_published: day(event.minutes_published_on),
        minutes_url: told(&event.minutes_url),
        chair: told(&event.chair),
        papers_published: day(event.papers_published_on),
        papers_url: told(&event.papers_url),
        groups,
        places,
        bodies: Vec::new(),
        targets: whole.targets.iter().map(|target| target.name()).collect(),
        proposals: Vec::new(),
        consultation: String::new(),
        summary: told(&event.summary),
        points: whole
            .themes
            .iter()
            .map(|point| Point {
                text: if open { point.text.clone() } else { String::new() },
                outcome: point.outcome.map_or("Not answered yet", entity::theme::Outcome::name),
            })
            .collect(),
        outcome: told(&event.outcome),
        feedback: day(event.feedback_on),
        accessibility: if open { whole.draft().accessibility } else { Vec::new() },
        attendance_note: masked(&told(&event.attendance_note)),
        cancelled_reason: told(&event.cancelled_reason),
        publication: event.publication.name(),
        withheld_reason: event.withheld_reason.clone().unwrap_or_default(),
        review: day(event.review_on),
        evidence: whole
            .evidence
            .iter()
            .filter(|_| open)
            .map(|source| Source {
                url: source.url.clone(),
                link: filters::is_web(&source.url),
                kind: source.source_type.clone().unwrap_or_default(),
                note: source.note.clone().unwrap_or_default(),
            })
            .collect(),
        evidence_count: whole.evidence.len(),
        counted,
    }
}

fn group(row: &Participation, whole: &EventWhole) -> GroupPart {
    let part = whole.participations.iter().find(|part| part.group == row.group.code());
    GroupPart {
        name: row.group.name(),
        took_part: row.took_part,
        invited: people(row.invited, part.and_then(|part| part.invited.as_ref())),
        attended: people(row.attended, part.and_then(|part| part.attended.as_ref())),
    }
}

fn places_of(disclosed: &Event, whole: &EventWhole, names: &HashMap<String, String>) -> Vec<Place> {
    let name = |code: &Id| names.get(code.as_str()).cloned().unwrap_or_else(|| code.to_string());
    let count = |code: &Id| disclosed.place_counts.iter().find(|row| row.place == *code).map(|row| row.count);
    let raw = |code: &Id| {
        whole.places.iter().find(|place| place.place == code.as_str()).and_then(|place| place.count.as_ref())
    };
    let beside =
        disclosed.place_counts.iter().map(|row| &row.place).filter(|code| !disclosed.places.contains(code));
    disclosed
        .places
        .iter()
        .chain(beside)
        .map(|code| Place { name: name(code), count: people(count(code), raw(code)) })
        .collect()
}

/// A number of people as it may be shown: the words it was written in where they tell no more than the disclosed
/// number, else that number.
fn people(disclosed: Option<Count>, raw: Option<&Attended>) -> String {
    let Some(count) = disclosed else { return String::new() };
    if let Some(raw) = raw.filter(|raw| as_said(raw, count)) {
        return raw.words.clone();
    }
    interval(People { low: count.low.into(), high: count.high.into() })
}

/// Whether the words of a number tell no more than the disclosed number: nothing was masked or rounded, and they name
/// no other number.
fn as_said(raw: &Attended, shown: Count) -> bool {
    let same = i64::from(raw.low) == i64::from(shown.low) && i64::from(raw.high) == i64::from(shown.high);
    let known =
        |number: &str| number.parse::<u32>().is_ok_and(|number| number == shown.low || number == shown.high);
    same && numbers(&raw.words).all(|number| known(&number))
}

/// The numbers in a text, thousands separators left out.
fn numbers(text: &str) -> impl Iterator<Item = String> + '_ {
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    text.split(|c: char| !(c.is_ascii_digit() || c == ',')).map(digits).filter(|number| !number.is_empty())
}

/// A sentence with each number of people in it disclosed: a total must not give away what was masked beside it. What
/// reads as a year stays.
fn masked(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut digits = String::new();
    for letter in text.chars().chain(['\0']) {
        let joins = letter == ',' && !digits.is_empty();
        if letter.is_ascii_digit() || joins {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            let trailing = if digits.ends_with(',') { "," } else { "" };
            let number: u64 = digits.replace(',', "").parse().unwrap_or(u64::MAX);
            let shown = match number {
                0 | 1990..=2030 | u64::MAX => digits.trim_end_matches(',').to_owned(),
                1..=4 => "fewer than 5".to_owned(),
                _ => filters::thousands(i64::try_from((number + 2) / 5 * 5).unwrap_or(i64::MAX)),
            };
            said.push_str(&shown);
            said.push_str(trailing);
            digits.clear();
        }
        if letter != '\0' {
            said.push(letter);
        }
    }
    said
}

/// The event as the disclosed record has it. An event without a day is in no record; for this it stands on any day.
fn disclosed(whole: &EventWhole) -> anyhow::Result<Event> {
    let event = whole.event.clone();
    let id = |text: &str| Id::parse(text).with_context(|| format!("`{text}` cannot be an id"));
    let count = |people: &Attended| {
        Some(Count { low: u32::try_from(people.low).ok()?, high: u32::try_from(people.high).ok()? })
    };
    let parts = whole.participations.iter().map(|part: &Part| {
        Ok(Participation {
            group: Group::parse(&part.group).with_context(|| format!("no group {}", part.group))?,
            took_part: part.took_part,
            invited: part.invited.as_ref().and_then(count),
            attended: part.attended.as_ref().and_then(count),
        })
    });
    let mut places = Vec::new();
    let mut place_counts = Vec::new();
    for place in &whole.places {
        if place.listed {
            places.push(id(&place.place)?);
        }
        if let Some(count) = place.count.as_ref().and_then(count) {
            place_counts.push(PlaceCount { place: id(&place.place)?, count });
        }
    }
    let alone = Event {
        id: id(&event.id)?,
        title: Some(event.title),
        kind: EventKind::parse(event.kind.code()).context("a kind that the method does not know")?,
        status: EventStatus::parse(event.status.code()).context("a status that the method does not know")?,
        starts_on: event.starts_on.unwrap_or_default(),
        ends_on: event.ends_on,
        created_on: event.created_on,
        venue: event.venue,
        venue_capacity: event.venue_capacity.and_then(|places| u32::try_from(places).ok()),
        online: event.online,
        places,
        stp_discussed: event.stp_discussed,
        proposals: Vec::new(),
        bodies: Vec::new(),
        level: event.level.and_then(|level| Level::from_number(u32::try_from(level).ok()?)),
        participation: parts.collect::<anyhow::Result<Vec<_>>>()?,
        place_counts,
        targets: Vec::new(),
        held_in_public: event.held_in_public,
        minutes_published_on: event.minutes_published_on,
        publication: Publication::parse(event.publication.code())
            .context("a state that the method does not know")?,
        withheld_reason: event.withheld_reason,
        review_on: event.review_on,
        evidence_count: None,
        feedback_on: event.feedback_on,
        themes: Vec::new(),
        confirmed: event.confirmed,
    };
    let record = Record {
        format: Format::V1,
        disclosed: false,
        stps: vec![around(alone, &event.stp_code)?],
        standard: standard(),
    };
    let shown =
        method::disclose(&record).stps.into_iter().next().and_then(|stp| stp.events.into_iter().next());
    shown.context("disclosure lost the event")
}

/// An STP with this one event.
fn around(event: Event, code: &str) -> anyhow::Result<Stp> {
    Ok(Stp {
        code: StpCode::parse(code).with_context(|| format!("`{code}` cannot be an STP's code"))?,
        name: String::new(),
        population: 1,
        plan_started_on: None,
        plan_published_on: None,
        engagement_plan_published_on: None,
        reach_target_per_10000: None,
        places: Vec::new(),
        bodies: Vec::new(),
        requirements: Vec::new(),
        reachable_contacts: None,
        monitoring_returns: Vec::new(),
        monitoring_exceptions: Vec::new(),
        population_shares: Vec::new(),
        proposals: Vec::new(),
        consultations: Vec::new(),
        events: vec![event],
        requests: Vec::new(),
        questions: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(low: i32, high: i32, words: &str) -> String {
        let raw = Attended { low, high, words: words.to_owned() };
        let mask = |n: i32, few: u32| match n {
            0 => 0,
            1..=4 => few,
            n => (u32::try_from(n).unwrap() + 2) / 5 * 5,
        };
        people(Some(Count { low: mask(low, 1), high: mask(high, 4) }), Some(&raw))
    }

    #[test]
    fn words_are_shown_only_where_they_tell_no_more_than_the_number() {
        assert_eq!(said(40, 40, "about 40"), "about 40");
        assert_eq!(said(600, 600, "over 600"), "over 600");
        assert_eq!(said(1200, 1200, "1,200"), "1,200");
        assert_eq!(said(20, 30, "20-30"), "20-30");
        assert_eq!(said(42, 42, "about 42"), "40");
        assert_eq!(said(3, 3, "3"), "under 5");
        assert_eq!(said(3, 12, "3 to 12"), "1 to 10");
        assert_eq!(said(40, 40, "40, 3 of them carers"), "40");
        assert_eq!(said(0, 0, "0"), "0");
    }

    #[test]
    fn a_total_in_words_gives_nothing_away() {
        assert_eq!(masked("174 people at the meetings of 2017"), "175 people at the meetings of 2017");
        assert_eq!(masked("3 people, 1,203 letters"), "fewer than 5 people, 1,205 letters");
        assert_eq!(masked("no number"), "no number");
        assert_eq!(masked("43"), "45");
    }
}
