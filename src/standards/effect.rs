//! What a standard would change: all areas judged under the one in force and under it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::stp;
use method::{Standard, Summary};
use sea_orm::{ConnectionTrait, EntityTrait as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;

use crate::assessments::{
    area,
    restated::{self, Changed},
    stp::Links,
};

/// What it would change in one area.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    pub code: String,
    pub name: String,
    /// Findings whose verdict or severity differs.
    pub changed: usize,
    /// The same by rule, in the order of their codes.
    pub rules: Vec<(&'static str, usize)>,
    pub gaps_before: u32,
    pub gaps_after: u32,
}

/// What it would change in every area, by name.
pub async fn england(
    db: &impl ConnectionTrait,
    as_at: NaiveDate,
    before: &Standard,
    after: &Standard,
) -> anyhow::Result<Vec<Effect>> {
    let codes: Vec<String> = stp::Entity::find()
        .select_only()
        .column(stp::Column::Code)
        .order_by_asc(stp::Column::Code)
        .into_tuple()
        .all(db)
        .await?;
    let mut effects = Vec::with_capacity(codes.len());
    for (old, new) in area::under_both(db, &codes, as_at, before, after).await? {
        let changed = restated::between(&old, &new, Links::Staff);
        let mut rules = BTreeMap::<&'static str, usize>::new();
        for one in &changed {
            *rules.entry(one.rule).or_default() += 1;
        }
        let gaps = |summary: &Summary| summary.gap;
        effects.push(Effect {
            code: old.stp.code.clone(),
            name: old.stp.display_name.clone(),
            changed: changed.len(),
            rules: rules.into_iter().collect(),
            gaps_before: gaps(&old.assessment.summary),
            gaps_after: gaps(&new.assessment.summary),
        });
    }
    effects.sort_by_cached_key(|effect| effect.name.trim_start_matches("The ").to_lowercase());
    Ok(effects)
}

/// The findings of one area that it would change. Nothing where there is no such area.
pub async fn of_area(
    db: &impl ConnectionTrait,
    code: &str,
    as_at: NaiveDate,
    before: &Standard,
    after: &Standard,
    links: Links,
) -> anyhow::Result<Option<(String, Vec<Changed>)>> {
    let both = area::under_both(db, &[code.to_owned()], as_at, before, after).await?;
    Ok(both.first().map(|(old, new)| (old.stp.display_name.clone(), restated::between(old, new, links))))
}
