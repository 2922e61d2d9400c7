//! What every public page keeps to.

use super::register::{drop_in, log};
use crate::{both, harness::people::DORSET};

both!(public_pages_set_no_cookie_and_carry_their_headers, |site| {
    let event = log(&site, DORSET, drop_in("<script>alert(1)</script>", "2018-01-10", "PP-CAR", 12)).await;
    let mut visitor = site.visitor();
    let pages = [
        "/".to_owned(),
        format!("/stps/{DORSET}"),
        format!("/stps/{DORSET}/gaps"),
        format!("/stps/{DORSET}/gaps/COV-2/PP-CAR"),
        format!("/stps/{DORSET}/events"),
        format!("/events/{}", event.event.id),
        "/events".to_owned(),
        "/method".to_owned(),
        "/data".to_owned(),
        "/accessibility".to_owned(),
        "/privacy".to_owned(),
        "/cookies".to_owned(),
        "/nothing".to_owned(),
    ];
    for path in pages {
        let page = visitor.get(&path).await;
        assert!(page.headers.get("set-cookie").is_none(), "{path} sets a cookie");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff", "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}: hostile text is live");
        assert!(!page.text().contains(" style="), "{path}");
        assert_eq!(page.each("h1").len(), 1, "{path}");
        assert_eq!(page.each("main").len(), 1, "{path}");
    }
    site.done().await;
});
