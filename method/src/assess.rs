//! Runs the rules over a record and adds up what they find.

use std::fmt;

use chrono::NaiveDate;

use crate::METHOD;
use crate::area::{Area, Standing};
use crate::facts::Sheet;
use crate::finding::{Finding, Found, Severity, Verdict};
use crate::record::{Record, Stp};
use crate::report;
use crate::rules::{self, Domain, Earlier, Rule};
use crate::standard::Standard;
use crate::values::StpCode;

/// What the rules find in a record on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The version of the method.
    pub method: &'static str,
    /// The day on which the record is looked at: facts dated later do not exist for it.
    pub as_at: NaiveDate,
    /// The version of the standard in force.
    pub standard: String,
    /// The SHA-256 of the disclosed record.
    pub record_sha256: String,
    /// The STPs, in byte order of their codes.
    pub stps: Vec<StpAssessment>,
}

/// What the rules find about one STP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StpAssessment {
    /// Its code.
    pub code: StpCode,
    /// Its name, for people; it is no part of the assessment as a file.
    pub name: String,
    /// What the findings come to.
    pub summary: Summary,
    /// The findings, by rule in the order of the method page, then by subject in byte order.
    pub findings: Vec<Finding>,
}

/// How many findings there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Met, unknown and gap, over findings without a parent.
    pub applicable: u32,
    /// Met, over findings without a parent.
    pub met: u32,
    /// Unknown, over findings without a parent.
    pub unknown: u32,
    /// Gaps without a parent.
    pub gap: u32,
    /// Gaps with a parent.
    pub nested: u32,
    /// Critical gaps without a parent.
    pub critical: u32,
    /// High gaps without a parent.
    pub high: u32,
    /// Medium gaps without a parent.
    pub medium: u32,
    /// Low gaps without a parent.
    pub low: u32,
}

/// How many findings of one domain are met, of how many that apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DomainSummary {
    /// The domain.
    pub domain: Domain,
    /// What its findings come to.
    pub summary: Summary,
}

/// Assesses a record as at a day, with every finding explained. It is disclosed first, whatever its mark says.
pub fn assess(record: &Record, as_at: NaiveDate) -> Assessment {
    let mut stps: Vec<StpAssessment> =
        record.stps.iter().map(|stp| assess_stp(stp, &record.standard, as_at)).collect();
    stps.sort_by(|a, b| a.code.cmp(&b.code));
    Assessment {
        method: METHOD,
        as_at,
        standard: record.standard.version.clone(),
        record_sha256: record.disclosed_sha256(),
        stps,
    }
}

/// Assesses one STP as at a day under a standard, with every finding explained.
pub fn assess_stp(stp: &Stp, standard: &Standard, as_at: NaiveDate) -> StpAssessment {
    find(stp, standard, as_at, true)
}

/// The findings that [`assess_stp`] gives, with rule, subject, verdict, severity, parent and lateness, and without
/// anything that explains them, at a fraction of its cost.
pub fn judge_stp(stp: &Stp, standard: &Standard, as_at: NaiveDate) -> StpAssessment {
    find(stp, standard, as_at, false)
}

fn find(stp: &Stp, standard: &Standard, as_at: NaiveDate, explained: bool) -> StpAssessment {
    let standing = Standing::of(stp, as_at);
    let sheet = Sheet::of(stp, as_at);
    let mut findings: Vec<Finding> = Vec::new();
    run(&Area::new(&sheet, &standing, standard, as_at, explained), |rule, found| {
        findings.extend(found.iter_mut().map(|found| found.take_finding(rule.words.id)));
    });
    StpAssessment {
        code: stp.code.clone(),
        name: stp.name.clone(),
        summary: Summary::of(&findings),
        findings,
    }
}

/// Judges a record as at a day and gives each finding to `each`, unexplained: the verdicts that [`assess`] gives, in the
/// same order within an STP, at a fraction of its cost. STPs come in the order of the record.
pub fn judge(record: &Record, as_at: NaiveDate, mut each: impl FnMut(&Stp, Judged<'_>)) {
    for stp in &record.stps {
        let standing = Standing::of(stp, as_at);
        let sheet = Sheet::of(stp, as_at);
        run(&Area::new(&sheet, &standing, &record.standard, as_at, false), |rule, found| {
            for found in found {
                each(stp, Judged { rule, found });
            }
        });
    }
}

/// A finding without its explanation.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The rule.
    pub rule: &'static Rule,
    found: &'a Found<'a>,
}

impl Judged<'_> {
    /// What it is about.
    pub fn subject(&self) -> impl fmt::Display {
        self.found.subject
    }

    /// What the rule says.
    pub fn verdict(&self) -> Verdict {
        self.found.verdict
    }

    /// How much it weighs; for a gap alone.
    pub fn severity(&self) -> Option<Severity> {
        self.found.severity
    }

    /// Was it met after it was due?
    pub fn is_late(&self) -> bool {
        self.found.late
    }

    /// The gap that explains it: the id of its rule, and its subject.
    pub fn parent(&self) -> Option<(&'static str, impl fmt::Display)> {
        self.found.parent.as_deref().map(|under| (under.rule, under.subject))
    }
}

/// Gives what each rule finds, in the order of the method page, as soon as it is found.
fn run<'r>(area: &Area<'r>, mut each: impl FnMut(&'static Rule, &mut [Found<'r>])) {
    let mut by_rule: Vec<Vec<Found<'r>>> = Vec::with_capacity(rules::all().len());
    for rule in rules::all() {
        let mut found = rule.judge(area, Earlier::new(&by_rule));
        each(rule, &mut found);
        by_rule.push(if rule.is_asked() { found } else { Vec::new() });
    }
}

impl Assessment {
    /// The assessment as canonical JSON: one line without a final newline.
    pub fn to_json(&self) -> String {
        report::json::write(self)
    }

    /// The assessment as a report to read in a terminal.
    pub fn to_text(&self) -> String {
        report::text::write(self)
    }

    /// The findings as a table, one row each, with a row of headings; safe to open in a spreadsheet.
    pub fn to_csv(&self) -> String {
        report::csv::write(self)
    }

    /// The STP with this code, if the record has it.
    pub fn stp(&self, code: &str) -> Option<&StpAssessment> {
        self.stps.iter().find(|stp| stp.code.as_str() == code)
    }
}

impl StpAssessment {
    /// The gaps that count: those without a parent.
    pub fn gaps(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_open_gap())
    }

    /// The findings that this one explains.
    pub fn nested_under<'a>(&'a self, parent: &'a Finding) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(|finding| {
            finding
                .parent
                .as_ref()
                .is_some_and(|own| own.rule == parent.rule && own.subject == parent.subject)
        })
    }

    /// The findings of a rule, by subject in byte order.
    pub fn of_rule(&self, rule: &str) -> &[Finding] {
        let place = |id: &str| rules::all().iter().position(|rule| rule.words.id == id);
        let Some(wanted) = place(rule) else { return &[] };
        let first = self.findings.partition_point(|finding| place(finding.rule) < Some(wanted));
        let rest = &self.findings[first..];
        &rest[..rest.partition_point(|finding| finding.rule == rule)]
    }

    /// The finding of a rule about a subject, if there is one.
    pub fn finding(&self, rule: &str, subject: &str) -> Option<&Finding> {
        let own = self.of_rule(rule);
        own.binary_search_by(|finding| finding.subject.as_str().cmp(subject)).ok().map(|at| &own[at])
    }

    /// What the findings of each domain come to, in the order of the method page. No score is made of them.
    pub fn domain_summaries(&self) -> Vec<DomainSummary> {
        let of_domain = |domain: Domain| {
            let found = self
                .findings
                .iter()
                .filter(|finding| rules::find(finding.rule).is_some_and(|rule| rule.words.domain == domain));
            DomainSummary { domain, summary: Summary::of(found) }
        };
        let has_rules = |domain: &Domain| rules::all().iter().any(|rule| rule.words.domain == *domain);
        Domain::ALL.iter().copied().filter(has_rules).map(of_domain).collect()
    }
}

impl DomainSummary {
    /// In words: `met 3 of 5 applicable; 1 unknown`.
    pub fn sentence(&self) -> String {
        let Summary { met, applicable, unknown, .. } = self.summary;
        format!("met {met} of {applicable} applicable; {unknown} unknown")
    }
}

impl Finding {
    /// Is it a gap that counts: one without a parent?
    pub fn is_open_gap(&self) -> bool {
        self.verdict == Verdict::Gap && self.parent.is_none()
    }
}

impl Summary {
    /// Counts findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut sum = Self::default();
        for finding in findings {
            sum.add(finding.verdict, finding.severity, finding.parent.is_some());
        }
        sum
    }

    /// Adds a finding that was judged.
    pub fn add_judged(&mut self, judged: Judged<'_>) {
        self.add(judged.found.verdict, judged.found.severity, judged.found.parent.is_some());
    }

    #[inline]
    fn add(&mut self, verdict: Verdict, severity: Option<Severity>, has_parent: bool) {
        // Sums of yes or no: what comes next is no pattern that a processor could foresee.
        let count = |yes: bool| u32::from(yes);
        let is_gap = verdict == Verdict::Gap;
        let (met, unknown, gap) = (
            count(verdict == Verdict::Met && !has_parent),
            count(verdict == Verdict::Unknown && !has_parent),
            count(is_gap && !has_parent),
        );
        self.met += met;
        self.unknown += unknown;
        self.gap += gap;
        self.applicable += met + unknown + gap;
        self.nested += count(is_gap && has_parent);
        self.critical += gap * count(severity == Some(Severity::Critical));
        self.high += gap * count(severity == Some(Severity::High));
        self.medium += gap * count(severity == Some(Severity::Medium));
        self.low += gap * count(severity == Some(Severity::Low));
    }
}
