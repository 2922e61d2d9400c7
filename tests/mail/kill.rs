//! The real program, killed 50 times at random moments of a mailing to 200 stakeholders: nobody is missed, nobody gets
//! two, and those in doubt are listed.
//!
//! The moments are counted in what the mail server has heard, half of them just before it answers: no clock decides.

use std::{collections::BTreeMap, process::Stdio};

use entity::{
    delivery::{self, State},
    mailing,
};
use opendoor::clock::Clock;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, sea_query::Expr};
use tokio::process::{Child, Command};

use super::{add, deliver, dispatched, ledger, site};
use crate::harness::{Engine, Site, people::DORSET, site::Visitor, smtp::SmtpServer};

const KILLS: usize = 50;
const STAKEHOLDERS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_missed_and_nobody_gets_two_on_sqlite() {
    killed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_missed_and_nobody_gets_two_on_postgres() {
    killed(Engine::Postgres).await;
}

async fn killed(engine: Engine) {
    let server = SmtpServer::start().await;
    let site = site(engine, &server).await;
    let all: Vec<_> =
        (0..STAKEHOLDERS).map(|n| (format!("Office {n}"), format!("office{n}@example.org"))).collect();
    let all: Vec<_> = all.iter().map(|(name, email)| ("PP-PUB", name.as_str(), email.as_str())).collect();
    add(&site, &all).await;
    let mut officer = site.officer(DORSET).await;
    let mut mailings = vec![dispatched(&mut officer, &["PP-PUB"], "engagement").await];
    start_today(&site).await;
    let mut moments = StdRng::seed_from_u64(44);
    let (mut kills, mut doubts) = (0, 0);
    while kills < KILLS {
        let queued = waiting(&site).await;
        if queued == 0 {
            // All that is left is in doubt, if anything is. The officer asks around, and decides.
            doubts += decide(&site, &server, &mut officer, &mailings).await;
            if waiting(&site).await == 0 {
                mailings.push(dispatched(&mut officer, &["PP-PUB"], "engagement").await);
                start_today(&site).await;
            }
            continue;
        }
        let heard = server.heard();
        let moment = moments.random_range(0..=queued.min(4) * 4);
        let unanswered = moment > 0 && moments.random_bool(0.5);
        server.hold_at(unanswered.then_some(heard + moment));
        let mut worker = start(&site, &server);
        tokio::select! {
            () = server.hears(heard + moment) => {}
            ended = worker.wait() => panic!("the worker ended by itself: {ended:?}"),
        }
        worker.kill().await.unwrap();
        server.hold_at(None);
        kills += 1;
    }
    // And once to the end.
    deliver(&site).await;
    doubts += decide(&site, &server, &mut officer, &mailings).await;
    deliver(&site).await;
    assert!(doubts > 0, "no kill hit a letter under way");
    let mut copies: BTreeMap<String, usize> = BTreeMap::new();
    for message in server.received() {
        let id = message.data.split("Message-ID: <").nth(1).and_then(|rest| rest.split('@').next()).unwrap();
        *copies.entry(id.to_owned()).or_default() += 1;
    }
    for mailing in &mailings {
        let rows = ledger(&site, mailing).await;
        assert_eq!(rows.len(), STAKEHOLDERS);
        for row in rows {
            assert_eq!(copies.get(&row.id), Some(&1), "{} is {:?} and got", row.address, row.state);
            assert!(matches!(row.state, State::Accepted | State::Uncertain), "{:?}", row.state);
        }
    }
    site.done().await;
}

/// The program goes by the real clock: a mailing that was sent off in the test's year would be late to it.
async fn start_today(site: &Site) {
    mailing::Entity::update_many()
        .col_expr(mailing::Column::StartsAt, Expr::value(Clock::System.now()))
        .exec(site.app.db.writer())
        .await
        .unwrap();
}

/// The program as an operator runs it.
fn start(site: &Site, server: &SmtpServer) -> Child {
    Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(["--log", "error", "work"])
        .arg("--data")
        .arg(&site.app.config.store.data)
        .args(["--database-url", &site.url])
        .args(["--mail", "smtp", "--smtp-tls", "none", "--smtp-connections", "2"])
        .args(["--smtp-port", &server.port.to_string()])
        .args(["--mail-from", "engagement@dorset.example.org"])
        .args(["--public-url", "https://opendoor.example.org"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// How many letters wait to be sent.
async fn waiting(site: &Site) -> usize {
    let waiting =
        delivery::Entity::find().filter(delivery::Column::State.is_in([State::Queued, State::Deferred]));
    usize::try_from(waiting.count(site.app.db.read()).await.unwrap()).unwrap()
}

/// An officer decides about every doubt that the pages list: those that arrived are left, the others sent again. Gives
/// how many there were.
async fn decide(site: &Site, server: &SmtpServer, officer: &mut Visitor<'_>, mailings: &[String]) -> usize {
    // What was being sent when the last worker was killed becomes a doubt once that is known.
    let sending = || delivery::Entity::find().filter(delivery::Column::State.eq(State::Sending));
    while sending().count(site.app.db.read()).await.unwrap() > 0 {
        deliver(site).await;
    }
    let arrived: Vec<String> = server.received().into_iter().map(|message| message.data).collect();
    let mut decided = 0;
    for mailing in mailings {
        loop {
            let listed = officer.get(mailing).await.attributes("input[name=delivery]", "value");
            if listed.is_empty() {
                break;
            }
            decided += listed.len();
            let (left, again): (Vec<_>, Vec<_>) =
                listed.iter().partition(|id| arrived.iter().any(|data| data.contains(id.as_str())));
            for (decision, ids) in [("leave", left), ("again", again)] {
                let mut fields = vec![("decision", decision)];
                fields.extend(ids.iter().map(|id| ("delivery", id.as_str())));
                officer.post(&format!("{mailing}/decisions"), &fields).await.led();
            }
        }
    }
    decided
}
