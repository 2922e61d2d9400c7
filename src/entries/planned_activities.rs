//! Planned activities of the engagement plan: how many events are planned for a group in a quarter.

use entity::planned_activity;

use super::{
    About, Choices, Put, Values,
    field::{Choice, Field, Kind, Section, Source},
    flat::{Flat, Times},
    shown,
};

/// The noun.
pub struct PlannedActivities;

const ABOUT: About = About {
    key: "planned-activities",
    table: "planned_activities",
    one: "planned activity",
    many: "planned activities",
    lede: "How many events the engagement plan sets out for each group in each quarter.",
    unique: &["group_code", "year", "quarter"],
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("group_code", "Group", Kind::One(Source::Groups)).required().listed(),
            Field::new("year", "Year", Kind::Whole(1900, 2199)).hint("Such as 2017").required().listed(),
            Field::new("quarter", "Quarter", Kind::One(Source::Words(quarters))).required().listed(),
            Field::new("events", "Number of events", Kind::Whole(1, 10_000)).required().listed(),
            Field::new("note", "Note", Kind::Text).hint("What is planned, in public"),
        ],
    }],
    ..About::RECORD
};

/// The quarters of a calendar year.
fn quarters() -> Vec<Choice> {
    let months = ["January to March", "April to June", "July to September", "October to December"];
    months
        .into_iter()
        .zip(1..)
        .map(|(months, number): (_, i32)| Choice::new(number.to_string(), months))
        .collect()
}

impl Flat for PlannedActivities {
    type Entity = planned_activity::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> planned_activity::Model {
        let values = put.values;
        planned_activity::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            group_code: values.text("group_code").to_owned(),
            year: values.whole("year").unwrap_or_default(),
            quarter: values.whole("quarter").unwrap_or(1),
            events: values.whole("events").unwrap_or_default(),
            note: values.some("note"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }

    fn title(values: &Values, choices: &Choices) -> String {
        let said = |key: &str| {
            ABOUT.fields().find(|field| field.key == key).map(|field| shown(field, values, choices))
        };
        let [group, quarter] = ["group_code", "quarter"].map(|key| said(key).unwrap_or_default());
        format!("{group}, {quarter} {}", values.text("year"))
    }
}
