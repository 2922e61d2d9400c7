//! The gate as a whole.

mod always;

use chrono::{DateTime, TimeDelta, Utc};
use entity::mailing::Purpose;

use super::{
    gate::{Answer, Gate, Tally, Wait, Whose},
    hint::Hint,
    limits::{DomainLimit, Limits},
    rate::{Rate, Share},
};

const IDENTITIES: [&str; 2] = ["one@example.org", "two@example.org"];
const DOMAINS: [&str; 5] = ["a.example", "b.example", "c.example", "nhs.net", "free.example"];
const PURPOSES: [Purpose; 3] = [Purpose::Statutory, Purpose::Service, Purpose::Engagement];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn rates(texts: &[&str]) -> Vec<Rate> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn limits(overall: &[&str], identity: &[&str], domains: &[&str]) -> Limits {
    let domains: Vec<DomainLimit> = domains.iter().map(|text| text.parse().unwrap()).collect();
    let limits = Limits { overall: rates(overall), identity: rates(identity), ..Limits::default() };
    limits.with_domains(&domains).unwrap()
}

fn tight() -> Limits {
    limits(
        &["4/s:2", "40/m"],
        &["25/m:10"],
        &["9/m:3", "60/h", "nhs.net=5/m", "nhs.net=2/s", "free.example=none"],
    )
}

fn waits(answer: Answer) -> Wait {
    match answer {
        Answer::Wait(wait) => wait,
        Answer::Go => panic!("it went"),
    }
}

/// Asks again and again, and gives how many went before one had to wait, with that answer.
fn until_it_waits(gate: &mut Gate, now: DateTime<Utc>, domain: &str) -> (u32, Wait) {
    for sent in 0.. {
        if let Answer::Wait(wait) = gate.ask(now, IDENTITIES[0], domain, Purpose::Engagement) {
            return (sent, wait);
        }
    }
    unreachable!()
}

#[test]
fn each_limit_says_itself() {
    let now = at("2018-01-15T10:00:00Z");
    for (limits, sent, whose, why) in [
        (limits(&["600/h"], &[], &[]), 60, Whose::All, "Letters leave at 600 an hour at most."),
        (
            limits(&["600/h"], &["30/m:20"], &[]),
            20,
            Whose::Identity,
            "Letters from one@example.org leave at 30 a minute at most.",
        ),
        (
            limits(&[], &[], &["10/m", "nhs.net=20000/d"]),
            2_000,
            Whose::Domain,
            "Letters to nhs.net leave at 20,000 a day at most.",
        ),
        (
            Limits { warm_up: Some("50".parse().unwrap()), ..Limits::default() },
            50,
            Whose::Identity,
            "The sender is new: 50 letters on its 1st day of sending, twice as many on the next.",
        ),
        (
            Limits { quiet: Some("09:30-11:00".parse().unwrap()), ..Limits::default() },
            0,
            Whose::Purpose,
            "Quiet hours are 09:30 to 11:00.",
        ),
    ] {
        let mut gate = Gate::new(limits, Share::ALL);
        let (went, wait) = until_it_waits(&mut gate, now, "nhs.net");
        assert_eq!((went, wait.whose, wait.why.as_str()), (sent, whose, why));
        let again = gate.ask(wait.until, IDENTITIES[0], "nhs.net", Purpose::Engagement);
        assert_eq!(again, Answer::Go, "{why}");
    }
}

#[test]
fn a_domain_that_waits_holds_nobody_else_up() {
    let now = at("2018-01-15T10:00:00Z");
    let mut gate = Gate::new(limits(&[], &[], &["nhs.net=10/h"]), Share::ALL);
    assert_eq!(until_it_waits(&mut gate, now, "nhs.net").0, 1);
    for _ in 0..1_000 {
        assert_eq!(gate.ask(now, IDENTITIES[0], "example.org", Purpose::Engagement), Answer::Go);
    }
    let second = gate.ask(now, IDENTITIES[1], "nhs.net", Purpose::Statutory);
    assert_eq!(waits(second).until, at("2018-01-15T10:06:00Z"), "whoever writes, and whatever it is");
}

#[test]
fn a_letter_that_waits_takes_no_place() {
    let now = at("2018-01-15T10:00:00Z");
    let mut gate = Gate::new(limits(&["10/h:5"], &[], &["nhs.net=1/h"]), Share::ALL);
    for _ in 0..100 {
        gate.ask(now, IDENTITIES[0], "nhs.net", Purpose::Engagement);
    }
    assert_eq!(until_it_waits(&mut gate, now, "example.org").0, 4);
}

#[test]
fn what_waits_into_the_night_waits_for_the_morning() {
    let quiet = Some("21:00-07:00".parse().unwrap());
    let mut gate = Gate::new(Limits { quiet, ..limits(&[], &[], &["nhs.net=4/h:1"]) }, Share::ALL);
    let now = at("2018-10-27T19:50:00Z");
    assert_eq!(gate.ask(now, IDENTITIES[0], "nhs.net", Purpose::Engagement), Answer::Go);
    let wait = waits(gate.ask(now, IDENTITIES[0], "nhs.net", Purpose::Engagement));
    assert_eq!((wait.until, wait.whose), (at("2018-10-28T07:00:00Z"), Whose::Domain));
    assert_eq!(gate.ask(now, IDENTITIES[0], "example.org", Purpose::Engagement), Answer::Go);
    let notice = waits(gate.ask(now, IDENTITIES[0], "nhs.net", Purpose::Statutory));
    assert_eq!((notice.until, notice.whose), (at("2018-10-27T20:05:00Z"), Whose::Domain));
    let night = at("2018-10-27T20:05:00Z");
    let wait = waits(gate.ask(night, IDENTITIES[0], "nhs.net", Purpose::Engagement));
    assert_eq!((wait.until, wait.whose), (at("2018-10-28T07:00:00Z"), Whose::Purpose));
}

#[test]
fn a_new_sender_begins_slowly() {
    let ramp = Limits { warm_up: Some("2".parse().unwrap()), ..Limits::default() };
    let mut gate = Gate::new(ramp.clone(), Share::ALL);
    let mut sent = Vec::new();
    // Nothing is sent on the third day; the day ends at midnight in England.
    for day in ["2018-06-01", "2018-06-02", "2018-06-04", "2018-06-05"] {
        let (went, wait) = until_it_waits(&mut gate, at(&format!("{day}T12:00:00Z")), "nhs.net");
        assert_eq!(wait.until, at(&format!("{day}T23:00:00Z")));
        sent.push(went);
    }
    assert_eq!(sent, [2, 4, 8, 16]);

    let mut again = Gate::new(ramp, Share::ALL);
    again.warm(IDENTITIES[0], "2018-06-05".parse().unwrap(), 3, 15);
    assert_eq!(until_it_waits(&mut again, at("2018-06-05T12:00:00Z"), "nhs.net").0, 1, "as the ledger says");
    assert_eq!(until_it_waits(&mut again, at("2018-06-06T12:00:00Z"), "nhs.net").0, 32);
}

#[test]
fn a_domain_that_is_hurried_slows_and_comes_back() {
    let now = at("2018-01-15T10:00:00Z");
    let mut gate = Gate::new(limits(&[], &[], &["nhs.net=600/h"]), Share::ALL);
    gate.heard(now, IDENTITIES[0], "nhs.net", Hint::Greylisted);
    assert_eq!(until_it_waits(&mut gate, now, "nhs.net").0, 60, "a greylist is no haste");
    let now = now + TimeDelta::hours(1);
    gate.heard(now, IDENTITIES[0], "nhs.net", Hint::TooFast);
    let wait = waits(gate.ask(now, IDENTITIES[0], "nhs.net", Purpose::Engagement));
    assert_eq!(wait.why, "nhs.net found us too fast: 270 an hour for now.");
    assert_eq!((wait.until - now).num_milliseconds(), 13_333);
    assert_eq!(gate.ask(now, IDENTITIES[0], "example.org", Purpose::Engagement), Answer::Go);
    let later = now + TimeDelta::hours(3);
    assert_eq!(until_it_waits(&mut gate, later, "nhs.net").0, 60);
}

#[test]
fn domains_are_held_where_they_have_limits_or_one_of_them_is_slowed() {
    let now = at("2018-01-15T10:00:00Z");
    assert!(Gate::new(tight(), Share::ALL).holds_domains(now));
    assert!(Gate::new(limits(&[], &[], &["nhs.net=600/h"]), Share::ALL).holds_domains(now));
    let mut gate = Gate::new(limits(&["4/s"], &["10/m"], &["nhs.net=none"]), Share::ALL);
    assert!(!gate.holds_domains(now), "limits of all, of a sender, and none");
    gate.ask(now, IDENTITIES[0], "nhs.net", Purpose::Engagement);
    assert!(!gate.holds_domains(now));
    gate.heard(now, IDENTITIES[0], "nhs.net", Hint::TooFast);
    assert!(gate.holds_domains(now));
    assert!(!gate.holds_domains(now + TimeDelta::days(3)), "it has come back");
}

#[test]
fn haste_that_several_domains_find_is_our_own_server_s() {
    let now = at("2018-01-15T10:00:00Z");
    let mut gate = Gate::new(limits(&["7200/h:1"], &[], &[]), Share::ALL);
    for domain in ["a.example", "a.example", "b.example", "a.example"] {
        gate.heard(now, IDENTITIES[0], domain, Hint::TooFast);
    }
    assert_eq!(gate.ask(now, IDENTITIES[0], "example.org", Purpose::Engagement), Answer::Go);
    gate.heard(now + TimeDelta::seconds(59), IDENTITIES[0], "c.example", Hint::TooFast);
    let later = now + TimeDelta::seconds(59);
    let wait = waits(gate.ask(later, IDENTITIES[0], "example.org", Purpose::Engagement));
    assert_eq!(wait.why, "The mail server found us too fast: 3,600 an hour for now.");
    assert_eq!(gate.ask(later, IDENTITIES[1], "example.org", Purpose::Engagement), Answer::Go);
}

#[test]
fn a_new_gate_holds_what_the_ledger_counts() {
    let now = at("2018-01-15T10:00:00Z");
    let read = limits(&["600/h", "5000/d"], &["100/h"], &["50/h"]);
    let mut gate = Gate::new(read, Share::ALL);
    let reaches: Vec<i64> = gate.reaches().into_iter().map(|reach| reach.num_seconds()).collect();
    assert_eq!(reaches, [391, 395, 399, 9597], "a ninth of the hour, a ninth of the day");
    for reach in gate.reaches() {
        let tally =
            |domain: &str, letters| Tally { identity: IDENTITIES[0].into(), domain: domain.into(), letters };
        gate.seed_from(now, reach, &[tally("nhs.net", 3), tally("example.org", 4)]);
    }
    assert_eq!(until_it_waits(&mut gate, now, "nhs.net").0, 2);
    assert_eq!(until_it_waits(&mut gate, now, "example.org").0, 1);
    let (went, wait) = until_it_waits(&mut gate, now, "a.example");
    assert_eq!((went, wait.whose), (0, Whose::Identity), "ten an hour went at once");
}

#[test]
fn workers_share_a_new_sender_s_day() {
    let now = at("2018-01-15T10:00:00Z");
    let ramp = Limits { warm_up: Some("50".parse().unwrap()), ..Limits::default() };
    let went = ["a", "b", "c"].map(|own| {
        let mut gate = Gate::new(ramp.clone(), Share::among(&own, &["a", "b", "c"]));
        gate.warm(IDENTITIES[0], "2018-01-15".parse().unwrap(), 0, 10);
        until_it_waits(&mut gate, now, "nhs.net").0
    });
    assert_eq!(went, [14, 13, 13]);
}

#[test]
fn a_worker_without_a_part_waits() {
    let now = at("2018-01-15T10:00:00Z");
    let mut gate = Gate::new(limits(&[], &[], &["nhs.net=1/h"]), Share::among(&2, &[1, 2]));
    let (went, wait) = until_it_waits(&mut gate, now, "nhs.net");
    assert_eq!((went, wait.until), (0, now + TimeDelta::minutes(1)));
    gate.renew(Share::ALL);
    assert_eq!(until_it_waits(&mut gate, now, "nhs.net").0, 1);
}

#[test]
fn of_300_000_domains_the_idle_ones_are_forgotten() {
    let start = at("2018-01-15T10:00:00Z");
    let mut gate = Gate::new(limits(&[], &[], &["600/h"]), Share::ALL);
    let mut most = 0;
    for letter in 0..300_000i64 {
        let now = start + TimeDelta::milliseconds(letter);
        let domain = format!("d{letter}.example");
        assert_eq!(gate.ask(now, IDENTITIES[0], &domain, Purpose::Engagement), Answer::Go);
        most = most.max(gate.remembered());
    }
    // Each is remembered for 6.7 s, until the next sweep.
    assert!((6_654..=2 * 6_656).contains(&most), "{most}");
}
