//! The rules: one file each, with its words and its code.
//!
//! A rule file holds `WORDS`, from which the method page, the reports and the documents are made, and `judge`, which
//! gives the findings about one STP; its code stands in the order of its row on the method page. To add a rule, add its
//! file and its line in the list below, in page order. A rule may look at what earlier rules found: every parent stands
//! earlier on the page.

use crate::area::Area;
use crate::finding::{Found, Input, Subject, Under, Verdict, Why};
use crate::json::codes;
use crate::record::Waiver;
use crate::seen::Seen;
use crate::wording;
use crate::words::Group;

macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+

        static RULES: &[Rule] = &[$(Rule { words: &$module::WORDS, judge: $module::judge },)+];
    };
}

rules! {
    cov_1,
    cov_2,
    rec_1,
    dep_1,
    dep_2,
    geo_1,
    rch_1,
    rch_2,
    equ_1,
    equ_2,
    equ_3,
    equ_4,
    tim_1,
    tim_2,
    tim_3,
    tim_4,
    sta_1,
    sta_2,
    sta_3,
    sta_4,
    fbk_1,
    fbk_2,
    evd_1,
    inf_1,
    opn_1,
    opn_2,
    opn_3,
    stf_1,
    stf_2,
    rsp_1,
    rsp_2,
    rsp_3,
    pln_1,
    pln_2,
    dat_1,
}

codes! {
    /// A part of the method page. An STP is summed up by domain, never by one score.
    pub enum Domain: "domain" {
        Coverage = "coverage", "Coverage, recency, depth";
        Place = "place", "Place and reach";
        Equality = "equality", "Equality";
        Timing = "timing", "Timing";
        Statutory = "statutory", "Statutory consultees";
        Feedback = "feedback", "Feedback, evidence, openness";
        Staff = "staff", "Staff";
        Responses = "responses", "Responses, plans, records";
    }
}

/// A rule of the method.
#[derive(Debug)]
pub struct Rule {
    /// What it says, for people.
    pub words: &'static Words,
    judge: for<'r> fn(&Area<'r>, Earlier<'_, 'r>) -> Vec<Found<'r>>,
}

/// What a rule says, for people: one text for the site, the reports and the documents, so that they cannot differ.
#[derive(Debug)]
pub struct Words {
    /// Its id, such as `COV-1`. Ids are never used again.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The part of the method page that it stands in.
    pub domain: Domain,
    /// What each finding is about.
    pub subject: &'static str,
    /// When the verdict is what, in the order in which it is tried.
    pub words: &'static str,
    /// What it rests on.
    pub duties: &'static [Duty],
    /// The fields of the record that it reads.
    pub inputs: &'static [&'static str],
    /// The thresholds of the standard that it measures against.
    pub thresholds: &'static [Threshold],
    /// How much a gap weighs, and when.
    pub severity: &'static str,
    /// What closes a gap.
    pub closes: &'static str,
    /// How a gap can be found where there was engagement.
    pub risk: &'static str,
}

/// A duty, a piece of guidance or a practice that a rule rests on.
#[derive(Debug)]
pub struct Duty {
    /// What it is called.
    pub name: &'static str,
    /// What it asks, in a plain sentence.
    pub sentence: &'static str,
    /// Where to read it. None for what this method proposes itself.
    pub sources: &'static [&'static str],
}

/// A threshold of the standard.
#[derive(Debug)]
pub struct Threshold {
    /// Its key in the standard.
    pub key: &'static str,
    /// Its value in the standard of 2017.
    pub default: &'static str,
    /// Its unit.
    pub unit: &'static str,
}

/// All rules, in the order of the method page.
pub fn all() -> &'static [Rule] {
    RULES
}

/// The rule with this id, if there is one.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.words.id == id)
}

impl Rule {
    /// Do later rules ask what it found?
    pub(crate) fn is_asked(&self) -> bool {
        ASKED.iter().any(|words| words.id == self.words.id)
    }

    /// The findings of this rule about an STP, in byte order of their subjects.
    pub(crate) fn judge<'r>(&self, area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
        let mut found = (self.judge)(area, earlier);
        let in_order = found.array_windows().take_while(|[one, next]| !next.subject.is_before(one.subject));
        let in_order = in_order.count() + 1;
        if in_order >= found.len() {
            return found;
        }
        // What is about events comes in order; what is about something else comes after it, and is little.
        let mut rest = found.split_off(in_order);
        rest.sort_by_key(|found| found.subject);
        let places = rest.iter().map(|next| found.partition_point(|found| found.subject <= next.subject));
        let places: Vec<usize> = places.collect();
        let mut sorted = Vec::with_capacity(found.len() + rest.len());
        let (mut found, mut taken) = (found.into_iter(), 0);
        for (next, place) in rest.into_iter().zip(places) {
            sorted.extend(found.by_ref().take(place - taken));
            sorted.push(next);
            taken = place;
        }
        sorted.extend(found);
        sorted
    }
}

/// The rules of which later ones ask what they found; what others find is let go once it is given.
const ASKED: [&Words; 4] = [&cov_1::WORDS, &cov_2::WORDS, &rec_1::WORDS, &equ_1::WORDS];

/// What the rules found that stand earlier on the page.
#[derive(Clone, Copy)]
pub(crate) struct Earlier<'a, 'r> {
    by_rule: &'a [Vec<Found<'r>>],
}

impl<'a, 'r> Earlier<'a, 'r> {
    pub fn new(by_rule: &'a [Vec<Found<'r>>]) -> Self {
        Self { by_rule }
    }

    /// The gap of a rule about a subject, as a parent, if it was found.
    pub fn gap(&self, words: &Words, subject: impl Into<Subject<'r>>) -> Option<Under<'r>> {
        let subject = subject.into();
        let is_gap = self.verdict(words, subject) == Some(Verdict::Gap);
        is_gap.then_some(Under { rule: words.id, subject })
    }

    /// The verdict of a rule about a subject, if it was found. Asked of rules with few subjects.
    pub fn verdict(&self, words: &Words, subject: impl Into<Subject<'r>>) -> Option<Verdict> {
        debug_assert!(ASKED.iter().any(|asked| asked.id == words.id), "{} is not kept", words.id);
        let subject = subject.into();
        let position = RULES.iter().position(|rule| rule.words.id == words.id)?;
        let found = self.by_rule.get(position)?.iter().find(|found| found.subject == subject)?;
        Some(found.verdict)
    }
}

/// Not applicable: a waiver holds for the group.
fn waived<'r>(area: &Area<'r>, group: Group, waiver: &Waiver) -> Found<'r> {
    area.not_applicable()
        .sentence(|| {
            let reason = wording::one_line(&waiver.reason);
            format!("Waived for {} until {}: {reason}", group.phrase(), wording::day(waiver.until))
        })
        .input("waived_until", waiver.until)
}

/// Not applicable: the group was never engaged, which COV-2 reports.
fn never_engaged<'r>(area: &Area<'r>, group: Group) -> Found<'r> {
    area.not_applicable()
        .sentence(|| format!("Does not arise: no record of {} taking part in any event.", group.phrase()))
}

/// Why it cannot be asked how deep the engagement of a group went: it is waived, or there is none in the last year.
fn no_recent_depth<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>, group: Group) -> Option<Found<'r>> {
    let standing = area.group(group);
    if let Some(waiver) = standing.waiver {
        Some(waived(area, group, waiver))
    } else if standing.engagement.events == 0 {
        Some(never_engaged(area, group).under(earlier.gap(&cov_2::WORDS, group)))
    } else if standing.recent.number == 0 {
        let sentence =
            || format!("Does not arise: no record of {} taking part in the last year.", group.phrase());
        let stale = earlier.gap(&rec_1::WORDS, group);
        Some(area.not_applicable().sentence(sentence).under(stale))
    } else {
        None
    }
}

/// The findings as they come. Room is made once, for the most that there can be.
fn gathered<'r>(most: usize, findings: impl Iterator<Item = Found<'r>>) -> Vec<Found<'r>> {
    let mut found = Vec::with_capacity(most);
    findings.for_each(|finding| found.push(finding));
    found
}

/// The events that ended too long ago for the year window.
fn too_old<'r>(area: &Area<'r>, events: &[Seen<'r>]) -> impl Iterator<Item = (Seen<'r>, Why)> {
    events.iter().copied().filter(|&event| !area.is_in_year(event)).map(|event| (event, Why::OutsideWindow))
}

/// Codes one after another, in byte order.
fn listed(mut codes: Vec<&str>) -> String {
    codes.sort_unstable();
    codes.join(" ")
}
