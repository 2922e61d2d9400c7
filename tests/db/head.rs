//! The journal's head, on the connection that is kept for it.

use std::time::Duration;

use opendoor::journal::{self, Actor, Entry};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tokio::time::timeout;

use crate::{
    both,
    harness::{Engine, Site, people::DORSET},
};

async fn write(site: &Site) {
    let mut w = site.app.write_as(Actor::System, "a request").await.unwrap();
    w.record(Entry {
        action: "create",
        table: "events",
        id: "an-event",
        stp: Some(DORSET),
        before: None,
        after: Some(json!({"title": "A title"})),
    });
    w.commit().await.unwrap();
}

both!(what_was_written_is_seen_at_once, |site| {
    let read = async || journal::seq(site.app.db.read()).await.unwrap();
    assert_eq!(site.app.head.seq().await.unwrap(), 0, "nothing is written yet");
    for written in 1..=5 {
        write(&site).await;
        assert_eq!(read().await, written);
        assert_eq!(site.app.head.seq().await.unwrap(), written);
    }
    // Whoever goes away in the middle leaves a whole answer to the next.
    for _ in 0..50 {
        let told = timeout(Duration::from_micros(50), site.app.head.seq()).await;
        assert!(told.is_err() || told.unwrap().is_ok());
        assert_eq!(site.app.head.seq().await.unwrap(), 5);
    }
    site.done().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hung_up_is_asked_on_another_connection() {
    let site = Site::new(Engine::Postgres).await;
    write(&site).await;
    for _ in 0..3 {
        assert_eq!(site.app.head.seq().await.unwrap(), 1);
        let hang_up = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND query LIKE '%FROM journal' AND query LIKE 'SELECT COALESCE%'";
        site.app.db.writer().execute_unprepared(hang_up).await.unwrap();
    }
    assert_eq!(site.app.head.seq().await.unwrap(), 1);
    site.done().await;
}
