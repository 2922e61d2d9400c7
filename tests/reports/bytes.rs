//! What stands in the files, and that they are the same wherever they are made.

use crate::{
    both,
    harness::{Engine, Site},
    reports::log::{self, text},
};
use opendoor::reports::publish::Area;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_give_the_same_bytes() {
    let mut editions = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine).await;
        log::history(&site).await;
        editions.push(log::publish(&site, log::dorset(&site).await, "2018-01-15").await);
        editions.push(log::publish(&site, Area::England, "2018-01-15").await);
        site.done().await;
    }
    for (sqlite, postgres) in [(&editions[0], &editions[2]), (&editions[1], &editions[3])] {
        assert_eq!(sqlite.composed.files.len(), 11);
        for (ours, theirs) in sqlite.composed.files.iter().zip(&postgres.composed.files) {
            assert_eq!(ours.name, theirs.name);
            assert!(ours.bytes == theirs.bytes, "{} differs", ours.name);
        }
    }
}

both!(the_same_record_gives_the_same_package_again, |site| {
    log::history(&site).await;
    let asked = opendoor::reports::publish::Asked {
        area: log::dorset(&site).await,
        as_at: log::day("2018-01-15"),
        title: Some("Twice".into()),
        by: None,
    };
    let first = opendoor::reports::publish::prepare(&site.app, &asked).await.unwrap();
    let again = opendoor::reports::publish::prepare(&site.app, &asked).await.unwrap();
    assert!(first.composed.file("dorset-1.zip").unwrap().len() > 10_000);
    assert!(first.composed.files == again.composed.files);
    site.done().await;
});

both!(small_numbers_hidden_words_and_hostile_words_stay_where_they_are, |site| {
    log::history(&site).await;
    let edition = log::publish(&site, log::dorset(&site).await, "2018-01-15").await;

    let page = scraper::Html::parse_document(&text(&edition, "report.html"));
    let find = |css: &str| -> Vec<String> {
        let selector = scraper::Selector::parse(css).unwrap();
        page.select(&selector)
            .map(|one| one.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    };
    assert_eq!(find("h1").len(), 1);
    assert_eq!(find("script, style, [style], [onclick]").len(), 0);
    let rows = find("section[aria-labelledby=events] tbody tr");
    assert_eq!(rows.len(), 3);
    let all = find("main").remove(0);
    for said in [
        "=HYPERLINK(\"http://evil.example\") <script>alert(1)</script>",
        "The last bus leaves before visiting ends <b>",
        "Carers: 40",
        "Patients and service users: fewer than 5",
        "Residents: 60",
        "Not public: Those who came could be recognised",
        "12 March 2018: Spring workshop",
    ] {
        assert!(all.contains(said), "{said} in {all}");
    }
    for file in &edition.composed.files {
        let text = String::from_utf8_lossy(&file.bytes);
        for hidden in ["Closed talk", "Said behind closed doors", "<script>"] {
            if hidden == "<script>" && file.name != "report.html" {
                continue;
            }
            assert!(!text.contains(hidden), "{hidden} in {}", file.name);
        }
    }

    let csv = text(&edition, "events.csv");
    let mut table = csv::Reader::from_reader(csv.as_bytes());
    let headings = table.headers().unwrap().clone();
    let column = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 6);
    let of = |group: &str| rows.iter().find(|row| &row[column("group")] == group).unwrap();
    assert_eq!(&of("PP-USR")[column("attended_low")], "<5");
    assert_eq!(&of("PP-USR")[column("attended_high")], "<5");
    assert_eq!(&of("PP-CAR")[column("attended_low")], "40");
    assert_eq!(&of("PP-SEL")[column("attended_low")], "", "a stub shows no number");
    assert_eq!(&of("PP-SEL")[column("title")], "");
    assert!(of("PP-CAR")[column("title")].starts_with("'=HYPERLINK"));
    for cell in rows.iter().flat_map(csv::StringRecord::iter) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    let gaps = text(&edition, "gaps.csv");
    assert!(gaps.lines().count() > 5, "{gaps}");
    assert!(gaps.starts_with("stp_code,stp_name,rule,"));
    site.done().await;
});

both!(england_stands_in_the_order_of_the_alphabet, |site| {
    log::history(&site).await;
    let edition = log::publish(&site, Area::England, "2018-01-15").await;
    assert_eq!(edition.edition.slug, "england");
    let page = scraper::Html::parse_document(&text(&edition, "report.html"));
    let areas = scraper::Selector::parse("section[aria-labelledby=areas] tbody th").unwrap();
    let areas: Vec<String> = page.select(&areas).map(|one| one.text().collect()).collect();
    assert_eq!(areas.len(), 44);
    assert!(areas.is_sorted(), "{areas:?}");
    assert!(text(&edition, "README.txt").contains("opendoor verify england-1.zip"));
    site.done().await;
});
