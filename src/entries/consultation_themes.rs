//! What people said in a consultation, point by point, and what came of each.

use async_trait::async_trait;
use entity::{
    consultation_theme::{Column, Entity, Model},
    theme::Outcome,
};
use sea_orm::{
    ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::Value;

use super::{
    About, Choices, Noun, Put, Values, beginning,
    field::{Field, Kind, Section, Source, words},
    rows,
};
use crate::journal::Writer;

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

#[async_trait]
impl Noun for ConsultationThemes {
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
            consultation_id: values.text("consultation_id").to_owned(),
            text: values.text("text").to_owned(),
            outcome: values.word("outcome", Outcome::parse),
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
