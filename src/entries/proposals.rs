//! Proposals: changes that people are heard on, with the trail that the law asks for.

use async_trait::async_trait;
use entity::{
    event_proposal, proposal,
    proposal::{Aim, DecisionKind, Substantial, Theme},
    proposal_place,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::{Value, json};

use super::{
    About, Noun, Put, Values, by_parent,
    field::{Field, Kind, Section, Source, words},
    rows,
};
use crate::journal::Writer;

/// The noun.
pub struct Proposals;

const ABOUT: About = About {
    key: "proposals",
    table: "proposals",
    one: "proposal",
    many: "proposals",
    lede: "Changes to services that people are heard on, with the trail that the law asks for.",
    unique: &["title"],
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::new("title", "Title", Kind::Line).required().listed(),
                Field::new("description", "What is proposed", Kind::Text)
                    .hint("In plain words: what would change, for whom, and why"),
                Field::new("theme", "Theme", Kind::One(words!(Theme))).listed(),
                Field::new("aim", "Aim", Kind::One(words!(Aim))),
                Field::new("places", "Places affected", Kind::Several(Source::Places)),
                Field::new("service_change", "Would change how or where services are given", Kind::YesNo),
                Field::new("staff_impact", "Would affect staff", Kind::YesNo),
            ],
        },
        Section {
            title: "Document",
            fields: &[
                Field::new("document_published_on", "Document published on", Kind::Day)
                    .hint("The document that people respond to"),
                Field::new("document_url", "Address of the document", Kind::Web),
                Field::new("accessible_formats", "Accessible formats", Kind::Texts)
                    .hint("One a line: easy read, large print, British Sign Language"),
            ],
        },
        Section {
            title: "Scrutiny by councils",
            fields: &[
                Field::new("substantial", "Substantial change", Kind::One(words!(Substantial)))
                    .hint("A substantial development or variation must be put to councils’ scrutiny")
                    .listed(),
                Field::new("nhs_view", "View of the NHS body", Kind::Text)
                    .hint("Is the change substantial, and why or why not"),
                Field::new("nhs_view_on", "View of the NHS body given on", Kind::Day),
                Field::new("scrutiny_view", "View of scrutiny", Kind::Text),
                Field::new("scrutiny_view_on", "View of scrutiny given on", Kind::Day),
                Field::new("urgency_exemption", "Why scrutiny was not consulted", Kind::Text)
                    .hint("Only where a risk to safety or welfare allowed no time"),
            ],
        },
        Section {
            title: "Equality analysis and decision",
            fields: &[
                Field::new("equality_analysis_on", "Equality analysis dated", Kind::Day),
                Field::new("equality_analysis_url", "Address of the equality analysis", Kind::Web),
                Field::new("decision_on", "Decision on", Kind::Day)
                    .hint("The day it is, or was, to be decided")
                    .listed(),
                Field::new("decision_kind", "Decision", Kind::One(words!(DecisionKind))),
                Field::new("decision_text", "Reasons for the decision", Kind::Text),
            ],
        },
    ],
    ..About::RECORD
};

#[async_trait]
impl Noun for Proposals {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    async fn read(
        &self,
        db: &DatabaseExecutor<'_>,
        stp: &str,
        id: Option<&str>,
    ) -> Result<Vec<Value>, DbErr> {
        let mut select = proposal::Entity::find().filter(proposal::Column::StpCode.eq(stp));
        let mut of = proposal_place::Entity::find().filter(proposal_place::Column::StpCode.eq(stp));
        if let Some(id) = id {
            select = select.filter(proposal::Column::Id.eq(id));
            of = of.filter(proposal_place::Column::ProposalId.eq(id));
        }
        let rows = select
            .order_by_asc(proposal::Column::CreatedAt)
            .order_by_asc(proposal::Column::Id)
            .all(db)
            .await?;
        let mut places = by_parent(of.all(db).await?, |row| row.proposal_id.clone());
        rows.iter()
            .map(|row| {
                let mut document = rows::document(row)?;
                let mut codes: Vec<String> = places
                    .remove(&row.id)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|row| row.place_code)
                    .collect();
                codes.sort();
                document["places"] = codes.into_iter().map(|code| json!({ "place_code": code })).collect();
                Ok(document)
            })
            .collect()
    }

    async fn write(&self, w: &mut Writer, put: Put<'_>) -> Result<bool, DbErr> {
        let old = proposal::Entity::find_by_id(put.id).one(w.tx()).await?;
        let row = row(w, &put, old);
        if !rows::put::<proposal::Entity>(w, &put, row).await? {
            return Ok(false);
        }
        proposal_place::Entity::delete_many()
            .filter(proposal_place::Column::ProposalId.eq(put.id))
            .exec(w.tx())
            .await?;
        let places = put.values.list("places").iter().map(|code| proposal_place::Model {
            proposal_id: put.id.to_owned(),
            place_code: code.clone(),
            stp_code: put.stp.to_owned(),
        });
        let places: Vec<_> = places.map(|row| row.into_active_model().reset_all()).collect();
        if !places.is_empty() {
            proposal_place::Entity::insert_many(places).exec_without_returning(w.tx()).await?;
        }
        Ok(true)
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        rows::remove::<proposal::Entity>(w, stp, id, version).await
    }

    fn check(&self, values: &Values) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let dated = [
            ("nhs_view", "nhs_view_on", "the NHS body’s view"),
            ("scrutiny_view", "scrutiny_view_on", "scrutiny’s view"),
        ];
        for (text, day, whose) in dated {
            if !values.text(text).is_empty() && values.day(day).is_none() {
                wrong.push((day, format!("Enter the day of {whose}")));
            }
        }
        if values.word("decision_kind", DecisionKind::parse).is_some() && values.day("decision_on").is_none()
        {
            wrong.push(("decision_on", "Enter the day of the decision".to_owned()));
        }
        wrong
    }

    async fn held(&self, db: &DatabaseExecutor<'_>, stp: &str, id: &str) -> Result<Option<String>, DbErr> {
        let events = event_proposal::Entity::find()
            .filter(event_proposal::Column::StpCode.eq(stp))
            .filter(event_proposal::Column::ProposalId.eq(id))
            .count(db)
            .await?;
        Ok((events > 0).then(|| "Events name this proposal. Change those first.".to_owned()))
    }

    fn public(&self, id: &str) -> Option<String> {
        Some(format!("/proposals/{id}"))
    }
}

fn row(w: &Writer, put: &Put<'_>, old: Option<proposal::Model>) -> proposal::Model {
    let at = w.origin().at;
    let values = put.values;
    let (external_id, import_id, created_at) =
        old.map_or((None, None, at), |old| (old.external_id, old.import_id, old.created_at));
    proposal::Model {
        id: put.id.to_owned(),
        stp_code: put.stp.to_owned(),
        title: values.text("title").to_owned(),
        description: values.some("description"),
        theme: values.word("theme", Theme::parse),
        aim: values.word("aim", Aim::parse),
        service_change: values.yes("service_change"),
        substantial: values.word("substantial", Substantial::parse).unwrap_or(Substantial::Undecided),
        nhs_view: values.some("nhs_view"),
        nhs_view_on: values.day("nhs_view_on"),
        scrutiny_view: values.some("scrutiny_view"),
        scrutiny_view_on: values.day("scrutiny_view_on"),
        staff_impact: values.yes("staff_impact"),
        decision_on: values.day("decision_on"),
        decision_kind: values.word("decision_kind", DecisionKind::parse),
        decision_text: values.some("decision_text"),
        equality_analysis_on: values.day("equality_analysis_on"),
        equality_analysis_url: values.some("equality_analysis_url"),
        document_published_on: values.day("document_published_on"),
        document_url: values.some("document_url"),
        accessible_formats: values.json("accessible_formats"),
        urgency_exemption: values.some("urgency_exemption"),
        external_id,
        import_id,
        version: put.next(),
        created_at,
        updated_at: at,
    }
}
