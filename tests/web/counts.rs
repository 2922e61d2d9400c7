//! Every number on England's pages and on an STP's opens exactly the rows that it counts.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::user::Role;
use opendoor::{
    import::{bring::bring, map::Map, progress::Progress, upload::Upload},
    journal::Actor,
};
use scraper::{ElementRef, Html, Node, Selector};

use super::register;
use crate::{
    both,
    harness::{Engine, Site, people::DORSET, site::Visitor},
};

const DAY: &str = "2018-12-31";

/// A product with the log of 2015 to 2018 in it.
pub async fn with_the_log() -> Site {
    let site = Site::new(Engine::Sqlite).await;
    let log = Upload {
        noun: entity::import::Noun::Events,
        stp: None,
        file_name: "events.csv".into(),
        file: include_bytes!("../../data/engagement-log/events.csv").to_vec(),
        map: Map::own("engagement-log").unwrap(),
    };
    bring(&site.app, log, &Actor::Command("test"), &Progress::Nobody).await.unwrap().unwrap();
    site
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

/// The numbers of a page that count rows: where each leads, what it counts, what it says.
fn counts(html: &Html) -> Vec<(String, usize, String)> {
    html.select(&select("[data-counts]"))
        .map(|link| {
            let href = link.value().attr("href").expect("a number that counts is a link").to_owned();
            let count = link.value().attr("data-counts").unwrap().parse().unwrap();
            (href, count, link.text().collect::<Vec<_>>().join(" "))
        })
        .collect()
}

/// What stands in place of a number that counts rows: days, lengths of time, rules, standards, percentages.
fn is_no_count(words: &[&str], at: usize) -> bool {
    const TIME: [&str; 6] = ["day", "days", "month", "months", "year", "years"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let word = plain(words[at]);
    let before = at.checked_sub(1).map(|at| plain(words[at])).unwrap_or_default();
    let after = words.get(at + 1).map(|word| plain(word)).unwrap_or_default();
    let is_month = |word: &str| MONTHS.iter().any(|month| word.starts_with(month));
    TIME.contains(&after.as_str())
        || is_month(&before)
        || is_month(&after)
        || words[at].contains('%')
        || word == "10,000"
        || (word.contains('/') && word.starts_with(char::is_alphabetic))
        || (word.len() == 5
            && word.as_bytes()[3] == b'-'
            && word.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// Numbers in the text of a page that are neither links to their rows nor told apart as something else.
fn bare(html: &Html) -> Vec<String> {
    // A finding's own sentence is explained at its own address; a key and a form count nothing; what the STP is, is
    // no count of rows either.
    let apart = "[data-counts], [data-figure], [data-total], time, svg, form, code, .app-key, .app-gap__h, .app-gap__dl, \
                 .nhsuk-summary-list__value, .nhsuk-breadcrumb, .app-tile__code";
    let apart = select(apart);
    let mut found = Vec::new();
    for main in html.select(&select("main")) {
        for node in main.descendants() {
            let Node::Text(text) = node.value() else { continue };
            let inside = node.ancestors().filter_map(ElementRef::wrap).any(|element| apart.matches(&element));
            let words: Vec<&str> = text.split_whitespace().collect();
            for (at, word) in words.iter().enumerate() {
                if word.contains(|c: char| c.is_ascii_digit()) && !inside && !is_no_count(&words, at) {
                    found.push(words.join(" "));
                }
            }
        }
    }
    found
}

/// How many rows the list at an address has, over all of its pages, and how many its heading says.
async fn listed(visitor: &mut Visitor<'_>, address: &str) -> (usize, usize) {
    let mut next = address.to_owned();
    let (mut rows, mut said) = (0, None);
    for _ in 0..50 {
        let path = next.split('#').next().unwrap().to_owned();
        let answer = visitor.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let html = Html::parse_document(&answer.text());
        rows += html.select(&select("[data-row]")).count();
        let total = html.select(&select("[data-total]")).next();
        let total = total.unwrap_or_else(|| panic!("{path} does not say how many there are"));
        said = Some(total.value().attr("data-total").unwrap().parse().unwrap());
        match html.select(&select("a[rel=next]")).next() {
            Some(link) => {
                let href = link.value().attr("href").unwrap();
                let own = path.split('?').next().unwrap();
                next = if href.starts_with('?') { format!("{own}{href}") } else { href.to_owned() };
            }
            None => return (rows, said.unwrap()),
        }
    }
    panic!("{address} has no end: {rows} of {said:?}")
}

async fn walk(site: &Site, pages: &[String]) -> usize {
    let mut visitor = site.visitor();
    let mut all: BTreeMap<(String, String), (usize, String)> = BTreeMap::new();
    for page in pages {
        let answer = visitor.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        let html = Html::parse_document(&answer.text());
        assert_eq!(bare(&html), Vec::<String>::new(), "{page}: numbers that open nothing");
        let counts = counts(&html);
        assert!(counts.len() > 8, "{page}: {} numbers", counts.len());
        for (href, count, text) in counts {
            let digits: String = text
                .chars()
                .skip_while(|c| !c.is_ascii_digit())
                .take_while(|c| c.is_ascii_digit() || *c == ',')
                .collect();
            let number = digits.replace(',', "");
            assert!(number.is_empty() || number == count.to_string(), "{page}: “{text}” counts {count}");
            // By day, so that what is kept of a day is asked for in a row.
            let day = href.split("as_at=").nth(1).unwrap_or_default().chars().take(10).collect();
            if let Some((known, before)) = all.insert((day, href.clone()), (count, page.clone())) {
                assert_eq!(known, count, "{href} is {known} on {before} and {count} on {page}");
            }
        }
    }
    for ((_, href), (count, page)) in &all {
        let (rows, said) = listed(&mut visitor, href).await;
        assert_eq!((rows, said), (*count, *count), "{href}, from {page}: rows, and what the list says");
    }
    all.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_of_england_opens_its_rows() {
    let site = with_the_log().await;
    let pages = ["/?as_at=", "/?by=domain&as_at=", "/?group=ST&as_at=", "/england/over-time?as_at="];
    let pages: Vec<String> = pages.iter().map(|page| format!("{page}{DAY}")).collect();
    let walked = walk(&site, &pages).await;
    assert!(walked > 1000, "{walked}");
    site.done().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_of_every_stp_opens_its_rows() {
    let site = with_the_log().await;
    let england = site.app.assessments.england(site.app.db.read(), register::day(DAY)).await.unwrap();
    let pages: Vec<String> =
        england.iter().map(|area| format!("/stps/{}?as_at={DAY}", area.stp.code)).collect();
    assert_eq!(pages.len(), 44);
    let walked = walk(&site, &pages).await;
    assert!(walked > 1500, "{walked}");
    site.done().await;
}

both!(numbers_known_then_and_under_an_own_standard_open_their_rows, |site| {
    register::log(&site, DORSET, register::drop_in("Drop-in for carers", "2017-10-07", "PP-CAR", 12)).await;
    let mut lead = site.signed_in(Role::Lead, &[DORSET]).await;
    let at = format!("/work/stps/{DORSET}/standard");
    let fields = [
        ("label", "dorset/1"),
        ("author", "Engagement lead, Dorset"),
        ("reason", "We promised it"),
        ("recency_days", "60"),
    ];
    lead.submit(&at, &at, &fields).await.led();
    // More than an STP's page tells one by one.
    site.app.clock.advance(TimeDelta::days(1));
    for hall in 'a'..='l' {
        let title = format!("Open evening in hall {hall}");
        register::log(&site, DORSET, register::drop_in(&title, "2018-01-09", "PP-PUB", 80)).await;
    }
    let look = "as_at=2018-01-15&known_at=2018-01-15";
    let pages = [format!("/?{look}"), format!("/stps/{DORSET}?{look}")];
    let mut visitor = site.visitor();
    let page = visitor.get(&pages[1]).await;
    let links = page.attributes("#known [data-counts]", "href").len();
    assert!(links >= 10, "{links}: eight numbers, the checks that differ, what was written down");
    assert_eq!(page.attributes("#own-standard [data-counts]", "href").len(), 1);
    assert!(walk(&site, &pages).await > 100);
    for path in ["differing", "written"] {
        let answer = visitor.get(&format!("/stps/{DORSET}/{path}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.words("main").contains("known_at"), "it says what to ask for");
    }
    site.done().await;
});
