//! What each kind of letter looks like to its reader: whole letters as their server got them, opened in a browser.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{add, alerts, at, deliver, invitations, nudges, site};
use crate::harness::{
    Engine, Site, browser,
    people::DORSET,
    site::Visitor,
    smtp::{Received, SmtpServer},
};

/// All that a letter can hold, and words that do not fit a phone's line.
const RICH: &str = "Dear {{ name }},\r\n\r\n# What happens next\r\n\r\n- **Read** [the draft plan](https://example.org/plan)\r\n\
                    - Come on *31 March*\r\n\r\n## Who decides\r\n\r\n1. The clinical commissioning groups\r\n2. The board\r\n\r\n\
                    > Nothing about us without us.\r\n\r\n---\r\n\r\nRead it all at \
                    https://example.org/a-plan-with-an-address-that-is-far-longer-than-any-telephone-is-wide/and/then/some/more\r\n\r\n\
                    The engagement team\r\n1 High Street\r\nDorchester";

/// Every kind of letter passes axe, fits 320 pixels, asks for nothing from anywhere, and says in text what it says in
/// HTML.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_is_looked_at() {
    let server = SmtpServer::start().await;
    let site = site(Engine::Sqlite, &server).await;
    let mut officer = site.officer(DORSET).await;
    let event = invitations::invited(&site, &mut officer).await;
    invitations::change(&mut officer, &event, &[("venue", "Village Hall")]).await;
    invitations::tell(&site, &mut officer, &event).await;
    let (page, cancel) = (invitations::of(&event, ""), invitations::of(&event, "/cancellations"));
    officer.submit(&page, &cancel, &[("cancelled_reason", "The hall flooded")]).await.led();
    invitations::tell(&site, &mut officer, &event).await;
    for purpose in ["engagement", "service", "statutory"] {
        written(&site, &mut officer, purpose).await;
    }
    alerts::each_kind(&site, &server).await;
    nudges::dorset(&site).await;
    nudges::to(&site, "2018-02-01").await;

    let letters: BTreeMap<String, Value> = server.received().iter().map(letter).collect();
    let subjects: Vec<&str> = letters.keys().map(String::as_str).collect();
    assert_eq!(
        subjects,
        [
            "1 thing falls due in Dorset",
            "2 new reports, 1 proposal has changed",
            "Cancelled: Drop-in for carers",
            "Changed: Drop-in for carers",
            "Confirm that you want email updates from Open Door",
            "New report: Engagement in Dorset as at 15 January 2018, edition 1",
            "News of the plan (engagement)",
            "News of the plan (service)",
            "News of the plan (statutory)",
            "Will you come?",
            "You get email updates from Open Door already",
        ]
    );
    let seen = browser::run("letters.mjs", json!({ "letters": letters.values().collect::<Vec<_>>() })).await;
    assert_eq!(seen.len(), 2 * letters.len());
    site.done().await;
}

/// A letter as the browser's script takes it, under its subject: one of a kind is enough.
fn letter(received: &Received) -> (String, Value) {
    let parsed = mail_parser::MessageParser::default().parse(received.data.as_bytes()).unwrap();
    let (text, html) = (parsed.body_text(0).unwrap(), parsed.body_html(0).unwrap());
    let subject = parsed.subject().unwrap();
    (subject.to_owned(), json!({ "subject": subject, "text": text, "html": html }))
}

async fn written(site: &Site, officer: &mut Visitor<'_>, purpose: &str) {
    let email = format!("{purpose}@carers.example.org");
    add(site, &[("PP-CAR", "The <Carers> & Families Centre", &email)]).await;
    let subject = format!("News of the plan ({purpose})");
    let fields = [("subject", &*subject), ("body", RICH), ("purpose", purpose), ("groups", "PP-CAR")];
    let mailing = officer.submit(&at("/new"), &at(""), &fields).await.led();
    let mailing = mailing.split('?').next().unwrap();
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    assert!(deliver(site).await > 0);
}
