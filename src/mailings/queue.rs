//! Which letters may go now: the queue, read past those that have to wait.
//!
//! ```text
//! mailing ─► deferred letters that are due, then queued ones ─┬─ in their order, or
//!                     ▲                                       └─ by domain ─► gate (pace) ─┬─ go ───► claimed
//!                     │                                                                    └─ wait ─► the rest of that domain is
//!                     └───────── goes on from where the last claim stopped ◄───────────────────────── stepped over in the index
//! ```
//!
//! By domain only where letters to one domain may have to wait: neighbours in the ledger lie on the same pages of the
//! disk, and a claim of letters all over it writes as many pages as letters.
//!
//! A letter that has to wait is not touched: a million of them to one domain cost a step in the index and no write. Why
//! a mailing waits is kept for its page, one row a mailing.
//!
//! The gate lies in this worker's memory. After a start, an outage or when workers come or go it is made anew from what
//! the ledger knows (`stale`), in the same transaction as the claim.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Europe::London;
use entity::{
    delivery::{self, Column, Model, State},
    mailing::{self, Purpose},
    mailing_wait, sending_day,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait, QueryFilter as _, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, OnConflict, Query},
};

use super::{
    ledger::{Sending, arrived, is_in},
    pace::{
        gate::{Answer, Gate, Tally, Wait, Whose},
        hint::Hint,
        limits::Limits,
        rate::Share,
    },
};
use crate::{db::only, mail::Senders};

/// Steps over waiting domains in one exchange; where they do not do, the next goes on from there.
const STEPS: usize = 64;
/// How far workers' clocks may be apart.
const APART: TimeDelta = TimeDelta::minutes(1);

/// What a worker keeps of the queue between exchanges.
pub struct Queue {
    gate: Gate,
    senders: Arc<Senders>,
    /// The addresses that mailings come from.
    identities: HashMap<String, String>,
    share: Share,
    /// The domain that the last claim of a mailing ended with.
    turns: HashMap<String, String>,
    /// The delivery that the last claim in the order of the ledger ended with. PostgreSQL keeps what was claimed in its
    /// index for a while, and would read all of it each time.
    behind: HashMap<String, String>,
    /// Whether what the gate remembers is to be counted anew.
    stale: bool,
}

/// How many letters are wanted of each sender, by its code; a sender that is not among them is left alone.
pub type Wants = BTreeMap<String, usize>;

/// What a claim found.
#[derive(Default)]
pub struct Claimed {
    pub rows: Vec<Model>,
    /// When the first of what has to wait may go, where everything that is due was looked at.
    pub waits: Option<DateTime<Utc>>,
}

/// How a look through a mailing ended.
struct Looked {
    rows: Vec<Model>,
    wait: Option<Wait>,
    /// Whether all of it was looked at.
    end: bool,
}

/// What stands after the @ of an address.
pub fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

impl Queue {
    /// An empty gate, to be filled at the first claim.
    pub fn new(limits: Limits, senders: Arc<Senders>) -> Self {
        let gate = Gate::new(limits, Share::ALL);
        let identities = HashMap::new();
        Self {
            gate,
            senders,
            identities,
            share: Share::ALL,
            turns: HashMap::new(),
            behind: HashMap::new(),
            stale: true,
        }
    }

    /// The address that a mailing comes from, which its limits are kept by.
    pub fn identity(&self, mailing: &str) -> String {
        self.identities.get(mailing).cloned().unwrap_or_else(|| self.senders.own().address())
    }

    /// Says who is at work beside this worker. Gives whether that has changed.
    pub fn beside(&mut self, own: i64, workers: &[i64]) -> bool {
        let share = Share::among(&own, workers);
        let changed = share != self.share;
        if changed {
            self.share = share;
            self.stale = true;
        }
        changed
    }

    /// Whether anything limits letters: several workers then have to agree.
    pub fn is_limited(&self) -> bool {
        !self.gate.reaches().is_empty()
    }

    /// A place that was given was not used.
    pub const fn unused(&mut self) {
        self.stale = true;
    }

    /// Hears why a letter of a mailing was deferred.
    pub fn heard(&mut self, now: DateTime<Utc>, mailing: &str, address: &str, answer: &str) {
        let identity = self.identity(mailing);
        self.gate.heard(now, &identity, domain(address), Hint::of(answer));
    }

    /// As many letters of each sender as are wanted that are due and may go now, and what the others wait for. A
    /// mailing whose sender will not do is stepped over: it is paused by the worker.
    pub async fn claim(
        &mut self,
        tx: &DatabaseTransaction,
        mailings: &[Sending],
        now: DateTime<Utc>,
        wants: &Wants,
    ) -> Result<Claimed, DbErr> {
        if self.stale {
            self.seed(tx, now).await?;
            self.stale = false;
        }
        let mut claimed = Claimed::default();
        let (mut all, mut wants) = (true, wants.clone());
        for mailing in mailings {
            let sender = mailing.sender.as_deref();
            let Some(left) = wants.get_mut(sender.unwrap_or_default()) else { continue };
            let identity = match self.senders.of(sender, &mailing.stp_code, mailing.sent_from.as_deref()) {
                Ok(identity) => identity.address(),
                Err(_) => continue,
            };
            self.identities.insert(mailing.id.clone(), identity);
            if *left == 0 {
                all = false;
                continue;
            }
            let looked = self.look(tx, mailing, now, *left).await?;
            *left -= looked.rows.len();
            all &= looked.end;
            let wait = looked.wait.as_ref().filter(|_| looked.rows.is_empty());
            self.say(tx, &mailing.id, wait).await?;
            claimed.rows.extend(looked.rows);
            if let Some(wait) = looked.wait {
                claimed.waits =
                    Some(claimed.waits.map_or(wait.until, |until| std::cmp::min(until, wait.until)));
            }
        }
        if !all {
            claimed.waits = None;
        }
        Ok(claimed)
    }

    async fn look(
        &mut self,
        tx: &DatabaseTransaction,
        mailing: &Sending,
        now: DateTime<Utc>,
        most: usize,
    ) -> Result<Looked, DbErr> {
        let (identity, purpose) = (self.identity(&mailing.id), mailing.purpose);
        let mailing = mailing.id.as_str();
        let mut looked = Looked { rows: Vec::new(), wait: None, end: false };
        for row in deferred(tx, mailing, now, most).await? {
            match self.gate.ask(now, &identity, &row.domain, purpose) {
                Answer::Go => looked.rows.push(row),
                Answer::Wait(wait) => {
                    // Queued again, it is stepped over with the others of its domain.
                    requeue(tx, &row.id).await?;
                    sooner(&mut looked.wait, wait);
                }
            }
        }
        if !self.gate.holds_domains(now) {
            self.look_on(tx, mailing, now, (&identity, purpose), most, &mut looked).await?;
            return Ok(looked);
        }
        let start = self.turns.get(mailing).cloned().unwrap_or_default();
        let (mut behind, mut around) = (start.clone(), start.is_empty());
        for _ in 0..STEPS {
            let left = most - looked.rows.len();
            if left == 0 {
                break;
            }
            let until = (around && !start.is_empty()).then_some(start.as_str());
            let rows = queued(tx, mailing, now, &behind, until, left).await?;
            let full = rows.len() == left;
            let last = rows.last().map(|row| row.domain.clone());
            let mut waiting: Option<String> = None;
            for row in rows {
                if waiting.as_ref() == Some(&row.domain) {
                    continue;
                }
                match self.gate.ask(now, &identity, &row.domain, purpose) {
                    Answer::Go => looked.rows.push(row),
                    Answer::Wait(wait) => {
                        let of_domain = wait.whose == Whose::Domain;
                        sooner(&mut looked.wait, wait);
                        if !of_domain {
                            // Nothing else of this mailing may go either.
                            looked.end = true;
                            return Ok(looked);
                        }
                        waiting = Some(row.domain);
                    }
                }
            }
            match last.filter(|_| full) {
                Some(last) => behind = last,
                None if !around => (behind, around) = (String::new(), true),
                None => {
                    looked.end = true;
                    break;
                }
            }
        }
        self.turns.insert(mailing.to_owned(), behind);
        Ok(looked)
    }

    /// Looks through a mailing in the order of the ledger, on from where the last claim stopped, while no domain waits.
    async fn look_on(
        &mut self,
        tx: &DatabaseTransaction,
        mailing: &str,
        now: DateTime<Utc>,
        (identity, purpose): (&str, Purpose),
        most: usize,
        looked: &mut Looked,
    ) -> Result<(), DbErr> {
        let left = most - looked.rows.len();
        let behind = self.behind.entry(mailing.to_owned()).or_default();
        let mut rows = in_order(tx, mailing, now, behind, None, left).await?;
        if rows.len() < left && !behind.is_empty() {
            // And round to what was put back before there.
            rows.extend(in_order(tx, mailing, now, "", Some(behind), left - rows.len()).await?);
        }
        looked.end = rows.len() < left;
        for row in rows {
            match self.gate.ask(now, identity, &row.domain, purpose) {
                Answer::Go => {
                    behind.clone_from(&row.id);
                    looked.rows.push(row);
                }
                Answer::Wait(wait) => {
                    // No domain waits: nothing else of this mailing may go either.
                    sooner(&mut looked.wait, wait);
                    looked.end = true;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Keeps why a mailing waits, or that it does not.
    async fn say(&self, tx: &DatabaseTransaction, mailing: &str, wait: Option<&Wait>) -> Result<(), DbErr> {
        let known = only(mailing_wait::Entity::find_by_id(mailing).all(tx).await?);
        match (wait, known) {
            (None, Some(_)) => {
                mailing_wait::Entity::delete_by_id(mailing).exec(tx).await?;
            }
            (Some(wait), known) if known.as_ref().is_none_or(|known| known.until != wait.until) => {
                let row = mailing_wait::ActiveModel {
                    mailing_id: Set(mailing.to_owned()),
                    why: Set(wait.why.clone()),
                    until: Set(wait.until),
                };
                let columns = [mailing_wait::Column::Why, mailing_wait::Column::Until];
                let on_conflict =
                    OnConflict::column(mailing_wait::Column::MailingId).update_columns(columns).to_owned();
                mailing_wait::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(tx).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes the gate from what the ledger knows: what left lately, and the senders' days.
    async fn seed(&mut self, tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
        self.gate.renew(self.share);
        for reach in self.gate.reaches() {
            let rows: Vec<(String, String, i64)> = delivery::Entity::find()
                .select_only()
                .columns([Column::MailingId, Column::Domain])
                // Tries and not letters: one that was tried twice has a single time.
                .column_as(Column::Attempts.sum(), "tries")
                .filter(Column::ClaimedAt.gte(now - reach - APART))
                .group_by(Column::MailingId)
                .group_by(Column::Domain)
                .into_tuple()
                .all(tx)
                .await?;
            let from = self.came_from(tx, &rows).await?;
            let tallies: Vec<Tally> = rows
                .into_iter()
                .map(|(mailing, domain, tries)| Tally {
                    identity: from.get(&mailing).cloned().unwrap_or_else(|| self.identity(&mailing)),
                    domain,
                    letters: u32::try_from(tries).unwrap_or(u32::MAX),
                })
                .collect();
            self.gate.seed_from(now, reach, &tallies);
        }
        let today = now.with_timezone(&London).date_naive();
        let sent = sending_day::Entity::find().filter(sending_day::Column::Letters.gt(0));
        let days: Vec<(String, i64)> = sent
            .clone()
            .select_only()
            .column(sending_day::Column::Identity)
            .column_as(sending_day::Column::Day.count(), "days")
            .filter(sending_day::Column::Day.lt(today))
            .group_by(sending_day::Column::Identity)
            .into_tuple()
            .all(tx)
            .await?;
        let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let mut warm: BTreeMap<String, (u32, u32)> =
            days.into_iter().map(|(identity, days)| (identity, (number(days), 0))).collect();
        for row in sent.filter(sending_day::Column::Day.eq(today)).all(tx).await? {
            warm.entry(row.identity).or_default().1 = number(row.letters);
        }
        for (identity, (days, letters)) in warm {
            self.gate.warm(&identity, today, days, letters);
        }
        Ok(())
    }

    /// The addresses that the mailings of these rows were frozen to come from, where that was kept.
    async fn came_from(
        &self,
        tx: &DatabaseTransaction,
        rows: &[(String, String, i64)],
    ) -> Result<HashMap<String, String>, DbErr> {
        let ids: BTreeSet<&str> = rows.iter().map(|(mailing, ..)| mailing.as_str()).collect();
        let known: Vec<(String, Option<String>)> = mailing::Entity::find()
            .select_only()
            .columns([mailing::Column::Id, mailing::Column::SentFrom])
            .filter(mailing::Column::Id.is_in(ids))
            .into_tuple()
            .all(tx)
            .await?;
        Ok(known.into_iter().filter_map(|(mailing, from)| Some((mailing, from?))).collect())
    }

    /// Adds letters to an identity's day: `more` is negative for those that were not begun after all.
    pub async fn count(
        &self,
        tx: &DatabaseTransaction,
        identity: &str,
        day: NaiveDate,
        more: i64,
    ) -> Result<(), DbErr> {
        let row = sending_day::ActiveModel {
            identity: Set(identity.to_owned()),
            day: Set(day),
            letters: Set(std::cmp::max(more, 0)),
        };
        let sum = Expr::col((sending_day::Entity, sending_day::Column::Letters)).add(more);
        let on_conflict = OnConflict::columns([sending_day::Column::Identity, sending_day::Column::Day])
            .value(sending_day::Column::Letters, sum)
            .to_owned();
        sending_day::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(tx).await?;
        Ok(())
    }
}

fn sooner(known: &mut Option<Wait>, wait: Wait) {
    if known.as_ref().is_none_or(|known| wait.until < known.until) {
        *known = Some(wait);
    }
}

/// Deferred letters whose time has come.
async fn deferred(
    tx: &DatabaseTransaction,
    mailing: &str,
    now: DateTime<Utc>,
    want: usize,
) -> Result<Vec<Model>, DbErr> {
    let find = delivery::Entity::find()
        .filter(Column::MailingId.eq(mailing))
        .filter(Column::State.eq(State::Deferred))
        .filter(arrived(now));
    first(find, tx, want).await
}

/// The first of these by identity, locked, past those that another worker has locked. On SQLite the transaction is the
/// only writer, and the lock says nothing.
async fn first(
    find: Select<delivery::Entity>,
    tx: &DatabaseTransaction,
    want: usize,
) -> Result<Vec<Model>, DbErr> {
    find.order_by_asc(Column::Id)
        .limit(want as u64)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
}

/// Queued letters behind a delivery, up to and with another where there is one, in the order of the ledger.
async fn in_order(
    tx: &DatabaseTransaction,
    mailing: &str,
    now: DateTime<Utc>,
    behind: &str,
    until: Option<&str>,
    want: usize,
) -> Result<Vec<Model>, DbErr> {
    // As a query of its own, whose answer PostgreSQL does not know when it plans: it would take the index by domain for
    // this, of which it can tell that it holds queued letters alone, and sort all of them for each claim.
    let queued = Query::select().expr(Expr::value(State::Queued)).to_owned();
    let state = Expr::col((delivery::Entity, Column::State));
    let mut find = delivery::Entity::find()
        .filter(Column::MailingId.eq(mailing))
        .filter(state.eq(Expr::SubQuery(None, Box::new(queued.into()))))
        .filter(Column::Id.gt(behind))
        .filter(arrived(now));
    if let Some(until) = until {
        find = find.filter(Column::Id.lte(until));
    }
    first(find, tx, want).await
}

/// Queued letters behind a domain, up to and with another where there is one, by domain.
async fn queued(
    tx: &DatabaseTransaction,
    mailing: &str,
    now: DateTime<Utc>,
    behind: &str,
    until: Option<&str>,
    want: usize,
) -> Result<Vec<Model>, DbErr> {
    let mut find = delivery::Entity::find()
        .filter(Column::MailingId.eq(mailing))
        .filter(is_in(State::Queued))
        .filter(Column::Domain.gt(behind))
        .filter(arrived(now));
    if let Some(until) = until {
        find = find.filter(Column::Domain.lte(until));
    }
    first(find.order_by_asc(Column::Domain), tx, want).await
}

async fn requeue(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    delivery::Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Queued))
        .col_expr(Column::NextAttemptAt, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
