//! The method page says what the rules say.

use std::{collections::BTreeMap, path::Path};

use axum::http::StatusCode;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::Value;

use super::counts::with_the_log;
use crate::both;

const DAY: &str = "2018-12-31";

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
        let cases = format!("method/tests/suite/rules/{}.rs", rule.words.id.to_lowercase().replace('-', "_"));
        assert!(words.contains(&cases), "{cases}");
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&cases).is_file(), "{cases}");
    }
    let schema: serde_json::Value =
        serde_json::from_slice(&site.visitor().get("/data/record.schema.json").await.body).unwrap();
    assert_eq!(schema["properties"]["format"]["const"], "opendoor-record/1");
    site.done().await;
});

/// A table of a file, by STP.
fn by_stp(file: &Value) -> BTreeMap<String, &Value> {
    let rows = file.as_array().unwrap();
    rows.iter().map(|row| (row["stp_code"].as_str().unwrap().to_owned(), row)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anyone_can_take_the_data_and_run_it_again() {
    let site = with_the_log().await;
    let mut visitor = site.visitor();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record-england.json");
    std::fs::write(&file, &visitor.get("/data/record.json").await.body).unwrap();
    let england: Value =
        serde_json::from_slice(&visitor.get(&format!("/data/england.json?as_at={DAY}")).await.body).unwrap();
    let areas = by_stp(&england["areas"]);
    assert_eq!(areas.len(), 44);

    // The one command of the method page.
    let page = visitor.get(&format!("/method?as_at={DAY}")).await;
    let command = page.each("#again ~ pre code").join(" ");
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("opendoor"));
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(words)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut rows = csv::Reader::from_reader(run.stdout.as_slice());
    let headings = rows.headers().unwrap().clone();
    let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let (stp, verdict, parent) = (at("stp"), at("verdict"), at("parent_rule"));
    let mut own: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in rows.records().map(Result::unwrap).filter(|row| row[parent].is_empty()) {
        *own.entry((row[stp].to_owned(), row[verdict].to_owned())).or_default() += 1;
    }
    for (code, area) in &areas {
        for (column, verdict) in [("gaps", "gap"), ("met", "met"), ("unknown", "unknown")] {
            let run = own.get(&(code.clone(), verdict.to_owned())).copied().unwrap_or(0);
            assert_eq!(area[column].as_u64(), Some(run), "{code} {column}");
        }
    }

    // Each rule has an example, and each example its rows.
    let examples = page.attributes(".app-rule h5 ~ p a[href^='/stps/']", "href");
    assert!(examples.len() >= 10, "{examples:?}");
    for href in examples {
        assert_eq!(visitor.get(&href).await.status, StatusCode::OK, "{href}");
    }
    queries(&site, &page, &areas).await;
    site.done().await;
}

/// The queries of the page over the files of the site give the figures of the site.
async fn queries(
    site: &crate::harness::Site,
    page: &crate::harness::site::Answer,
    areas: &BTreeMap<String, &Value>,
) {
    let db = Database::connect("sqlite::memory:").await.unwrap();
    let mut visitor = site.visitor();
    for (table, path) in [("gaps", "gaps"), ("events", "events"), ("areas", "england")] {
        let file = visitor.get(&format!("/data/{path}.csv?as_at={DAY}")).await;
        let mut rows = csv::Reader::from_reader(file.body.as_slice());
        let headings = rows.headers().unwrap().iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
        db.execute_unprepared(&format!("CREATE TABLE {table} ({})", headings.join(", "))).await.unwrap();
        let marks = vec!["?"; headings.len()].join(", ");
        for row in rows.records().map(Result::unwrap) {
            let values = row.iter().map(|text| text.to_owned().into()).collect::<Vec<sea_orm::Value>>();
            let insert = format!("INSERT INTO {table} VALUES ({marks})");
            db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), insert, values))
                .await
                .unwrap();
        }
    }
    let queries = page.each("code[data-sql]");
    assert!(queries.len() >= 6, "{queries:?}");
    for query in queries {
        let rows =
            db.query_all_raw(Statement::from_string(db.get_database_backend(), query.clone())).await.unwrap();
        assert!(rows.len() > 5, "{query}: {} rows", rows.len());
        for row in rows {
            let code: String = row.try_get("", "stp_code").unwrap();
            for column in row.column_names().iter().filter(|name| *name != "stp_code") {
                let shown = &areas[&code][column.as_str()];
                let same = match shown {
                    Value::String(text) => row.try_get::<String>("", column).is_ok_and(|own| own == *text),
                    number => {
                        let own = row
                            .try_get::<i64>("", column)
                            .ok()
                            .and_then(|own| i32::try_from(own).ok())
                            .map(f64::from)
                            .or_else(|| row.try_get::<f64>("", column).ok());
                        own.zip(number.as_f64()).is_some_and(|(own, number)| (own - number).abs() < 0.011)
                    }
                };
                assert!(same, "{query}: {code} {column} is shown as {shown}");
            }
        }
    }
}
