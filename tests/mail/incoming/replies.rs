//! What people write in answer: whose it is to deal with, and which request of the record it answers.

use entity::{incoming_mail, request, user};
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::*;
use crate::harness::site::Visitor;

const REQUESTS: &str = "/work/stps/E54000041/requests";
const ASKED: &str = "What do your members say of the plan?";

/// Healthwatch Dorset has answered a letter with `text`. Gives the mail.
async fn answered(
    site: &Site,
    server: &SmtpServer,
    officer: &mut Visitor<'_>,
    text: &str,
) -> incoming_mail::Model {
    add(site, &TWO).await;
    dispatched(officer, &BOTH, "engagement").await;
    deliver(site).await;
    let mail = answer(HEALTHWATCH, &message_id(&letter(server, HEALTHWATCH)), "Re: Have your say", text);
    assert_eq!(take(&site.app, mail).await.unwrap(), Taken::Took(Kind::Reply, None));
    the_mail(site).await
}

async fn the_mail(site: &Site) -> incoming_mail::Model {
    incoming_mail::Entity::find().one(site.app.db.read()).await.unwrap().unwrap()
}

/// Puts a request to a body on record and gives its address.
async fn asked(officer: &mut Visitor<'_>, body: &str, what: &str) -> String {
    let fields = [
        ("asked", what),
        ("body_code", body),
        ("sent_on-day", "2"),
        ("sent_on-month", "1"),
        ("sent_on-year", "2018"),
        ("response_requested", "yes"),
    ];
    let led = officer.submit(&format!("{REQUESTS}/new"), REQUESTS, &fields).await.led();
    led.split('?').next().unwrap().to_owned()
}

returning!(an_answer_goes_into_the_request_that_it_answers, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let mail = answered(&site, &server, &mut officer, "They want evening appointments.").await;
    let one = format!("/work/stps/{DORSET}/incoming-mail/{}", mail.id);
    let form = format!("{one}/requests");
    let page = officer.get(&form).await.words("main");
    assert!(page.contains("No request waits for an answer"), "{page}");
    asked(&mut officer, "E10000009", "Which bus routes will run?").await;
    let theirs = asked(&mut officer, "E10000009-HWT", ASKED).await;
    let id = theirs.rsplit('/').next().unwrap();

    let page = officer.get(&one).await;
    let html = page.text();
    assert!(html.contains(&form), "the page leads to the form");
    let about = format!("/work/stps/{DORSET}/questions/new?received_on=2018-01-15");
    assert!(html.contains(&about), "and to a question of that day");
    let question = officer.get(&about).await.text();
    assert!(question.contains("value=\"15\"") && question.contains("value=\"2018\""), "{question}");

    // What was asked of whoever writes is first and chosen, and the rest is filled in.
    let page = officer.get(&form).await;
    let words = page.words("main");
    let order = [words.find(ASKED).unwrap(), words.find("Which bus routes").unwrap()];
    assert!(order[0] < order[1], "{words}");
    assert!(page.text().contains(&format!("value=\"{id}\" checked")), "{}", page.text());
    assert!(page.words("textarea").contains("They want evening appointments."));

    // What is wrong is said beside what was typed.
    let blank = [("request", ""), ("replied_on-day", ""), ("replied_on-month", ""), ("replied_on-year", "")];
    let refused = officer.submit(&form, &form, &blank).await;
    assert_eq!(refused.status, 422);
    let said = refused.words("main");
    assert!(said.contains("Select the request that it answers"), "{said}");
    let early = [
        ("request", id),
        ("reply", "Evening appointments"),
        ("replied_on-day", "1"),
        ("replied_on-month", "1"),
        ("replied_on-year", "2018"),
    ];
    let refused = officer.submit(&form, &form, &early).await;
    assert_eq!(refused.status, 422);
    let said = refused.words("main");
    assert!(said.contains("The reply cannot be dated before the request was sent"), "{said}");
    assert!(refused.words("textarea").contains("Evening appointments"), "what was typed stays");
    assert_eq!(the_mail(&site).await.done_at, None);

    let right = [("request", id), ("reply", "They want evening appointments.")];
    officer.submit(&form, &form, &right).await.led();
    let entry = site.last_entry().await;
    assert_eq!((entry.action.as_str(), entry.subject_table.as_str()), ("update", "incoming_mails"));
    let row = request::Entity::find_by_id(id).one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.replied_on, NaiveDate::from_ymd_opt(2018, 1, 15));
    assert_eq!(row.reply.as_deref(), Some("They want evening appointments."));
    assert_eq!((row.asked.as_str(), row.response_requested), (ASKED, true), "what was asked stays");
    let mail = the_mail(&site).await;
    assert_eq!(mail.request_id.as_deref(), Some(id));
    assert!(mail.done_at.is_some(), "nothing more is to be done");
    let page = officer.get(&one).await;
    assert!(page.words("main").contains(&format!("Answers the request {ASKED}")), "{}", page.words("main"));
    assert!(!page.text().contains(&form), "it answers one");
    assert_eq!(officer.get(&form).await.status, 409);
    // It was another: the mail waits again, and what is in the request is put right there.
    officer.post(&format!("{one}/reopenings"), &[]).await.led();
    assert_eq!(the_mail(&site).await.request_id, None);
    let page = officer.get(&form).await.words("main");
    assert!(page.contains("Which bus routes") && !page.contains(ASKED), "{page}");
    site.done().await;
});

returning!(an_answer_that_somebody_else_has_put_in_stays, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let mail = answered(&site, &server, &mut officer, "Evening appointments, please.").await;
    let theirs = asked(&mut officer, "E10000009-HWT", ASKED).await;
    let id = theirs.rsplit('/').next().unwrap().to_owned();
    let form = format!("/work/stps/{DORSET}/incoming-mail/{}/requests", mail.id);
    let page = officer.get(&form).await;
    // The same request is answered by hand meanwhile.
    let by_hand = [
        ("replied_on-day", "10"),
        ("replied_on-month", "1"),
        ("replied_on-year", "2018"),
        ("reply", "By telephone"),
    ];
    let mut other = site.officer_again(DORSET).await;
    other.submit(&format!("{theirs}/edit"), &theirs, &by_hand).await.led();
    let key = page.attributes("input[name=form_key]", "value")[0].clone();
    let late = [
        ("form_key", key.as_str()),
        ("request", &id),
        ("replied_on-day", "15"),
        ("replied_on-month", "1"),
        ("replied_on-year", "2018"),
        ("reply", "Evening appointments, please."),
    ];
    let refused = officer.post(&form, &late).await;
    assert_eq!(refused.status, 422);
    let row = request::Entity::find_by_id(&id).one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.reply.as_deref(), Some("By telephone"));
    assert_eq!(the_mail(&site).await.request_id, None);
    // A bounce answers nothing.
    assert_eq!(officer.get(&form.replace(&mail.id, "nobody")).await.status, 404);
    site.done().await;
});

returning!(somebody_deals_with_it, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let mail = answered(&site, &server, &mut officer, "When do you come?").await;
    let list = format!("/work/stps/{DORSET}/incoming-mail");
    let one = format!("{list}/{}", mail.id);
    site.add_user("other@example.org", Role::Lead, &[DORSET]).await;
    site.add_user("devon@example.org", Role::Officer, &[DEVON]).await;
    site.add_user("approves@example.org", Role::Approver, &[DORSET]).await;
    let id = async |email: &str| {
        let found = user::Entity::find().filter(user::Column::Email.eq(email));
        found.one(site.app.db.read()).await.unwrap().unwrap().id
    };
    let (lead, devon, approver) =
        (id("other@example.org").await, id("devon@example.org").await, id("approves@example.org").await);
    let own = id(&format!("officer.{}@example.org", DORSET.to_lowercase())).await;
    let owners = format!("{one}/owners");
    for wrong in [devon.as_str(), &approver, "nobody"] {
        assert_eq!(officer.post(&owners, &[("owner", wrong)]).await.status, 400, "{wrong}");
    }
    let mine = format!("{list}?show=own");
    assert!(officer.get(&mine).await.words("main").contains("Nothing waits."));
    officer.submit(&one, &owners, &[("owner", &own)]).await.led();
    assert!(officer.get(&mine).await.words("main table").contains("Re: Have your say"));
    officer.submit(&one, &owners, &[("owner", &lead)]).await.led();
    assert!(officer.get(&mine).await.words("main").contains("Nothing waits."));
    let page = officer.get(&one).await.words("main dl");
    assert!(page.contains("Who deals with it other"), "{page}");
    assert!(officer.get(&list).await.words("main table").contains("other"));
    officer.submit(&one, &owners, &[("owner", "")]).await.led();
    assert_eq!(the_mail(&site).await.owner, None);
    let entry = site.last_entry().await;
    assert_eq!((entry.action.as_str(), entry.subject_table.as_str()), ("update", "incoming_mails"));
    site.done().await;
});

returning!(mail_is_found_from_the_mailing_that_it_is_about, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let mail = answered(&site, &server, &mut officer, "When do you come?").await;
    let list = format!("/work/stps/{DORSET}/incoming-mail");
    let mailing = mail.mailing_id.unwrap();
    let page = officer.get(&format!("/work/stps/{DORSET}/mailings/{mailing}")).await;
    assert!(page.words("main").contains("1 mail came back about it"), "{}", page.words("main"));
    let about = officer.get(&format!("{list}?show=all&mailing={mailing}")).await;
    assert!(about.words("main table").contains("Re: Have your say"));
    assert!(about.words("main").contains("About Have your say"), "{}", about.words("main"));
    let tabs = about.text();
    assert!(tabs.contains(&format!("{list}?show=bounce&amp;mailing={mailing}")), "{tabs}");
    let bounces = officer.get(&format!("{list}?show=bounce&mailing={mailing}")).await;
    assert!(bounces.words("main").contains("No such mail has come in."));
    for nobodys in ["mailing=other", "event=other"] {
        assert_eq!(officer.get(&format!("{list}?{nobodys}")).await.status, 404, "{nobodys}");
    }
    site.done().await;
});
