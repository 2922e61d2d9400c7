//! Whatever is typed stays text, and no form is answered with a fault of ours.

use axum::http::StatusCode;
use opendoor::events::{Choices, draft};
use opendoor::web::form::Typed;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};

use super::{DROP_IN, at, log};
use crate::{both, harness::people::DORSET};

const HOSTILE: &str = "<script>alert('x')</script> \"&amp; {{ 7*7 }} '); DROP TABLE events;--";

both!(hostile_text_stays_text, |site| {
    let mut officer = site.officer(DORSET).await;
    let mut fields = DROP_IN.to_vec();
    fields[4].1 = HOSTILE;
    fields.push(("title", HOSTILE));
    let id = log(&mut officer, &fields).await;
    let here = format!("{}/{id}", at());
    let edit = format!("{here}/edit");
    let full = [
        ("venue", HOSTILE),
        ("summary", HOSTILE),
        ("support_other", HOSTILE),
        ("source_url_1", "https://example.org/\"><script>alert(1)</script>"),
        ("source_type_1", HOSTILE),
        ("attendance_note", HOSTILE),
    ];
    officer.submit(&edit, &edit, &full).await.led();
    let words = HOSTILE.split_whitespace().collect::<Vec<_>>().join(" ");
    for path in [here.clone(), at(), edit, format!("{here}/versions"), format!("{}/new?logged={id}", at())] {
        let page = officer.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.words("body").contains(&words) || page.text().contains("&lt;script&gt;"), "{path}");
        assert_eq!(page.attributes("main script", "src").len(), 0, "{path}");
        assert_eq!(page.each("main script").len(), 0, "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
    let q = format!("{}?q=%3Cscript%3E%22&from=%22%3E", at());
    let page = officer.get(&q).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.text().contains("<script>\""));
    site.done().await;
});

both!(what_no_database_holds_is_refused_and_is_no_fault_of_ours, |site| {
    let mut officer = site.officer(DORSET).await;
    let id = log(&mut officer, &DROP_IN).await;
    let new = format!("{}/new", at());
    let mut fields = DROP_IN.to_vec();
    fields.push(("title", "a\0b"));
    assert_eq!(officer.submit(&new, &new, &fields).await.status, StatusCode::BAD_REQUEST);
    for path in [format!("{}?q=%00", at()), format!("{}/%00", at()), format!("{}/{id}?saved=%00", at())] {
        let status = officer.get(&path).await.status;
        assert!(status.is_client_error(), "{path}: {status}");
    }
    let huge = "x".repeat(20_000);
    for path in [format!("{}?q={huge}", at()), format!("{}/{huge}", at()), format!("{}/%F0%9F%98%80", at())] {
        let status = officer.get(&path).await.status;
        assert!(!status.is_server_error(), "{path:.60}: {status}");
    }
    site.done().await;
});

/// Fields of the forms, and texts that are near to what they want.
fn any_form() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = prop::sample::select(
        [
            "title",
            "kind",
            "status",
            "starts-day",
            "starts-month",
            "starts-year",
            "ends-day",
            "ends-month",
            "ends-year",
            "place",
            "places",
            "who",
            "people",
            "said",
            "level",
            "stp_discussed",
            "attended_PP-CAR",
            "part_PP-CAR",
            "invited_PP-CAR",
            "attended_PP-PUB",
            "count_E06000028",
            "venue_capacity",
            "bodies",
            "targets",
            "proposals",
            "consultation",
            "support",
            "support_other",
            "point_1",
            "outcome_1",
            "point_200",
            "point_201",
            "point_0",
            "point_-1",
            "point_id_1",
            "source_url_1",
            "source_id_1",
            "publication",
            "withheld_reason",
            "review-day",
            "review-month",
            "review-year",
            "date_precision",
            "cancelled_reason",
            "online",
            "confirmed",
            "version",
            "form_key",
            "more",
            "next",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    let near = prop::sample::select(
        [
            "",
            "0",
            "1",
            "31",
            "2018",
            "2199",
            "99999999999999999999",
            "-1",
            "yes",
            "no",
            "held",
            "planned",
            "cancelled",
            "drop_in",
            "E06000028",
            "area",
            "online",
            "PP-CAR",
            "PP-PUB",
            "AGE",
            "changed",
            "public",
            "withheld",
            "day",
            "unknown",
            "20-30",
            "about 40",
            "https://example.org/",
            "http://",
            "E06000028-HSC",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    let text = prop_oneof![3 => near, 1 => "\\PC{0,40}", 1 => "[\\s\\S]{0,20}"];
    prop::collection::vec((names, text), 0..30)
}

both!(any_form_is_read_or_refused, |site| {
    let choices = Choices::of(site.app.db.read(), DORSET).await.unwrap().unwrap();
    let today = site.app.clock.today();
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let result = runner.run(&any_form(), |pairs| {
        let typed = Typed(pairs);
        for read in [draft::quick::parse(&typed, &choices, today), draft::full::parse(&typed, &choices, None)]
        {
            match read {
                Ok(draft) => prop_assert!(opendoor::events::check::wrongs(&draft).is_empty()),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }
        let _ = draft::filled::from_quick(&typed, &choices, today);
        Ok(())
    });
    result.unwrap();

    // And through the door: whatever is answered, it is no fault of ours.
    let mut officer = site.officer(DORSET).await;
    let id = log(&mut officer, &DROP_IN).await;
    let mut runner = TestRunner::deterministic();
    for round in 0..40 {
        let form = any_form().new_tree(&mut runner).unwrap().current();
        let mut pairs: Vec<(&str, &str)> =
            form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let key = format!("a-key-that-is-long-enough-{round}");
        pairs.insert(0, ("form_key", &key));
        pairs.push(("version", "1"));
        for path in ["/new", "/new/full", "/ID/edit"] {
            let path = format!("{}{}", at(), path.replace("ID", &id));
            let answer = officer.post(&path, &pairs).await;
            assert!(!answer.status.is_server_error(), "{path}: {pairs:?}");
        }
    }
    site.done().await;
});
