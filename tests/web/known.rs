//! As at, and as known at: what was written down later does not change what was known.

use chrono::TimeDelta;
use entity::event::Status;
use opendoor::{events::record, journal::Actor};

use super::register::{drop_in, log};
use crate::{
    both,
    harness::{Site, people::DORSET, site::Answer},
};

async fn bytes(site: &Site, path: &str) -> Vec<u8> {
    let answer: Answer = site.visitor().get(path).await;
    assert_eq!(answer.status, axum::http::StatusCode::OK, "{path}: {}", answer.words("main"));
    answer.body
}

both!(a_back_dated_entry_changes_what_is_restated_and_not_what_was_known, |site| {
    log(&site, DORSET, drop_in("Open evening", "2018-01-09", "PP-PUB", 80)).await;
    let files = ["/data/record.json", "/data/gaps.csv", "/data/events.csv"].map(str::to_owned);
    let own = ["record.json", "gaps.csv", "events.csv"].map(|file| format!("/stps/{DORSET}/{file}"));
    let files: Vec<String> = files.into_iter().chain(own).collect();
    let mut before = Vec::new();
    for file in &files {
        before.push(bytes(&site, &format!("{file}?as_at=2018-01-15")).await);
    }
    let carers = format!("/stps/{DORSET}/gaps/COV-2/PP-CAR");
    // The next day an event of a week ago is written down.
    site.app.clock.advance(TimeDelta::days(1));
    let mut draft = drop_in("Drop-in for carers", "2018-01-10", "PP-CAR", 12);
    draft.status = Status::Held;
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    record::create(&mut w, DORSET, opendoor::events::Provenance::default(), draft).await.unwrap();
    w.commit().await.unwrap();
    for (file, before) in files.iter().zip(&before) {
        let known = bytes(&site, &format!("{file}?as_at=2018-01-15&known_at=2018-01-15")).await;
        assert_eq!(known, *before, "{file} as known then");
        let restated = bytes(&site, &format!("{file}?as_at=2018-01-15")).await;
        assert_ne!(restated, *before, "{file} restated");
        let now = bytes(&site, &format!("{file}?as_at=2018-01-15&known_at=2018-01-16")).await;
        assert_eq!(now, restated, "{file} as known today");
    }
    let mut visitor = site.visitor();
    let then = visitor.get(&format!("{carers}?as_at=2018-01-15&known_at=2018-01-15")).await;
    assert_eq!(then.words(".app-known__then .app-verdict"), "Gap");
    assert_eq!(then.words(".app-known__now .app-verdict"), "Met");
    let page = visitor.get(&format!("/stps/{DORSET}?as_at=2018-01-15&known_at=2018-01-15")).await;
    let changed = page.words("#known");
    assert!(changed.contains("Carers") && changed.contains("Gap") && changed.contains("Met"), "{changed}");
    assert!(changed.contains("Event added") && changed.contains("16 January 2018"), "{changed}");
    assert!(!changed.contains("test"), "nobody is named: {changed}");
    let england = visitor.get("/?as_at=2018-01-15&known_at=2018-01-15").await;
    let changed = england.words("#known");
    assert!(changed.contains("Dorset"), "{changed}");
    // Links keep both days.
    let links = england.attributes("main a", "href");
    let kept = format!("/stps/{DORSET}?as_at=2018-01-15&known_at=2018-01-15");
    assert!(links.contains(&kept), "{links:?}");
    assert_eq!(visitor.get("/?known_at=yesterday").await.status, 400);
    site.done().await;
});
