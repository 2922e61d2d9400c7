//! The way out of engagement mail.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use entity::{
    delivery, journal_entry, journal_value, mailing, session, stakeholder, submission, suppression,
};
use sea_orm::{EntityTrait, PaginatorTrait as _};

use crate::{
    both,
    harness::{Site, people::DORSET},
    web::stakeholders::add,
};

/// Everything of ours in the database, as text: what a request that changes nothing leaves as it was.
async fn everything(site: &Site) -> Vec<String> {
    async fn rows<E: EntityTrait>(site: &Site) -> Vec<String> {
        let all = E::find().all(site.app.db.read()).await.unwrap();
        let mut all: Vec<String> = all.iter().map(|row| format!("{row:?}")).collect();
        all.sort();
        all
    }
    let mut all = rows::<journal_entry::Entity>(site).await;
    all.extend(rows::<journal_value::Entity>(site).await);
    all.extend(rows::<suppression::Entity>(site).await);
    all.extend(rows::<delivery::Entity>(site).await);
    all.extend(rows::<mailing::Entity>(site).await);
    all.extend(rows::<stakeholder::Entity>(site).await);
    all.extend(rows::<session::Entity>(site).await);
    all.extend(rows::<submission::Entity>(site).await);
    all.sort();
    assert!(all.len() > 10, "there is something to compare");
    all
}

/// A mailing that was sent into the mailbox, and the token in its letter.
async fn sent(site: &Site) -> String {
    let mut officer = site.officer(DORSET).await;
    add(
        &mut officer,
        &[("group", "PP-CAR"), ("name", "Carers Centre"), ("email", "Office@carers.example.org")],
    )
    .await;
    let at = format!("/work/stps/{DORSET}/mailings");
    let fields =
        [("subject", "Hello"), ("body", "Dear {{ name }}"), ("purpose", "engagement"), ("groups", "PP-CAR")];
    let led = officer.submit(&format!("{at}/new"), &at, &fields).await.led();
    let mailing = led.split('?').next().unwrap();
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    let mut worker = opendoor::mailings::deliver::Worker::start(&site.app).await.unwrap().unwrap();
    assert_eq!(worker.deliver_due().await.unwrap(), 1);
    let mailbox = officer.get(&format!("/work/stps/{DORSET}/mailbox")).await;
    let letter = officer.get(&mailbox.attributes("tbody a", "href")[0]).await.text();
    letter.split("/u/").nth(1).unwrap().get(..43).unwrap().to_owned()
}

both!(get_and_head_change_nothing_and_post_does_at_once, |site| {
    let token = sent(&site).await;
    let at = format!("/u/{token}");
    let mut reader = site.visitor();
    let before = everything(&site).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let request = Request::builder().method(method.clone()).uri(&at).body(Body::empty()).unwrap();
        let answer = reader.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{method}");
        if method == Method::GET {
            assert_eq!(answer.words("h1"), "Stop these emails");
        }
    }
    assert!(everything(&site).await == before, "a link that is opened changes nothing");
    assert!(!reader.has_cookie());

    let led = reader.submit(&at, &at, &[]).await.led();
    assert_eq!(led, at);
    let page = reader.get(&at).await;
    assert_eq!(page.words("h1"), "You will get no more of these emails");
    let stops = suppression::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(stops.len(), 1);
    assert_eq!(
        (stops[0].address.as_str(), stops[0].stp_code.as_deref()),
        ("office@carers.example.org", Some(DORSET))
    );
    let after = everything(&site).await;
    assert!(after != before, "the button does");
    reader.post(&at, &[("from", "page")]).await.led();
    assert!(everything(&site).await == after, "twice is once");

    reader.submit(&at, &format!("{at}/returns"), &[]).await.led();
    assert_eq!(reader.get(&at).await.words("h1"), "Stop these emails");
    reader.post(&at, &[("from", "page")]).await.led();
    assert_eq!(suppression::Entity::find().count(site.app.db.read()).await.unwrap(), 2, "what was is kept");
    assert!(!reader.has_cookie());
    site.done().await;
});

both!(one_click_works_in_both_forms_and_without_a_browser, |site| {
    let token = sent(&site).await;
    let multipart =
        "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", multipart),
    ] {
        let request =
            Request::post(format!("/u/{token}")).header("content-type", kind).body(Body::from(body));
        let answer = site.visitor().send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "no redirect: {kind}");
    }
    assert_eq!(suppression::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    let last = site.last_entry().await;
    assert_eq!(
        (last.actor.as_str(), last.action.as_str(), last.subject_table.as_str()),
        ("public", "create", "suppressions")
    );
    assert!(
        !serde_json::to_string(&last).unwrap().contains("carers.example.org"),
        "the chain holds no address"
    );
    site.done().await;
});

both!(an_unknown_token_is_nothing_to_anyone, |site| {
    let token = sent(&site).await;
    let row = delivery::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert!(!serde_json::to_string(&row).unwrap().contains(&token), "the database does not hold the token");
    let mut visitor = site.visitor();
    for wrong in ["x", &token[..42], &token.to_lowercase(), &row.token_digest, &row.id] {
        for path in [format!("/u/{wrong}"), format!("/u/{wrong}/returns")] {
            assert_eq!(visitor.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(visitor.get(&format!("/u/{wrong}")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(suppression::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    site.done().await;
});

both!(the_mailbox_shows_letters_as_text, |site| {
    let mut officer = site.officer(DORSET).await;
    let hostile = "<script>alert(1)</script>";
    add(&mut officer, &[("group", "PP-CAR"), ("name", hostile), ("email", "office@carers.example.org")])
        .await;
    let at = format!("/work/stps/{DORSET}/mailings");
    let fields =
        [("subject", "Hello <b>"), ("body", "Dear {{ name }}"), ("purpose", "service"), ("groups", "PP-CAR")];
    let led = officer.submit(&format!("{at}/new"), &at, &fields).await.led();
    let mailing = led.split('?').next().unwrap().to_owned();
    assert_eq!(officer.get(&format!("{mailing}/preview")).await.each("main script").len(), 0);
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    let mut worker = opendoor::mailings::deliver::Worker::start(&site.app).await.unwrap().unwrap();
    assert_eq!(worker.deliver_due().await.unwrap(), 1);
    let box_at = format!("/work/stps/{DORSET}/mailbox");
    let list = officer.get(&box_at).await;
    assert_eq!(list.each("tbody a"), ["Hello <b>"]);
    let letter = officer.get(&list.attributes("tbody a", "href")[0]).await;
    assert_eq!(letter.each("main script").len(), 0);
    assert!(letter.words("main").contains("Dear <script>alert(1)</script>"));
    for wrong in ["..%2F..%2Fopendoor", "a.eml"] {
        assert_eq!(officer.get(&format!("{box_at}/{wrong}")).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    site.done().await;
});
