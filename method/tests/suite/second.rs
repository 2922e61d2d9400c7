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
        self.publication(&mut said);
        self.plans(&mut said);
        self.doubts(&mut said);
        said
    }

    fn coverage(&self, said: &mut Said) {
        for a in [Audience::Public, Audience::Staff, Audience::Councils] {
            let verdict = if self.took_audience(a).is_empty() { "gap high" } else { "met" };
            said.insert(("COV-1", a.code().to_owned()), verdict.to_owned());
        }
        for g in self.required() {
            let subject = g.code().to_owned();
            let took = self.took(g);
            let cov_2 = if self.waived(g) {
                "not_applicable".to_owned()
            } else if took.is_empty() {
                let severity =
                    if ["LA-HSC", "LA-HWB", "PP-HWT"].contains(&g.code()) { "high" } else { "medium" };
                format!("gap {severity}{}", parent(said, "COV-1", g.audience().code()))
            } else {
                "met".to_owned()
            };
            said.insert(("COV-2", subject.clone()), cov_2);
            let under_cov_2 = parent(said, "COV-2", g.code());

            let latest = took.iter().map(|e| self.days(end(e))).min();
            let allowed = i64::from(self.standard.recency_days);
            let rec_1 = match latest {
                _ if self.waived(g) => "not_applicable".to_owned(),
                None => format!("not_applicable{under_cov_2}"),
                Some(days) if days > 2 * allowed => "gap high".to_owned(),
                Some(days) if days > allowed => "gap medium".to_owned(),
                Some(_) => "met".to_owned(),
            };
            said.insert(("REC-1", subject.clone()), rec_1);

            let year: Vec<&&Event> = took.iter().filter(|e| self.in_w(e)).collect();
            let absent = if self.waived(g) {
                Some("not_applicable".to_owned())
            } else if took.is_empty() {
                Some(format!("not_applicable{under_cov_2}"))
            } else if year.is_empty() {
                Some(format!("not_applicable{}", parent(said, "REC-1", g.code())))
            } else {
                None
            };
            let silent = year.iter().any(|e| e.level.is_none());
            let depth = |level: u8| {
                if year.iter().any(|e| e.level.is_some_and(|achieved| achieved.number() >= level)) {
                    "met"
                } else if silent {
                    "unknown"
                } else {
                    "gap medium"
                }
            };
            let requirement = self.stp.requirements.iter().find(|requirement| requirement.group == g);
            let planned = requirement.and_then(|requirement| requirement.planned_level);
            let dep_1 = planned.map_or("unknown", |planned| depth(planned.number())).to_owned();
            said.insert(("DEP-1", subject.clone()), absent.clone().unwrap_or(dep_1));
            said.insert(("DEP-2", subject), absent.unwrap_or_else(|| depth(2).to_owned()));
        }
    }

    fn places(&self, said: &mut Said) {
        let public = self.took_audience(Audience::Public);
        for tier in [Tier::Upper, Tier::District] {
            for place in self.stp.places.iter().filter(|place| place.tier == tier && self.is_core(place)) {
                let inside =
                    |code: &Id| {
                        *code == place.code
                            || self.stp.places.iter().any(|other| {
                                other.code == *code && other.parent.as_ref() == Some(&place.code)
                            })
                    };
                let verdict = if public.iter().any(|e| names(e).iter().any(inside)) {
                    "met".to_owned()
                } else if public.iter().any(|e| e.online && names(e).is_empty()) {
                    "unknown".to_owned()
                } else if let Some(county) = &place.parent {
                    format!("gap medium{}", parent(said, "GEO-1", county.as_str()))
                } else {
                    format!("gap high{}", parent(said, "COV-1", "PP"))
                };
                said.insert(("GEO-1", place.code.to_string()), verdict);
            }
        }
    }

    fn publication(&self, said: &mut Said) {
        for e in self.e() {
            let age = self.days(end(e));
            if age > i64::from(self.standard.evidence_days) {
                let only = self.required().into_iter().any(|g| {
                    let took = self.took(g);
                    !self.waived(g) && took.len() == 1 && took[0].id == e.id
                });
                let verdict = match e.evidence_count {
                    None => "unknown",
                    Some(0) if only => "gap medium",
                    Some(0) => "gap low",
                    Some(_) => "met",
                };
                said.insert(("EVD-1", e.id.to_string()), verdict.to_owned());
            }
            if age > i64::from(self.standard.publish_days) {
                let reviewed = e.review_on.is_some_and(|review| review >= self.t);
                let met = match e.publication {
                    Publication::Public => true,
                    Publication::Withheld => e.withheld_reason.is_some() && reviewed,
                    Publication::Unpublished => false,
                };
                said.insert(("OPN-1", e.id.to_string()), if met { "met" } else { "gap medium" }.to_owned());
            }
        }
        for (subject, published_on, gap) in [
            ("plan", self.stp.plan_published_on, "gap high"),
            ("engagement_plan", self.stp.engagement_plan_published_on, "gap medium"),
        ] {
            let verdict = if self.t <= self.standard.plan_due_on {
                "not_applicable"
            } else if published_on.is_some_and(|published| published <= self.t) {
                "met"
            } else {
                gap
            };
            said.insert(("OPN-2", subject.to_owned()), verdict.to_owned());
        }
    }

    fn plans(&self, said: &mut Said) {
        for e in self.events() {
            let late = self.days(end(e)) > i64::from(self.standard.outcome_days);
            if e.status == EventStatus::Planned && late {
                let absent = invited(e).into_iter().any(|g| self.took(g).is_empty());
                said.insert(
                    ("PLN-1", e.id.to_string()),
                    if absent { "gap medium" } else { "gap low" }.to_owned(),
                );
            }
            if e.status != EventStatus::Cancelled || e.starts_on > self.t {
                continue;
            }
            for g in invited(e) {
                let stands_in = |other: &&Event| {
                    let later = other.starts_on.signed_duration_since(e.starts_on).num_days();
                    let here = names(other).iter().any(|place| names(e).contains(place));
                    other.id != e.id
                        && (here || (names(other).is_empty() && names(e).is_empty()))
                        && (1..=i64::from(self.standard.replace_days)).contains(&later)
                };
                let planned =
                    |other: &&Event| other.status == EventStatus::Planned && invited(other).contains(&g);
                let replaced = self
                    .took(g)
                    .into_iter()
                    .chain(self.events().filter(planned))
                    .any(|other| stands_in(&other));
                let verdict = if replaced {
                    "met"
                } else if self.days(e.starts_on) <= i64::from(self.standard.replace_days) {
                    "not_applicable"
                } else {
                    "gap medium"
                };
                said.insert(("PLN-2", format!("{}/{g}", e.id)), verdict.to_owned());
            }
        }
    }

    fn doubts(&self, said: &mut Said) {
        let public: Vec<&Event> = self
            .events()
            .filter(|e| e.status == EventStatus::Held && e.publication == Publication::Public)
            .collect();
        let venue = |e: &Event| e.venue.as_deref().unwrap_or("").trim_matches(' ').to_ascii_lowercase();
        for e in public.iter().filter(|e| !e.confirmed) {
            let twin = public.iter().any(|other| {
                other.id != e.id
                    && other.starts_on == e.starts_on
                    && !venue(e).is_empty()
                    && venue(other) == venue(e)
            });
            let lows =
                e.participation.iter().filter_map(|row| row.attended).map(|count| i64::from(count.low) - 2);
            let full = e.venue_capacity.is_some_and(|capacity| lows.sum::<i64>() > i64::from(capacity));
            let numberless =
                !e.participation.is_empty() && e.participation.iter().all(|row| row.attended.is_none());
            let doubtful = twin || full || numberless || e.starts_on > self.t;
            said.insert(("DAT-1", e.id.to_string()), if doubtful { "gap low" } else { "met" }.to_owned());
        }
    }
}

fn end(e: &Event) -> NaiveDate {
    e.ends_on.unwrap_or(e.starts_on)
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
