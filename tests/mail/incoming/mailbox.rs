//! What comes back into a mailbox: read from a real Dovecot by the product.

use std::{path::Path, time::Duration};

use opendoor::{
    app::App,
    config::{Inbox, Tls},
    incoming_mail::fetch,
    journal::Actor,
    mail::{
        imap::{Place, Step, Turn},
        return_path::ReturnPath,
    },
    mailings::{armed, deliver::Worker},
};

use super::*;
use crate::harness::dovecot::Mailbox;

/// A journey on both databases, with letters that return into a mailbox.
macro_rules! fetching {
    ($name:ident, |$site:ident, $server:ident, $mailbox:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn journey($site: Site, $server: SmtpServer, $mailbox: Mailbox) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let (server, mailbox) = (SmtpServer::start().await, Mailbox::new());
                journey(reading(Engine::Sqlite, &server, &mailbox).await, server, mailbox).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let (server, mailbox) = (SmtpServer::start().await, Mailbox::new());
                journey(reading(Engine::Postgres, &server, &mailbox).await, server, mailbox).await;
            }
        }
    };
}

async fn reading(engine: Engine, server: &SmtpServer, mailbox: &Mailbox) -> Site {
    let inbox = mailbox.inbox(Tls::Wrapper);
    site_with(engine, server, |config| config.inbox = inbox).await
}

async fn turn(site: &Site) -> Option<Turn<Taken>> {
    fetch::turn(&site.app, &mut Place::default()).await.unwrap()
}

/// What a turn took in, where it left nothing.
async fn taken(site: &Site) -> Vec<Taken> {
    let turn = turn(site).await.expect("this copy reads");
    assert!(turn.failed.is_empty() && turn.broken.is_none() && !turn.more, "{turn:?}");
    turn.taken
}

fn gone(sent: &Received) -> Vec<u8> {
    report(&sent.from, &message_id(sent), &sent.to, "5.1.1", "550 5.1.1 no such user")
}

fetching!(a_bounce_in_the_mailbox_makes_its_address_undeliverable, |site, server, mailbox| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let first = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    let bounce = gone(&letter(&server, CARERS));
    let stray =
        answer("someone@example.org", "<unknown@example.org>", "Your plans", "When will you come to us?");
    mailbox.receive(&[bounce.clone(), stray]).await;

    let took = Taken::Took(Kind::Bounce, Some(Fate::Hard));
    assert_eq!(taken(&site).await, [took, Taken::Held(Kind::Reply)]);
    assert_eq!(states(&site, &first).await, [State::Bounced, State::Accepted]);
    assert_eq!(stops(&site).await, [(CARERS.to_owned(), suppression::State::Undeliverable, None)]);
    let second = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(states(&site, &second).await, [State::Excluded, State::Queued]);

    assert_eq!(mailbox.flags("INBOX").await, Vec::<String>::new());
    assert_eq!(mailbox.flags("Taken").await.len(), 2, "nothing is deleted");
    assert_eq!(taken(&site).await, []);
    mailbox.receive(&[bounce]).await;
    assert_eq!(taken(&site).await, [Taken::Known], "the same mail twice is one");
    assert_eq!(count(&site).await, 2);
    site.done().await;
});

fetching!(a_copy_that_does_not_send_reads_nothing, |site, server, mailbox| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    mailbox.receive(&[answer("someone@example.org", "<unknown@example.org>", "Before", "Too early")]).await;
    assert!(turn(&site).await.is_none(), "nobody has sent from this database yet");
    assert_eq!(deliver(&site).await, 2);
    mailbox.receive(&[gone(&letter(&server, CARERS))]).await;

    // The database on another machine.
    let other = tempfile::tempdir().unwrap();
    let mut config = site.app.config.clone();
    other.path().clone_into(&mut config.store.data);
    let app = &site.app;
    let copy = App::new(app.db.clone(), app.clock.clone(), app.chance.clone(), config).unwrap();
    assert!(fetch::turn(&copy, &mut Place::default()).await.unwrap().is_none());
    assert_eq!((count(&site).await, mailbox.flags("INBOX").await.len()), (0, 2), "nothing was touched");
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted]);
    armed::arm(&copy, Actor::Command("test")).await.unwrap();
    let read = fetch::turn(&copy, &mut Place::default()).await.unwrap().expect("it is armed");
    assert_eq!(read.taken, [Taken::Held(Kind::Reply), Taken::Took(Kind::Bounce, Some(Fate::Hard))]);
    site.done().await;
});

fetching!(a_letter_that_is_being_sent_is_waited_for, |site, server, mailbox| {
    add(&site, &TWO[..1]).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH[..1], "engagement").await;
    // The worker has written down that it is sending, and the server says nothing to its letter.
    server.hold_at(Some(4));
    let mut worker = Worker::start(&site.app).await.unwrap().unwrap();
    let sending = worker.deliver_due();
    tokio::pin!(sending);
    tokio::select! {
        sent = &mut sending => panic!("the server says nothing: {sent:?}"),
        () = server.hears(4) => {}
    }
    let row = ledger(&site, &mailing).await.remove(0);
    assert_eq!(row.state, State::Sending);
    let path = ReturnPath::parse(RETURN_PATH).unwrap().of(&row.id, &row.token_digest).unwrap();
    let bounce = report(path.as_ref(), "<other@example.org>", CARERS, "5.1.1", "550 5.1.1 no such user");
    let other = answer("someone@example.org", "<unknown@example.org>", "Your plans", "When do you come?");
    mailbox.receive(&[bounce, other]).await;

    let first = turn(&site).await.unwrap();
    assert_eq!(first.taken, [Taken::Held(Kind::Reply)], "the next one has its turn");
    let left: Vec<_> = first.failed.iter().map(|failed| (failed.uid, failed.step)).collect();
    assert_eq!(left, [(1, Step::Take)]);
    assert!(first.failed[0].why.contains("still being sent"), "{:?}", first.failed);
    assert_eq!((mailbox.flags("INBOX").await.len(), stops(&site).await.len()), (1, 0));

    server.hold_at(None);
    assert_eq!(sending.await.unwrap(), 1);
    assert_eq!(states(&site, &mailing).await, [State::Accepted]);
    assert_eq!(taken(&site).await, [Taken::Took(Kind::Bounce, Some(Fate::Hard))]);
    assert_eq!(states(&site, &mailing).await, [State::Bounced]);
    assert_eq!(mailbox.flags("INBOX").await, Vec::<String>::new());
    site.done().await;
});

fetching!(the_product_reads_by_itself_and_stops_when_it_is_told, |site, _server, mailbox| {
    armed::check(&site.app).await.unwrap();
    mailbox.receive(&[answer("someone@example.org", "<unknown@example.org>", "Your plans", "When?")]).await;
    site.app.tasks.start("mailbox", fetch::work(site.app.clone()));
    let read = async {
        while count(&site).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), read).await.expect("it reads at once");
    // It waits for its next turn now, or is about to: `done` ends only when it has stopped.
    tokio::time::timeout(Duration::from_secs(30), site.done()).await.expect("it stops");
});

/// The program, told to read `inbox` with its data in a folder: exit status and what it said.
fn run(data: &Path, inbox: &Inbox, more: &[&str]) -> (Option<i32>, String) {
    let path = |path: &Option<std::path::PathBuf>| path.clone().unwrap().into_os_string();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(["mail", "fetch", "--imap-host", "localhost", "--imap-patience", "10", "--data"])
        .arg(data)
        .args(["--imap-port", &inbox.imap_port.unwrap().to_string(), "--imap-ca"])
        .arg(path(&inbox.imap_ca))
        .args(["--imap-user", inbox.imap_user.as_ref().unwrap(), "--imap-password-file"])
        .arg(path(&inbox.imap_password_file))
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + String::from_utf8(output.stderr).unwrap().as_str();
    (output.status.code(), said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_reads_the_mailbox_and_says_what_it_did() {
    let (folder, mailbox) = (tempfile::tempdir().unwrap(), Mailbox::new());
    let data = folder.path();
    let inbox = mailbox.inbox(Tls::Wrapper);
    let stray = answer("someone@example.org", "<unknown@example.org>", "Your plans", "When do you come?");
    mailbox.receive(&[stray.clone(), stray]).await;
    let (code, said) = run(data, &inbox, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("No copy has sent from this database yet. The copy that sends reads"), "{said}");
    assert_eq!(mailbox.flags("INBOX").await.len(), 2);

    let program = env!("CARGO_BIN_EXE_opendoor");
    let arm = std::process::Command::new(program).args(["mail", "arm", "--yes", "--data"]).arg(data).output();
    assert!(arm.unwrap().status.success());
    let (code, said) = run(data, &inbox, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said, "2 taken in, 1 of them known, 1 waits for an administrator; 0 left\n");
    assert_eq!(
        run(data, &inbox, &[]).1,
        "0 taken in, 0 of them known, 0 wait for an administrator; 0 left\n"
    );
    let (code, said) = run(data, &inbox, &["--imap-folder", "Bounces"]);
    assert!(code == Some(75) && said.contains("refused to open the folder Bounces"), "{code:?} {said}");
    mailbox.forget_password();
    let (code, said) = run(data, &inbox, &[]);
    assert!(code == Some(75) && said.contains("refused the name or the password"), "{code:?} {said}");
}

#[test]
fn the_commands_refuse_a_mailbox_that_is_half_said() {
    let run = |arguments: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let program = env!("CARGO_BIN_EXE_opendoor");
        let output =
            std::process::Command::new(program).args(arguments).arg("--data").arg(folder.path()).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run(&["mail", "fetch"]);
    assert!(code == Some(1) && said.contains("say which mailbox with --imap-host"), "{said}");
    let (code, said) = run(&["mail", "fetch", "--imap-host", "imap.example.org"]);
    assert!(code == Some(2) && said.contains("--imap-password-file"), "{said}");
    let half = ["--imap-host", "imap.example.org", "--imap-user", "bounces", "--imap-password-file"];
    for start in ["serve", "work"] {
        let (code, said) = run(&[&[start], &half[..], &["/nowhere/at/all"]].concat());
        assert!(code == Some(1) && said.contains("the mailbox's password in /nowhere/at/all"), "{said}");
    }
}
