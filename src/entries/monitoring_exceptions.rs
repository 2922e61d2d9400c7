//! Characteristics that an STP does not monitor, each with its reason.

use entity::{event_target::Characteristic, monitoring_exception};

use super::{
    About, Put,
    field::{Field, Kind, Section, words},
    flat::{Flat, Times},
};

/// The noun.
pub struct MonitoringExceptions;

const ABOUT: About = About {
    key: "monitoring-exceptions",
    table: "monitoring_exceptions",
    one: "monitoring exception",
    many: "monitoring exceptions",
    lede: "Characteristics that this STP does not monitor, each with its reason. The reasons are public.",
    unique: &["characteristic"],
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("characteristic", "Characteristic", Kind::One(words!(Characteristic))).required(),
            Field::new("reason", "Reason", Kind::Text).required().listed(),
        ],
    }],
    ..About::RECORD
};

impl Flat for MonitoringExceptions {
    type Entity = monitoring_exception::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> monitoring_exception::Model {
        monitoring_exception::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            characteristic: put
                .values
                .word("characteristic", Characteristic::parse)
                .unwrap_or(Characteristic::Age),
            reason: put.values.text("reason").to_owned(),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }
}
