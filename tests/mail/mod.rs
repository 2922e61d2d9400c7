//! Letters and what becomes of them, against a mail server that speaks the protocol and misbehaves as it is told.

mod alerts;
mod audiences;
mod deliveries;
mod dkim;
mod files;
mod imap;
mod inbound;
mod incoming;
mod invitations;
mod kill;
mod letters;
mod looks;
mod mailings;
mod me;
mod nudges;
mod optouts;
mod pace;
mod protection;
mod senders;
mod setup;
mod sign_offs;
mod starts;
mod topics;
mod trouble;

use entity::delivery::{self, State};
use opendoor::{
    config::{Carrier, Config, Tls},
    journal::Actor,
    mailings::deliver::Worker,
    stakeholders::{self, Draft},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::harness::{
    Engine, Site,
    people::DORSET,
    site::Visitor,
    smtp::{Received, SmtpServer},
};

/// A journey on both databases with a mail server beside it; one of the servers hears several commands at once.
macro_rules! by_post {
    ($name:ident, |$site:ident, $server:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn journey($site: $crate::harness::Site, $server: $crate::harness::smtp::SmtpServer) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let server = $crate::harness::smtp::SmtpServer::start().await;
                let site = $crate::mail::site($crate::harness::Engine::Sqlite, &server).await;
                journey(site, server).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let server = $crate::harness::smtp::SmtpServer::start().await;
                server.pipeline(true);
                let site = $crate::mail::site($crate::harness::Engine::Postgres, &server).await;
                journey(site, server).await;
            }
        }
    };
}
use by_post;

/// A site whose mail goes to `server`, one letter at a time.
async fn site(engine: Engine, server: &SmtpServer) -> Site {
    Site::with(engine, |config| {
        to(config, server);
        config.post.smtp_connections = 1;
    })
    .await
}

fn to(config: &mut Config, server: &SmtpServer) {
    config.post.mail = Carrier::Smtp;
    config.post.smtp_port = Some(server.port);
    config.post.smtp_tls = Tls::None;
    config.post.smtp_patience = 1;
    config.post.mail_from = "Dorset STP <engagement@dorset.example.org>".into();
    config.post.mail_reply_to = Some("team@dorset.example.org".into());
    config.face.public_url = Some("https://opendoor.example.org".into());
}

/// The mailings of Dorset.
fn at(rest: &str) -> String {
    format!("/work/stps/{DORSET}/mailings{rest}")
}

/// Adds offices to Dorset's stakeholders: (group, name, email).
async fn add(site: &Site, offices: &[(&str, &str, &str)]) {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    for (group, name, email) in offices {
        let draft = Draft {
            group_code: (*group).into(),
            name: Some((*name).into()),
            organisation: None,
            role: None,
            email: Some((*email).into()).filter(|email: &String| !email.is_empty()),
            notes: None,
            basis: "Public task".into(),
            wording: None,
            obtained_on: None,
            evidence: None,
            confirmed_on: None,
            place_code: None,
            topics: Vec::new(),
        };
        stakeholders::create(&mut w, DORSET, &draft, stakeholders::Origin::default()).await.unwrap();
    }
    w.commit().await.unwrap();
}

/// Writes a mailing to these groups and gives its address.
async fn write(officer: &mut Visitor<'_>, groups: &[&str], purpose: &str) -> String {
    write_about(officer, groups, purpose, "").await
}

/// The same about a topic.
async fn write_about(officer: &mut Visitor<'_>, groups: &[&str], purpose: &str, topic: &str) -> String {
    let form = officer.get(&at("/new")).await.form(&at(""));
    let key = form.iter().find(|(name, _)| name == "form_key").unwrap().1.clone();
    let mut fields = vec![
        ("form_key", key.as_str()),
        ("subject", "Have your say in {{ stp }}"),
        ("body", "Dear {{ name }},\r\n\r\nCome to the village hall.\r\n.\r\nThe engagement team"),
        ("purpose", purpose),
        ("topic", topic),
    ];
    fields.extend(groups.iter().map(|group| ("groups", *group)));
    let led = officer.post(&at(""), &fields).await.led();
    led.split('?').next().unwrap().to_owned()
}

/// Writes, freezes and dispatches a mailing; nothing is sent before the worker runs.
async fn dispatched(officer: &mut Visitor<'_>, groups: &[&str], purpose: &str) -> String {
    dispatched_about(officer, groups, purpose, "").await
}

/// The same about a topic.
async fn dispatched_about(officer: &mut Visitor<'_>, groups: &[&str], purpose: &str, topic: &str) -> String {
    let mailing = write_about(officer, groups, purpose, topic).await;
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    mailing
}

/// Runs a worker until nothing is due.
async fn deliver(site: &Site) -> usize {
    // A process that another test is just starting holds this one's files open until it runs its own program, and
    // with them the lock of a worker that is gone.
    for _ in 0..10_000 {
        if let Some(mut worker) = Worker::start(&site.app).await.unwrap() {
            return worker.deliver_due().await.unwrap();
        }
        tokio::task::yield_now().await;
    }
    panic!("another worker is there and does not go");
}

/// The ledger of a mailing, in order of address.
async fn ledger(site: &Site, mailing: &str) -> Vec<delivery::Model> {
    let id = mailing.rsplit('/').next().unwrap();
    delivery::Entity::find()
        .filter(delivery::Column::MailingId.eq(id))
        .order_by_asc(delivery::Column::Address)
        .all(site.app.db.read())
        .await
        .unwrap()
}

/// The states of a mailing's ledger, in order of address.
async fn states(site: &Site, mailing: &str) -> Vec<State> {
    ledger(site, mailing).await.into_iter().map(|delivery| delivery.state).collect()
}

/// What a mail service says of a letter that its reader called spam (RFC 5965).
fn complaint(letter: &Received) -> Vec<u8> {
    format!(
        "From: complaints@provider.example.org\r\nTo: {}\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"c\"\r\n\r\n\
         --c\r\nContent-Type: text/plain\r\n\r\nA report of abuse.\r\n\
         --c\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Loop/1\r\nVersion: 1\r\n\r\n\
         --c\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--c--\r\n",
        letter.from, letter.data
    )
    .into_bytes()
}
