//! What disclosure takes away, and what it leaves.

use method::record::{Event, EventTheme, MonitoringReturn, Participation};
use method::values::Count;
use method::words::{Characteristic, Group, Publication};
use method::{Record, assess, disclose};

use crate::make::{day, event, id, place_count, record, row, stp, stp_with, took};
use crate::refusals::sound;

fn full(publication: Publication) -> Event {
    Event {
        publication,
        venue: Some("Hall".to_owned()),
        venue_capacity: Some(50),
        participation: vec![Participation {
            invited: Some(Count::exactly(63)),
            ..row(Group::Users, true, Some(3))
        }],
        place_counts: vec![place_count("county", 2), place_count("city", 0)],
        places: vec![],
        themes: vec![EventTheme { id: id("t"), text: Some("buses".to_owned()), outcome: None }],
        targets: vec![Characteristic::Age],
        withheld_reason: Some("s.36".to_owned()),
        review_on: Some(day("2018-01-01")),
        ..event("e")
    }
}

fn disclosed(event: Event) -> Event {
    let mut record = record(stp_with([event]));
    record.stps[0].places.push(crate::make::county("city"));
    assert_eq!(record.validate(), []);
    let mut disclosed = disclose(&record);
    assert!(disclosed.disclosed);
    assert_eq!(disclosed.validate(), []);
    disclosed.stps.remove(0).events.remove(0)
}

#[test]
fn a_public_event_keeps_all_but_small_numbers() {
    let masked = Event {
        participation: vec![Participation {
            invited: Some(Count::exactly(65)),
            attended: Some(Count { low: 1, high: 4 }),
            ..row(Group::Users, true, None)
        }],
        place_counts: vec![
            method::record::PlaceCount { place: id("county"), count: Count { low: 1, high: 4 } },
            place_count("city", 0),
        ],
        ..full(Publication::Public)
    };
    assert_eq!(disclosed(full(Publication::Public)), masked);
}

#[test]
fn any_other_event_becomes_a_stub() {
    for publication in [Publication::Withheld, Publication::Unpublished] {
        let stub = Event {
            title: None,
            venue: None,
            venue_capacity: None,
            confirmed: false,
            participation: vec![row(Group::Users, true, None)],
            place_counts: vec![],
            places: vec![id("county")],
            themes: vec![EventTheme { id: id("t"), text: None, outcome: None }],
            ..full(publication)
        };
        assert_eq!(disclosed(full(publication)), stub);
    }
}

#[test]
fn monitoring_is_masked_below_eight() {
    let count = |low, high| Count { low, high };
    let mut stp = stp();
    stp.monitoring_returns.push(MonitoringReturn {
        characteristic: Characteristic::Age,
        year: 2017,
        dated_on: day("2017-06-01"),
        not_stated: count(7, 8),
        answers: vec![method::record::Answer { category: "old".to_owned(), count: count(0, 5) }],
    });
    let disclosed = disclose(&record(stp));
    let one = &disclosed.stps[0].monitoring_returns[0];
    assert_eq!((one.not_stated, one.answers[0].count), (count(1, 10), count(0, 7)));
}

#[test]
fn a_hidden_number_moves_no_verdict() {
    let with = |people| {
        let mut event = full(Publication::Withheld);
        event.participation[0].attended = Some(Count::exactly(people));
        event.place_counts.clear();
        assess(&record(stp_with([event])), day("2017-06-30")).to_json()
    };
    assert_eq!(with(1), with(9999));
    let masked = |people| {
        let event = Event {
            participation: vec![row(Group::Users, true, Some(people))],
            ..took(event("e"), Group::Nurses)
        };
        assess(&record(stp_with([event])), day("2017-06-30")).to_json()
    };
    assert_eq!(masked(1), masked(4));
    assert_ne!(masked(4), masked(5));
}

#[test]
fn the_sound_file_and_its_disclosed_form_are_assessed_alike() {
    let record = Record::parse(sound().as_bytes()).expect("sound");
    let once = disclose(&record);
    assert_eq!(disclose(&once).to_canonical(), once.to_canonical());
    assert_ne!(once.to_canonical(), record.to_canonical());
    let as_at = day("2017-06-30");
    assert_eq!(assess(&once, as_at).to_json(), assess(&record, as_at).to_json());
    assert_eq!(assess(&record, as_at).record_sha256, once.sha256());
}
