//! Out of one topic: said by link, by staff and on pages, lifted by an administrator, and untouched by imports.

use axum::http::StatusCode;
use entity::{delivery::State, proposal::Theme, suppression, user::Role};
use opendoor::jobs;
use sea_orm::{EntityTrait as _, QueryOrder as _};

use super::{add, at, by_post, deliver, dispatched_about, ledger, states, write_about};
use crate::harness::{Site, people::DORSET, smtp::SmtpServer};

const CARERS: &str = "office@carers.example.org";
const TWO: [(&str, &str, &str); 2] =
    [("PP-CAR", "Carers Centre", CARERS), ("PP-HWT", "Healthwatch Dorset", "office@healthwatch.example.org")];
const BOTH: [&str; 2] = ["PP-CAR", "PP-HWT"];

/// What stands, by address, what is about all before what is about a topic.
async fn standing(site: &Site) -> Vec<(String, Option<Theme>)> {
    let rows =
        suppression::Entity::find().order_by_asc(suppression::Column::Id).all(site.app.db.read()).await;
    let rows = rows.unwrap().into_iter().filter(|row| row.lifted_at.is_none());
    let mut rows: Vec<_> = rows.map(|row| (row.address, row.topic)).collect();
    rows.sort();
    rows
}

/// The address of the page behind the letter's unsubscribe link.
fn link(server: &SmtpServer, to: &str) -> String {
    let letters = server.received();
    let letter = letters.iter().rev().find(|letter| letter.to == to).unwrap();
    format!("/u/{}", letter.data.split("/u/").nth(1).unwrap().get(..43).unwrap())
}

by_post!(staff_write_down_a_topic_and_an_administrator_lifts_it, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let holds = format!("/work/stps/{DORSET}/holds");
    let new = format!("{holds}/new");
    let asked = "The office telephoned on 11 January";
    for (state, topic) in [("do_not_contact", "cancer"), ("opted_out", "cancers"), ("", "cancer")] {
        let typed = [("address", CARERS), ("state", state), ("topic", topic), ("reason", asked)];
        let wrong = officer.submit(&new, &holds, &typed).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{state} {topic}");
        assert_eq!(wrong.attributes("#address", "value"), [CARERS], "what was typed is kept");
    }
    assert_eq!(standing(&site).await, []);
    let typed = [("address", CARERS), ("state", "opted_out"), ("topic", "cancer"), ("reason", asked)];
    for _ in 0..2 {
        officer.submit(&new, &holds, &typed).await.led();
    }
    assert_eq!(standing(&site).await, [(CARERS.to_owned(), Some(Theme::Cancer))], "twice is once");
    assert!(officer.get(&holds).await.words("main table").contains("Opted out: Cancer"));
    let people = officer.get(&format!("/work/stps/{DORSET}/stakeholders")).await;
    let carers =
        people.attributes("tbody a", "href").into_iter().find(|href| href.contains("/stakeholders/"));
    let shown = officer.get(&carers.unwrap()).await.words("main");
    assert!(shown.contains("Gets no engagement mail about cancer."), "{shown}");

    // A list that names the address again changes nothing of it.
    let list = format!("Group,Organisation,Email\nPP-CAR,Dorset Carers Centre,{CARERS}\n");
    let report = officer.send_file(DORSET, "stakeholders", "list.csv", list.as_bytes()).await.led();
    jobs::run_due(&site.app).await.unwrap();
    officer.submit(&report, &format!("{report}/acceptances"), &[]).await.led();
    jobs::run_due(&site.app).await.unwrap();
    assert_eq!(standing(&site).await, [(CARERS.to_owned(), Some(Theme::Cancer))]);

    let mailing = write_about(&mut officer, &BOTH, "engagement", "cancer").await;
    let draft = officer.get(&mailing).await.words("main");
    assert!(draft.contains("Engagement, about cancer."), "{draft}");
    assert!(draft.contains("Opted out of mail about cancer 1"), "{draft}");
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    let rows = ledger(&site, &mailing).await;
    let row = rows.iter().find(|row| row.address == CARERS).unwrap();
    assert_eq!((row.state, row.reason.as_deref()), (State::Excluded, Some("Opted out of mail about cancer")));
    // A copy is about the same; what is not engagement mail is about no topic.
    let id = mailing.rsplit('/').next().unwrap();
    let copy = officer.get(&at(&format!("/new?copy={id}"))).await.form(&at(""));
    assert!(copy.contains(&("topic".to_owned(), "cancer".to_owned())), "{copy:?}");
    let wrong = officer.submit(&at(&format!("/new?copy={id}")), &at(""), &[("purpose", "service")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.words("#topic-error").contains("Select no topic"), "{}", wrong.words("main"));
    assert_eq!(wrong.attributes("#topic option[selected]", "value"), ["cancer"]);

    let mut admin = site.signed_in(Role::Admin, &[]).await;
    let hold = suppression::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    admin.post(&format!("{holds}/{}", hold.id), &[("reason", "They telephoned again")]).await.led();
    let again = dispatched_about(&mut officer, &BOTH, "engagement", "cancer").await;
    let sent = states(&site, &again).await.into_iter().filter(|state| *state == State::Queued).count();
    assert_eq!(sent, 2);
    drop(server);
    site.done().await;
});

by_post!(a_link_takes_out_of_a_topic_or_of_all_and_back, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    dispatched_about(&mut officer, &BOTH, "engagement", "cancer").await;
    assert_eq!(deliver(&site).await, 2);
    let at = link(&server, CARERS);
    let returns = format!("{at}/returns");
    let (all, topic) = ([("from", "page")], [("from", "page"), ("only", "topic")]);
    let mut reader = site.visitor();
    let title = |out: &str| format!("You will get no more {out}");
    for _ in 0..2 {
        reader.post(&at, &topic).await.led();
    }
    assert_eq!(standing(&site).await, [(CARERS.to_owned(), Some(Theme::Cancer))]);
    let page = reader.get(&at).await;
    assert_eq!(page.words("h1"), title("emails about cancer"));
    assert_eq!(
        page.each("main form button"),
        ["Stop all these emails", "Undo: keep getting emails about cancer"]
    );
    // The mail program's own button is always about all.
    reader.post(&at, &[("List-Unsubscribe", "One-Click")]).await;
    assert_eq!(standing(&site).await, [(CARERS.to_owned(), None), (CARERS.to_owned(), Some(Theme::Cancer))]);
    assert_eq!(reader.get(&at).await.words("h1"), title("of these emails"));
    let excluded = write_about(&mut officer, &BOTH, "engagement", "cancer").await;
    let said = officer.get(&excluded).await.words("main");
    assert!(said.contains("Opted out 1"), "what stops most is said: {said}");
    reader.post(&returns, &all).await.led();
    assert_eq!(reader.get(&at).await.words("h1"), title("emails about cancer"), "one at a time");
    reader.post(&returns, &topic).await.led();
    assert_eq!(reader.get(&at).await.words("h1"), "Stop these emails");
    assert_eq!(standing(&site).await, []);
    assert!(!reader.has_cookie());

    // A letter about nothing in particular offers no topic, and its link takes out of none.
    dispatched_about(&mut officer, &BOTH, "engagement", "").await;
    assert_eq!(deliver(&site).await, 2);
    let at = link(&server, CARERS);
    assert_eq!(reader.get(&at).await.each("main form button"), ["Stop these emails"]);
    reader.post(&at, &topic).await.led();
    assert_eq!(standing(&site).await, [(CARERS.to_owned(), None)], "what is not known is about all");
    site.done().await;
});
