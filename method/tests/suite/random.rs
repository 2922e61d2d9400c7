//! Whole valid records, drawn from a string of bytes. A shorter string draws a smaller record, so that a failing case
//! shrinks to a small one.

use chrono::{Days, NaiveDate};
use method::record::*;
use method::standard::{Period, Standard};
use method::values::{Count, Id, Level, Rate, Share, StpCode};
use method::words::*;
use proptest::prelude::*;

use crate::make::{day, id};

/// What monitoring asks about here: few enough that returns and shares meet.
const ASKED: &[Characteristic] = &[
    Characteristic::Age,
    Characteristic::Race,
    Characteristic::Sex,
    Characteristic::Deprivation,
    Characteristic::Caring,
    Characteristic::Rural,
];

/// A random valid record.
pub fn records() -> impl Strategy<Value = Record> {
    proptest::collection::vec(any::<u8>(), 0..2000).prop_map(|bytes| {
        let record = Draw { bytes: bytes.into_iter(), ids: 0 }.record();
        assert_eq!(record.validate(), [], "what is drawn is valid");
        record
    })
}

/// A random day around those of the records.
pub fn days() -> impl Strategy<Value = NaiveDate> {
    (0..700_u64).prop_map(|after| day("2016-06-01") + Days::new(after))
}

/// Draws choices from bytes; the first choice once they have run out.
struct Draw {
    bytes: std::vec::IntoIter<u8>,
    ids: u32,
}

impl Draw {
    fn below(&mut self, end: u8) -> u8 {
        self.bytes.next().unwrap_or(0) % end
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::from(self.below(u8::try_from(of.len()).expect("short lists")))]
    }

    fn maybe<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| draw(self))
    }

    /// As `maybe`, three times of four.
    fn likely<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(4) > 0).then(|| draw(self))
    }

    fn list<T>(&mut self, most: u8, mut draw: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.below(most + 1);
        (0..length).map(|_| draw(self)).collect()
    }

    /// Some of a list, each at most once, in an order of its own.
    fn some<T: Clone>(&mut self, of: &[T], most: u8) -> Vec<T> {
        let mut rest = of.to_vec();
        let mut some = Vec::new();
        for _ in 0..self.below(most + 1) {
            if !rest.is_empty() {
                let at = usize::from(self.below(u8::try_from(rest.len()).expect("short lists")));
                some.push(rest.swap_remove(at));
            }
        }
        some
    }

    fn id(&mut self) -> Id {
        self.ids += 1;
        let kind = self.one(&["x", "X.", "1-", "_"]);
        id(&format!("{kind}{}", self.ids))
    }

    fn day(&mut self) -> NaiveDate {
        let after = u64::from(self.below(250)) * 3 + u64::from(self.below(3));
        day("2016-03-01") + Days::new(after)
    }

    fn among(&mut self, of: &[Id]) -> Id {
        of[usize::from(self.below(u8::try_from(of.len()).expect("short lists")))].clone()
    }

    fn text(&mut self) -> String {
        self.one(&["a", "=1", "Town hall", " town HALL ", "x\ny", "é\"\\", "-"]).to_owned()
    }

    fn count(&mut self) -> Count {
        let low = u32::from(self.below(40));
        let more = self.maybe(|draw| draw.below(20)).unwrap_or(0);
        Count { low, high: low + u32::from(more) }
    }

    fn record(&mut self) -> Record {
        let codes = self.some(&["E54000041", "E54000005", "Z"], 2);
        let codes = if codes.is_empty() { vec!["E54000041"] } else { codes };
        Record {
            format: Format::V1,
            disclosed: self.yes(),
            stps: codes.into_iter().map(|code| self.stp(code)).collect(),
            standard: self.standard(),
        }
    }

    fn standard(&mut self) -> Standard {
        let mut standard = Standard::default_2017();
        if self.yes() {
            standard.recency_days = u32::from(self.below(255));
            standard.publish_days = u32::from(self.below(60));
            standard.evidence_days = u32::from(self.below(60));
            standard.replace_days = self.one(&[0, 10, 90, 1_000_000_000]);
            standard.outcome_days = u32::from(self.below(60));
            standard.plan_due_on = self.day();
            standard.window_days = u32::from(self.below(120));
            standard.consider_days = u32::from(self.below(60));
            standard.poor_timing_share = self.share();
            standard.response_days = u32::from(self.below(120));
            standard.feedback_days = self.one(&[0, 30, 60, 1_000_000_000]);
            standard.minutes_days = u32::from(self.below(60));
            standard.reply_days = u32::from(self.below(60));
            standard.answer_working_days = u32::from(self.below(60));
            standard.monitoring_known_share = self.share();
            standard.pre_election_periods = self.periods();
            standard.bank_holidays = self.holidays();
        }
        standard
    }

    fn share(&mut self) -> Share {
        Share::from_millionths(u32::from(self.below(201)) * 5000).expect("at most one")
    }

    fn periods(&mut self) -> Vec<Period> {
        let mut periods: Vec<Period> = Vec::new();
        for _ in 0..self.below(4) {
            let from = self.day();
            let to = from + Days::new(u64::from(self.below(90)));
            if periods.iter().all(|one| (one.from, one.to) != (from, to)) {
                periods.push(Period { from, to });
            }
        }
        periods
    }

    fn holidays(&mut self) -> Vec<NaiveDate> {
        let mut days = self.list(20, Self::day);
        let mut seen = Vec::new();
        days.retain(|day| {
            !seen.contains(day) && {
                seen.push(*day);
                true
            }
        });
        days
    }

    fn stp(&mut self, code: &str) -> Stp {
        let places = self.places();
        let codes: Vec<Id> = places.iter().map(|place| place.code.clone()).collect();
        let bodies = self.some(&["RBD", "RXY"], 2);
        let bodies: Vec<Body> = bodies.into_iter().map(|code| self.body(code)).collect();
        let body_codes: Vec<Id> = bodies.iter().map(|body| body.code.clone()).collect();
        let proposals = self.list(3, |draw| draw.proposal(&codes));
        let proposal_ids: Vec<Id> = proposals.iter().map(|proposal| proposal.id.clone()).collect();
        let groups: Vec<Group> =
            Group::ALL.iter().copied().filter(|group| group.audience() != Audience::Others).collect();
        let required = self.some(&groups, 5);
        Stp {
            code: StpCode::parse(code).expect("a sound code"),
            name: self.text(),
            population: 1 + u32::from(self.below(200)) * self.one(&[1, 1000, 100_000]),
            plan_started_on: self.maybe(Self::day),
            plan_published_on: self.maybe(Self::day),
            engagement_plan_published_on: self.maybe(Self::day),
            reach_target_per_10000: self
                .maybe(|draw| Rate::from_millionths(u64::from(draw.below(200)) * 123_457).expect("small")),
            requirements: required.into_iter().map(|group| self.requirement(group)).collect(),
            reachable_contacts: self.maybe(|draw| {
                let groups = draw.some(Group::ALL, 4);
                Contacts(groups.into_iter().map(|group| (group, u32::from(draw.below(3)))).collect())
            }),
            monitoring_returns: self.monitoring(),
            monitoring_exceptions: self
                .some(Characteristic::ALL, 2)
                .into_iter()
                .map(|characteristic| MonitoringException { characteristic, reason: self.text() })
                .collect(),
            population_shares: self.population_shares(),
            consultations: if proposals.is_empty() {
                Vec::new()
            } else {
                self.list(3, |draw| draw.consultation(&proposal_ids))
            },
            requests: if bodies.is_empty() {
                Vec::new()
            } else {
                self.list(4, |draw| draw.request(&body_codes))
            },
            questions: self.list(4, |draw| Question {
                id: draw.id(),
                received_on: draw.likely(Self::day),
                answered_on: draw.maybe(Self::day),
            }),
            events: self.list(14, |draw| draw.event(&codes, &proposal_ids, &body_codes)),
            places,
            bodies,
            proposals,
        }
    }

    fn places(&mut self) -> Vec<Place> {
        let mut places = Vec::new();
        for county in self.some(&["E10", "E06", "county"], 3) {
            places.push(self.place(county, Tier::Upper, None));
            for number in 0..self.below(3) {
                places.push(self.place(&format!("{county}-{number}"), Tier::District, Some(id(county))));
            }
        }
        if self.yes() {
            places.reverse();
        }
        places
    }

    fn place(&mut self, code: &str, tier: Tier, parent: Option<Id>) -> Place {
        let population = 1 + u32::from(self.below(100));
        Place { code: id(code), name: self.text(), tier, parent, population, fringe: self.below(5) == 1 }
    }

    fn body(&mut self, code: &str) -> Body {
        let kind = self.one(BodyKind::ALL);
        Body {
            code: id(code),
            name: self.text(),
            kind,
            employer: self.yes(),
            statutory_consultee: self.yes(),
        }
    }

    fn requirement(&mut self, group: Group) -> Requirement {
        let planned_level = self.maybe(|draw| draw.one(Level::ALL));
        let waiver = self.maybe(|draw| {
            let made_on = draw.day();
            let until = made_on + Days::new(u64::from(draw.below(255)));
            Waiver { reason: draw.text(), by: draw.text(), made_on, until }
        });
        Requirement { group, planned_level, waiver }
    }

    fn monitoring(&mut self) -> Vec<MonitoringReturn> {
        let asked = self.some(ASKED, 4);
        let one = |characteristic| MonitoringReturn {
            characteristic,
            year: 2017,
            dated_on: self.day(),
            not_stated: self.count(),
            answers: self
                .some(&["old", "young", "="], 3)
                .into_iter()
                .map(|category| self.answer(category))
                .collect(),
        };
        let mut returns: Vec<MonitoringReturn> = asked.into_iter().map(one).collect();
        if let Some(again) = returns.first().cloned().filter(|_| self.yes()) {
            let dated_on = self.day();
            returns.push(MonitoringReturn { year: 2016, dated_on, not_stated: self.count(), ..again });
        }
        returns
    }

    /// Shares of categories that people answer with, and of one that nobody has.
    fn population_shares(&mut self) -> Vec<PopulationShare> {
        let mut shares = Vec::new();
        for characteristic in self.some(ASKED, 3) {
            for category in self.some(&["old", "young", "=", "nobody"], 2) {
                let share = self.share();
                shares.push(PopulationShare { characteristic, category: category.to_owned(), share });
            }
        }
        shares
    }

    fn answer(&mut self, category: &str) -> Answer {
        Answer { category: category.to_owned(), count: self.count() }
    }

    fn proposal(&mut self, places: &[Id]) -> Proposal {
        Proposal {
            id: self.id(),
            title: self.maybe(Self::text),
            service_change: self.yes(),
            substantial: self.one(Substantial::ALL),
            staff_impact: self.yes(),
            decision_on: self.likely(Self::day),
            equality_analysis_on: self.maybe(Self::day),
            document_published_on: self.maybe(Self::day),
            accessible_formats: self.some(&["easy read".to_owned(), "audio".to_owned()], 2),
            places: self.some(places, 2),
            urgency_exemption: self.maybe(Self::text),
            scrutiny: self.list(2, |draw| Scrutiny {
                id: draw.id(),
                authorities: draw.some(places, 2),
                joint: draw.yes(),
                consulted_on: draw.likely(Self::day),
                decision_date_given: draw.likely(Self::day),
                comments_by: draw.likely(Self::day),
                published_url: draw.likely(Self::text),
                recommendations: draw.list(2, |draw| Recommendation {
                    id: draw.id(),
                    received_on: draw.likely(Self::day),
                    answered_on: draw.maybe(Self::day),
                }),
            }),
        }
    }

    fn consultation(&mut self, proposals: &[Id]) -> Consultation {
        let opens_on = self.likely(Self::day);
        let open_for = Days::new(u64::from(self.below(120)) * self.one(&[1, 1, 1, 9]));
        let proposal = self.among(proposals);
        Consultation {
            id: self.id(),
            proposal,
            opens_on,
            closes_on: match opens_on {
                Some(opens) => self.likely(|_| opens + open_for),
                None => self.maybe(Self::day),
            },
            short_reason: self.maybe(Self::text),
            timing_reason: self.maybe(Self::text),
            considered_on: self.maybe(Self::day),
            feedback_on: self.maybe(Self::day),
            themes: self.list(1, |draw| ConsultationTheme {
                id: draw.id(),
                outcome: draw.maybe(|draw| draw.one(Outcome::ALL)),
            }),
        }
    }

    fn event(&mut self, places: &[Id], proposals: &[Id], bodies: &[Id]) -> Event {
        let starts_on = self.day();
        let groups = self.some(Group::ALL, 4);
        let counted = self.below(3) == 1;
        Event {
            id: self.id(),
            title: self.maybe(Self::text),
            kind: if self.below(4) == 1 { EventKind::GovernanceMeeting } else { self.one(EventKind::ALL) },
            status: self.one(&[
                EventStatus::Held,
                EventStatus::Held,
                EventStatus::Planned,
                EventStatus::Cancelled,
            ]),
            starts_on,
            ends_on: self.maybe(|draw| starts_on + Days::new(u64::from(draw.below(60)))),
            created_on: self.maybe(Self::day),
            venue: self.maybe(Self::text),
            venue_capacity: self.maybe(|draw| u32::from(draw.below(60))),
            online: self.yes(),
            places: self.some(places, 2),
            stp_discussed: self.below(4) != 1,
            proposals: self.some(proposals, 2),
            bodies: self.some(bodies, 1),
            level: self.maybe(|draw| draw.one(Level::ALL)),
            participation: groups.into_iter().map(|group| self.participation(group)).collect(),
            place_counts: if counted {
                let named = self.some(places, 2);
                named.into_iter().map(|place| PlaceCount { place, count: self.count() }).collect()
            } else {
                Vec::new()
            },
            targets: self.some(Characteristic::ALL, 2),
            held_in_public: self.yes(),
            minutes_published_on: self.maybe(Self::day),
            publication: self.one(Publication::ALL),
            withheld_reason: self.maybe(Self::text),
            review_on: self.maybe(Self::day),
            evidence_count: self.maybe(|draw| u32::from(draw.below(3))),
            feedback_on: self.maybe(Self::day),
            themes: self.list(2, |draw| EventTheme {
                id: draw.id(),
                text: draw.maybe(Self::text),
                outcome: draw.maybe(|draw| draw.one(Outcome::ALL)),
            }),
            confirmed: self.below(3) == 1,
        }
    }

    fn participation(&mut self, group: Group) -> Participation {
        let took_part = self.below(3) != 1;
        let attended = self.maybe(Self::count).map(|count| match (took_part, count.high) {
            (true, 0) => Count::exactly(1),
            (true, _) => count,
            (false, _) => Count::exactly(0),
        });
        Participation { group, took_part, invited: self.maybe(Self::count), attended }
    }

    fn request(&mut self, bodies: &[Id]) -> Request {
        Request {
            id: self.id(),
            body: self.among(bodies),
            sent_on: self.likely(Self::day),
            response_requested: self.below(4) > 0,
            replied_on: self.maybe(Self::day),
            declined: self.below(4) == 1,
        }
    }
}
