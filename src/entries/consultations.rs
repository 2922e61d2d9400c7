//! Consultations: exercises with an opening and a close. A formal one is about a proposal, and the rules on its length,
//! its consideration and its feedback apply.

use async_trait::async_trait;
use entity::{
    consultation::{Column, Entity, Model},
    event,
    event::Status,
};
use sea_orm::{
    ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde_json::Value;

use super::{
    About, Noun, Put, Values,
    field::{Field, Kind, Section, Source, words},
    rows,
};
use crate::journal::Writer;

/// The noun.
pub struct Consultations;

const ABOUT: About = About {
    key: "consultations",
    table: "consultations",
    one: "consultation",
    many: "consultations",
    lede: "Exercises with an opening and a close, and what was made of the responses.",
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::new("title", "Title", Kind::Line).required().listed(),
                Field::new("formal", "Formal public consultation", Kind::YesNo)
                    .hint("The rules on time, consideration and feedback apply to it")
                    .listed(),
                Field::new("proposal_id", "Proposal", Kind::One(Source::Entries("proposals"))).listed(),
                Field::new("status", "Status", Kind::One(words!(Status))).required(),
            ],
        },
        Section {
            title: "When",
            fields: &[
                Field::new("opens_on", "Opens on", Kind::Day).listed(),
                Field::new("closes_on", "Closes on", Kind::Day).listed(),
                Field::new("dates_words", "Dates in words", Kind::Line).hint("Where the days are not known"),
                Field::new("short_reason", "Why it is short", Kind::Text),
                Field::new("timing_reason", "Why at this time", Kind::Text)
                    .hint("Where it runs over a holiday or an election"),
            ],
        },
        Section {
            title: "Responses",
            fields: &[
                Field::new("responses", "Responses received", Kind::People),
                Field::new("attended", "People who took part", Kind::People)
                    .hint("The consultation’s own total; it is never added to that of its events"),
                Field::new("discussed_text", "What was discussed", Kind::Text),
            ],
        },
        Section {
            title: "Consideration and feedback",
            fields: &[
                Field::new("considered_on", "Responses considered on", Kind::Day),
                Field::new("consideration_text", "Record of the consideration", Kind::Text)
                    .hint("Who considered the responses, and what they made of them"),
                Field::new("feedback_on", "Feedback published on", Kind::Day),
                Field::new("feedback_url", "Address of the feedback", Kind::Web),
                Field::new("outcome_text", "Outcome", Kind::Text),
            ],
        },
    ],
    ..About::RECORD
};

#[async_trait]
impl Noun for Consultations {
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
        let old = Entity::find_by_id(put.id).one(w.tx()).await?;
        let row = row(w, &put, old);
        rows::put::<Entity>(w, &put, row).await
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        rows::remove::<Entity>(w, stp, id, version).await
    }

    fn check(&self, values: &Values) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if values.yes("formal") && values.text("proposal_id").is_empty() {
            wrong.push(("proposal_id", "Select the proposal that a formal consultation is about".to_owned()));
        }
        if let (Some(opens), Some(closes)) = (values.day("opens_on"), values.day("closes_on"))
            && closes < opens
        {
            wrong.push(("closes_on", "Closes on must be the same day as or after it opens".to_owned()));
        }
        wrong
    }

    async fn held(&self, db: &DatabaseExecutor<'_>, stp: &str, id: &str) -> Result<Option<String>, DbErr> {
        let events = event::Entity::find()
            .filter(event::Column::StpCode.eq(stp))
            .filter(event::Column::ConsultationId.eq(id))
            .count(db)
            .await?;
        Ok((events > 0).then(|| "Events are part of this consultation. Change those first.".to_owned()))
    }
}

fn row(w: &Writer, put: &Put<'_>, old: Option<Model>) -> Model {
    let at = w.origin().at;
    let values = put.values;
    let (responses, attended) = (values.people("responses"), values.people("attended"));
    let (external_id, import_id, created_at) =
        old.map_or((None, None, at), |old| (old.external_id, old.import_id, old.created_at));
    Model {
        id: put.id.to_owned(),
        stp_code: put.stp.to_owned(),
        proposal_id: values.some("proposal_id"),
        title: values.text("title").to_owned(),
        formal: values.yes("formal"),
        opens_on: values.day("opens_on"),
        closes_on: values.day("closes_on"),
        dates_words: values.some("dates_words"),
        short_reason: values.some("short_reason"),
        timing_reason: values.some("timing_reason"),
        considered_on: values.day("considered_on"),
        consideration_text: values.some("consideration_text"),
        feedback_on: values.day("feedback_on"),
        feedback_url: values.some("feedback_url"),
        responses_low: responses.as_ref().map(|number| number.low),
        responses_high: responses.as_ref().map(|number| number.high),
        responses_words: responses.map(|number| number.words),
        attended_low: attended.as_ref().map(|number| number.low),
        attended_high: attended.as_ref().map(|number| number.high),
        attended_words: attended.map(|number| number.words),
        outcome_text: values.some("outcome_text"),
        discussed_text: values.some("discussed_text"),
        status: values.word("status", Status::parse).unwrap_or(Status::Planned),
        import_id,
        external_id,
        version: put.next(),
        created_at,
        updated_at: at,
    }
}
