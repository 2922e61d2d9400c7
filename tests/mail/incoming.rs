//! What comes back of a letter, and what follows from it.

use chrono::NaiveDate;
use entity::{
    delivery::{self, State},
    incoming_mail::{self, Fate, Kind},
    suppression,
    user::Role,
};
use opendoor::{
    config::Config,
    incoming_mail::{Taken, take},
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryOrder as _};

use super::{add, at, complaint, deliver, dispatched, ledger, states};
use crate::harness::{
    Engine, Site,
    people::{DEVON, DORSET},
    smtp::{Received, SmtpServer},
};

const RETURN_PATH: &str = "bounces@dorset.example.org";
const CARERS: &str = "office@carers.example.org";
const HEALTHWATCH: &str = "office@healthwatch.example.org";
const TWO: [(&str, &str, &str); 2] =
    [("PP-CAR", "Carers Centre", CARERS), ("PP-HWT", "Healthwatch Dorset", HEALTHWATCH)];
const BOTH: [&str; 2] = ["PP-CAR", "PP-HWT"];

/// A journey on both databases, with letters that return to addresses of their own.
macro_rules! returning {
    ($name:ident, |$site:ident, $server:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn journey($site: Site, $server: SmtpServer) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let server = SmtpServer::start().await;
                journey(site(Engine::Sqlite, &server).await, server).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let server = SmtpServer::start().await;
                journey(site(Engine::Postgres, &server).await, server).await;
            }
        }
    };
}

mod button;
mod hook;
mod mailbox;
mod replies;

async fn site(engine: Engine, server: &SmtpServer) -> Site {
    site_with(engine, server, |_| {}).await
}

async fn site_with(engine: Engine, server: &SmtpServer, change: impl FnOnce(&mut Config)) -> Site {
    Site::with(engine, |config| {
        super::to(config, server);
        config.post.smtp_connections = 1;
        config.post.smtp_patience = 60;
        config.post.mail_return_path = Some(RETURN_PATH.into());
        change(config);
    })
    .await
}

/// What a mail server says of a letter that it could not deliver, as RFC 3464 has it.
fn report(to: &str, about: &str, recipient: &str, status: &str, answer: &str) -> Vec<u8> {
    let action = if status.starts_with('4') && answer.contains("delayed") { "delayed" } else { "failed" };
    format!(
        "From: MAILER-DAEMON@mx.example.org\r\n\
         To: {to}\r\n\
         Subject: Undelivered mail {status} {about}\r\n\
         Auto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\
         \r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.org\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; {answer}\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\nSubject: Have your say\r\n\r\n\
         --b--\r\n"
    )
    .into_bytes()
}

/// What somebody writes in answer to a letter.
pub(super) fn answer(from: &str, about: &str, subject: &str, text: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: team@dorset.example.org\r\nSubject: {subject}\r\nIn-Reply-To: {about}\r\n\
         Message-ID: <{}@mail.example.org>\r\n\r\n{text}\r\n",
        subject.len() + text.len()
    )
    .into_bytes()
}

/// The letter that went to an address, as the server got it.
fn letter(server: &SmtpServer, to: &str) -> Received {
    server.received().into_iter().rfind(|message| message.to == to).expect("a letter")
}

pub(super) fn message_id(letter: &Received) -> String {
    let line = letter.data.lines().find(|line| line.starts_with("Message-ID:")).expect("a Message-ID");
    line.trim_start_matches("Message-ID:").trim().to_owned()
}

async fn stops(site: &Site) -> Vec<(String, suppression::State, Option<String>)> {
    let rows =
        suppression::Entity::find().order_by_desc(suppression::Column::Address).all(site.app.db.read()).await;
    rows.unwrap().into_iter().map(|row| (row.address, row.state, row.stp_code)).collect()
}

async fn count(site: &Site) -> u64 {
    incoming_mail::Entity::find().count(site.app.db.read()).await.unwrap()
}

returning!(a_bounce_is_known_by_where_it_returns_and_its_address_is_not_written_to_again, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let first = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    let sent = letter(&server, CARERS);
    assert!(sent.from.starts_with("bounces+") && sent.from.ends_with("@dorset.example.org"), "{}", sent.from);
    assert_ne!(sent.from, letter(&server, HEALTHWATCH).from, "each has its own");
    assert!(sent.data.contains("From: \"Dorset STP\" <engagement@dorset.example.org>"));

    // The address was forwarded, so the report names another, and no Message-ID of ours.
    let bounce =
        report(&sent.from, "<other@example.org>", "moved@example.org", "5.1.1", "550 5.1.1 no such user");
    assert_eq!(take(&site.app, bounce.clone()).await.unwrap(), Taken::Took(Kind::Bounce, Some(Fate::Hard)));
    assert_eq!(take(&site.app, bounce).await.unwrap(), Taken::Known, "the same mail twice is one");
    assert_eq!(count(&site).await, 1);
    assert_eq!(states(&site, &first).await, [State::Bounced, State::Accepted]);
    assert_eq!(ledger(&site, &first).await[0].reason.as_deref(), Some("It came back: no such address"));
    assert_eq!(stops(&site).await, [(CARERS.to_owned(), suppression::State::Undeliverable, None)]);

    let second = dispatched(&mut officer, &BOTH, "statutory").await;
    assert_eq!(states(&site, &second).await, [State::Excluded, State::Queued]);
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(server.tally()[CARERS], 1);
    let shown = officer.get(&first).await;
    assert!(shown.words("main table").contains("Bounced 1"), "{}", shown.words("main table"));
    let mail = officer.get(&format!("/work/stps/{DORSET}/incoming-mail?show=bounce")).await;
    assert!(mail.words("main table").contains("Bounce: no such address"), "{}", mail.words("main"));
    site.done().await;
});

returning!(a_forged_bounce_silences_nobody, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    let (carers, healthwatch) = (letter(&server, CARERS), letter(&server, HEALTHWATCH));
    // One's own return path with another delivery's identity in it; the address that all letters come from.
    let (own, other) = (&healthwatch.from, &carers.from);
    let forged = format!("{}{}", &other[..40], &own[40..]);
    assert_ne!(&forged, other);
    let gone = "550 5.1.1 no such user";
    for to in [forged.as_str(), "engagement@dorset.example.org", "bounces@dorset.example.org"] {
        let mail = report(to, "<guessed@dorset.example.org>", CARERS, "5.1.1", gone);
        assert_eq!(take(&site.app, mail).await.unwrap(), Taken::Held(Kind::Bounce), "{to}");
    }
    // Healthwatch knows its own letter's Message-ID, and speaks of the carers' address.
    let mail = report("bounces@dorset.example.org", &message_id(&healthwatch), CARERS, "5.1.1", gone);
    assert_eq!(take(&site.app, mail).await.unwrap(), Taken::Held(Kind::Bounce));
    assert_eq!(stops(&site).await, []);
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted]);
    // The Message-ID and the letter's own address are enough.
    let mail = report("bounces@dorset.example.org", &message_id(&carers), CARERS, "5.1.1", gone);
    assert_eq!(take(&site.app, mail).await.unwrap(), Taken::Took(Kind::Bounce, Some(Fate::Hard)));
    assert_eq!(stops(&site).await.len(), 1);
    site.done().await;
});

returning!(a_full_mailbox_counts_up_and_an_arrival_starts_again, |site, server| {
    add(&site, &TWO[..1]).await;
    let mut officer = site.officer(DORSET).await;
    let mut soft = 0;
    for round in 0..10 {
        let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
        assert_eq!(deliver(&site).await, 1, "round {round}");
        site.app.clock.advance(chrono::TimeDelta::minutes(1));
        let sent = letter(&server, CARERS);
        if round == 3 {
            // This one arrives, so those before it count no more.
            soft = 0;
            continue;
        }
        let full = report(&sent.from, &message_id(&sent), CARERS, "5.2.2", "552 5.2.2 mailbox full");
        assert_eq!(take(&site.app, full).await.unwrap(), Taken::Took(Kind::Bounce, Some(Fate::Soft)));
        assert_eq!(states(&site, &mailing).await, [State::Bounced]);
        soft += 1;
        let expected = usize::from(soft == 5);
        assert_eq!(stops(&site).await.len(), expected, "after {soft} in a row, round {round}");
        if soft == 5 {
            assert_eq!(round, 8);
            break;
        }
    }
    let last = dispatched_to_nobody(&mut officer).await;
    assert!(last.contains("Undeliverable"), "{last}");
    site.done().await;
});

/// Writes a mailing that nobody is left to get, and gives what its page says.
async fn dispatched_to_nobody(officer: &mut crate::harness::site::Visitor<'_>) -> String {
    let mailing = super::write(officer, &BOTH, "engagement").await;
    officer.get(&mailing).await.words("main table")
}

returning!(refusals_delays_and_automatic_answers_change_no_address, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    let (carers, healthwatch) = (letter(&server, CARERS), letter(&server, HEALTHWATCH));
    let refused = report(&carers.from, &message_id(&carers), CARERS, "5.7.1", "550 5.7.1 refused by policy");
    assert_eq!(take(&site.app, refused).await.unwrap(), Taken::Took(Kind::Bounce, Some(Fate::Refused)));
    let late =
        report(&healthwatch.from, &message_id(&healthwatch), HEALTHWATCH, "4.4.7", "delayed, still trying");
    assert_eq!(take(&site.app, late).await.unwrap(), Taken::Took(Kind::Bounce, Some(Fate::Delayed)));
    let away = format!(
        "From: {HEALTHWATCH}\r\nTo: team@dorset.example.org\r\nSubject: Automatic reply: Have your say\r\n\
         Auto-Submitted: auto-replied\r\nIn-Reply-To: {}\r\n\r\nThe office is closed until Monday.\r\n",
        message_id(&healthwatch)
    );
    assert_eq!(take(&site.app, away.into_bytes()).await.unwrap(), Taken::Took(Kind::AutoReply, None));
    assert_eq!(states(&site, &mailing).await, [State::Bounced, State::Accepted]);
    assert_eq!(stops(&site).await, []);
    let waits = officer.get(&format!("/work/stps/{DORSET}/incoming-mail")).await;
    assert!(waits.words("main").contains("Nothing waits."), "{}", waits.words("main"));
    site.done().await;
});

returning!(a_complaint_and_a_wish_to_be_left_out_take_effect_on_what_is_queued, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    let (carers, healthwatch) = (letter(&server, CARERS), letter(&server, HEALTHWATCH));
    let queued = dispatched(&mut officer, &BOTH, "engagement").await;

    let wish = answer(HEALTHWATCH, &message_id(&healthwatch), "unsubscribe", "unsubscribe");
    assert_eq!(take(&site.app, wish).await.unwrap(), Taken::Took(Kind::Unsubscribe, None));
    let stranger = answer("someone@example.org", &message_id(&carers), "Unsubscribe", "unsubscribe");
    assert_eq!(
        take(&site.app, stranger).await.unwrap(),
        Taken::Held(Kind::Unsubscribe),
        "not the letter's address"
    );
    assert_eq!(take(&site.app, complaint(&carers)).await.unwrap(), Taken::Took(Kind::Complaint, None));
    assert_eq!(
        stops(&site).await,
        [
            (HEALTHWATCH.to_owned(), suppression::State::OptedOut, Some(DORSET.to_owned())),
            (CARERS.to_owned(), suppression::State::Complained, None)
        ]
    );
    assert_eq!(deliver(&site).await, 0, "neither gets a later copy");
    assert_eq!(states(&site, &queued).await, [State::Excluded, State::Excluded]);
    assert_eq!(server.tally().values().sum::<usize>(), 2);
    // Neither is kept from what the law says they must be told.
    let notice = dispatched(&mut officer, &BOTH, "statutory").await;
    assert_eq!(states(&site, &notice).await, [State::Queued, State::Queued]);
    site.done().await;
});

returning!(an_answer_waits_for_staff_until_its_day, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    let sent = letter(&server, CARERS);
    let text =
        "Is there a bus to the hall?\r\n\r\nOn 15 Jan 2018, Dorset STP wrote:\r\n> Come to the village hall.";
    let mail = answer(CARERS, &message_id(&sent), "Re: Have your say in Dorset", text);
    assert_eq!(take(&site.app, mail).await.unwrap(), Taken::Took(Kind::Reply, None));
    let row = incoming_mail::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.body_text, "Is there a bus to the hall?");
    // Twenty working days after Monday 15 January 2018.
    assert_eq!(row.due_on, NaiveDate::from_ymd_opt(2018, 2, 12));

    let list = format!("/work/stps/{DORSET}/incoming-mail");
    assert!(officer.get(&at("")).await.words("main").contains("(1 waiting)"));
    let shown = officer.get(&list).await;
    assert!(shown.words("main table").contains("Re: Have your say in Dorset"), "{}", shown.words("main"));
    let one = format!("{list}/{}", row.id);
    let page = officer.get(&one).await;
    assert!(page.words("main").contains("Is there a bus to the hall?"));
    assert!(page.words("main").contains("12 February 2018"), "{}", page.words("main"));
    officer.post(&format!("{one}/endings"), &[]).await.led();
    assert!(officer.get(&list).await.words("main").contains("Nothing waits."));
    assert!(
        officer.get(&format!("{list}?show=reply")).await.words("main table").contains("Re: Have your say")
    );
    officer.post(&format!("{one}/reopenings"), &[]).await.led();
    site.app.clock.advance(chrono::TimeDelta::days(40));
    let mut officer = site.officer_again(DORSET).await;
    assert!(officer.get(&list).await.words("main table").contains("Late"));
    let delivery =
        delivery::Entity::find_by_id(row.delivery_id.unwrap()).one(site.app.db.read()).await.unwrap();
    let stakeholder = delivery.unwrap().stakeholder_id.unwrap();
    let person = officer.get(&format!("/work/stps/{DORSET}/stakeholders/{stakeholder}")).await;
    assert!(person.words("main").contains("What came back"), "{}", person.words("main"));
    assert!(
        officer.get(&format!("/work/stps/{DEVON}/incoming-mail/{}", row.id)).await.status.is_client_error()
    );
    site.done().await;
});

returning!(what_is_nobodys_waits_for_an_administrator_who_gives_it_to_an_area, |site, _server| {
    let stray =
        answer("someone@example.org", "<unknown@example.org>", "Your plans", "When will you come to us?");
    assert_eq!(take(&site.app, stray).await.unwrap(), Taken::Held(Kind::Reply));
    let row = incoming_mail::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    let held = "/work/england/incoming-mail";
    let mut officer = site.officer(DORSET).await;
    assert!(officer.get(held).await.status.is_client_error());
    let mut admin = site.signed_in(Role::Admin, &[]).await;
    let list = admin.get(held).await;
    assert!(list.words("main table").contains("Your plans"), "{}", list.words("main"));
    let one = format!("{held}/{}", row.id);
    assert!(admin.get(&one).await.words("main").contains("When will you come to us?"));
    let wrong = admin.post(&format!("{one}/assignments"), &[("stp", "")]).await;
    assert!(wrong.status.is_client_error());
    admin.post(&format!("{one}/assignments"), &[("stp", DORSET)]).await.led();
    assert!(admin.get(&one).await.status.is_client_error(), "it is the area's now");
    let mut officer = site.officer_again(DORSET).await;
    let list = officer.get(&format!("/work/stps/{DORSET}/incoming-mail")).await;
    assert!(list.words("main table").contains("Your plans"), "{}", list.words("main"));
    site.done().await;
});

returning!(an_administrator_lifts_a_state_with_a_reason, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched(&mut officer, &BOTH, "engagement").await;
    deliver(&site).await;
    let sent = letter(&server, CARERS);
    let bounce = report(&sent.from, &message_id(&sent), CARERS, "5.1.1", "550 5.1.1 no such user");
    take(&site.app, bounce).await.unwrap();
    let holds = format!("/work/stps/{DORSET}/holds");
    let listed = officer.get(&holds).await;
    assert!(listed.words("main table").contains(CARERS), "{}", listed.words("main"));
    let hold = suppression::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    let one = format!("{holds}/{}", hold.id);
    assert!(officer.get(&one).await.status.is_client_error(), "an officer cannot");
    // Devon never wrote to it and does not keep it: it is not told of it.
    let mut devon = site.signed_in(Role::Officer, &[DEVON]).await;
    let other = devon.get(&format!("/work/stps/{DEVON}/holds")).await;
    assert!(other.words("main").contains("can be written to"), "{}", other.words("main"));
    let mut admin = site.signed_in(Role::Admin, &[]).await;
    let wrong = admin.post(&one, &[("reason", "  ")]).await;
    assert!(wrong.words("main").contains("Enter why"), "{}", wrong.words("main"));
    admin.post(&one, &[("reason", "The office telephoned: the mailbox works again")]).await.led();
    assert!(admin.get(&one).await.status.is_client_error(), "it is lifted");
    let kept = suppression::Entity::find_by_id(hold.id).one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(kept.lifted_reason.as_deref(), Some("The office telephoned: the mailbox works again"));
    let mut officer = site.officer_again(DORSET).await;
    let again = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(states(&site, &again).await, [State::Queued, State::Queued]);
    site.done().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_takes_a_mail_from_a_pipe() {
    use std::{io::Write as _, process::Stdio};
    let folder = tempfile::tempdir().unwrap();
    let run = |mail: &[u8], data: &std::path::Path| {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_opendoor"))
            .args(["mail", "ingest", "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(mail).unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let stray =
        answer("someone@example.org", "<unknown@example.org>", "Your plans", "When will you come to us?");
    let (code, said) = run(&stray, folder.path());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("Reply: nobody knows whose letter"), "{said}");
    assert!(!said.contains("example.org"), "nothing personal: {said}");
    assert_eq!(run(&stray, folder.path()), (Some(0), "It had been taken in before.\n".to_owned()));
    // A folder that is a file: the mail server is to keep the mail and try again.
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert_eq!(run(&stray, &file).0, Some(75));
}
