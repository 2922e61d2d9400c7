//! Representatives: who speaks for a group, from a day to a day.

use async_trait::async_trait;
use entity::{event_representative, representative};
use sea_orm::{
    ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};

use super::{
    About, Put, Values,
    field::{Field, Kind, Section, Source},
    flat::{Flat, Times, in_order},
};
use crate::auth::Action;

/// The noun.
pub struct Representatives;

const ABOUT: About = About {
    key: "representatives",
    table: "representatives",
    one: "representative",
    many: "representatives",
    lede: "Who speaks for a group, and for how long. An event credits the group only if the role was held on that day.",
    read: Action::ReadStakeholders,
    write: Action::WriteStakeholders,
    personal: true,
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::new("office", "Office", Kind::Line)
                    .hint("Such as Chair, Healthwatch Dorset: not a person’s name")
                    .required(),
                Field::new("group_code", "Speaks for", Kind::One(Source::Groups)).required().listed(),
                Field::new("body_code", "Body", Kind::One(Source::Bodies)),
                Field::new(
                    "stakeholder_id",
                    "On the list of stakeholders as",
                    Kind::One(Source::Stakeholders),
                ),
            ],
        },
        Section {
            title: "Term of office",
            fields: &[
                Field::new("from_on", "First day", Kind::Day).required().listed(),
                Field::new("until_on", "Last day", Kind::Day)
                    .hint(
                        "Leave blank while the role lasts. Events after this day no longer credit the group",
                    )
                    .listed(),
                Field::new("note", "Note", Kind::Text),
            ],
        },
    ],
    ..About::RECORD
};

#[async_trait]
impl Flat for Representatives {
    type Entity = representative::Entity;
    const ABOUT: &'static About = &ABOUT;

    fn row(put: &Put<'_>, times: Times) -> representative::Model {
        let values = put.values;
        representative::Model {
            id: put.id.to_owned(),
            stp_code: put.stp.to_owned(),
            office: values.text("office").to_owned(),
            stakeholder_id: values.some("stakeholder_id"),
            body_code: values.some("body_code"),
            group_code: values.text("group_code").to_owned(),
            from_on: values.day("from_on").unwrap_or_default(),
            until_on: values.day("until_on"),
            note: values.some("note"),
            version: put.next(),
            created_at: times.created_at,
            updated_at: times.updated_at,
        }
    }

    fn check(values: &Values) -> Vec<(&'static str, String)> {
        in_order(values, "from_on", "until_on", "The role cannot end before it began").into_iter().collect()
    }

    async fn held(db: &DatabaseExecutor<'_>, stp: &str, id: &str) -> Result<Option<String>, DbErr> {
        let events = event_representative::Entity::find()
            .filter(event_representative::Column::StpCode.eq(stp))
            .filter(event_representative::Column::RepresentativeId.eq(id))
            .count(db)
            .await?;
        let why =
            "Events list this representative. Give the role its last day, or change those events first.";
        Ok((events > 0).then(|| why.to_owned()))
    }
}
