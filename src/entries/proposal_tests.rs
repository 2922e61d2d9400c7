//! Service-change tests: dated evidence that a proposal meets each of the five tests.

use entity::{proposal_test, proposal_test::Test};

use super::{
    About, Put,
    field::{Field, Kind, Section, Source, words},
    flat::{Flat, Times},
};

/// The noun.
pub struct ProposalTests;

const ABOUT: About = About {
    key: "service-change-tests",
    table: "proposal_tests",
    one: "service-change test",
    many: "service-change tests",
    lede: "Dated evidence that a service change meets each of the five tests.",
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("test", "Test", Kind::One(words!(Test))).required().listed(),
            Field::new("proposal_id", "Proposal", Kind::One(Source::Entries("proposals")))
                .required()
                .listed(),
            Field::new("evidence", "Evidence", Kind::Text)
                .required()
                .hint("What shows that the test is met, and who says so"),
            Field::new("dated_on", "Dated", Kind::Day).listed(),
            Field::new("url", "Address of the evidence", Kind::Web),
        ],
    }],
    ..About::RECORD
};

impl Flat for ProposalTests {
    type Entity = proposal_test::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> proposal_test::Model {
        let values = put.values;
        proposal_test::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            proposal_id: values.text("proposal_id").to_owned(),
            test: values.word("test", Test::parse).unwrap_or(Test::Engagement),
            evidence: values.text("evidence").to_owned(),
            dated_on: values.day("dated_on"),
            url: values.some("url"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }
}
