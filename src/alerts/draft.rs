//! What somebody asks for, read from the form.

use std::collections::BTreeSet;

use entity::alert::Often;
use serde::{Deserialize, Serialize};

use super::{ENGLAND, find::Offered};
use crate::{
    stakeholders::draft::address,
    web::form::{Problem, Typed},
};

/// What somebody gets alerts about, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Every report, of England and of each area.
    pub england: bool,
    pub stps: BTreeSet<String>,
    pub proposals: BTreeSet<String>,
    pub often: Often,
}

/// A sign-up as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Lower-cased.
    pub address: String,
    pub wanted: Wanted,
}

impl Draft {
    /// Reads the form. Refuses what is no address, and a choice of nothing or of what is not offered.
    pub fn parse(typed: &Typed, offered: &Offered) -> Result<Self, Vec<Problem>> {
        let text = typed.text("email");
        let found = address(text);
        let mut problems = Vec::new();
        if found.is_none() {
            problems.push(Problem::new(
                "email",
                if text.is_empty() {
                    "Enter your email address"
                } else {
                    "Enter an email address in the correct format, like name@example.org"
                },
            ));
        }
        match (Wanted::parse(typed, offered), found) {
            (Ok(wanted), Some(address)) => return Ok(Self { address, wanted }),
            (Err(more), _) => problems.extend(more),
            (Ok(_), None) => {}
        }
        Err(problems)
    }
}

impl Wanted {
    /// Reads what was chosen. Refuses a choice of nothing or of what is not offered.
    pub fn parse(typed: &Typed, offered: &Offered) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let (areas, proposals) = (typed.list("about"), typed.list("proposal"));
        let known = |code: &String| code == ENGLAND || offered.stps.iter().any(|(stp, _)| stp == code);
        if !areas.iter().all(known) {
            problems.push(Problem::new("about", "Select areas from the list"));
        }
        if !proposals.iter().all(|id| offered.proposals.iter().any(|(known, _)| known == id)) {
            problems.push(Problem::new("proposal", "Select a proposal from the list"));
        }
        if areas.is_empty() && proposals.is_empty() {
            problems.push(Problem::new("about", "Select an area, all of England or a proposal"));
        }
        let often = Often::parse(typed.text("often"));
        if often.is_none() {
            problems.push(Problem::new("often", "Select how often you want an email"));
        }
        match often {
            Some(often) if problems.is_empty() => Ok(Self {
                england: areas.iter().any(|area| area == ENGLAND),
                stps: areas.into_iter().filter(|area| area != ENGLAND).collect(),
                proposals: proposals.into_iter().collect(),
                often,
            }),
            _ => Err(problems),
        }
    }

    /// The names of what was chosen, as the lists of `offered` have them.
    pub fn names(&self, offered: &Offered) -> Vec<String> {
        let england = self.england.then(|| "All of England: every report".to_owned());
        let stps = offered.stps.iter().filter(|(code, _)| self.stps.contains(code));
        let proposals = offered.proposals.iter().filter(|(id, _)| self.proposals.contains(id));
        england
            .into_iter()
            .chain(stps.map(|(_, name)| name.clone()))
            .chain(proposals.map(|(_, title)| format!("The proposal {title}")))
            .collect()
    }

    /// Whether a report is among what was chosen; none for England's own.
    pub fn has_report(&self, stp: Option<&str>) -> bool {
        self.england || stp.is_some_and(|code| self.stps.contains(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Offered {
        Offered {
            stps: vec![("E54000041".into(), "Dorset".into()), ("E54000037".into(), "Devon".into())],
            proposals: vec![("p1".into(), "One hospital (Dorset)".into())],
        }
    }

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn what_is_chosen_is_read() {
        let form = [
            ("email", " Reader@Example.org "),
            ("about", "E54000041"),
            ("about", "england"),
            ("proposal", "p1"),
            ("often", "weekly"),
        ];
        let draft = Draft::parse(&typed(&form), &offered()).unwrap();
        assert_eq!(draft.address, "reader@example.org");
        assert!(draft.wanted.england && draft.wanted.often == Often::Weekly);
        assert_eq!(
            draft.wanted.names(&offered()),
            ["All of England: every report", "Dorset", "The proposal One hospital (Dorset)"]
        );
        assert!(draft.wanted.has_report(None) && draft.wanted.has_report(Some("E54000037")));
        let dorset = Wanted { england: false, ..draft.wanted };
        assert!(dorset.has_report(Some("E54000041")));
        assert!(!dorset.has_report(None) && !dorset.has_report(Some("E54000037")));
    }

    #[test]
    fn each_mistake_is_said_beside_its_field() {
        let said = |pairs: &[(&str, &str)]| -> Vec<String> {
            let problems = Draft::parse(&typed(pairs), &offered()).unwrap_err();
            problems.into_iter().map(|problem| problem.field).collect()
        };
        assert_eq!(said(&[]), ["email", "about", "often"]);
        assert_eq!(
            said(&[("email", "reader@example"), ("about", "E54000041"), ("often", "each")]),
            ["email"]
        );
        let good = ("email", "reader@example.org");
        assert_eq!(said(&[good, ("about", "E54000099"), ("often", "each")]), ["about"]);
        assert_eq!(said(&[good, ("proposal", "p2"), ("often", "daily")]), ["proposal", "often"]);
    }
}
