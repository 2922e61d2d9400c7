//! Monitoring returns: the totals of equality monitoring for one characteristic and year. Aggregates, and no more.

use std::collections::BTreeSet;

use async_trait::async_trait;
use entity::{event_target::Characteristic, monitoring_answer, monitoring_return};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::Value;

use super::{
    About, Choices, Noun, Put, Values, by_parent,
    field::{Field, Kind, Section, words},
    flat::times,
    rows, shown,
};
use crate::{
    events::numbers::{self, Attended},
    journal::Writer,
};

/// The noun.
pub struct MonitoringReturns;

const ABOUT: About = About {
    key: "monitoring-returns",
    table: "monitoring_returns",
    one: "monitoring return",
    many: "monitoring returns",
    lede: "Totals of equality monitoring for the whole area and a whole year, never of one event or person. Numbers below 8 are not shown in public.",
    unique: &["characteristic", "year"],
    sections: &[Section {
        title: "",
        fields: &[
            Field::new("characteristic", "Characteristic", Kind::One(words!(Characteristic)))
                .required()
                .listed(),
            Field::new("year", "Year", Kind::Whole(1900, 2199)).hint("Such as 2017").required().listed(),
            Field::new("dated_on", "Dated", Kind::Day).required().listed(),
            Field::new("answers", "Answers", Kind::Texts)
                .hint("One a line with its number, such as 65 and over: 140"),
            Field::new("not_stated", "Did not say", Kind::People)
                .hint("How many people did not answer, or preferred not to")
                .required(),
            Field::new("note", "Note", Kind::Text),
        ],
    }],
    ..About::RECORD
};

/// "65 and over: 140": the category and its number.
fn answer(text: &str) -> Result<(String, Attended), String> {
    let told = "Enter each answer with its number, such as 65 and over: 140";
    let (category, number) =
        text.rsplit_once(':').ok_or_else(|| format!("“{text}” has no number. {told}"))?;
    let category = category.trim();
    if category.is_empty() {
        return Err(format!("“{text}” has no answer. {told}"));
    }
    match numbers::parse(number) {
        Ok(Some(count)) => Ok((category.to_owned(), count)),
        Ok(None) => Err(format!("“{text}” has no number. {told}")),
        Err(why) => Err(format!("“{category}”: {why}")),
    }
}

fn answers(put: &Put<'_>) -> Vec<monitoring_answer::Model> {
    let read = put.values.list("answers").iter().filter_map(|text| answer(text).ok());
    let row = |((category, count), position): ((String, Attended), i32)| monitoring_answer::Model {
        return_id: put.id.to_owned(),
        category,
        stp_code: put.stp.to_owned(),
        position,
        count_low: Some(count.low),
        count_high: Some(count.high),
        count_words: Some(count.words),
    };
    read.zip(1..).map(row).collect()
}

#[async_trait]
impl Noun for MonitoringReturns {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    async fn read(
        &self,
        db: &DatabaseExecutor<'_>,
        stp: &str,
        id: Option<&str>,
    ) -> Result<Vec<Value>, DbErr> {
        let mut select = monitoring_return::Entity::find().filter(monitoring_return::Column::StpCode.eq(stp));
        let mut of = monitoring_answer::Entity::find().filter(monitoring_answer::Column::StpCode.eq(stp));
        if let Some(id) = id {
            select = select.filter(monitoring_return::Column::Id.eq(id));
            of = of.filter(monitoring_answer::Column::ReturnId.eq(id));
        }
        let rows = select
            .order_by_asc(monitoring_return::Column::CreatedAt)
            .order_by_asc(monitoring_return::Column::Id)
            .all(db)
            .await?;
        let answers = of.order_by_asc(monitoring_answer::Column::Position).all(db).await?;
        let mut answers = by_parent(answers, |row| row.return_id.clone());
        let document = |row: &monitoring_return::Model| {
            let mut document = rows::document(row)?;
            let own = answers.remove(&row.id).unwrap_or_default();
            let said = |row: &monitoring_answer::Model| {
                format!("{}: {}", row.category, row.count_words.as_deref().unwrap_or_default())
            };
            document["answers"] = own.iter().map(said).collect::<Vec<_>>().into();
            document["counts"] = rows::document(&own)?;
            Ok(document)
        };
        rows.iter().map(document).collect()
    }

    async fn write(&self, w: &mut Writer, put: Put<'_>) -> Result<bool, DbErr> {
        let times = times::<monitoring_return::Entity>(w, &put).await?;
        let values = put.values;
        let not_stated = values.people("not_stated");
        let row = monitoring_return::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            characteristic: values
                .word("characteristic", Characteristic::parse)
                .unwrap_or(Characteristic::Age),
            year: values.whole("year").unwrap_or_default(),
            dated_on: values.day("dated_on").unwrap_or_default(),
            not_stated_low: not_stated.as_ref().map(|people| people.low),
            not_stated_high: not_stated.as_ref().map(|people| people.high),
            not_stated_words: not_stated.map(|people| people.words),
            note: values.some("note"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        };
        if !rows::put::<monitoring_return::Entity>(w, &put, row).await? {
            return Ok(false);
        }
        monitoring_answer::Entity::delete_many()
            .filter(monitoring_answer::Column::ReturnId.eq(put.id))
            .exec(w.tx())
            .await?;
        let answers: Vec<_> =
            answers(&put).into_iter().map(|row| row.into_active_model().reset_all()).collect();
        if !answers.is_empty() {
            monitoring_answer::Entity::insert_many(answers).exec_without_returning(w.tx()).await?;
        }
        Ok(true)
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        rows::remove::<monitoring_return::Entity>(w, stp, id, version).await
    }

    fn check(&self, values: &Values) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut seen = BTreeSet::new();
        for text in values.list("answers") {
            match answer(text) {
                Ok((category, _)) if seen.insert(category.to_lowercase()) => {}
                Ok((category, _)) => wrong.push(("answers", format!("“{category}” is there twice"))),
                Err(why) => wrong.push(("answers", why)),
            }
        }
        if values.people("not_stated").is_none() {
            wrong.push(("not_stated", "Enter how many people did not say: 0 where everyone did".to_owned()));
        }
        wrong.truncate(3);
        wrong
    }

    fn title(&self, values: &Values, choices: &Choices) -> String {
        let characteristic = ABOUT.fields().next().map(|field| shown(field, values, choices));
        format!("{}, {}", characteristic.unwrap_or_default(), values.text("year"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_category_and_a_number() {
        let read = |text: &str| answer(text).map(|(category, count)| (category, count.low, count.high));
        assert_eq!(read("65 and over: 140"), Ok(("65 and over".into(), 140, 140)));
        assert_eq!(read("Age: 65 and over: 20-30"), Ok(("Age: 65 and over".into(), 20, 30)));
        for bad in ["65 and over", ": 3", "65 and over: many", "65 and over:", "65 and over: unknown"] {
            assert!(answer(bad).is_err(), "{bad}");
        }
    }
}
