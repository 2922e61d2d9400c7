//! The fields that the columns of a spreadsheet can feed, and the columns that were found for them.

use std::collections::BTreeMap;

use entity::import::Noun;
use serde::{Deserialize, Serialize};

use super::{
    map::{Map, spelling},
    sheet::Row,
};

/// Declares the fields: name, code, label, and whether several columns may feed it.
macro_rules! fields {
    ($($name:ident $code:literal $label:literal $many:literal;)+) => {
        /// What a column can feed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Field { $(#[serde(rename = $code)] $name,)+ }

        impl Field {
            const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The field as maps and forms write it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The field as people read it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }

            /// Whether several columns may feed it.
            pub const fn many(self) -> bool {
                match self { $(Self::$name => $many),+ }
            }
        }
    };
}

fields! {
    Id "id" "Reference" false;
    Parent "parent" "Reference of what it is part of" false;
    Stp "stp" "STP" false;
    Title "title" "Title" false;
    Kind "kind" "Kind of event" false;
    Status "status" "Status" false;
    StartsOn "starts_on" "Date, or first day" false;
    EndsOn "ends_on" "Last day" false;
    DateWords "date_words" "Date in words" false;
    Venue "venue" "Venue" false;
    Places "places" "Councils" true;
    Online "online" "Online (yes or no)" false;
    Groups "groups" "Who took part" true;
    PatientsPublic "patients_public" "Patients and public (Y)" false;
    Staff "staff" "Staff (Y)" false;
    LocalAuthorities "local_authorities" "Local authorities (Y)" false;
    Attended "attended" "Number who took part" false;
    AttendedQualifier "attended_qualifier" "Word before that number" false;
    Responses "responses" "Responses" false;
    ResponsesQualifier "responses_qualifier" "Word before the responses" false;
    NumbersNote "numbers_note" "Note on the numbers" false;
    Summary "summary" "What was discussed" true;
    Outcome "outcome" "Outcome or feedback" true;
    FeedbackOn "feedback_on" "Day of feedback" false;
    Level "level" "Level of participation" false;
    StpDiscussed "stp_discussed" "STP discussed (yes or no)" false;
    Evidence "evidence" "Web address of a source" true;
    SourceType "source_type" "Kind of source" false;
    Confidence "confidence" "Confidence" true;
    Group "group" "Group" false;
    Name "name" "Name or office" false;
    Organisation "organisation" "Organisation" false;
    Role "role" "Role" false;
    Email "email" "Email address" false;
    Notes "notes" "Notes" true;
    Basis "basis" "Why we hold this" false;
    Wording "wording" "Wording they were given" false;
    ObtainedOn "obtained_on" "Day it was obtained" false;
    Proof "proof" "What shows it" false;
    Place "place" "Place" false;
    Topics "topics" "Asks to hear of" true;
}

impl Field {
    const STAKEHOLDERS: &'static [Self] = &[
        Self::Id,
        Self::Stp,
        Self::Group,
        Self::Name,
        Self::Organisation,
        Self::Role,
        Self::Email,
        Self::Place,
        Self::Topics,
        Self::Notes,
        Self::Basis,
        Self::Wording,
        Self::ObtainedOn,
        Self::Proof,
    ];

    /// The fields of a noun, in the order of its page.
    pub fn of(noun: Noun) -> Vec<Self> {
        match noun {
            Noun::Stakeholders => Self::STAKEHOLDERS.to_vec(),
            Noun::Events => Self::ALL.iter().copied().take_while(|field| *field != Self::Group).collect(),
        }
    }

    /// The field with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }
}

/// The columns of one sheet, by the field that they feed.
#[derive(Clone, Debug, Default)]
pub struct Columns(BTreeMap<Field, Vec<usize>>);

impl Columns {
    /// Finds the columns that a map names. Of a field's names the first that the sheet has is taken, or every one where
    /// several columns may feed it; a column feeds one field.
    pub fn find(map: &Map, header: &[String]) -> Self {
        let header: Vec<String> = header.iter().map(|name| spelling(name)).collect();
        let mut found = BTreeMap::new();
        let mut taken = vec![false; header.len()];
        for field in Field::of(map.noun) {
            let names = map.columns.get(&field).into_iter().flatten();
            let columns = names.filter_map(|name| header.iter().position(|column| *column == spelling(name)));
            let columns = columns.filter(|column| !std::mem::replace(&mut taken[*column], true));
            let columns: Vec<usize> =
                if field.many() { columns.collect() } else { columns.take(1).collect() };
            if !columns.is_empty() {
                found.insert(field, columns);
            }
        }
        Self(found)
    }

    /// Whether any column feeds the field.
    pub fn has(&self, field: Field) -> bool {
        self.0.contains_key(&field)
    }

    /// The field that a column feeds.
    pub fn fed_by(&self, column: usize) -> Option<Field> {
        self.0.iter().find(|(_, columns)| columns.contains(&column)).map(|(field, _)| *field)
    }

    /// Puts a text into a row in place of what its field says.
    pub fn put(&self, field: Field, text: &str, row: &mut Row) {
        let columns = self.0.get(&field).map_or(&[][..], Vec::as_slice);
        for (place, column) in columns.iter().enumerate() {
            if let Some(cell) = row.cells.get_mut(*column) {
                *cell = if place == 0 { text.to_owned() } else { String::new() };
            }
        }
    }

    /// The texts of a field in a row, blanks left out.
    pub fn texts<'a>(&self, field: Field, row: &'a Row) -> Vec<&'a str> {
        let columns = self.0.get(&field).map_or(&[][..], Vec::as_slice);
        let texts = columns.iter().filter_map(|column| row.cells.get(*column)).map(String::as_str);
        texts.filter(|text| !text.is_empty()).collect()
    }
}
