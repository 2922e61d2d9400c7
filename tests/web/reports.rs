//! Reports as the public reads them and as staff publish them.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use entity::{edition, journal_entry, user::Role};
use opendoor::reports::publish::Area;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
        site::{Answer, Visitor},
    },
    reports::log,
};

fn at(rest: &str) -> String {
    format!("/work/stps/{DORSET}/reports{rest}")
}

const TODAY: [(&str, &str); 3] = [("as_at-day", "15"), ("as_at-month", "1"), ("as_at-year", "2018")];
const CHOSEN: &str = "?as_at-day=15&as_at-month=1&as_at-year=2018";

async fn editions(site: &Site) -> u64 {
    edition::Entity::find().count(site.app.db.read()).await.unwrap()
}

async fn if_none_match(visitor: &mut Visitor<'_>, path: &str, tag: &str) -> Answer {
    let request = Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
    visitor.send(request).await
}

both!(what_is_published_is_served_byte_for_byte, |site| {
    log::history(&site).await;
    let mut visitor = site.visitor();
    let none = visitor.get("/reports").await;
    assert_eq!(none.status, StatusCode::OK);
    assert!(none.words("main").contains("No report has been published yet"));
    assert_eq!(visitor.get("/reports/dorset").await.status, StatusCode::NOT_FOUND);

    let edition = log::publish(&site, log::dorset(&site).await, "2018-01-15").await;
    let page = visitor.get("/reports/dorset/1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body == edition.composed.file("report.html").unwrap());
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(edition.composed.files.len(), 11);
    for file in &edition.composed.files {
        let path = format!("/reports/dorset/1/files/{}", file.name);
        let answer = visitor.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.body == file.bytes, "{path}");
        let etag = answer.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(etag, format!("\"{}\"", file.sha256()));
        assert_eq!(
            answer.headers.contains_key("content-disposition"),
            ["events.csv", "gaps.csv", "dorset-1.zip"].contains(&file.name.as_str())
        );
        let again = if_none_match(&mut visitor, &path, &format!("\"x\", W/{etag}")).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(if_none_match(&mut visitor, &path, "\"x\"").await.status, StatusCode::OK);
    }
    assert!(!visitor.has_cookie());
    for nothing in [
        "/reports/dorset/2",
        "/reports/dorset/0",
        "/reports/dorset/01",
        "/reports/dorset/+1",
        "/reports/dorset/one",
        "/reports/Dorset/1",
        "/reports/devon/1",
        "/reports/dorset/1/files/secret.txt",
        "/reports/dorset/1/files/..%2F..%2Fopendoor.sqlite",
        "/reports/dorset/1/files/RECORD.json",
    ] {
        assert_eq!(visitor.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }

    log::publish(&site, Area::England, "2018-01-15").await;
    let all = visitor.get("/reports").await;
    assert_eq!(all.each("tbody tr").len(), 2);
    assert_eq!(visitor.get("/reports/dorset").await.each("tbody tr").len(), 1);
    site.done().await;
});

both!(an_officer_previews_publishes_once_and_withdraws, |site| {
    log::history(&site).await;
    let mut officer = site.officer(DORSET).await;
    assert!(officer.get(&at("")).await.words("main").contains("No report has been published"));
    let form = officer.get(&at("/new")).await;
    assert_eq!(form.attributes("#as_at-year", "value"), ["2018"]);

    let wrong = officer.get(&at("/new?as_at-day=16&as_at-month=1&as_at-year=2018&title=Winter")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.words(".nhsuk-error-summary").contains("today or in the past"));
    assert_eq!(wrong.attributes("#title", "value"), ["Winter"]);

    let ready = officer.get(&at(&format!("/new{CHOSEN}&title=Winter+%26+spring"))).await;
    assert_eq!(ready.status, StatusCode::OK);
    assert!(ready.words("main").contains("Publish edition 1"));
    let links = ready.attributes("main a", "href");
    let preview = links.iter().find(|href| href.contains("report.html")).unwrap();
    let preview = officer.get(preview).await;
    assert_eq!(preview.status, StatusCode::OK);
    let style = preview.attributes("link[rel=stylesheet]", "href").remove(0);
    let style = officer.get(&at(&format!("/preview/{style}"))).await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(editions(&site).await, 0, "a preview publishes nothing");

    let mut fields = ready.form(&at(""));
    assert!(fields.iter().any(|(name, _)| name == "form_key"));
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let led = officer.post(&at(""), &pairs).await.led();
    assert_eq!(led, at("/1?published=1"));
    assert_eq!(officer.post(&at(""), &pairs).await.led(), led, "posted twice, made once");
    assert_eq!(editions(&site).await, 1);
    assert!(officer.get(&led).await.words("main").contains("The report was published"));
    let public = site.visitor().get("/reports/dorset/1").await;
    assert_eq!(public.words("h1"), "Dorset engagement report, edition 1 Winter & spring");
    assert_eq!(public.words("main"), preview.words("main"), "what was previewed is what everyone sees");
    fields.clear();

    let empty = officer.submit(&at("/1"), &at("/1/withdrawals"), &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.words(".nhsuk-error-summary").contains("Enter why"));
    let led = officer
        .submit(&at("/1"), &at("/1/withdrawals"), &[("reason", "It <i>named</i> someone")])
        .await
        .led();
    assert!(officer.get(&led).await.words("main").contains("It <i>named</i> someone"));

    let mut visitor = site.visitor();
    let gone = visitor.get("/reports/dorset/1").await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.words("main").contains("It <i>named</i> someone"));
    assert_eq!(gone.each("tbody tr").len(), 11, "its files stay listed with their hashes");
    for name in ["record.json", "dorset-1.zip", "report.html"] {
        let answer = visitor.get(&format!("/reports/dorset/1/files/{name}")).await;
        assert_eq!(answer.status, StatusCode::GONE, "{name}");
    }
    assert!(visitor.get("/reports").await.words("main").contains("Withdrawn"));
    let entries = journal_entry::Entity::find().filter(journal_entry::Column::SubjectTable.eq("editions"));
    assert_eq!(entries.count(site.app.db.read()).await.unwrap(), 2);
    site.done().await;
});

both!(only_those_who_may_publish, |site| {
    log::history(&site).await;
    log::publish(&site, log::dorset(&site).await, "2018-01-15").await;
    let preview = format!("/preview/report.html{CHOSEN}");
    let mut stranger = site.officer(DEVON).await;
    for path in ["", "/new", "/1", &preview] {
        assert_eq!(stranger.get(&at(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(stranger.post(&at(""), &TODAY).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&at("/1/withdrawals"), &[("reason", "x")]).await.status, StatusCode::NOT_FOUND);
    let own = format!("/work/stps/{DEVON}/reports/1");
    assert_eq!(stranger.get(&own).await.status, StatusCode::NOT_FOUND, "Dorset's edition is not Devon's");
    for path in ["/work/england/reports", "/work/england/reports/new"] {
        assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }

    let mut region = site.signed_in(Role::Region, &[]).await;
    assert_eq!(region.get(&at("")).await.status, StatusCode::OK);
    let shown = region.get(&at("/1")).await;
    assert_eq!((shown.status, shown.each("main form").len()), (StatusCode::OK, 0));
    assert_eq!(region.get(&at("/new")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(region.get("/work/england/reports").await.status, StatusCode::OK);
    assert_eq!(region.get("/work/england/reports/new").await.status, StatusCode::NOT_FOUND);

    let mut national = site.signed_in(Role::National, &[]).await;
    assert_eq!(national.post(&at(""), &TODAY).await.status, StatusCode::NOT_FOUND);
    let led = national
        .submit(&format!("/work/england/reports/new{CHOSEN}"), "/work/england/reports", &[])
        .await
        .led();
    assert_eq!(led, "/work/england/reports/1?published=1");
    assert_eq!(site.visitor().get("/reports/england/1").await.status, StatusCode::OK);
    assert_eq!(editions(&site).await, 2);
    assert_eq!(site.visitor().get(&at("")).await.status, StatusCode::SEE_OTHER);
    site.done().await;
});
