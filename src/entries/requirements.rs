//! Requirements of the engagement plan: the level promised to a group, or why the group is left out for a time.

use chrono::TimeDelta;
use entity::requirement;

use super::{
    About, Choices, Put, Values,
    field::{Choice, Field, Kind, Section, Source},
    flat::{Flat, Times},
    shown,
};
use crate::events::draft::LEVELS;

/// The noun.
pub struct Requirements;

/// The longest that a waiver can hold.
const LONGEST: TimeDelta = TimeDelta::days(365);

const ABOUT: About = About {
    key: "requirements",
    table: "requirements",
    one: "group of the engagement plan",
    many: "groups of the engagement plan",
    lede: "What the engagement plan promises each group: how deeply it is to be heard, or why not for a time.",
    unique: &["group_code"],
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::new("group_code", "Group", Kind::One(Source::Groups))
                    .hint("A group that is not required by default becomes required by being here")
                    .required(),
                Field::new("planned_level", "Planned level", Kind::One(Source::Words(levels))).listed(),
            ],
        },
        Section {
            title: "Waiver",
            fields: &[
                Field::new("waiver_reason", "Why the group need not be heard for a time", Kind::Text)
                    .hint("The reason is public. Leave all four blank where there is no waiver"),
                Field::new("waiver_by", "Decided by", Kind::Line)
                    .hint("An office, such as programme director: not a name"),
                Field::new("waiver_made_on", "Decided on", Kind::Day),
                Field::new("waiver_until", "Holds until", Kind::Day)
                    .hint("At most 365 days after it was decided")
                    .listed(),
            ],
        },
    ],
    ..About::RECORD
};

/// The levels of participation, by number.
fn levels() -> Vec<Choice> {
    let level = |(number, word, hint): &(i32, &str, &str)| {
        Choice::new(number.to_string(), format!("{number} {word}: {hint}"))
    };
    LEVELS.iter().map(level).collect()
}

impl Flat for Requirements {
    type Entity = requirement::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> requirement::Model {
        let values = put.values;
        requirement::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            group_code: values.text("group_code").to_owned(),
            planned_level: values.whole("planned_level"),
            waiver_reason: values.some("waiver_reason"),
            waiver_by: values.some("waiver_by"),
            waiver_made_on: values.day("waiver_made_on"),
            waiver_until: values.day("waiver_until"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }

    fn check(values: &Values) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if values.text("group_code").starts_with("XP-") {
            wrong.push(("group_code", "Other parties are never required: select another group".to_owned()));
        }
        let parts = [
            ("waiver_reason", "Enter why the group need not be heard"),
            ("waiver_by", "Enter the office that decided"),
            ("waiver_made_on", "Enter the day of the decision"),
            ("waiver_until", "Enter the last day of the waiver"),
        ];
        if parts.iter().any(|(field, _)| values.some(field).is_some()) {
            let missing = parts.iter().filter(|(field, _)| values.some(field).is_none());
            wrong.extend(missing.map(|(field, message)| (*field, (*message).to_owned())));
        }
        if let Some((made, until)) = values.day("waiver_made_on").zip(values.day("waiver_until")) {
            if until < made {
                wrong.push(("waiver_until", "The waiver cannot end before it was decided".to_owned()));
            } else if until - made > LONGEST {
                wrong.push((
                    "waiver_until",
                    "A waiver holds for 365 days at most: choose an earlier day".to_owned(),
                ));
            }
        }
        wrong
    }

    fn title(values: &Values, choices: &Choices) -> String {
        ABOUT.fields().next().map(|field| shown(field, values, choices)).unwrap_or_default()
    }
}
