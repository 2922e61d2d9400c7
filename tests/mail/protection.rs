//! Connections to the mail server that are encrypted and signed in to.

use std::path::Path;

use entity::delivery::State;
use opendoor::config::Tls;

use super::{add, deliver, dispatched, states, to};
use crate::harness::{
    Engine, Site,
    people::DORSET,
    smtp::{Protection, SmtpServer},
};

async fn sent_over(protection: Protection, tls: Tls, trusted: bool, password: &str) -> (Vec<State>, usize) {
    let server = SmtpServer::with(protection, Some(("engagement", "a quiet room"))).await;
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    std::fs::write(&authority, &server.authority).unwrap();
    let site = Site::with(Engine::Sqlite, |config| {
        to(config, &server);
        config.post.smtp_host = "localhost".into();
        config.post.smtp_tls = tls;
        config.post.smtp_ca = trusted.then(|| Path::new(&authority).to_owned());
        config.post.smtp_user = Some("engagement".into());
        config.post.smtp_password = Some(password.to_owned().into());
    })
    .await;
    add(&site, &[("PP-CAR", "Carers Centre", "office@carers.example.org")]).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-CAR"], "engagement").await;
    deliver(&site).await;
    let states = states(&site, &mailing).await;
    site.done().await;
    (states, server.received().len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_goes_over_an_encrypted_connection_that_is_signed_in_to() {
    for (protection, tls) in [(Protection::Wrapper, Tls::Wrapper), (Protection::Starttls, Tls::Starttls)] {
        let (states, received) = sent_over(protection, tls, true, "a quiet room").await;
        assert_eq!((states.as_slice(), received), ([State::Accepted].as_slice(), 1), "{tls:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_said_to_a_server_that_cannot_be_trusted_or_does_not_know_us() {
    for (protection, tls, trusted, password) in [
        (Protection::Wrapper, Tls::Wrapper, false, "a quiet room"),
        (Protection::Starttls, Tls::Starttls, false, "a quiet room"),
        // It was to be encrypted, and the server does not offer it.
        (Protection::None, Tls::Starttls, true, "a quiet room"),
        (Protection::Wrapper, Tls::Wrapper, true, "another password"),
    ] {
        let (states, received) = sent_over(protection, tls, trusted, password).await;
        assert_eq!((states.as_slice(), received), ([State::Queued].as_slice(), 0), "{protection:?} {tls:?}");
    }
}
