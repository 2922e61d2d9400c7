//! What someone wrote about a stakeholder, read: a [`Draft`] can be recorded as it is.

use chrono::NaiveDate;
use entity::{proposal::Theme, stakeholder::Model};
use lettre::Address;

/// A stakeholder as written in a form or in a row of a spreadsheet.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub group: String,
    pub name: String,
    pub organisation: String,
    pub role: String,
    pub email: String,
    pub notes: String,
    pub basis: String,
    pub wording: String,
    pub obtained_on: Option<NaiveDate>,
    pub evidence: String,
    pub confirmed_on: Option<NaiveDate>,
    /// The code of a place, or nothing.
    pub place: String,
    /// Codes of themes.
    pub topics: Vec<String>,
}

/// A stakeholder that can be recorded: texts without spaces around them, none in place of an empty one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Draft {
    pub group_code: String,
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub role: Option<String>,
    pub email: Option<String>,
    pub notes: Option<String>,
    pub basis: String,
    /// Which wording they were given, when, and what shows it.
    #[serde(default)]
    pub wording: Option<String>,
    #[serde(default)]
    pub obtained_on: Option<NaiveDate>,
    #[serde(default)]
    pub evidence: Option<String>,
    pub confirmed_on: Option<NaiveDate>,
    #[serde(default)]
    pub place_code: Option<String>,
    /// What they asked to hear of.
    #[serde(default)]
    pub topics: Vec<Theme>,
}

/// The longest line and the longest notes, in characters.
const LINE: usize = 200;
const NOTES: usize = 2000;

impl Draft {
    /// Reads what was written. `groups` and `places` are the codes of the groups and of the area's places. Refuses with
    /// every problem at once, each as (field, message).
    pub fn parse(
        written: &Written,
        groups: &[String],
        places: &[String],
    ) -> Result<Self, Vec<(&'static str, String)>> {
        let mut problems = Vec::new();
        let group_code = written.group.trim().to_owned();
        if group_code.is_empty() {
            problems.push(("group", "Select a group".to_owned()));
        } else if !groups.contains(&group_code) {
            problems.push(("group", "Select a group from the list".to_owned()));
        }
        let mut line = |field, what: &str, text: &str| {
            let text = one_line(text);
            if text.chars().count() > LINE {
                problems.push((field, format!("{what} must be {LINE} characters or fewer")));
            }
            Some(text).filter(|text| !text.is_empty())
        };
        let organisation = line("organisation", "The organisation", &written.organisation);
        let name = line("name", "The name", &written.name);
        let role = line("role", "The role", &written.role);
        let basis = line("basis", "The basis", &written.basis);
        let wording = line("wording", "The wording", &written.wording);
        let evidence = line("evidence", "The evidence", &written.evidence);
        if name.is_none() && organisation.is_none() {
            problems
                .push(("organisation", "Enter an organisation, or the name of a person or office".into()));
        }
        if basis.is_none() {
            problems.push(("basis", "Enter why you may hold this and where it comes from".into()));
        }
        let email = Some(written.email.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        if email.as_deref().is_some_and(|email| address(email).is_none()) {
            problems.push((
                "email",
                "Enter an email address in the correct format, like name@example.org".into(),
            ));
        }
        let notes = Some(written.notes.trim().replace("\r\n", "\n")).filter(|text| !text.is_empty());
        if notes.as_ref().is_some_and(|notes| notes.chars().count() > NOTES) {
            problems.push(("notes", format!("The notes must be {NOTES} characters or fewer")));
        }
        let place_code = Some(written.place.trim()).filter(|code| !code.is_empty()).map(str::to_owned);
        if place_code.as_ref().is_some_and(|code| !places.contains(code)) {
            problems.push(("place", "Select a place from the list".into()));
        }
        let topics: Vec<Theme> =
            Theme::ALL.iter().copied().filter(|t| written.topics.iter().any(|w| w == t.code())).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            group_code,
            name,
            organisation,
            role,
            email,
            notes,
            basis: basis.unwrap_or_default(),
            wording,
            obtained_on: written.obtained_on,
            evidence,
            confirmed_on: written.confirmed_on,
            place_code,
            topics,
        })
    }

    /// What a stakeholder's row says.
    pub fn of(row: Model) -> Self {
        let topics = row.topics.as_deref().and_then(|kept| serde_json::from_str(kept).ok());
        Self {
            group_code: row.group_code,
            name: row.name,
            organisation: row.organisation,
            role: row.role,
            email: row.email,
            notes: row.notes,
            basis: row.basis,
            wording: row.wording,
            obtained_on: row.obtained_on,
            evidence: row.evidence,
            confirmed_on: row.confirmed_on,
            place_code: row.place_code,
            topics: topics.unwrap_or_default(),
        }
    }

    /// The topics as the table keeps them: none for no wish.
    pub fn topics(&self) -> Option<String> {
        (!self.topics.is_empty()).then(|| serde_json::json!(self.topics).to_string())
    }

    /// The words to search in, lower-cased.
    pub fn search(&self) -> String {
        let parts = [&self.organisation, &self.name, &self.role, &self.email];
        let words: Vec<String> = parts.into_iter().flatten().map(|text| text.to_lowercase()).collect();
        words.join(" ")
    }
}

/// The name that somebody gives as their own; none where their organisation is enough. The error says what is wrong.
pub fn own_name(text: &str, organisation: Option<&str>) -> Result<Option<String>, String> {
    let name = one_line(text);
    if name.chars().count() > LINE {
        return Err(format!("Your name must be {LINE} characters or fewer"));
    }
    if name.is_empty() && organisation.is_none() {
        return Err("Enter your name or office".to_owned());
    }
    Ok(Some(name).filter(|name| !name.is_empty()))
}

/// An email address that mail can be sent to by any server: one in plain letters. Lower-cased: what the ledger and
/// the suppressions know it by, since no server in use tells `Team@` from `team@`.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let plain =
        text.is_ascii() && text.len() <= 254 && !text.bytes().any(|b| b.is_ascii_control() || b == b' ');
    let known = plain.then(|| text.parse::<Address>().ok()).flatten()?;
    known.domain().contains('.').then(|| text.to_lowercase())
}

/// A text without line breaks or other control characters, spaces run together: it may go into a mail's header.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Vec<String> {
        vec!["PP-HWT".into()]
    }

    #[test]
    fn what_is_written_is_read() {
        let written = Written {
            group: "PP-HWT".into(),
            name: " Volunteer \r\n Bcc: x@example.org ".into(),
            organisation: "Healthwatch Dorset".into(),
            email: " Office@Healthwatch.example.org ".into(),
            basis: "Public task; its website".into(),
            ..Written::default()
        };
        let draft = Draft::parse(&written, &groups(), &[]).unwrap();
        assert_eq!(draft.name.as_deref(), Some("Volunteer Bcc: x@example.org"), "one line");
        assert_eq!(draft.email.as_deref(), Some("Office@Healthwatch.example.org"), "as typed");
        assert_eq!(
            draft.search(),
            "healthwatch dorset volunteer bcc: x@example.org office@healthwatch.example.org"
        );
    }

    #[test]
    fn every_problem_is_said_at_once() {
        let written = Written { group: "PP-XXX".into(), email: "nobody".into(), ..Written::default() };
        let problems = Draft::parse(&written, &groups(), &[]).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["group", "organisation", "basis", "email"]);
    }

    #[test]
    fn only_what_can_be_mailed_is_an_address() {
        assert_eq!(address("A.B@Example.ORG").as_deref(), Some("a.b@example.org"));
        for bad in [
            "",
            "a",
            "a@b",
            "a b@example.org",
            "a@example.org\r\nBcc: c@example.org",
            "ä@example.org",
            "<a@example.org>",
        ] {
            assert_eq!(address(bad), None, "{bad:?}");
        }
    }
}
