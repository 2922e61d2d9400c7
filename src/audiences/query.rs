//! A choice of stakeholders, as a form says it and as it is kept.

use chrono::NaiveDate;
use entity::proposal::Theme;
use serde::{Deserialize, Serialize};

/// A choice of stakeholders. The conditions that are there all hold; an empty one asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Query {
    /// Codes of groups, any of which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Words that the organisation's name holds, all of them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// Words that the role or office holds, all of them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// Codes of places, any of which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Topics that they asked to hear of, any of which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Theme>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Took>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// Saved audiences whose people are in it as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Saved audiences whose people are not, whatever else holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub but: Vec<String>,
}

/// What has passed between an area and somebody since a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub what: Passed,
    pub since: NaiveDate,
}

/// What has passed, or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passed {
    NotMet,
    Met,
    Unanswered,
    NotWritten,
}

impl Passed {
    pub const ALL: [Self; 4] = [Self::NotMet, Self::Met, Self::Unanswered, Self::NotWritten];

    pub const fn code(self) -> &'static str {
        match self {
            Self::NotMet => "not_met",
            Self::Met => "met",
            Self::Unanswered => "unanswered",
            Self::NotWritten => "not_written",
        }
    }

    /// As it stands before a day.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMet => "Not met since",
            Self::Met => "Met since",
            Self::Unanswered => "Written to, and has not answered, since",
            Self::NotWritten => "Not written to since",
        }
    }
}

/// Somebody's part in an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    pub event: String,
    pub part: Part,
}

/// What part it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Invited,
    Came,
    DidNotCome,
}

impl Part {
    pub const ALL: [Self; 3] = [Self::Invited, Self::Came, Self::DidNotCome];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Came => "came",
            Self::DidNotCome => "did_not_come",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Invited => "Was invited",
            Self::Came => "Came",
            Self::DidNotCome => "Did not come",
        }
    }
}

/// A gap: who would close it, as long as it is open.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Gap {
    pub rule: String,
    pub subject: String,
}

impl Gap {
    /// As a form and an address carry it: `RULE/subject`.
    pub fn code(&self) -> String {
        format!("{}/{}", self.rule, self.subject)
    }

    pub fn parse(code: &str) -> Option<Self> {
        let (rule, subject) = code.split_once('/')?;
        Some(Self { rule: rule.to_owned(), subject: subject.to_owned() })
    }
}

/// A choice as a form says it.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub groups: Vec<String>,
    pub organisation: String,
    pub role: String,
    pub places: Vec<String>,
    pub topics: Vec<String>,
    pub history: String,
    pub since: Option<NaiveDate>,
    pub event: String,
    pub part: String,
    pub gap: String,
    pub also: Vec<String>,
    pub but: Vec<String>,
}

/// What a form may say: codes and identities of this area.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    pub groups: Vec<String>,
    pub places: Vec<String>,
    pub events: Vec<String>,
    pub gaps: Vec<Gap>,
    pub audiences: Vec<String>,
}

/// The longest words to look for, in characters.
const WORDS: usize = 100;

impl Query {
    /// Reads what was written. Refuses with every problem at once, each as (field of the form, message); one that asks
    /// nothing of anybody is refused too. A mailing's form has an `event` of its own, to which it invites.
    pub fn parse(written: &Written, offered: &Offered) -> Result<Self, Vec<(&'static str, String)>> {
        let mut problems = Vec::new();
        let mut some = |field, what: &str, written: &[String], offered: &[String]| -> Vec<String> {
            if written.iter().any(|code| !offered.contains(code)) {
                problems.push((field, format!("Select {what} from the list")));
            }
            offered.iter().filter(|code| written.contains(code)).cloned().collect()
        };
        let groups = some("groups", "groups", &written.groups, &offered.groups);
        let places = some("places", "places", &written.places, &offered.places);
        let also = some("also", "audiences", &written.also, &offered.audiences);
        let but = some("but", "audiences", &written.but, &offered.audiences);
        let topics: Vec<Theme> =
            Theme::ALL.iter().copied().filter(|t| written.topics.iter().any(|w| w == t.code())).collect();
        let mut words = |field, text: &str| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.chars().count() > WORDS {
                problems.push((field, format!("The words must be {WORDS} characters or fewer")));
            }
            text
        };
        let organisation = words("organisation", &written.organisation);
        let role = words("with_role", &written.role);
        let what = Passed::ALL.into_iter().find(|passed| passed.code() == written.history);
        let history = match (what, written.since) {
            (Some(what), Some(since)) => Some(History { what, since }),
            (Some(_), None) => {
                problems.push(("since", "Enter the day since when".into()));
                None
            }
            (None, Some(_)) => {
                problems.push(("history", "Select what is to hold since that day".into()));
                None
            }
            (None, None) => None,
        };
        let part = Part::ALL.into_iter().find(|part| part.code() == written.part);
        let event = match (written.event.as_str(), part) {
            ("", None) => None,
            ("", Some(_)) => {
                problems.push(("at_event", "Select the event".into()));
                None
            }
            (event, _) if !offered.events.iter().any(|known| known == event) => {
                problems.push(("at_event", "Select an event from the list".into()));
                None
            }
            (_, None) => {
                problems.push(("part", "Select whether they were invited, or came".into()));
                None
            }
            (event, Some(part)) => Some(Took { event: event.to_owned(), part }),
        };
        let gap = Gap::parse(&written.gap);
        if !written.gap.is_empty() && !gap.as_ref().is_some_and(|gap| offered.gaps.contains(gap)) {
            problems.push(("gap", "Select a gap from the list".into()));
        }
        let query = Self { groups, organisation, role, places, topics, history, event, gap, also, but };
        if problems.is_empty() && !query.asks() && query.also.is_empty() {
            problems.push(("groups", "Select whom to write to".into()));
        }
        if problems.is_empty() { Ok(query) } else { Err(problems) }
    }

    /// Reads what is kept. One that cannot be read chooses nobody.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept.
    pub fn kept(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Whether it has a condition of its own: without one it chooses whom its joined audiences choose.
    pub fn asks(&self) -> bool {
        let none = Self { also: self.also.clone(), but: self.but.clone(), ..Self::default() };
        *self != none
    }

    /// Whether it says more than which groups.
    pub fn is_narrowed(&self) -> bool {
        *self != Self { groups: self.groups.clone(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Offered {
        Offered {
            groups: vec!["PP-CAR".into(), "PP-HWT".into()],
            places: vec!["E10000009".into()],
            events: vec!["e1".into()],
            gaps: vec![Gap { rule: "COV-2".into(), subject: "PP-CAR".into() }],
            audiences: vec!["a1".into(), "a2".into()],
        }
    }

    fn fields(written: &Written) -> Vec<&'static str> {
        Query::parse(written, &offered()).unwrap_err().into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn every_condition_is_read_and_kept() {
        let since = NaiveDate::from_ymd_opt(2017, 4, 1);
        let written = Written {
            groups: vec!["PP-HWT".into(), "PP-CAR".into(), "PP-CAR".into()],
            organisation: "  Dorset  council ".into(),
            role: "chair".into(),
            places: vec!["E10000009".into()],
            topics: vec!["cancer".into()],
            history: "not_met".into(),
            since,
            event: "e1".into(),
            part: "did_not_come".into(),
            gap: "COV-2/PP-CAR".into(),
            also: vec!["a1".into()],
            but: vec!["a2".into()],
        };
        let query = Query::parse(&written, &offered()).unwrap();
        assert_eq!(query.groups, ["PP-CAR", "PP-HWT"]);
        assert_eq!(query.organisation, "Dorset council");
        assert!(query.is_narrowed());
        assert_eq!(Query::read(&query.kept()), query);
        let groups = Query { groups: vec!["PP-CAR".into()], ..Query::default() };
        assert_eq!(groups.kept(), r#"{"groups":["PP-CAR"]}"#, "what the migration writes");
        assert!(!groups.is_narrowed());
    }

    #[test]
    fn half_a_condition_is_refused() {
        let since = NaiveDate::from_ymd_opt(2017, 4, 1);
        let groups = vec!["PP-CAR".to_owned()];
        let base = || Written { groups: groups.clone(), ..Written::default() };
        assert_eq!(fields(&Written::default()), ["groups"]);
        assert_eq!(fields(&Written { but: vec!["a1".into()], ..Written::default() }), ["groups"]);
        assert_eq!(fields(&Written { history: "met".into(), ..base() }), ["since"]);
        assert_eq!(fields(&Written { since, ..base() }), ["history"]);
        assert_eq!(fields(&Written { event: "e1".into(), ..base() }), ["part"]);
        assert_eq!(fields(&Written { event: "e2".into(), part: "came".into(), ..base() }), ["at_event"]);
        assert_eq!(fields(&Written { part: "came".into(), ..base() }), ["at_event"]);
        assert_eq!(fields(&Written { gap: "COV-2/PP-HWT".into(), ..base() }), ["gap"]);
        assert_eq!(fields(&Written { also: vec!["a3".into()], ..base() }), ["also"]);
        assert_eq!(fields(&Written { role: "x".repeat(101), ..base() }), ["with_role"]);
        let all = Written { groups: vec!["XX".into()], places: vec!["E1".into()], ..Written::default() };
        assert_eq!(fields(&all), ["groups", "places"]);
    }

    #[test]
    fn joined_audiences_are_enough() {
        let query = Query::parse(&Written { also: vec!["a1".into()], ..Written::default() }, &offered());
        assert!(!query.unwrap().asks());
    }

    #[test]
    fn what_cannot_be_read_chooses_nobody() {
        for kept in ["", "[]x", r#"{"groups":3}"#, r#"{"everyone":true}"#] {
            assert!(!Query::read(kept).asks(), "{kept}");
        }
    }
}
