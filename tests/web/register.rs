//! The public register: every event, as anyone may see it, and nothing that they may not.

use axum::http::StatusCode;
use chrono::NaiveDate;
use entity::event::{Kind, Publication, Status};
use opendoor::{
    events::{
        numbers::Attended,
        record::{self, Provenance},
        whole::{EventDraft, EventWhole, Part, Placed, Point, Source},
    },
    journal::Actor,
};

use crate::{
    both,
    harness::{Site, people::DORSET},
};

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// So many people, counted.
pub fn people(number: i32) -> Attended {
    Attended { low: number, high: number, words: number.to_string() }
}

/// A public drop-in in Poole with a group of which so many came.
pub fn drop_in(title: &str, on: &str, group: &str, came: i32) -> EventDraft {
    let mut draft = EventDraft::new(title, Kind::DropIn, Status::Held, Some(day(on)));
    draft.level = Some(2);
    draft.venue = Some("Poole library".to_owned());
    draft.participations = vec![Part {
        group: group.to_owned(),
        took_part: came > 0,
        invited: None,
        attended: Some(people(came)),
    }];
    draft.places = vec![Placed { place: "E06000029".to_owned(), listed: true, count: None }];
    draft.evidence = vec![Source {
        id: None,
        url: "https://www.example.org/minutes".to_owned(),
        source_type: Some("minutes".to_owned()),
        note: None,
    }];
    draft
}

/// Writes an event as an officer would, journalled.
pub async fn log(site: &Site, stp: &str, draft: EventDraft) -> EventWhole {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let from = Provenance { created_on: draft.starts_on, ..Provenance::default() };
    let made = record::create(&mut w, stp, from, draft).await.unwrap();
    w.commit().await.unwrap();
    made
}

both!(what_is_withheld_is_nowhere_to_be_found, |site| {
    let mut secret = drop_in("Zanzibar option heard", "2018-01-10", "PP-CAR", 40);
    secret.publication = Publication::Withheld;
    secret.withheld_reason = Some("Staff are told first".to_owned());
    secret.review_on = Some(day("2018-03-01"));
    secret.venue = Some("Quagga hall".to_owned());
    secret.summary = Some("Xylophone services".to_owned());
    secret.attendance_note = Some("Yodellers came".to_owned());
    secret.themes = vec![Point { id: None, text: "Wolverine wards".to_owned(), outcome: None }];
    let secret = log(&site, DORSET, secret).await;
    let id = &secret.event.id;
    let mut visitor = site.visitor();
    let stub = visitor.get(&format!("/events/{id}")).await;
    assert_eq!(stub.status, StatusCode::OK, "that it took place is public");
    assert!(stub.words("main").contains("Staff are told first"));
    assert!(stub.words("main").contains("Carers"));
    let files = ["/data/record.json", "/data/events.csv", "/data/gaps.csv", "/events", "/"];
    let own = ["", "/events", "/gaps", "/gaps/COV-2/PP-CAR", "/record.json", "/events.csv"];
    let all =
        files.iter().map(ToString::to_string).chain(own.iter().map(|rest| format!("/stps/{DORSET}{rest}")));
    for path in all.chain([format!("/events/{id}")]) {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for word in ["Zanzibar", "Quagga", "Xylophone", "Wolverine", "Yodellers"] {
            assert!(!page.text().contains(word), "{path} says {word}");
        }
    }
    assert_eq!(visitor.get("/events?q=carers").await.each("tbody tr").len(), 0);
    assert_eq!(
        visitor.get("/events?q=zanzibar").await.each("tbody tr").len(),
        0,
        "no word of a stub can be tried"
    );
    assert_eq!(visitor.get("/events?group=PP-CAR").await.each("tbody tr").len(), 1);

    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    record::withdraw(&mut w, DORSET, id, secret.event.version, "entered twice").await.unwrap();
    w.commit().await.unwrap();
    assert_eq!(visitor.get(&format!("/events/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get("/events").await.each("tbody tr").len(), 0);
    site.done().await;
});

both!(small_numbers_are_never_shown, |site| {
    let mut event = drop_in("Drop-in for carers", "2018-01-10", "PP-CAR", 3);
    event.participations.push(Part {
        group: "PP-PUB".to_owned(),
        took_part: true,
        invited: None,
        attended: Some(Attended { low: 42, high: 42, words: "about 42".to_owned() }),
    });
    event.places[0].count = Some(people(2));
    event.attendance_note = Some("45 people, 3 of them carers".to_owned());
    let event = log(&site, DORSET, event).await;
    let mut visitor = site.visitor();
    let page = visitor.get(&format!("/events/{}", event.event.id)).await;
    let rows = page.each("tbody tr");
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("Carers Yes under 5"), "{rows:?}");
    assert!(rows[1].contains("Residents Yes 40"), "{rows:?}");
    assert!(page.words("main").contains("Poole (under 5)"), "{}", page.words("main"));
    assert!(page.words("main").contains("45 people, fewer than 5 of them carers"));
    site.done().await;
});

both!(the_register_is_paged_by_key_with_a_true_count, |site| {
    for number in 0..53 {
        let on = day("2017-06-01") + chrono::Days::new(number / 2);
        log(&site, DORSET, drop_in(&format!("Drop-in {number:02}"), &on.to_string(), "PP-PUB", 10)).await;
    }
    let mut undated = drop_in("Drop-in some time", "2017-06-01", "PP-PUB", 10);
    undated.starts_on = None;
    undated.date_precision = entity::event::Precision::Unknown;
    undated.date_words = Some("spring 2017".to_owned());
    log(&site, DORSET, undated).await;
    let mut visitor = site.visitor();
    let first = visitor.get(&format!("/stps/{DORSET}/events")).await;
    assert_eq!(first.words("caption"), "54 events");
    let mut titles = first.each("tbody th");
    assert_eq!(titles.len(), 50);
    let next = first.attributes(".nhsuk-pagination__link--next", "href");
    assert_eq!(next.len(), 1);
    let second = visitor.get(&next[0]).await;
    titles.extend(second.each("tbody th"));
    assert_eq!(titles.len(), 54);
    assert_eq!(titles.last().unwrap(), "Drop-in some time", "what has no day comes last");
    assert!(second.words("tbody").contains("spring 2017"));
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 54, "none twice");
    assert!(second.attributes(".nhsuk-pagination__link--next", "href").is_empty());
    assert_eq!(visitor.get("/events?from=2017-06-20&to=2017-06-21").await.each("tbody tr").len(), 4);
    assert_eq!(visitor.get("/events?q=drop-in+07").await.each("tbody tr").len(), 1);
    assert_eq!(
        visitor.get(&format!("/stps/{DORSET}/events?place=E06000029")).await.words("caption"),
        "54 events"
    );
    for bad in ["?kind=party", "?status=maybe", "?from=soon", "?after=nowhere"] {
        assert_eq!(visitor.get(&format!("/events{bad}")).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    site.done().await;
});
