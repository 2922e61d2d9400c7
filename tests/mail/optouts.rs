//! Whoever opts out gets no later copy: at every moment of a mailing, by every way out. The others get theirs, and the
//! ledger says why.
//!
//! ```text
//! an earlier mailing to all ─► for each way: a mailing to all, and at the moment one of them opts out by the earlier letter
//! ```
//!
//! All of these mailings are about one topic: whoever opts out of it alone gets none of them, and every other mail still.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use chrono::TimeDelta;
use entity::{
    delivery::State as Letter,
    incoming_mail::Kind,
    proposal::Theme,
    suppression::{self, State},
};
use mail_parser::MessageParser;
use opendoor::{
    incoming_mail::{Taken, take},
    mailings::optouts::Stop,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{
    add, at, complaint, deliver, dispatched, dispatched_about,
    incoming::{answer, message_id},
    ledger, states, write, write_about,
};
use crate::harness::{
    Engine, Site,
    people::DORSET,
    site::Visitor,
    smtp::{Behaviour, Received, SmtpServer, Step},
};

/// How somebody opts out.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// The page behind the letter's link, and its button.
    Link,
    /// The mail program's own button (RFC 8058).
    Header,
    Reply,
    /// An officer writes down that somebody opted out.
    Page,
    /// The same of somebody who must not be contacted.
    NoContact,
    Complaint,
    /// The page behind the letter's link, and its button about the letter's topic.
    TopicLink,
    /// An officer writes down that somebody opted out of the topic.
    TopicPage,
}

const WAYS: [Way; 8] = [
    Way::Link,
    Way::Header,
    Way::Reply,
    Way::Page,
    Way::NoContact,
    Way::Complaint,
    Way::TopicLink,
    Way::TopicPage,
];

/// When, in the life of the later mailing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// Before it is frozen.
    Draft,
    Frozen,
    Queued,
    Paused,
    /// Put off by their server, and due again later.
    Deferred,
    /// Claimed, while another letter is under way.
    Sending,
    /// The conversation that is to carry their letter is being opened.
    Opening,
    /// In doubt, before a person decides to send it again.
    Doubt,
}

impl Way {
    /// In the order in which letters go.
    fn address(self) -> String {
        format!("office@{}-leaves.example.org", (b'm' + self as u8) as char)
    }

    fn stop(self) -> Stop {
        let whole = |state| Stop { state, topic: None };
        match self {
            Self::Link | Self::Header | Self::Reply | Self::Page => whole(State::OptedOut),
            Self::NoContact => whole(State::DoNotContact),
            Self::Complaint => whole(State::Complained),
            Self::TopicLink | Self::TopicPage => {
                Stop { state: State::OptedOut, topic: Some(Theme::MentalHealth) }
            }
        }
    }

    /// Opts out by the letter that they got.
    async fn go(self, site: &Site, officer: &mut Visitor<'_>, letter: &Received) {
        let message = MessageParser::default().parse(letter.data.as_bytes()).unwrap();
        let text = message.body_text(0).unwrap();
        let header = message.header_raw("List-Unsubscribe").unwrap().trim();
        let (header, _) = header.split_once(", <mailto:bounces+").expect("the mail beside the link");
        let path = |link: &str| link.strip_prefix("https://opendoor.example.org").unwrap().to_owned();
        match self {
            Self::Link | Self::TopicLink => {
                let link = text.split_whitespace().find(|word| word.contains("/u/")).unwrap();
                let link = path(link.trim_matches(['<', '>', '(', ')']));
                let mut reader = site.visitor();
                assert_eq!(reader.get(&link).await.words("h1"), "Stop these emails");
                let buttons = reader.get(&link).await.each("main form button");
                assert_eq!(buttons, ["Stop emails about mental health", "Stop all these emails"]);
                let of_topic = [("from", "page"), ("only", "topic")];
                let (form, said) = if matches!(self, Self::Link) {
                    (&of_topic[..1], "You will get no more of these emails")
                } else {
                    (&of_topic[..], "You will get no more emails about mental health")
                };
                reader.post(&link, form).await.led();
                assert_eq!(reader.get(&link).await.words("h1"), said);
            }
            Self::Header => {
                let link = path(header.trim_matches(['<', '>']));
                let post = Request::post(link)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(Body::from("List-Unsubscribe=One-Click"));
                assert_eq!(site.visitor().send(post.unwrap()).await.status, StatusCode::OK);
            }
            Self::Reply => {
                let wish = answer(&letter.to, &message_id(letter), "unsubscribe", "unsubscribe");
                assert_eq!(take(&site.app, wish).await.unwrap(), Taken::Took(Kind::Unsubscribe, None));
            }
            Self::Complaint => {
                let taken = take(&site.app, complaint(letter)).await.unwrap();
                assert_eq!(taken, Taken::Took(Kind::Complaint, None));
            }
            Self::Page | Self::NoContact | Self::TopicPage => {
                let holds = format!("/work/stps/{DORSET}/holds");
                // As somebody reads it out on the telephone.
                let address = letter.to.to_uppercase();
                let fields = [
                    ("address", address.as_str()),
                    ("state", self.stop().state.code()),
                    ("topic", self.stop().topic.map_or("", Theme::code)),
                    ("reason", "The office telephoned on 11 January"),
                ];
                officer.submit(&format!("{holds}/new"), &holds, &fields).await.led();
                let listed = officer.get(&holds).await.words("main table");
                assert!(listed.contains(&letter.to), "{listed}");
                assert_eq!(
                    listed.contains("Opted out: Mental health"),
                    self.stop().topic.is_some(),
                    "{listed}"
                );
            }
        }
    }
}

async fn site(engine: Engine, server: &SmtpServer) -> Site {
    Site::with(engine, |config| {
        super::to(config, server);
        config.post.smtp_connections = 1;
        // No answer of this server is late, however long it is held.
        config.post.smtp_patience = 600;
        config.post.mail_return_path = Some("bounces@dorset.example.org".into());
        // Where domains have limits, letters go in the order of domains.
        config.post.mail_limit_domain = vec!["1000/s:1000".parse().unwrap()];
    })
    .await
}

/// Every way at one moment.
async fn journey(engine: Engine, moment: Moment) {
    let server = SmtpServer::start().await;
    let site = site(engine, &server).await;
    // Two others go before who leaves, or after where their own conversation matters.
    let others = if moment == Moment::Opening { ["y", "z"] } else { ["a", "b"] };
    let staying = others.map(|domain| format!("office@{domain}-stays.example.org"));
    let leaving = WAYS.map(Way::address);
    let all: Vec<&str> = staying.iter().chain(&leaving).map(String::as_str).collect();
    let kept: Vec<_> = all.iter().map(|address| ("PP-PUB", &address[7..15], *address)).collect();
    add(&site, &kept).await;
    let mut officer = site.officer(DORSET).await;
    dispatched_about(&mut officer, &["PP-PUB"], "engagement", "mental_health").await;
    assert_eq!(deliver(&site).await, all.len());
    let letters = server.received();
    for (gone, way) in WAYS.into_iter().enumerate() {
        let leaver = way.address();
        let letter = letters.iter().find(|letter| letter.to == leaver).unwrap();
        let mailing = write_about(&mut officer, &["PP-PUB"], "engagement", "mental_health").await;
        Box::pin(pass(&site, &server, &mut officer, &mailing, moment, (way, letter))).await;
        let said = format!("{moment:?} {way:?}");
        let rows = ledger(&site, &mailing).await;
        let row = rows.iter().find(|row| row.address == leaver).unwrap();
        assert_eq!((row.state, row.reason.clone()), (Letter::Excluded, Some(way.stop().reason())), "{said}");
        // Whoever left by now got a letter for each way before theirs, and the earlier one.
        let tally = server.tally();
        for (number, address) in leaving.iter().enumerate() {
            let expected = if number <= gone { number + 1 } else { gone + 2 };
            assert_eq!(tally[address], expected, "{said}: {address}");
        }
        for address in &staying {
            assert_eq!(tally[address], gone + 2, "{said}: {address}");
            let row = rows.iter().find(|row| row.address == *address).unwrap();
            assert_eq!(row.state, Letter::Accepted, "{said}: {address}");
        }
        let stops = suppression::Entity::find()
            .filter(suppression::Column::Address.eq(&leaver))
            .order_by_asc(suppression::Column::Id)
            .all(site.app.db.read())
            .await
            .unwrap();
        assert_eq!(stops.iter().map(Stop::of).collect::<Vec<_>>(), [way.stop()], "{said}");
    }
    // Whoever is out of one topic alone is written to about everything else.
    for topic in ["cancer", ""] {
        let before = server.tally();
        dispatched_about(&mut officer, &["PP-PUB"], "engagement", topic).await;
        let out = WAYS.iter().filter(|way| way.stop().topic.is_none()).count();
        assert_eq!(deliver(&site).await, all.len() - out, "{moment:?}: {topic}");
        let tally = server.tally();
        for way in WAYS {
            let more = tally[&way.address()] - before[&way.address()];
            assert_eq!(more, usize::from(way.stop().topic.is_some()), "{moment:?} {way:?}: {topic}");
        }
    }
    site.done().await;
}

/// Takes a mailing through its life, and `way` out at the moment.
async fn pass(
    site: &Site,
    server: &SmtpServer,
    officer: &mut Visitor<'_>,
    mailing: &str,
    moment: Moment,
    (way, letter): (Way, &Received),
) {
    if moment == Moment::Draft {
        way.go(site, officer, letter).await;
    }
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    if moment == Moment::Frozen {
        way.go(site, officer, letter).await;
    }
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    match moment {
        Moment::Draft | Moment::Frozen => {}
        Moment::Queued => way.go(site, officer, letter).await,
        Moment::Paused => {
            officer.post(&format!("{mailing}/pauses"), &[]).await.led();
            way.go(site, officer, letter).await;
            officer.post(&format!("{mailing}/resumptions"), &[]).await.led();
        }
        Moment::Deferred => {
            server.when(Step::Rcpt, &letter.to, Behaviour::Answer("450 4.2.1 busy"), 1);
            deliver(site).await;
            assert_eq!(of(site, mailing, &letter.to).await, Letter::Deferred);
            way.go(site, officer, letter).await;
            site.app.clock.advance(TimeDelta::minutes(10));
        }
        // The first letter is claimed alone: five commands. With it answered more are claimed, and the second is held.
        Moment::Sending => Box::pin(meanwhile(site, server, officer, mailing, 6, (way, letter))).await,
        Moment::Opening => Box::pin(meanwhile(site, server, officer, mailing, 1, (way, letter))).await,
        Moment::Doubt => {
            server.when(Step::Data, &letter.to, Behaviour::Drop, 1);
            deliver(site).await;
            assert_eq!(of(site, mailing, &letter.to).await, Letter::Uncertain);
            way.go(site, officer, letter).await;
            let doubts = officer.get(mailing).await.attributes("input[name=delivery]", "value");
            let again = [("decision", "again"), ("delivery", doubts[0].as_str())];
            officer.post(&format!("{mailing}/decisions"), &again).await.led();
        }
    }
    deliver(site).await;
}

/// The worker sends, and the opt-out arrives while the server leaves a command unanswered.
async fn meanwhile(
    site: &Site,
    server: &SmtpServer,
    officer: &mut Visitor<'_>,
    mailing: &str,
    commands: usize,
    (way, letter): (Way, &Received),
) {
    let command = server.heard() + commands;
    server.hold_at(Some(command));
    let opted_out = async {
        server.hears(command).await;
        assert_eq!(of(site, mailing, &letter.to).await, Letter::Sending);
        way.go(site, officer, letter).await;
        server.hold_at(None);
    };
    tokio::join!(Box::pin(deliver(site)), opted_out);
}

/// The state of an address in a mailing's ledger.
async fn of(site: &Site, mailing: &str, address: &str) -> Letter {
    ledger(site, mailing).await.into_iter().find(|row| row.address == address).unwrap().state
}

/// A moment on both databases.
macro_rules! moments {
    ($($name:ident: $moment:ident),+ $(,)?) => {
        $(mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                journey(Engine::Sqlite, Moment::$moment).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                journey(Engine::Postgres, Moment::$moment).await;
            }
        })+
    };
}

moments! {
    before_it_is_frozen: Draft,
    after_it_is_frozen: Frozen,
    while_it_is_queued: Queued,
    while_it_is_paused: Paused,
    between_two_tries: Deferred,
    while_another_letter_is_under_way: Sending,
    while_their_own_conversation_is_being_opened: Opening,
    between_a_doubt_and_its_decision: Doubt,
}

super::by_post!(what_staff_write_down_is_read_with_care_and_holds_for_their_area, |site, server| {
    add(&site, &[("PP-CAR", "Carers Centre", "office@carers.example.org")]).await;
    let mut officer = site.officer(DORSET).await;
    let holds = format!("/work/stps/{DORSET}/holds");
    let form = format!("{holds}/new");
    let wrong = officer.submit(&form, &holds, &[("address", "carers"), ("reason", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = wrong.words(".nhsuk-error-summary");
    for problem in ["Enter an email address", "Select what they asked for", "Enter who asked for it"] {
        assert!(said.contains(problem), "{said}");
    }
    // What mail servers say is not for staff to say.
    let field =
        [("address", "office@carers.example.org"), ("state", "undeliverable"), ("reason", "It came back")];
    let wrong = officer.submit(&form, &holds, &field).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let field = [
        ("address", "office@carers.example.org"),
        ("state", "do_not_contact"),
        ("reason", "Asked by letter"),
    ];
    for _ in 0..2 {
        officer.submit(&form, &holds, &field).await.led();
    }
    let stops = suppression::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(stops.len(), 1, "twice is once");
    assert_eq!((stops[0].stp_code.as_deref(), stops[0].source.as_str()), (Some(DORSET), "staff"));
    let last = serde_json::to_string(&site.last_entry().await).unwrap();
    assert!(!last.contains("carers.example.org"), "the chain holds no address");
    for (purpose, goes) in [("engagement", false), ("service", false), ("statutory", true)] {
        let mailing = write(&mut officer, &["PP-CAR"], purpose).await;
        let frozen = officer.post(&format!("{mailing}/freezes"), &[]).await;
        assert_eq!(frozen.status == StatusCode::SEE_OTHER, goes, "{purpose}");
    }
    assert!(officer.get(&at("")).await.words("main").contains("Addresses not written to"));
    drop(server);
    site.done().await;
});

super::by_post!(scanners_that_open_every_link_while_letters_go_change_nothing, |site, server| {
    let all: Vec<_> = (0..40).map(|n| (format!("Office {n}"), format!("office{n}@example.org"))).collect();
    let all: Vec<_> = all.iter().map(|(name, email)| ("PP-PUB", name.as_str(), email.as_str())).collect();
    add(&site, &all).await;
    let mut officer = site.officer(DORSET).await;
    let first = dispatched(&mut officer, &["PP-PUB"], "engagement").await;
    assert_eq!(deliver(&site).await, 40);
    let links: Vec<String> = server
        .received()
        .iter()
        .flat_map(|letter| {
            let message = MessageParser::default().parse(letter.data.as_bytes()).unwrap();
            let text = message.body_text(0).unwrap().into_owned();
            let own = |word: &str| word.strip_prefix("https://opendoor.example.org").map(str::to_owned);
            text.split_whitespace().filter_map(own).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(links.len(), 80, "out of this mail, and to what is held");
    let second = dispatched(&mut officer, &["PP-PUB"], "engagement").await;
    let before = site.last_entry().await.seq;
    // Half of the letters are gone when the scanners begin, and the others go among them.
    let half = server.heard() + 80;
    server.hold_at(Some(half));
    let scanners = async {
        server.hears(half).await;
        server.hold_at(None);
        let opened = links.iter().cycle().take(400).enumerate().map(|(number, link)| {
            let method = if number % 2 == 0 { Method::GET } else { Method::HEAD };
            let request = Request::builder().method(method).uri(link).body(Body::empty()).unwrap();
            let mut scanner = site.visitor();
            async move { scanner.send(request).await.status }
        });
        futures::future::join_all(opened).await
    };
    let (sent, answers) = tokio::join!(Box::pin(deliver(&site)), scanners);
    assert_eq!((sent, answers), (40, vec![StatusCode::OK; 400]));
    for mailing in [first, second] {
        assert_eq!(states(&site, &mailing).await, [Letter::Accepted; 40]);
    }
    assert_eq!(suppression::Entity::find().all(site.app.db.read()).await.unwrap(), []);
    let last = site.last_entry().await;
    assert_eq!(
        (last.seq, last.action.as_str()),
        (before + 1, "finish"),
        "the mailing is done, and nothing else"
    );
    site.done().await;
});
