//! The list of events: filters, search, and pages that show each event once.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chrono::{NaiveDate, TimeDelta};
use entity::event::{Kind, Publication, Status};
use opendoor::{
    events::{EventDraft, Part, Placed, Provenance, Source, numbers, record},
    journal::Actor,
};

use super::{BOURNEMOUTH, at};
use crate::{
    both,
    harness::{
        people::{DEVON, DORSET},
        site::{Site, Visitor},
    },
};

async fn seed(site: &Site, drafts: Vec<EventDraft>, stp: &str) {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    for draft in drafts {
        record::create(&mut w, stp, Provenance::default(), draft).await.unwrap();
    }
    w.commit().await.unwrap();
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn part(group: &str, attended: &str) -> Part {
    let attended = numbers::parse(attended).unwrap();
    let took_part = attended.as_ref().is_none_or(|people| people.high > 0);
    Part { group: group.into(), took_part, invited: None, attended }
}

async fn titles(officer: &mut Visitor<'_>, query: &str) -> Vec<String> {
    let answer = officer.get(&format!("{}?{query}", at())).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.words("main"));
    answer.each("main tbody th a")
}

both!(two_hundred_and_fifty_events_are_walked_each_exactly_once, |site| {
    let start = day("2016-01-01");
    let drafts = (0..250)
        .map(|n| {
            // Many share a day, and some have none.
            let on = (n % 25 != 0).then(|| start + TimeDelta::days(n / 7));
            EventDraft::new(format!("Event {n}"), Kind::DropIn, Status::Held, on)
        })
        .collect();
    seed(&site, drafts, DORSET).await;
    seed(&site, vec![EventDraft::new("Elsewhere", Kind::Survey, Status::Held, Some(start))], DEVON).await;
    let mut officer = site.officer(DORSET).await;
    let (mut seen, mut pages, mut address) = (Vec::new(), 0, at());
    loop {
        let page = officer.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        seen.extend(page.each("main tbody th a"));
        pages += 1;
        match page.attributes("a[rel=next]", "href").into_iter().next() {
            Some(next) => address = next,
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (250, 10));
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 250, "each exactly once");
    let undated: BTreeSet<String> = (0..10).map(|n| format!("Event {}", n * 25)).collect();
    assert_eq!(
        seen[240..].iter().cloned().collect::<BTreeSet<_>>(),
        undated,
        "those without a day come last"
    );
    assert_eq!(officer.get(&format!("{}?after=nonsense", at())).await.status, StatusCode::BAD_REQUEST);
    site.done().await;
});

both!(filters_and_words_find_what_they_say, |site| {
    let meeting = EventDraft {
        places: vec![Placed { place: BOURNEMOUTH.into(), listed: true, count: None }],
        participations: vec![part("PP-CAR", "about 40")],
        level: Some(2),
        summary: Some("The future of MATERNITY care, 100% of it".into()),
        ..EventDraft::new(
            "Public meeting at the pier",
            Kind::PublicMeeting,
            Status::Held,
            Some(day("2017-03-01")),
        )
    };
    let survey = EventDraft {
        ends_on: Some(day("2017-06-30")),
        publication: Publication::Unpublished,
        participations: vec![part("PP-PUB", "")],
        evidence: vec![Source {
            id: None,
            url: "https://example.org/".into(),
            source_type: None,
            note: None,
        }],
        ..EventDraft::new("Survey_of residents", Kind::Survey, Status::Held, Some(day("2017-05-01")))
    };
    let planned =
        EventDraft::new("Workshop to come", Kind::Workshop, Status::Planned, Some(day("2018-03-01")));
    seed(&site, vec![meeting, survey, planned], DORSET).await;
    let mut officer = site.officer(DORSET).await;
    let (meeting, survey, planned) =
        ("Public meeting at the pier", "Survey_of residents", "Workshop to come");
    let place = format!("place={BOURNEMOUTH}");
    let cases: [(&str, &[&str]); 22] = [
        ("", &[planned, survey, meeting]),
        ("kind=survey", &[survey]),
        ("status=planned", &[planned]),
        ("group=PP-CAR", &[meeting]),
        (&place, &[meeting]),
        ("publication=unpublished", &[survey]),
        ("publication=public", &[planned, meeting]),
        ("unfinished=yes", &[survey]),
        ("from=2017-06-01", &[planned, survey]),
        ("to=2017-04-30", &[meeting]),
        ("from=2017-03-01&to=2017-03-01", &[meeting]),
        ("q=PIER", &[meeting]),
        ("q=maternity", &[meeting]),
        ("q=bournemouth", &[meeting]),
        ("q=carers+meeting", &[meeting]),
        ("q=pier+survey", &[]),
        ("q=100%25", &[meeting]),
        ("q=%25", &[meeting]),
        ("q=y_o", &[survey]),
        ("q=_", &[survey]),
        ("q=%5C", &[]),
        ("q=%27+OR+1%3D1", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(titles(&mut officer, query).await, expected, "{query}");
    }
    let bad = officer.get(&format!("{}?from=yesterday", at())).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.words(".nhsuk-error-summary").contains("From must be a date"));
    let none = officer.get(&format!("{}?q=zebra", at())).await;
    assert!(none.words("main").contains("No event matches"));
    site.done().await;
});
