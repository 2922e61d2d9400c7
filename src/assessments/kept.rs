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

use entity::{journal_entry, stp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{
    Look,
    area::{self, Area},
    past::Past,
};

/// Looks that are kept at once; another forgets the one that was asked for longest ago.
const LOOKS: usize = 6;
/// Looks at earlier days of which a summary is kept.
const PASTS: usize = 24;
/// How often a load is tried again when a write came in between.
const TRIES: usize = 3;
/// Tables whose entries concern no record although they name no STP.
const BESIDE: &[&str] = &["users", "sessions", "editions", "mailings", "deliveries", "jobs"];

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
    pasts: Vec<(Look, BTreeMap<String, Arc<Past>>)>,
}

impl Assessments {
    /// One STP looked at so; nothing where there is no such STP.
    pub async fn area(
        &self,
        db: &impl ConnectionTrait,
        code: &str,
        look: impl Into<Look>,
    ) -> anyhow::Result<Option<Arc<Area>>> {
        if stp::Entity::find_by_id(code).one(db).await?.is_none() {
            return Ok(None);
        }
        Ok(self.areas(db, &[code.to_owned()], &look.into()).await?.pop())
    }

    /// All STPs looked at so, by name.
    pub async fn england(
        &self,
        db: &impl ConnectionTrait,
        look: impl Into<Look>,
    ) -> anyhow::Result<Vec<Arc<Area>>> {
        let codes: Vec<String> = stp::Entity::find()
            .select_only()
            .column(stp::Column::Code)
            .order_by_asc(stp::Column::Code)
            .into_tuple()
            .all(db)
            .await?;
        let mut areas = self.areas(db, &codes, &look.into()).await?;
        // The alphabet, not the database's idea of it: "The Black Country" is under B.
        let name = |area: &Area| area.stp.display_name.trim_start_matches("The ").to_lowercase();
        areas.sort_by_cached_key(|area| name(area));
        Ok(areas)
    }

    /// What each STP came to, looked at so: an earlier day. By code.
    pub async fn past(
        &self,
        db: &impl ConnectionTrait,
        look: impl Into<Look>,
    ) -> anyhow::Result<BTreeMap<String, Arc<Past>>> {
        let look = look.into();
        let codes: Vec<String> =
            stp::Entity::find().select_only().column(stp::Column::Code).into_tuple().all(db).await?;
        self.catch_up(db).await?;
        let _turn = self.turn.lock().await;
        let seq = self.catch_up(db).await?;
        let mut known = self.lock().past(&look);
        let missing: Vec<String> = codes.into_iter().filter(|code| !known.contains_key(code)).collect();
        if missing.is_empty() {
            return Ok(known);
        }
        let loaded = area::load(db, &missing, &look).await?;
        known.extend(loaded.iter().map(|area| (area.stp.code.clone(), Arc::new(Past::of(area)))));
        let whole = look.known.is_some() || head(db).await? == seq;
        let mut kept = self.lock();
        if whole && (look.known.is_some() || kept.seq == seq) {
            kept.keep_past(known.clone(), &look);
        }
        Ok(known)
    }

    /// The journal's last number: what is shown is made of the record up to there.
    pub async fn seq(&self, db: &impl ConnectionTrait) -> anyhow::Result<i64> {
        head(db).await
    }

    async fn areas(
        &self,
        db: &impl ConnectionTrait,
        codes: &[String],
        look: &Look,
    ) -> anyhow::Result<Vec<Arc<Area>>> {
        self.catch_up(db).await?;
        let known = self.lock().known(codes, look);
        if known.len() == codes.len() {
            return Ok(known);
        }
        let _turn = self.turn.lock().await;
        for last in (0..TRIES).rev() {
            let seq = self.catch_up(db).await?;
            let known = self.lock().known(codes, look);
            let missing: Vec<String> = codes
                .iter()
                .filter(|code| !known.iter().any(|area| area.stp.code == **code))
                .cloned()
                .collect();
            let loaded = area::load(db, &missing, look).await?;
            // A write in between may have been seen by half of the queries.
            let whole = look.known.is_some() || head(db).await? == seq;
            if whole || last == 0 {
                let mut kept = self.lock();
                if whole && (look.known.is_some() || kept.seq == seq) {
                    kept.keep(&loaded, look);
                }
                return Ok(known.into_iter().chain(loaded).collect());
            }
        }
        anyhow::bail!("the assessment was never tried")
    }

    /// Forgets what was written to since; gives the head that the rest is true of.
    async fn catch_up(&self, db: &impl ConnectionTrait) -> anyhow::Result<i64> {
        let now = head(db).await?;
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

/// The journal's last number.
async fn head(db: &impl ConnectionTrait) -> anyhow::Result<i64> {
    let last: Option<Option<i64>> = journal_entry::Entity::find()
        .select_only()
        .column_as(journal_entry::Column::Seq.max(), "last")
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.flatten().unwrap_or(0))
}

impl Kept {
    fn is_empty(&self) -> bool {
        self.looks.is_empty() && self.pasts.is_empty()
    }

    fn past(&self, look: &Look) -> BTreeMap<String, Arc<Past>> {
        self.pasts.iter().find(|(known, _)| known == look).map(|(_, pasts)| pasts.clone()).unwrap_or_default()
    }

    fn keep_past(&mut self, pasts: BTreeMap<String, Arc<Past>>, look: &Look) {
        self.pasts.retain(|(known, _)| known != look);
        if self.pasts.len() >= PASTS {
            self.pasts.remove(0);
        }
        self.pasts.push((look.clone(), pasts));
    }

    fn look(&self, look: &Look) -> Option<&HashMap<String, Arc<Area>>> {
        self.looks.iter().find(|(known, _)| known == look).map(|(_, areas)| areas)
    }

    fn known(&self, codes: &[String], look: &Look) -> Vec<Arc<Area>> {
        let kept = self.look(look);
        codes.iter().filter_map(|code| kept?.get(code).cloned()).collect()
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
