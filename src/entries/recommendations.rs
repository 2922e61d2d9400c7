//! Recommendations of scrutiny committees, and the answers to them.

use entity::recommendation;

use super::{
    About, Put,
    field::{Field, Kind, Section, Source},
    flat::{Flat, Times},
};

/// The noun.
pub struct Recommendations;

const ABOUT: About = About {
    key: "recommendations",
    table: "recommendations",
    one: "recommendation",
    many: "recommendations",
    lede: "What scrutiny committees recommended, and what they were answered.",
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("text", "Recommendation", Kind::Text).required(),
            Field::new("scrutiny_id", "Scrutiny", Kind::One(Source::Entries("scrutiny"))).required().listed(),
            Field::new("received_on", "Received on", Kind::Day).listed(),
            Field::new("answered_on", "Answered on", Kind::Day).listed(),
            Field::new("answer", "Answer", Kind::Text),
        ],
    }],
    ..About::RECORD
};

impl Flat for Recommendations {
    type Entity = recommendation::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> recommendation::Model {
        let values = put.values;
        recommendation::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            scrutiny_id: values.text("scrutiny_id").to_owned(),
            text: values.text("text").to_owned(),
            received_on: values.day("received_on"),
            answered_on: values.day("answered_on"),
            answer: values.some("answer"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }
}
