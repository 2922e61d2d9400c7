//! What people said in a consultation, point by point, and what came of each.

use entity::{consultation_theme, theme::Outcome};

use super::{
    About, Put,
    field::{Field, Kind, Section, Source, words},
    flat::{Flat, Times},
};

/// The noun.
pub struct ConsultationThemes;

const ABOUT: About = About {
    key: "consultation-themes",
    table: "consultation_themes",
    one: "theme of a consultation",
    many: "themes of consultations",
    lede: "What people said in a consultation, point by point, and what came of each.",
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("text", "What people said", Kind::Text).required(),
            Field::new("consultation_id", "Consultation", Kind::One(Source::Entries("consultations")))
                .required()
                .listed(),
            Field::new("outcome", "What came of it", Kind::One(words!(Outcome))).listed(),
        ],
    }],
    ..About::RECORD
};

impl Flat for ConsultationThemes {
    type Entity = consultation_theme::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> consultation_theme::Model {
        let values = put.values;
        consultation_theme::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            consultation_id: values.text("consultation_id").to_owned(),
            text: values.text("text").to_owned(),
            outcome: values.word("outcome", Outcome::parse),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }
}
