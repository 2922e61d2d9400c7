//! How fast mail is sent, with what memory, and beside whom: `make bench`, or `cargo bench --bench mail -- 20000 100000`
//! for mailings of another size, and another large one.
//!
//! ```text
//! smtp-source ─┐                               letters of 5 KB, to many people
//! opendoor ────┤ SQLite, PostgreSQL          ┌─► smtp-sink
//! nodemailer ──┤ ────────────────────────────┤
//! django ──────┘ smtp-source, opendoor       └─► a mail server each of whose answers takes 10 ms
//! ```
//!
//! The limit and the product take turns, and the round in the middle counts: a machine is shared. The peers come from
//! `benches/peers.sh`. Everything runs on one machine, the mail server too.

mod mailing;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use entity::{delivery, mailing::Entity as Mailings};
use opendoor::{app::App, mailings::token};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};
use tokio::{
    net::{TcpListener, TcpStream},
    process::Command,
};

/// Connections to the mail server, of the limit and of the product.
const LINES: &str = "16";
/// The same where each answer takes 10 ms.
const SLOW_LINES: &str = "20";
/// How often the product and its limit take turns.
const ROUNDS: usize = 3;
/// How long an answer of the slow mail server takes.
const SLOW: Duration = Duration::from_millis(10);

/// The folder of the PostgreSQL that is measured.
const POSTGRES: &str = "/tmp/opendoor-bench-postgres";

fn main() {
    let mut sizes = std::env::args().skip(1).filter_map(|text| text.parse().ok());
    let (letters, many) = (sizes.next().unwrap_or(20_000), sizes.next().unwrap_or(1_000_000));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let figures = runtime.block_on(measure(letters, many));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bench-mail.json");
    std::fs::write(path, figures.json()).expect("bench-mail.json can be written");
}

/// What was measured, each under its name.
#[derive(Default)]
struct Figures(Vec<(&'static str, f64)>);

impl Figures {
    /// Keeps a figure and prints it in words.
    fn say(&mut self, name: &'static str, value: f64, words: &str) {
        println!("  {words}");
        self.0.push((name, value));
    }

    fn json(&self) -> String {
        let pairs: Vec<String> =
            self.0.iter().map(|(name, value)| format!("\"{name}\":{value:.3}")).collect();
        format!("{{{}}}\n", pairs.join(","))
    }
}

async fn measure(letters: usize, many: usize) -> Figures {
    let peers = peers().await;
    let mut figures = Figures::default();
    println!("Mail: {letters} letters of 5 KB");
    let sink = Sink::start(&peers).await;
    let folder = tempfile::tempdir().expect("a folder");
    let app = mailing::open(mailing::store(folder.path(), None)).await;
    let user = mailing::fill(&app, letters).await;
    let limit = Limit { peers: &peers, port: sink.port, lines: LINES, letters };
    let own = beside(&limit, &app, &user, ROUNDS).await.said(&mut figures, "sqlite", "on SQLite", 0.5);
    if let Some(url) = postgres().await {
        let data = tempfile::tempdir().expect("a folder");
        let app = mailing::open(mailing::store(data.path(), Some(url))).await;
        let user = mailing::fill(&app, letters).await;
        beside(&limit, &app, &user, ROUNDS).await.said(&mut figures, "postgres", "on PostgreSQL", 0.45);
    }
    let few = (letters / 10).max(1);
    let node = nodemailer(&peers, sink.port, few).await;
    let words = format!("nodemailer, pool of 20, no ledger: {node:.0}, a {:.0}th of ours", own / node);
    figures.say("nodemailer", node, &words);
    let django = django(&peers, sink.port, few).await;
    let words =
        format!("django-post-office: {django:.0}; ours are {:.0} times as many (promised: 10)", own / django);
    figures.say("django_post_office", django, &words);
    let slow = mailing::sink::Sink::open(SLOW).await;
    let few = (letters / 5).max(1);
    let limit = Limit { peers: &peers, port: slow.port, lines: SLOW_LINES, letters: few };
    let folder = tempfile::tempdir().expect("a folder");
    let slow_app = mailing::open(mailing::store(folder.path(), None)).await;
    let user = mailing::fill(&slow_app, few).await;
    let slow = beside(&limit, &slow_app, &user, 1).await;
    slow.said(&mut figures, "slow", "where an answer takes 10 ms", 0.95);
    for letters in [1000, many] {
        let (rate, memory) = memory(letters, sink.port).await;
        let name = if letters == many { "memory_many" } else { "memory_few" };
        let words = format!(
            "to {letters} recipients: {memory:.0} MiB at most (promised: 96), {rate:.0} letters a second"
        );
        figures.say(name, memory, &words);
    }
    figures
}

/// smtp-source, to a mail server over so many connections.
struct Limit<'a> {
    peers: &'a Path,
    port: u16,
    lines: &'static str,
    letters: usize,
}

/// What was measured beside the limit.
struct Beside {
    /// Letters a second and those of the limit meanwhile, a pair a round, by how much of it they are.
    rounds: Vec<(f64, f64)>,
    lines: &'static str,
}

/// Sends as many letters as the limit does, by turns with it: what else a machine has to do falls on both.
async fn beside(limit: &Limit<'_>, app: &Arc<App>, user: &str, rounds: usize) -> Beside {
    let mut before = limit.rate().await;
    let mut found = Vec::new();
    for _ in 0..rounds {
        let rate = sent(app, user, limit.port, limit.lines).await;
        let after = limit.rate().await;
        found.push((rate, f64::midpoint(before, after)));
        before = after;
    }
    found.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    Beside { rounds: found, lines: limit.lines }
}

impl Beside {
    /// Keeps and prints the round in the middle. Gives its letters a second.
    fn said(&self, figures: &mut Figures, name: &'static str, place: &str, promised: f64) -> f64 {
        let (rate, limit) = self.rounds[self.rounds.len() / 2];
        let all: Vec<String> =
            self.rounds.iter().map(|(rate, limit)| format!("{:.2}", rate / limit)).collect();
        let words = format!(
            "Open Door {place}: {rate:.0} letters a second, {:.2} of smtp-source’s {limit:.0} over {} connections \
             (promised: {promised}; rounds: {})",
            rate / limit,
            self.lines,
            all.join(", ")
        );
        figures.say(name, rate / limit, &words);
        rate
    }
}

/// The folder of the peers, brought if need be.
async fn peers() -> PathBuf {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers.sh");
    let output = Command::new(script).stderr(Stdio::inherit()).output().await.expect("benches/peers.sh runs");
    assert!(output.status.success(), "benches/peers.sh brings the peers");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path").trim())
}

/// A database of its own on a durable PostgreSQL; none where there is no PostgreSQL.
async fn postgres() -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres.sh");
    let output = Command::new(script)
        .arg("start")
        .env("OPENDOOR_TEST_POSTGRES_DIR", POSTGRES)
        .env("OPENDOOR_TEST_POSTGRES_PORT", "54330")
        .env("OPENDOOR_TEST_POSTGRES_DURABLE", "1")
        .output()
        .await
        .expect("tests/postgres.sh runs");
    if !output.status.success() {
        println!("  PostgreSQL is missing: not measured");
        return None;
    }
    let url = String::from_utf8(output.stdout).expect("an address").trim().to_owned();
    let db = sea_orm::Database::connect(&url).await.expect("PostgreSQL is there");
    for statement in ["DROP DATABASE IF EXISTS mail", "CREATE DATABASE mail"] {
        db.execute_unprepared(statement).await.expect("a database of its own");
    }
    // Over its socket, as on a machine that has both.
    Some(format!("{}/mail?host={POSTGRES}", url.trim_end_matches("/postgres")))
}

/// A command of Debian's postfix, which is unpacked and not set up.
fn postfix(peers: &Path, command: &str) -> Command {
    let mut run = Command::new(peers.join("postfix/usr/sbin").join(command));
    run.env("LD_LIBRARY_PATH", peers.join("postfix/usr/lib/postfix"))
        .stdout(Stdio::null())
        .kill_on_drop(true);
    run
}

/// smtp-sink, which takes every letter and keeps none.
struct Sink {
    port: u16,
    _process: tokio::process::Child,
}

impl Sink {
    async fn start(peers: &Path) -> Self {
        let port =
            TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("it").port();
        let process = postfix(peers, "smtp-sink")
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "1000"])
            .spawn()
            .expect("smtp-sink starts");
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { port, _process: process }
    }
}

impl Limit<'_> {
    /// Letters a second of smtp-source: nothing personalised, nothing written down.
    async fn rate(&self) -> f64 {
        let started = now();
        let status = postfix(self.peers, "smtp-source")
            .args(["-d", "-s", self.lines, "-l", "5120", "-m", &self.letters.to_string()])
            .args(["-f", "engagement@dorset.example.org", "-t", "office@example.org"])
            .arg(format!("127.0.0.1:{}", self.port))
            .status()
            .await
            .expect("smtp-source runs");
        assert!(status.success(), "smtp-source sends");
        number(self.letters) / started.elapsed().as_secs_f64()
    }
}

async fn nodemailer(peers: &Path, port: u16, letters: usize) -> f64 {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/nodemailer.mjs");
    let mut run = Command::new("node");
    run.arg(script).arg(peers.join("nodemailer/node_modules"));
    seconds(run.args([&port.to_string(), &letters.to_string(), "20"]), letters).await
}

async fn django(peers: &Path, port: u16, letters: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/django_queue.py");
    let mut run = Command::new(peers.join("django/bin/python"));
    run.arg(script).arg(folder.path());
    seconds(run.args([port.to_string(), letters.to_string()]), letters).await
}

/// Letters a second of a peer that prints how long it took.
async fn seconds(run: &mut Command, letters: usize) -> f64 {
    let output = run.stderr(Stdio::inherit()).output().await.expect("the peer runs");
    assert!(output.status.success(), "the peer sends");
    let said = String::from_utf8(output.stdout).expect("a number");
    let took: f64 = said.trim().lines().last().and_then(|line| line.parse().ok()).expect("how long it took");
    number(letters) / took
}

/// Letters a second of a mailing to everyone, from its first claim to its last answer, by the ledger.
async fn sent(app: &Arc<App>, user: &str, port: u16, lines: &str) -> f64 {
    let id = mailing::frozen(app, user, &text()).await;
    mailing::dispatch(app, &id).await;
    let mut worker = worker(app, port, lines);
    finished(app, &id).await;
    worker.kill().await.expect("the worker stops");
    rate(app, &id).await
}

fn worker(app: &App, port: u16, lines: &str) -> tokio::process::Child {
    mailing::program(app, "work", port)
        .args(["--smtp-connections", lines])
        .spawn()
        .expect("the worker starts")
}

/// A letter of 5 KB in both its parts.
fn text() -> String {
    let words =
        "We would like to hear from you about the plan for health and care where you live. ".repeat(6);
    format!("Dear {{{{ name }}}},\n\n{words}\n\n# Where\n\n{words}\n\n{words}\n\nThe engagement team")
}

async fn finished(app: &App, id: &str) {
    loop {
        let mailing =
            Mailings::find_by_id(id).one(app.db.read()).await.expect("reading").expect("the mailing");
        if mailing.state == entity::mailing::State::Done {
            return;
        }
        assert!(mailing.state == entity::mailing::State::Sending, "{:?}", mailing.paused_reason);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn rate(app: &App, id: &str) -> f64 {
    let rows = || delivery::Entity::find().filter(delivery::Column::MailingId.eq(id));
    let accepted = rows().filter(delivery::Column::State.eq(delivery::State::Accepted));
    let accepted = accepted.count(app.db.read()).await.expect("counting");
    let all = rows().count(app.db.read()).await.expect("counting");
    assert_eq!(accepted, all, "every letter was taken");
    let (first, last): (DateTime<Utc>, DateTime<Utc>) = rows()
        .select_only()
        .column_as(delivery::Column::ClaimedAt.min(), "first")
        .column_as(delivery::Column::UpdatedAt.max(), "last")
        .into_tuple()
        .one(app.db.read())
        .await
        .expect("reading")
        .expect("letters");
    let took = (last - first).to_std().expect("time goes on");
    number(usize::try_from(all).expect("a number of a benchmark")) / took.as_secs_f64()
}

/// Letters a second, and the most memory in MiB, of a mailing to so many. Its ledger is written straight into the
/// database: what is measured is the sending.
async fn memory(letters: usize, port: u16) -> (f64, f64) {
    let folder = tempfile::tempdir().expect("a folder");
    let app = mailing::open(mailing::store(folder.path(), None)).await;
    let user = mailing::fill(&app, 1).await;
    let id = mailing::frozen(&app, &user, &text()).await;
    multiply(&app, &id, letters).await;
    mailing::dispatch(&app, &id).await;
    let mut worker = worker(&app, port, LINES);
    finished(&app, &id).await;
    let status = format!("/proc/{}/status", worker.id().expect("it runs"));
    let status = std::fs::read_to_string(status).expect("what the system knows of it");
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its most memory");
    let most: f64 = most.trim().trim_end_matches(" kB").parse().expect("a number");
    worker.kill().await.expect("the worker stops");
    (rate(&app, &id).await, most / 1024.0)
}

/// Gives the one letter of a mailing so many fellows that it is one of `letters`.
#[expect(clippy::disallowed_methods, reason = "a benchmark fills its database")]
async fn multiply(app: &App, id: &str, letters: usize) {
    use sea_orm::TransactionTrait as _;
    let one = delivery::Entity::find().filter(delivery::Column::MailingId.eq(id));
    let one = one.one(app.db.read()).await.expect("reading").expect("a letter");
    let key = token::Key::open(&app.config.store.data, &app.chance).expect("the key of the links");
    let tx = app.db.writer().begin().await.expect("a transaction");
    let numbers: Vec<usize> = (1..letters).collect();
    for some in numbers.chunks(500) {
        let rows = some.iter().map(|number| {
            let id = app.chance.id();
            let row = delivery::Model {
                token_digest: token::digest(&key.token(&id)),
                me_digest: one.me_digest.is_some().then(|| token::digest(&key.me(&id))),
                address: format!("office{number}@area{}.example.org", number % 200),
                domain: format!("area{}.example.org", number % 200),
                stakeholder_id: None,
                id,
                ..one.clone()
            };
            row.into_active_model().reset_all()
        });
        delivery::Entity::insert_many(rows).exec(&tx).await.expect("rows");
    }
    tx.commit().await.expect("committing");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a number of a benchmark"))
}
