//! Small numbers: what anyone may see is the same whatever a masked number was, so that nothing can be worked out.
//!
//! Two products hold the same record, but for the numbers that disclosure masks or rounds: every page, file and report
//! of both is the same to the byte, edition after edition. Whoever reads them therefore cannot tell one value from
//! another, by rows, columns, totals or subtraction.

use axum::http::StatusCode;
use chrono::NaiveDate;
use opendoor::{
    events::{
        numbers::Attended,
        record,
        whole::{EventDraft, Part, Placed},
    },
    journal::Actor,
    reports::publish,
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use sea_orm::EntityTrait as _;
use serde_json::Value;

use super::{
    entries,
    register::{day, drop_in, log},
};
use crate::harness::{Engine, Site, people::DORSET};

const GROUPS: [&str; 7] = ["PP-USR", "PP-PUB", "PP-CAR", "ST-NUR", "ST-TUS", "LA-HWB", "LA-OFF"];
const PLACES: [&str; 3] = ["E06000028", "E06000029", "E10000009"];
const AGES: [&str; 4] = ["Under 18", "18 to 44", "45 to 64", "65 and over"];
/// Numbers up to this one are masked: of people at events, and of people with a characteristic.
const FEW: i32 = 4;
const FEW_MONITORED: i32 = 7;

/// Two numbers of people that disclosure shows alike.
#[derive(Clone, Copy, Debug)]
struct Twins {
    one: i32,
    other: i32,
}

fn shown(number: i32, few: i32) -> i32 {
    match number {
        0 => 0,
        small if small <= few => 1,
        number => (number + 2) / 5 * 5,
    }
}

fn twins(few: i32) -> impl Strategy<Value = Twins> {
    let number = prop_oneof![4 => 1..=few, 1 => Just(0), 2 => few + 1..40];
    (number, 0..=few, any::<bool>()).prop_map(move |(one, by, down)| {
        let other = if down { one - by } else { one + by };
        let alike = other >= 0 && shown(other, few) == shown(one, few) && (one == 0) == (other == 0);
        Twins { one, other: if alike { other } else { one } }
    })
}

/// What equality monitoring of both says: how many of each age, and how many did not say; then the same, put right.
#[derive(Clone, Debug)]
struct Monitored {
    ages: Vec<Twins>,
    not_stated: Twins,
    corrected: Vec<Twins>,
}

fn monitored() -> impl Strategy<Value = Monitored> {
    let ages = || proptest::collection::vec(twins(FEW_MONITORED), AGES.len());
    (ages(), twins(FEW_MONITORED), ages()).prop_map(|(ages, not_stated, corrected)| Monitored {
        ages,
        not_stated,
        corrected,
    })
}

fn answers(ages: &[Twins], of: fn(Twins) -> i32) -> String {
    let lines: Vec<String> =
        AGES.iter().zip(ages).map(|(age, number)| format!("{age}: {}", of(*number))).collect();
    lines.join("\n")
}

/// An event of both: its day, who came, from where; and what was put right later.
#[derive(Clone, Debug)]
struct Held {
    on: NaiveDate,
    level: Option<i32>,
    groups: Vec<(usize, Twins, Twins)>,
    places: Vec<(usize, Twins)>,
    public: bool,
    corrected: Option<Twins>,
}

fn events() -> impl Strategy<Value = Vec<Held>> {
    let groups = proptest::collection::btree_map(0..GROUPS.len(), (twins(FEW), twins(FEW)), 1..5);
    let places = proptest::collection::btree_map(0..PLACES.len(), twins(FEW), 0..4);
    let event = (
        0..600_u64,
        proptest::option::of(1..6_i32),
        groups,
        places,
        any::<bool>(),
        proptest::option::of(twins(FEW)),
    );
    proptest::collection::vec(
        event.prop_map(|(back, level, groups, places, public, corrected)| Held {
            on: day("2018-01-10") - chrono::Days::new(back),
            level,
            groups: groups.into_iter().map(|(group, (came, asked))| (group, came, asked)).collect(),
            places: places.into_iter().collect(),
            public,
            corrected,
        }),
        3..8,
    )
}

fn people(number: i32) -> Attended {
    Attended { low: number, high: number, words: number.to_string() }
}

fn draft(number: usize, held: &Held, of: fn(Twins) -> i32) -> EventDraft {
    let mut draft = drop_in(&format!("Event {number}"), &held.on.to_string(), "PP-PUB", 0);
    draft.level = held.level;
    draft.publication = if held.public {
        entity::event::Publication::Public
    } else {
        entity::event::Publication::Unpublished
    };
    draft.participations = held
        .groups
        .iter()
        .map(|(group, came, asked)| Part {
            group: GROUPS[*group].to_owned(),
            took_part: of(*came) > 0,
            invited: Some(people(of(*asked))),
            attended: Some(people(of(*came))),
        })
        .collect();
    draft.places = held
        .places
        .iter()
        .map(|(place, came)| Placed {
            place: PLACES[*place].to_owned(),
            listed: true,
            count: Some(people(of(*came))),
        })
        .collect();
    draft
}

/// The text without its hashes: an edition names the journal's last hash, which is made of random tokens and instants
/// as well, so that nobody can try the few values of a number on it; what else is hashed is compared itself.
fn unhashed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(|c: char| !c.is_ascii_hexdigit()) {
        let hex = part.trim_end_matches(|c: char| !c.is_ascii_hexdigit());
        out.push_str(if hex.len() == 64 { "#" } else { part });
    }
    out
}

/// Everything that anyone may see, edition by edition.
async fn seen(
    site: &Site,
    events: &[Held],
    monitored: &Monitored,
    of: fn(Twins) -> i32,
) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut officer = site.officer(DORSET).await;
    let returned = [
        ("characteristic", "AGE"),
        ("year", "2017"),
        ("answers", &answers(&monitored.ages, of)),
        ("not_stated", &of(monitored.not_stated).to_string()),
        ("dated_on-day", "30"),
        ("dated_on-month", "6"),
        ("dated_on-year", "2017"),
    ];
    let returned = entries::add(&mut officer, "monitoring-returns", &returned).await;
    let proposal = entries::add(&mut officer, "proposals", &[("title", "Community hubs")]).await;
    let consultation = [
        ("title", "Community hubs: have your say"),
        ("formal", "yes"),
        ("status", "held"),
        ("proposal_id", entries::id(&proposal)),
        ("responses", &of(monitored.not_stated).to_string()),
    ];
    entries::add(&mut officer, "consultations", &consultation).await;
    let mut ids = Vec::new();
    for (number, held) in events.iter().enumerate() {
        ids.push(log(site, DORSET, draft(number, held, of)).await);
    }
    look(site, "first", &ids, &mut all).await;
    edition(site, 1, &mut all).await;
    for (number, held) in events.iter().enumerate() {
        let Some(corrected) = held.corrected else { continue };
        let mut again = draft(number, held, of);
        again.participations[0].attended = Some(people(of(corrected)));
        again.participations[0].took_part = of(corrected) > 0;
        let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
        let event = &ids[number].event;
        record::update(&mut w, DORSET, &event.id, event.version, again).await.unwrap();
        w.commit().await.unwrap();
    }
    let corrected = answers(&monitored.corrected, of);
    officer.submit(&format!("{returned}/edit"), &returned, &[("answers", &corrected)]).await.led();
    look(site, "second", &ids, &mut all).await;
    edition(site, 2, &mut all).await;
    all
}

async fn look(
    site: &Site,
    when: &str,
    events: &[opendoor::events::whole::EventWhole],
    all: &mut Vec<(String, String)>,
) {
    let mut paths: Vec<String> = [
        "/",
        "/?by=domain",
        "/?group=PP",
        "/?known_at=2018-01-14",
        "/england/over-time",
        "/gaps",
        "/events",
        "/events/counted?what=public-counted",
        "/method",
        "/data/england.csv?table=groups",
        "/data/record.json",
    ]
    .map(str::to_owned)
    .to_vec();
    for own in [
        "",
        "?known_at=2018-01-14",
        "/changes",
        "/due",
        "/engagement-plan",
        "/events",
        "/gaps",
        "/gaps/COV-2/PP-CAR",
        "/monitoring",
        "/proposals",
        "/questions",
        "/record.json",
        "/calendar.ics",
    ] {
        paths.push(format!("/stps/{DORSET}{own}"));
    }
    for table in
        ["/data/england", "/data/gaps", "/data/events", "/stps/E54000041/gaps", "/stps/E54000041/events"]
    {
        paths.extend(["csv", "json"].map(|ending| format!("{table}.{ending}")));
    }
    let workbooks = ["gaps.xlsx", "events.ods"].map(|file| format!("/stps/{DORSET}/{file}"));
    paths.extend(
        workbooks.into_iter().chain(["/data/england.xlsx".to_owned(), "/data/england.ods".to_owned()]),
    );
    paths.extend(events.iter().map(|event| format!("/events/{}", event.event.id)));
    let mut visitor = site.visitor();
    for path in paths {
        let answer = visitor.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        // A workbook is no text: all of its bytes, as numbers.
        let text = if path.ends_with("xlsx") || path.ends_with("ods") {
            format!("{:?}", answer.body)
        } else {
            answer.text()
        };
        all.push((format!("{when} {path}"), text));
    }
}

/// Publishes an edition, and keeps its files.
async fn edition(site: &Site, number: usize, all: &mut Vec<(String, String)>) {
    let dorset = entity::stp::Entity::find_by_id(DORSET).one(site.app.db.read()).await.unwrap().unwrap();
    let area = publish::Area::Stp(Box::new(dorset));
    let title = Some(format!("Edition {number}"));
    let asked = publish::Asked { area, as_at: site.app.clock.today(), title, by: None };
    let prepared = publish::prepare(&site.app, &asked).await.unwrap();
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    publish::write(&mut w, &prepared).await.unwrap();
    w.commit().await.unwrap();
    let mut visitor = site.visitor();
    let page = visitor.get("/reports/dorset").await;
    all.push((format!("edition {number}"), page.text()));
    for href in page.attributes("a[href*='/reports/dorset/']", "href") {
        if [".csv", ".html", ".json"].iter().any(|ending| href.ends_with(ending)) {
            all.push((format!("edition {number} {href}"), visitor.get(&href).await.text()));
        }
    }
}

/// A cell that somebody tries to work out: in which event, of which group, and between what.
struct Hidden<'a> {
    event: &'a str,
    group: &'a str,
    low: i64,
    high: i64,
}

/// Bounds each masked number from the totals that stand beside it: those of its event, and those of its group. None
/// may be narrowed to one value, by what is shown and what is not shown of the others.
fn tried_in_vain(record: &Value, events: &Value, groups: &Value) -> usize {
    let number = |value: &Value| value.as_i64();
    let mut cells = Vec::new();
    for event in record["stps"][0]["events"].as_array().unwrap() {
        for row in event["participation"].as_array().unwrap() {
            let count = &row["attended"];
            let (Some(low), Some(high)) = (number(&count["low"]), number(&count["high"])) else { continue };
            let (event, group) = (event["id"].as_str().unwrap(), row["group"].as_str().unwrap());
            cells.push(Hidden { event, group, low, high });
        }
    }
    let totals: Vec<(Option<&str>, Option<&str>, i64, i64)> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["id"].as_str(), None, number(&row["attended_low"]), number(&row["attended_high"])))
        .chain(groups.as_array().unwrap().iter().filter(|row| row["stp_code"] == DORSET).map(|row| {
            (None, row["group"].as_str(), number(&row["people_low"]), number(&row["people_high"]))
        }))
        .filter_map(|(event, group, low, high)| Some((event, group, low?, high?)))
        .collect();
    let mut tried = 0;
    for cell in cells.iter().filter(|cell| (cell.low, cell.high) == (1, 4)) {
        let (mut low, mut high) = (cell.low, cell.high);
        for (event, group, least, most) in &totals {
            let beside = |other: &&Hidden<'_>| {
                event.is_none_or(|event| other.event == event)
                    && group.is_none_or(|group| other.group == group)
            };
            if !beside(&cell) {
                continue;
            }
            let others = || cells.iter().filter(beside).filter(|other| !std::ptr::eq(*other, cell));
            low = low.max(least - others().map(|other| other.high).sum::<i64>());
            high = high.min(most - others().map(|other| other.low).sum::<i64>());
        }
        assert!(high > low, "{} in {} is {low}", cell.group, cell.event);
        tried += 1;
    }
    tried
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_tells_one_small_number_from_another() {
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (mut differed, mut tried) = (0, 0);
    for case in 0..3 {
        let (events, monitored) = (events(), monitored()).new_tree(&mut runner).unwrap().current();
        let one = Site::new(Engine::Sqlite).await;
        let other = Site::new(Engine::Sqlite).await;
        let (seen_one, seen_other) = (
            seen(&one, &events, &monitored, |t| t.one).await,
            seen(&other, &events, &monitored, |t| t.other).await,
        );
        differed +=
            events.iter().flat_map(|held| &held.groups).filter(|(_, came, _)| came.one != came.other).count();
        assert_eq!(seen_one.len(), seen_other.len());
        for when in ["first", "second"] {
            let file = |path: &str| -> Value {
                let name = format!("{when} {path}");
                let (_, text) =
                    seen_one.iter().find(|(path, _)| *path == name).expect("the file was looked at");
                serde_json::from_str(text).unwrap()
            };
            let record = file(&format!("/stps/{DORSET}/record.json"));
            tried +=
                tried_in_vain(&record, &file("/data/events.json"), &file("/data/england.json")["groups"]);
        }
        for ((path, text), (_, twin)) in seen_one.iter().zip(&seen_other) {
            let (text, twin) = (&unhashed(text), &unhashed(twin));
            if text != twin {
                let at = text.bytes().zip(twin.bytes()).position(|(a, b)| a != b).unwrap_or(0);
                let around =
                    |text: &str| text.chars().skip(at.saturating_sub(200)).take(400).collect::<String>();
                panic!(
                    "case {case}: {path} tells them apart\n{}\n---\n{}\n{events:?}",
                    around(text),
                    around(twin)
                );
            }
        }
        one.done().await;
        other.done().await;
    }
    assert!(differed > 5 && tried > 20, "{differed} numbers differed, {tried} were tried");
}
