//! What the forms of an event offer: the words of each field, the STP's own groups, places and bodies.

use entity::{
    audience_group::Audience,
    event::{Kind, Precision, Publication, Status},
    event_target::Characteristic,
    representative,
    theme::Outcome,
};
use serde::Serialize;

use crate::{
    events::{
        choices::{Choices, Group},
        draft::{LEVELS, full::SUPPORT, quick},
    },
    web::{fields::Fields, filters},
};

/// One choice of a field.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    fn hinted(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// The kinds that people log most, for the first places on the quick log.
const OFTEN: [Kind; 6] =
    [Kind::DropIn, Kind::PublicMeeting, Kind::FocusGroup, Kind::Workshop, Kind::Survey, Kind::Outreach];

/// The kinds logged most, and all others.
pub fn kinds() -> (Vec<Choice>, Vec<Choice>) {
    let choice = |kind: &Kind| Choice::new(kind.code(), kind.name());
    let rest = Kind::ALL.iter().filter(|kind| !OFTEN.contains(kind));
    (OFTEN.iter().map(choice).collect(), rest.map(choice).collect())
}

pub fn all_kinds() -> Vec<Choice> {
    Kind::ALL.iter().map(|kind| Choice::new(kind.code(), kind.name())).collect()
}

pub fn statuses() -> Vec<Choice> {
    Status::ALL.iter().map(|status| Choice::new(status.code(), status.name())).collect()
}

pub fn precisions() -> Vec<Choice> {
    Precision::ALL.iter().map(|word| Choice::new(word.code(), word.name())).collect()
}

pub fn publications() -> Vec<Choice> {
    let hint = |state| match state {
        Publication::Public => "Anyone can read it",
        Publication::Withheld => "That it took place is public, with the reason; the rest is not",
        Publication::Unpublished => "That it took place is public; the rest is not, yet",
    };
    Publication::ALL
        .iter()
        .map(|state| Choice::new(state.code(), state.name()).hinted(hint(*state)))
        .collect()
}

pub fn levels() -> Vec<Choice> {
    LEVELS
        .iter()
        .map(|(level, word, hint)| Choice::new(level.to_string(), format!("{word}: {hint}")))
        .collect()
}

pub fn targets() -> Vec<Choice> {
    Characteristic::ALL.iter().map(|word| Choice::new(word.code(), word.name())).collect()
}

pub fn outcomes() -> Vec<Choice> {
    Outcome::ALL.iter().map(|word| Choice::new(word.code(), word.name())).collect()
}

pub fn support() -> Vec<Choice> {
    SUPPORT.iter().map(|text| Choice::new(*text, *text)).collect()
}

/// The STP's own places; a district's says its county.
fn places(choices: &Choices, within: bool) -> Vec<Choice> {
    let county = |code: &str| choices.place(code).map(|place| place.row.name.as_str());
    let wanted = choices.places.iter().filter(|place| place.core == within);
    wanted
        .map(|place| {
            let hint = place.row.parent_code.as_deref().and_then(county).map(|name| format!("in {name}"));
            let code = &place.row.code;
            let county = choices.places.iter().any(|other| other.row.parent_code.as_ref() == Some(code));
            let name = &place.row.name;
            let label = if county { format!("{name} (county)") } else { name.clone() };
            Choice::new(code, label).hinted(hint.unwrap_or_default())
        })
        .collect()
}

/// Where, in the quick log: the places, the whole area, online.
pub fn quick_places(choices: &Choices) -> Vec<Choice> {
    let mut all = places(choices, true);
    all.extend(
        places(choices, false)
            .into_iter()
            .map(|place| Choice { label: format!("{} (edge of the area)", place.label), ..place }),
    );
    let names: Vec<&str> = choices.places.iter().map(|place| place.row.name.as_str()).collect();
    let area = &choices.stp.display_name;
    let across = if names.contains(&area.as_str()) {
        // A county and an area of one name are not the same.
        format!("Across the whole {area} STP area")
    } else {
        format!("Across {area}")
    };
    all.push(Choice::new(quick::AREA, across));
    all.push(Choice::new(quick::ONLINE, "Online"));
    all
}

/// Every place with whether it is at the heart of the area: for the full record.
pub fn all_places(choices: &Choices) -> Vec<Choice> {
    let edge =
        places(choices, false).into_iter().map(|place| Choice { hint: "edge of the area".into(), ..place });
    places(choices, true).into_iter().chain(edge).collect()
}

pub fn bodies(choices: &Choices) -> Vec<Choice> {
    choices.bodies.iter().map(|body| Choice::new(&body.code, &body.name)).collect()
}

pub fn proposals(choices: &Choices) -> Vec<Choice> {
    choices.proposals.iter().map(|known| Choice::new(&known.id, &known.title)).collect()
}

/// Who speaks for which group, with the days of the role.
pub fn representatives(choices: &Choices) -> Vec<Choice> {
    let role = |known: &representative::Model| {
        let group =
            choices.group(&known.group_code).map_or(known.group_code.as_str(), |group| &group.row.name);
        let term = match known.until_on {
            Some(until) => format!("from {} to {}", filters::day(known.from_on), filters::day(until)),
            None => format!("since {}", filters::day(known.from_on)),
        };
        Choice::new(&known.id, &known.office).hinted(format!("for {group}, {term}"))
    };
    choices.representatives.iter().map(role).collect()
}

pub fn consultations(choices: &Choices) -> Vec<Choice> {
    choices.consultations.iter().map(|known| Choice::new(&known.id, &known.title)).collect()
}

fn group(group: &Group) -> Choice {
    Choice::new(&group.row.code, &group.row.name)
}

/// The groups that the STP must hear, and all others.
pub fn groups(choices: &Choices) -> (Vec<Choice>, Vec<Choice>) {
    let (required, rest): (Vec<&Group>, Vec<&Group>) =
        choices.groups.iter().partition(|group| group.required);
    (required.into_iter().map(group).collect(), rest.into_iter().map(group).collect())
}

/// The groups of one audience.
#[derive(Clone, Debug, Serialize)]
pub struct AudienceChoices {
    pub code: &'static str,
    pub name: &'static str,
    pub groups: Vec<Choice>,
    /// Whether the form says anything of one of them, or finds something wrong: its part of the page is then open.
    pub open: bool,
}

/// All groups by audience. `prefixes` are those of the fields that a group has in the form.
pub fn audiences(choices: &Choices, form: &Fields, prefixes: &[&str]) -> Vec<AudienceChoices> {
    let touched = |code: &str| {
        prefixes.iter().any(|prefix| {
            let field = format!("{prefix}{code}");
            form.errors.contains_key(&field)
                || form.values.get(&field).is_some_and(|texts| texts.iter().any(|text| !text.is_empty()))
        })
    };
    Audience::ALL
        .iter()
        .map(|audience| {
            let groups: Vec<&Group> =
                choices.groups.iter().filter(|group| group.row.audience == *audience).collect();
            AudienceChoices {
                code: audience.code(),
                name: audience.name(),
                open: groups.iter().any(|group| touched(&group.row.code)),
                groups: groups.into_iter().map(group).collect(),
            }
        })
        .collect()
}

/// How many rows named `prefix_1`, `prefix_2` … the form shows: those filled in, and `more` blank ones.
pub fn rows(form: &Fields, prefixes: &[&str], more: usize) -> Vec<usize> {
    let number = |name: &String| {
        let rest = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix))?;
        rest.parse::<usize>().ok().filter(|n| *n <= crate::events::check::ITEMS)
    };
    let filled = form.values.iter().filter(|(_, texts)| texts.iter().any(|text| !text.trim().is_empty()));
    let last = filled.filter_map(|(name, _)| number(name)).max().unwrap_or(0);
    (1..=(last + more).min(crate::events::check::ITEMS)).collect()
}
