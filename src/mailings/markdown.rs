//! The writing of letters: one Markdown source gives the HTML part and the text part, its merge fields filled.
//!
//! ```text
//! source ─► fields become marks (merge) ─► read: CommonMark ─► tree ─┬─► html: made once, values escaped into it
//!                │                           │                       └─► text: likewise; what holds a field is wrapped anew
//!                └─ misspelt ────────────────┴─► problems, each with its line
//! ```
//!
//! Read once a mailing, filled once a recipient. What a field says is words: it is never read as Markdown or HTML.
//!
//! Markdown with these departures from its standard, so that a letter written as plain text looks as it did:
//!
//! - A line break inside a paragraph stays: people write postal addresses and sign-offs so.
//! - There is no code block. Spaces at the start of a line mean nothing; a fence is refused.
//! - A line of `=` or `--` under some words stays as written, and `---` is a line across: neither makes a heading.
//! - An `http://` or `https://` address in the text is a link.
//! - `#` is a heading below the subject, which is the letter's title: `h2`. `##` is `h3`, and there are no others.
//!
//! Refused rather than dropped: HTML, pictures, links that lead nowhere or do not say where, and whatever else
//! somebody wrote that no recipient would see.

mod address;
mod fields;
mod html;
mod read;
mod text;
mod tree;

use std::fmt;

use self::{fields::Said, html::Piece, text::Part};
use super::merge::{Field, Text, Values};

/// A letter as it was written, read: it can be filled for anyone.
#[derive(Clone, Debug)]
pub struct Source {
    words: Text,
    /// The fields in it, in their order, each once.
    fields: Vec<Field>,
    html: Vec<Piece>,
    text: Vec<Part>,
}

/// Something that keeps a letter from being sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Source {
    /// Reads a letter. Refuses with every problem in it, in the order of its lines.
    pub fn parse(source: &str) -> Result<Self, Vec<Problem>> {
        let source = source.replace("\r\n", "\n").replace('\r', "\n");
        let (marked, problems) = fields::mark(&source);
        let (blocks, mut problems) = read::read(&marked, problems);
        let words = Text::parse(&source);
        problems.sort();
        problems.dedup();
        match words {
            Ok(words) if problems.is_empty() => {
                let html = html::pieces(&blocks);
                let text = text::parts(blocks);
                Ok(Self { words, fields: fields::marked(&marked), html, text })
            }
            _ => Err(problems),
        }
    }

    /// The source itself, with its fields: for those who look for blank ones.
    pub fn words(&self) -> &Text {
        &self.words
    }

    /// The source for one recipient. Refuses with the fields that have nothing to say for them.
    pub fn filled(&self, values: &Values) -> Result<String, Vec<Field>> {
        self.words.fill(values)
    }

    /// The HTML part for one recipient, a fragment for the body. Refuses as [`filled`](Self::filled) does.
    pub fn html(&self, values: &Values) -> Result<String, Vec<Field>> {
        let said = Said::new(&self.fields, values)?;
        Ok(html::fill(&self.html, &said))
    }

    /// The text part for one recipient, without a line break at its end. Refuses as [`filled`](Self::filled) does.
    pub fn text(&self, values: &Values) -> Result<String, Vec<Field>> {
        let said = Said::new(&self.fields, values)?;
        Ok(text::fill(&self.text, &said))
    }
}

impl Problem {
    fn new(line: usize, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { line, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}. {}", self.line, self.what, self.remedy)
    }
}

#[cfg(test)]
mod tests;
