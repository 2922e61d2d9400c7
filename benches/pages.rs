//! How fast the pages of England and of an STP are, as ratios within one run: `make bench`, or
//! `cargo bench --bench pages -- 1000000`.
//!
//! ```text
//! events written with SQL ─► cold: rows → record → method → page ── beside SQLite's own join of the same rows
//!                        └─► warm: the page that was made ───────── beside axum with as many ready bytes
//!                        └─► one edit ─► one STP's page, then England's
//! ```
//!
//! Requests go through the whole router, headers and all, without a network between.

use std::{hint::black_box, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request, routing::get};
use http_body_util::BodyExt as _;
use opendoor::{
    app::App,
    chance::Chance,
    clock::Clock,
    config::{Config, Store},
    db::Db,
    journal::{Actor, Entry},
    web,
};
use sea_orm::{ConnectionTrait as _, Statement};
use tower::ServiceExt as _;

/// How often a warm page is asked for.
const TIMES: u32 = 2_000;
/// The area that is looked at and edited.
const DORSET: &str = "E54000041";

fn main() {
    let asked = std::env::args().skip(1).find_map(|text| text.parse::<u64>().ok());
    let events = asked.unwrap_or(100_000);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let figures = runtime.block_on(measure(events));
    println!("{figures}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bench-pages.json");
    std::fs::write(path, figures.json()).expect("bench-pages.json can be written");
}

/// The times over one number of events.
struct Figures {
    events: u64,
    join: Duration,
    england_cold: Duration,
    england_warm: Duration,
    stp_warm: Duration,
    ready: Duration,
    stp_edited: Duration,
    england_edited: Duration,
    bytes: usize,
}

impl Figures {
    fn json(&self) -> String {
        format!(
            "{{\"events\":{},\"join_ms\":{:.2},\"england_cold_to_join\":{:.2},\"england_warm_to_ready\":{:.3},\"stp_warm_to_ready\":{:.3},\"stp_after_edit_ms\":{:.2},\"england_after_edit_ms\":{:.2}}}\n",
            self.events,
            millis(self.join),
            ratio(self.england_cold, self.join),
            ratio(self.ready, self.england_warm),
            ratio(self.ready, self.stp_warm),
            millis(self.stp_edited),
            millis(self.england_edited),
        )
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} events, England's page of {} bytes", self.events, self.bytes)?;
        writeln!(
            f,
            "  cold: {:.0} ms, {:.1} times SQLite's own join ({:.0} ms)",
            millis(self.england_cold),
            ratio(self.england_cold, self.join),
            millis(self.join)
        )?;
        writeln!(
            f,
            "  warm: England {:.2} and an STP {:.2} of axum's rate with ready bytes",
            ratio(self.ready, self.england_warm),
            ratio(self.ready, self.stp_warm)
        )?;
        write!(
            f,
            "  after one edit: the STP {:.0} ms, then England {:.0} ms; cold, all of it took {:.0} ms",
            millis(self.stp_edited),
            millis(self.england_edited),
            millis(self.england_cold)
        )
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn ratio(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64()
}

async fn measure(events: u64) -> Figures {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("opendoor.sqlite").display());
    let db = Db::open(&url).await.expect("opening");
    db.migrate().await.expect("migrating");
    fill(&db, events).await;
    let store = Store { data: folder.path().to_owned(), database_url: Some(url) };
    let clock = Clock::fixed("2018-01-15T10:00:00Z".parse().expect("an instant"));
    let chance = Chance::seeded(clock.clone(), 1);
    let app = App::new(db, clock, chance, Config::defaults(store)).expect("an app");
    let router = web::router(&app);
    let stp = format!("/stps/{DORSET}");

    let mut join = Duration::MAX;
    for _ in 0..3 {
        join = join.min(time(standing(&app)).await.0);
    }
    let (england_cold, page) = time(ask(&router, "/")).await;
    let ready = ready(page.len());
    let england_warm = often(&router, "/").await;
    ask(&router, &stp).await;
    let stp_warm = often(&router, &stp).await;
    let ready = often(&ready, "/").await;
    edit(&app).await;
    let (stp_edited, _) = time(ask(&router, &stp)).await;
    let (england_edited, _) = time(ask(&router, "/")).await;
    Figures {
        events,
        join,
        england_cold,
        england_warm,
        stp_warm,
        ready,
        stp_edited,
        england_edited,
        bytes: page.len(),
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn time<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let start = std::time::Instant::now();
    let done = work.await;
    (start.elapsed(), done)
}

async fn ask(router: &Router, path: &str) -> Vec<u8> {
    let request =
        Request::get(path).header("accept-encoding", "identity").body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.into_body().collect().await.expect("a whole answer").to_bytes().to_vec()
}

/// How long one request takes of many.
async fn often(router: &Router, path: &str) -> Duration {
    let (all, ()) = time(async {
        for _ in 0..TIMES {
            black_box(ask(router, path).await);
        }
    })
    .await;
    all / TIMES
}

/// axum with as many bytes, ready.
fn ready(bytes: usize) -> Router {
    let page = axum::body::Bytes::from(vec![b'x'; bytes]);
    Router::new().route("/", get(move || std::future::ready(page.clone())))
}

/// What SQLite itself makes of the rows: last day, number and best level for each STP and group.
async fn standing(app: &Arc<App>) -> usize {
    let sql = "SELECT p.stp_code, p.group_code, MAX(e.starts_on), COUNT(*), MAX(e.level) FROM events e \
               JOIN participations p ON p.event_id = e.id WHERE e.status = 'held' AND e.stp_discussed AND p.took_part \
               GROUP BY p.stp_code, p.group_code";
    app.db
        .read()
        .query_all_raw(Statement::from_string(sea_orm::DbBackend::Sqlite, sql))
        .await
        .expect("the join")
        .len()
}

/// One event of an area changes, and the journal says so.
async fn edit(app: &Arc<App>) {
    let mut writer = app.write_as(Actor::Command("bench"), "bench").await.expect("a writer");
    let id = format!("{DORSET}-0");
    writer
        .tx()
        .execute_raw(Statement::from_string(
            sea_orm::DbBackend::Sqlite,
            format!("UPDATE events SET level = 3 WHERE id = (SELECT MIN(id) FROM events WHERE stp_code = '{DORSET}')"),
        ))
        .await
        .expect("an edit");
    writer.record(Entry {
        action: "update",
        table: "events",
        id: &id,
        stp: Some(DORSET),
        before: None,
        after: None,
    });
    writer.commit().await.expect("committing");
}

/// Events with two or three groups each over two years, the same every time, written by SQLite itself.
async fn fill(db: &Db, events: u64) {
    let areas = "WITH areas AS (SELECT code, ROW_NUMBER() OVER (ORDER BY code) - 1 AS n FROM stps)";
    let number = format!(
        "RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < {events})"
    );
    let areas = areas.trim_start_matches("WITH ");
    let make = format!(
        "WITH {number}, {areas} INSERT INTO events (id, stp_code, title, kind, status, starts_on, date_precision, venue, online, \
         stp_discussed, level, held_in_public, publication, confirmed, accessibility, search, version, created_at, updated_at) \
         SELECT printf('%s-%08d', areas.code, i), areas.code, 'Event ' || i, 'drop_in', CASE WHEN i % 10 = 0 THEN 'planned' \
         ELSE 'held' END, date('2016-01-01', (i * 7919 % 740) || ' days'), 'day', 'Hall ' || (i % 1000), 0, 1, 1 + i % 5, 0, \
         'public', 0, '[]', '', 1, '2018-01-01 00:00:00+00:00', '2018-01-01 00:00:00+00:00' \
         FROM number JOIN areas ON areas.n = i % 44"
    );
    let take = "INSERT INTO participations (event_id, group_code, stp_code, took_part, attended_low, attended_high, attended_words) \
                SELECT e.id, g.code, e.stp_code, 1, 5 + e.rowid % 80, 5 + e.rowid % 80, CAST(5 + e.rowid % 80 AS TEXT) FROM events e \
                JOIN (SELECT code, ROW_NUMBER() OVER (ORDER BY code) - 1 AS n FROM audience_groups) g \
                ON g.n IN (e.rowid * 31 % 33, (e.rowid * 31 + 1) % 33) OR (e.rowid % 2 = 0 AND g.n = (e.rowid * 31 + 2) % 33)";
    for sql in [make.as_str(), take, "ANALYZE"] {
        db.writer().execute_unprepared(sql).await.expect("events");
    }
}
