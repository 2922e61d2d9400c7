//! The method page, `/method`: written from the same words as the rules, so that the two cannot differ.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use method::{
    rules::{self, Domain},
    values::Level,
    words::{Audience, Characteristic, Group},
};
use serde::Serialize;

use super::{
    page::Page,
    routes::{Access, Routes},
};
use crate::{app::App, fault::Fault, standards};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/method", Access::Public, show)
}

#[derive(Serialize)]
struct Context {
    page: Page,
    version: &'static str,
    standard: String,
    domains: Vec<DomainWords>,
    audiences: Vec<AudienceWords>,
    levels: Vec<LevelWords>,
    characteristics: Vec<Named>,
    thresholds: Vec<Named>,
    rules: usize,
}

#[derive(Serialize)]
struct DomainWords {
    name: &'static str,
    rules: Vec<RuleWords>,
}

#[derive(Serialize)]
struct RuleWords {
    id: &'static str,
    title: &'static str,
    subject: &'static str,
    words: &'static str,
    severity: &'static str,
    closes: &'static str,
    risk: &'static str,
    inputs: String,
    threshold: String,
    duties: Vec<DutyWords>,
}

#[derive(Serialize)]
struct DutyWords {
    name: &'static str,
    sentence: &'static str,
    sources: &'static [&'static str],
}

#[derive(Serialize)]
struct AudienceWords {
    name: &'static str,
    scored: bool,
    groups: Vec<GroupWords>,
}

#[derive(Serialize)]
struct GroupWords {
    code: &'static str,
    name: &'static str,
    required: &'static str,
}

#[derive(Serialize)]
struct LevelWords {
    number: u8,
    name: &'static str,
}

/// A code or key with what it means or holds.
#[derive(Serialize)]
struct Named {
    name: String,
    value: String,
}

async fn show(State(app): State<Arc<App>>) -> Result<Response, Fault> {
    let standard = standards::in_force(app.db.read(), None).await?;
    let context = Context {
        page: Page::public("How gaps in engagement are found").at("/method", true).under("England", "/"),
        version: method::METHOD,
        standard: standard.version.clone(),
        domains: Domain::ALL
            .iter()
            .map(|&domain| domain_words(domain))
            .filter(|domain| !domain.rules.is_empty())
            .collect(),
        audiences: Audience::ALL.iter().map(|&audience| audience_words(audience)).collect(),
        levels: Level::ALL
            .iter()
            .map(|level| LevelWords { number: level.number(), name: level.name() })
            .collect(),
        characteristics: Characteristic::ALL
            .iter()
            .map(|one| Named { name: one.code().to_owned(), value: one.name().to_owned() })
            .collect(),
        thresholds: thresholds(&standard.to_canonical())?,
        rules: rules::all().len(),
    };
    Ok(app.pages.render("pages/method/show.html", &context))
}

fn domain_words(domain: Domain) -> DomainWords {
    let of = rules::all().iter().map(|rule| rule.words).filter(|words| words.domain == domain);
    let rules = of.map(|words| RuleWords {
        id: words.id,
        title: words.title,
        subject: words.subject,
        words: words.words,
        severity: words.severity,
        closes: words.closes,
        risk: words.risk,
        inputs: words.inputs.join(", "),
        threshold: words
            .thresholds
            .iter()
            .map(|t| format!("{}: {} {}", t.key, t.default, t.unit))
            .collect::<Vec<_>>()
            .join("; "),
        duties: words
            .duties
            .iter()
            .map(|duty| DutyWords { name: duty.name, sentence: duty.sentence, sources: duty.sources })
            .collect(),
    });
    DomainWords { name: domain.name(), rules: rules.collect() }
}

fn audience_words(audience: Audience) -> AudienceWords {
    let required = |group: Group| match group {
        Group::Districts => "where the area has a district",
        group if group.required_by_default() => "yes",
        _ => "no",
    };
    AudienceWords {
        name: audience.name(),
        scored: Audience::SCORED.contains(&audience),
        groups: audience
            .groups()
            .map(|group| GroupWords { code: group.code(), name: group.name(), required: required(group) })
            .collect(),
    }
}

/// The thresholds of a standard, by key, lists in one line.
fn thresholds(standard: &str) -> anyhow::Result<Vec<Named>> {
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(standard)?;
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let value = |value: serde_json::Value| match value {
        serde_json::Value::Array(items) => items
            .iter()
            .map(|item| match item.as_object() {
                Some(period) => period.values().map(text).collect::<Vec<_>>().join(" to "),
                None => text(item),
            })
            .collect::<Vec<_>>()
            .join(", "),
        other => text(&other),
    };
    Ok(all
        .into_iter()
        .filter(|(name, _)| name != "version")
        .map(|(name, own)| Named { name, value: value(own) })
        .collect())
}
