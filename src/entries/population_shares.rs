//! What share of the residents is in each category: what monitoring is held against.

use entity::{event_target::Characteristic, population_share};
use serde_json::Value;

use super::{
    About, Choices, Put, Values,
    field::{Field, Kind, Section, words},
    flat::{Flat, Times},
    shown,
    values::decimal,
};

/// The noun.
pub struct PopulationShares;

const ABOUT: About = About {
    key: "population-shares",
    table: "population_shares",
    one: "population share",
    many: "population shares",
    lede: "What share of the residents is in each category, with its source: what equality monitoring is held against.",
    unique: &["characteristic", "category"],
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("characteristic", "Characteristic", Kind::One(words!(Characteristic)))
                .required()
                .listed(),
            Field::new("category", "Category", Kind::Line)
                .hint("Spelled as in the monitoring returns, such as 65 and over")
                .required()
                .listed(),
            Field::new("share", "Share of all residents", Kind::Share)
                .hint("From 0 to 1, such as 0.281")
                .required()
                .listed(),
            Field::new("source", "Source", Kind::Line)
                .hint("Such as the 2011 census, table QS103EW")
                .required()
                .listed(),
        ],
    }],
    ..About::RECORD
};

impl Flat for PopulationShares {
    type Entity = population_share::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> population_share::Model {
        let values = put.values;
        population_share::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            characteristic: values
                .word("characteristic", Characteristic::parse)
                .unwrap_or(Characteristic::Age),
            category: values.text("category").to_owned(),
            share_millionths: values.millionths("share").unwrap_or_default(),
            source: values.text("source").to_owned(),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }

    fn document(document: &mut Value) {
        if let Some(millionths) = document["share_millionths"].as_i64() {
            document["share"] = decimal(millionths).into();
        }
    }

    fn title(values: &Values, choices: &Choices) -> String {
        let characteristic = ABOUT.fields().next().map(|field| shown(field, values, choices));
        format!("{}: {}", characteristic.unwrap_or_default(), values.text("category"))
    }
}
