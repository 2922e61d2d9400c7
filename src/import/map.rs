//! A map: which column feeds which field, and what the words in the cells mean.
//!
//! A map is a text that a person can read and correct (TOML; `data/engagement-log/map.toml` is the fullest). Words are
//! looked up without regard to capitals and spaces. A word that a map does not have is an error of its row, never a
//! guess.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    event::{Kind, Publication, Status},
    import::Noun,
};
use serde::{Deserialize, Serialize};

use super::{facts::Facts, field::Field};

/// What the columns and words of one kind of spreadsheet mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Part of every record's identity: the same row under the same name is the same record.
    pub name: String,
    pub title: String,
    pub noun: Noun,
    /// What is the same for every row.
    #[serde(default)]
    pub fixed: Fixed,
    /// For each field the names that its column may have. A field of many takes every column there is.
    pub columns: BTreeMap<Field, Vec<String>>,
    #[serde(default)]
    pub kinds: BTreeMap<String, Meaning>,
    #[serde(default)]
    pub statuses: BTreeMap<String, Status>,
    #[serde(default)]
    pub levels: BTreeMap<String, i32>,
    /// The group for each audience that is marked without saying who: by `PP`, `ST`, `LA`.
    #[serde(default)]
    pub unnamed: BTreeMap<String, String>,
    /// Words for audiences: group codes, `members` (those who sit on the body that met) or `in public`.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<String>>,
    /// Words for councils: names of places, none for what is outside England.
    #[serde(default)]
    pub councils: BTreeMap<String, Vec<String>>,
    /// Words for dates: the first and the last day that they can mean; nothing for undated.
    #[serde(default)]
    pub dates: BTreeMap<String, Vec<NaiveDate>>,
    /// Cells that are read otherwise than they are written.
    #[serde(default)]
    pub corrections: Vec<Correction>,
}

/// What is the same for every row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fixed {
    /// The kind where the row names none.
    pub kind: Option<Kind>,
    /// Whether the rows may be shown to the public.
    pub publication: Option<Publication>,
    /// Whether the STP was talked about, where the row does not say: yes when left out.
    pub stp_discussed: Option<bool>,
    /// How levels were judged.
    pub level_basis: Option<String>,
    /// Why stakeholders are held, where the row does not say.
    pub basis: Option<String>,
}

/// What a kind of activity is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// The kind of its event; of a consultation's open response it is `survey` whatever stands here.
    pub kind: Kind,
    #[serde(default, rename = "as")]
    pub becomes: Becomes,
    /// A group that takes part in every one, if its audience is marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The group of those who sit on the body that meets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<String>,
}

impl Meaning {
    /// An event of this kind, and nothing more.
    pub fn plain(kind: Kind) -> Self {
        Self { kind, becomes: Becomes::Event, group: None, members: None }
    }
}

/// What a row of a kind becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// An event.
    #[default]
    Event,
    /// A formal consultation with its proposal, and the open response as an event.
    FormalConsultation,
    /// A consultation that is not formal, with the open response as an event; an event when it is part of another.
    Exercise,
    /// As an exercise when it has parts and lasted more than a day; else an event.
    Programme,
}

/// A cell that is read otherwise than it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The row's id.
    pub row: String,
    pub field: Field,
    /// What is read instead.
    pub value: String,
    /// Why, in a sentence that the row's report shows.
    pub why: String,
}

/// The maps that come with the product, by name.
const OWN: &[(&str, &str)] = &[
    ("events", include_str!("../../data/maps/events.toml")),
    ("stakeholders", include_str!("../../data/maps/stakeholders.toml")),
    ("engagement-log", include_str!("../../data/engagement-log/map.toml")),
];

impl Map {
    /// The map of this name that comes with the product.
    pub fn own(name: &str) -> Option<Self> {
        let (_, text) = OWN.iter().find(|(own, _)| *own == name)?;
        Some(Self::parse(text).expect("a test reads every map that comes with the product"))
    }

    /// The map for a file of which nothing is known but what it lists.
    pub fn plain(noun: Noun) -> Self {
        Self::own(noun.code()).expect("each noun has a map of its name")
    }

    /// Reads a map. The error says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut map: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if map.name.is_empty()
            || !map.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            return Err("the name of a map is small letters, digits and hyphens".into());
        }
        let fields = Field::of(map.noun);
        if let Some(field) = map.columns.keys().find(|field| !fields.contains(field)) {
            return Err(format!("{} is not a field of {}", field.code(), map.noun.code()));
        }
        map.kinds = spelled(map.kinds)?;
        map.statuses = spelled(map.statuses)?;
        map.levels = spelled(map.levels)?;
        map.words = spelled(map.words)?;
        map.councils = spelled(map.councils)?;
        map.dates = spelled(map.dates)?;
        if let Some((words, level)) = map.levels.iter().find(|(_, level)| !(1..=5).contains(*level)) {
            return Err(format!("the level of “{words}” is {level}, not 1 to 5"));
        }
        let span = |days: &Vec<NaiveDate>| days.is_empty() || days.len() == 2 && days[0] <= days[1];
        if let Some((words, _)) = map.dates.iter().find(|(_, days)| !span(days)) {
            return Err(format!("the days of “{words}” are not a first and a last one"));
        }
        Ok(map)
    }

    /// Refuses a map that names a group or a place that is not there.
    pub fn check(&self, facts: &Facts) -> Result<(), Vec<String>> {
        let special = ["members", "in public"];
        let words = self.words.values().flatten().filter(|word| !special.contains(&word.as_str()));
        let kinds = self.kinds.values().flat_map(|kind| kind.group.iter().chain(&kind.members));
        let groups = words.chain(kinds).chain(self.unnamed.values());
        let mut problems: Vec<String> = groups
            .filter(|group| !facts.groups.contains_key(*group))
            .map(|group| format!("The map names the group {group}, which is not there"))
            .collect();
        let places = self.councils.values().flatten().filter(|name| !facts.knows_place(name));
        problems.extend(places.map(|name| format!("The map names the place “{name}”, which is not there")));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The map as a text that [`parse`](Self::parse) reads.
    pub fn text(&self) -> anyhow::Result<String> {
        Ok(toml::to_string(self)?)
    }

    /// The map with its columns as chosen for one file.
    #[must_use]
    pub fn with_columns(mut self, columns: BTreeMap<Field, Vec<String>>) -> Self {
        self.columns = columns;
        self
    }
}

/// The spelling that words are compared in: small letters, single spaces.
pub fn spelling(words: &str) -> String {
    words.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn spelled<T>(table: BTreeMap<String, T>) -> Result<BTreeMap<String, T>, String> {
    let mut out = BTreeMap::new();
    for (words, meaning) in table {
        if out.insert(spelling(&words), meaning).is_some() {
            return Err(format!("“{words}” is there twice"));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_that_comes_with_the_product_can_be_read() {
        let facts = Facts::shipped();
        for (name, _) in OWN {
            let map = Map::own(name).unwrap();
            assert_eq!(map.name, *name);
            map.check(&facts).unwrap();
            let again = Map::parse(&map.text().unwrap()).unwrap();
            assert_eq!(again.text().unwrap(), map.text().unwrap());
        }
        for noun in Noun::ALL {
            assert_eq!(Map::plain(*noun).noun, *noun);
        }
    }

    #[test]
    fn a_wrong_map_says_what_is_wrong() {
        let said = |text: &str| Map::parse(text).unwrap_err();
        let head = "name='mine'\ntitle='Mine'\nnoun='events'\n";
        assert!(said("name='mine'").contains("title"));
        assert!(said(&format!("{head}[columns]\nname=['who']")).contains("name is not a field of events"));
        assert!(said(&format!("{head}[columns]\nwhat=['who']")).contains("what"));
        assert!(said(&format!("{head}[columns]\n[levels]\n'all' = 6")).contains("“all” is 6"));
        assert!(said(&format!("{head}[columns]\n[dates]\n'soon' = ['2017-02-01']")).contains("“soon”"));
        assert!(said(&format!("{head}[columns]\n[words]\n'A b' = []\n'a  B' = []")).contains("twice"));
        let map = Map::parse(&format!(
            "{head}[columns]\n[words]\n'us' = ['PP-XXX']\n[councils]\n'c' = ['Atlantis']"
        ))
        .unwrap();
        let problems = map.check(&Facts::shipped()).unwrap_err().join(" ");
        assert!(problems.contains("PP-XXX") && problems.contains("Atlantis"), "{problems}");
    }
}
