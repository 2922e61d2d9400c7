//! Who was missed and what else is a gap, by rule with what it rests on; and what the record cannot tell.

use method::{
    Finding, Severity, StpAssessment, Verdict,
    record::Stp,
    rules::{self, Words},
};
use serde::Serialize;

use crate::{reports::words::subject, web::filters::day};

/// The most events that are named as nearly counting.
const NEAR: usize = 5;

/// The gaps of one rule, with what it rests on.
#[derive(Clone, Debug, Serialize)]
pub struct RuleGaps {
    pub id: &'static str,
    /// For its heading's address.
    pub anchor: String,
    pub title: &'static str,
    /// When the verdict is what.
    pub words: &'static str,
    pub threshold: Option<String>,
    pub duties: Vec<DutyRow>,
    pub gaps: Vec<GapRow>,
    #[serde(skip)]
    heaviest: Option<Severity>,
}

/// A duty, guidance or practice that a rule rests on.
#[derive(Clone, Debug, Serialize)]
pub struct DutyRow {
    pub name: &'static str,
    pub sentence: &'static str,
    pub sources: &'static [&'static str],
}

/// A gap that counts.
#[derive(Clone, Debug, Serialize)]
pub struct GapRow {
    pub subject: String,
    pub severity: &'static str,
    pub sentence: String,
    pub closes: String,
    /// What nearly counted and why it does not, in words.
    pub near: Vec<String>,
    pub near_more: usize,
    /// The gaps that this one explains.
    pub nested: Vec<Nested>,
}

/// A gap that another explains.
#[derive(Clone, Debug, Serialize)]
pub struct Nested {
    pub rule: &'static str,
    pub title: &'static str,
    pub sentence: String,
}

/// What a rule cannot tell.
#[derive(Clone, Debug, Serialize)]
pub struct RuleUnknown {
    pub id: &'static str,
    pub title: &'static str,
    pub sentences: Vec<UnknownRow>,
}

/// A finding that is unknown.
#[derive(Clone, Debug, Serialize)]
pub struct UnknownRow {
    pub subject: String,
    pub sentence: String,
}

/// The gaps that count, by rule: the rule with the heaviest gap first.
pub(super) fn by_rule(stp: &Stp, assessed: &StpAssessment) -> Vec<RuleGaps> {
    let mut blocks: Vec<RuleGaps> = rules::all()
        .iter()
        .map(|rule| {
            let found = assessed.gaps().filter(|gap| gap.rule == rule.words.id);
            let mut gaps: Vec<&Finding> = found.collect();
            gaps.sort_by_key(|gap| gap.severity);
            block(rule.words, stp, assessed, &gaps)
        })
        .filter(|block| !block.gaps.is_empty())
        .collect();
    // Rules of one weight stay in the order of the method: the sort is stable.
    blocks.sort_by_key(|block| block.heaviest);
    blocks
}

fn block(words: &'static Words, stp: &Stp, assessed: &StpAssessment, gaps: &[&Finding]) -> RuleGaps {
    let duty = |duty: &'static rules::Duty| DutyRow {
        name: duty.name,
        sentence: duty.sentence,
        sources: duty.sources,
    };
    RuleGaps {
        id: words.id,
        anchor: format!("rule-{}", words.id.to_lowercase()),
        title: words.title,
        words: words.words,
        threshold: thresholds(words.thresholds),
        duties: words.duties.iter().map(duty).collect(),
        gaps: gaps.iter().map(|gap| row(stp, assessed, gap)).collect(),
        heaviest: gaps.first().and_then(|gap| gap.severity),
    }
}

/// The thresholds in words, if there are any.
fn thresholds(all: &[rules::Threshold]) -> Option<String> {
    let all: Vec<String> = all.iter().map(threshold).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// A threshold in words: `180 days (recency_days)`, `31 December 2016 (plan_due_on)`.
fn threshold(one: &rules::Threshold) -> String {
    match one.default.parse() {
        Ok(date) => format!("{} ({})", day(date), one.key),
        Err(_) => format!("{} {} ({})", one.default, one.unit, one.key),
    }
}

fn row(stp: &Stp, assessed: &StpAssessment, gap: &Finding) -> GapRow {
    let mut nested = Vec::new();
    gather(assessed, gap, &mut nested);
    let near = gap.not_counted.iter().take(NEAR);
    GapRow {
        subject: subject(stp, &gap.subject),
        severity: gap.severity.map_or("", |severity| severity.code()),
        sentence: gap.sentence.clone(),
        closes: gap.closes.to_string(),
        near: near.map(|near| format!("{}: {}", subject(stp, near.id.as_str()), near.why.name())).collect(),
        near_more: gap.not_counted.len().saturating_sub(NEAR),
        nested,
    }
}

/// The gaps under a gap, and those under them. What is only not applicable because of it says nothing new.
fn gather(assessed: &StpAssessment, parent: &Finding, nested: &mut Vec<Nested>) {
    for child in assessed.nested_under(parent).filter(|child| child.verdict == Verdict::Gap) {
        let title = rules::find(child.rule).map_or("", |rule| rule.words.title);
        nested.push(Nested { rule: child.rule, title, sentence: child.sentence.clone() });
        gather(assessed, child, nested);
    }
}

/// What the record cannot tell, by rule.
pub(super) fn unknown(stp: &Stp, assessed: &StpAssessment) -> Vec<RuleUnknown> {
    rules::all()
        .iter()
        .map(|rule| RuleUnknown {
            id: rule.words.id,
            title: rule.words.title,
            sentences: assessed
                .findings
                .iter()
                .filter(|one| one.rule == rule.words.id && one.verdict == Verdict::Unknown)
                .map(|one| UnknownRow { subject: subject(stp, &one.subject), sentence: one.sentence.clone() })
                .collect(),
        })
        .filter(|rule| !rule.sentences.is_empty())
        .collect()
}
