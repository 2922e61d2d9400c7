//! England: all areas, as the last write left them.

use axum::http::StatusCode;

use super::register::{drop_in, log};
use crate::{both, harness::people::DORSET};

both!(england_shows_all_areas_and_sees_each_write_at_once, |site| {
    let mut visitor = site.visitor();
    let before = visitor.get("/").await;
    assert_eq!(before.status, StatusCode::OK);
    assert_eq!(before.each(".app-tiles--england a").len(), 44);
    assert_eq!(before.each(".app-matrix tbody tr").len(), 44);
    assert!(before.words(".app-lede").starts_with("44 of 44 areas"), "{}", before.words(".app-lede"));
    let names = before.each(".app-matrix tbody th a");
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.trim_start_matches("The ").to_lowercase());
    assert_eq!(names, sorted, "in alphabetical order: there is no league table");

    log(&site, DORSET, drop_in("Drop-in for carers", "2018-01-10", "PP-CAR", 12)).await;
    let after = visitor.get("/?group=PP-CAR").await;
    let met = after.each("td.app-v--met");
    assert_eq!(met.len(), 1, "{met:?}");
    assert_eq!(after.each(".app-stat__n")[2], "1", "events held");
    assert!(visitor.get("/?group=PP-CAR&as_at=2018-01-09").await.each("td.app-v--met").is_empty());
    assert_eq!(visitor.get("/?region=London").await.each(".app-matrix tbody tr").len(), 5);
    assert_eq!(visitor.get("/?severity=critical").await.each(".app-matrix tbody tr").len(), 0);
    assert_eq!(visitor.get("/?as_at=soon").await.status, StatusCode::BAD_REQUEST);
    site.done().await;
});

both!(what_changed_since_the_last_quarter_is_counted_anew_after_each_write_and_for_each_day, |site| {
    let mut visitor = site.visitor();
    let mut changes = async |address: &str| {
        let page = visitor.get(address).await;
        let areas = page.each(".app-matrix tbody th a");
        let dorset = areas.iter().position(|name| name == "Dorset").unwrap();
        let all =
            page.each("td.app-england__c").into_iter().filter(|text| text.contains("Since last quarter"));
        let all: Vec<String> = all.collect();
        assert_eq!(all.len(), 44);
        (
            all[dorset].clone(),
            all.into_iter().filter(|text| text.contains("none opened, none closed")).count(),
        )
    };
    let (dorset, still) = changes("/").await;
    assert!(dorset.contains("none opened, none closed"), "{dorset}");
    assert_eq!(still, 44);
    let mut before = dorset;
    for group in ["PP-CAR", "ST-NUR", "LA-HSC"] {
        log(&site, DORSET, drop_in("A meeting", "2018-01-10", group, 12)).await;
        for _ in 0..2 {
            let (dorset, still) = changes("/").await;
            assert_ne!(dorset, before, "after {group}");
            assert_eq!(still, 43, "the others stay as they were");
        }
        before = changes("/").await.0;
        assert_eq!(changes("/?as_at=2018-01-09").await.1, 44, "not yet held");
        // In the next quarter all of it was there before: what has changed is what fell due.
        assert_ne!(changes("/?as_at=2018-04-10").await.0, before);
        assert_eq!(changes("/").await.0, before);
    }
    site.done().await;
});

both!(a_page_is_not_sent_again_until_somebody_writes, |site| {
    let mut visitor = site.visitor();
    let path = format!("/stps/{DORSET}");
    let first = visitor.get(&path).await;
    assert_eq!(first.headers["cache-control"], "no-cache");
    let etag = first.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(visitor.get_with(&path, &[("if-none-match", &etag)]).await.status, StatusCode::NOT_MODIFIED);
    let packed = visitor.get_with(&path, &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert!(packed.body.len() * 4 < first.body.len());

    log(&site, DORSET, drop_in("Drop-in for carers", "2018-01-10", "PP-CAR", 12)).await;
    let changed = visitor.get_with(&path, &[("if-none-match", &etag)]).await;
    assert_eq!(changed.status, StatusCode::OK, "the next request sees the write");
    assert_ne!(changed.headers["etag"], etag);
    site.app.clock.advance(chrono::TimeDelta::days(1));
    assert!(
        visitor.get(&path).await.words(".app-meta").contains("16 January 2018"),
        "and the next day is another"
    );
    site.done().await;
});
