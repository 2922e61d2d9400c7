//! What was published in a time: reports, and changes to what the public page of a proposal says.
//!
//! A report is published when its edition is. A proposal's page shows the record as it stands, so each change to the
//! proposal, its tests, its scrutiny or its consultations is published at once; the journal says which there were.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{alert::Often, consultation, edition, journal_entry, scrutiny_record};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::{Deserialize, Serialize};

use super::Wanted;

/// The tables that make up a proposal's page, and what a change to each is called there.
const PARTS: [(&str, &str); 6] = [
    ("proposals", "what is proposed, and what was decided"),
    ("proposal_tests", "the evidence for the five tests"),
    ("scrutiny_records", "how scrutiny was consulted"),
    ("recommendations", "what scrutiny recommended"),
    ("consultations", "the consultations"),
    ("consultation_themes", "what people said, and what came of it"),
];

/// What one mail tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Identities, the first published first.
    pub editions: Vec<String>,
    pub proposals: Vec<Changed>,
}

/// A proposal that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub id: String,
    /// Which parts of its page, in the page's order.
    pub what: Vec<String>,
}

impl News {
    pub fn is_empty(&self) -> bool {
        self.editions.is_empty() && self.proposals.is_empty()
    }
}

/// What was published after one instant and until another.
#[derive(Debug)]
pub struct Happened {
    /// With the instants at which the journal has them: an edition bears that at which it was begun.
    editions: Vec<(DateTime<Utc>, edition::Model)>,
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Change {
    proposal: String,
    /// Its place in [`PARTS`].
    part: usize,
    at: DateTime<Utc>,
}

impl Happened {
    /// Reads it.
    pub async fn read(
        conn: &impl ConnectionTrait,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        Ok(Self {
            editions: editions(conn, after, until).await?,
            changes: changes(conn, after, until).await?,
        })
    }

    /// What of it somebody is to be told who was told up to `after`. Reports that they got one by one are not told again.
    pub fn news(&self, wanted: &Wanted, after: DateTime<Utc>, until: DateTime<Utc>) -> News {
        let within = |at: DateTime<Utc>| at > after && at <= until;
        let editions = self.editions.iter().filter(|(at, edition)| {
            wanted.often == Often::Weekly && within(*at) && wanted.has_report(edition.stp_code.as_deref())
        });
        let mut proposals: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for change in &self.changes {
            if within(change.at) && wanted.proposals.contains(&change.proposal) {
                proposals.entry(&change.proposal).or_default().insert(change.part);
            }
        }
        let changed = |(id, parts): (&str, BTreeSet<usize>)| Changed {
            id: id.to_owned(),
            what: parts.into_iter().map(|part| PARTS[part].1.to_owned()).collect(),
        };
        News {
            editions: editions.map(|(_, edition)| edition.id.clone()).collect(),
            proposals: proposals.into_iter().map(changed).collect(),
        }
    }
}

/// The editions that were published and still stand, the first first.
async fn editions(
    conn: &impl ConnectionTrait,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, edition::Model)>, DbErr> {
    use journal_entry::Column;
    let published: Vec<(String, DateTime<Utc>)> = journal_entry::Entity::find()
        .select_only()
        .column(Column::SubjectId)
        .column(Column::At)
        .filter(Column::At.gt(after))
        .filter(Column::At.lte(until))
        .filter(Column::SubjectTable.eq("editions"))
        .filter(Column::Action.eq("publish"))
        .order_by_asc(Column::Seq)
        .into_tuple()
        .all(conn)
        .await?;
    let mut all = Vec::new();
    for (id, at) in published {
        let edition = edition::Entity::find_by_id(id).one(conn).await?;
        all.extend(edition.filter(|edition| edition.withdrawn_at.is_none()).map(|edition| (at, edition)));
    }
    Ok(all)
}

/// The changes that the journal has, by the proposal whose page shows them.
async fn changes(
    conn: &impl ConnectionTrait,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Change>, DbErr> {
    use journal_entry::Column;
    let entries = journal_entry::Entity::find()
        .filter(Column::At.gt(after))
        .filter(Column::At.lte(until))
        .filter(Column::SubjectTable.is_in(PARTS.map(|(table, _)| table)))
        .filter(Column::Action.is_not_in(["read", "export"]))
        .order_by_asc(Column::Seq)
        .all(conn)
        .await?;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let above = Above::read(conn).await?;
    let mut all = Vec::new();
    for entry in &entries {
        let Some(part) = PARTS.iter().position(|(table, _)| *table == entry.subject_table) else { continue };
        let proposals: BTreeSet<String> = [&entry.before, &entry.after]
            .into_iter()
            .flatten()
            .filter_map(|text| above.proposal(entry, text))
            .collect();
        all.extend(proposals.into_iter().map(|proposal| Change { proposal, part, at: entry.at }));
    }
    Ok(all)
}

/// Which proposal scrutiny and consultations belong to.
struct Above(HashMap<String, String>);

impl Above {
    async fn read(conn: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let scrutiny: Vec<(String, Option<String>)> = scrutiny_record::Entity::find()
            .select_only()
            .column(scrutiny_record::Column::Id)
            .column(scrutiny_record::Column::ProposalId)
            .into_tuple()
            .all(conn)
            .await?;
        let consultations: Vec<(String, Option<String>)> = consultation::Entity::find()
            .select_only()
            .column(consultation::Column::Id)
            .column(consultation::Column::ProposalId)
            .into_tuple()
            .all(conn)
            .await?;
        let known = scrutiny.into_iter().chain(consultations);
        Ok(Self(known.filter_map(|(id, proposal)| Some((id, proposal?))).collect()))
    }

    /// The proposal that a document is about, if any.
    fn proposal(&self, entry: &journal_entry::Model, document: &str) -> Option<String> {
        if entry.subject_table == "proposals" {
            return Some(entry.subject_id.clone());
        }
        let document: serde_json::Value = serde_json::from_str(document).ok()?;
        let field = |name: &str| document.get(name).and_then(serde_json::Value::as_str);
        let through = || field("scrutiny_id").or_else(|| field("consultation_id"));
        field("proposal_id").map(str::to_owned).or_else(|| self.0.get(through()?).cloned())
    }
}
