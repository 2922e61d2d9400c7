//! The register as a list: filters in the address, a page at a time, a true count.

use std::collections::HashMap;

use entity::{
    event::{self, Kind, Publication, Status},
    place, stp,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use serde::Serialize;

use super::{open, title, when};
use crate::{
    assessments::subject::Brief,
    events::find::{self, Cursor, Filter},
};

/// Events on one page.
const SIZE: u64 = 50;

/// An event as a line.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub id: String,
    pub title: String,
    pub open: bool,
    pub when: String,
    pub kind: &'static str,
    pub status: &'static str,
    pub stp_code: String,
    pub stp_name: String,
    /// Groups that took part.
    pub groups: String,
    /// Groups that were asked, where none took part.
    pub asked: String,
    pub places: String,
}

/// A page of the register.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    pub lines: Vec<Line>,
    pub total: u64,
    /// Where the next page begins; empty at the end.
    pub next: String,
}

/// What may be asked for: words are looked for in open events alone, so that a stub cannot be guessed at.
pub fn filter(mut filter: Filter) -> Filter {
    if filter.text.as_deref().is_some_and(|text| !text.trim().is_empty()) {
        filter.publication = Some(Publication::Public);
    }
    filter
}

/// The events that a filter lets through, after a cursor.
pub async fn page(db: &impl ConnectionTrait, asked: &Filter, after: Option<&Cursor>) -> Result<Page, DbErr> {
    let total = event::Entity::find().filter(find::condition(asked)).count(db).await?;
    let listed = find::list(db, asked, after, SIZE).await?;
    let next = listed.next.map(|next| next.to_string()).unwrap_or_default();
    Ok(Page { lines: lines(db, &listed.events).await?, total, next })
}

/// These events as lines, in their order. One that has been taken back since is told as it was known.
pub async fn of(db: &impl ConnectionTrait, known: &[Brief]) -> Result<Vec<Line>, DbErr> {
    let ids = known.iter().map(|brief| brief.id.as_str());
    let events = event::Entity::find()
        .filter(event::Column::Id.is_in(ids))
        .filter(event::Column::WithdrawnAt.is_null())
        .all(db)
        .await?;
    let found = lines(db, &events).await?;
    let mut found: HashMap<String, Line> = found.into_iter().map(|line| (line.id.clone(), line)).collect();
    Ok(known.iter().map(|brief| found.remove(&brief.id).unwrap_or_else(|| Line::of(brief))).collect())
}

impl Line {
    fn of(brief: &Brief) -> Self {
        Self {
            id: String::new(),
            title: brief.title.clone(),
            open: false,
            when: brief.when.clone(),
            kind: "",
            status: "Held",
            stp_code: String::new(),
            stp_name: String::new(),
            groups: String::new(),
            asked: String::new(),
            places: String::new(),
        }
    }
}

async fn lines(db: &impl ConnectionTrait, events: &[event::Model]) -> Result<Vec<Line>, DbErr> {
    let ids: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
    let mut took: HashMap<String, Vec<&'static str>> = HashMap::new();
    let mut only_asked: HashMap<String, Vec<&'static str>> = HashMap::new();
    for (id, part) in find::parts_of(db, ids.clone()).await? {
        let Some(group) = method::words::Group::parse(&part.group) else { continue };
        let list = if part.took_part { &mut took } else { &mut only_asked };
        list.entry(id).or_default().push(group.name());
    }
    let mut places: HashMap<String, Vec<String>> = HashMap::new();
    let listings = find::places_of(db, ids).await?;
    let names = names(db, listings.iter().map(|(_, place)| place.as_str())).await?;
    for (id, place) in listings {
        places.entry(id).or_default().extend(names.get(&place).cloned());
    }
    let stps = stps(db, events).await?;
    let join = |list: Option<&Vec<&str>>| list.map(|list| list.join(", ")).unwrap_or_default();
    let lines = events
        .iter()
        .map(|event| Line {
            id: event.id.clone(),
            title: title(event),
            open: open(event),
            when: when(event),
            kind: event.kind.name(),
            status: event.status.name(),
            stp_code: event.stp_code.clone(),
            stp_name: stps.get(&event.stp_code).cloned().unwrap_or_default(),
            groups: join(took.get(&event.id)),
            asked: join(only_asked.get(&event.id)),
            places: places.get(&event.id).map(|list| list.join(", ")).unwrap_or_default(),
        })
        .collect();
    Ok(lines)
}

/// The names of places, by code.
pub async fn names<'a>(
    db: &impl ConnectionTrait,
    codes: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, String>, DbErr> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    let rows: Vec<(String, String)> = place::Entity::find()
        .select_only()
        .columns([place::Column::Code, place::Column::Name])
        .filter(place::Column::Code.is_in(codes))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn stps(db: &impl ConnectionTrait, events: &[event::Model]) -> Result<HashMap<String, String>, DbErr> {
    let mut codes: Vec<&str> = events.iter().map(|event| event.stp_code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let rows: Vec<(String, String)> = stp::Entity::find()
        .select_only()
        .columns([stp::Column::Code, stp::Column::DisplayName])
        .filter(stp::Column::Code.is_in(codes))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The kinds and statuses as choices of a filter.
pub fn kinds() -> impl Iterator<Item = (String, String)> {
    Kind::ALL.iter().map(|kind| (kind.code().to_owned(), kind.name().to_owned()))
}

/// The statuses as choices of a filter.
pub fn statuses() -> impl Iterator<Item = (String, String)> {
    Status::ALL.iter().map(|status| (status.code().to_owned(), status.name().to_owned()))
}
