//! One finding of the record for each rule, as the method page shows it: what was found, and the records behind it.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use method::{Finding, Verdict, rules};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{
    Area,
    subject::{self, Brief},
};

/// Records that are shown of each kind.
const SHOWN: usize = 3;

/// An example of a rule at work.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    pub area: String,
    pub subject: String,
    pub verdict: &'static str,
    pub severity: &'static str,
    pub sentence: String,
    pub href: String,
    pub counted: Vec<Row>,
    pub not_counted: Vec<Row>,
}

/// A record behind it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub brief: Brief,
    /// Why it did not count; empty for one that did.
    pub why: &'static str,
}

/// An example of each rule that has any finding in these areas.
pub async fn all(
    db: &impl ConnectionTrait,
    areas: &[Arc<Area>],
) -> anyhow::Result<HashMap<&'static str, Example>> {
    let chosen: Vec<(&Area, &Finding)> =
        rules::all().iter().filter_map(|rule| choose(areas, rule.words.id)).collect();
    let counted =
        |found: &Finding| found.counted.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>();
    let near = |found: &Finding| {
        found.not_counted.iter().take(SHOWN).map(|near| near.id.to_string()).collect::<Vec<_>>()
    };
    let ids: Vec<String> =
        chosen.iter().flat_map(|(_, found)| [counted(found), near(found)].concat()).collect();
    let known = subject::briefs(db, &ids).await?;
    let brief = |id: &str| known.get(id).cloned().unwrap_or_else(|| Brief::other(id));
    Ok(chosen
        .into_iter()
        .map(|(area, found)| {
            let near = found.not_counted.iter().take(SHOWN);
            let example = Example {
                area: area.stp.display_name.clone(),
                subject: subject::name(area, found).name,
                verdict: found.verdict.code(),
                severity: found.severity.map_or("", method::Severity::code),
                sentence: found.sentence.clone(),
                href: format!("{}?{}", subject::address("", area, found), area.look.kept()),
                counted: counted(found).iter().map(|id| Row { brief: brief(id), why: "" }).collect(),
                not_counted: near
                    .map(|near| Row { brief: brief(near.id.as_str()), why: near.why.name() })
                    .collect(),
            };
            (found.rule, example)
        })
        .collect())
}

/// The finding that shows most of the rule: a gap with records behind it before one without, a gap before what is met.
fn choose<'a>(areas: &'a [Arc<Area>], rule: &str) -> Option<(&'a Area, &'a Finding)> {
    let of = |area: &'a Arc<Area>| {
        let own = area.assessment.findings.iter().filter(|found| found.rule == rule);
        own.map(move |found| (area.as_ref(), found)).collect::<Vec<_>>()
    };
    areas.iter().flat_map(of).min_by_key(|(_, found)| {
        let behind = !(found.counted.is_empty() && found.not_counted.is_empty());
        let verdict = match found.verdict {
            Verdict::Gap => 0,
            Verdict::Met => 1,
            Verdict::Unknown => 2,
            Verdict::NotApplicable => 3,
        };
        (Reverse(behind), verdict)
    })
}
