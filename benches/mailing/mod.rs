//! What the benchmarks of mail share: a database with people to write to, mailings to them, and the program beside it.

pub mod sink;

use std::{net::SocketAddr, path::Path, process::Stdio, sync::Arc};

use entity::{mailing, stp, user::Role};
use opendoor::{
    app::App,
    audiences::{Known, Query},
    auth::users::{self, NewUser},
    chance::Chance,
    clock::Clock,
    config::{Config, Store},
    db::Db,
    journal::Actor,
    mailings::{
        draft::{Draft, Letter},
        find,
        freeze::{self, Frozen},
        record, token,
    },
    stakeholders,
};
use sea_orm::EntityTrait as _;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

pub const DORSET: &str = "E54000041";
/// Where letters come from: a mailing is frozen with it.
const FROM: &str = "engagement@dorset.example.org";

/// An app on the database of `store`, with its tables.
pub async fn open(store: Store) -> Arc<App> {
    let db = Db::open(&store.url()).await.expect("opening");
    db.migrate().await.expect("migrating");
    let mut config = Config::defaults(store);
    FROM.clone_into(&mut config.post.mail_from);
    App::new(db, Clock::System, Chance::system(Clock::System), config).expect("an app")
}

/// Adds an officer and so many stakeholders of Dorset; gives the officer's identity.
pub async fn fill(app: &Arc<App>, letters: usize) -> String {
    let mut w = app.write_as(Actor::Command("bench"), "bench").await.expect("a writer");
    let officer = NewUser {
        email: "officer@example.org".into(),
        name: "Officer".into(),
        role: Role::Officer,
        stps: vec![DORSET.into()],
        password: "a village hall on a wet evening".into(),
    };
    let user = users::add(&mut w, &app.chance, officer).await.expect("an officer");
    for number in 0..letters {
        let draft = stakeholders::Draft {
            group_code: "PP-PUB".into(),
            name: Some(format!("Office {number}")),
            organisation: None,
            role: None,
            email: Some(format!("office{number}@area{}.example.org", number % 200)),
            notes: None,
            basis: "Public task".into(),
            wording: None,
            obtained_on: None,
            evidence: None,
            confirmed_on: None,
            place_code: None,
            topics: Vec::new(),
        };
        let origin = stakeholders::Origin::default();
        stakeholders::create(&mut w, DORSET, &draft, origin).await.expect("a stakeholder");
    }
    w.commit().await.expect("committing");
    user
}

/// A mailing of this text to all of them, frozen; gives its identity.
pub async fn frozen(app: &Arc<App>, user: &str, body_text: &str) -> String {
    let letter = Letter {
        subject: "Have your say in {{ stp }}".into(),
        body_text: body_text.into(),
        purpose: mailing::Purpose::Engagement,
    };
    let audience = Query::read(r#"{"groups":["PP-PUB"]}"#);
    let draft = Draft { letter, topic: None, audience, event_id: None, follow_up: None, sender: None };
    let key = token::Key::open(&app.config.store.data, &app.chance).expect("the key of the links");
    let stp = stp::Entity::find_by_id(DORSET).one(app.db.read()).await.expect("reading").expect("Dorset");
    let mut w = app.write_as(Actor::Command("bench"), "bench").await.expect("a writer");
    let id = w.id();
    let mailing = record::create(&mut w, DORSET, &id, user, &draft).await.expect("a mailing");
    let frozen = freeze::freeze(&mut w, &mailing, &stp, &Known::default(), user, &key, &app.senders).await;
    assert!(matches!(frozen, Ok(Frozen::Done)), "{frozen:?}");
    w.commit().await.expect("committing");
    id
}

/// Lets a frozen mailing go.
pub async fn dispatch(app: &Arc<App>, id: &str) {
    let mut w = app.write_as(Actor::Command("bench"), "bench").await.expect("a writer");
    let mailing = find::one(w.tx(), DORSET, id).await.expect("reading").expect("the mailing");
    let now = app.clock.now();
    record::dispatch(&mut w, &mailing, now).await.expect("dispatching").expect("it is frozen");
    w.commit().await.expect("committing");
}

/// The program with this command on the database of an app, sending to the mail server of this port.
pub fn program(app: &App, command: &str, port: u16) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_opendoor"));
    let store = &app.config.store;
    program
        .args(["--log", "error", command, "--data"])
        .arg(&store.data)
        .args(["--mail", "smtp", "--smtp-tls", "none", "--smtp-port", &port.to_string()])
        .args(["--mail-from", FROM])
        .kill_on_drop(true);
    if let Some(url) = &store.database_url {
        program.args(["--database-url", url]);
    }
    program
}

/// Where data is kept: in this folder, or in the database of an address.
pub fn store(folder: &Path, database_url: Option<String>) -> Store {
    Store { data: folder.to_owned(), database_url }
}

/// The site on the database of an app; and where it listens.
#[allow(dead_code, reason = "not every benchmark has readers")]
pub async fn serve(app: &App, port: u16) -> (Child, SocketAddr) {
    let mut server = program(app, "serve", port)
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut said = String::new();
    let stdout = server.stdout.take().expect("what it says");
    BufReader::new(stdout).read_line(&mut said).await.expect("what it says");
    let at = said.trim().rsplit('/').next().and_then(|at| at.parse().ok());
    (server, at.expect("it says where it listens"))
}
