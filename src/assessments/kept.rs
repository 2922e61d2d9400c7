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
//! next request that asks for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use entity::{journal_entry, stp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::area::{self, Area};

/// Days that are kept at once; asking for another forgets the day that was asked for longest ago.
const DAYS: usize = 6;
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
    /// By day, the day asked for last at the end.
    days: Vec<(NaiveDate, HashMap<String, Arc<Area>>)>,
}

impl Assessments {
    /// One STP as at a day; nothing where there is no such STP.
    pub async fn area(
        &self,
        db: &impl ConnectionTrait,
        code: &str,
        as_at: NaiveDate,
    ) -> anyhow::Result<Option<Arc<Area>>> {
        if stp::Entity::find_by_id(code).one(db).await?.is_none() {
            return Ok(None);
        }
        Ok(self.areas(db, &[code.to_owned()], as_at).await?.pop())
    }

    /// All STPs as at a day, by name.
    pub async fn england(
        &self,
        db: &impl ConnectionTrait,
        as_at: NaiveDate,
    ) -> anyhow::Result<Vec<Arc<Area>>> {
        let codes: Vec<String> = stp::Entity::find()
            .select_only()
            .column(stp::Column::Code)
            .order_by_asc(stp::Column::Code)
            .into_tuple()
            .all(db)
            .await?;
        let mut areas = self.areas(db, &codes, as_at).await?;
        // The alphabet, not the database's idea of it: "The Black Country" is under B.
        let name = |area: &Area| area.stp.display_name.trim_start_matches("The ").to_lowercase();
        areas.sort_by_cached_key(|area| name(area));
        Ok(areas)
    }

    /// The journal's last number: what is shown is made of the record up to there.
    pub async fn seq(&self, db: &impl ConnectionTrait) -> anyhow::Result<i64> {
        head(db).await
    }

    async fn areas(
        &self,
        db: &impl ConnectionTrait,
        codes: &[String],
        as_at: NaiveDate,
    ) -> anyhow::Result<Vec<Arc<Area>>> {
        self.catch_up(db).await?;
        let known = self.lock().known(codes, as_at);
        if known.len() == codes.len() {
            return Ok(known);
        }
        let _turn = self.turn.lock().await;
        for last in (0..TRIES).rev() {
            let seq = self.catch_up(db).await?;
            let known = self.lock().known(codes, as_at);
            let missing: Vec<String> = codes
                .iter()
                .filter(|code| !known.iter().any(|area| area.stp.code == **code))
                .cloned()
                .collect();
            let loaded = area::load(db, &missing, as_at).await?;
            // A write in between may have been seen by half of the queries.
            let whole = head(db).await? == seq;
            if whole || last == 0 {
                let mut kept = self.lock();
                if whole && kept.seq == seq {
                    kept.keep(&loaded, as_at);
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
        if self.lock().days.is_empty() {
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
    fn day(&self, as_at: NaiveDate) -> Option<&HashMap<String, Arc<Area>>> {
        self.days.iter().find(|(day, _)| *day == as_at).map(|(_, areas)| areas)
    }

    fn known(&self, codes: &[String], as_at: NaiveDate) -> Vec<Arc<Area>> {
        let day = self.day(as_at);
        codes.iter().filter_map(|code| day?.get(code).cloned()).collect()
    }

    fn keep(&mut self, loaded: &[Arc<Area>], as_at: NaiveDate) {
        let known = self.days.iter().position(|(day, _)| *day == as_at);
        let mut areas = known.map(|at| self.days.remove(at).1).unwrap_or_default();
        areas.extend(loaded.iter().map(|area| (area.stp.code.clone(), area.clone())));
        if self.days.len() >= DAYS {
            self.days.remove(0);
        }
        self.days.push((as_at, areas));
    }

    fn forget(&mut self, touched: &[(Option<String>, String)]) {
        for (code, table) in touched {
            match code {
                Some(code) => self.days.iter_mut().for_each(|(_, areas)| {
                    areas.remove(code);
                }),
                None if BESIDE.contains(&table.as_str()) => {}
                None => self.days.clear(),
            }
        }
    }
}
