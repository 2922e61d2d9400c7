//! Approaches: how often a person or a body was asked for something, by any area, so that nobody is worn out.
//!
//! ```text
//! deliveries that were sent ─┐
//! events that name a body ───┼─► Approach { day, STP, what } ─► Frequency: how often in the last days, by whom
//! requests sent to a body ───┘
//! ```
//!
//! Areas see of each other that somebody was approached, when and by which area, and nothing else: no subject, no text,
//! no note. Whoever asks about an address knows the address already.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use chrono_tz::Europe::London;
use entity::{
    body,
    delivery::{self, State},
    event, event_body, request, stp,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, Func},
};
use serde::Serialize;

/// Addresses or codes that are asked about in one query.
const BATCH: usize = 500;

/// How often is too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// Approaches that are well borne.
    pub times: u32,
    /// In so many days.
    pub days: u32,
}

/// One approach.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Approach {
    pub on: NaiveDate,
    pub stp: String,
    /// What it was, without a word of what it said.
    pub what: &'static str,
}

/// Approaches by one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ByArea {
    pub area: String,
    /// The days, the first first.
    pub days: Vec<NaiveDate>,
}

/// How often somebody was approached in the last days, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Frequency {
    pub times: usize,
    /// By name of the area.
    pub areas: Vec<ByArea>,
    /// The approaches one by one, the last first.
    pub list: Vec<Listed>,
}

/// An approach as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    pub on: NaiveDate,
    pub area: String,
    pub what: &'static str,
}

impl Frequency {
    /// Whether one more approach would be more than is well borne.
    pub fn is_full(&self, limit: Limit) -> bool {
        self.times >= usize::try_from(limit.times).unwrap_or(usize::MAX)
    }

    /// Whether there were more than is well borne.
    pub fn is_over(&self, limit: Limit) -> bool {
        self.times > usize::try_from(limit.times).unwrap_or(usize::MAX)
    }

    fn of(mut approaches: Vec<Approach>, names: &HashMap<String, String>) -> Self {
        approaches.sort();
        let name = |stp: &String| names.get(stp).unwrap_or(stp).clone();
        let mut areas: BTreeMap<String, Vec<NaiveDate>> = BTreeMap::new();
        for approach in &approaches {
            areas.entry(name(&approach.stp)).or_default().push(approach.on);
        }
        Self {
            times: approaches.len(),
            areas: areas.into_iter().map(|(area, days)| ByArea { area, days }).collect(),
            list: approaches
                .iter()
                .rev()
                .map(|one| Listed { on: one.on, area: name(&one.stp), what: one.what })
                .collect(),
        }
    }
}

/// The first day that counts.
fn since(limit: Limit, today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(limit.days.into())).unwrap_or(NaiveDate::MIN)
}

/// How often these addresses were written to in the last days, by any area. One that was not is not there.
pub async fn of_addresses(
    db: &impl ConnectionTrait,
    addresses: &[String],
    limit: Limit,
    today: NaiveDate,
) -> Result<HashMap<String, Frequency>, DbErr> {
    let first = since(limit, today);
    // A day early, for the hour between England's midnight and everybody's.
    let from = first.pred_opt().unwrap_or(first).and_time(chrono::NaiveTime::MIN).and_utc();
    let mut found: HashMap<String, Vec<Approach>> = HashMap::new();
    for some in addresses.chunks(BATCH) {
        let rows: Vec<(String, String, chrono::DateTime<chrono::Utc>)> = delivery::Entity::find()
            .select_only()
            .columns([delivery::Column::Address, delivery::Column::StpCode, delivery::Column::UpdatedAt])
            .filter(delivery::Column::Address.is_in(some))
            .filter(delivery::Column::State.is_in([State::Accepted, State::Uncertain, State::Sending]))
            .filter(delivery::Column::UpdatedAt.gte(from))
            .into_tuple()
            .all(db)
            .await?;
        for (address, stp, at) in rows {
            let on = at.with_timezone(&London).date_naive();
            if on > first && on <= today {
                found.entry(address).or_default().push(Approach { on, stp, what: "Letter" });
            }
        }
    }
    told(db, found).await
}

/// An event's identity, area, status, first day and the day on which it was put on record.
type EventRow = (String, String, event::Status, Option<NaiveDate>, Option<NaiveDate>);

/// How often these bodies were asked in the last days, by any area: invited to an event that was held or is planned, or
/// asked in writing. A planned event counts on the day on which it was put on record.
pub async fn of_bodies(
    db: &impl ConnectionTrait,
    codes: &[String],
    limit: Limit,
    today: NaiveDate,
) -> Result<HashMap<String, Frequency>, DbErr> {
    let first = since(limit, today);
    let mut found: HashMap<String, Vec<Approach>> = HashMap::new();
    for some in codes.chunks(BATCH) {
        let named: Vec<(String, String)> = event_body::Entity::find()
            .select_only()
            .columns([event_body::Column::EventId, event_body::Column::BodyCode])
            .filter(event_body::Column::BodyCode.is_in(some))
            .into_tuple()
            .all(db)
            .await?;
        let mut bodies: HashMap<String, Vec<String>> = HashMap::new();
        for (event, body) in named {
            bodies.entry(event).or_default().push(body);
        }
        let ids: Vec<&String> = bodies.keys().collect();
        for ids in ids.chunks(BATCH) {
            use event::Column as C;
            let rows: Vec<EventRow> = event::Entity::find()
                .select_only()
                .columns([C::Id, C::StpCode, C::Status, C::StartsOn, C::CreatedOn])
                .filter(C::Id.is_in(ids.iter().copied()))
                .filter(C::WithdrawnAt.is_null())
                .filter(C::Status.is_in([event::Status::Planned, event::Status::Held]))
                .into_tuple()
                .all(db)
                .await?;
            for (id, stp, status, starts_on, created_on) in rows {
                let (on, what) = match status {
                    event::Status::Planned => (created_on.or(starts_on), "Invitation to an event"),
                    _ => (starts_on, "Event"),
                };
                let Some(on) = on.filter(|on| *on > first && *on <= today) else { continue };
                for body in bodies.get(&id).into_iter().flatten() {
                    let approach = Approach { on, stp: stp.clone(), what };
                    found.entry(body.clone()).or_default().push(approach);
                }
            }
        }
        let asked: Vec<(String, String, NaiveDate)> = request::Entity::find()
            .select_only()
            .columns([request::Column::BodyCode, request::Column::StpCode, request::Column::SentOn])
            .filter(request::Column::BodyCode.is_in(some))
            .filter(request::Column::SentOn.gt(first))
            .filter(request::Column::SentOn.lte(today))
            .into_tuple()
            .all(db)
            .await?;
        for (body, stp, on) in asked {
            found.entry(body).or_default().push(Approach { on, stp, what: "Request" });
        }
    }
    told(db, found).await
}

/// How often a stakeholder was approached: by their address, and as the body of the organisation's name.
pub async fn of_stakeholder(
    db: &impl ConnectionTrait,
    address: Option<&str>,
    organisation: Option<&str>,
    limit: Limit,
    today: NaiveDate,
) -> Result<Frequency, DbErr> {
    let addresses: Vec<String> = address.map(str::to_lowercase).into_iter().collect();
    let mut frequency =
        of_addresses(db, &addresses, limit, today).await?.into_values().next().unwrap_or_default();
    let Some(name) = organisation.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(frequency);
    };
    let codes: Vec<String> = body::Entity::find()
        .select_only()
        .column(body::Column::Code)
        .filter(Expr::expr(Func::lower(Expr::col(body::Column::Name))).eq(name.to_lowercase()))
        .into_tuple()
        .all(db)
        .await?;
    for other in of_bodies(db, &codes, limit, today).await?.into_values() {
        frequency.add(other);
    }
    Ok(frequency)
}

impl Frequency {
    /// Takes in what the same people were asked otherwise.
    fn add(&mut self, other: Self) {
        self.times += other.times;
        for by in other.areas {
            match self.areas.iter_mut().find(|known| known.area == by.area) {
                Some(known) => {
                    known.days.extend(by.days);
                    known.days.sort();
                }
                None => self.areas.push(by),
            }
        }
        self.areas.sort_by(|a, b| a.area.cmp(&b.area));
        self.list.extend(other.list);
        self.list.sort_by(|a, b| (b.on, &a.area).cmp(&(a.on, &b.area)));
    }
}

async fn told(
    db: &impl ConnectionTrait,
    found: HashMap<String, Vec<Approach>>,
) -> Result<HashMap<String, Frequency>, DbErr> {
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let names: HashMap<String, String> = stp::Entity::find()
        .select_only()
        .columns([stp::Column::Code, stp::Column::DisplayName])
        .into_tuple::<(String, String)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    Ok(found.into_iter().map(|(who, approaches)| (who, Frequency::of(approaches, &names))).collect())
}
