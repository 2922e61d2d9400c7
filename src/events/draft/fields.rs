//! Single fields of the forms: each gives a value, or writes down what is wrong and goes on.

use chrono::NaiveDate;

use crate::{
    events::{
        check,
        numbers::{self, Attended},
        whole::EventDraft,
    },
    web::form::{Problem, Typed},
};

/// How people took part, 1 to 5, in plain words.
pub const LEVELS: [(i32, &str, &str); 5] = [
    (1, "Told", "we gave information"),
    (2, "Asked", "we asked what people think and listened"),
    (3, "Involved", "we worked on it with people"),
    (4, "Partners", "people shaped the decision with us"),
    (5, "Decided", "people made the decision"),
];

/// A form being read.
pub struct Reading<'a> {
    pub typed: &'a Typed,
    pub problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    pub fn new(typed: &'a Typed) -> Self {
        Self { typed, problems: Vec::new() }
    }

    pub fn wrong(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::new(field, message));
    }

    /// A text, its line ends as they are kept.
    pub fn text(&self, field: &str) -> Option<String> {
        self.typed.some(field).map(|text| text.replace("\r\n", "\n"))
    }

    /// The lines of a text that hold anything.
    pub fn lines(&self, field: &str) -> Vec<String> {
        self.typed
            .text(field)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    pub fn day(&mut self, field: &str, what: &str) -> Option<NaiveDate> {
        self.typed.day(field, what).unwrap_or_else(|problem| {
            self.problems.push(problem);
            None
        })
    }

    /// A number of people as it was written.
    pub fn people(&mut self, field: &str) -> Option<Attended> {
        numbers::parse(self.typed.text(field)).unwrap_or_else(|why| {
            self.wrong(field, why.to_string());
            None
        })
    }

    /// A whole number of people who fit in a place.
    pub fn whole(&mut self, field: &str, what: &str) -> Option<i32> {
        let text = self.typed.text(field).replace(',', "");
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok().filter(|number| (0..=numbers::MOST).contains(number));
        if read.is_none() {
            self.wrong(field, format!("{what} must be a whole number, such as 120"));
        }
        read
    }

    /// One of a few words; a blank is none, what the page does not offer is refused.
    pub fn word<T>(&mut self, field: &str, parse: impl Fn(&str) -> Option<T>, message: &str) -> Option<T> {
        let text = self.typed.text(field);
        if text.is_empty() {
            return None;
        }
        let read = parse(text);
        if read.is_none() {
            self.wrong(field, message);
        }
        read
    }

    /// How people took part: a blank is not recorded.
    pub fn level(&mut self) -> Option<i32> {
        let known = |text: &str| text.parse().ok().filter(|level| (1..=5).contains(level));
        self.word("level", known, "Select how people took part")
    }

    /// Ticked boxes, each of which `known` must know; each once.
    pub fn ticked<T: PartialEq>(
        &mut self,
        field: &str,
        known: impl Fn(&str) -> Option<T>,
        message: &str,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for text in self.typed.list(field) {
            match known(&text) {
                Some(value) if !all.contains(&value) => all.push(value),
                Some(_) => {}
                None => self.wrong(field, message),
            }
        }
        all
    }

    /// The draft, if nothing was wrong with its fields and it keeps the rules of the record.
    pub fn end(mut self, draft: impl FnOnce() -> Option<EventDraft>) -> Result<EventDraft, Vec<Problem>> {
        let Some(draft) = draft() else { return Err(self.problems) };
        for wrong in check::wrongs(&draft) {
            // A field that could not be read is not also missing.
            if self.problems.iter().all(|problem| problem.field != wrong.field) {
                self.wrong(wrong.field, wrong.message);
            }
        }
        if self.problems.is_empty() { Ok(draft) } else { Err(self.problems) }
    }
}
