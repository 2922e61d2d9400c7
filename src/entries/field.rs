//! The fields of an entry, described once: the form, the page, the list and the spreadsheet are all made of this.

use serde::Serialize;

/// A choice of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// As it is stored and as files carry it.
    pub value: String,
    /// As people read it.
    pub label: String,
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }
}

/// What may be chosen.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// Words that a column holds: see [`crate::entries::words`].
    Words(fn() -> Vec<Choice>),
    /// The places of the STP, by code.
    Places,
    /// The places of the STP that have a scrutiny committee: its upper-tier councils.
    Councils,
    /// The bodies that the STP must talk to, by code.
    Bodies,
    /// Whom the STP writes to, by office and organisation: never by name.
    Stakeholders,
    /// The audience groups, by code.
    Groups,
    /// Entries of another noun of the same STP, by its key.
    Entries(&'static str),
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text of one line.
    Line,
    /// A text of many lines.
    Text,
    /// Several short texts: one a line in a form, `;` between them in a spreadsheet.
    Texts,
    /// An address of the web.
    Web,
    Day,
    YesNo,
    /// One of a list.
    One(Source),
    /// Any of a list.
    Several(Source),
    /// A whole number, from the first to the last.
    Whole(i32, i32),
    /// A share of the whole, 0 to 1, with six decimals at most.
    Share,
    /// A number of people as people write it: "40", "about 40", "20-30".
    People,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in forms, spreadsheets and documents: the column's.
    pub key: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// Whether the list shows it.
    pub listed: bool,
}

impl Field {
    pub const fn new(key: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { key, label, hint: "", kind, required: false, listed: false }
    }

    #[must_use]
    pub const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub const fn listed(mut self) -> Self {
        self.listed = true;
        self
    }

    /// The label as it stands inside a sentence.
    pub fn named(&self) -> String {
        let mut letters = self.label.chars();
        match (letters.next(), letters.clone().next()) {
            (Some(first), Some(second)) if second.is_lowercase() => {
                first.to_lowercase().chain(letters).collect()
            }
            _ => self.label.to_owned(),
        }
    }

    /// Where its choices come from.
    pub const fn source(&self) -> Option<Source> {
        match self.kind {
            Kind::One(source) | Kind::Several(source) => Some(source),
            _ => None,
        }
    }
}

/// Fields that stand together, under a heading of their own where there is one.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    pub title: &'static str,
    pub fields: &'static [Field],
}

/// The words of a column as choices: `Kind::One(words!(proposal::Theme))`.
macro_rules! words {
    ($word:ty) => {
        $crate::entries::field::Source::Words(|| {
            <$word>::ALL
                .iter()
                .map(|word| $crate::entries::field::Choice::new(word.code(), word.name()))
                .collect()
        })
    };
}

pub(crate) use words;
