//! Recommendations of scrutiny committees, and the answers to them.

use async_trait::async_trait;
use entity::recommendation::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::Value;

use super::{
    About, Choices, Noun, Put, Values, beginning,
    field::{Field, Kind, Section, Source},
    rows,
};
use crate::journal::Writer;

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

#[async_trait]
impl Noun for Recommendations {
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
            scrutiny_id: values.text("scrutiny_id").to_owned(),
            text: values.text("text").to_owned(),
            received_on: values.day("received_on"),
            answered_on: values.day("answered_on"),
            answer: values.some("answer"),
            version: put.next(),
            created_at: old.map_or(at, |old| old.created_at),
            updated_at: at,
        };
        rows::put::<Entity>(w, &put, row).await
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        rows::remove::<Entity>(w, stp, id, version).await
    }

    fn title(&self, values: &Values, _choices: &Choices) -> String {
        beginning(values.text("text"))
    }
}
