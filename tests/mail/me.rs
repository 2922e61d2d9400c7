//! What is held about a reader, behind the link of their own letter: theirs alone, changed by POST alone, at once.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use entity::{delivery::State, journal_entry, proposal::Theme, stakeholder, suppression};
use mail_parser::MessageParser;
use opendoor::{
    journal::Actor,
    mailings::optouts::Stop,
    stakeholders::{self, Draft},
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryOrder as _};

use super::{add, by_post, deliver, dispatched_about, ledger};
use crate::harness::{
    Site,
    people::{DEVON, DORSET},
    site::Visitor,
    smtp::{Received, SmtpServer},
};

const CARERS: &str = "office@carers.example.org";
const HEALTHWATCH: &str = "office@healthwatch.example.org";
/// Two records have one address: one person.
const THREE: [(&str, &str, &str); 3] = [
    ("PP-CAR", "Carers Centre", CARERS),
    ("PP-HWT", "Healthwatch Dorset", HEALTHWATCH),
    ("PP-VCS", "Carers Trust", "Office@Carers.example.org"),
];
const ALL: [&str; 3] = ["PP-CAR", "PP-HWT", "PP-VCS"];

/// What is known of Carers, and Devon's record of the same address.
async fn described(site: &Site) {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let carers = stakeholders::find::twins(w.tx(), DORSET, CARERS, None).await.unwrap();
    let carers = carers.iter().find(|row| row.group_code == "PP-CAR").unwrap();
    let draft = Draft {
        organisation: Some("Carers of Dorset".into()),
        basis: "Public task: from the council's website".into(),
        wording: Some("Privacy notice 2".into()),
        obtained_on: "2017-06-01".parse().ok(),
        evidence: Some("Form 17".into()),
        notes: Some("Best reached by telephone".into()),
        topics: vec![Theme::Cancer],
        ..Draft::of(carers.clone())
    };
    stakeholders::update(&mut w, carers, &draft).await.unwrap().unwrap();
    let devons = Draft { name: Some("Carers as Devon knows them".into()), ..draft };
    stakeholders::create(&mut w, DEVON, &devons, stakeholders::Origin::default()).await.unwrap();
    w.commit().await.unwrap();
}

/// The addresses of the pages behind the links of the last letter to somebody.
fn links(server: &SmtpServer, to: &str) -> (String, String) {
    let letters = server.received();
    let letter: &Received = letters.iter().rev().find(|letter| letter.to == to).unwrap();
    let message = MessageParser::default().parse(letter.data.as_bytes()).unwrap();
    let text = message.body_text(0).unwrap();
    let html = message.body_html(0).unwrap();
    let link = |of: &str| {
        let link = text.split_whitespace().find(|word| word.contains(of)).unwrap().to_owned();
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
        link.strip_prefix("https://opendoor.example.org").unwrap().to_owned()
    };
    (link("/u/"), link("/me/"))
}

/// What stands of an address.
async fn standing(site: &Site) -> Vec<(Stop, String)> {
    let rows =
        suppression::Entity::find().order_by_asc(suppression::Column::Id).all(site.app.db.read()).await;
    let rows = rows.unwrap().into_iter().filter(|row| row.lifted_at.is_none());
    rows.map(|row| (Stop::of(&row), row.source)).collect()
}

async fn sent(site: &Site, officer: &mut Visitor<'_>, topic: &str) -> String {
    let mailing = dispatched_about(officer, &ALL, "engagement", topic).await;
    deliver(site).await;
    mailing
}

by_post!(a_reader_sees_what_is_held_about_them_and_nothing_of_others, |site, server| {
    add(&site, &THREE).await;
    described(&site).await;
    let mut officer = site.officer(DORSET).await;
    sent(&site, &mut officer, "cancer").await;
    let (out, me) = links(&server, CARERS);
    let before = journal_entry::Entity::find().count(site.app.db.read()).await.unwrap();
    let mut reader = site.visitor();
    for method in [Method::HEAD, Method::GET] {
        let request = Request::builder().method(method).uri(&me).body(Body::empty()).unwrap();
        assert_eq!(reader.send(request).await.status, StatusCode::OK);
    }
    let page = reader.get(&me).await;
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(page.attributes("meta[name=robots]", "content"), ["noindex"]);
    let shown = page.words("main");
    for told in [
        "Carers Centre",
        "Carers Trust",
        "Carers of Dorset",
        "Carers",
        "Voluntary",
        "Cancer",
        "Public task: from the council's website",
        "Privacy notice 2",
        "1 June 2017",
        "Form 17",
        CARERS,
        "Have your say in Dorset",
        "Sent: your mail service took it",
        "Dorset may send you emails",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    for not_told in ["Healthwatch", "Devon", "{{", "by telephone", "250 2.0.0"] {
        assert!(!shown.contains(not_told), "{not_told}: {shown}");
    }
    assert_eq!(page.each("dl").len(), 2, "both records of one address are one person's");
    assert!(!reader.has_cookie());
    let after = journal_entry::Entity::find().count(site.app.db.read()).await.unwrap();
    assert_eq!((after, standing(&site).await), (before, Vec::new()), "looking changes nothing");

    // One link is not the other, and a link that is nobody's is the same to all.
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    let nobodys = reader.get("/u/nobodys").await;
    for wrong in [
        format!("/me/{}", token(&out)),
        format!("/u/{}", token(&me)),
        format!("/rsvp/{}", token(&me)),
        "/me/nobodys".to_owned(),
    ] {
        let answer = reader.get(&wrong).await;
        assert_eq!((answer.status, answer.words("h1")), (nobodys.status, nobodys.words("h1")), "{wrong}");
    }
    for verb in ["opt-outs", "returns", "names"] {
        let wrong = format!("/me/{}/{verb}", token(&out));
        assert_eq!(reader.post(&wrong, &[("of", "all")]).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    for row in ledger(&site, &last(&site).await).await {
        assert!(!serde_json::to_string(&row).unwrap().contains(&token(&me)), "the database holds no token");
    }
    site.done().await;
});

/// The last mailing's identity.
async fn last(site: &Site) -> String {
    let mailings = entity::mailing::Entity::find().order_by_desc(entity::mailing::Column::Id);
    mailings.one(site.app.db.read()).await.unwrap().unwrap().id
}

by_post!(a_reader_opts_out_and_back_and_corrects_their_name, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    sent(&site, &mut officer, "").await;
    let (_, me) = links(&server, CARERS);
    let (outs, returns, names) = (format!("{me}/opt-outs"), format!("{me}/returns"), format!("{me}/names"));
    let mut reader = site.visitor();
    let wrong = reader.post(&outs, &[("of", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.words("#of-error").contains("Select a topic"), "{}", wrong.words("main"));
    assert_eq!(standing(&site).await, [], "nothing chosen is not all");

    // What is queued about the topic is stopped at once, and nothing else.
    let waiting = dispatched_about(&mut officer, &ALL, "engagement", "cancer").await;
    let other = dispatched_about(&mut officer, &ALL, "engagement", "digital").await;
    reader.post(&outs, &[("of", "cancer")]).await.led();
    let last = site.last_entry().await;
    assert_eq!((last.actor.as_str(), last.action.as_str()), ("the person, by their link", "create"));
    assert!(!serde_json::to_string(&last).unwrap().contains("carers.example"), "the chain holds no address");
    let of = |rows: Vec<entity::delivery::Model>| rows.into_iter().find(|row| row.address == CARERS).unwrap();
    assert_eq!(of(ledger(&site, &waiting).await).state, State::Excluded);
    assert_eq!(of(ledger(&site, &other).await).state, State::Queued);
    deliver(&site).await;
    assert_eq!(server.tally()[CARERS], 2, "the first, and the one about something else");
    let page = reader.get(&me).await;
    assert!(page.words("main").contains("You opted out of emails about cancer."), "{}", page.words("main"));
    assert!(!page.attributes("#of option", "value").contains(&"cancer".to_owned()));
    reader.post(&returns, &[("of", "cancer")]).await.led();
    assert_eq!(standing(&site).await, []);

    reader.post(&outs, &[("of", "all")]).await.led();
    let own = (Stop { state: suppression::State::OptedOut, topic: None }, "own page".to_owned());
    assert_eq!(standing(&site).await, [own]);
    let page = reader.get(&me).await;
    assert_eq!(page.each("#of").len(), 0, "there is nothing more to opt out of");
    reader.post(&returns, &[("of", "all")]).await.led();
    assert_eq!(standing(&site).await, []);

    // What others wrote down is not the reader's to lift.
    let holds = format!("/work/stps/{DORSET}/holds");
    let told = [("address", CARERS), ("state", "do_not_contact"), ("reason", "Asked by letter")];
    officer.submit(&format!("{holds}/new"), &holds, &told).await.led();
    for of in ["all", "cancer"] {
        reader.post(&returns, &[("of", of)]).await.led();
    }
    assert_eq!(standing(&site).await.len(), 1);
    let page = reader.get(&me).await;
    assert!(page.words("main").contains("You are not to be contacted"), "{}", page.words("main"));
    assert!(!page.text().contains("Asked by letter"), "what staff wrote is not told");
    assert_eq!(page.each(&format!("form[action='{returns}']")).len(), 0);

    let rows = stakeholders::find::twins(site.app.db.read(), DORSET, CARERS, None).await.unwrap();
    let own = rows.iter().find(|row| row.group_code == "PP-CAR").unwrap();
    let field = format!("name-{}", own.id);
    let version = own.version.to_string();
    let post = |record: &str, version: &str, name: &str| {
        [("record", record), ("version", version), (field.as_str(), name)]
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
    };
    let long = "x".repeat(201);
    for name in ["  ", long.as_str()] {
        let typed = post(&own.id, &version, name);
        let wrong = reader.post(&names, &pairs(&typed)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.attributes(&format!("[id='{field}']"), "value"), [name], "it is kept");
    }
    reader.post(&names, &pairs(&post(&own.id, &version, "The Carers’ Office"))).await.led();
    assert_eq!(site.last_entry().await.actor, "the person, by their link");
    assert!(reader.get(&me).await.words("main").contains("The Carers’ Office"));
    let stale = reader.post(&names, &pairs(&post(&own.id, &version, "Somebody"))).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.words("main").contains("is now: The Carers’ Office"), "{}", stale.words("main"));
    // Another's record is not there.
    let rows = stakeholders::find::twins(site.app.db.read(), DORSET, HEALTHWATCH, None).await.unwrap();
    let other = rows[0].id.as_str();
    let field = format!("name-{other}");
    let theirs = [("record", other), ("version", "1"), (field.as_str(), "Mine now")];
    assert_eq!(reader.post(&names, &theirs).await.status, StatusCode::NOT_FOUND);
    assert!(!reader.has_cookie());
    site.done().await;
});

/// A form as the harness posts it.
fn pairs(typed: &[(String, String)]) -> Vec<(&str, &str)> {
    typed.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect()
}

by_post!(a_link_of_somebody_who_is_no_longer_kept_says_so, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    sent(&site, &mut officer, "").await;
    let (_, healthwatch) = links(&server, HEALTHWATCH);
    let (_, carers) = links(&server, CARERS);
    let db = site.app.db.read();
    let row = stakeholders::find::twins(db, DORSET, HEALTHWATCH, None).await.unwrap().remove(0);
    officer.post(&format!("/work/stps/{DORSET}/stakeholders/{}/withdrawals", row.id), &[]).await.led();
    // Another address in the record: the old one is nobody's any more.
    for row in stakeholders::find::twins(db, DORSET, CARERS, None).await.unwrap() {
        let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
        let draft = Draft { email: Some("new@carers.example.org".into()), ..Draft::of(row.clone()) };
        stakeholders::update(&mut w, &row, &draft).await.unwrap().unwrap();
        w.commit().await.unwrap();
    }
    let mut reader = site.visitor();
    for link in [healthwatch, carers] {
        let page = reader.get(&link).await;
        assert_eq!((page.status, page.words("h1")), (StatusCode::OK, "Nothing is held about you".to_owned()));
        let shown = page.words("main");
        for not_told in ["Carers", "Healthwatch", "example.org"] {
            assert!(!shown.contains(not_told), "{shown}");
        }
        let typed = [("record", row.id.as_str()), ("version", "2")];
        let named = reader.post(&format!("{link}/names"), &typed).await;
        assert_eq!(named.status, StatusCode::NOT_FOUND);
    }
    let kept = stakeholder::Entity::find_by_id(&row.id).one(db).await.unwrap().unwrap();
    assert_eq!(kept.name.as_deref(), Some("Healthwatch Dorset"));
    site.done().await;
});
