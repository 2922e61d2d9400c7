//! A form as its page shows it: what was typed, what is wrong with it, and the key that makes one record of it.
//!
//! Templates read it as `form`; the components of `templates/components/form.html` find their field in it.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a page shows of a form.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Fields {
    /// The hidden `form_key`.
    pub key: String,
    /// What was typed, or what the record holds, by field.
    pub values: BTreeMap<String, Vec<String>>,
    /// The message beside each field that is wrong.
    pub errors: BTreeMap<String, String>,
    /// All messages, in the order of the page.
    pub summary: Vec<Problem>,
}

/// A line of the error summary.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// The field's anchor, or nothing where the message is about the form as a whole.
    pub href: String,
    pub message: String,
}

impl Fields {
    /// An empty form.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// The form as it was sent, everything typed kept.
    pub fn typed(key: impl Into<String>, pairs: &[(String, String)]) -> Self {
        let mut form = Self::new(key);
        for (field, text) in pairs.iter().filter(|(field, _)| field != "form_key") {
            form.values.entry(field.clone()).or_default().push(text.clone());
        }
        form
    }

    /// Fills a field.
    #[must_use]
    pub fn with(mut self, field: &str, text: impl Into<String>) -> Self {
        self.values.entry(field.to_owned()).or_default().push(text.into());
        self
    }

    /// Fills the three parts of a date.
    #[must_use]
    pub fn with_day(self, field: &str, day: Option<chrono::NaiveDate>) -> Self {
        use chrono::Datelike as _;
        match day {
            None => self,
            Some(day) => self
                .with(&format!("{field}-day"), day.day().to_string())
                .with(&format!("{field}-month"), day.month().to_string())
                .with(&format!("{field}-year"), day.year().to_string()),
        }
    }

    /// Says what is wrong with a field. `field` is its name, or for a date the name of the three together.
    #[must_use]
    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        self.summary.push(Problem { href: format!("#{field}"), message: message.clone() });
        self.errors.entry(field.to_owned()).or_insert(message);
        self
    }

    /// Says what is wrong with the form as a whole.
    #[must_use]
    pub fn refused(mut self, message: impl Into<String>) -> Self {
        self.summary.push(Problem { href: String::new(), message: message.into() });
        self
    }

    /// Whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.summary.is_empty()
    }
}
