//! The real program, killed at random moments of a mailing: nobody is missed, nobody gets two, and those in doubt are
//! listed.
//!
//! ```text
//! opendoor work, opendoor serve ─► mail server: does its duty, or misbehaves at random and goes away
//!       ▲ killed when the server has heard so many commands, half of them just before it answers
//! nothing left but doubts ─► the officer looks what arrived, leaves those, sends the others again ─► the next mailing
//! ```
//!
//! The moments are counted in what the mail server has heard: no clock decides. The program goes by the real clock, so
//! what a server put off for minutes is brought forward in the database between two kills.

mod crew;

use std::time::Duration;

use entity::{
    delivery::{self, Column, State},
    mailing,
};
use opendoor::{clock::Clock, mailings::deliver::WINDOW};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::Expr,
};

use self::crew::Crew;
use super::{add, deliver, dispatched, ledger};
use crate::harness::{
    Engine, Site,
    mischief::Mischief,
    people::DORSET,
    site::Visitor,
    smtp::{SmtpServer, Step},
};

/// What is done.
#[derive(Clone, Copy, Debug)]
struct Run {
    letters: usize,
    kills: usize,
    /// Processes that send at once.
    workers: usize,
    /// Whether the mail server misbehaves.
    mixed: bool,
    seed: u64,
}

const QUICK: Run = Run { letters: 200, kills: 50, workers: 1, mixed: false, seed: 44 };
const SHORT: Run = Run { letters: 100, kills: 8, workers: 2, mixed: true, seed: 45 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_missed_and_nobody_gets_two_on_sqlite() {
    killed(Engine::Sqlite, QUICK).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_missed_and_nobody_gets_two_on_postgres() {
    killed(Engine::Postgres, QUICK).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_by_two_workers_and_a_server_that_misbehaves_on_sqlite() {
    killed(Engine::Sqlite, SHORT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_by_two_workers_and_a_server_that_misbehaves_on_postgres() {
    killed(Engine::Postgres, SHORT).await;
}

/// `make kills`: as many as `OPENDOOR_KILLS` says in all, over mailings to `OPENDOOR_KILL_LETTERS`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a quarter of an hour: make kills"]
async fn nor_over_500_kills_of_mailings_to_5000() {
    let (kills, letters) = (told("OPENDOOR_KILLS", 500), told("OPENDOOR_KILL_LETTERS", 5000));
    let seed = told("OPENDOOR_KILL_SEED", 46) as u64;
    for (number, (engine, workers)) in
        [(Engine::Sqlite, 1), (Engine::Sqlite, 2), (Engine::Postgres, 1), (Engine::Postgres, 2)]
            .into_iter()
            .enumerate()
    {
        let run = Run { letters, kills: kills.div_ceil(4), workers, mixed: true, seed: seed + number as u64 };
        println!("{engine:?}, {run:?}");
        println!("  {:?}", Box::pin(killed(engine, run)).await);
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs it says how long")]
fn told(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

/// What came of a run.
#[derive(Debug, Default)]
struct Figures {
    mailings: usize,
    kills: usize,
    /// Of these, how many were of a process that serves pages as well.
    of_servers: usize,
    /// Times that the mail server went away in the middle.
    mail_server_gone: usize,
    /// Mailings that ten failures in a row paused, and an officer resumed.
    pauses: usize,
    doubts: usize,
    /// The most letters that one worker had under way when it was killed.
    most_under_way: usize,
    accepted: usize,
    rejected: usize,
    /// Left out since their address had been refused before.
    excluded: usize,
}

/// A run that goes on.
struct Trial<'a> {
    run: Run,
    site: &'a Site,
    server: &'a SmtpServer,
    officer: Visitor<'a>,
    mailings: Vec<String>,
    moments: StdRng,
    figures: Figures,
}

async fn killed(engine: Engine, run: Run) -> Figures {
    let server = SmtpServer::start().await;
    let site = Site::with(engine, |config| {
        super::to(config, &server);
        config.post.smtp_connections = 1;
        config.post.approve_above = u32::MAX;
    })
    .await;
    let all: Vec<_> = (0..run.letters)
        .map(|n| (format!("Office {n}"), format!("office{n}@area{}.example.org", n % 50)))
        .collect();
    let all: Vec<_> = all.iter().map(|(name, email)| ("PP-PUB", name.as_str(), email.as_str())).collect();
    add(&site, &all).await;
    let officer = site.officer(DORSET).await;
    let moments = StdRng::seed_from_u64(run.seed);
    let figures = Figures::default();
    let (site_, server_) = (&site, &server);
    let mut trial =
        Trial { run, site: site_, server: server_, officer, mailings: Vec::new(), moments, figures };
    let mut crew = Crew::new(run.workers);
    let mut mischief = run.mixed.then(|| Mischief::seeded(run.seed));
    while trial.figures.kills < run.kills {
        trial.bring_forward().await;
        if trial.waiting().await == 0 {
            // All that is left is in doubt, if anything is. The officer asks around, and decides.
            crew.leave().await;
            trial.decide().await;
            if trial.waiting().await == 0 {
                trial.dispatch().await;
            }
            continue;
        }
        if let Some(mischief) = mischief.take() {
            server.misbehave(mischief);
        }
        trial.kill(&mut crew).await;
        mischief = server.behave();
    }
    crew.leave().await;
    // And once to the end.
    while trial.waiting().await > 0 || trial.decide().await > 0 {
        trial.bring_forward().await;
        deliver(&site).await;
    }
    trial.account().await;
    let figures = trial.figures;
    assert!(figures.doubts > 0, "no kill hit a letter under way");
    site.done().await;
    figures
}

impl Trial<'_> {
    /// Sends off the next mailing.
    async fn dispatch(&mut self) {
        self.mailings.push(dispatched(&mut self.officer, &["PP-PUB"], "engagement").await);
        // The program goes by the real clock: a mailing that was sent off in the test's year would be late to it.
        mailing::Entity::update_many()
            .col_expr(mailing::Column::StartsAt, Expr::value(Clock::System.now()))
            .exec(self.site.app.db.writer())
            .await
            .unwrap();
    }

    /// What a server put off is due at once, and what was paused goes on.
    async fn bring_forward(&mut self) {
        delivery::Entity::update_many()
            .col_expr(Column::NextAttemptAt, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
            .filter(Column::State.is_in([State::Queued, State::Deferred]))
            .filter(Column::NextAttemptAt.is_not_null())
            .exec(self.site.app.db.writer())
            .await
            .unwrap();
        for mailing in &self.mailings {
            let id = mailing.rsplit('/').next().unwrap();
            let row = mailing::Entity::find_by_id(id).one(self.site.app.db.read()).await.unwrap().unwrap();
            if row.state == mailing::State::Paused {
                self.officer.post(&format!("{mailing}/resumptions"), &[]).await.led();
                self.figures.pauses += 1;
            }
        }
    }

    /// Lets the crew work up to a random moment, and kills one of it or all.
    async fn kill(&mut self, crew: &mut Crew) {
        let (server, queued) = (self.server, self.waiting().await);
        server.pipeline(self.moments.random_bool(0.5));
        // Four commands a letter; so that the kills are spread over a mailing where it is a long one.
        let most = (2 * self.run.letters / self.run.kills).max(4);
        let moment = server.heard() + self.moments.random_range(0..=queued.min(most) * 4);
        let unanswered = moment > server.heard() && self.moments.random_bool(0.5);
        server.hold_at(unanswered.then_some(moment));
        let (mixed, with_pages) = (self.run.mixed, self.moments.random_bool(0.5));
        crew.fill(self.site, server, mixed && with_pages);
        if mixed && self.moments.random_ratio(1, 4) {
            self.until(crew, server.heard().midpoint(moment)).await;
            server.hang_up();
            if self.moments.random_bool(0.25) {
                // It is gone for a while.
                server.when(Step::Greeting, "", crate::harness::smtp::Behaviour::Drop, 1);
            }
            self.figures.mail_server_gone += 1;
        }
        self.until(crew, moment).await;
        // Each of the crew has at most one batch under way, whoever of it is killed.
        let under_way: Vec<(Option<String>, i64)> = delivery::Entity::find()
            .select_only()
            .column(Column::Claim)
            .column_as(Column::Id.count(), "letters")
            .filter(Column::State.eq(State::Sending))
            .group_by(Column::Claim)
            .into_tuple()
            .all(self.site.app.db.read())
            .await
            .unwrap();
        let most = under_way.iter().map(|(_, letters)| usize::try_from(*letters).unwrap()).max();
        assert!(most.unwrap_or(0) <= WINDOW, "{under_way:?}");
        self.figures.most_under_way = self.figures.most_under_way.max(most.unwrap_or(0));
        let (killed, of_servers) = crew.kill(&mut self.moments).await;
        self.figures.kills += killed;
        self.figures.of_servers += of_servers;
        server.hold_at(None);
    }

    /// Waits until the mail server has heard so much, or all that is left waits for the officer.
    async fn until(&mut self, crew: &mut Crew, moment: usize) {
        for _ in 0..60 {
            if tokio::time::timeout(Duration::from_secs(2), self.server.hears(moment)).await.is_ok() {
                return;
            }
            crew.is_at_work();
            self.bring_forward().await;
            if self.waiting().await == 0 {
                return;
            }
        }
        panic!("nothing was sent for two minutes: {}", self.standing().await);
    }

    /// How everything stands, for whoever looks why it does not go on.
    async fn standing(&self) -> String {
        let conn = self.site.app.db.read();
        let mailings = mailing::Entity::find().all(conn).await.unwrap();
        let mailings: Vec<_> =
            mailings.iter().map(|row| (&row.id, row.state, row.starts_at, &row.paused_reason)).collect();
        let open = Column::State.is_in([State::Queued, State::Deferred, State::Sending]);
        let letters = delivery::Entity::find().filter(open).all(conn).await.unwrap();
        let letters: Vec<_> = letters
            .iter()
            .map(|row| {
                (&row.mailing_id, row.state, row.attempts, row.next_attempt_at, &row.claim, &row.reason)
            })
            .collect();
        let waits = entity::mailing_wait::Entity::find().all(conn).await.unwrap();
        let (heard, figures) = (self.server.heard(), &self.figures);
        format!("{heard} commands heard; {figures:?}; {mailings:#?}; {waits:?}; {letters:#?}")
    }

    /// How many letters wait to be sent.
    async fn waiting(&self) -> usize {
        let waiting = delivery::Entity::find().filter(Column::State.is_in([State::Queued, State::Deferred]));
        usize::try_from(waiting.count(self.site.app.db.read()).await.unwrap()).unwrap()
    }

    /// The officer decides about every doubt that the pages list: those that arrived are left, the others sent again.
    /// Gives how many there were.
    async fn decide(&mut self) -> usize {
        let conn = self.site.app.db.read();
        // What was being sent when the last worker was killed becomes a doubt once that is known.
        let sending = || delivery::Entity::find().filter(Column::State.eq(State::Sending));
        while sending().count(conn).await.unwrap() > 0 {
            deliver(self.site).await;
        }
        self.server.is_alone().await;
        let arrived = self.server.copies();
        let doubts = delivery::Entity::find()
            .filter(Column::State.eq(State::Uncertain))
            .filter(Column::Claim.is_not_null());
        let doubts = usize::try_from(doubts.count(conn).await.unwrap()).unwrap();
        let mut decided = 0;
        for mailing in &self.mailings {
            loop {
                let listed = self.officer.get(mailing).await.attributes("input[name=delivery]", "value");
                if listed.is_empty() {
                    break;
                }
                decided += listed.len();
                let (left, again): (Vec<_>, Vec<_>) = listed.iter().partition(|id| arrived.contains_key(*id));
                for (decision, ids) in [("leave", left), ("again", again)] {
                    let mut fields = vec![("decision", decision)];
                    fields.extend(ids.iter().map(|id| ("delivery", id.as_str())));
                    self.officer.post(&format!("{mailing}/decisions"), &fields).await.led();
                }
            }
        }
        assert_eq!(decided, doubts, "every doubt is listed");
        self.figures.doubts += decided;
        decided
    }

    /// Every letter is accounted for: one copy, or none and the reason why.
    async fn account(&mut self) {
        let (copies, refused) = (self.server.copies(), self.server.refused());
        for mailing in &self.mailings {
            let rows = ledger(self.site, mailing).await;
            assert_eq!(rows.len(), self.run.letters);
            for row in rows {
                let (expected, counted) = match row.state {
                    // In doubt, and it had arrived.
                    State::Accepted | State::Uncertain => (1, &mut self.figures.accepted),
                    State::Rejected => (0, &mut self.figures.rejected),
                    State::Excluded => (0, &mut self.figures.excluded),
                    _ => panic!("{} is {:?}", row.address, row.state),
                };
                *counted += 1;
                let got = copies.get(&row.id).copied().unwrap_or(0);
                assert_eq!(got, expected, "{} is {:?} ({:?})", row.address, row.state, row.server_answer);
                assert!(expected == 1 || refused.contains(&row.address), "{} was not refused", row.address);
            }
        }
        self.figures.mailings = self.mailings.len();
    }
}
