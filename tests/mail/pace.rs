//! How fast letters leave: limits, a new sender's first days, quiet hours, and a worker that begins anew; and how little
//! of a queue is read for a claim.

use chrono::TimeDelta;
use opendoor::config::{Config, Post};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};

use super::{add, deliver, dispatched, ledger};
use crate::harness::{
    Engine, Site, database,
    people::DORSET,
    smtp::{Behaviour, SmtpServer, Step},
};

/// A journey on both databases, with letters held to what `set` says.
macro_rules! held {
    ($name:ident, |$post:ident| $set:block, |$site:ident, $server:ident| $body:block) => {
        mod $name {
            use super::*;

            fn set($post: &mut Post) $set

            async fn journey($site: Site, $server: SmtpServer) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let server = SmtpServer::start().await;
                journey(site(Engine::Sqlite, &server, set).await, server).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let server = SmtpServer::start().await;
                journey(site(Engine::Postgres, &server, set).await, server).await;
            }
        }
    };
}

async fn site(engine: Engine, server: &SmtpServer, set: fn(&mut Post)) -> Site {
    Site::with(engine, |config: &mut Config| {
        super::to(config, server);
        config.post.smtp_connections = 1;
        set(&mut config.post);
    })
    .await
}

/// Adds so many members of the public at a domain.
async fn people(site: &Site, number: usize, domain: &str) {
    let all: Vec<_> =
        (0..number).map(|n| (format!("Office {n} at {domain}"), format!("office{n}@{domain}"))).collect();
    let all: Vec<_> = all.iter().map(|(name, email)| ("PP-PUB", name.as_str(), email.as_str())).collect();
    add(site, &all).await;
}

/// How many letters the server took for a domain.
fn taken(server: &SmtpServer, domain: &str) -> usize {
    server.received().iter().filter(|letter| letter.to.ends_with(domain)).count()
}

const PUBLIC: [&str; 1] = ["PP-PUB"];

held!(
    a_domain_has_a_limit_and_the_others_go_on,
    |post| {
        post.mail_limit_domain = vec!["nhs.net=2/h:2".parse().unwrap()];
    },
    |site, server| {
        people(&site, 5, "nhs.net").await;
        people(&site, 3, "zoo.example.org").await;
        let mut officer = site.officer(DORSET).await;
        let mailing = dispatched(&mut officer, &PUBLIC, "engagement").await;
        assert_eq!(deliver(&site).await, 5);
        assert_eq!((taken(&server, "nhs.net"), taken(&server, "zoo.example.org")), (2, 3));
        let shown = officer.get(&mailing).await.words("main");
        assert!(
            shown.contains("Letters to nhs.net leave at 2 an hour at most. Until 15 January 2018"),
            "{shown}"
        );
        let waiting: Vec<_> =
            ledger(&site, &mailing).await.into_iter().filter(|row| row.attempts == 0).collect();
        assert_eq!(waiting.len(), 3);
        assert!(waiting.iter().all(|row| row.claimed_at.is_none()), "not touched");
        // A worker that begins anew knows what left before it.
        assert_eq!(deliver(&site).await, 0);
        for _ in 0..6 {
            let before = taken(&server, "nhs.net");
            // A worker that begins anew takes what left before it for what has just left.
            site.app.clock.advance(TimeDelta::minutes(122));
            deliver(&site).await;
            assert!(taken(&server, "nhs.net") - before <= 2);
        }
        assert_eq!(taken(&server, "nhs.net"), 5, "nobody is missed");
        assert!(!officer.get(&mailing).await.words("main").contains("at most"));
        site.done().await;
    }
);

held!(
    all_letters_have_a_limit,
    |post| {
        post.mail_limit = vec!["3/m:3".parse().unwrap()];
    },
    |site, server| {
        people(&site, 4, "a.example.org").await;
        people(&site, 4, "b.example.org").await;
        let mut officer = site.officer(DORSET).await;
        let mailing = dispatched(&mut officer, &PUBLIC, "statutory").await;
        assert_eq!(deliver(&site).await, 3);
        assert_eq!(deliver(&site).await, 0);
        assert!(officer.get(&mailing).await.words("main").contains("Letters leave at 3 a minute at most."));
        for _ in 0..8 {
            let before = server.received().len();
            site.app.clock.advance(TimeDelta::seconds(61));
            deliver(&site).await;
            assert!(server.received().len() - before <= 3);
        }
        assert_eq!(server.received().len(), 8);
        site.done().await;
    }
);

held!(
    a_new_sender_begins_slowly,
    |post| {
        post.mail_warm_up = Some("2".parse().unwrap());
    },
    |site, server| {
        people(&site, 7, "example.org").await;
        let mut officer = site.officer(DORSET).await;
        let mailing = dispatched(&mut officer, &PUBLIC, "engagement").await;
        assert_eq!(deliver(&site).await, 2);
        assert_eq!(deliver(&site).await, 0, "a worker that begins anew counts the day");
        let shown = officer.get(&mailing).await.words("main");
        assert!(shown.contains("The sender is new: 2 letters on its 1st day of sending"), "{shown}");
        // Three days on which nothing is sent are none of the ramp.
        site.app.clock.advance(TimeDelta::days(3));
        assert_eq!(deliver(&site).await, 4);
        site.app.clock.advance(TimeDelta::days(1));
        assert_eq!(deliver(&site).await, 1);
        assert_eq!(server.received().len(), 7);
        site.done().await;
    }
);

// It is ten in the morning.
held!(
    in_quiet_hours_notices_alone_are_sent,
    |post| {
        post.mail_quiet = Some("09:00-12:00".parse().unwrap());
    },
    |site, server| {
        people(&site, 2, "example.org").await;
        let mut officer = site.officer(DORSET).await;
        let mailing = dispatched(&mut officer, &PUBLIC, "engagement").await;
        assert_eq!(deliver(&site).await, 0);
        let shown = officer.get(&mailing).await.words("main");
        assert!(shown.contains("Quiet hours are 09:00 to 12:00."), "{shown}");
        dispatched(&mut officer, &PUBLIC, "statutory").await;
        assert_eq!(deliver(&site).await, 2, "the law does not wait for the morning");
        site.app.clock.advance(TimeDelta::minutes(121));
        assert_eq!(deliver(&site).await, 2);
        assert_eq!(server.received().len(), 4);
        site.done().await;
    }
);

held!(a_domain_that_finds_us_too_fast_slows_itself, |_post| {}, |site, server| {
    people(&site, 4, "nhs.net").await;
    people(&site, 2, "zoo.example.org").await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &PUBLIC, "engagement").await;
    server.when(Step::Rcpt, "@nhs.net", Behaviour::Answer("450 4.7.0 too many messages, slow down"), 1);
    deliver(&site).await;
    assert_eq!(taken(&server, "zoo.example.org"), 2, "the others go on");
    assert_eq!(taken(&server, "nhs.net"), 0, "nothing more goes there in the same second");
    for _ in 0..6 {
        site.app.clock.advance(TimeDelta::minutes(30));
        deliver(&site).await;
    }
    assert_eq!(taken(&server, "nhs.net"), 4);
    assert_eq!(ledger(&site, &mailing).await.len(), 6);
    site.done().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_reads_few_letters_of_a_long_queue() {
    let server = SmtpServer::start().await;
    let site = site(Engine::Postgres, &server, |post| {
        post.mail_limit = vec!["3/m:3".parse().unwrap()];
    })
    .await;
    people(&site, 3, "example.org").await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &PUBLIC, "engagement").await;
    let more = "INSERT INTO deliveries SELECT (jsonb_populate_record(one, jsonb_build_object( \
                'id', 'ffffffff-ffff-7fff-8fff-' || lpad(to_hex(n), 12, '0'), 'address', n || address))).* \
                FROM deliveries one, generate_series(1, 20000) n WHERE id = (SELECT MIN(id) FROM deliveries)";
    site.app.db.writer().execute_unprepared(more).await.unwrap();
    assert_eq!(deliver(&site).await, 3);
    site.app.db.clone().close().await.unwrap();
    let db = Database::connect(ConnectOptions::new(&site.url).max_connections(1).to_owned()).await.unwrap();
    let read = read_of_deliveries(&db).await;
    assert!(read < 1000, "{read} letters were read");
    db.close().await.unwrap();
    database::drop(&site.url).await;
}

/// How many entries of their indexes were read to find letters. A session says so when it ends: all others have to.
async fn read_of_deliveries(db: &DatabaseConnection) -> i64 {
    let number = async |query: &str| {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, query)).await.unwrap();
        row.unwrap().try_get_by_index::<i64>(0).unwrap()
    };
    let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                  AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    while number(others).await > 0 {
        tokio::task::yield_now().await;
    }
    number("SELECT SUM(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'deliveries'").await
}
