//! What a query needs to know beside the stakeholders: the area's saved audiences, and which gaps are open today.

use std::collections::{BTreeSet, HashMap};

use entity::audience;
use method::{Finding, Verdict, rules};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::query::{Gap, Query};
use crate::{
    app::App,
    assessments::{Area, subject},
};

/// What a query needs to know beside the stakeholders.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By identity.
    pub saved: HashMap<String, Saved>,
    /// The gaps that are open and that stakeholders could close.
    pub open: Vec<Open>,
}

/// A saved audience.
#[derive(Clone, Debug)]
pub struct Saved {
    pub name: String,
    pub query: Query,
}

/// An open gap, and who could close it.
#[derive(Clone, Debug)]
pub struct Open {
    pub gap: Gap,
    /// The rule and what the gap is about, in words.
    pub name: String,
    pub closers: Closers,
}

/// Who could close a gap: to hear them would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closers {
    /// The code of a group.
    Group(String),
    /// The code of a place.
    Place(String),
}

impl Known {
    /// What is known of this area today, for any query.
    pub async fn of(app: &App, stp: &str) -> anyhow::Result<Self> {
        let db = app.db.read();
        let area = app.assessments.area(db, stp, app.clock.today()).await?;
        Ok(Self { saved: saved(db, stp).await?, open: area.map(|area| open(&area)).unwrap_or_default() })
    }

    /// What is known of this area today that this query asks about: the record is not judged for one that names no gap.
    pub async fn for_query(app: &App, stp: &str, query: &Query) -> anyhow::Result<Self> {
        let saved = saved(app.db.read(), stp).await?;
        let known = Self { saved, open: Vec::new() };
        let asks = known.reached(query).iter().any(|query| query.gap.is_some());
        if asks { Self::of(app, stp).await } else { Ok(known) }
    }

    /// The gap, if it is open.
    pub fn gap(&self, gap: &Gap) -> Option<&Open> {
        self.open.iter().find(|open| open.gap == *gap)
    }

    /// The query and every saved one that it names, directly or through others, each once.
    pub fn reached<'a>(&'a self, query: &'a Query) -> Vec<&'a Query> {
        let mut seen = BTreeSet::new();
        let mut reached = vec![query];
        let mut at = 0;
        while at < reached.len() {
            let next = reached[at].also.iter().chain(&reached[at].but);
            let new: Vec<&Query> = next
                .filter(|id| seen.insert(id.as_str()))
                .filter_map(|id| Some(&self.saved.get(id.as_str())?.query))
                .collect();
            reached.extend(new);
            at += 1;
        }
        reached
    }

    /// Whether the query names this saved audience, directly or through others.
    pub fn names(&self, query: &Query, id: &str) -> bool {
        self.reached(query).iter().any(|query| query.also.iter().chain(&query.but).any(|named| named == id))
    }
}

/// The saved audiences of an area, and those taken off its list: what uses them still means what it meant.
async fn saved(conn: &impl ConnectionTrait, stp: &str) -> Result<HashMap<String, Saved>, DbErr> {
    let rows = audience::Entity::find()
        .filter(audience::Column::StpCode.eq(stp))
        .order_by_asc(audience::Column::Id)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, Saved { query: Query::read(&row.query), name: row.name }))
        .collect())
}

/// The open gaps that are about a group or a place.
fn open(area: &Area) -> Vec<Open> {
    let of = |found: &Finding| {
        let about = subject::name(area, found);
        let closers = match (about.group, about.place) {
            (Some(group), _) => Closers::Group(group),
            (None, Some(place)) => Closers::Place(place),
            (None, None) => return None,
        };
        let title = rules::find(found.rule).map_or(found.rule, |rule| rule.words.title);
        Some(Open {
            gap: Gap { rule: found.rule.to_owned(), subject: found.subject.clone() },
            name: format!("{}: {} ({})", about.name, title, found.rule),
            closers,
        })
    };
    area.assessment.findings.iter().filter(|found| found.verdict == Verdict::Gap).filter_map(of).collect()
}
