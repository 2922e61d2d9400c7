//! The ledger as proof of service: somebody looked up, and the whole list as a file.

use super::{add, by_post, deliver, dispatched};
use crate::harness::{
    people::DORSET,
    smtp::{Behaviour, Step},
};

const THREE: [(&str, &str, &str); 3] = [
    ("PP-CAR", "Carers 100%", "office@carers.example.org"),
    ("PP-HWT", "Healthwatch Dorset", "office@healthwatch.example.org"),
    ("PP-VCS", "Citizens Advice", ""),
];

by_post!(who_was_written_to_is_looked_up_and_taken_out_as_a_file, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    server.when(Step::Rcpt, "healthwatch", Behaviour::Answer("550 5.1.1 no such user"), 1);
    let mailing = dispatched(&mut officer, &["PP-CAR", "PP-HWT", "PP-VCS"], "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    let list = officer.get(&format!("{mailing}/deliveries")).await;
    assert_eq!(list.each("tbody tr").len(), 3);
    let facts = list.words("dl.nhsuk-summary-list");
    assert!(facts.contains("Text and list frozen 15 January 2018"), "{facts}");
    assert!(facts.contains("SHA-256 of the text and its files "), "{facts}");
    for (asked, found) in [
        ("q=carers+100%25", "Accepted"),
        ("q=HEALTHWATCH%40", ""),
        ("q=office%40Healthwatch", "550 5.1.1 no such user"),
        ("q=advice", "No email address"),
        ("q=%25&state=accepted", "Carers 100%"),
        ("q=_", ""),
        ("q=advice&state=accepted", ""),
    ] {
        let page = officer.get(&format!("{mailing}/deliveries?{asked}")).await;
        let rows = page.each("tbody tr");
        assert_eq!(rows.len(), usize::from(!found.is_empty()), "{asked}: {rows:?}");
        assert!(rows.iter().all(|row| row.contains(found)), "{asked}: {rows:?}");
    }

    let file = officer.get(&format!("{mailing}/deliveries.csv")).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let mut rows = csv::Reader::from_reader(file.body.as_slice());
    let header: Vec<String> =
        rows.headers().unwrap().iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    let of = |name: &str| rows.iter().find(|row| &row[at("name")] == name).unwrap();
    let carers = of("Carers 100%");
    assert_eq!((&carers[at("email")], &carers[at("state")]), ("office@carers.example.org", "accepted"));
    assert!(carers[at("server_answer")].starts_with("250"), "{carers:?}");
    assert!(server.received()[0].data.contains(&carers[at("message_id")]));
    assert_eq!(carers[at("text_sha256")].len(), 64);
    let left_out = of("Citizens Advice");
    assert_eq!((&left_out[at("email")], &left_out[at("state")]), ("", "excluded"));
    assert!(!left_out[at("reason")].is_empty());
    let entry = site.last_entry().await;
    assert_eq!((entry.action.as_str(), entry.subject_table.as_str()), ("export", "deliveries"));
    site.done().await;
});
