//! The method page says what the rules say.

use axum::http::StatusCode;

use crate::both;

both!(the_method_page_is_written_from_the_rules, |site| {
    let page = site.visitor().get("/method").await;
    assert_eq!(page.status, StatusCode::OK);
    let rules = method::rules::all();
    assert!(rules.len() >= 12);
    assert_eq!(page.each(".app-rule").len(), rules.len());
    for rule in rules {
        let words = page.words(&format!("#{}", rule.words.id));
        for said in [rule.words.title, rule.words.severity, rule.words.closes] {
            assert!(
                words.contains(&said.split_whitespace().collect::<Vec<_>>().join(" ")),
                "{}: {said}",
                rule.words.id
            );
        }
    }
    let schema: serde_json::Value =
        serde_json::from_slice(&site.visitor().get("/data/record.schema.json").await.body).unwrap();
    assert_eq!(schema["properties"]["format"]["const"], "opendoor-record/1");
    site.done().await;
});
