//! Requests: what the STP asked of other bodies, and what they answered.

use entity::request;

use super::{
    About, Put, Values,
    field::{Field, Kind, Section, Source},
    flat::{Flat, Times, in_order},
};

/// The noun.
pub struct Requests;

const ABOUT: About = About {
    key: "requests",
    table: "requests",
    one: "request",
    many: "requests",
    lede: "What this STP asked of other bodies, and whether they answered.",
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::new("asked", "What was asked", Kind::Text).required(),
                Field::new("body_code", "Body", Kind::One(Source::Bodies)).required().listed(),
                Field::new("sent_on", "Sent on", Kind::Day).required().listed(),
                Field::new("response_requested", "A reply was asked for", Kind::YesNo),
            ],
        },
        Section {
            title: "Reply",
            fields: &[
                Field::new("replied_on", "Replied on", Kind::Day).listed(),
                Field::new("reply", "Reply", Kind::Text).hint("Leave out names of people"),
                Field::new("declined", "The body said that it will not reply", Kind::YesNo),
            ],
        },
    ],
    ..About::RECORD
};

impl Flat for Requests {
    type Entity = request::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> request::Model {
        let values = put.values;
        request::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            body_code: values.text("body_code").to_owned(),
            asked: values.text("asked").to_owned(),
            sent_on: values.day("sent_on"),
            response_requested: values.yes("response_requested"),
            replied_on: values.day("replied_on"),
            reply: values.some("reply"),
            declined: values.yes("declined"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }

    fn check(values: &Values) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if values.some("reply").is_some() && values.day("replied_on").is_none() {
            wrong.push(("replied_on", "Enter the day of the reply".to_owned()));
        }
        wrong.extend(in_order(
            values,
            "sent_on",
            "replied_on",
            "The reply cannot be dated before the request was sent",
        ));
        wrong
    }
}
