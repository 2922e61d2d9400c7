//! One STP as at a day: what the rules find, and what its pages show beside it.

use std::{collections::HashMap, sync::Arc};

use anyhow::Context as _;
use chrono::NaiveDate;
use entity::{event, stp};
use method::{
    Finding, Record, Standard, StpAssessment, Verdict,
    record::{Place, Stp},
    words::{Group, Tier},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
};

use super::{
    Look,
    beside::Beside,
    heard::{self, Heard, Tally},
    past::{Change, Past, Since},
    record::{self, Scope},
    subject::Brief,
    wanted::Kinds,
};
use crate::standards;

/// One STP as at a day.
#[derive(Debug)]
pub struct Area {
    /// The STP's own row, from which come its names, its plan and its tile.
    pub stp: stp::Model,
    pub as_at: NaiveDate,
    /// How it is looked at.
    pub look: Look,
    pub depth: Depth,
    pub assessment: StpAssessment,
    /// How many findings of each kind there are.
    pub kinds: Kinds,
    /// The councils of the footprint, by name.
    pub places: Vec<Place>,
    /// When each group was heard.
    pub heard: Vec<Heard>,
    pub tally: Tally,
    /// Events on the register whose day is not known: in no verdict.
    pub undated: usize,
    /// The events as they were known, by identity; none where the register as it stands has them.
    pub known: Option<HashMap<String, Brief>>,
    /// What stands on the record beside events, by id.
    pub beside: Beside,
    /// What it was judged under.
    pub standard: Standard,
    /// How its gaps have changed.
    pub since: Since,
}

/// How much is said of each finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// What it is about and its verdict: enough to count, at a fraction of the cost.
    Judged,
    /// Its sentence as well, what went into it, what counted and what would close it.
    Explained,
}

/// Events whose record is in memory at once, near enough: all of England in a few turns, however many there are.
const EVENTS_AT_ONCE: usize = 250_000;

/// STPs at once whose records are put together from the journal, each a document with all its texts.
const AT_ONCE_KNOWN: usize = 4;

/// Threads that assess at once, at most: others answer requests meanwhile.
const THREADS: usize = 4;

/// One STP looked at so, with what it came to on earlier days.
pub type Looked = (Arc<Area>, Vec<Arc<Past>>);

/// What is read of a few STPs, to be assessed.
struct Read {
    record: Record,
    rows: Vec<stp::Model>,
    undated: HashMap<String, usize>,
}

/// These STPs looked at so, in the order given, and each on these earlier days as well. A fixed number of queries for
/// every few STPs; while some are assessed, the next are read.
pub async fn load(
    db: &impl ConnectionTrait,
    codes: &[String],
    look: &Look,
    days: &[NaiveDate],
    depth: Depth,
) -> anyhow::Result<Vec<Looked>> {
    let at_once = if look.known.is_some() { AT_ONCE_KNOWN } else { at_once(db, codes.len()).await? };
    let all = stps(db).await?;
    let standard = standards::chosen(db, look.standard.as_deref(), look.known).await?;
    let days: Arc<[NaiveDate]> = days.into();
    let assess = |read: Read| assess(read, look, &days, depth);
    let mut looked = Vec::with_capacity(codes.len());
    let mut some = codes.chunks(at_once);
    let Some(first) = some.next() else { return Ok(looked) };
    let mut ready = read(db, scope(first, all), look, &standard).await?;
    for next in some {
        let (made, next) = tokio::try_join!(assess(ready), read(db, scope(next, all), look, &standard))?;
        looked.extend(made);
        ready = next;
    }
    looked.extend(assess(ready).await?);
    looked.sort_by_cached_key(|(area, _)| codes.iter().position(|code| *code == area.stp.code));
    Ok(looked)
}

/// What is read, assessed: some STPs beside others where there is more than one processor.
async fn assess(
    read: Read,
    look: &Look,
    days: &Arc<[NaiveDate]>,
    depth: Depth,
) -> anyhow::Result<Vec<Looked>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let each = read.record.stps.len().div_ceil(threads).max(1);
    let mut rows: HashMap<String, stp::Model> =
        read.rows.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut stps = read.record.stps.into_iter().peekable();
    let mut making = Vec::new();
    while stps.peek().is_some() {
        let own: Vec<Stp> = stps.by_ref().take(each).collect();
        let part = Read {
            rows: own.iter().filter_map(|stp| rows.remove(stp.code.as_str())).collect(),
            record: Record { stps: own, standard: read.record.standard.clone(), ..read.record },
            undated: read.undated.clone(),
        };
        let (look, days) = (look.clone(), days.clone());
        making.push(tokio::task::spawn_blocking(move || make(part, &look, &days, depth)));
    }
    let mut looked = Vec::new();
    for made in making {
        looked.extend(made.await.context("the assessment broke off")??);
    }
    Ok(looked)
}

/// How many STPs to read at once.
async fn at_once(db: &impl ConnectionTrait, stps: usize) -> anyhow::Result<usize> {
    if stps <= 1 {
        return Ok(1);
    }
    let events = usize::try_from(event::Entity::find().count(db).await?)?;
    Ok((EVENTS_AT_ONCE * stps / events.max(1)).clamp(1, stps))
}

/// How many STPs there are.
async fn stps(db: &impl ConnectionTrait) -> anyhow::Result<usize> {
    Ok(usize::try_from(stp::Entity::find().count(db).await?)?)
}

/// These STPs; all of them are England, which is read in the order that its rows lie in.
fn scope(some: &[String], all: usize) -> Scope<'_> {
    if some.len() == all { Scope::England } else { Scope::Stps(some) }
}

async fn read(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    look: &Look,
    standard: &Standard,
) -> anyhow::Result<Read> {
    Ok(match look.known {
        None => Read {
            record: record::load(db, scope, standard.clone()).await?,
            rows: scope.of(stp::Entity::find(), stp::Column::Code).all(db).await?,
            undated: undated(db, scope).await?,
        },
        Some(until) => {
            let past = record::past::Past::read(db, scope, until).await?;
            Read {
                record: record::of_past(db, &past, standard.clone()).await?,
                rows: past.stps()?,
                undated: past.undated(),
            }
        }
    })
}

/// These STPs as they stand, each judged under both standards, in the order given.
pub async fn under_both(
    db: &impl ConnectionTrait,
    codes: &[String],
    as_at: NaiveDate,
    before: &Standard,
    after: &Standard,
) -> anyhow::Result<Vec<(Area, Area)>> {
    let mut both = Vec::with_capacity(codes.len());
    let all = stps(db).await?;
    for some in codes.chunks(at_once(db, codes.len()).await?) {
        let look = Look::from(as_at);
        let read = read(db, scope(some, all), &look, before).await?;
        let after = after.clone();
        let made = tokio::task::spawn_blocking(move || {
            let (rows, undated) = (read.rows, read.undated);
            let mut shown = shown(read.record)?;
            let old = areas(&shown, rows.clone(), &undated, &look, Depth::Explained)?;
            shown.standard = after;
            anyhow::Ok(
                old.into_iter()
                    .zip(areas(&shown, rows, &undated, &look, Depth::Explained)?)
                    .collect::<Vec<_>>(),
            )
        });
        both.extend(made.await.context("the assessment broke off")??);
    }
    Ok(both)
}

/// How many events of each STP have no day.
async fn undated(db: &impl ConnectionTrait, scope: Scope<'_>) -> anyhow::Result<HashMap<String, usize>> {
    let rows: Vec<(String, i64)> = scope
        .of(event::Entity::find(), event::Column::StpCode)
        .select_only()
        .column(event::Column::StpCode)
        .column_as(event::Column::Id.count(), "events")
        .filter(event::Column::StartsOn.is_null())
        .filter(event::Column::WithdrawnAt.is_null())
        .group_by(event::Column::StpCode)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(|(code, events)| Ok((code, usize::try_from(events)?))).collect()
}

/// What is read, assessed.
fn make(read: Read, look: &Look, days: &[NaiveDate], depth: Depth) -> anyhow::Result<Vec<Looked>> {
    let shown = shown(read.record)?;
    let mut pasts = HashMap::<String, Vec<Arc<Past>>>::new();
    for day in days {
        for past in Past::all(&shown, *day) {
            pasts.entry(past.code.clone()).or_default().push(Arc::new(past));
        }
    }
    let areas = areas(&shown, read.rows, &read.undated, look, depth)?;
    let with_its_own = |area: Area| {
        let own = pasts.remove(&area.stp.code).unwrap_or_default();
        if let [then] = &own[..] {
            // Here, beside other STPs and while more are read: England's page asks for it.
            Change::between(then, &area);
        }
        (Arc::new(area), own)
    };
    Ok(areas.into_iter().map(with_its_own).collect())
}

/// The record as it may be shown; an error where it holds what no record may hold.
fn shown(record: Record) -> anyhow::Result<Record> {
    let problems = record.validate();
    if let Some(first) = problems.first() {
        anyhow::bail!(
            "the database holds what no record may hold ({} in all), first: {first}",
            problems.len()
        );
    }
    Ok(method::disclose_own(record))
}

fn areas(
    shown: &Record,
    rows: Vec<stp::Model>,
    undated: &HashMap<String, usize>,
    look: &Look,
    depth: Depth,
) -> anyhow::Result<Vec<Area>> {
    let mut rows: HashMap<String, stp::Model> = rows.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut areas = Vec::with_capacity(shown.stps.len());
    for own in &shown.stps {
        let code = own.code.as_str();
        let row = rows.remove(code).with_context(|| format!("the STP {code} is gone"))?;
        let undated = undated.get(code).copied().unwrap_or(0);
        areas.push(Area::new(row, own, &shown.standard, undated, look, depth));
    }
    Ok(areas)
}

impl Area {
    fn new(
        stp: stp::Model,
        own: &Stp,
        standard: &Standard,
        undated: usize,
        look: &Look,
        depth: Depth,
    ) -> Self {
        let as_at = look.as_at;
        let assessment = match depth {
            Depth::Judged => method::judge_stp(own, standard, as_at),
            Depth::Explained => method::assess_stp(own, standard, as_at),
        };
        let required: Vec<Group> =
            assessment.of_rule("COV-2").iter().filter_map(|found| Group::parse(&found.subject)).collect();
        let mut places = own.places.clone();
        places.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            heard: heard::groups(own, as_at, &required),
            tally: heard::tally(own, as_at),
            stp,
            as_at,
            look: look.clone(),
            depth,
            kinds: Kinds::of(&assessment.findings),
            assessment,
            places,
            undated,
            known: look
                .known
                .is_some()
                .then(|| own.events.iter().map(|e| (e.id.to_string(), e.into())).collect()),
            beside: Beside::of(own),
            standard: standard.clone(),
            since: Since::default(),
        }
    }

    /// The findings of a rule.
    pub fn of_rule(&self, rule: &str) -> impl Iterator<Item = &Finding> {
        self.assessment.of_rule(rule).iter()
    }

    /// The verdict of a rule about a subject.
    pub fn verdict(&self, rule: &str, subject: &str) -> Option<Verdict> {
        self.assessment.finding(rule, subject).map(|found| found.verdict)
    }

    /// A place of the footprint.
    pub fn place(&self, code: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.code.as_str() == code)
    }

    /// Whether the STP has districts, so that district councils are asked for.
    pub fn has_districts(&self) -> bool {
        self.places.iter().any(|place| place.tier == Tier::District && !place.fringe)
    }
}
