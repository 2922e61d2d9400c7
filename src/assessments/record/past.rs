//! The rows of some STPs as the journal had them after an entry.
//!
//! ```text
//! entries up to it ─► the last document of each record ─► its row, and the rows of its lists ─┐
//! facts that the migrations brought, as they stand ─► what entries before it made of them ────┴─► rows by table
//! ```
//!
//! What the migrations brought has no first entry: it is as it was before the first later change of it, or as it
//! stands.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use entity::{body, duty_holder, footprint, place, proposal::Theme, stp};
use sea_orm::{ConnectionTrait, EntityName as _, EntityTrait};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{
    Scope,
    source::{EventRow, Reachable},
};
use crate::{
    events::whole::{Part, Placed, Point, Source},
    journal::{Document, Folded},
};

/// A list in a document: its field, the table that its items are rows of, and the column of those that names the
/// record.
type List = (&'static str, &'static str, &'static str);

/// Tables whose records are all in the journal, each a document with the lists that belong to it.
const KEPT: &[(&str, &[List])] = &[
    ("events", &[]),
    ("proposals", &[("places", "proposal_places", "proposal_id")]),
    ("consultations", &[]),
    ("consultation_themes", &[]),
    ("scrutiny_records", &[("authorities", "scrutiny_authorities", "scrutiny_id")]),
    ("recommendations", &[]),
    ("requirements", &[]),
    ("requests", &[]),
    ("questions", &[]),
    ("monitoring_returns", &[("counts", "monitoring_answers", "return_id")]),
    ("monitoring_exceptions", &[]),
    ("population_shares", &[]),
    ("representatives", &[]),
    ("stakeholders", &[]),
    ("suppressions", &[]),
];

/// The tables of which a record is made.
pub fn tables() -> Vec<&'static str> {
    KEPT.iter().map(|(table, _)| *table).chain(SEEDED.iter().copied()).collect()
}

/// Tables that the migrations filled, and that may have been changed since.
const SEEDED: &[&str] = &["stps", "bodies"];

/// Personal values that decide who can be written to.
const ADDRESSES: [&str; 2] = ["email", "address"];

/// The lists that belong to an event.
const LISTS: [&str; 8] =
    ["participations", "places", "bodies", "targets", "proposals", "representatives", "themes", "evidence"];

/// Rows by table, as they were.
#[derive(Debug, Default)]
pub(crate) struct Past {
    rows: HashMap<String, Vec<Value>>,
}

/// What belongs to an event, of its document.
#[derive(Deserialize)]
struct Belongs {
    participations: Vec<Part>,
    places: Vec<Placed>,
    bodies: Vec<String>,
    targets: Vec<String>,
    proposals: Vec<String>,
    /// An entry from before there were any has none.
    #[serde(default)]
    representatives: Vec<String>,
    themes: Vec<Point>,
    evidence: Vec<Source>,
}

impl Past {
    /// Reads what was known of these STPs after the entry with the number `until`.
    pub async fn read(db: &impl ConnectionTrait, scope: Scope<'_>, until: i64) -> anyhow::Result<Self> {
        let stps = match scope {
            Scope::England => None,
            Scope::Stps(codes) => Some(codes),
        };
        let mut past = Self::default();
        past.facts(db, scope, until).await?;
        let tables: Vec<&str> = KEPT.iter().map(|(table, _)| *table).collect();
        let kept = Folded { tables: &tables, stps, until };
        let people = Folded { tables: &["stakeholders", "suppressions"], ..kept };
        let mut values = HashMap::<(String, String), Vec<(String, String)>>::new();
        for ((table, id, field), value) in people.values(db, &ADDRESSES).await? {
            values.entry((table, id)).or_default().push((field, value));
        }
        for document in kept.read(db).await? {
            let values = values.remove(&(document.table.clone(), document.id.clone())).unwrap_or_default();
            let place = format!("the entry of {} {}", document.table, document.id);
            past.take(document, values).context(place)?;
        }
        Ok(past)
    }

    /// The facts that the migrations brought. They are read first: what is changed while we read is then in the
    /// journal by the time that we look there.
    async fn facts(&mut self, db: &impl ConnectionTrait, scope: Scope<'_>, until: i64) -> anyhow::Result<()> {
        self.keep(scope.of(stp::Entity::find(), stp::Column::Code).all(db).await?)?;
        self.keep(scope.of(footprint::Entity::find(), footprint::Column::StpCode).all(db).await?)?;
        self.keep(scope.of(duty_holder::Entity::find(), duty_holder::Column::StpCode).all(db).await?)?;
        self.keep(place::Entity::find().all(db).await?)?;
        self.keep(body::Entity::find().all(db).await?)?;
        let stps = match scope {
            Scope::England => None,
            Scope::Stps(codes) => Some(codes),
        };
        let seeded = Folded { tables: SEEDED, stps, until };
        let before = seeded.read(db).await?;
        let known: HashSet<(String, String)> =
            before.iter().map(|entry| (entry.table.clone(), entry.id.clone())).collect();
        let later = seeded.next(db).await?;
        let later = later.into_iter().filter(|e| !known.contains(&(e.table.clone(), e.id.clone())));
        for entry in before.into_iter().chain(later) {
            self.overlay(entry);
        }
        self.holders();
        Ok(())
    }

    /// A body that an area added itself is one of its duty-holders from then until it is taken away.
    fn holders(&mut self) {
        let bodies = self.rows.get("bodies").map_or(&[][..], Vec::as_slice);
        let code = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let there: HashSet<String> = bodies.iter().map(|body| code(body, "code")).collect();
        let own: Vec<(String, String)> = bodies
            .iter()
            .filter(|body| body["stp_code"].is_string())
            .map(|body| (code(body, "stp_code"), code(body, "code")))
            .collect();
        let holders = self.rows.entry("duty_holders".to_owned()).or_default();
        holders.retain(|row| there.contains(&code(row, "body_code")));
        let known: HashSet<(String, String)> =
            holders.iter().map(|row| (code(row, "stp_code"), code(row, "body_code"))).collect();
        let missing = own.into_iter().filter(|pair| !known.contains(pair));
        holders.extend(missing.map(|(stp, body)| json!({ "stp_code": stp, "body_code": body })));
    }

    /// Puts a fact as an entry has it in the place of the row as it stands.
    fn overlay(&mut self, entry: Document) {
        let rows = self.rows.entry(entry.table.clone()).or_default();
        let is = |row: &Value| row["code"].as_str() == Some(entry.id.as_str());
        match entry.whole {
            None => rows.retain(|row| !is(row)),
            Some(Value::Object(fields)) => match rows.iter_mut().find(|row| is(row)) {
                Some(Value::Object(row)) => row.extend(fields),
                _ => rows.push(Value::Object(fields)),
            },
            Some(_) => {}
        }
    }

    fn keep<M: Serialize + sea_orm::ModelTrait>(&mut self, rows: Vec<M>) -> anyhow::Result<()> {
        let table = M::Entity::default().table_name().to_owned();
        let rows = rows.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>()?;
        self.rows.insert(table, rows);
        Ok(())
    }

    /// Takes a record's last document as its row and the rows of its lists.
    fn take(&mut self, document: Document, values: Vec<(String, String)>) -> anyhow::Result<()> {
        let Some(Value::Object(mut row)) = document.whole else { return Ok(()) };
        row.entry("id").or_insert_with(|| document.id.clone().into());
        row.entry("stp_code").or_insert_with(|| document.stp.clone().into());
        for (field, value) in values {
            row.insert(field, value.into());
        }
        if document.table == "events" {
            self.event(&mut row)?;
        }
        let lists = KEPT.iter().find(|(table, _)| *table == document.table).map_or(&[][..], |kept| kept.1);
        for (field, table, parent) in lists {
            let Some(Value::Array(items)) = row.remove(*field) else { continue };
            for item in items {
                let Value::Object(mut item) = item else { continue };
                item.entry(*parent).or_insert_with(|| row["id"].clone());
                item.entry("stp_code").or_insert_with(|| row["stp_code"].clone());
                self.push(table, Value::Object(item));
            }
        }
        self.push(&document.table, Value::Object(row));
        Ok(())
    }

    fn push(&mut self, table: &str, row: Value) {
        match self.rows.get_mut(table) {
            Some(rows) => rows.push(row),
            None => {
                self.rows.insert(table.to_owned(), vec![row]);
            }
        }
    }

    /// Makes the rows of what belongs to an event out of its document.
    fn event(&mut self, row: &mut Map<String, Value>) -> anyhow::Result<()> {
        let (id, stp) = (row["id"].clone(), row["stp_code"].clone());
        let own: Map<String, Value> =
            LISTS.iter().filter_map(|list| Some(((*list).to_owned(), row.remove(*list)?))).collect();
        let all: Belongs = serde_json::from_value(Value::Object(own)).context("what belongs to the event")?;
        for part in all.participations {
            let (invited, attended) = (part.invited.as_ref(), part.attended.as_ref());
            let row = json!({
                "event_id": id, "stp_code": stp, "group_code": part.group, "took_part": part.took_part,
                "invited_low": invited.map(|n| n.low), "invited_high": invited.map(|n| n.high),
                "invited_words": invited.map(|n| &n.words),
                "attended_low": attended.map(|n| n.low), "attended_high": attended.map(|n| n.high),
                "attended_words": attended.map(|n| &n.words),
            });
            self.push("participations", row);
        }
        for placed in all.places {
            let count = placed.count.as_ref();
            let row = json!({
                "event_id": id, "stp_code": stp, "place_code": placed.place, "listed": placed.listed,
                "count_low": count.map(|n| n.low), "count_high": count.map(|n| n.high),
                "count_words": count.map(|n| &n.words),
            });
            self.push("event_places", row);
        }
        for body in all.bodies {
            self.push("event_bodies", json!({ "event_id": id, "stp_code": stp, "body_code": body }));
        }
        for target in all.targets {
            self.push("event_targets", json!({ "event_id": id, "stp_code": stp, "characteristic": target }));
        }
        for proposal in all.proposals {
            self.push("event_proposals", json!({ "event_id": id, "stp_code": stp, "proposal_id": proposal }));
        }
        for id_of in all.representatives {
            let row = json!({ "event_id": id, "stp_code": stp, "representative_id": id_of });
            self.push("event_representatives", row);
        }
        for (point, position) in all.themes.into_iter().zip(1..) {
            let row = json!({
                "id": point.id, "event_id": id, "stp_code": stp, "position": position, "text": point.text,
                "outcome": point.outcome,
            });
            self.push("themes", row);
        }
        for source in all.evidence {
            self.push("evidence", json!({ "id": source.id, "event_id": id, "stp_code": stp }));
        }
        Ok(())
    }

    /// The rows of a table.
    pub fn rows<M: DeserializeOwned>(&self, table: &str) -> anyhow::Result<Vec<M>> {
        let rows = self.rows.get(table).map_or(&[][..], Vec::as_slice);
        rows.iter().map(|row| M::deserialize(row).with_context(|| format!("a row of {table}"))).collect()
    }

    /// The STPs' own rows.
    pub fn stps(&self) -> anyhow::Result<Vec<stp::Model>> {
        self.rows("stps")
    }

    /// How many events of each STP had no day.
    pub fn undated(&self) -> HashMap<String, usize> {
        let mut undated = HashMap::new();
        for row in self.rows.get("events").into_iter().flatten() {
            if row["withdrawn_at"].is_null() && row["starts_on"].is_null() {
                *undated.entry(row["stp_code"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
            }
        }
        undated
    }

    /// The identities of those events.
    pub fn undated_ids(&self) -> Vec<String> {
        let rows = self.rows.get("events").into_iter().flatten();
        let undated = rows.filter(|row| row["withdrawn_at"].is_null() && row["starts_on"].is_null());
        undated.filter_map(|row| row["id"].as_str().map(str::to_owned)).collect()
    }

    pub(super) fn events(&self) -> anyhow::Result<Vec<EventRow>> {
        let rows = self.rows.get("events").into_iter().flatten();
        let mut rows = rows
            .filter(|row| row["withdrawn_at"].is_null() && !row["starts_on"].is_null())
            .map(|row| EventRow::deserialize(row).context("a row of events"))
            .collect::<anyhow::Result<Vec<_>>>()?;
        rows.sort_by(|a, b| (&a.stp_code, &a.id).cmp(&(&b.stp_code, &b.id)));
        Ok(rows)
    }

    pub(super) fn evidence(&self) -> Vec<(String, i64)> {
        let mut pieces = BTreeMap::<String, i64>::new();
        for row in self.rows.get("evidence").into_iter().flatten() {
            if let Some(event) = row["event_id"].as_str() {
                *pieces.entry(event.to_owned()).or_default() += 1;
            }
        }
        pieces.into_iter().collect()
    }

    pub(super) fn reachable(&self) -> anyhow::Result<Vec<Reachable>> {
        #[derive(Deserialize)]
        struct Contact {
            stp_code: String,
            group_code: String,
            email: Option<String>,
            withdrawn_at: Option<DateTime<Utc>>,
        }
        #[derive(Deserialize)]
        struct Stopped {
            address: String,
            stp_code: Option<String>,
            lifted_at: Option<DateTime<Utc>>,
            #[serde(default)]
            topic: Option<Theme>,
        }
        let stopped: HashSet<(String, Option<String>)> = self
            .rows::<Stopped>("suppressions")?
            .into_iter()
            .filter(|one| one.lifted_at.is_none() && one.topic.is_none())
            .map(|one| (one.address, one.stp_code))
            .collect();
        let mut reachable = BTreeMap::<(String, String), i64>::new();
        for contact in self.rows::<Contact>("stakeholders")? {
            let Some(email) = contact.email.filter(|email| !email.is_empty()) else { continue };
            let email = email.to_lowercase();
            let is_stopped = |stp: Option<&String>| stopped.contains(&(email.clone(), stp.cloned()));
            if contact.withdrawn_at.is_none() && !is_stopped(None) && !is_stopped(Some(&contact.stp_code)) {
                *reachable.entry((contact.stp_code, contact.group_code)).or_default() += 1;
            }
        }
        Ok(reachable
            .into_iter()
            .map(|((stp_code, group_code), contacts)| Reachable { stp_code, group_code, contacts })
            .collect())
    }
}
