//! What was assessed, kept until a write touches it.
//!
//! ```text
//! request ─► journal's head ─┬─ as before ──────────────────────────────► what is kept
//!                            └─ moved on ─► forget the STPs it names ─┬─► what is kept
//!                                                                     └─► load, assess, keep
//! ```
//!
//! Every write of the record is journalled in its own transaction with the STP that it concerns, so the journal's head
//! says whether what is kept still stands, on one server and on many. After an edit one STP is assessed again, by the
//! next request that asks for it. What was known up to an entry never changes, and is not forgotten for an edit.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use entity::{journal_entry, stp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{
    Look,
    area::{self, Area, Depth},
    past::Past,
};
use crate::journal;

/// Looks that are kept at once; another forgets the one that was asked for longest ago.
const LOOKS: usize = 6;
/// Looks at earlier days of which a summary is kept.
const PASTS: usize = 24;
/// How often a load is tried again when a write came in between.
const TRIES: usize = 3;
/// Tables whose entries concern no record although they name no STP.
const BESIDE: &[&str] = &[
    "users",
    "sessions",
    "editions",
    "mailings",
    "mailing_sign_offs",
    "deliveries",
    "jobs",
    "incoming_mails",
    "invitation_answers",
    "senders",
    "audiences",
    "letter_templates",
];

/// What STPs came to on an earlier day, by code.
pub type Pasts = BTreeMap<String, Arc<Past>>;

/// The assessments of the running product.
#[derive(Debug, Default)]
pub struct Assessments {
    kept: Mutex<Kept>,
    /// One load at a time: those who wait find what they wanted.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The journal's head that all of this is true of.
    seq: i64,
    /// By look, the one asked for last at the end.
    looks: Vec<(Look, HashMap<String, Arc<Area>>)>,
    /// What is kept of earlier days, in the same order.
    pasts: Vec<(Look, Pasts)>,
}

impl Assessments {
    /// One STP looked at so, each finding explained; nothing where there is no such STP.
    pub async fn area(
        &self,
        db: &impl ConnectionTrait,
        code: &str,
        look: impl Into<Look>,
    ) -> anyhow::Result<Option<Arc<Area>>> {
        if stp::Entity::find_by_id(code).one(db).await?.is_none() {
            return Ok(None);
        }
        Ok(self.looked(db, &[code.to_owned()], &look.into(), &[], Depth::Explained).await?.0.pop())
    }

    /// All STPs looked at so, by name, each finding explained.
    pub async fn england(
        &self,
        db: &impl ConnectionTrait,
        look: impl Into<Look>,
    ) -> anyhow::Result<Vec<Arc<Area>>> {
        let codes = codes(db).await?;
        Ok(by_name(self.looked(db, &codes, &look.into(), &[], Depth::Explained).await?.0))
    }

    /// All STPs looked at so, by name, at least judged, and what each came to on these earlier days, by code.
    pub async fn england_and_before(
        &self,
        db: &impl ConnectionTrait,
        look: impl Into<Look>,
        days: &[NaiveDate],
    ) -> anyhow::Result<(Vec<Arc<Area>>, Vec<Pasts>)> {
        let codes = codes(db).await?;
        let (areas, pasts) = self.looked(db, &codes, &look.into(), days, Depth::Judged).await?;
        Ok((by_name(areas), pasts))
    }

    /// These STPs looked at so, this deep at least, and what each came to on these earlier days: what is kept, and the
    /// rest read once.
    async fn looked(
        &self,
        db: &impl ConnectionTrait,
        codes: &[String],
        look: &Look,
        days: &[NaiveDate],
        depth: Depth,
    ) -> anyhow::Result<(Vec<Arc<Area>>, Vec<Pasts>)> {
        self.catch_up(db).await?;
        let (known, pasts, missing) = self.lock().known(codes, look, days, depth);
        if missing.is_empty() {
            return Ok((known, pasts));
        }
        let _turn = self.turn.lock().await;
        for last in (0..TRIES).rev() {
            let seq = self.catch_up(db).await?;
            let (mut known, mut pasts, missing) = self.lock().known(codes, look, days, depth);
            let loaded = area::load(db, &missing, look, days, depth).await?;
            // A write in between may have been seen by half of the queries.
            let whole = look.known.is_some() || journal::seq(db).await? == seq;
            if whole || last == 0 {
                for (area, before) in loaded {
                    for (past, own) in pasts.iter_mut().zip(before) {
                        past.insert(own.code.clone(), own);
                    }
                    known.push(area);
                }
                let mut kept = self.lock();
                if whole && (look.known.is_some() || kept.seq == seq) {
                    kept.keep(&known, look);
                    for (past, day) in pasts.iter().zip(days) {
                        kept.keep_past(past, &look.on(*day));
                    }
                }
                return Ok((known, pasts));
            }
        }
        anyhow::bail!("the assessment was never tried")
    }

    /// Forgets what was written to since; gives the head that the rest is true of.
    async fn catch_up(&self, db: &impl ConnectionTrait) -> anyhow::Result<i64> {
        let now = journal::seq(db).await?;
        let seen = self.lock().seq;
        if now == seen {
            return Ok(now);
        }
        if self.lock().is_empty() {
            self.lock().seq = now;
            return Ok(now);
        }
        let touched: Vec<(Option<String>, String)> = journal_entry::Entity::find()
            .select_only()
            .columns([journal_entry::Column::StpCode, journal_entry::Column::SubjectTable])
            .filter(journal_entry::Column::Seq.gt(seen))
            .filter(journal_entry::Column::Seq.lte(now))
            .distinct()
            .into_tuple()
            .all(db)
            .await?;
        let mut kept = self.lock();
        if kept.seq == seen {
            kept.forget(&touched);
            kept.seq = now;
        }
        Ok(kept.seq)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The codes of all STPs.
async fn codes(db: &impl ConnectionTrait) -> anyhow::Result<Vec<String>> {
    let codes = stp::Entity::find().select_only().column(stp::Column::Code).order_by_asc(stp::Column::Code);
    Ok(codes.into_tuple().all(db).await?)
}

/// The alphabet, not the database's idea of it: "The Black Country" is under B.
fn by_name(mut areas: Vec<Arc<Area>>) -> Vec<Arc<Area>> {
    areas.sort_by_cached_key(|area| area.stp.display_name.trim_start_matches("The ").to_lowercase());
    areas
}

impl Kept {
    fn is_empty(&self) -> bool {
        self.looks.is_empty() && self.pasts.is_empty()
    }

    fn keep_past(&mut self, pasts: &Pasts, look: &Look) {
        let known = self.pasts.iter().position(|(known, _)| known == look);
        let mut all = known.map(|at| self.pasts.remove(at).1).unwrap_or_default();
        all.extend(pasts.iter().map(|(code, past)| (code.clone(), past.clone())));
        if self.pasts.len() >= PASTS {
            self.pasts.remove(0);
        }
        self.pasts.push((look.clone(), all));
    }

    fn look(&self, look: &Look) -> Option<&HashMap<String, Arc<Area>>> {
        self.looks.iter().find(|(known, _)| known == look).map(|(_, areas)| areas)
    }

    /// What is kept of these STPs looked at so and on these earlier days, and the STPs of which any of it is missing.
    fn known(
        &self,
        codes: &[String],
        look: &Look,
        days: &[NaiveDate],
        depth: Depth,
    ) -> (Vec<Arc<Area>>, Vec<Pasts>, Vec<String>) {
        let kept = self.look(look);
        let before: Vec<Option<&Pasts>> = days
            .iter()
            .map(|day| self.pasts.iter().find(|(known, _)| *known == look.on(*day)).map(|(_, pasts)| pasts))
            .collect();
        let (mut areas, mut pasts, mut missing) = (Vec::new(), vec![Pasts::new(); days.len()], Vec::new());
        for code in codes {
            let area = kept.and_then(|areas| areas.get(code)).filter(|area| area.depth >= depth);
            let own: Option<Vec<&Arc<Past>>> =
                before.iter().map(|pasts| pasts.and_then(|pasts| pasts.get(code))).collect();
            match (area, own) {
                (Some(area), Some(own)) => {
                    areas.push(area.clone());
                    for (pasts, past) in pasts.iter_mut().zip(own) {
                        pasts.insert(code.clone(), past.clone());
                    }
                }
                _ => missing.push(code.clone()),
            }
        }
        (areas, pasts, missing)
    }

    fn keep(&mut self, loaded: &[Arc<Area>], look: &Look) {
        let known = self.looks.iter().position(|(known, _)| known == look);
        let mut areas = known.map(|at| self.looks.remove(at).1).unwrap_or_default();
        areas.extend(loaded.iter().map(|area| (area.stp.code.clone(), area.clone())));
        if self.looks.len() >= LOOKS {
            self.looks.remove(0);
        }
        self.looks.push((look.clone(), areas));
    }

    fn forget(&mut self, touched: &[(Option<String>, String)]) {
        for (code, table) in touched {
            let standing = self.looks.iter_mut().filter(|(look, _)| look.known.is_none());
            match code {
                Some(code) => {
                    standing.for_each(|(_, areas)| drop(areas.remove(code)));
                    let earlier = self.pasts.iter_mut().filter(|(look, _)| look.known.is_none());
                    earlier.for_each(|(_, pasts)| drop(pasts.remove(code)));
                }
                None if BESIDE.contains(&table.as_str()) => {}
                None => {
                    self.looks.retain(|(look, _)| look.known.is_some());
                    self.pasts.retain(|(look, _)| look.known.is_some());
                }
            }
        }
    }
}
