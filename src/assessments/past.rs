//! What an area came to on an earlier day, and what has changed since: gaps opened, gaps closed.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use chrono::{Datelike as _, Days, Months, NaiveDate};
use method::{Finding, Record, Summary, Verdict};

use super::{
    Area, heard,
    said::{Figure, Said},
};

/// What a gap is known by, from day to day.
type Key = (&'static str, String);

/// An area on an earlier day, as much of it as comparing needs.
#[derive(Debug)]
pub struct Past {
    pub code: String,
    pub as_at: NaiveDate,
    pub summary: Summary,
    /// Events that counted by then.
    pub held: usize,
    gaps: Gaps,
    open: Vec<Key>,
}

/// The subjects of the gaps, by rule.
type Gaps = HashMap<&'static str, HashSet<String>>;

impl Past {
    /// What is kept of an area.
    pub fn of(area: &Area) -> Self {
        let mut gaps = Gaps::new();
        for gap in area.assessment.findings.iter().filter(|found| found.verdict == Verdict::Gap) {
            gaps.entry(gap.rule).or_default().insert(gap.subject.clone());
        }
        Self {
            code: area.stp.code.clone(),
            as_at: area.as_at,
            summary: area.assessment.summary,
            held: area.tally.held,
            gaps,
            open: area.assessment.gaps().map(key).collect(),
        }
    }

    /// What would be kept of each STP of a disclosed record on a day: judged, and nothing explained.
    pub fn all(shown: &Record, day: NaiveDate) -> Vec<Self> {
        let mut all: Vec<Self> = shown
            .stps
            .iter()
            .map(|stp| Self {
                code: stp.code.to_string(),
                as_at: day,
                summary: Summary::default(),
                held: stp.events.iter().filter(|event| heard::counts(event, day)).count(),
                gaps: Gaps::new(),
                open: Vec::new(),
            })
            .collect();
        let at: HashMap<&str, usize> =
            shown.stps.iter().enumerate().map(|(at, stp)| (stp.code.as_str(), at)).collect();
        method::judge(shown, day, |stp, judged| {
            let past = &mut all[at[stp.code.as_str()]];
            past.summary.add_judged(judged);
            if judged.verdict() == Verdict::Gap {
                let (rule, subject) = (judged.rule.words.id, judged.subject().to_string());
                if judged.parent().is_none() {
                    past.open.push((rule, subject.clone()));
                }
                past.gaps.entry(rule).or_default().insert(subject);
            }
        });
        all
    }
}

fn key(found: &Finding) -> Key {
    (found.rule, found.subject.clone())
}

/// How an area's gaps changed since an earlier day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub since: NaiveDate,
    pub then: u32,
    pub now: u32,
    /// Open now, and no gap then.
    pub opened: usize,
    /// Open then, and no gap now.
    pub closed: usize,
}

/// The last change that was asked for of an area: counted once, since every gap is looked at for it.
#[derive(Debug, Default)]
pub struct Since(Mutex<Option<(Weak<Past>, Change)>>);

impl Since {
    fn known(&self, then: &Arc<Past>) -> Option<Change> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (past, change) = kept.as_ref()?;
        past.upgrade().is_some_and(|past| Arc::ptr_eq(&past, then)).then_some(*change)
    }

    fn keep(&self, then: &Arc<Past>, change: Change) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Arc::downgrade(then), change));
    }
}

impl Change {
    pub fn between(then: &Arc<Past>, now: &Area) -> Self {
        now.since.known(then).unwrap_or_else(|| {
            let change = Self::count(then, now);
            now.since.keep(then, change);
            change
        })
    }

    fn count(then: &Past, now: &Area) -> Self {
        Self {
            since: then.as_at,
            then: then.summary.gap,
            now: now.assessment.summary.gap,
            opened: opened(then, now).count(),
            closed: then.open.len() - still(then, now),
        }
    }

    /// How many more gaps there are.
    pub fn more(&self) -> i64 {
        i64::from(self.now) - i64::from(self.then)
    }

    /// "3 opened, 1 closed", each with its list.
    pub fn said(&self, area: &Area) -> Said {
        if self.opened == 0 && self.closed == 0 {
            return Said::new("none opened, none closed");
        }
        let list = |which: &str, count: usize| Figure {
            count,
            href: format!(
                "/stps/{}/changes?which={which}&since={}&{}",
                area.stp.code,
                self.since,
                area.look.kept()
            ),
        };
        let part = |which: &'static str, count: usize| match count {
            0 => Said::new(format!("none {which}")),
            count => list(which, count).plain().words(format!(" {which}")),
        };
        part("opened", self.opened).words(", ").and(part("closed", self.closed))
    }
}

/// The gaps that are open now and were none then.
pub fn opened<'a>(then: &'a Past, now: &'a Area) -> impl Iterator<Item = &'a Finding> {
    let was = |found: &Finding| then.gaps.get(found.rule).is_some_and(|all| all.contains(&found.subject));
    now.assessment.gaps().filter(move |found| !was(found))
}

/// The gaps of `then` that are none in `now`, as they were then.
pub fn closed<'a>(then: &'a Area, now: &'a Area) -> impl Iterator<Item = &'a Finding> {
    let gaps: HashSet<(&str, &str)> = now
        .assessment
        .findings
        .iter()
        .filter(|found| found.verdict == Verdict::Gap)
        .map(|found| (found.rule, found.subject.as_str()))
        .collect();
    then.assessment.gaps().filter(move |found| !gaps.contains(&(found.rule, found.subject.as_str())))
}

/// How many of the gaps open then are gaps now.
fn still(then: &Past, now: &Area) -> usize {
    let gaps: HashSet<(&str, &str)> = now
        .assessment
        .findings
        .iter()
        .filter(|found| found.verdict == Verdict::Gap)
        .map(|found| (found.rule, found.subject.as_str()))
        .collect();
    then.open.iter().filter(|(rule, subject)| gaps.contains(&(*rule, subject.as_str()))).count()
}

/// The last day of the quarter before the one that `day` is in.
pub fn quarter_end_before(day: NaiveDate) -> NaiveDate {
    let month = day.month0() / 3 * 3 + 1;
    let first = NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
    first.checked_sub_days(Days::new(1)).unwrap_or(first)
}

/// The last `number` ends of quarters before `day`, oldest first.
pub fn quarter_ends(day: NaiveDate, number: u32) -> Vec<NaiveDate> {
    let last = quarter_end_before(day) + Days::new(1);
    (0..number)
        .rev()
        .filter_map(|back| Some(last.checked_sub_months(Months::new(3 * back))? - Days::new(1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_end_before_the_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(quarter_end_before(day("2018-01-15")), day("2017-12-31"));
        assert_eq!(quarter_end_before(day("2018-03-31")), day("2017-12-31"));
        assert_eq!(quarter_end_before(day("2018-04-01")), day("2018-03-31"));
        assert_eq!(
            quarter_ends(day("2018-12-31"), 3),
            [day("2018-03-31"), day("2018-06-30"), day("2018-09-30")]
        );
    }
}
