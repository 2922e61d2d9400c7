//! An STP's own bodies: employers, voluntary organisations and unions beside the duty-holders that are known of all.

use async_trait::async_trait;
use entity::{body, body::Kind as Word, duty_holder, event_body, representative, request};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::Value;

use super::{
    About, Noun, Put,
    field::{Field, Kind, Section, words},
    rows,
};
use crate::journal::Writer;

/// The noun.
pub struct Bodies;

const ABOUT: About = About {
    key: "bodies",
    table: "bodies",
    one: "body",
    many: "bodies of its own",
    lede: "Employers, voluntary organisations and unions that this STP deals with, beside the councils, boards and NHS bodies that are known of every STP.",
    unique: &["name"],
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("name", "Name", Kind::Line).required(),
            Field::new("kind", "What it is", Kind::One(words!(Word))).required().listed(),
            Field::new("employer", "It employs staff whom the plan affects", Kind::YesNo).listed(),
            Field::new("statutory_consultee", "The law asks that it be consulted", Kind::YesNo).listed(),
        ],
    }],
    ..About::RECORD
};

#[async_trait]
impl Noun for Bodies {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    async fn read(
        &self,
        db: &DatabaseExecutor<'_>,
        stp: &str,
        id: Option<&str>,
    ) -> Result<Vec<Value>, DbErr> {
        let mut select = body::Entity::find().filter(body::Column::StpCode.eq(stp));
        if let Some(id) = id {
            select = select.filter(body::Column::Code.eq(id));
        }
        let rows =
            select.order_by_asc(body::Column::CreatedAt).order_by_asc(body::Column::Code).all(db).await?;
        let document = |row: body::Model| {
            let mut document = rows::document(&row)?;
            document["id"] = row.code.into();
            Ok(document)
        };
        rows.into_iter().map(document).collect()
    }

    async fn write(&self, w: &mut Writer, put: Put<'_>) -> Result<bool, DbErr> {
        let at = w.origin().at;
        let old = body::Entity::find_by_id(put.id).one(w.tx()).await?;
        let row = body::Model {
            code: put.id.to_owned(),
            name: put.values.text("name").to_owned(),
            kind: put.values.word("kind", Word::parse).unwrap_or(Word::Other),
            employer: put.values.yes("employer"),
            statutory_consultee: put.values.yes("statutory_consultee"),
            place_code: None,
            office: None,
            stp_code: Some(put.stp.to_owned()),
            version: put.next(),
            created_at: old.and_then(|old| old.created_at).or(Some(at)),
            updated_at: Some(at),
        };
        let row = row.into_active_model().reset_all();
        let Some(version) = put.version else {
            body::Entity::insert(row).exec_without_returning(w.tx()).await?;
            let holder = duty_holder::Model { stp_code: put.stp.to_owned(), body_code: put.id.to_owned() };
            let holder = holder.into_active_model().reset_all();
            duty_holder::Entity::insert(holder).exec_without_returning(w.tx()).await?;
            return Ok(true);
        };
        let changed = body::Entity::update_many()
            .set(row)
            .filter(body::Column::Code.eq(put.id))
            .filter(body::Column::StpCode.eq(put.stp))
            .filter(body::Column::Version.eq(version))
            .exec(w.tx())
            .await?;
        Ok(changed.rows_affected == 1)
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        let own = body::Entity::find_by_id(id)
            .filter(body::Column::StpCode.eq(stp))
            .filter(body::Column::Version.eq(version))
            .count(w.tx())
            .await?;
        if own == 0 {
            return Ok(false);
        }
        duty_holder::Entity::delete_by_id((stp.to_owned(), id.to_owned())).exec(w.tx()).await?;
        body::Entity::delete_by_id(id).exec(w.tx()).await?;
        Ok(true)
    }

    async fn held(&self, db: &DatabaseExecutor<'_>, _stp: &str, id: &str) -> Result<Option<String>, DbErr> {
        let events = event_body::Entity::find().filter(event_body::Column::BodyCode.eq(id)).count(db).await?;
        let requests = request::Entity::find().filter(request::Column::BodyCode.eq(id)).count(db).await?;
        let roles =
            representative::Entity::find().filter(representative::Column::BodyCode.eq(id)).count(db).await?;
        let why = "Events, requests or representatives name this body. Change those first.";
        Ok((events + requests + roles > 0).then(|| why.to_owned()))
    }
}
