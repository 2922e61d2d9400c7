//! Crashes, lines that break, and settings that are wrong.

use std::time::Duration;

use opendoor::{
    config::{Inbox, Tls},
    mail::imap::{Place, Server},
};
use tokio::task::JoinSet;

use super::{Desk, Taken, letter, letters, long, server, turn};
use crate::harness::{
    dovecot::Mailbox,
    line::{Line, Talker},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_between_taking_and_marking_brings_the_message_again_and_it_is_known() {
    for tls in [Tls::Wrapper, Tls::Starttls] {
        let (mailbox, desk) = (Mailbox::new(), Desk::default());
        mailbox.receive(&letters(3)).await;
        let straight = mailbox.inbox(tls);
        let line = Line::to(straight.imap_port.unwrap(), "", "").await;
        let over = Inbox { imap_port: Some(line.port), ..straight.clone() };
        let scissors = line.scissors();
        let first = server(&over)
            .turn(&mut Place::default(), |message| {
                if message.bytes == letter(2) {
                    scissors.cut();
                }
                desk.take(message)
            })
            .await
            .unwrap();
        assert_eq!(first.taken, [Taken::New]);
        assert!(first.broken.is_some());
        assert_eq!(desk.all(), letters(2));
        assert_eq!(mailbox.flags("INBOX").await.len(), 2);
        let second = turn(&server(&straight), &desk).await.unwrap();
        assert_eq!(second.taken, [Taken::Known, Taken::New]);
        assert_eq!(desk.all(), letters(3));
        assert_eq!(mailbox.flags("Taken").await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_that_is_dropped_in_the_middle_loses_nothing() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    mailbox.receive(&letters(3)).await;
    let (server, taking) = (server(&mailbox.inbox(Tls::Wrapper)), desk.clone());
    let reader = server.clone();
    let mut tasks = JoinSet::new();
    let (begun, mut seen) = tokio::sync::mpsc::channel(1);
    tasks.spawn(async move {
        let mut place = Place::default();
        let take = |message: opendoor::mail::imap::Message| {
            let (taking, begun) = (taking.clone(), begun.clone());
            async move {
                if message.bytes == letter(2) {
                    begun.send(()).await?;
                    std::future::pending::<()>().await;
                }
                taking.take(message).await
            }
        };
        drop(reader.turn(&mut place, take).await);
    });
    seen.recv().await.unwrap();
    tasks.shutdown().await;
    assert_eq!(desk.all(), letters(1));
    assert_eq!(turn(&server, &desk).await.unwrap().taken, [Taken::New; 2]);
    assert_eq!(desk.all(), letters(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_breaks_in_the_middle_of_a_message_brings_it_again() {
    for after in [20_000, 600_000, 1_500_000] {
        let (mailbox, desk) = (Mailbox::new(), Desk::default());
        let messages = [letter(1), long(2 << 20), letter(3)];
        mailbox.receive(&messages).await;
        let straight = mailbox.inbox(Tls::Wrapper);
        let line = Line::to(straight.imap_port.unwrap(), "", "").await;
        line.cut_after(after);
        let over = Inbox { imap_port: Some(line.port), ..straight.clone() };
        let first = turn(&server(&over), &desk).await.unwrap();
        let why = format!("{:#}", first.broken.expect("it broke"));
        assert!(why.contains("localhost") && why.contains("FETCH"), "{why}");
        assert_eq!(desk.all(), messages[..1], "no half message is taken in");
        let second = turn(&server(&straight), &desk).await.unwrap();
        assert_eq!(second.taken, [Taken::New; 2]);
        assert_eq!(desk.all(), messages);
    }
}

/// Reads with these settings, which do not do, and gives why.
async fn refused(mailbox: &Mailbox, inbox: Inbox) -> String {
    let desk = Desk::default();
    let error = turn(&server(&inbox), &desk).await.expect_err("it was read");
    assert!(desk.all().is_empty());
    assert_eq!(mailbox.flags("INBOX").await.len(), 1);
    format!("{error:#}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_are_wrong_are_said_and_nothing_is_read() {
    let mailbox = Mailbox::new();
    mailbox.receive(&letters(1)).await;
    let right = mailbox.inbox(Tls::Wrapper);

    let why = refused(&mailbox, Inbox { imap_folder: "Bounces".into(), ..right.clone() }).await;
    assert!(why.contains("the server refused to open the folder Bounces"), "{why}");

    // A server that nobody vouches for, and one that is called otherwise.
    for tls in [Tls::Wrapper, Tls::Starttls] {
        let why = refused(&mailbox, Inbox { imap_ca: None, ..mailbox.inbox(tls) }).await;
        assert!(why.contains("UnknownIssuer") || why.contains("certificate"), "{why}");
        let elsewhere = Inbox { imap_host: Some("127.0.0.1".into()), ..mailbox.inbox(tls) };
        let why = refused(&mailbox, elsewhere).await;
        assert!(why.contains("certificate"), "{why}");
    }

    // Encrypted from the first byte, at the port that is not.
    let wrong = Inbox { imap_port: Some(mailbox.plain), imap_patience: 2, ..right.clone() };
    let why = refused(&mailbox, wrong).await;
    assert!(why.contains("encrypting the connection"), "{why}");

    mailbox.forget_password();
    let why = refused(&mailbox, mailbox.inbox(Tls::Wrapper)).await;
    assert!(why.contains("refused the name or the password") && !why.contains("another-room"), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_is_said_where_encryption_is_kept_from_us() {
    let mailbox = Mailbox::new();
    // What would lead us to sign in without encryption, if we went on.
    let on = "* CAPABILITY IMAP4rev1\r\no1 OK done\r\no2 OK done\r\no2 OK you are in\r\n";
    for words in [
        vec!["* PREAUTH you are in already\r\no1 OK begin\r\n", on],
        vec!["* OK ready\r\no1 NO not today\r\n", on],
        vec!["* OK ready\r\no1 BAD what is that\r\n", on],
        vec!["* OK ready\r\no1 OK begin\r\n", on],
        // Said before the encryption, to be taken for what comes after it.
        vec!["* OK ready\r\no1 OK begin\r\n* CAPABILITY IMAP4rev1\r\no1 OK done\r\no2 OK you are in\r\n"],
    ] {
        let pieces = words.iter().map(|piece| piece.as_bytes().to_vec()).collect();
        let talker = Talker::saying(pieces, true).await;
        let inbox = Inbox { imap_port: Some(talker.port), imap_patience: 2, ..mailbox.inbox(Tls::Starttls) };
        assert!(turn(&server(&inbox), &Desk::default()).await.is_err());
        let heard = talker.heard();
        assert!(!heard.contains("LOGIN") && !heard.contains("a-quiet-room"), "{words:?}: {heard}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_there_and_nobody_who_answers_are_said_in_time() {
    let mailbox = Mailbox::new();
    let silent = Talker::saying(Vec::new(), false).await;
    for tls in [Tls::Wrapper, Tls::Starttls, Tls::None] {
        let inbox = Inbox { imap_port: Some(silent.port), imap_patience: 1, ..mailbox.inbox(tls) };
        let server = Server::new(&inbox).unwrap().unwrap();
        let desk = Desk::default();
        let error = tokio::time::timeout(Duration::from_secs(5), turn(&server, &desk));
        let error = format!("{:#}", error.await.expect("it ended by itself").unwrap_err());
        assert!(error.contains("in time"), "{tls:?}: {error}");
    }
    let inbox = Inbox { imap_port: Some(1), ..mailbox.inbox(Tls::Wrapper) };
    assert!(turn(&server(&inbox), &Desk::default()).await.is_err());
}
