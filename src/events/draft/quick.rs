//! The quick log: what one person can say in a minute on a phone.
//!
//! What it does not ask is left not recorded. One total for several groups is kept in words and never split.

use chrono::NaiveDate;
use entity::{
    event::{Kind, Precision, Status},
    theme,
};

use super::{fields::Reading, title};
use crate::{
    events::{
        choices::Choices,
        numbers::Attended,
        whole::{EventDraft, Part, Placed, Point},
    },
    web::form::{Problem, Typed},
};

/// In place of a place: the whole area, and no place in particular.
pub const AREA: &str = "area";
/// In place of a place: online.
pub const ONLINE: &str = "online";
/// The most characters of main points.
pub const POINTS: usize = 600;

/// Where it was.
enum Where {
    Place(String),
    Area,
    Online,
}

/// Reads the quick log. `today` parts what was held from what is planned.
pub fn parse(typed: &Typed, choices: &Choices, today: NaiveDate) -> Result<EventDraft, Vec<Problem>> {
    let mut form = Reading::new(typed);
    let kind = form.word("kind", Kind::parse, "Select what it was");
    if kind.is_none() && typed.text("kind").is_empty() {
        form.wrong("kind", "Select what it was");
    }
    let day = form.day("starts", "The date");
    if day.is_none() && form.problems.iter().all(|problem| problem.field != "starts") {
        form.wrong("starts", "Enter the date of the event");
    }
    let place = place(&mut form, choices);
    let status = match day {
        Some(day) if day > today => Status::Planned,
        _ => Status::Held,
    };
    let (participations, attendance_note) = people(&mut form, choices, status);
    let level = form.level();
    let points = form.lines("said");
    if typed.text("said").replace("\r\n", "\n").chars().count() > POINTS {
        form.wrong("said", "The main points must be 600 characters or fewer");
    }
    let given = form.text("title");
    let discussed = typed.has("stp_discussed");
    form.end(|| {
        let (kind, place) = (kind?, place?);
        let named: Vec<&str> = choices
            .groups
            .iter()
            .filter(|group| participations.iter().any(|part| part.group == group.row.code))
            .map(|group| group.row.name.as_str())
            .collect();
        let at = match &place {
            Where::Place(code) => choices.place(code).map(|place| place.row.name.as_str()),
            Where::Area => Some(choices.stp.display_name.as_str()),
            Where::Online => Some("online"),
        };
        let title = given.unwrap_or_else(|| title(kind, &named, at));
        let places = match &place {
            Where::Place(code) => vec![Placed { place: code.clone(), listed: true, count: None }],
            Where::Area | Where::Online => Vec::new(),
        };
        Some(EventDraft {
            date_precision: Precision::Day,
            online: matches!(place, Where::Online),
            stp_discussed: discussed,
            level,
            attendance_note,
            participations,
            places,
            themes: points.into_iter().map(point).collect(),
            ..EventDraft::new(title, kind, status, day)
        })
    })
}

fn point(text: String) -> Point {
    Point { id: None, text, outcome: None::<theme::Outcome> }
}

fn place(form: &mut Reading, choices: &Choices) -> Option<Where> {
    let known = |text: &str| match text {
        AREA => Some(Where::Area),
        ONLINE => Some(Where::Online),
        code => choices.place(code).map(|place| Where::Place(place.row.code.clone())),
    };
    if form.typed.text("place").is_empty() {
        form.wrong("place", "Select where it was");
    }
    form.word("place", known, "Select where it was")
}

/// Who took part with how many, and a total that cannot be split.
///
/// A box ticked or a number of a group's own says that the group has a part. A number under "How many people?" is
/// the group's where there is one group alone; a nought is everyone's; else it is kept in words.
fn people(form: &mut Reading, choices: &Choices, status: Status) -> (Vec<Part>, Option<String>) {
    let ticked = form.ticked(
        "who",
        |code| choices.group(code).map(|group| group.row.code.clone()),
        "Select groups that are on this page",
    );
    let own = |code: &str| format!("attended_{code}");
    let named = |code: &String| ticked.contains(code) || !form.typed.text(&own(code)).is_empty();
    let named: Vec<&String> =
        choices.groups.iter().map(|group| &group.row.code).filter(|code| named(code)).collect();
    if named.is_empty() {
        form.wrong("who", "Select who took part");
    }
    let total = form.people("people");
    let mut parts = Vec::new();
    for code in named {
        let attended = form.people(&own(code));
        // Words for "not known" in a box of its own say nothing of the group.
        if attended.is_some() || ticked.contains(code) {
            parts.push(Part { group: code.clone(), took_part: true, invited: None, attended });
        }
    }
    let said = |problem: &Problem| problem.field == "who" || problem.field.starts_with("attended_");
    if parts.is_empty() && !form.problems.iter().any(said) {
        form.wrong("who", "Select who took part");
    }
    let note = settle(form, &mut parts, total, status);
    (parts, note)
}

/// Brings the total and the groups' own numbers together. Gives the total in words where it stays apart.
fn settle(form: &mut Reading, parts: &mut [Part], total: Option<Attended>, status: Status) -> Option<String> {
    if status == Status::Planned {
        // Nobody has come yet: a number is what is expected, and no attendance.
        for part in parts.iter_mut() {
            part.took_part = false;
            if part.attended.take().is_some() {
                form.wrong(
                    format!("attended_{}", part.group),
                    "The date is in the future, so nobody has come yet: add this number when the event was held",
                );
            }
        }
        return total.map(|total| format!("{} expected", total.words));
    }
    let mut note = None;
    match (total, parts.len()) {
        (Some(total), 1) if parts[0].attended.is_none() => parts[0].attended = Some(total),
        (Some(total), 1) => {
            let own = parts[0].attended.as_ref().map(|own| (own.low, own.high));
            if own != Some((total.low, total.high)) {
                form.wrong(
                    format!("attended_{}", parts[0].group),
                    "This is not the number of people given above: give one of the two",
                );
            }
        }
        (Some(total), _) if total.high == 0 => {
            for part in parts.iter_mut() {
                match &part.attended {
                    Some(own) if own.high > 0 => form.wrong(
                        format!("attended_{}", part.group),
                        "Above it says that nobody came: change one of the two",
                    ),
                    _ => part.attended = Some(total.clone()),
                }
            }
        }
        (Some(total), _) => {
            // Someone can belong to two groups, so the groups may add up to more, but none alone is more than all.
            for part in parts.iter() {
                if part.attended.as_ref().is_some_and(|own| own.low > total.high) {
                    form.wrong(
                        format!("attended_{}", part.group),
                        "This is more than the number of people given above: change one of the two",
                    );
                }
            }
            note = Some(format!("{} in all, not split by group", total.words));
        }
        (None, _) => {}
    }
    for part in parts.iter_mut() {
        part.took_part = part.attended.as_ref().is_none_or(|own| own.high > 0);
    }
    note
}
