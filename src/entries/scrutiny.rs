//! Scrutiny: how the health scrutiny of one or more councils was consulted on a proposal.

use async_trait::async_trait;
use entity::{
    scrutiny_authority,
    scrutiny_record::{Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::{Value, json};

use super::{
    About, Noun, Put, by_parent,
    field::{Field, Kind, Section, Source},
    rows,
};
use crate::journal::Writer;

/// The noun.
pub struct Scrutiny;

const ABOUT: About = About {
    key: "scrutiny",
    table: "scrutiny_records",
    one: "scrutiny record",
    many: "scrutiny records",
    lede: "How councils’ health scrutiny was consulted on a proposal.",
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("committee", "Committee", Kind::Line)
                .required()
                .hint("As it is called: Dorset Health Scrutiny Committee")
                .listed(),
            Field::new("proposal_id", "Proposal", Kind::One(Source::Entries("proposals")))
                .required()
                .listed(),
            Field::new("authorities", "Councils", Kind::Several(Source::Councils)).required(),
            Field::new("joint", "Joint committee of several councils", Kind::YesNo),
            Field::new("consulted_on", "Consulted on", Kind::Day).listed(),
            Field::new("decision_date_given", "Date of the decision that it was given", Kind::Day),
            Field::new("comments_by", "Comments asked for by", Kind::Day).listed(),
            Field::new("published_url", "Where the two dates were published", Kind::Web),
        ],
    }],
    ..About::RECORD
};

#[async_trait]
impl Noun for Scrutiny {
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
        let mut of = scrutiny_authority::Entity::find().filter(scrutiny_authority::Column::StpCode.eq(stp));
        if let Some(id) = id {
            select = select.filter(Column::Id.eq(id));
            of = of.filter(scrutiny_authority::Column::ScrutinyId.eq(id));
        }
        let all = select.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?;
        let mut councils = by_parent(of.all(db).await?, |row| row.scrutiny_id.clone());
        all.iter()
            .map(|row| {
                let mut document = rows::document(row)?;
                let of_it = councils.remove(&row.id).unwrap_or_default();
                let mut codes: Vec<String> = of_it.into_iter().map(|row| row.place_code).collect();
                codes.sort();
                document["authorities"] =
                    codes.into_iter().map(|code| json!({ "place_code": code })).collect();
                Ok(document)
            })
            .collect()
    }

    async fn write(&self, w: &mut Writer, put: Put<'_>) -> Result<bool, DbErr> {
        let values = put.values;
        let at = w.origin().at;
        let old = Entity::find_by_id(put.id).one(w.tx()).await?;
        let row = Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            proposal_id: values.text("proposal_id").to_owned(),
            committee: values.text("committee").to_owned(),
            joint: values.yes("joint"),
            consulted_on: values.day("consulted_on"),
            decision_date_given: values.day("decision_date_given"),
            comments_by: values.day("comments_by"),
            published_url: values.some("published_url"),
            version: put.next(),
            created_at: old.map_or(at, |old| old.created_at),
            updated_at: at,
        };
        if !rows::put::<Entity>(w, &put, row).await? {
            return Ok(false);
        }
        scrutiny_authority::Entity::delete_many()
            .filter(scrutiny_authority::Column::ScrutinyId.eq(put.id))
            .exec(w.tx())
            .await?;
        let councils = values.list("authorities").iter().map(|code| scrutiny_authority::Model {
            scrutiny_id: put.id.to_owned(),
            place_code: code.clone(),
            stp_code: put.stp.to_owned(),
        });
        let councils: Vec<_> = councils.map(|row| row.into_active_model().reset_all()).collect();
        if !councils.is_empty() {
            scrutiny_authority::Entity::insert_many(councils).exec_without_returning(w.tx()).await?;
        }
        Ok(true)
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        rows::remove::<Entity>(w, stp, id, version).await
    }
}
