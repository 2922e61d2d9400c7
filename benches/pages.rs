//! How fast the pages of England and of an STP are, as ratios within one run: `make bench`, or
//! `cargo bench --bench pages -- 1000000`.
//!
//! ```text
//! events written with SQL ─► cold: rows → record → method → page ── beside SQLite's own join of the same rows
//!                        └─► warm: the page that was made ───────── beside axum with the very same bytes, ready
//!                        └─► one edit ─► one STP's page, then England's
//! ```
//!
//! Requests go over connections of this machine that are kept open, packed as browsers ask for them.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::header, routing::get};
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
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// How often a warm page is asked for.
const TIMES: u32 = 20_000;
/// Connections that ask at once.
const CONNECTIONS: u32 = 32;
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
    england: Warm,
    stp: Warm,
    stp_edited: Duration,
    england_edited: Duration,
}

/// A warm page: the time of one request of many at once, beside one for the same bytes from axum alone.
struct Warm {
    page: Duration,
    ready: Duration,
    /// Packed.
    bytes: usize,
}

impl Warm {
    /// The page's rate of that of ready bytes.
    fn rate(&self) -> f64 {
        ratio(self.ready, self.page)
    }

    fn a_second(&self) -> f64 {
        1.0 / self.page.as_secs_f64()
    }
}

impl Figures {
    fn json(&self) -> String {
        format!(
            "{{\"events\":{},\"join_ms\":{:.2},\"england_cold_to_join\":{:.2},\"england_warm_to_ready\":{:.3},\"stp_warm_to_ready\":{:.3},\"stp_after_edit_ms\":{:.2},\"england_after_edit_ms\":{:.2}}}\n",
            self.events,
            millis(self.join),
            ratio(self.england_cold, self.join),
            self.england.rate(),
            self.stp.rate(),
            millis(self.stp_edited),
            millis(self.england_edited),
        )
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} events", self.events)?;
        writeln!(
            f,
            "  cold: {:.0} ms, {:.1} times SQLite's own join ({:.0} ms)",
            millis(self.england_cold),
            ratio(self.england_cold, self.join),
            millis(self.join)
        )?;
        writeln!(
            f,
            "  warm: England {:.0} a second, {:.2} of axum's rate with those {} bytes ready; an STP {:.0}, {:.2} with {}",
            self.england.a_second(),
            self.england.rate(),
            self.england.bytes,
            self.stp.a_second(),
            self.stp.rate(),
            self.stp.bytes
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
    let at = serve(web::router(&app)).await;
    let stp = format!("/stps/{DORSET}");

    let mut join = Duration::MAX;
    for _ in 0..3 {
        join = join.min(time(standing(&app)).await.0);
    }
    let (england_cold, _) = time(ask(at, "/")).await;
    ask(at, &stp).await;
    let england = warm(at, "/").await;
    let stp_warm = warm(at, &stp).await;
    edit(&app).await;
    let (stp_edited, _) = time(ask(at, &stp)).await;
    let (england_edited, _) = time(ask(at, "/")).await;
    Figures { events, join, england_cold, england, stp: stp_warm, stp_edited, england_edited }
}

/// Serves on a free port for as long as the benchmark runs.
#[expect(clippy::disallowed_methods, reason = "it ends with the benchmark")]
async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let at = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    at
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn time<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let start = std::time::Instant::now();
    let done = work.await;
    (start.elapsed(), done)
}

/// One request of its own: the packed body.
async fn ask(at: SocketAddr, path: &str) -> Vec<u8> {
    let mut connection = TcpStream::connect(at).await.expect("a connection");
    request(&mut connection, path, &mut Vec::new()).await
}

/// Sends a request and reads the whole answer; `buffer` is used again and again.
async fn request(connection: &mut TcpStream, path: &str, buffer: &mut Vec<u8>) -> Vec<u8> {
    let text = format!("GET {path} HTTP/1.1\r\nhost: bench\r\naccept-encoding: gzip\r\n\r\n");
    connection.write_all(text.as_bytes()).await.expect("a request is sent");
    buffer.clear();
    let mut whole = None;
    while whole.is_none_or(|(_, end)| buffer.len() < end) {
        let read = connection.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "{path}: the connection closed within the answer");
        if whole.is_none() {
            whole = end(path, buffer);
        }
    }
    whole.map(|(start, end)| buffer[start..end].to_vec()).unwrap_or_default()
}

/// Where the body of an answer begins and ends, once its headers are there.
fn end(path: &str, buffer: &[u8]) -> Option<(usize, usize)> {
    let start = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let headers = String::from_utf8_lossy(&buffer[..start]).to_lowercase();
    assert!(headers.starts_with("http/1.1 200"), "{path}: {headers}");
    let length = headers.split("content-length:").nth(1).expect("a length").split_whitespace().next();
    Some((start, start + length.and_then(|text| text.parse::<usize>().ok()).expect("a length")))
}

/// A page from what is kept, beside axum with the same bytes.
async fn warm(at: SocketAddr, path: &str) -> Warm {
    let body = axum::body::Bytes::from(ask(at, path).await);
    let bytes = body.len();
    let answer = move || std::future::ready(([(header::CONTENT_TYPE, "text/html")], body.clone()));
    let alone = serve(Router::new().route("/", get(answer))).await;
    let (mut page, mut ready) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        page = page.min(often(at, path).await);
        ready = ready.min(often(alone, "/").await);
    }
    Warm { page, ready, bytes }
}

/// How long one request takes of many over several connections at once.
async fn often(at: SocketAddr, path: &str) -> Duration {
    let left = Arc::new(AtomicU32::new(TIMES));
    let take = |left: &AtomicU32| {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    };
    let (all, ()) = time(async {
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (left, path) = (left.clone(), path.to_owned());
            asking.spawn(async move {
                let mut connection = TcpStream::connect(at).await.expect("a connection");
                let mut buffer = Vec::new();
                while take(&left) {
                    std::hint::black_box(request(&mut connection, &path, &mut buffer).await);
                }
            });
        }
        while let Some(done) = asking.join_next().await {
            done.expect("all requests are answered");
        }
    })
    .await;
    all / TIMES
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
