//! A proposal as anyone may see it: what it says, its statutory trail, its consultations, and the events about it.
//!
//! ```text
//! entries (proposal, tests, scrutiny, recommendations, consultations, themes) ─┬─► Shown
//! events that name it ─► titles, or stubs where they are not open ─────────────┘
//! ```
//!
//! Numbers of people are left to the pages that disclose them: none stands here.

use entity::{event, event_proposal, proposal, proposal_test::Test, stp};
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DatabaseExecutor, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde::Serialize;

use super::{title, when};
use crate::{
    entries::{
        self, Choices, Kept, Noun, choices, consultation_themes::ConsultationThemes,
        consultations::Consultations, field::Kind, field::Section, proposal_tests::ProposalTests,
        proposals::Proposals, recommendations::Recommendations, scrutiny::Scrutiny, shown,
    },
    web::filters,
};

/// A fact of a list. An empty text is not recorded.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    pub term: &'static str,
    pub text: String,
    pub href: String,
}

/// Facts under a heading.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    pub title: &'static str,
    pub rows: Vec<Fact>,
}

/// One of the five tests, and the evidence that it is met.
#[derive(Clone, Debug, Serialize)]
pub struct Tested {
    pub name: &'static str,
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    pub text: String,
    pub dated: String,
    pub url: String,
}

/// How a scrutiny committee was consulted.
#[derive(Clone, Debug, Serialize)]
pub struct Scrutinised {
    pub title: String,
    pub facts: Vec<Fact>,
    pub recommendations: Vec<Recommended>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Recommended {
    pub text: String,
    pub received: String,
    pub answered: String,
    pub answer: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Consulted {
    pub title: String,
    pub facts: Vec<Fact>,
    pub themes: Vec<Heard>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Heard {
    pub text: String,
    pub outcome: String,
}

/// A line that leads to a page.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub title: String,
    pub href: String,
    pub when: String,
    pub status: &'static str,
}

/// A proposal.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub id: String,
    pub title: String,
    pub stp_code: String,
    pub stp_name: String,
    pub description: String,
    pub sections: Vec<Facts>,
    /// Whether the five tests apply to it.
    pub service_change: bool,
    pub tests: Vec<Tested>,
    pub scrutiny: Vec<Scrutinised>,
    pub consultations: Vec<Consulted>,
    pub events: Vec<Line>,
}

/// A proposal, if there is one with this id.
pub async fn one(db: &DatabaseConnection, id: &str) -> Result<Option<Shown>, DbErr> {
    let Some(row) = proposal::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let Some(stp) = stp::Entity::find_by_id(&row.stp_code).one(db).await? else { return Ok(None) };
    let read = DatabaseExecutor::from(db);
    let Some(kept) = entries::entry(&Proposals, &read, &stp.code, id).await? else { return Ok(None) };
    let names = choices::load(&Proposals, &read, &stp.code).await?;
    Ok(Some(Shown {
        id: id.to_owned(),
        title: kept.values.text("title").to_owned(),
        description: kept.values.text("description").to_owned(),
        sections: Proposals.about().sections.iter().map(|section| facts(section, &kept, &names)).collect(),
        service_change: row.service_change,
        tests: tests(&read, &stp.code, id).await?,
        scrutiny: scrutiny(&read, &stp.code, id).await?,
        consultations: consultations(&read, &stp.code, id).await?,
        events: events(db, id).await?,
        stp_code: stp.code,
        stp_name: stp.display_name,
    }))
}

/// What the page says by other means, or what is of no use to anyone else.
const ELSEWHERE: [&str; 8] =
    ["title", "description", "committee", "proposal_id", "responses", "attended", "formal", "dates_words"];

fn facts(section: &Section, kept: &Kept, names: &Choices) -> Facts {
    let fields = section.fields.iter().filter(|field| !ELSEWHERE.contains(&field.key));
    let rows = fields.map(|field| Fact {
        term: field.label,
        text: shown(field, &kept.values, names),
        href: match field.kind {
            Kind::Web => kept.values.text(field.key).to_owned(),
            _ => String::new(),
        },
    });
    Facts { title: section.title, rows: rows.collect() }
}

/// Every fact of an entry, headings aside; with `recorded`, those alone that say something.
fn all_facts(noun: &dyn Noun, kept: &Kept, names: &Choices, recorded: bool) -> Vec<Fact> {
    let sections = noun.about().sections.iter().flat_map(|section| facts(section, kept, names).rows);
    sections.filter(|fact| !recorded || !fact.text.is_empty()).collect()
}

/// The entries of a noun whose `field` names this one.
async fn naming(
    noun: &dyn Noun,
    db: &DatabaseExecutor<'_>,
    stp: &str,
    (field, id): (&str, &str),
) -> Result<Vec<Kept>, DbErr> {
    let mut all = entries::entries(noun, db, stp).await?;
    all.retain(|kept| kept.values.text(field) == id);
    Ok(all)
}

fn day(kept: &Kept, field: &str) -> String {
    kept.values.day(field).map(filters::day).unwrap_or_default()
}

async fn tests(db: &DatabaseExecutor<'_>, stp: &str, id: &str) -> Result<Vec<Tested>, DbErr> {
    let all = naming(&ProposalTests, db, stp, ("proposal_id", id)).await?;
    let evidence = |test: &Test| {
        let of = all.iter().filter(|kept| kept.values.text("test") == test.code());
        of.map(|kept| Evidence {
            text: kept.values.text("evidence").to_owned(),
            dated: day(kept, "dated_on"),
            url: kept.values.text("url").to_owned(),
        })
        .collect()
    };
    Ok(Test::ALL.iter().map(|test| Tested { name: test.name(), evidence: evidence(test) }).collect())
}

async fn scrutiny(db: &DatabaseExecutor<'_>, stp: &str, id: &str) -> Result<Vec<Scrutinised>, DbErr> {
    let names = choices::load(&Scrutiny, db, stp).await?;
    let mut all = Vec::new();
    for kept in naming(&Scrutiny, db, stp, ("proposal_id", id)).await? {
        let said = naming(&Recommendations, db, stp, ("scrutiny_id", &kept.id)).await?;
        let said = said.iter().map(|one| Recommended {
            text: one.values.text("text").to_owned(),
            received: day(one, "received_on"),
            answered: day(one, "answered_on"),
            answer: one.values.text("answer").to_owned(),
        });
        all.push(Scrutinised {
            title: kept.values.text("committee").to_owned(),
            facts: all_facts(&Scrutiny, &kept, &names, false),
            recommendations: said.collect(),
        });
    }
    Ok(all)
}

async fn consultations(db: &DatabaseExecutor<'_>, stp: &str, id: &str) -> Result<Vec<Consulted>, DbErr> {
    let names = choices::load(&Consultations, db, stp).await?;
    let of_themes = choices::load(&ConsultationThemes, db, stp).await?;
    let mut all = Vec::new();
    for kept in naming(&Consultations, db, stp, ("proposal_id", id)).await? {
        let themes = naming(&ConsultationThemes, db, stp, ("consultation_id", &kept.id)).await?;
        let outcome = |theme: &Kept| {
            let field = ConsultationThemes.about().fields().find(|field| field.key == "outcome");
            field.map(|field| shown(field, &theme.values, &of_themes)).unwrap_or_default()
        };
        let heard = themes.iter().map(|theme| Heard {
            text: theme.values.text("text").to_owned(),
            outcome: Some(outcome(theme))
                .filter(|text| !text.is_empty())
                .unwrap_or("Not answered yet".into()),
        });
        all.push(Consulted {
            title: kept.values.text("title").to_owned(),
            themes: heard.collect(),
            facts: all_facts(&Consultations, &kept, &names, true),
        });
    }
    Ok(all)
}

async fn events(db: &DatabaseConnection, id: &str) -> Result<Vec<Line>, DbErr> {
    let named =
        event_proposal::Entity::find().filter(event_proposal::Column::ProposalId.eq(id)).all(db).await?;
    let ids: Vec<String> = named.into_iter().map(|row| row.event_id).collect();
    let mut all = Vec::new();
    for some in ids.chunks(500) {
        let events = event::Entity::find()
            .filter(event::Column::Id.is_in(some.iter().cloned()))
            .filter(event::Column::WithdrawnAt.is_null())
            .all(db)
            .await?;
        all.extend(events);
    }
    all.sort_by(|a, b| (b.starts_on, &b.id).cmp(&(a.starts_on, &a.id)));
    let line = |event: event::Model| Line {
        title: title(&event),
        href: format!("/events/{}", event.id),
        when: when(&event),
        status: event.status.name(),
    };
    Ok(all.into_iter().map(line).collect())
}

/// A proposal in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub title: String,
    pub href: String,
    pub theme: &'static str,
    pub substantial: &'static str,
    pub decision: String,
}

/// The proposals of an STP, by title.
pub async fn of(db: &DatabaseConnection, stp: &str) -> Result<Vec<Listed>, DbErr> {
    let all = proposal::Entity::find()
        .filter(proposal::Column::StpCode.eq(stp))
        .order_by_asc(proposal::Column::Title)
        .order_by_asc(proposal::Column::Id)
        .all(db)
        .await?;
    let listed = |row: proposal::Model| Listed {
        href: format!("/proposals/{}", row.id),
        title: row.title,
        theme: row.theme.map_or("", proposal::Theme::name),
        substantial: row.substantial.name(),
        decision: row.decision_on.map(filters::day).unwrap_or_default(),
    };
    Ok(all.into_iter().map(listed).collect())
}
