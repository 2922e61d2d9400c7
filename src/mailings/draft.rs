//! What someone wrote of a mailing, read: a [`Draft`] can be recorded as it is.

use entity::{
    mailing::{FollowUp, Purpose},
    proposal::Theme,
};

use super::{
    markdown::{Problem, Source},
    merge,
};
use crate::audiences::{self, Query, query::Offered};

/// A mailing as written in a form.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub subject: String,
    pub body: String,
    pub purpose: String,
    /// What it is about; empty for no topic in particular.
    pub topic: String,
    pub audience: audiences::Written,
    /// The event that it invites to; empty for none.
    pub event: String,
    /// It goes back to people who were invited: it needs no audience.
    pub follow_up: Option<FollowUp>,
    /// The code of the sender that it comes from; empty for the settings' own.
    pub sender: String,
}

/// A letter that can be recorded: its fields are all known ones, and its Markdown can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub body_text: String,
    pub purpose: Purpose,
}

/// A mailing that can be recorded: a letter, and whom it is to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub letter: Letter,
    /// What it is about, of engagement mail.
    pub topic: Option<Theme>,
    pub audience: Query,
    /// The event that it invites to.
    pub event_id: Option<String>,
    /// Which of that event's invited people it goes back to, in place of an audience.
    pub follow_up: Option<FollowUp>,
    /// The code of the sender that it comes from; none for the settings' own.
    pub sender: Option<String>,
}

/// The longest subject and the longest text, in characters.
pub const SUBJECT: usize = 150;
pub const BODY: usize = 20_000;

/// How many things that are wrong with a text are told at once.
const TOLD: usize = 5;

impl Letter {
    /// Reads what was written. Refuses with every problem at once, each as (field, message).
    pub fn parse(subject: &str, body: &str, purpose: &str) -> Result<Self, Vec<(&'static str, String)>> {
        let mut problems = Vec::new();
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let body_text = body.replace("\r\n", "\n").trim().to_owned();
        if let Err(said) = whole("subject", &subject, SUBJECT)
            .and_then(|()| merge::Text::parse(&subject).map_err(|misspelt| said(&misspelt)))
        {
            problems.push(("subject", said));
        }
        if let Err(said) = whole("text", &body_text, BODY)
            .and_then(|()| Source::parse(&body_text).map_err(|problems| told(&problems)))
        {
            problems.push(("body", said));
        }
        let Some(purpose) = Purpose::parse(purpose) else {
            problems.push(("purpose", "Select what the mailing is for".into()));
            return Err(problems);
        };
        if problems.is_empty() { Ok(Self { subject, body_text, purpose }) } else { Err(problems) }
    }
}

/// Whether a text is there, short enough and of letters that can be sent.
fn whole(what: &str, text: &str, most: usize) -> Result<(), String> {
    if text.is_empty() {
        return Err(format!("Enter the {what}"));
    }
    if text.chars().count() > most {
        return Err(format!("The {what} must be {most} characters or fewer"));
    }
    if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Err(format!("The {what} holds a character that cannot be sent"));
    }
    Ok(())
}

impl Draft {
    /// Reads what was written; `offered` is whom it may be to, `events` the identities of the events that can be invited
    /// to, `senders` the codes of those that this STP may write from, beside the settings' own. Refuses with every problem at once, each as (field, message).
    pub fn parse(
        written: &Written,
        offered: &Offered,
        events: &[String],
        senders: &[String],
    ) -> Result<Self, Vec<(&'static str, String)>> {
        let letter = Letter::parse(&written.subject, &written.body, &written.purpose);
        let audience = match written.follow_up {
            Some(_) => Ok(Query::default()),
            None => Query::parse(&written.audience, offered),
        };
        let event_id = Some(written.event.clone()).filter(|event| !event.is_empty());
        let known = event_id.as_ref().is_none_or(|event| events.contains(event));
        let topic = topic(&written.topic, Purpose::parse(&written.purpose));
        let sender = Some(written.sender.clone()).filter(|sender| !sender.is_empty());
        let may = sender.as_ref().is_none_or(|sender| senders.contains(sender));
        match (letter, topic, audience) {
            (Ok(letter), Ok(topic), Ok(audience)) if known && may => {
                Ok(Self { letter, topic, audience, event_id, follow_up: written.follow_up, sender })
            }
            (letter, topic, audience) => {
                let topic = topic.err().map(|said| vec![("topic", said.to_owned())]);
                let wrong = [letter.err(), topic, audience.err()];
                let mut wrong: Vec<_> = wrong.into_iter().flatten().flatten().collect();
                if !known {
                    wrong.push(("event", "Select an event that is still to come, or none".into()));
                }
                if !may {
                    wrong.push(("sender", "Select an address that this STP may write from".into()));
                }
                Err(wrong)
            }
        }
    }
}

/// What a mailing of this purpose is about.
fn topic(code: &str, purpose: Option<Purpose>) -> Result<Option<Theme>, &'static str> {
    if code.is_empty() {
        return Ok(None);
    }
    let topic = Theme::parse(code).ok_or("Select a topic from the list, or none")?;
    match purpose {
        // What is wrong with the purpose is said there.
        Some(Purpose::Engagement) | None => Ok(Some(topic)),
        Some(_) => Err("Select no topic: only engagement mail can be opted out of by topic"),
    }
}

/// What is wrong with a text, each with its line.
pub fn told(problems: &[Problem]) -> String {
    let mut told: Vec<String> = problems.iter().take(TOLD).map(ToString::to_string).collect();
    if problems.len() > TOLD {
        told.push(format!("And {} more.", problems.len() - TOLD));
    }
    told.join(" ")
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
            topic: "cancer".into(),
            audience: audiences::Written {
                groups: vec!["PP-HWT".into(), "PP-CAR".into()],
                ..audiences::Written::default()
            },
            event: "an-event".into(),
            follow_up: None,
            sender: "dorset".into(),
        };
        let (events, senders) = (["an-event".to_owned()], ["dorset".to_owned()]);
        let draft = Draft::parse(&written, &offered, &events, &senders).unwrap();
        assert_eq!(draft.sender.as_deref(), Some("dorset"));
        let other = Draft::parse(&written, &offered, &events, &["devon".to_owned()]);
        assert_eq!(other.unwrap_err()[0].0, "sender");
        assert_eq!(draft.event_id.as_deref(), Some("an-event"));
        assert_eq!(Draft::parse(&written, &offered, &[], &senders).unwrap_err()[0].0, "event");
        assert_eq!(draft.letter.subject, "Have your say in {{ stp }}");
        assert_eq!(draft.letter.body_text, "Dear {{ name }},\n\nCome.");
        assert_eq!(draft.audience.groups, ["PP-CAR", "PP-HWT"]);
        assert_eq!(draft.topic, Some(Theme::Cancer));
        for (topic, purpose) in [("cancer", "service"), ("cancer", "statutory"), ("cancers", "engagement")] {
            let wrong = Written { topic: topic.into(), purpose: purpose.into(), ..written.clone() };
            let wrong = Draft::parse(&wrong, &offered, &events, &senders).unwrap_err();
            assert_eq!(wrong.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["topic"], "{purpose}");
        }
        let none = Written { topic: String::new(), purpose: "service".into(), ..written.clone() };
        assert_eq!(Draft::parse(&none, &offered, &events, &senders).unwrap().topic, None);
        let wrong =
            Written { subject: "Dear {{ nmae }}".into(), body: "a\u{0}".into(), ..Written::default() };
        let fields: Vec<_> = Draft::parse(&wrong, &offered, &[], &[])
            .unwrap_err()
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(fields, ["subject", "body", "purpose", "groups"]);
    }
}
