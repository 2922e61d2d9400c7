//! Whether mail scanners that open unsubscribe links slow the sending of mail: `make bench`, or
//! `cargo bench --bench scanners -- 3000` for mailings of another size.
//!
//! ```text
//! opendoor serve on SQLite ─► mailing after mailing ─► a mail server that takes all: letters a second
//!       ▲ every other mailing: 1,000 GET and HEAD a second on the links of the first, sent by the clock, answered or not
//! ```
//!
//! Server, mail server and scanners share the machine, so the ratio holds what the scanners cost by themselves.

mod mailing;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use entity::{delivery, journal_entry, suppression};
use mailing::sink::Sink;
use opendoor::{app::App, journal, mailings::token};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::{mpsc, watch},
    task::JoinSet,
};

const TEXT: &str = "Dear {{ name }},\n\nCome to the village hall.\n\nThe engagement team";
/// Requests a second.
const RATE: u64 = 1000;
const CONNECTIONS: usize = 32;
/// Mailings with scanners, and as many without.
const ROUNDS: usize = 3;

fn main() {
    let asked = std::env::args().skip(1).find_map(|text| text.parse().ok());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let figures = runtime.block_on(measure(asked.unwrap_or(3000)));
    println!("{figures}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bench-scanners.json");
    std::fs::write(path, figures.json()).expect("bench-scanners.json can be written");
}

struct Figures {
    letters: usize,
    /// Letters a second.
    alone: f64,
    scanned: f64,
    /// Requests a second that were answered.
    answered: f64,
    slowest: Duration,
}

impl Figures {
    fn json(&self) -> String {
        format!(
            "{{\"letters\":{},\"letters_a_second\":{:.0},\"letters_a_second_scanned\":{:.0},\"scanned_to_alone\":{:.3},\"requests_a_second\":{:.0}}}\n",
            self.letters,
            self.alone,
            self.scanned,
            self.scanned / self.alone,
            self.answered
        )
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "Mailings of {} letters, {ROUNDS} with scanners and {ROUNDS} without", self.letters)?;
        writeln!(
            f,
            "  sending: {:.0} letters a second, {:.0} while scanned: {:.2} of it (promised: 0.8)",
            self.alone,
            self.scanned,
            self.scanned / self.alone
        )?;
        write!(
            f,
            "  scanners: {:.0} requests a second answered of {RATE} sent, the slowest in {:.0} ms; nothing changed",
            self.answered,
            self.slowest.as_secs_f64() * 1e3
        )
    }
}

async fn measure(letters: usize) -> Figures {
    let folder = tempfile::tempdir().expect("a folder");
    let app = mailing::open(mailing::store(folder.path(), None)).await;
    let user = mailing::fill(&app, letters).await;
    let mut mailings = Vec::new();
    for _ in 0..=2 * ROUNDS {
        mailings.push(mailing::frozen(&app, &user, TEXT).await);
    }
    let sink = Sink::open(Duration::ZERO).await;
    let (_server, at) = mailing::serve(&app, sink.port).await;
    // The first warms up, and its links are what scanners open.
    send(&app, &sink, &mailings[0], letters).await;
    let key = token::Key::open(&app.config.store.data, &app.chance).expect("the key of the links");
    let rows = delivery::Entity::find().filter(delivery::Column::MailingId.eq(&mailings[0]));
    let rows = rows.all(app.db.read()).await.expect("the ledger");
    let links: Arc<Vec<String>> =
        Arc::new(rows.iter().map(|row| format!("/u/{}", key.token(&row.id))).collect());
    let (before, _) = journal::head(app.db.read()).await.expect("the journal");
    let (mut alone, mut scanned) = (Duration::ZERO, Duration::ZERO);
    let (mut answered, mut open, mut slowest) = (0, Duration::ZERO, Duration::ZERO);
    for pair in mailings[1..].chunks(2) {
        alone += send(&app, &sink, &pair[0], letters).await;
        let scanners = Scanners::start(at, links.clone());
        scanned += send(&app, &sink, &pair[1], letters).await;
        let scan = scanners.stop().await;
        answered += scan.answered;
        open += scan.open;
        slowest = slowest.max(scan.slowest);
    }
    nothing_changed(&app, before).await;
    let number = |count: u64| f64::from(u32::try_from(count).expect("a number of a benchmark"));
    let sent = number((ROUNDS * letters) as u64);
    Figures {
        letters,
        alone: sent / alone.as_secs_f64(),
        scanned: sent / scanned.as_secs_f64(),
        answered: number(answered) / open.as_secs_f64(),
        slowest,
    }
}

/// Sends a mailing off, waits for its last letter, and gives the time from its first to that.
async fn send(app: &Arc<App>, sink: &Sink, id: &str, letters: usize) -> Duration {
    let all = sink.begin() + letters;
    mailing::dispatch(app, id).await;
    sink.took(all).await
}

/// Asserts that since this entry of the journal nothing was written but what the mailings themselves write.
async fn nothing_changed(app: &Arc<App>, before: i64) {
    let stops = suppression::Entity::find().count(app.db.read()).await.expect("counting");
    assert_eq!(stops, 0, "a scanner has opted somebody out");
    let entries = journal_entry::Entity::find()
        .filter(journal_entry::Column::Seq.gt(before))
        .filter(journal_entry::Column::SubjectTable.ne("mailings"))
        .count(app.db.read())
        .await
        .expect("counting");
    assert_eq!(entries, 0, "a scanner has changed something");
}

/// Scanners at work.
struct Scanners {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    answered: Arc<AtomicU64>,
    slowest: Arc<AtomicU64>,
    since: Instant,
}

/// What they did.
struct Scan {
    answered: u64,
    open: Duration,
    slowest: Duration,
}

impl Scanners {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    fn start(at: SocketAddr, links: Arc<Vec<String>>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (due, waiting) = mpsc::unbounded_channel::<(usize, Instant)>();
        let waiting = Arc::new(tokio::sync::Mutex::new(waiting));
        let (answered, slowest) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (links, waiting) = (links.clone(), waiting.clone());
            let (answered, slowest) = (answered.clone(), slowest.clone());
            tasks.spawn(async move {
                let mut connection = BufReader::new(TcpStream::connect(at).await.expect("a connection"));
                loop {
                    let next = waiting.lock().await.recv().await;
                    let Some((number, due)) = next else { break };
                    let verb = if number.is_multiple_of(2) { "GET" } else { "HEAD" };
                    open(&mut connection, verb, &links[number % links.len()]).await;
                    answered.fetch_add(1, Ordering::Relaxed);
                    let waited = u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX);
                    slowest.fetch_max(waited, Ordering::Relaxed);
                }
            });
        }
        tasks.spawn(async move {
            let mut clock = tokio::time::interval(Duration::from_micros(1_000_000 / RATE));
            let mut number = 0;
            while !*stopped.borrow() {
                clock.tick().await;
                if due.send((number, Instant::now())).is_err() {
                    break;
                }
                number += 1;
            }
        });
        Self { stop, tasks, answered, slowest, since: Instant::now() }
    }

    /// Ends them when the last request is answered.
    async fn stop(mut self) -> Scan {
        self.stop.send_replace(true);
        while let Some(done) = self.tasks.join_next().await {
            done.expect("all requests are answered");
        }
        Scan {
            answered: self.answered.load(Ordering::Relaxed),
            open: self.since.elapsed(),
            slowest: Duration::from_micros(self.slowest.load(Ordering::Relaxed)),
        }
    }
}

/// Opens a link and reads the whole answer.
async fn open(connection: &mut BufReader<TcpStream>, verb: &str, link: &str) {
    let request = format!("{verb} {link} HTTP/1.1\r\nhost: bench\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("a request is sent");
    let (mut text, mut length) = (String::new(), 0);
    connection.read_line(&mut text).await.expect("an answer");
    assert!(text.starts_with("HTTP/1.1 200"), "{verb} {link}: {text}");
    while text != "\r\n" {
        text.clear();
        assert!(connection.read_line(&mut text).await.expect("an answer") > 0, "{verb} {link}: no end");
        if let Some(said) = text.to_ascii_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().expect("a length");
        }
    }
    assert!(length > 0, "{verb} {link}: no length");
    if verb == "GET" {
        let mut body = vec![0; length];
        connection.read_exact(&mut body).await.expect("a body");
    }
}
