//! Service-change tests: dated evidence that a proposal meets each of the five tests.

use async_trait::async_trait;
use entity::{
    proposal_test::Test,
    proposal_test::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::Value;

use super::{
    About, Choices, Noun, Put, Values,
    field::{Field, Kind, Section, Source, words},
    rows, shown,
};
use crate::journal::Writer;

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

#[async_trait]
impl Noun for ProposalTests {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    async fn read(
        &self,
        db: &DatabaseExecutor<'_>,
        stp: &str,
        id: Option<&str>,
    ) -> Result<Vec<Value>, DbErr> {
        let mut select = Entity::find().filter(Column::StpCode.eq(stp));
        if let Some(id) = id {
            select = select.filter(Column::Id.eq(id));
        }
        let all = select.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?;
        all.iter().map(rows::document).collect()
    }

    async fn write(&self, w: &mut Writer, put: Put<'_>) -> Result<bool, DbErr> {
        let values = put.values;
        let at = w.origin().at;
        let old = Entity::find_by_id(put.id).one(w.tx()).await?;
        let row = Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            proposal_id: values.text("proposal_id").to_owned(),
            test: values.word("test", Test::parse).unwrap_or(Test::Engagement),
            evidence: values.text("evidence").to_owned(),
            dated_on: values.day("dated_on"),
            url: values.some("url"),
            version: put.next(),
            created_at: old.map_or(at, |old| old.created_at),
            updated_at: at,
        };
        rows::put::<Entity>(w, &put, row).await
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        rows::remove::<Entity>(w, stp, id, version).await
    }

    fn title(&self, values: &Values, choices: &Choices) -> String {
        shown(&ABOUT.sections[0].fields[0], values, choices)
    }
}
