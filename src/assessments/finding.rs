//! One finding in full: the rule's words, what it rests on, what was looked at, what counted and what nearly did.

use std::collections::HashMap;

use method::{Finding, Severity, Verdict, rules};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{
    Area,
    stp::Links,
    subject::{self, Brief, Subject},
    wanted::Wanted,
};
use crate::{
    standards,
    web::{filters, page::Link},
};

/// Records on one page of a list; the next follow on the next.
const LISTED: usize = 100;
/// Findings on one page of a list.
const LINES: usize = 500;

#[derive(Clone, Debug, Serialize)]
pub struct Duty {
    pub name: &'static str,
    pub sentence: &'static str,
    pub sources: &'static [&'static str],
}

/// A value that the verdict was worked out from.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    pub name: String,
    pub value: String,
}

/// A record that counted, or nearly.
#[derive(Clone, Debug, Serialize)]
pub struct Counted {
    pub brief: Brief,
    /// Why it did not count; empty for one that did.
    pub why: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub rule: &'static str,
    pub title: &'static str,
    pub words: &'static str,
    pub severity_words: &'static str,
    pub threshold: String,
    pub duties: Vec<Duty>,
    pub risk: &'static str,
    pub subject: Subject,
    pub verdict: &'static str,
    pub severity: &'static str,
    pub late: bool,
    pub sentence: String,
    pub closes: String,
    pub inputs: Vec<Input>,
    pub parent: Option<Link>,
    pub nested: Vec<Link>,
    pub counted: Vec<Counted>,
    pub counted_all: usize,
    /// Where the next page of the records that counted begins; none at the end.
    pub counted_next: Option<usize>,
    pub not_counted: Vec<Counted>,
    pub not_counted_all: usize,
}

/// A finding of an area in full.
pub async fn view(
    db: &impl ConnectionTrait,
    area: &Area,
    found: &Finding,
    links: Links,
    from: usize,
) -> anyhow::Result<Option<View>> {
    let Some(rule) = rules::find(found.rule) else { return Ok(None) };
    let words = rule.words;
    let counted: Vec<String> =
        found.counted.iter().skip(from).take(LISTED).map(ToString::to_string).collect();
    let near: Vec<String> = found.not_counted.iter().take(LISTED).map(|near| near.id.to_string()).collect();
    let standing = match area.known {
        Some(_) => HashMap::new(),
        None => subject::briefs(db, &counted.iter().chain(&near).cloned().collect::<Vec<_>>()).await?,
    };
    let known = area.known.as_ref().unwrap_or(&standing);
    let brief = |id: &str| {
        known.get(id).cloned().or_else(|| area.beside.brief(id)).unwrap_or_else(|| Brief::other(id))
    };
    let link = |found: &Finding| Link {
        label: format!("{}: {}", subject::name(area, found).name, found.sentence),
        href: subject::address(links.prefix(), area, found),
    };
    let parent =
        found.parent.as_ref().and_then(|parent| area.assessment.finding(parent.rule, &parent.subject));
    Ok(Some(View {
        rule: words.id,
        title: words.title,
        words: words.words,
        severity_words: words.severity,
        threshold: words
            .thresholds
            .iter()
            .map(|t| format!("{} = {} {}", t.key, in_force(area, t.key, t.default), t.unit))
            .collect::<Vec<_>>()
            .join("; "),
        duties: words
            .duties
            .iter()
            .map(|duty| Duty { name: duty.name, sentence: duty.sentence, sources: duty.sources })
            .collect(),
        risk: words.risk,
        subject: subject::name(area, found),
        verdict: found.verdict.code(),
        severity: found.severity.map_or("", Severity::code),
        late: found.late,
        sentence: found.sentence.clone(),
        closes: found.closes.to_string(),
        inputs: found.inputs.iter().map(|(name, value)| input(name, value)).collect(),
        parent: parent.map(link),
        nested: area
            .assessment
            .nested_under(found)
            .filter(|nested| nested.verdict == Verdict::Gap)
            .map(link)
            .collect(),
        counted: counted.iter().map(|id| Counted { brief: brief(id), why: "" }).collect(),
        counted_all: found.counted.len(),
        counted_next: Some(from + LISTED).filter(|next| *next < found.counted.len()),
        not_counted: found
            .not_counted
            .iter()
            .take(LISTED)
            .map(|near| Counted { brief: brief(near.id.as_str()), why: near.why.name() })
            .collect(),
        not_counted_all: found.not_counted.len(),
    }))
}

/// The threshold that the area was judged under.
fn in_force(area: &Area, key: &str, default: &str) -> String {
    standards::draft::document(&area.standard)
        .get(key)
        .map_or_else(|| default.to_owned(), |value| standards::threshold::text(value).replace('\n', ", "))
}

fn input(name: &str, value: &method::Input) -> Input {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let value = match value {
        method::Input::Day(day) => filters::day(*day),
        method::Input::Number(number) => filters::thousands(*number),
        other => other.to_string(),
    };
    Input { name: words, value }
}

/// A finding as a line of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub rule: &'static str,
    pub title: &'static str,
    pub area: String,
    pub subject: String,
    pub verdict: &'static str,
    pub severity: &'static str,
    pub nested: bool,
    pub sentence: String,
    pub href: String,
}

/// A page of findings, and how many there are in all.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub lines: Vec<Line>,
    pub total: usize,
    /// Where the next page begins; none at the end.
    pub next: Option<usize>,
}

/// The findings of these areas that are wanted, from this one on.
pub fn lines<'a>(
    areas: impl IntoIterator<Item = &'a Area>,
    wanted: &Wanted,
    from: usize,
    links: Links,
) -> Listed {
    let of = |area: &'a Area| {
        area.assessment.findings.iter().filter(|found| wanted.wants(found)).map(move |found| (area, found))
    };
    let all: Vec<(&Area, &Finding)> =
        areas.into_iter().filter(|area| wanted.takes(area)).flat_map(of).collect();
    page(&all, from, links)
}

/// A page of these findings.
pub fn page(all: &[(&Area, &Finding)], from: usize, links: Links) -> Listed {
    Listed {
        lines: all.iter().skip(from).take(LINES).map(|(area, found)| line(area, found, links)).collect(),
        total: all.len(),
        next: Some(from + LINES).filter(|next| *next < all.len()),
    }
}

fn line(area: &Area, found: &Finding, links: Links) -> Line {
    Line {
        rule: found.rule,
        title: rules::find(found.rule).map_or("", |rule| rule.words.title),
        area: area.stp.display_name.clone(),
        subject: subject::name(area, found).name,
        verdict: found.verdict.code(),
        severity: found.severity.map_or("", Severity::code),
        nested: found.verdict == Verdict::Gap && found.parent.is_some(),
        sentence: found.sentence.clone(),
        href: format!("{}?{}", subject::address(links.prefix(), area, found), area.look.kept()),
    }
}
