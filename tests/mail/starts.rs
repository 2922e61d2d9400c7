//! When a mailing starts: at its time, when somebody else has approved it, and from the copy that was armed alone.

use std::{path::Path, sync::Arc};

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::{delivery::State, mailing, user::Role};
use opendoor::{
    app::App,
    config::Config,
    journal::Actor,
    mailings::{armed, deliver::Worker},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};

use super::{add, by_post, deliver, dispatched, states, write};
use crate::harness::{
    Engine, Site,
    people::DORSET,
    smtp::{Behaviour, SmtpServer, Step},
};

const CARERS: &str = "office@carers.example.org";
const TWO: [(&str, &str, &str); 2] =
    [("PP-CAR", "Carers Centre", CARERS), ("PP-HWT", "Healthwatch Dorset", "office@healthwatch.example.org")];
const BOTH: [&str; 2] = ["PP-CAR", "PP-HWT"];

async fn state(site: &Site, mailing: &str) -> (mailing::State, Option<String>) {
    let id = mailing.rsplit('/').next().unwrap();
    let row = mailing::Entity::find_by_id(id).one(site.app.db.read()).await.unwrap().unwrap();
    (row.state, row.paused_reason)
}

by_post!(a_mailing_starts_at_its_time, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &BOTH, "engagement").await;
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    let send = format!("{mailing}/dispatches");
    // It is ten on 15 January 2018.
    let past = [("start-day", "15"), ("start-month", "1"), ("start-year", "2018"), ("time", "09:59")];
    let refused = officer.post(&send, &past).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.words("main").contains("The start must be in the future"), "{}", refused.words("main"));
    assert_eq!(refused.attributes("#time", "value"), ["09:59"], "what was typed stays");
    assert_eq!(refused.attributes("details[open] #time", "value"), ["09:59"], "where it can be seen");
    for (day, time, said) in [
        ("31", "10:00", "real date"),
        ("16", "noon", "Enter the time as in 14:30"),
        ("", "10:00", "Enter the day"),
    ] {
        let (month, year) = if day.is_empty() { ("", "") } else { ("2", "2018") };
        let typed = [("start-day", day), ("start-month", month), ("start-year", year), ("time", time)];
        let refused = officer.post(&send, &typed).await;
        assert!(refused.words("main").contains(said), "{}", refused.words("main"));
    }
    let later = [("start-day", "15"), ("start-month", "1"), ("start-year", "2018"), ("time", "12:30")];
    officer.post(&send, &later).await.led();
    assert_eq!(deliver(&site).await, 0, "not before its time");
    assert!(officer.get(&mailing).await.words("main").contains("It starts on 15 January 2018"));
    // A pause before its time does not bring it forward.
    officer.post(&format!("{mailing}/pauses"), &[]).await.led();
    officer.post(&format!("{mailing}/resumptions"), &[]).await.led();
    assert_eq!(deliver(&site).await, 0);
    site.app.clock.advance(TimeDelta::minutes(151));
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(server.tally().values().sum::<usize>(), 2);
    site.done().await;
});

by_post!(a_start_that_is_more_than_an_hour_late_waits_for_a_person, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    // No worker for an hour and a minute.
    site.app.clock.advance(TimeDelta::minutes(61));
    assert_eq!(deliver(&site).await, 0);
    let (now, why) = state(&site, &mailing).await;
    assert_eq!(now, mailing::State::Paused);
    assert!(why.unwrap().starts_with("It was to start on 15 January 2018"), "and says why");
    let mut officer = site.officer_again(DORSET).await;
    officer.post(&format!("{mailing}/resumptions"), &[]).await.led();
    assert_eq!(deliver(&site).await, 2, "a person looked");
    assert_eq!(server.tally().values().sum::<usize>(), 2);
    site.done().await;
});

by_post!(what_has_begun_goes_on_by_itself_however_late, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    server.when(Step::Rcpt, "carers", Behaviour::Answer("450 4.2.1 busy"), 1);
    assert_eq!(deliver(&site).await, 2);
    site.app.clock.advance(TimeDelta::hours(5));
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted]);
    site.done().await;
});

async fn a_mailing_to_many_is_approved_by_somebody_else(engine: Engine) {
    let server = SmtpServer::start().await;
    let site = Site::with(engine, |config| {
        super::to(config, &server);
        config.post.approve_above = 1;
    })
    .await;
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &BOTH, "engagement").await;
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    let shown = officer.get(&mailing).await;
    assert!(shown.words("main").contains("must look at the text and the list"), "{}", shown.words("main"));
    let (send, approve) = (format!("{mailing}/dispatches"), format!("{mailing}/approvals"));
    assert!(!shown.attributes("form", "action").contains(&send));
    assert_eq!(officer.post(&send, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(officer.post(&approve, &[]).await.status, StatusCode::CONFLICT, "not by who froze it");
    let mut approver = site.signed_in(Role::Approver, &[DORSET]).await;
    assert!(approver.get(&mailing).await.words("main").contains("Approve"));
    approver.post(&approve, &[]).await.led();
    assert_eq!(approver.post(&send, &[]).await.status, StatusCode::NOT_FOUND, "who approves does not send");
    let mut officer = site.officer_again(DORSET).await;
    assert!(officer.get(&mailing).await.words("main").contains("Approved on 15 January 2018"));
    officer.post(&send, &[]).await.led();
    assert_eq!(deliver(&site).await, 2);
    // As many as need nobody else's look.
    let small = write(&mut officer, &BOTH[..1], "engagement").await;
    officer.post(&format!("{small}/freezes"), &[]).await.led();
    officer.post(&format!("{small}/dispatches"), &[]).await.led();
    site.done().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailing_to_many_is_approved_by_somebody_else_on_sqlite() {
    a_mailing_to_many_is_approved_by_somebody_else(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailing_to_many_is_approved_by_somebody_else_on_postgres() {
    a_mailing_to_many_is_approved_by_somebody_else(Engine::Postgres).await;
}

/// The same database seen from another data folder.
fn elsewhere(site: &Site, folder: &Path) -> Arc<App> {
    let app = &site.app;
    let mut config: Config = app.config.clone();
    folder.clone_into(&mut config.store.data);
    App::new(app.db.clone(), app.clock.clone(), app.chance.clone(), config).unwrap()
}

async fn send_from(app: &Arc<App>) -> usize {
    for _ in 0..10_000 {
        if let Some(mut worker) = Worker::start(app).await.unwrap() {
            return worker.deliver_due().await.unwrap();
        }
        tokio::task::yield_now().await;
    }
    panic!("another worker is there and does not go");
}

by_post!(a_copy_sends_nothing_until_it_is_armed, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH[..1], "engagement").await;
    assert_eq!(deliver(&site).await, 1, "the first sender of a database is armed by itself");
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;

    // The database on another machine.
    let other = tempfile::tempdir().unwrap();
    let app = elsewhere(&site, other.path());
    assert_eq!(send_from(&app).await, 0);
    assert_eq!(app.inert.get(), Some("Its database comes from another copy of the site"));
    // Its data folder too, file by file.
    let copy = tempfile::tempdir().unwrap();
    for name in ["sender", "sender.seen", "letters.key"] {
        std::fs::copy(site.app.config.store.data.join(name), copy.path().join(name)).unwrap();
    }
    let app = elsewhere(&site, copy.path());
    assert_eq!(send_from(&app).await, 0);
    assert_eq!(app.inert.get(), Some("Its data folder is a copy of another"));
    assert_eq!(server.tally().values().sum::<usize>(), 1);
    assert_eq!(states(&site, &mailing).await, [State::Queued, State::Queued], "nothing is touched");

    armed::arm(&app, Actor::Command("test")).await.unwrap();
    assert_eq!(send_from(&app).await, 2);
    assert_eq!(app.inert.get(), None);
    assert_eq!(deliver(&site).await, 0, "the first is armed still, and nothing is left");
    site.done().await;
});

by_post!(an_older_database_in_the_same_folder_sends_nothing, |site, server| {
    use entity::sender;
    use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    // What a backup from before those letters would say of the sender; the journal is the same.
    let row = sender::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.claimed, 2);
    let older = sender::Model { claimed: 1, ..row };
    sender::Entity::update(older.into_active_model().reset_all()).exec(site.app.db.writer()).await.unwrap();
    let waits = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(deliver(&site).await, 0);
    let shown = officer.get(&waits).await;
    assert!(shown.words("main").contains("No mail leaves from here."), "{}", shown.words("main"));
    assert_eq!(site.app.inert.get(), Some("Its database is older than what this data folder has seen"));
    armed::arm(&site.app, Actor::Command("test")).await.unwrap();
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(server.tally().values().sum::<usize>(), 4);
    site.done().await;
});

/// A backup of the database file is put back where it was, as an operator does it, and the program run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_database_waits_for_the_command() {
    let server = SmtpServer::start().await;
    let site = super::site(Engine::Sqlite, &server).await;
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH[..1], "engagement").await;
    deliver(&site).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.sqlite");
    let sql = format!("VACUUM INTO '{}'", backup.display());
    site.app.db.writer().execute_unprepared(&sql).await.unwrap();
    assert_eq!(deliver(&site).await, 2);
    let live = site.app.config.store.data.clone();
    let run = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_opendoor"))
            .arg("mail")
            .args(args)
            .arg("--data")
            .arg(&live)
            .args(["--database-url", &format!("sqlite:{}", backup.display())])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    };
    let (code, said) = run(&["status"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("This copy does not send. Its database is older"), "{said}");
    assert!(said.contains("2 letters wait"), "{said}");
    assert!(!said.contains("example.org"), "nothing personal: {said}");
    let (code, said) = run(&["arm"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(run(&["status"]).1.contains("does not send"), "arming without --yes changes nothing");
    assert_eq!(run(&["arm", "--yes"]).0, Some(0));
    assert!(run(&["status"]).1.contains("This copy sends."));
    assert_eq!(run(&["arm"]).0, Some(0));
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted]);
    site.done().await;
}
