//! Which findings: the filter of every list of checks, and the count of every number that opens one.
//!
//! ```text
//! findings ─► Kinds ─┐
//! Wanted ────────────┼─► count, address ─► a number on a page
//!                    └─► the list at that address
//! ```
//!
//! A number and its list are made by one filter over kinds of findings, so that they cannot differ.

use std::{collections::HashMap, sync::Arc};

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
        self.wants_kind(&Kind::of(found))
    }

    fn wants_kind(&self, kind: &Kind) -> bool {
        let verdict = match self.verdict.as_str() {
            "" => true,
            "applicable" => kind.verdict != Verdict::NotApplicable,
            code => kind.verdict.code() == code,
        };
        let severity = match self.severity.as_str() {
            "" => true,
            "heavy" => matches!(kind.severity, Some(Severity::Critical | Severity::High)),
            code => kind.severity.is_some_and(|severity| severity.code() == code),
        };
        let follows = match self.follows.as_str() {
            "own" => !kind.follows,
            "nested" => kind.follows,
            _ => true,
        };
        verdict
            && severity
            && follows
            && (self.rule.is_empty() || kind.rule == self.rule)
            && (self.group.is_empty() || kind.is_about(&self.group))
            && (self.domain.is_empty()
                || rules::find(kind.rule).is_some_and(|rule| rule.words.domain.code() == self.domain))
    }

    /// Whether the list has findings of this area.
    pub fn takes(&self, area: &Area) -> bool {
        (self.stp.is_empty() || area.stp.code == self.stp)
            && (self.region.is_empty() || area.stp.region == self.region)
    }

    /// How many findings of an area the list has.
    pub fn count(&self, area: &Area) -> usize {
        let kinds = area.kinds.0.iter().filter(|(kind, _)| self.wants_kind(kind));
        kinds.map(|(_, count)| count).sum()
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

/// All that a list tells findings apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kind {
    rule: &'static str,
    verdict: Verdict,
    severity: Option<Severity>,
    /// Whether it follows from another gap.
    follows: bool,
    /// The group or the audience that it is about, of an event or by itself; empty for neither.
    about: &'static str,
}

impl Kind {
    fn of(found: &Finding) -> Self {
        let last = found.subject.rsplit_once('/').map_or(found.subject.as_str(), |(_, last)| last);
        let group = Group::parse(last).map(Group::code);
        Self {
            rule: found.rule,
            verdict: found.verdict,
            severity: found.severity,
            follows: found.parent.is_some(),
            about: group.or_else(|| Audience::parse(last).map(Audience::code)).unwrap_or_default(),
        }
    }

    /// Whether it is about this group or audience, or about a group of this audience.
    fn is_about(&self, wanted: &str) -> bool {
        self.about == wanted
            || Audience::parse(wanted).is_some_and(|audience| {
                Group::parse(self.about).is_some_and(|group| group.audience() == audience)
            })
    }
}

/// How many findings of each kind an area has: what a number counts, without a walk through every finding.
#[derive(Clone, Debug, Default)]
pub struct Kinds(Vec<(Kind, usize)>);

impl Kinds {
    /// Counts findings by kind.
    pub fn of(findings: &[Finding]) -> Self {
        let mut kinds: HashMap<Kind, usize> = HashMap::new();
        for found in findings {
            *kinds.entry(Kind::of(found)).or_default() += 1;
        }
        Self(kinds.into_iter().collect())
    }
}
