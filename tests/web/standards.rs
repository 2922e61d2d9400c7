//! The standard as data: drafted, tried on all areas, adopted with a reason; and old answers worked out again.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::user::Role;
use opendoor::reports::find;

use super::register::{drop_in, log};
use crate::{
    both,
    harness::{Site, people::DORSET, site::Answer},
    reports::log as reports,
};

const ALL: &str = "/work/england/standards";

async fn body(site: &Site, path: &str) -> Vec<u8> {
    let answer: Answer = site.visitor().get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.words("main"));
    answer.body
}

both!(
    a_changed_threshold_is_previewed_on_all_areas_adopted_and_old_answers_re_run_under_the_old_one,
    |site| {
        // Carers were heard 100 days ago: lately under the default, not under 60 days.
        log(&site, DORSET, drop_in("Drop-in for carers", "2017-10-07", "PP-CAR", 12)).await;
        let files =
            ["/data/record.json".to_owned(), "/data/gaps.csv".into(), format!("/stps/{DORSET}/gaps.csv")];
        let mut before = Vec::new();
        for file in &files {
            before.push(body(&site, &format!("{file}?as_at=2018-01-15")).await);
        }
        let dorset = reports::dorset(&site).await;
        let edition = reports::publish(&site, dorset.clone(), "2018-01-15").await;
        let mut national = site.signed_in(Role::National, &[]).await;
        let fields = [
            ("label", "stp-2018/1"),
            ("author", "National engagement team"),
            ("reason", "Half a year is too long"),
            ("recency_days", "60"),
        ];
        site.app.clock.advance(TimeDelta::days(1));
        let bad = [("label", "stp-2018/1"), ("author", "National engagement team"), ("recency_days", "0")];
        let refused = national.submit(&format!("{ALL}/new"), ALL, &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = refused.words(".nhsuk-error-summary");
        assert!(said.contains("from 1 to 3650") && said.contains("Enter why"), "{said}");
        let draft = national.submit(&format!("{ALL}/new"), ALL, &fields).await.led();

        let preview = national.get(&draft).await;
        let said = preview.words("main");
        assert!(said.contains("in 1 of 44 areas"), "{said}");
        assert_eq!(preview.each("[aria-labelledby=effect] tbody tr").len(), 44);
        assert!(said.contains("REC-1"), "{said}");
        let list = national.get(&format!("{draft}/effects/{DORSET}")).await;
        assert!(list.words("main").contains("Carers"), "{}", list.words("main"));
        // A draft changes nothing.
        assert_eq!(body(&site, &format!("{}?as_at=2018-01-15", files[1])).await, before[1]);
        assert_eq!(site.visitor().get("/?standard=stp-2018/1").await.status, StatusCode::BAD_REQUEST);

        let adoptions = format!("{draft}/adoptions");
        let refused = national.submit(&draft, &adoptions, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let why = [("author", "National engagement team"), ("reason", "Agreed with the areas")];
        assert_eq!(national.submit(&draft, &adoptions, &why).await.led(), draft);

        for (file, before) in files.iter().zip(&before) {
            let now = body(&site, &format!("{file}?as_at=2018-01-15")).await;
            assert_ne!(now, *before, "{file} under the new standard");
            let old = body(&site, &format!("{file}?as_at=2018-01-15&standard=stp-2017%2F1")).await;
            assert_eq!(old, *before, "{file} under the old one, by its name");
            let known = body(&site, &format!("{file}?as_at=2018-01-15&known_at=2018-01-15")).await;
            assert_eq!(known, *before, "{file} as known before it was adopted");
        }
        // What was published stays, and embeds what it was judged under; the next edition embeds the new one.
        for file in &edition.composed.files {
            let id = &edition.edition.id;
            let stored = find::file(site.app.db.read(), id, &file.name).await.unwrap().unwrap();
            assert!(stored.bytes == file.bytes, "{}", file.name);
        }
        assert!(reports::text(&edition, "record.json").contains("stp-2017/1"));
        let next = reports::publish(&site, dorset, "2018-01-16").await;
        assert!(reports::text(&next, "record.json").contains("stp-2018/1"));
        let page = site.visitor().get("/method/standards?from=stp-2017/1&to=stp-2018/1").await;
        let said = page.words("main");
        for part in ["Agreed with the areas", "National engagement team", "16 January 2018", "180", "60"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(site.visitor().get(&format!("/stps/{DORSET}")).await.words("main").contains("stp-2018/1"));
        assert_eq!(site.officer(DORSET).await.get(ALL).await.status, StatusCode::NOT_FOUND);
        site.done().await;
    }
);

both!(an_area_may_ask_more_of_itself_and_never_less, |site| {
    log(&site, DORSET, drop_in("Drop-in for carers", "2017-10-07", "PP-CAR", 12)).await;
    let england = body(&site, "/data/gaps.csv?as_at=2018-01-15").await;
    let mut lead = site.signed_in(Role::Lead, &[DORSET]).await;
    let at = format!("/work/stps/{DORSET}/standard");
    let fields = |days: &'static str| {
        [
            ("label", "dorset/1"),
            ("author", "Engagement lead, Dorset"),
            ("reason", "We promised it"),
            ("recency_days", days),
        ]
    };
    let laxer = lead.submit(&at, &at, &fields("181")).await;
    assert_eq!(laxer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(laxer.words(".nhsuk-error-summary").contains("asks less"), "{}", laxer.words("main"));
    lead.submit(&at, &at, &fields("60")).await.led();
    let page = site.visitor().get(&format!("/stps/{DORSET}")).await;
    let own = page.words("#own-standard");
    assert!(own.contains("dorset/1") && own.contains("Carers") && own.contains("Gap"), "{own}");
    // England compares areas under one standard.
    assert_eq!(body(&site, "/data/gaps.csv?as_at=2018-01-15").await, england);
    let mut officer = site.signed_in(Role::Approver, &[DORSET]).await;
    assert_eq!(
        officer.post(&at, &fields("50")).await.status,
        StatusCode::NOT_FOUND,
        "an approver does not choose"
    );
    site.done().await;
});
