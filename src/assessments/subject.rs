//! What a finding is about, in words and as an address.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::event;
use method::{
    Finding,
    words::{Audience, Characteristic, Group},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _,
};
use serde::Serialize;

use super::Area;
use crate::web::filters;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// As it stands at the start of a line.
    pub name: String,
    /// The event it is about, if it is one.
    pub event: Option<String>,
    /// The group it is about, if it is one: an event for that group would close the gap.
    pub group: Option<String>,
    /// The place it is about, if it is one.
    pub place: Option<String>,
    /// The page of what it is about, where that is a record that is no event; empty where none shows it.
    pub page: String,
}

/// Puts the subject of a finding into words.
pub fn name(area: &Area, finding: &Finding) -> Subject {
    let subject = finding.subject.as_str();
    let plain = |name: &str| Subject {
        name: name.to_owned(),
        event: None,
        group: None,
        place: None,
        page: String::new(),
    };
    if let Some(group) = Group::parse(subject) {
        return Subject { group: Some(subject.to_owned()), ..plain(group.name()) };
    }
    if let Some(audience) = Audience::parse(subject) {
        return plain(audience.name());
    }
    if let Some(place) = area.place(subject) {
        return Subject { place: Some(subject.to_owned()), ..plain(&place.name) };
    }
    match subject {
        "plan" => return plain("The plan"),
        "engagement_plan" => return plain("The engagement plan"),
        "stp" => return plain(&area.stp.display_name),
        _ => {}
    }
    let (first, rest) = subject.split_once('/').unwrap_or((subject, ""));
    if let Some(characteristic) = Characteristic::parse(first) {
        return plain(&if rest.is_empty() {
            characteristic.name().to_owned()
        } else {
            format!("{}: {rest}", characteristic.name())
        });
    }
    if let Some(thing) = area.beside.find(first) {
        let of = Audience::parse(rest).map(Audience::name);
        let of = of.or_else(|| area.place(rest).map(|place| place.name.as_str()));
        let name = of.map_or_else(|| thing.name.clone(), |of| format!("{}: {of}", thing.name));
        return Subject { page: thing.page.clone(), ..plain(&name) };
    }
    let group = Group::parse(rest);
    Subject {
        page: String::new(),
        name: group.map_or("An event", Group::name).to_owned(),
        event: Some(first.to_owned()),
        group: group.map(|group| group.code().to_owned()),
        place: None,
    }
}

/// The address of a finding in full.
pub fn address(prefix: &str, area: &Area, finding: &Finding) -> String {
    let subject: String = url::form_urlencoded::byte_serialize(finding.subject.as_bytes()).collect();
    // A form writes a space as a plus, an address as %20; the slash between two ids stays one.
    let subject = subject.replace('+', "%20").replace("%2F", "/");
    format!("{prefix}/stps/{}/gaps/{}/{subject}", area.stp.code, finding.rule)
}

/// An anchor on the STP's page.
pub fn anchor(finding: &Finding) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    format!("{}_{}", finding.rule, finding.subject.chars().map(safe).collect::<String>())
}

/// An event, as much of it as a line needs.
#[derive(Clone, Debug, Serialize)]
pub struct Brief {
    /// Its id; empty for what is no event.
    pub id: String,
    /// The page of what is no event; empty where none shows it.
    pub page: String,
    /// Its title; its kind where it is not public or has none.
    pub title: String,
    /// When, in words.
    pub when: String,
    pub status: &'static str,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    title: String,
    kind: event::Kind,
    status: event::Status,
    publication: event::Publication,
    starts_on: Option<NaiveDate>,
}

/// The events with these ids, as anyone may see them.
pub async fn briefs(db: &impl ConnectionTrait, ids: &[String]) -> anyhow::Result<HashMap<String, Brief>> {
    use event::Column as C;
    let rows = event::Entity::find()
        .select_only()
        .columns([C::Id, C::Title, C::Kind, C::Status, C::Publication, C::StartsOn])
        .filter(C::Id.is_in(ids))
        .filter(C::WithdrawnAt.is_null())
        .into_model::<Row>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row.into())).collect())
}

/// An event of a disclosed record.
impl From<&method::record::Event> for Brief {
    fn from(event: &method::record::Event) -> Self {
        let kind = event.kind.name();
        Self {
            id: event.id.to_string(),
            page: String::new(),
            title: event.title.clone().unwrap_or_else(|| format!("{kind} (not published)")),
            when: filters::day(event.starts_on),
            status: event.status.name(),
        }
    }
}

impl Brief {
    /// Something on record that is no event.
    pub fn other(id: &str) -> Self {
        Self::titled(format!("Record {id}"))
    }

    /// Something on record that is no event, by its title.
    pub fn titled(title: String) -> Self {
        Self { id: String::new(), page: String::new(), title, when: String::new(), status: "" }
    }

    /// An event of which the identity alone is known.
    pub fn unread(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::titled("An event".to_owned()) }
    }
}

impl From<Row> for Brief {
    fn from(row: Row) -> Self {
        let open = row.publication == event::Publication::Public && !row.title.is_empty();
        Self {
            id: row.id,
            page: String::new(),
            title: if open { row.title } else { format!("{} (not published)", row.kind.name()) },
            when: row.starts_on.map_or_else(|| "no day known".to_owned(), filters::day),
            status: row.status.name(),
        }
    }
}
