//! The part of a form that chooses stakeholders: that of a mailing and that of a saved audience.

use std::collections::BTreeMap;

use entity::{event, stp};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;

use crate::{
    app::App,
    audiences::{
        Known, Query, Written, find,
        query::{Gap, Offered, Part, Passed},
        said,
    },
    fault::Fault,
    web::{
        fields::Fields,
        filters,
        form::{Problem, Typed},
        stakeholders::{Choice, Lists, codes, lists},
    },
};

/// Events that are offered at most, the last first.
const EVENTS: u64 = 200;

/// What can be chosen.
#[derive(Clone, Debug, Serialize)]
pub struct Chooser {
    #[serde(flatten)]
    lists: Lists,
    histories: Vec<Choice>,
    events: Vec<Choice>,
    parts: Vec<Choice>,
    gaps: Vec<Choice>,
    audiences: Vec<Choice>,
    /// Whether the part that narrows the choice is open.
    narrowed: bool,
    /// Saved audiences that may not be used here, since they use this one.
    #[serde(skip)]
    known: Known,
}

fn choice(value: impl Into<String>, label: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), hint: String::new() }
}

impl Chooser {
    /// What can be chosen in an area. What `kept` says can be chosen, whether or not it would be offered to another;
    /// the saved audience `of` is not offered to itself, nor one that uses it.
    pub async fn new(
        app: &App,
        stp: &stp::Model,
        kept: Option<&Query>,
        of: Option<&str>,
    ) -> Result<Self, Fault> {
        let db = app.db.read();
        let known = Known::of(app, &stp.code).await?;
        let mut gaps: Vec<Choice> =
            known.open.iter().map(|open| choice(open.gap.code(), &open.name)).collect();
        if let Some(gap) = kept.and_then(|query| query.gap.as_ref()).filter(|gap| known.gap(gap).is_none()) {
            gaps.push(choice(gap.code(), format!("{} (not open any more)", gap.code())));
        }
        let used = |id: &str| kept.is_some_and(|query| query.also.iter().chain(&query.but).any(|u| u == id));
        let circular = |id: &str| {
            of.is_some_and(|of| of == id || known.saved.get(id).is_some_and(|s| known.names(&s.query, of)))
        };
        let mut audiences: Vec<Choice> = find::all(db, &stp.code)
            .await?
            .into_iter()
            .filter(|row| !circular(&row.id))
            .map(|row| choice(row.id, row.name))
            .collect();
        for (id, saved) in &known.saved {
            if used(id) && !audiences.iter().any(|offered| offered.value == *id) {
                audiences.push(choice(id, format!("{} (taken off the list)", saved.name)));
            }
        }
        Ok(Self {
            lists: lists(app, stp).await?,
            histories: Passed::ALL.iter().map(|passed| choice(passed.code(), passed.name())).collect(),
            events: events(app, stp, kept).await?,
            parts: Part::ALL.iter().map(|part| choice(part.code(), part.name())).collect(),
            gaps,
            audiences,
            narrowed: kept.is_some_and(Query::is_narrowed),
            known,
        })
    }

    /// The names of what a query may hold, by code or identity.
    pub fn names(&self) -> BTreeMap<String, String> {
        let all = self.lists.groups.iter().chain(&self.lists.places).chain(&self.events);
        all.map(|choice| (choice.value.clone(), choice.label.clone())).collect()
    }

    /// The query in words.
    pub fn said(&self, query: &Query) -> Vec<String> {
        said::said(query, &self.known, &self.names())
    }

    /// What is known of the area.
    pub const fn known(&self) -> &Known {
        &self.known
    }

    /// What a form may say.
    pub fn offered(&self) -> Offered {
        Offered {
            groups: codes(&self.lists.groups),
            places: codes(&self.lists.places),
            events: codes(&self.events),
            gaps: self.gaps.iter().filter_map(|gap| Gap::parse(&gap.value)).collect(),
            audiences: codes(&self.audiences),
        }
    }

    /// The same, open where a form that was sent says or gets wrong more than groups.
    #[must_use]
    pub fn for_form(mut self, form: &Fields) -> Self {
        let filled = |field: &str| {
            form.values.get(field).is_some_and(|texts| texts.iter().any(|text| !text.is_empty()))
                || form.errors.contains_key(field)
        };
        self.narrowed |= NARROWING.iter().any(|field| filled(field));
        self
    }
}

/// A query in words, with what it asks about: the record is not judged for one that names no gap.
pub async fn told(app: &App, stp: &stp::Model, query: &Query) -> Result<(Vec<String>, Known), Fault> {
    let known = Known::for_query(app, &stp.code, query).await?;
    let lists = lists(app, stp).await?;
    let all = lists.groups.iter().chain(&lists.places);
    let mut names: BTreeMap<String, String> =
        all.map(|choice| (choice.value.clone(), choice.label.clone())).collect();
    if let Some(took) = &query.event {
        let event = event::Entity::find_by_id(&took.event).filter(event::Column::StpCode.eq(&stp.code));
        names.extend(event.one(app.db.read()).await?.map(|row| (row.id.clone(), label(&row))));
    }
    Ok((said::said(query, &known, &names), known))
}

/// The fields that say more than groups.
const NARROWING: [&str; 13] = [
    "organisation",
    "with_role",
    "places",
    "topics",
    "history",
    "since",
    "since-day",
    "at_event",
    "part",
    "gap",
    "also",
    "but",
    "since-year",
];

/// Whom a form chooses, as it was typed; and what is wrong with its day.
pub fn written(typed: &Typed) -> (Written, Option<Problem>) {
    let text = |field: &str| typed.text(field).to_owned();
    let (since, problem) = match typed.day("since", "The day") {
        Ok(day) => (day, None),
        Err(problem) => (None, Some(problem)),
    };
    let written = Written {
        groups: typed.list("groups"),
        organisation: text("organisation"),
        role: text("with_role"),
        places: typed.list("places"),
        topics: typed.list("topics"),
        // A day that is none is said once.
        history: if problem.is_some() { String::new() } else { text("history") },
        since,
        event: text("at_event"),
        part: text("part"),
        gap: text("gap"),
        also: typed.list("also"),
        but: typed.list("but"),
    };
    (written, problem)
}

/// Fills the form with a query.
pub fn filled(form: Fields, query: &Query) -> Fields {
    let each = |form: Fields, field: &str, texts: &[String]| {
        texts.iter().fold(form, |form, text| form.with(field, text))
    };
    let form = each(form, "groups", &query.groups);
    let form = each(form, "places", &query.places);
    let form = query.topics.iter().fold(form, |form, topic| form.with("topics", topic.code()));
    let form = each(form, "also", &query.also);
    let form = each(form, "but", &query.but);
    let form = form.with("organisation", &query.organisation).with("with_role", &query.role);
    let form = match query.history {
        Some(history) => form.with("history", history.what.code()).with_day("since", Some(history.since)),
        None => form,
    };
    let form = match &query.event {
        Some(took) => form.with("at_event", &took.event).with("part", took.part.code()),
        None => form,
    };
    match &query.gap {
        Some(gap) => form.with("gap", gap.code()),
        None => form,
    }
}

/// The events that were held or are planned, the last first, and the one that `kept` names.
async fn events(app: &App, stp: &stp::Model, kept: Option<&Query>) -> Result<Vec<Choice>, Fault> {
    use event::Column as C;
    let db = app.db.read();
    let known = event::Entity::find()
        .filter(C::StpCode.eq(&stp.code))
        .filter(C::Status.is_in([event::Status::Held, event::Status::Planned]))
        .filter(C::WithdrawnAt.is_null())
        .filter(C::StartsOn.is_not_null());
    let mut rows = known.order_by_desc(C::StartsOn).order_by_asc(C::Id).limit(EVENTS).all(db).await?;
    let named = kept.and_then(|query| query.event.as_ref()).map(|took| took.event.as_str());
    if let Some(id) = named.filter(|id| !rows.iter().any(|row| row.id == **id)) {
        rows.extend(event::Entity::find_by_id(id).filter(C::StpCode.eq(&stp.code)).one(db).await?);
    }
    Ok(rows.iter().map(|row| choice(&row.id, label(row))).collect())
}

/// An event in a list: its day, and its title or else its kind.
fn label(row: &event::Model) -> String {
    let title = if row.title.is_empty() { row.kind.name() } else { &row.title };
    row.starts_on.map_or_else(|| title.to_owned(), |on| format!("{}: {title}", filters::day(on)))
}
