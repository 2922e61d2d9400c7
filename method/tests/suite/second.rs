//! The method page read a second time: no index, no haste, each rule as its row says. What it finds is compared with
//! what the method finds, on random records.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use method::disclose;
use method::record::*;
use method::standard::Standard;
use method::values::Id;
use method::words::*;

use crate::make::id;

mod coverage;
mod equality;
mod feedback;
mod place;
mod responses;
mod staff;
mod statutory;
mod timing;

/// What is said, such as `gap medium < COV-1 PP`, by rule and subject.
pub type Said = BTreeMap<(&'static str, String), String>;

/// What the method page says of each STP of a record, in the order of the record.
pub fn read(record: &Record, t: NaiveDate) -> Vec<(String, Said)> {
    let record = disclose(record);
    record
        .stps
        .iter()
        .map(|stp| (stp.code.to_string(), Page { stp, standard: &record.standard, t }.read()))
        .collect()
}

struct Page<'r> {
    stp: &'r Stp,
    standard: &'r Standard,
    t: NaiveDate,
}

impl Page<'_> {
    fn days(&self, from: NaiveDate) -> i64 {
        self.t.signed_duration_since(from).num_days()
    }

    /// A fact dated after T does not exist.
    fn fact(&self, date: Option<NaiveDate>) -> Option<NaiveDate> {
        if date? > self.t { None } else { date }
    }

    /// How many days after T a day comes; below zero for one that is past.
    fn ahead(&self, day: NaiveDate) -> i64 {
        -self.days(day)
    }

    fn linked(&self, proposal: &Proposal) -> Vec<&Event> {
        self.e().filter(|e| e.proposals.contains(&proposal.id)).collect()
    }

    /// Facts dated after T do not exist.
    fn events(&self) -> impl Iterator<Item = &Event> {
        self.stp.events.iter().filter(|e| e.created_on.unwrap_or(e.starts_on) <= self.t)
    }

    fn e(&self) -> impl Iterator<Item = &Event> {
        self.events().filter(|e| e.status == EventStatus::Held && e.starts_on <= self.t && e.stp_discussed)
    }

    fn took(&self, g: Group) -> Vec<&Event> {
        self.e().filter(|e| e.participation.iter().any(|row| row.took_part && row.group == g)).collect()
    }

    fn took_audience(&self, a: Audience) -> Vec<&Event> {
        self.e()
            .filter(|e| e.participation.iter().any(|row| row.took_part && row.group.audience() == a))
            .collect()
    }

    fn in_w(&self, e: &Event) -> bool {
        self.days(end(e)) < 365
    }

    fn waived(&self, g: Group) -> bool {
        self.stp.requirements.iter().any(|requirement| {
            requirement.group == g
                && requirement
                    .waiver
                    .as_ref()
                    .is_some_and(|waiver| waiver.made_on <= self.t && self.t <= waiver.until)
        })
    }

    fn is_core(&self, place: &Place) -> bool {
        let parent = self.stp.places.iter().find(|other| Some(&other.code) == place.parent.as_ref());
        !place.fringe && !parent.is_some_and(|parent| parent.fringe)
    }

    fn required(&self) -> Vec<Group> {
        let names = |g: Group| self.stp.requirements.iter().any(|requirement| requirement.group == g);
        let district =
            self.stp.places.iter().any(|place| place.tier == Tier::District && self.is_core(place));
        let default = [
            "PP-USR", "PP-PUB", "PP-CAR", "PP-HWT", "PP-VCS", "ST-MED", "ST-GPS", "ST-NUR", "ST-TUS",
            "LA-LDR", "LA-OFF", "LA-HWB", "LA-HSC",
        ];
        let all = Group::ALL.iter().copied();
        all.filter(|g| default.contains(&g.code()) || names(*g) || (g.code() == "LA-DIS" && district))
            .collect()
    }

    fn read(&self) -> Said {
        let mut said = Said::new();
        self.coverage(&mut said);
        self.places(&mut said);
        self.reach(&mut said);
        self.equality(&mut said);
        self.analyses(&mut said);
        self.hearing(&mut said);
        self.windows(&mut said);
        self.scrutiny(&mut said);
        self.telling(&mut said);
        self.publication(&mut said);
        self.staff(&mut said);
        self.answers(&mut said);
        self.plans(&mut said);
        self.doubts(&mut said);
        said
    }
}

fn end(e: &Event) -> NaiveDate {
    e.ends_on.unwrap_or(e.starts_on)
}

fn took(e: &Event, a: Audience) -> bool {
    e.participation.iter().any(|row| row.took_part && row.group.audience() == a)
}

fn two_way(e: &Event) -> bool {
    e.level.is_some_and(|level| level.number() >= 2)
}

fn names(e: &Event) -> Vec<Id> {
    let counted = e.place_counts.iter().filter(|row| row.count.high >= 1).map(|row| id(row.place.as_str()));
    e.places.iter().cloned().chain(counted).collect()
}

fn invited(e: &Event) -> Vec<Group> {
    e.participation.iter().map(|row| row.group).filter(|g| !g.code().starts_with("XP")).collect()
}

fn parent(said: &Said, rule: &'static str, subject: &str) -> String {
    let found = said.get(&(rule, subject.to_owned()));
    if found.is_some_and(|found| found.starts_with("gap")) {
        format!(" < {rule} {subject}")
    } else {
        String::new()
    }
}
