//! Several senders, each with its own mail server: whose letters go where, what holds up whom, and what is proof of it.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{delivery::State, mailing, suppression, user::Role};
use opendoor::{
    app::App,
    config::{Carrier, Config},
    incoming_mail,
    mailings::{deliver::Worker, letter},
};
use sea_orm::EntityTrait as _;
use sha2::{Digest as _, Sha256};

use super::{add, at, complaint, deliver, dispatched, ledger, states, to, write};
use crate::harness::{
    Engine, Site,
    people::{DEVON, DORSET},
    site::Visitor,
    smtp::{Behaviour, SmtpServer, Step},
};

const FROM: &str = "stp@dorset.example.org";
const PUBLIC: [&str; 1] = ["PP-PUB"];

/// A journey on both databases with two mail servers: that of the settings, and that of Dorset's own sender.
macro_rules! from_two {
    ($name:ident, |$site:ident, $main:ident, $dorset:ident| $body:block) => {
        from_two!($name, |_config| {}, |$site, $main, $dorset| $body);
    };
    ($name:ident, |$config:ident| $set:block, |$site:ident, $main:ident, $dorset:ident| $body:block) => {
        mod $name {
            use super::*;

            fn set($config: &mut Config) $set

            async fn journey($site: Site, $main: SmtpServer, $dorset: SmtpServer) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let (main, dorset) = (SmtpServer::start().await, SmtpServer::start().await);
                journey(site(Engine::Sqlite, &main, &dorset, set).await, main, dorset).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let (main, dorset) = (SmtpServer::start().await, SmtpServer::start().await);
                journey(site(Engine::Postgres, &main, &dorset, set).await, main, dorset).await;
            }
        }
    };
}

async fn site(engine: Engine, main: &SmtpServer, dorset: &SmtpServer, set: fn(&mut Config)) -> Site {
    Site::with(engine, |config| {
        to(config, main);
        config.post.smtp_connections = 1;
        sent_by(config, &entry("dorset", FROM, dorset.port, DORSET));
        set(config);
    })
    .await
}

/// The entry of a sender that one STP may write from.
fn entry(key: &str, from: &str, port: u16, stp: &str) -> String {
    format!(
        "[[sender]]\nkey = \"{key}\"\nname = \"Dorset’s own\"\nfrom = \"{from}\"\nreply_to = \"answers@dorset.example.org\"\n\
         return_path = \"back@dorset.example.org\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n\
         connections = 1\nstps = [\"{stp}\"]\n"
    )
}

/// Gives the settings a file of senders.
fn sent_by(config: &mut Config, text: &str) {
    let file = config.store.data.join("senders.toml");
    std::fs::write(&file, text).unwrap();
    config.post.mail_senders = Some(file);
}

/// The same product begun anew with other senders.
fn begun_anew(site: &Site, text: &str) -> Arc<App> {
    let app = &site.app;
    let mut config = app.config.clone();
    sent_by(&mut config, text);
    App::new(app.db.clone(), app.clock.clone(), app.chance.clone(), config).unwrap()
}

async fn people(site: &Site, number: usize) {
    let all: Vec<_> =
        (0..number).map(|n| (format!("Office {n}"), format!("office{n}@example.org"))).collect();
    let all: Vec<_> = all.iter().map(|(name, email)| ("PP-PUB", name.as_str(), email.as_str())).collect();
    add(site, &all).await;
}

/// Writes a mailing of Dorset from a sender and gives its address.
async fn written(officer: &mut Visitor<'_>, sender: &str) -> String {
    let mailing = write(officer, &PUBLIC, "engagement").await;
    officer.submit(&format!("{mailing}/edit"), &mailing, &[("sender", sender)]).await.led();
    mailing
}

/// Writes, freezes and dispatches it.
async fn sent_from(officer: &mut Visitor<'_>, sender: &str) -> String {
    let mailing = written(officer, sender).await;
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    mailing
}

async fn row(site: &Site, mailing: &str) -> mailing::Model {
    let id = mailing.rsplit('/').next().unwrap();
    mailing::Entity::find_by_id(id).one(site.app.db.read()).await.unwrap().unwrap()
}

from_two!(a_mailing_comes_from_whom_it_names_over_its_own_server, |site, main, dorset| {
    people(&site, 2).await;
    let mut officer = site.officer(DORSET).await;
    let form = officer.get(&at("/new")).await;
    let offered = form.each("select[name=sender] option");
    assert_eq!(
        offered,
        ["Dorset STP <engagement@dorset.example.org>", "Dorset’s own <stp@dorset.example.org>"],
        "the settings' own first"
    );
    let own = sent_from(&mut officer, "").await;
    let theirs = written(&mut officer, "dorset").await;
    let draft = officer.get(&theirs).await.words("main");
    assert!(draft.contains("Comes from Dorset’s own <stp@dorset.example.org>"), "{draft}");
    let edit = officer.get(&format!("{theirs}/edit")).await.form(&theirs);
    assert!(edit.contains(&("sender".to_owned(), "dorset".to_owned())), "{edit:?}");

    let preview = officer.get(&format!("{theirs}/preview")).await;
    let head = preview.words("main dl");
    assert!(head.contains("From Dorset’s own <stp@dorset.example.org>"), "{head}");
    assert!(head.contains("Reply to answers@dorset.example.org"), "{head}");
    let reader = preview.attributes("input[name=as]", "value").remove(0);
    officer.post(&format!("{theirs}/samples"), &[("as", &reader)]).await.led();
    assert_eq!((main.received().len(), dorset.received().len()), (0, 1), "a sample is as the letter will be");
    assert!(dorset.received()[0].data.contains("stp@dorset.example.org>"), "{}", dorset.received()[0].data);

    officer.post(&format!("{theirs}/freezes"), &[]).await.led();
    officer.post(&format!("{theirs}/dispatches"), &[]).await.led();
    assert_eq!(deliver(&site).await, 4);
    assert_eq!((main.received().len(), dorset.received().len()), (2, 3));
    for letter in &main.received() {
        assert!(
            letter.data.contains("From: \"Dorset STP\" <engagement@dorset.example.org>"),
            "{}",
            letter.data
        );
        assert_eq!(letter.from, "engagement@dorset.example.org");
    }
    for letter in &dorset.received()[1..] {
        assert!(letter.data.contains("<stp@dorset.example.org>\r\nReply-To: answers@dorset.example.org\r\n"));
        assert!(
            letter.from.starts_with("back+") && letter.from.ends_with("@dorset.example.org"),
            "{}",
            letter.from
        );
    }
    assert_eq!(states(&site, &theirs).await, [State::Accepted; 2]);

    let page = officer.get(&format!("{theirs}/deliveries")).await.words("main dl");
    assert!(page.contains("Comes from stp@dorset.example.org"), "{page}");
    let file = officer.get(&format!("{theirs}/deliveries.csv")).await.text();
    let lines: Vec<&str> = file.lines().filter(|line| line.contains("office")).collect();
    assert_eq!(lines.len(), 2, "{file}");
    assert!(lines.iter().all(|line| line.ends_with(",stp@dorset.example.org")), "{file}");
    assert!(officer.get(&theirs).await.words("main").contains("Comes from stp@dorset.example.org"));

    // What stands frozen of the settings' own is what it always was; another sender is part of it.
    let (own, theirs) = (row(&site, &own).await, row(&site, &theirs).await);
    let text = |mailing: &mailing::Model| {
        hex::encode(Sha256::digest(format!("{}\n\n{}", mailing.subject, mailing.body_text)))
    };
    assert_eq!((own.sender.as_deref(), own.text_sha256.clone()), (None, Some(text(&own))));
    assert_eq!(own.sent_from.as_deref(), Some("engagement@dorset.example.org"));
    assert_eq!((theirs.sender.as_deref(), theirs.sent_from.as_deref()), (Some("dorset"), Some(FROM)));
    assert_ne!(theirs.text_sha256, Some(text(&theirs)));
    for altered in [
        mailing::Model { sender: Some("other".into()), ..theirs.clone() },
        mailing::Model { sent_from: Some("other@example.org".into()), ..theirs.clone() },
        mailing::Model { sender: None, ..theirs.clone() },
    ] {
        assert_ne!(Some(letter::text_sha256(&altered)), theirs.text_sha256);
    }
    let journalled = site.app.db.read();
    let kept = entity::journal_entry::Entity::find().all(journalled).await.unwrap();
    let last = kept.iter().rfind(|entry| entry.subject_id == theirs.id && entry.action == "freeze").unwrap();
    assert!(last.after.as_ref().unwrap().contains(FROM), "the journal knows it");
    site.done().await;
});

from_two!(what_returns_to_a_senders_own_address_is_understood, |site, main, dorset| {
    people(&site, 1).await;
    let mut officer = site.officer(DORSET).await;
    sent_from(&mut officer, "dorset").await;
    assert_eq!((deliver(&site).await, main.received().len()), (1, 0));
    incoming_mail::take(&site.app, complaint(&dorset.received()[0])).await.unwrap();
    let stopped = suppression::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(stopped.len(), 1);
    assert_eq!(stopped[0].address, "office0@example.org");
    site.done().await;
});

from_two!(another_areas_sender_is_refused, |site, main, dorset| {
    let mut devon = site.officer(DEVON).await;
    let home = format!("/work/stps/{DEVON}/mailings");
    let form = devon.get(&format!("{home}/new")).await;
    assert!(form.each("select[name=sender]").is_empty(), "who has one has nothing to choose");
    let key = form.form(&home).iter().find(|(name, _)| name == "form_key").unwrap().1.clone();
    let mut fields = vec![
        ("form_key", key.as_str()),
        ("subject", "Have your say"),
        ("body", "Come to the village hall."),
        ("purpose", "engagement"),
        ("groups", "PP-PUB"),
        ("sender", "dorset"),
    ];
    let refused = devon.post(&home, &fields).await;
    assert_eq!(refused.status, 422);
    let said = refused.words(".nhsuk-error-summary");
    assert!(said.contains("Select an address that this STP may write from"), "{said}");
    assert_eq!(refused.words("textarea[name=body]"), "Come to the village hall.", "what was typed is kept");
    fields.pop();
    let mailing = devon.post(&home, &fields).await.led();
    let mailing = mailing.split('?').next().unwrap();
    let mut edited = devon.get(&format!("{mailing}/edit")).await.form(mailing);
    edited.push(("sender".to_owned(), "dorset".to_owned()));
    let pairs: Vec<_> = edited.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(devon.post(mailing, &pairs).await.status, 422);
    assert_eq!(row(&site, mailing).await.sender, None);

    // In Dorset the field says so itself.
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &PUBLIC, "engagement").await;
    let refused = officer.submit(&format!("{mailing}/edit"), &mailing, &[("sender", "kent")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words("#sender-error").contains("may write from"));
    assert_eq!((main.connections(), dorset.connections()), (0, 0));
    site.done().await;
});

from_two!(a_server_that_cannot_be_reached_rests_its_own_letters_alone, |site, main, dorset| {
    people(&site, 2).await;
    let mut officer = site.officer(DORSET).await;
    let theirs = sent_from(&mut officer, "dorset").await;
    let own = sent_from(&mut officer, "").await;
    dorset.when(Step::Greeting, "", Behaviour::Answer("554 5.3.2 not accepting mail"), 1);
    let mut worker = Worker::start(&site.app).await.unwrap().unwrap();
    assert_eq!(worker.deliver_due().await.unwrap(), 2);
    assert_eq!(states(&site, &own).await, [State::Accepted; 2]);
    assert_eq!(states(&site, &theirs).await, [State::Queued; 2]);
    assert_eq!(dorset.connections(), 1, "one try tells");
    let third = sent_from(&mut officer, "").await;
    assert_eq!(worker.deliver_due().await.unwrap(), 2, "others do not rest with it");
    assert_eq!(states(&site, &third).await, [State::Accepted; 2]);
    assert_eq!((main.received().len(), dorset.connections()), (4, 1));
    site.app.clock.advance(TimeDelta::seconds(3));
    assert_eq!(worker.deliver_due().await.unwrap(), 2, "by itself, when it is over");
    assert_eq!(dorset.received().len(), 2);
    site.done().await;
});

from_two!(
    a_server_that_says_nothing_holds_up_its_own_letters_alone,
    |config| {
        config.post.smtp_patience = 600;
    },
    |site, main, dorset| {
        people(&site, 30).await;
        let mut officer = site.officer(DORSET).await;
        let theirs = sent_from(&mut officer, "dorset").await;
        let own = sent_from(&mut officer, "").await;
        dorset.hold_at(Some(4));
        let mut worker = Worker::start(&site.app).await.unwrap().unwrap();
        {
            let sending = worker.deliver_due();
            tokio::pin!(sending);
            // EHLO, then MAIL, RCPT, DATA and the letter of each.
            tokio::select! {
                sent = &mut sending => panic!("one server says nothing: {sent:?}"),
                () = main.hears(1 + 4 * 30) => {}
            }
            assert!(main.received().len() >= 29, "the last is heard before it is kept");
            assert!(dorset.received().is_empty());
            dorset.hold_at(None);
            assert_eq!(sending.await.unwrap(), 60);
        }
        assert_eq!(states(&site, &theirs).await, [State::Accepted; 30]);
        assert_eq!(states(&site, &own).await, [State::Accepted; 30]);
        site.done().await;
    }
);

from_two!(
    each_address_has_its_own_limits_and_its_own_first_days,
    |config| {
        config.post.mail_limit_identity = vec!["3/m:3".parse().unwrap()];
        config.post.mail_warm_up = Some("5".parse().unwrap());
    },
    |site, main, dorset| {
        people(&site, 7).await;
        let mut officer = site.officer(DORSET).await;
        let theirs = sent_from(&mut officer, "dorset").await;
        sent_from(&mut officer, "").await;
        assert_eq!(deliver(&site).await, 6);
        assert_eq!((main.received().len(), dorset.received().len()), (3, 3));
        let shown = officer.get(&theirs).await.words("main");
        assert!(shown.contains("Letters from stp@dorset.example.org leave at 3 a minute"), "{shown}");
        assert_eq!(deliver(&site).await, 0, "a worker that begins anew counts each");
        // What a worker that begins anew finds of the last three minutes, and one for clocks apart, counts as just left.
        site.app.clock.advance(TimeDelta::minutes(5));
        assert_eq!(deliver(&site).await, 4);
        assert_eq!((main.received().len(), dorset.received().len()), (5, 5), "the first day of each");
        let days = entity::sending_day::Entity::find().all(site.app.db.read()).await.unwrap();
        let mut days: Vec<_> = days.into_iter().map(|day| (day.identity, day.letters)).collect();
        days.sort();
        assert_eq!(days, [("engagement@dorset.example.org".to_owned(), 5), (FROM.to_owned(), 5)]);
        site.app.clock.advance(TimeDelta::days(1));
        assert_eq!(deliver(&site).await, 4);
        site.done().await;
    }
);

from_two!(a_mailing_whose_sender_is_gone_is_paused_and_says_why, |site, main, dorset| {
    people(&site, 2).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = sent_from(&mut officer, "dorset").await;
    let own = dispatched(&mut officer, &PUBLIC, "engagement").await;
    let devons = entry("dorset", FROM, dorset.port, DEVON);
    let moved = entry("dorset", "new@dorset.example.org", dorset.port, DORSET);
    for (senders, why) in [
        ("", "Its sender “dorset” (stp@dorset.example.org) is no longer among the senders of this site."),
        (&devons, "Its sender stp@dorset.example.org is no longer one that this STP may write from."),
        (&moved, "It was frozen to come from stp@dorset.example.org, and its sender’s address is new@"),
    ] {
        let app = begun_anew(&site, senders);
        let mut worker = Worker::start(&app).await.unwrap().unwrap();
        worker.deliver_due().await.unwrap();
        drop(worker);
        let shown = officer.get(&mailing).await.words("main");
        assert!(shown.contains(why), "{shown}");
        assert!(shown.contains("send a copy of it from another sender"), "{shown}");
        assert_eq!(row(&site, &mailing).await.state, mailing::State::Paused);
        officer.post(&format!("{mailing}/resumptions"), &[]).await.led();
    }
    assert_eq!((main.received().len(), dorset.connections()), (2, 0), "the others are sent");
    assert_eq!(states(&site, &own).await, [State::Accepted; 2]);
    // It is there again.
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(ledger(&site, &mailing).await.len(), 2);
    assert_eq!(dorset.received().len(), 2);
    site.done().await;
});

from_two!(a_draft_whose_sender_is_gone_is_not_frozen, |site, main, dorset| {
    people(&site, 1).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = written(&mut officer, "dorset").await;
    let before = row(&site, &mailing).await;
    let kent = mailing::Model { sender: Some("kent".into()), ..before };
    let mut change = sea_orm::IntoActiveModel::into_active_model(kent);
    change.sender = sea_orm::ActiveValue::Set(Some("kent".into()));
    mailing::Entity::update(change).exec(site.app.db.writer()).await.unwrap();
    let gone =
        "Its sender “kent” is no longer among the senders of this site. Edit the mailing and choose another";
    assert!(officer.get(&mailing).await.words("main").contains(gone));
    let refused = officer.post(&format!("{mailing}/freezes"), &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words(".nhsuk-error-summary").contains(gone));
    officer.submit(&format!("{mailing}/edit"), &mailing, &[("sender", "dorset")]).await.led();
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    assert_eq!((main.connections(), dorset.connections()), (0, 0));
    site.done().await;
});

from_two!(the_page_and_the_command_check_each_domain, |site, main, dorset| {
    let mut admin = site.signed_in(Role::Admin, &[]).await;
    let page = admin.get("/work/england/mail-setup").await;
    assert_eq!(
        page.each("main h2"),
        ["Dorset STP <engagement@dorset.example.org>", "Dorset’s own <stp@dorset.example.org>"]
    );
    let own = page.words("#sender-dorset");
    assert!(own.contains(&format!("Mailings of {DORSET}")), "{own}");
    assert_eq!(page.attributes("input[name=check]", "value"), ["1", "dorset"]);
    assert_eq!((main.connections(), dorset.connections()), (0, 0));

    let server = crate::mail::setup::nameless().await;
    let file = site.app.config.post.mail_senders.clone().unwrap();
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(["mail", "check", "--mail-from", "engagement@example.org", "--dns-server", &server.to_string()])
        .arg("--mail-senders")
        .arg(&file)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("SPF: which servers").count(), 2, "{said}");
    assert!(said.contains("\nDorset’s own <stp@dorset.example.org>\n"), "{said}");

    // What cannot work does not start, and says where.
    std::fs::write(&file, "[[sender]]\nkey = \"dorset\"\n").unwrap();
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(site.app.config.store.data.join("other"))
        .arg("--mail-senders")
        .arg(&file)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("senders.toml, sender 1 (“dorset”): missing"),
        "{said}"
    );
    site.done().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_mail_stays_on_the_machine_each_letter_says_whom_it_is_from() {
    let server = SmtpServer::start().await;
    let site = site(Engine::Sqlite, &server, &server, |config| config.post.mail = Carrier::Mailbox).await;
    people(&site, 1).await;
    let mut officer = site.officer(DORSET).await;
    sent_from(&mut officer, "dorset").await;
    assert_eq!(deliver(&site).await, 1);
    let mailbox = officer.get(&format!("/work/stps/{DORSET}/mailbox")).await.words("main");
    assert!(mailbox.contains("Have your say"), "{mailbox}");
    assert_eq!(server.connections(), 0);
    site.done().await;
}
