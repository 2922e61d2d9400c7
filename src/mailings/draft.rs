//! What someone wrote of a mailing, read: a [`Draft`] can be recorded as it is.

use entity::mailing::Purpose;

use super::merge;
use crate::audiences::{self, Query, query::Offered};

/// A mailing as written in a form.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub subject: String,
    pub body: String,
    pub purpose: String,
    pub audience: audiences::Written,
}

/// A mailing that can be recorded. Its fields are all known ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub subject: String,
    pub body_text: String,
    pub purpose: Purpose,
    pub audience: Query,
}

/// The longest subject and the longest text, in characters.
pub const SUBJECT: usize = 150;
pub const BODY: usize = 20_000;

impl Draft {
    /// Reads what was written; `offered` is whom it may be to. Refuses with every problem at once, each as
    /// (field, message).
    pub fn parse(written: &Written, offered: &Offered) -> Result<Self, Vec<(&'static str, String)>> {
        let mut problems = Vec::new();
        let subject = written.subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let body_text = written.body.replace("\r\n", "\n").trim().to_owned();
        for (field, what, text, most) in
            [("subject", "subject", &subject, SUBJECT), ("body", "text", &body_text, BODY)]
        {
            if text.is_empty() {
                problems.push((field, format!("Enter the {what}")));
            } else if text.chars().count() > most {
                problems.push((field, format!("The {what} must be {most} characters or fewer")));
            } else if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
                problems.push((field, format!("The {what} holds a character that cannot be sent")));
            } else if let Err(misspelt) = merge::Text::parse(text) {
                problems.push((field, said(&misspelt)));
            }
        }
        let purpose = Purpose::parse(&written.purpose);
        if purpose.is_none() {
            problems.push(("purpose", "Select what the mailing is for".into()));
        }
        let audience = Query::parse(&written.audience, offered).unwrap_or_else(|wrong| {
            problems.extend(wrong);
            Query::default()
        });
        match purpose {
            Some(purpose) if problems.is_empty() => Ok(Self { subject, body_text, purpose, audience }),
            _ => Err(problems),
        }
    }
}

/// What is wrong with fields that are none.
pub fn said(misspelt: &[String]) -> String {
    let known: Vec<String> =
        merge::Field::ALL.iter().map(|field| format!("{{{{ {} }}}}", field.word())).collect();
    format!(
        "{} is not a merge field, and everyone would get it as it stands. Use {}, and no other braces",
        misspelt.join(", "),
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let offered =
            Offered { groups: vec!["PP-CAR".to_owned(), "PP-HWT".to_owned()], ..Offered::default() };
        let written = Written {
            subject: "Have your\r\nsay in {{ stp }}".into(),
            body: "Dear {{ name }},\r\n\r\nCome.".into(),
            purpose: "engagement".into(),
            audience: audiences::Written {
                groups: vec!["PP-HWT".into(), "PP-CAR".into()],
                ..audiences::Written::default()
            },
        };
        let draft = Draft::parse(&written, &offered).unwrap();
        assert_eq!(draft.subject, "Have your say in {{ stp }}");
        assert_eq!(draft.body_text, "Dear {{ name }},\n\nCome.");
        assert_eq!(draft.audience.groups, ["PP-CAR", "PP-HWT"]);
        let wrong =
            Written { subject: "Dear {{ nmae }}".into(), body: "a\u{0}".into(), ..Written::default() };
        let fields: Vec<_> =
            Draft::parse(&wrong, &offered).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["subject", "body", "purpose", "groups"]);
    }
}
