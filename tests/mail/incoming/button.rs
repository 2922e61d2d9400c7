//! The mail that a mail program's own button sends: an opt-out of exactly whoever got the letter.

use mail_parser::MessageParser;

use super::*;
use crate::mail::by_post;

/// The links of a letter's `List-Unsubscribe`, in their order.
fn ways_out(letter: &Received) -> Vec<String> {
    let message = MessageParser::default().parse(letter.data.as_bytes()).unwrap();
    let header = message.header_raw("List-Unsubscribe").unwrap().trim().to_owned();
    header.split(", ").map(|link| link.trim_matches(['<', '>']).to_owned()).collect()
}

/// What a mail program sends for a link: to whom it says, with its subject and this text.
fn pressed(link: &str, from: &str, text: &str) -> Vec<u8> {
    let (to, subject) = link.strip_prefix("mailto:").unwrap().split_once("?subject=").unwrap();
    let subject = subject.replace("%20", " ");
    let id = format!("{}.{}", subject.len() + text.len(), from.replace('@', "."));
    format!("From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}@mail.example.org>\r\n\r\n{text}\r\n")
        .into_bytes()
}

returning!(the_mail_of_a_button_opts_out_whoever_got_the_letter, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    let waiting = dispatched(&mut officer, &BOTH, "engagement").await;
    let sent = letter(&server, CARERS);
    let links = ways_out(&sent);
    assert_eq!(links.len(), 2, "{links:?}");
    assert!(links[0].starts_with("https://opendoor.example.org/u/"), "the link first: {links:?}");
    assert!(links[1].starts_with("mailto:bounces+"), "{links:?}");
    assert!(sent.data.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));

    // A forged proof silences nobody: neither whom it names nor whom it claims to come from.
    let (before, proof) = links[1].split_at(links[1].len() - 16);
    let turned: String = proof.chars().rev().collect();
    assert_ne!(turned, proof);
    let address = links[1].split("?subject=").next().unwrap();
    let base = format!("{before}{turned}").replace(address, "mailto:bounces@dorset.example.org");
    for from in [CARERS, HEALTHWATCH, "somebody@example.org"] {
        let taken = take(&site.app, pressed(&base, from, "")).await.unwrap();
        assert_eq!(taken, Taken::Held(Kind::Unsubscribe), "{from}");
    }
    assert_eq!(stops(&site).await, []);

    // From wherever it is sent, and whatever the program writes below.
    let text =
        "Sent from my telephone, and what about the beds in Poole, which we asked about twice already?";
    let taken = take(&site.app, pressed(&links[1], "a.secretary@example.org", text)).await.unwrap();
    assert_eq!(taken, Taken::Took(Kind::Unsubscribe, None));
    let own = [(CARERS.to_owned(), suppression::State::OptedOut, Some(DORSET.to_owned()))];
    assert_eq!(stops(&site).await, own);
    let again = take(&site.app, pressed(&links[1], CARERS, "")).await.unwrap();
    assert_eq!(again, Taken::Took(Kind::Unsubscribe, None));
    assert_eq!(stops(&site).await, own, "twice is once");
    deliver(&site).await;
    assert_eq!(states(&site, &waiting).await, [State::Excluded, State::Accepted]);
    site.done().await;
});

by_post!(without_a_place_to_come_back_to_there_is_no_such_mail, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    assert_eq!(ways_out(&letter(&server, CARERS)).len(), 1);
    site.done().await;
});

/// A mailbox is read, and letters have no return paths of their own.
async fn boxed(engine: Engine) {
    let server = SmtpServer::start().await;
    let site = site_with(engine, &server, |config| {
        config.post.mail_return_path = None;
        config.inbox.imap_host = Some("imap.example.org".into());
    })
    .await;
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    let links = ways_out(&letter(&server, CARERS));
    assert!(links[1].starts_with("mailto:engagement@dorset.example.org?subject=unsubscribe%20"), "{links:?}");
    take(&site.app, pressed(&links[1], "a.secretary@example.org", "")).await.unwrap();
    assert_eq!(
        stops(&site).await,
        [(CARERS.to_owned(), suppression::State::OptedOut, Some(DORSET.to_owned()))]
    );
    site.done().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_takes_it_in_by_its_subject_on_sqlite() {
    boxed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_takes_it_in_by_its_subject_on_postgres() {
    boxed(Engine::Postgres).await;
}
