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
