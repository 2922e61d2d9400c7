//! Which findings: the filter of every list of checks, and the count of every number that opens one.
//!
//! ```text
//! Wanted ─┬─► count, address ─► a number on a page
//!         └─► the list at that address
//! ```
//!
//! A number and its list are made by one filter, so that they cannot differ.

use std::sync::Arc;

use chrono::NaiveDate;
use method::{
    Finding, Severity, Verdict,
    rules::{self, Domain},
    words::{Audience, Group},
};

use super::{Area, Look, said::Figure, stp::Links};

/// Which findings. An empty text is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A verdict's code, or `applicable` for all but those that do not apply.
    pub verdict: String,
    pub rule: String,
    /// A severity's code, or `heavy` for critical and high.
    pub severity: String,
    /// A group or an audience that the finding is about.
    pub group: String,
    pub domain: String,
    /// `own` leaves out what follows from another gap; `nested` lists that alone.
    pub follows: String,
    pub stp: String,
    pub region: String,
}

impl Wanted {
    /// Open gaps: those that totals count.
    pub fn open() -> Self {
        Self::own("gap")
    }

    /// Findings with a verdict that totals count.
    pub fn own(verdict: &str) -> Self {
        Self { verdict: verdict.to_owned(), follows: "own".to_owned(), ..Self::default() }
    }

    #[must_use]
    pub fn of_rule(self, rule: &str) -> Self {
        Self { rule: rule.to_owned(), ..self }
    }

    #[must_use]
    pub fn of_severity(self, severity: &str) -> Self {
        Self { severity: severity.to_owned(), ..self }
    }

    #[must_use]
    pub fn about(self, group: &str) -> Self {
        Self { group: group.to_owned(), ..self }
    }

    #[must_use]
    pub fn of_domain(self, domain: Domain) -> Self {
        Self { domain: domain.code().to_owned(), ..self }
    }

    /// Whether the list has this finding.
    pub fn wants(&self, found: &Finding) -> bool {
        let verdict = match self.verdict.as_str() {
            "" => true,
            "applicable" => found.verdict != Verdict::NotApplicable,
            code => found.verdict.code() == code,
        };
        let severity = match self.severity.as_str() {
            "" => true,
            "heavy" => matches!(found.severity, Some(Severity::Critical | Severity::High)),
            code => found.severity.is_some_and(|severity| severity.code() == code),
        };
        let follows = match self.follows.as_str() {
            "own" => found.parent.is_none(),
            "nested" => found.parent.is_some(),
            _ => true,
        };
        verdict
            && severity
            && follows
            && (self.rule.is_empty() || found.rule == self.rule)
            && (self.group.is_empty() || about(&found.subject, &self.group))
            && (self.domain.is_empty()
                || rules::find(found.rule).is_some_and(|rule| rule.words.domain.code() == self.domain))
    }

    /// Whether the list has findings of this area.
    pub fn takes(&self, area: &Area) -> bool {
        (self.stp.is_empty() || area.stp.code == self.stp)
            && (self.region.is_empty() || area.stp.region == self.region)
    }

    /// How many findings of an area the list has.
    pub fn count(&self, area: &Area) -> usize {
        area.assessment.findings.iter().filter(|found| self.wants(found)).count()
    }

    /// What follows the question mark.
    fn query(&self, look: &Look) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let all = [
            ("verdict", &self.verdict),
            ("rule", &self.rule),
            ("severity", &self.severity),
            ("group", &self.group),
            ("domain", &self.domain),
            ("follows", &self.follows),
            ("stp", &self.stp),
            ("region", &self.region),
        ];
        query.extend_pairs(all.into_iter().filter(|(_, text)| !text.is_empty()));
        let own = query.finish();
        let kept = look.kept();
        if own.is_empty() { kept } else { format!("{own}&{kept}") }
    }

    /// The number of an area's findings, with their list.
    pub fn figure(&self, area: &Area, links: Links) -> Figure {
        let address = format!("{}/stps/{}/gaps", links.prefix(), area.stp.code);
        Figure { count: self.count(area), href: format!("{address}?{}", self.query(&area.look)) }
    }

    /// The number over all of these areas, with their list. They are all of England.
    pub fn figure_of_all(&self, areas: &[Arc<Area>]) -> Figure {
        let look = areas.first().map_or_else(|| Look::from(NaiveDate::default()), |area| area.look.clone());
        let count = areas.iter().filter(|area| self.takes(area)).map(|area| self.count(area)).sum();
        Figure { count, href: format!("/gaps?{}", self.query(&look)) }
    }
}

/// Whether a subject is a group, one of an audience's groups, or has one after an event's id.
fn about(subject: &str, wanted: &str) -> bool {
    let group = subject.rsplit_once('/').map_or(subject, |(_, last)| last);
    if group == wanted {
        return true;
    }
    Audience::parse(wanted)
        .is_some_and(|audience| Group::parse(group).is_some_and(|group| group.audience() == audience))
}
