//! What one recipient reads: the mailing's text with its fields filled, in the mail templates.

use entity::{mailing, mailing::Purpose, stp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    draft,
    merge::{Text, Values},
};
use crate::web::page::Pages;

/// A mailing ready to be filled in for anyone.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub mailing: mailing::Model,
    pub stp: stp::Model,
    pub subject: Text,
    pub body: Text,
}

/// What one recipient reads.
#[derive(Clone, Debug)]
pub struct Content {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Of the subject and the text as the mailing's author wrote them, filled in: what was frozen.
    pub sha256: String,
}

/// What the mail templates are filled with.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub subject: String,
    pub body: String,
    pub paragraphs: Vec<Vec<Vec<Piece>>>,
    pub stp: String,
    pub group: String,
    pub purpose: &'static str,
    /// Where to opt out, for a purpose that one may opt out of; empty otherwise.
    pub link: String,
}

/// Some words of a line, or a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub text: String,
    /// Empty for words.
    pub href: String,
}

impl Sheet {
    /// Reads a mailing's text. The error says which fields are none.
    pub fn new(mailing: mailing::Model, stp: stp::Model) -> Result<Self, String> {
        let subject = Text::parse(&mailing.subject).map_err(|misspelt| draft::said(&misspelt))?;
        let body = Text::parse(&mailing.body_text).map_err(|misspelt| draft::said(&misspelt))?;
        Ok(Self { mailing, stp, subject, body })
    }

    /// Fills the sheet in for one recipient. `link` is their own. The error names a field that has nothing to say.
    pub fn view(&self, values: &Values, link: &str) -> Result<View, String> {
        let fill = |text: &Text| {
            text.fill(values).map_err(|blank| {
                let words: Vec<String> =
                    blank.iter().map(|field| format!("{{{{ {} }}}}", field.word())).collect();
                format!("{} has nothing to say for this recipient", words.join(", "))
            })
        };
        let body = fill(&self.body)?;
        Ok(View {
            subject: fill(&self.subject)?,
            paragraphs: paragraphs(&body),
            body,
            stp: self.stp.display_name.clone(),
            group: values.group.clone().unwrap_or_default(),
            purpose: self.mailing.purpose.code(),
            link: if self.may_opt_out() { link.to_owned() } else { String::new() },
        })
    }

    /// Whether one may opt out of this mailing.
    pub fn may_opt_out(&self) -> bool {
        self.mailing.purpose == Purpose::Engagement
    }
}

impl View {
    /// The digest of what the author wrote, filled in.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(format!("{}\n\n{}", self.subject, self.body)))
    }

    /// The parts of the message.
    pub fn content(&self, pages: &Pages) -> anyhow::Result<Content> {
        Ok(Content {
            subject: self.subject.clone(),
            text: pages.text("mail/mailing/body.txt", &serde_json::json!({ "letter": self }))?,
            html: pages.text("mail/mailing/body.html", &serde_json::json!({ "letter": self }))?,
            sha256: self.sha256(),
        })
    }
}

/// The digest of a mailing's text as its author wrote it: what is frozen with it.
pub fn text_sha256(mailing: &mailing::Model) -> String {
    hex::encode(Sha256::digest(format!("{}\n\n{}", mailing.subject, mailing.body_text)))
}

/// A plain text as paragraphs of lines, addresses of pages made links.
fn paragraphs(text: &str) -> Vec<Vec<Vec<Piece>>> {
    let mut paragraphs = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(pieces(line));
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    for part in line.split_inclusive(' ') {
        let word = part.trim_end_matches(' ');
        let end = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '>']).len();
        let (address, after) = part.split_at(end);
        let scheme = ["https://", "http://"].into_iter().find(|scheme| address.starts_with(scheme));
        if scheme.is_some_and(|scheme| address.len() > scheme.len()) && url::Url::parse(address).is_ok() {
            if !words.is_empty() {
                pieces.push(Piece { text: std::mem::take(&mut words), href: String::new() });
            }
            pieces.push(Piece { text: address.to_owned(), href: address.to_owned() });
            words.push_str(after);
        } else {
            words.push_str(part);
        }
    }
    if !words.is_empty() {
        pieces.push(Piece { text: words, href: String::new() });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_text_becomes_paragraphs_with_links() {
        let all = paragraphs("One\ntwo\n\n\nSee https://example.org/a?b=1. And javascript:alert(1)");
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].len(), 2);
        let shown: Vec<_> = all[1][0].iter().map(|p| (p.text.as_str(), p.href.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("See ", ""),
                ("https://example.org/a?b=1", "https://example.org/a?b=1"),
                (". And javascript:alert(1)", "")
            ]
        );
    }
}
