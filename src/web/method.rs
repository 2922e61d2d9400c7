//! The method page, `/method`: written from the same words as the rules, so that the two cannot differ.

use std::{collections::HashMap, sync::Arc};

use axum::{extract::State, http::HeaderMap, response::Response};
use method::{
    rules::{self, Domain},
    values::Level,
    words::{Audience, Characteristic, Group},
};
use serde::Serialize;

use super::{
    asked::Asked,
    kept,
    page::Page,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    assessments::example::{self, Example},
    fault::Fault,
    standards,
};

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
    as_at: String,
    figures: Vec<Figure>,
}

/// A published number that is no finding: what it is, and what gives it from the open data.
#[derive(Serialize)]
struct Figure {
    name: &'static str,
    words: &'static str,
    /// The file that the query reads.
    file: &'static str,
    /// The query over a table that is named as the file; empty where there is none.
    sql: String,
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
    /// The table of cases that tries the rule.
    test: String,
    example: Option<Example>,
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

async fn show(State(app): State<Arc<App>>, asked: Asked, headers: HeaderMap) -> Result<Response, Fault> {
    kept::answer(&app, format!("/method{}", asked.with(&[])), &headers, async || make(&app, &asked).await)
        .await
}

async fn make(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let look = asked.look(&app.clock, app.db.read()).await?;
    let as_at = look.as_at;
    let standard = standards::chosen(app.db.read(), look.standard.as_deref(), look.known).await?;
    let areas = app.assessments.england(app.db.read(), look).await?;
    let mut examples = example::all(app.db.read(), &areas).await?;
    let context = Context {
        page: Page::public("How gaps in engagement are found").at("/method", true).under("England", "/"),
        version: method::METHOD,
        standard: standard.version.clone(),
        domains: Domain::ALL
            .iter()
            .map(|&domain| domain_words(domain, &mut examples))
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
        figures: figures(&as_at.to_string()),
        as_at: as_at.to_string(),
    };
    Ok(app.pages.render("pages/method/show.html", &context))
}

/// The numbers of the pages that are no findings. Each query gives what the page shows: a test runs them.
fn figures(day: &str) -> Vec<Figure> {
    let held = format!("status = 'held' AND stp_discussed = 'yes' AND starts_on <= '{day}'");
    vec![
        Figure {
            name: "Gaps open",
            words: "Findings with the verdict gap that do not follow from another gap.",
            file: "gaps",
            sql: "SELECT stp_code, COUNT(*) AS gaps FROM gaps WHERE parent_rule = '' GROUP BY stp_code".to_owned(),
        },
        Figure {
            name: "Events held",
            words: "Events that count: held by the day, the plan discussed. Invitations, planned and cancelled events never count.",
            file: "events",
            sql: format!("SELECT stp_code, COUNT(*) AS events_held FROM events WHERE {held} GROUP BY stp_code"),
        },
        Figure {
            name: "How complete the record is",
            words: "Of the events that count: how many have their level of participation on record, a number of people, and evidence, and are public. Counted on what may be shown, so an event that is not public has no number.",
            file: "events",
            sql: format!(
                "SELECT stp_code, SUM(level <> '') AS events_with_level, SUM(attended_low <> '') AS events_with_numbers, SUM(evidence_count NOT IN ('', '0')) AS events_with_evidence, SUM(publication = 'public') AS events_published FROM events WHERE {held} GROUP BY stp_code"
            ),
        },
        Figure {
            name: "Last event",
            words: "The last day of an event that counts, and the days from then to the day of the assessment.",
            file: "events",
            sql: format!(
                "SELECT stp_code, MAX(CASE ends_on WHEN '' THEN starts_on ELSE ends_on END) AS last_event_on FROM events WHERE {held} GROUP BY stp_code"
            ),
        },
        Figure {
            name: "Reach: people",
            words: "Unique patients and public who came. Whoever came to one event may have come to another, so it lies between the largest event and all attendances together. What is sent out, such as letters and posts, never counts.",
            file: "events",
            sql: format!(
                "SELECT stp_code, MAX(CAST(public_low AS INTEGER)) AS people_low, SUM(CAST(public_high AS INTEGER)) AS people_high FROM events WHERE {held} AND public_low <> '' GROUP BY stp_code"
            ),
        },
        Figure {
            name: "Rate: people for every 10,000 residents",
            words: "Reach over the residents of the area. England’s rate is the sum of the reach over the sum of the residents, over the areas that counted anybody; it is never a mean of rates.",
            file: "areas",
            sql: "SELECT stp_code, ROUND(10000.0 * people_low / population, 2) AS rate_low, ROUND(10000.0 * people_high / population, 2) AS rate_high FROM areas WHERE people_low <> '[x]'".to_owned(),
        },
        Figure {
            name: "Limits around England’s rate",
            words: "The rate and z times the square root of the rate over the residents, z being 1.960 for 95% and 3.090 for 99.8%: upper limits around the most, lower limits around the least that England’s rate can be. An area is outside only where its whole interval is. Outside means neither good nor bad.",
            file: "areas",
            sql: String::new(),
        },
        Figure {
            name: "Change since last quarter",
            words: "Opened: gaps open on the day that were no gap at the end of the quarter before. Closed: gaps open then that are none on the day. Both are assessed on the record as it is now; a report that was published then does not change.",
            file: "gaps",
            sql: String::new(),
        },
        Figure {
            name: "Representativeness of a characteristic",
            words: "1 less half the sum of the differences between the share of each known answer and its share of the population, from the monitoring returns and population shares of the record; shown with the number of known answers and the share not stated, and never averaged across characteristics. People who chose to respond do not estimate public opinion.",
            file: "record",
            sql: String::new(),
        },
    ]
}

fn domain_words(domain: Domain, examples: &mut HashMap<&'static str, Example>) -> DomainWords {
    let of = rules::all().iter().map(|rule| rule.words).filter(|words| words.domain == domain);
    let rules = of.map(|words| RuleWords {
        test: format!("method/tests/suite/rules/{}.rs", words.id.to_lowercase().replace('-', "_")),
        example: examples.remove(words.id),
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
