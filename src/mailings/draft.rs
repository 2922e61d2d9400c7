//! What someone wrote of a mailing, read: a [`Draft`] can be recorded as it is.

use entity::mailing::Purpose;

use super::merge;

/// A mailing as written in a form.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub subject: String,
    pub body: String,
    pub purpose: String,
    pub groups: Vec<String>,
}

/// A mailing that can be recorded. Its fields are all known ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub subject: String,
    pub body_text: String,
    pub purpose: Purpose,
    /// In the order of the method page, each once.
    pub groups: Vec<String>,
}

/// The longest subject and the longest text, in characters.
pub const SUBJECT: usize = 150;
pub const BODY: usize = 20_000;

impl Draft {
    /// Reads what was written. `groups` are the codes of the groups there are. Refuses with every problem at once,
    /// each as (field, message).
    pub fn parse(written: &Written, groups: &[String]) -> Result<Self, Vec<(&'static str, String)>> {
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
        let chosen: Vec<String> =
            groups.iter().filter(|group| written.groups.contains(group)).cloned().collect();
        if chosen.is_empty() || written.groups.iter().any(|group| !groups.contains(group)) {
            problems.push(("groups", "Select the groups to write to".into()));
        }
        match purpose {
            Some(purpose) if problems.is_empty() => Ok(Self { subject, body_text, purpose, groups: chosen }),
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
        let groups = ["PP-CAR".to_owned(), "PP-HWT".to_owned()];
        let written = Written {
            subject: "Have your\r\nsay in {{ stp }}".into(),
            body: "Dear {{ name }},\r\n\r\nCome.".into(),
            purpose: "engagement".into(),
            groups: vec!["PP-HWT".into(), "PP-CAR".into(), "PP-CAR".into()],
        };
        let draft = Draft::parse(&written, &groups).unwrap();
        assert_eq!(draft.subject, "Have your say in {{ stp }}");
        assert_eq!(draft.body_text, "Dear {{ name }},\n\nCome.");
        assert_eq!(draft.groups, ["PP-CAR", "PP-HWT"]);
        let wrong =
            Written { subject: "Dear {{ nmae }}".into(), body: "a\u{0}".into(), ..Written::default() };
        let fields: Vec<_> =
            Draft::parse(&wrong, &groups).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["subject", "body", "purpose", "groups"]);
    }
}
