//! Questions and challenges that others put to the plan, and their answers.

use chrono::NaiveDate;
use entity::{question, question::Kind as Word};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};

use super::{
    About, Put, Values,
    field::{Field, Kind, Section, words},
    flat::{Flat, Times, in_order},
};

/// The noun.
pub struct Questions;

const ABOUT: About = About {
    key: "questions",
    table: "questions",
    one: "question",
    many: "questions",
    lede: "Questions and challenges put to the plan and to its clinical and financial assumptions, with the answers.",
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::new("question", "Question or challenge", Kind::Text)
                    .hint("Leave out names of people")
                    .required(),
                Field::new("kind", "What it is", Kind::One(words!(Word))).required().listed(),
                Field::new("asked_by", "From", Kind::Line)
                    .hint("An organisation or an office, such as a patients’ group or a council: never a person’s name")
                    .listed(),
                Field::new("received_on", "Received on", Kind::Day).required().listed(),
            ],
        },
        Section {
            title: "Answer",
            fields: &[
                Field::new("answered_on", "Answered on", Kind::Day).listed(),
                Field::new("answer", "Answer", Kind::Text),
                Field::new("published_url", "Where the answer was published", Kind::Web),
                Field::new("public", "Show question and answer to everyone", Kind::YesNo)
                    .hint("They appear on this STP’s public page of questions once there is an answer"),
            ],
        },
    ],
    ..About::RECORD
};

impl Flat for Questions {
    type Entity = question::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> question::Model {
        let values = put.values;
        question::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            kind: values.word("kind", Word::parse).unwrap_or(Word::Question),
            asked_by: values.some("asked_by"),
            question: values.text("question").to_owned(),
            received_on: values.day("received_on"),
            answered_on: values.day("answered_on"),
            answer: values.some("answer"),
            published_url: values.some("published_url"),
            public: values.yes("public"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }

    fn check(values: &Values) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let said = values.some("answer").is_some() || values.some("published_url").is_some();
        if said && values.day("answered_on").is_none() {
            wrong.push(("answered_on", "Enter the day of the answer".to_owned()));
        }
        if values.yes("public") && values.day("answered_on").is_some() && !said {
            wrong.push((
                "answer",
                "Enter the answer or where it was published: it is to be public".to_owned(),
            ));
        }
        let early = "The answer cannot be dated before the question was received";
        wrong.extend(in_order(values, "received_on", "answered_on", early));
        wrong
    }
}

/// The questions of `stp` that are public and answered by `today`, latest answer first; and how many that were received
/// by then are open.
pub async fn published(
    db: &impl ConnectionTrait,
    stp: &str,
    today: NaiveDate,
) -> Result<(Vec<question::Model>, usize), DbErr> {
    let all = question::Entity::find().filter(question::Column::StpCode.eq(stp)).all(db).await?;
    let by = |day: Option<NaiveDate>| day.is_some_and(|day| day <= today);
    let open = all.iter().filter(|row| by(row.received_on) && !by(row.answered_on)).count();
    let mut published: Vec<question::Model> =
        all.into_iter().filter(|row| row.public && by(row.answered_on)).collect();
    published.sort_by(|a, b| (b.answered_on, &a.id).cmp(&(a.answered_on, &b.id)));
    Ok((published, open))
}
