//! The reference facts that rows are checked against, read once: areas, their places, the groups.

use std::collections::{BTreeMap, BTreeSet};

use entity::{audience_group, footprint, place, stp};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use super::map::spelling;

/// The facts.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Names of areas as shown, by code.
    pub stps: BTreeMap<String, String>,
    /// Areas by any of their names.
    named: BTreeMap<String, String>,
    /// Places by their plain name.
    places: BTreeMap<String, Vec<String>>,
    /// Names of places, by code.
    pub place_names: BTreeMap<String, String>,
    /// The places of each area.
    footprints: BTreeSet<(String, String)>,
    /// Names of groups, by code.
    pub groups: BTreeMap<String, String>,
}

/// What a council's name stands for in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A place of the area's footprint, by code.
    Inside(String),
    /// A place elsewhere, by name.
    Outside(String),
    /// No place that is known.
    Unknown,
}

impl Facts {
    /// Reads the facts.
    pub async fn load(conn: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let mut facts = Self::default();
        for stp in stp::Entity::find().all(conn).await? {
            for name in [&stp.code, &stp.name, &stp.display_name].into_iter().chain(&stp.ods_code) {
                facts.named.insert(spelling(name), stp.code.clone());
            }
            facts.stps.insert(stp.code, stp.display_name);
        }
        for place in place::Entity::find().all(conn).await? {
            facts.places.entry(plain(&place.name)).or_default().push(place.code.clone());
            facts.place_names.insert(place.code, place.name);
        }
        for footprint in footprint::Entity::find().all(conn).await? {
            facts.footprints.insert((footprint.stp_code, footprint.place_code));
        }
        for group in audience_group::Entity::find().all(conn).await? {
            facts.groups.insert(group.code, group.name);
        }
        Ok(facts)
    }

    /// The area with this code or name.
    pub fn stp(&self, text: &str) -> Option<&str> {
        self.named.get(&spelling(text)).map(String::as_str)
    }

    /// The place with this name or code, as an area sees it. Names of councils will do: "Durham County Council".
    pub fn place(&self, stp: &str, name: &str) -> Found {
        let by_code = self.place_names.get_key_value(name.trim()).map(|(code, _)| vec![code.clone()]);
        let Some(codes) = by_code.as_ref().or_else(|| self.places.get(&plain(name))) else {
            return Found::Unknown;
        };
        let inside = codes.iter().find(|code| self.footprints.contains(&(stp.to_owned(), (*code).clone())));
        match (inside, codes.first()) {
            (Some(code), _) => Found::Inside(code.clone()),
            (None, Some(code)) => Found::Outside(self.place_names[code].clone()),
            (None, None) => Found::Unknown,
        }
    }

    /// Whether there is a place with this name or code.
    pub fn knows_place(&self, name: &str) -> bool {
        self.place_names.contains_key(name.trim()) || self.places.contains_key(&plain(name))
    }

    /// The group with this code or name.
    pub fn group(&self, text: &str) -> Option<&str> {
        let text = spelling(text);
        let found = self.groups.iter().find(|(code, name)| spelling(code) == text || spelling(name) == text);
        found.map(|(code, _)| code.as_str())
    }
}

/// A council's or a place's name without the words that say what kind of council it is.
fn plain(name: &str) -> String {
    const AFTER: &[&str] = &[
        " metropolitan district council",
        " metropolitan borough council",
        " county council",
        " borough council",
        " district council",
        " city council",
        " council",
        ", city of",
        ", county of",
    ];
    const BEFORE: &[&str] = &[
        "the ",
        "council of the ",
        "london borough of ",
        "royal borough of ",
        "borough of ",
        "city of ",
        "county ",
    ];
    let name = spelling(name).replace('&', "and").replace('’', "'").replace("st. ", "st ");
    let mut plain = name.as_str();
    plain = AFTER.iter().find_map(|words| plain.strip_suffix(words)).unwrap_or(plain);
    for words in BEFORE {
        plain = plain.strip_prefix(words).unwrap_or(plain);
    }
    plain.to_owned()
}

#[cfg(test)]
impl Facts {
    /// The facts that come with the product, read from the files that a migration loads.
    pub fn shipped() -> Self {
        let mut facts = Self::default();
        let rows = |file: &'static str| {
            csv::Reader::from_reader(file.as_bytes()).into_records().map(Result::unwrap).collect::<Vec<_>>()
        };
        for row in rows(include_str!("../../migration/reference/stps.csv")) {
            for name in [0, 1, 2, 3].map(|cell| &row[cell]).into_iter().filter(|name| !name.is_empty()) {
                facts.named.insert(spelling(name), row[0].to_owned());
            }
            facts.stps.insert(row[0].to_owned(), row[3].to_owned());
        }
        for row in rows(include_str!("../../migration/reference/places.csv")) {
            facts.places.entry(plain(&row[1])).or_default().push(row[0].to_owned());
            facts.place_names.insert(row[0].to_owned(), row[1].to_owned());
        }
        for row in rows(include_str!("../../migration/reference/footprints.csv")) {
            facts.footprints.insert((row[0].to_owned(), row[1].to_owned()));
        }
        for row in rows(include_str!("../../migration/reference/groups.csv")) {
            facts.groups.insert(row[0].to_owned(), row[2].to_owned());
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn councils_are_found_by_the_names_of_the_time() {
        let facts = Facts::shipped();
        let inside = |stp: &str, name: &str| match facts.place(stp, name) {
            Found::Inside(code) => facts.place_names[&code].clone(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(inside("E54000046", "Durham County Council"), "County Durham");
        assert_eq!(inside("E54000041", "Borough of Poole"), "Poole");
        assert_eq!(inside("E54000041", "Weymouth and Portland Borough Council"), "Weymouth and Portland");
        assert_eq!(inside("E54000016", "City of Wolverhampton Council"), "Wolverhampton");
        assert_eq!(inside("E54000039", "Bristol City Council"), "Bristol, City of");
        assert_eq!(inside("E54000030", "Royal Borough of Greenwich"), "Greenwich");
        assert_eq!(inside("E54000011", "Telford & Wrekin Council"), "Telford and Wrekin");
        assert_eq!(
            inside("E54000022", "King’s Lynn and West Norfolk Borough Council"),
            "King's Lynn and West Norfolk"
        );
        assert_eq!(facts.place("E54000041", "Devon County Council"), Found::Outside("Devon".into()));
        assert_eq!(facts.place("E54000041", "Powys County Council"), Found::Unknown);
        assert_eq!(facts.place("E54000041", "E10000009"), Found::Inside("E10000009".into()));
        assert_eq!(facts.place("E54000041", "E10000008"), Found::Outside("Devon".into()));
        assert!(
            facts.places.values().all(|codes| codes.len() == 1),
            "no two places have the same plain name"
        );
        assert_eq!(facts.stp("dorset"), Some("E54000041"));
        assert_eq!(facts.group("Carers"), Some("PP-CAR"));
    }
}
