//! Alerts for the public: asked for twice, sent once, left with one click, and then forgotten.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use chrono::TimeDelta;
use entity::{
    alert, alert_choice, alert_departure, alert_mail, alert_request, alert_sign_up,
    digest::State,
    incoming_mail::{self, Fate, Kind},
    journal_entry, journal_value,
};
use opendoor::{
    alerts::work::once,
    entries::{self, Values},
    incoming_mail::{Taken, take},
    journal::Actor,
    mailings::{armed, optouts},
    outbox,
    reports::{publish::Area, withdraw::withdraw},
};
use sea_orm::EntityTrait;

use super::by_post;
use crate::{
    harness::{
        Engine, Site,
        people::{DEVON, DORSET},
        site::Answer,
        smtp::{Behaviour, Received, SmtpServer, Step},
    },
    reports::log::{dorset, publish},
};

const READER: &str = "reader@example.org";
const BASE: &str = "https://opendoor.example.org";

/// Fills the form in and sends it.
async fn ask(site: &Site, address: &str, choices: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("email", address)];
    fields.extend(choices);
    site.visitor().post("/updates", &fields).await
}

/// One turn of the worker, of a copy that may send.
async fn work(site: &Site) -> usize {
    armed::check(&site.app).await.unwrap();
    once(&site.app).await.unwrap()
}

/// The last letter that an address got, read.
fn last(server: &SmtpServer, to: &str) -> Received {
    server.received().into_iter().rfind(|letter| letter.to == to).unwrap()
}

/// The text and the HTML of a letter.
fn bodies(letter: &Received) -> (String, String) {
    let parsed = mail_parser::MessageParser::default().parse(letter.data.as_bytes()).unwrap();
    (parsed.body_text(0).unwrap().into_owned(), parsed.body_html(0).unwrap().into_owned())
}

/// The page that a letter's own link leads to.
fn link(letter: &Received) -> String {
    let text = bodies(letter).0;
    let at = text.rfind(&format!("{BASE}/updates/")).unwrap() + BASE.len();
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// Somebody who gets alerts.
async fn reader(site: &Site, server: &SmtpServer, choices: &[(&str, &str)]) {
    ask(site, READER, choices).await.led();
    assert_eq!(work(site).await, 1);
    let at = link(&last(server, READER));
    site.visitor().submit(&at, &at, &[]).await.led();
    site.app.clock.advance(TimeDelta::seconds(1));
}

async fn rows<E: EntityTrait>(site: &Site) -> Vec<String> {
    let all = E::find().all(site.app.db.read()).await.unwrap();
    let mut all: Vec<String> = all.iter().map(|row| format!("{row:?}")).collect();
    all.sort();
    all
}

/// Every row about readers.
async fn everything(site: &Site) -> Vec<String> {
    let mut all = rows::<alert::Entity>(site).await;
    all.extend(rows::<alert_choice::Entity>(site).await);
    all.extend(rows::<alert_mail::Entity>(site).await);
    all.extend(rows::<alert_sign_up::Entity>(site).await);
    all.extend(rows::<alert_departure::Entity>(site).await);
    all
}

async fn states(site: &Site) -> Vec<State> {
    let all = alert_mail::Entity::find().all(site.app.db.read()).await.unwrap();
    all.into_iter().map(|mail| mail.state).collect()
}

const ABOUT_DORSET: [(&str, &str); 2] = [("about", DORSET), ("often", "each")];

by_post!(a_reader_signs_up_confirms_is_told_once_and_leaves, |site, server| {
    let mut visitor = site.visitor();
    let led = visitor
        .submit(&format!("/updates?stp={DORSET}"), "/updates", &[("email", "Reader@Example.org")])
        .await;
    assert_eq!(led.led(), "/updates/asked");
    assert_eq!(visitor.get("/updates/asked").await.words("h1"), "Check your email");
    publish(&site, dorset(&site).await, "2018-01-14").await;
    assert_eq!(work(&site).await, 1, "nothing is sent but the link before it is used");

    let confirm = link(&last(&server, READER));
    let page = visitor.get(&confirm).await;
    assert_eq!(page.each("main li"), ["Dorset"]);
    assert!(!page.text().contains("reader@"), "the page does not say whose it is");
    assert_eq!(visitor.post(&confirm, &[]).await.led(), "/updates/confirmed");
    assert_eq!(work(&site).await, 0);

    publish(&site, dorset(&site).await, "2018-01-15").await;
    assert_eq!(states(&site).await, [State::Queued], "a row, in the transaction that published");
    assert_eq!(work(&site).await, 1);
    assert_eq!(work(&site).await, 0);
    let told = last(&server, READER);
    assert!(bodies(&told).0.contains(&format!("{BASE}/reports/dorset/2\r\n")), "{}", bodies(&told).0);
    publish(&site, Area::England, "2018-01-15").await;
    assert_eq!(work(&site).await, 0, "England was not chosen");

    // One click of a mail program: no cookie, no redirect.
    let header = told.data.lines().find_map(|line| line.strip_prefix("List-Unsubscribe: <")).unwrap();
    let at = header.trim_end_matches('>').strip_prefix(BASE).unwrap();
    assert!(told.data.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    publish(&site, dorset(&site).await, "2018-01-15").await;
    let request = Request::post(at).header("content-type", "application/x-www-form-urlencoded");
    let answer = visitor.send(request.body(Body::from("List-Unsubscribe=One-Click")).unwrap()).await;
    assert_eq!(
        (answer.status, answer.words("h1").as_str()),
        (StatusCode::OK, "You will get no more email updates")
    );
    assert!(!visitor.has_cookie());
    assert_eq!(work(&site).await, 0, "what was queued went with them");
    publish(&site, dorset(&site).await, "2018-01-15").await;
    assert_eq!(work(&site).await, 0);
    let left = everything(&site).await;
    assert_eq!(left.len(), 1, "a digest, and nothing else: {left:?}");
    assert!(!left[0].contains("reader"), "{left:?}");
    assert_eq!(visitor.get(at).await.status, StatusCode::NOT_FOUND);
    for row in
        rows::<journal_entry::Entity>(&site).await.iter().chain(&rows::<journal_value::Entity>(&site).await)
    {
        assert!(!row.to_lowercase().contains("reader@") && !row.contains("alert"), "{row}");
    }

    // Their own wish, confirmed, takes the digest away.
    reader(&site, &server, &ABOUT_DORSET).await;
    assert!(rows::<alert_departure::Entity>(&site).await.is_empty());
    publish(&site, dorset(&site).await, "2018-01-15").await;
    assert_eq!(work(&site).await, 1);
    site.done().await;
});

by_post!(the_answer_is_the_same_whoever_the_address_belongs_to, |site, server| {
    reader(&site, &server, &ABOUT_DORSET).await;
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let stopped = entity::suppression::State::Complained;
    optouts::stop(&mut w, "stopped@example.org", stopped, "test", "a test").await.unwrap();
    w.commit().await.unwrap();
    let before = everything(&site).await.len();
    let mut said = Vec::new();
    for address in [READER, "stopped@example.org", "nobody@example.org"] {
        let answer = ask(&site, address, &ABOUT_DORSET).await;
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        said.push((answer.status, headers, answer.body));
    }
    assert_eq!(said[0].0, StatusCode::SEE_OTHER);
    assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
    assert_eq!(everything(&site).await.len(), before + 6, "and the same is written");
    assert_eq!(work(&site).await, 2);
    assert_eq!(server.tally().get("stopped@example.org"), None);
    let known = bodies(&last(&server, READER)).0;
    assert!(known.contains("It gets them already"), "{known}");
    assert!(bodies(&last(&server, "nobody@example.org")).0.contains("works once, within 24 hours"));
    // Its link leads to what they have; nothing was changed by whoever typed the address.
    let page = site.visitor().get(&link(&last(&server, READER))).await;
    assert_eq!(page.words("h1"), "Your email updates");
    site.done().await;
});

by_post!(a_link_is_good_once_and_for_a_day_and_opening_it_changes_nothing, |site, server| {
    ask(&site, READER, &ABOUT_DORSET).await.led();
    work(&site).await;
    let confirm = link(&last(&server, READER));
    let mut visitor = site.visitor();
    let before = everything(&site).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let request = Request::builder().method(method).uri(&confirm).body(Body::empty()).unwrap();
        assert_eq!(visitor.send(request).await.status, StatusCode::OK);
    }
    assert_eq!(everything(&site).await, before);
    visitor.post(&confirm, &[]).await.led();
    for again in [visitor.post(&confirm, &[]).await, visitor.get(&confirm).await] {
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert_eq!(again.words("h1"), "This link does not work any more");
    }
    assert_eq!(rows::<alert::Entity>(&site).await.len(), 1);

    ask(&site, "late@example.org", &ABOUT_DORSET).await.led();
    work(&site).await;
    let late = link(&last(&server, "late@example.org"));
    site.app.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(visitor.get(&late).await.status, StatusCode::OK);
    site.app.clock.advance(TimeDelta::seconds(1));
    for again in [visitor.get(&late).await, visitor.post(&late, &[]).await] {
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }
    work(&site).await;
    assert!(
        !everything(&site).await.join(" ").contains("late@example.org"),
        "what nobody confirmed is deleted"
    );
    assert!(rows::<alert_request::Entity>(&site).await.is_empty());
    for wrong in ["/updates/x", "/updates/confirmations/x"] {
        assert_eq!(visitor.get(wrong).await.status, StatusCode::NOT_FOUND);
        assert_eq!(visitor.post(wrong, &[]).await.status, StatusCode::NOT_FOUND);
    }
    // The link of one kind is none of the other.
    let swapped = late.replace("/confirmations", "");
    assert_eq!(visitor.post(&swapped, &[]).await.status, StatusCode::NOT_FOUND);
    site.done().await;
});

by_post!(however_many_choices_fit_there_is_one_copy, |site, server| {
    let both = [("about", "england"), ("about", DORSET), ("about", DEVON), ("often", "each")];
    reader(&site, &server, &both).await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    publish(&site, Area::England, "2018-01-15").await;
    assert_eq!(work(&site).await, 2);
    assert_eq!(server.tally()[READER], 3);
    assert!(bodies(&last(&server, READER)).0.contains(&format!("{BASE}/reports/england/1")));
    // Withdrawn before it was sent: nothing is told of it.
    publish(&site, dorset(&site).await, "2018-01-15").await;
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    withdraw(&mut w, "dorset", 2, "A mistake").await.unwrap();
    w.commit().await.unwrap();
    assert_eq!(work(&site).await, 0);
    assert_eq!(server.tally()[READER], 3);
    site.done().await;
});

by_post!(a_week_comes_in_one_mail_on_monday_at_nine, |site, server| {
    // It is Monday 15 January 2018, 10:00.
    reader(&site, &server, &[("about", DORSET), ("often", "weekly")]).await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    site.app.clock.advance(TimeDelta::days(2));
    publish(&site, dorset(&site).await, "2018-01-17").await;
    publish(&site, Area::England, "2018-01-17").await;
    assert_eq!(work(&site).await, 0);
    site.app.clock.advance(TimeDelta::hours(4 * 24 + 22) + TimeDelta::minutes(59));
    assert_eq!(work(&site).await, 0, "a minute before nine on Monday, and a second");
    site.app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(work(&site).await, 1);
    assert_eq!(work(&site).await, 0);
    let told = last(&server, READER);
    assert!(told.data.contains("Subject: 2 new reports\r\n"), "{}", told.data);
    let text = bodies(&told).0;
    assert!(text.contains("/reports/dorset/1\r\n") && text.contains("/reports/dorset/2\r\n"), "{text}");
    assert!(!text.contains("england"), "{text}");
    // Two weeks without news, one of them slept through: nothing.
    site.app.clock.advance(TimeDelta::days(14));
    assert_eq!(work(&site).await, 0);
    // From now on each: what had gathered goes out at once, and the next by itself.
    publish(&site, dorset(&site).await, "2018-01-17").await;
    let at = link(&told);
    let led = site.visitor().submit(&at, &format!("{at}/choices"), &[("often", "each")]).await.led();
    assert_eq!(led, format!("{at}?saved=true"));
    assert_eq!(work(&site).await, 1);
    assert!(bodies(&last(&server, READER)).0.contains("/reports/dorset/3\r\n"));
    publish(&site, dorset(&site).await, "2018-01-17").await;
    assert_eq!(work(&site).await, 1);
    assert_eq!(server.tally()[READER], 4);
    site.done().await;
});

by_post!(a_second_link_sets_what_it_says_and_loses_nothing, |site, server| {
    ask(&site, READER, &[("about", DORSET), ("often", "weekly")]).await.led();
    ask(&site, READER, &[("about", "england"), ("often", "each")]).await.led();
    assert_eq!(work(&site).await, 2);
    let mut links: Vec<String> = server.received().iter().map(link).collect();
    let mut visitor = site.visitor();
    let weekly = async |at: &String| site.visitor().get(at).await.words("main").contains("Once a week");
    if !weekly(&links[0]).await {
        links.swap(0, 1);
    }
    visitor.post(&links[0], &[]).await.led();
    site.app.clock.advance(TimeDelta::seconds(1));
    publish(&site, dorset(&site).await, "2018-01-15").await;
    assert_eq!(work(&site).await, 0, "it waits for Monday");
    visitor.post(&links[1], &[]).await.led();
    assert_eq!(work(&site).await, 1, "what had gathered");
    assert_eq!(rows::<alert::Entity>(&site).await.len(), 1);
    publish(&site, Area::England, "2018-01-15").await;
    assert_eq!(work(&site).await, 1);
    site.done().await;
});

by_post!(a_proposal_that_changes_is_told_once_a_day, |site, server| {
    proposal(&site, "create", "One hospital").await;
    reader(&site, &server, &[("proposal", "the-proposal"), ("often", "each")]).await;
    for title in ["One hospital for all", "One  hospital\nfor Dorset"] {
        proposal(&site, "update", title).await;
    }
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let mut values = Values::default();
    for (field, text) in [("test", "beds"), ("proposal_id", "the-proposal"), ("evidence", "Opened")] {
        values.put(field, vec![text.to_owned()]);
    }
    let tests = entries::noun("service-change-tests").unwrap();
    entries::save::create(tests, &mut w, DORSET, "the-test", &values).await.unwrap();
    w.commit().await.unwrap();
    assert_eq!(work(&site).await, 0);
    site.app.clock.advance(TimeDelta::hours(23) + TimeDelta::minutes(1));
    assert_eq!(work(&site).await, 1);
    assert_eq!(work(&site).await, 0);
    let (text, html) = bodies(&last(&server, READER));
    assert!(
        text.contains("- what is proposed, and what was decided\r\n- the evidence for the five tests\r\n"),
        "{text}"
    );
    assert!(
        html.contains(&format!("<a href=\"{BASE}/proposals/the-proposal\">One hospital for Dorset</a>")),
        "{html}"
    );
    site.app.clock.advance(TimeDelta::days(1));
    assert_eq!(work(&site).await, 0);
    site.done().await;
});

/// Writes a proposal of Dorset's.
async fn proposal(site: &Site, action: &str, title: &str) {
    let noun = entries::noun("proposals").unwrap();
    let mut values = Values::default();
    values.put("title", vec![title.to_owned()]);
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    if action == "create" {
        entries::save::create(noun, &mut w, DORSET, "the-proposal", &values).await.unwrap();
    } else {
        let read = sea_orm::DatabaseExecutor::from(w.tx());
        let before = entries::entry(noun, &read, DORSET, "the-proposal").await.unwrap().unwrap();
        assert!(entries::save::update(noun, &mut w, DORSET, &before, &values).await.unwrap());
    }
    w.commit().await.unwrap();
}

by_post!(a_crash_between_claim_and_answer_sends_nothing_twice, |site, server| {
    reader(&site, &server, &ABOUT_DORSET).await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    // Killed while the server holds its tongue.
    let heard = server.heard() + 5;
    server.hold_at(Some(heard));
    tokio::select! {
        sent = once(&site.app) => panic!("the server answers nothing, and yet {sent:?}"),
        () = server.hears(heard) => {}
    }
    server.hold_at(None);
    assert_eq!(states(&site).await, [State::Sending]);
    let taken = server.tally()[READER];
    assert_eq!(work(&site).await, 0);
    site.app.clock.advance(TimeDelta::minutes(11));
    assert_eq!(work(&site).await, 0);
    assert_eq!(states(&site).await, [State::Uncertain]);
    assert!(server.tally()[READER] <= taken + 1);
    // The next one goes.
    publish(&site, dorset(&site).await, "2018-01-15").await;
    assert_eq!(work(&site).await, 1);
    site.done().await;
});

by_post!(a_server_that_cannot_be_reached_is_left_alone_and_a_copy_sends_nothing, |site, server| {
    reader(&site, &server, &ABOUT_DORSET).await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    server.when(Step::Greeting, "", Behaviour::Answer("421 4.3.2 not now"), 1);
    let before = server.connections();
    assert_eq!(work(&site).await, 0);
    assert_eq!(server.connections(), before + 1, "one try, not one for each mail");
    assert_eq!(states(&site).await, [State::Queued, State::Queued]);
    // The folder's identity is not the one that the database knows: a copy.
    let sender = site.app.config.store.data.join("sender");
    let identity = std::fs::read(&sender).unwrap();
    std::fs::remove_file(&sender).unwrap();
    site.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(work(&site).await, 0, "a copy sends nothing");
    std::fs::write(&sender, identity).unwrap();
    assert_eq!(outbox::waiting(&site.app, "alert_mails").await.unwrap(), 2);
    assert_eq!(work(&site).await, 0, "nor does one whose file was put back: a person arms it");
    armed::arm(&site.app, Actor::Command("test")).await.unwrap();
    assert_eq!(work(&site).await, 2);
    site.done().await;
});

by_post!(an_address_that_is_none_is_forgotten, |site, server| {
    reader(&site, &server, &ABOUT_DORSET).await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    server.when(Step::Rcpt, READER, Behaviour::Answer("550 5.1.1 no such user"), 1);
    assert_eq!(work(&site).await, 0);
    assert_eq!(everything(&site).await.len(), 1, "its digest");
    ask(&site, "wrong@example.org", &ABOUT_DORSET).await.led();
    server.when(Step::Rcpt, "wrong@", Behaviour::Answer("550 5.1.1 no such user"), 1);
    assert_eq!(work(&site).await, 0);
    assert_eq!(everything(&site).await.len(), 1);
    site.done().await;
});

/// A site whose letters return to addresses of their own.
async fn returning(engine: Engine, server: &SmtpServer) -> Site {
    Site::with(engine, |config| {
        super::to(config, server);
        config.post.smtp_connections = 1;
        config.post.mail_return_path = Some("bounces@dorset.example.org".into());
    })
    .await
}

async fn what_comes_back(engine: Engine) {
    let server = SmtpServer::start().await;
    let site = returning(engine, &server).await;
    let about = |letter: &Received, subject: &str, body: &str| {
        let to = &letter.from;
        format!("From: {READER}\r\nTo: {to}\r\nSubject: {subject}\r\n{body}").into_bytes()
    };
    let bounce = |letter: &Received| {
        about(
            letter,
            "Undelivered",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt failed.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
             Final-Recipient: rfc822; reader@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n",
        )
    };
    reader(&site, &server, &ABOUT_DORSET).await;
    let entries = rows::<journal_entry::Entity>(&site).await.len();
    // Without the proof it is nothing to us: it waits for a person.
    let mut forged = last(&server, READER);
    let end = forged.from.find('@').unwrap() - 1;
    let other = if forged.from.as_bytes()[end] == b'0' { "1" } else { "0" };
    forged.from.replace_range(end..=end, other);
    assert_eq!(take(&site.app, bounce(&forged)).await.unwrap(), Taken::Held(Kind::Bounce));
    assert_eq!(rows::<alert::Entity>(&site).await.len(), 1);
    publish(&site, dorset(&site).await, "2018-01-15").await;
    work(&site).await;
    let told = last(&server, READER);
    let left_out = about(&told, "unsubscribe", "\r\nunsubscribe\r\n");
    assert_eq!(take(&site.app, left_out).await.unwrap(), Taken::Took(Kind::Unsubscribe, None));
    assert_eq!(everything(&site).await.len(), 1, "a digest");
    reader(&site, &server, &ABOUT_DORSET).await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    work(&site).await;
    let came = take(&site.app, bounce(&last(&server, READER))).await.unwrap();
    assert_eq!(came, Taken::Took(Kind::Bounce, Some(Fate::Hard)));
    assert_eq!(everything(&site).await.len(), 1);
    assert!(rows::<journal_entry::Entity>(&site).await.len() > entries);
    assert_eq!(rows::<incoming_mail::Entity>(&site).await.len(), 1, "the forged one alone is kept");
    site.done().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_back_of_a_reader_forgets_them_on_sqlite() {
    what_comes_back(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_back_of_a_reader_forgets_them_on_postgres() {
    what_comes_back(Engine::Postgres).await;
}

by_post!(nobody_floods_a_mailbox, |site, server| {
    let mut said = Vec::new();
    for _ in 0..5 {
        said.push(ask(&site, READER, &ABOUT_DORSET).await.led());
    }
    said.dedup();
    assert_eq!(said, ["/updates/asked"]);
    assert_eq!(work(&site).await, 3);
    assert_eq!(server.tally()[READER], 3);
    for number in 5..100 {
        ask(&site, &format!("reader{number}@example.org"), &ABOUT_DORSET).await.led();
    }
    assert_eq!(ask(&site, "one.more@example.org", &ABOUT_DORSET).await.status, StatusCode::TOO_MANY_REQUESTS);
    let kept = rows::<alert_request::Entity>(&site).await.join(" ");
    assert!(!kept.contains("reader") && !kept.contains("unknown"), "digests alone");
    site.app.clock.advance(TimeDelta::hours(1));
    ask(&site, READER, &ABOUT_DORSET).await.led();
    site.done().await;
});

by_post!(what_is_wrong_is_said_beside_its_field, |site, server| {
    let typed = [("about", DEVON), ("often", "weekly")];
    let refused = ask(&site, "reader at example.org", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.words("#email-error").contains("correct format"));
    assert_eq!(refused.attributes("#email", "value"), ["reader at example.org"], "what was typed stays");
    assert_eq!(refused.attributes("input[checked]", "value"), [DEVON, "weekly"]);
    let refused = ask(&site, READER, &[]).await;
    assert_eq!(refused.each(".nhsuk-error-summary__list a").len(), 2);
    assert!(refused.words("#about-error").contains("Select an area"));
    assert!(everything(&site).await.is_empty());

    reader(&site, &server, &ABOUT_DORSET).await;
    publish(&site, dorset(&site).await, "2018-01-15").await;
    work(&site).await;
    let at = link(&last(&server, READER));
    let mut visitor = site.visitor();
    let before = everything(&site).await;
    assert_eq!(visitor.get(&at).await.attributes("input[checked]", "value"), [DORSET, "each"]);
    let refused = visitor.post(&format!("{at}/choices"), &[("often", "each")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(everything(&site).await, before, "looking and mistakes change nothing");
    visitor.submit(&at, &at, &[]).await.led();
    assert_eq!(everything(&site).await.len(), 1);
    site.done().await;
});

/// A letter of each kind, as a reader gets them in turn.
pub(super) async fn each_kind(site: &Site, server: &SmtpServer) -> [(&'static str, Received); 4] {
    ask(site, READER, &[("about", "england"), ("about", DORSET), ("often", "each")]).await.led();
    work(site).await;
    let confirm = last(server, READER);
    site.visitor().post(&link(&confirm), &[]).await.led();
    ask(site, READER, &ABOUT_DORSET).await.led();
    work(site).await;
    let known = last(server, READER);
    publish(site, dorset(site).await, "2018-01-15").await;
    work(site).await;
    let publication = last(server, READER);

    proposal(site, "create", "One hospital <for all> & \"sundry\"").await;
    let weekly = [("about", "england"), ("proposal", "the-proposal"), ("often", "weekly")];
    site.visitor().post(&format!("{}/choices", link(&publication)), &weekly).await.led();
    site.app.clock.advance(TimeDelta::seconds(1));
    proposal(site, "update", "One hospital <for all> & \"sundries\"").await;
    publish(site, dorset(site).await, "2018-01-15").await;
    publish(site, Area::England, "2018-01-15").await;
    site.app.clock.advance(TimeDelta::days(7));
    assert_eq!(work(site).await, 1);
    let digest = last(server, READER);
    [("confirm", confirm), ("known", known), ("publication", publication), ("digest", digest)]
}

by_post!(letters_are_whole, |site, server| {
    for (name, letter) in each_kind(&site, &server).await {
        let whole = whole(&letter);
        insta::assert_snapshot!(name, whole);
        for pixel in ["<img", "<script", "<style", "url(", "?utm", "track"] {
            assert!(!whole.contains(pixel), "{name}: {pixel}");
        }
    }
    site.done().await;
});

/// A whole letter, its parts as people read them, without what is made by chance.
fn whole(letter: &Received) -> String {
    let (text, html) = bodies(letter);
    let headers = letter.data.split("\r\n\r\n").next().unwrap();
    let whole = format!("{headers}\n\n=== text\n{text}\n=== html\n{html}").replace("\r\n", "\n");
    let token = link(letter).rsplit('/').next().unwrap().to_owned();
    let id = headers.split("Message-ID: <").nth(1).unwrap().split('@').next().unwrap().to_owned();
    whole.replace(&token, "TOKEN").replace(&id, "ID")
}
