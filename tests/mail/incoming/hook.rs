//! What a relay hands over by a signed request.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use chrono::TimeDelta;
use opendoor::{
    incoming_mail::webhook::{Keys, LONGEST, sign},
    mail::return_path::ReturnPath,
    mailings::{armed, deliver::Worker},
};

use super::*;
use crate::harness::site::Answer;

const KEY: &str = "0123456789abcdef0123456789abcdef";
const AT: &str = "/hooks/mail";

/// A journey on both databases, with a key that requests may be signed with.
macro_rules! handed_over {
    ($name:ident, |$site:ident, $server:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn journey($site: Site, $server: SmtpServer) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let server = SmtpServer::start().await;
                journey(keyed(Engine::Sqlite, &server).await, server).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let server = SmtpServer::start().await;
                journey(keyed(Engine::Postgres, &server).await, server).await;
            }
        }
    };
}

async fn keyed(engine: Engine, server: &SmtpServer) -> Site {
    site_with(engine, server, |config| {
        let file = config.store.data.join("hook.key");
        std::fs::write(&file, format!("{KEY}\n")).unwrap();
        config.inbox.hook_key_file = Some(file);
    })
    .await
}

/// A request as a relay makes it, signed now with `key`.
fn signed(site: &Site, body: &[u8], key: &str) -> axum::http::request::Builder {
    let stamp = site.app.clock.now().timestamp().to_string();
    let signature = sign(&stamp, body, &Keys::parse(key).unwrap());
    Request::post(AT).header("x-opendoor-timestamp", stamp).header("x-opendoor-signature", signature)
}

async fn send(site: &Site, request: Request<Body>) -> Answer {
    let mut relay = site.visitor();
    let answer = relay.send(request).await;
    assert!(!relay.has_cookie());
    answer
}

/// Hands a mail over as a relay does.
async fn hand_over(site: &Site, mail: &[u8]) -> StatusCode {
    send(site, signed(site, mail, KEY).body(Body::from(mail.to_vec())).unwrap()).await.status
}

handed_over!(a_bounce_that_a_relay_signed_is_taken_in_once, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    let sent = letter(&server, CARERS);
    let bounce = report(&sent.from, &message_id(&sent), CARERS, "5.1.1", "550 5.1.1 no such user");
    let request = || signed(&site, &bounce, KEY).body(Body::from(bounce.clone())).unwrap();
    let first = send(&site, request()).await;
    assert_eq!((first.status, first.text().as_str()), (StatusCode::ACCEPTED, ""));
    assert_eq!(stops(&site).await, [(CARERS.to_owned(), suppression::State::Undeliverable, None)]);
    assert_eq!(states(&site, &mailing).await, [State::Bounced, State::Accepted]);

    let again = send(&site, request()).await;
    assert_eq!((again.status, again.text()), (first.status, first.text()), "it is not said that it is known");
    assert_eq!(count(&site).await, 1);
    // What is nobody's is not told apart either.
    let stray = answer("someone@example.org", "<unknown@example.org>", "Your plans", "When do you come?");
    assert_eq!(hand_over(&site, &stray).await, StatusCode::ACCEPTED);
    assert_eq!(count(&site).await, 2);
    site.done().await;
});

handed_over!(a_stranger_is_refused_before_a_byte_of_the_body_is_read, |site, _server| {
    armed::check(&site.app).await.unwrap();
    let mail = answer("someone@example.org", "<unknown@example.org>", "Your plans", "When do you come?");
    let strange = "ffffffffffffffffffffffffffffffff";
    let right = signed(&site, &mail, KEY);
    let no_signature = Request::post(AT).header("x-opendoor-timestamp", "1516010400");
    let mut answers = Vec::new();
    for (request, body_is_read) in [
        (Request::post(AT), false),
        (no_signature, false),
        (signed(&site, &mail, strange), true),
        (signed(&site, b"another body", KEY), true),
    ] {
        let read = Arc::new(AtomicBool::new(false));
        let (seen, body) = (read.clone(), Bytes::from(mail.clone()));
        let pieces = futures::stream::once(async move {
            seen.store(true, Ordering::SeqCst);
            Ok::<_, std::io::Error>(body)
        });
        let answer = send(&site, request.body(Body::from_stream(pieces)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(read.load(Ordering::SeqCst), body_is_read);
        answers.push(answer.words("main h1"));
    }
    assert_eq!(answers, ["What was sent could not be read"; 4], "one answer for all");
    // What was caught is of no use for long.
    site.app.clock.advance(TimeDelta::seconds(301));
    let late = send(&site, right.body(Body::from(mail.clone())).unwrap()).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(count(&site).await, 0);
    assert_eq!(hand_over(&site, &mail).await, StatusCode::ACCEPTED, "the right one passes");
    site.done().await;
});

handed_over!(what_cannot_be_taken_in_says_whether_to_try_again, |site, server| {
    let mail = answer("someone@example.org", "<unknown@example.org>", "Your plans", "When do you come?");
    // Nobody has sent from this database yet: what came back is another copy's to take in.
    assert_eq!(hand_over(&site, &mail).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(count(&site).await, 0);
    add(&site, &TWO[..1]).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH[..1], "engagement").await;
    server.hold_at(Some(4));
    let mut worker = Worker::start(&site.app).await.unwrap().unwrap();
    let sending = worker.deliver_due();
    tokio::pin!(sending);
    tokio::select! {
        sent = &mut sending => panic!("the server says nothing: {sent:?}"),
        () = server.hears(4) => {}
    }
    let row = ledger(&site, &mailing).await.remove(0);
    let path = ReturnPath::parse(RETURN_PATH).unwrap().of(&row.id, &row.token_digest).unwrap();
    let bounce = report(path.as_ref(), "<other@example.org>", CARERS, "5.1.1", "550 5.1.1 no such user");
    assert_eq!(hand_over(&site, &bounce).await, StatusCode::SERVICE_UNAVAILABLE, "it is being sent");
    server.hold_at(None);
    assert_eq!(sending.await.unwrap(), 1);
    assert_eq!(hand_over(&site, &bounce).await, StatusCode::ACCEPTED);
    assert_eq!(states(&site, &mailing).await, [State::Bounced]);

    for nothing in [&b""[..], b" \r\n\r\n"] {
        assert_eq!(hand_over(&site, nothing).await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Longer than any form may be, and as long as a mail may be.
    let mut long = mail.clone();
    long.resize(LONGEST, b'a');
    assert_eq!(hand_over(&site, &long).await, StatusCode::ACCEPTED);
    long.push(b'a');
    assert_eq!(hand_over(&site, &long).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(count(&site).await, 2);

    let file = site.app.config.inbox.hook_key_file.clone().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(hand_over(&site, &mail).await, StatusCode::INTERNAL_SERVER_ERROR);
    // A new key beside the old one holds from the next mail on.
    let new = "fedcba9876543210fedcba9876543210";
    std::fs::write(&file, format!("{KEY}\n{new}\n")).unwrap();
    let request = signed(&site, &mail, new).body(Body::from(mail.clone())).unwrap();
    assert_eq!(send(&site, request).await.status, StatusCode::ACCEPTED);
    assert_eq!(count(&site).await, 3);
    site.done().await;
});

handed_over!(a_browser_on_another_site_hands_nothing_over, |site, _server| {
    armed::check(&site.app).await.unwrap();
    let mail = answer("someone@example.org", "<unknown@example.org>", "Your plans", "When do you come?");
    for (name, value) in [("origin", "https://elsewhere.example.org"), ("sec-fetch-site", "cross-site")] {
        let request = signed(&site, &mail, KEY).header(name, value).body(Body::from(mail.clone())).unwrap();
        assert_eq!(send(&site, request).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let get = Request::get(AT).body(Body::empty()).unwrap();
    assert_eq!(send(&site, get).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(count(&site).await, 0);
    site.done().await;
});

returning!(without_a_key_there_is_no_such_address, |site, _server| {
    armed::check(&site.app).await.unwrap();
    let mail = answer("someone@example.org", "<unknown@example.org>", "Your plans", "When do you come?");
    assert_eq!(hand_over(&site, &mail).await, StatusCode::NOT_FOUND);
    assert_eq!(count(&site).await, 0);
    site.done().await;
});

#[test]
fn the_site_is_not_served_with_a_key_that_could_be_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("hook.key");
    std::fs::write(&key, "short\n").unwrap();
    let program = env!("CARGO_BIN_EXE_opendoor");
    let output = std::process::Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .arg("--hook-key-file")
        .arg(&key)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("hook.key") && said.contains("32 letters") && !said.contains("short"), "{said}");
}
