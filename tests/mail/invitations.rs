//! Invitations: sent, answered without an account, reminded of, and followed by word of a change.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use chrono::TimeDelta;
use entity::{
    delivery::State, event, invitation_answer, invitation_answer::Answer, journal_entry, mailing, suppression,
};
use mail_parser::MimeHeaders as _;
use opendoor::{
    audiences::{Known, Query, find},
    events::{EventDraft, Placed, Provenance, record},
    journal::Actor,
};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _};

use super::{add, at, by_post, deliver, ledger, states};
use crate::harness::{
    Site,
    people::{DEVON, DORSET},
    site::Visitor,
    smtp::{Received, SmtpServer},
};

/// A unitary authority of Dorset's footprint.
const BOURNEMOUTH: &str = "E06000028";

const CARERS: &str = "office@carers.example.org";
const HEALTHWATCH: &str = "office@healthwatch.example.org";
const ADVICE: &str = "office@advice.example.org";
const THREE: [(&str, &str, &str); 3] = [
    ("PP-CAR", "Carers Centre", CARERS),
    ("PP-HWT", "Healthwatch Dorset", HEALTHWATCH),
    ("PP-VCS", "Citizens Advice", ADVICE),
];
const ALL: [&str; 3] = ["PP-CAR", "PP-HWT", "PP-VCS"];

/// A drop-in of 14 February 2018, planned. It is 15 January.
async fn planned(site: &Site, stp: &str) -> String {
    let day = "2018-02-14".parse().unwrap();
    let mut draft =
        EventDraft::new("Drop-in for carers", event::Kind::DropIn, event::Status::Planned, Some(day));
    draft.venue = Some("Central Library".into());
    if stp == DORSET {
        draft.places = vec![Placed { place: BOURNEMOUTH.into(), listed: true, count: None }];
    }
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let kept = record::create(&mut w, stp, Provenance::default(), draft).await.unwrap();
    w.commit().await.unwrap();
    kept.event.id
}

/// Writes an invitation of these groups to the event, and gives its address.
async fn write(officer: &mut Visitor<'_>, event: &str, groups: &[&str]) -> String {
    let mut fields = vec![
        ("subject", "Will you come?"),
        ("body", "Dear {{ name }},\r\n\r\nWe would like to hear you."),
        ("purpose", "engagement"),
        ("event", event),
    ];
    fields.extend(groups.iter().map(|group| ("groups", *group)));
    let led = officer.submit(&at("/new"), &at(""), &fields).await.led();
    led.split('?').next().unwrap().to_owned()
}

async fn send(site: &Site, officer: &mut Visitor<'_>, mailing: &str) -> usize {
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    deliver(site).await
}

/// How many of Dorset's stakeholders a query chooses.
async fn chosen(site: &Site, query: &str) -> u64 {
    let query: Query = serde_json::from_str(query).unwrap();
    find::count(site.app.db.read(), DORSET, &query, &Known::default()).await.unwrap()
}

by_post!(an_audience_knows_who_was_invited_and_who_answered, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let event = invited(&site, &mut officer).await;
    add(&site, &[("PP-CAR", "New carers", "new@carers.example.org")]).await;
    let asked = format!(r#"{{"event":{{"event":"{event}","part":"invited"}}}}"#);
    assert_eq!(chosen(&site, &asked).await, 3);
    let silent = r#"{"history":{"what":"unanswered","since":"2018-01-15"}}"#;
    assert_eq!(chosen(&site, silent).await, 3);
    say(&site, &link(&letters(&server, CARERS)[0]), "yes", "").await;
    assert_eq!(chosen(&site, silent).await, 2);
    assert_eq!(chosen(&site, &asked).await, 3);
    site.done().await;
});

/// An invitation to all three, sent.
pub(super) async fn invited(site: &Site, officer: &mut Visitor<'_>) -> String {
    add(site, &THREE).await;
    let event = planned(site, DORSET).await;
    let mailing = write(officer, &event, &ALL).await;
    assert_eq!(send(site, officer, &mailing).await, 3);
    event
}

/// The letters to an address, in order.
fn letters(server: &SmtpServer, to: &str) -> Vec<Received> {
    server.received().into_iter().filter(|message| message.to == to).collect()
}

/// Where the link of a letter leads.
fn link(letter: &Received) -> String {
    let text = letter.data.replace("=\r\n", "");
    format!("/rsvp/{}", text.split("/rsvp/").nth(1).unwrap().get(..43).unwrap())
}

/// The calendar file of a letter.
fn calendar(letter: &Received) -> String {
    let message = mail_parser::MessageParser::default().parse(letter.data.as_bytes()).unwrap();
    assert_eq!(message.attachment_count(), 1);
    let part = message.attachment(0).unwrap();
    assert_eq!(part.attachment_name(), Some("invitation.ics"));
    String::from_utf8(part.contents().to_vec()).unwrap()
}

async fn say(site: &Site, link: &str, answer: &str, support: &str) {
    let fields = [("answer", answer), ("support", support)];
    assert_eq!(
        site.visitor().submit(&format!("{link}?change=yes"), link, &fields).await.led(),
        format!("{link}?said=kept")
    );
}

async fn answers(site: &Site) -> Vec<(String, Answer, Option<String>)> {
    let rows = invitation_answer::Entity::find().all(site.app.db.read()).await.unwrap();
    let mut all: Vec<_> = rows.into_iter().map(|row| (row.address, row.answer, row.support)).collect();
    all.sort();
    all
}

pub(super) fn of(event: &str, rest: &str) -> String {
    format!("/work/stps/{DORSET}/events/{event}{rest}")
}

by_post!(an_invitation_arrives_whole, |site, server| {
    add(&site, &THREE).await;
    let event = planned(&site, DORSET).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &event, &["PP-CAR"]).await;
    let preview = officer.get(&format!("{mailing}/preview")).await.words("main");
    assert!(preview.contains("Attached invitation.ics"), "{preview}");
    assert!(
        preview.contains("Drop-in for carers When: 14 February 2018 Where: Central Library, Bournemouth"),
        "{preview}"
    );
    assert_eq!(send(&site, &mut officer, &mailing).await, 1);
    let rows = ledger(&site, &mailing).await;
    let letter = &letters(&server, CARERS)[0];
    let unfolded = letter.data.replace("=\r\n", "");
    let out = unfolded.split("/u/").nth(1).unwrap().get(..43).unwrap().to_owned();
    let answer = link(letter).split('/').next_back().unwrap().to_owned();
    assert_ne!(out, answer);
    let own = unfolded.split("/me/").nth(1).unwrap().get(..43).unwrap().to_owned();
    let redacted = unfolded
        .replace(&out, "OUT")
        .replace(&answer, "ANSWER")
        .replace(&own, "OWN")
        .replace(&rows[0].id, "DELIVERY")
        // The calendar's lines are folded.
        .replace(&format!("{}\r\n {}", &event[..35], &event[35..]), "EVENT")
        .replace(&event, "EVENT");
    let expected = include_str!("invitations/letter.txt");
    assert_eq!(redacted.replace("\r\n", "\n"), expected);
    assert!(calendar(letter).lines().all(|line| line.len() <= 75), "folded");
    site.done().await;
});

by_post!(an_answer_needs_no_account_and_can_be_changed, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let event = invited(&site, &mut officer).await;
    let at = link(&letters(&server, CARERS)[0]);
    let mut reader = site.visitor();
    let entries = || async { journal_entry::Entity::find().count(site.app.db.read()).await.unwrap() };
    let before = entries().await;
    for (method, query) in
        [(Method::GET, ""), (Method::HEAD, ""), (Method::GET, "?answer=yes"), (Method::HEAD, "?answer=no")]
    {
        let request =
            Request::builder().method(method).uri(format!("{at}{query}")).body(Body::empty()).unwrap();
        let page = reader.send(request).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
    }
    assert_eq!(entries().await, before, "a link that is opened changes nothing");
    assert_eq!(answers(&site).await, []);
    let page = reader.get(&format!("{at}?answer=support")).await;
    assert_eq!(page.attributes("input[type=radio][checked]", "value"), ["support"]);
    let said = page.words("main");
    assert!(said.contains("Dorset invites you to this event."), "{said}");
    assert!(said.contains("When 14 February 2018 Where Central Library, Bournemouth"), "{said}");

    let wrong = reader.post(&at, &[("answer", "yes"), ("support", "A <b>lift</b>")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.words("#support"), "A <b>lift</b>", "what was typed stays");
    assert_eq!(wrong.attributes("input[type=radio][checked]", "value"), ["yes"]);
    let nothing = reader.post(&at, &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.words("#answer-error").contains("Select whether you will come"));
    assert_eq!(answers(&site).await, []);

    say(&site, &at, "support", "A hearing loop\r\nA lift").await;
    let thanks = reader.get(&format!("{at}?said=kept")).await;
    assert_eq!(thanks.words("h1"), "Thank you, your answer is kept");
    assert!(thanks.words("main").contains("Yes, and I need support to take part A hearing loop A lift"));
    let entry = site.last_entry().await;
    assert_eq!(
        (entry.actor.as_str(), entry.action.as_str(), entry.subject_table.as_str()),
        ("public", "create", "invitation_answers")
    );
    let chained = serde_json::to_string(&entry).unwrap();
    assert!(!chained.contains("carers.example.org") && !chained.contains("hearing"), "{chained}");
    let before = entries().await;
    say(&site, &at, "support", "A hearing loop\r\nA lift").await;
    assert_eq!(entries().await, before, "twice is once");
    assert_eq!(reader.get(&at).await.words("h1"), "You have answered");
    assert_eq!(reader.get(&format!("{at}?change=yes")).await.words("#support"), "A hearing loop A lift");
    say(&site, &at, "no", "").await;
    assert_eq!(answers(&site).await, [(CARERS.to_owned(), Answer::No, None)]);
    say(&site, &at, "support", "A lift").await;
    say(&site, &link(&letters(&server, HEALTHWATCH)[0]), "no", "").await;
    assert!(!reader.has_cookie());

    // What staff see of it.
    let shown = officer.get(&of(&event, "")).await;
    let counted = "Comes: 0 Comes and needs support: 1 Does not come: 1 Has not answered: 1";
    assert!(shown.words("main").contains(counted), "{}", shown.words("main"));
    let list = officer.get(&of(&event, "/invited")).await;
    assert_eq!(list.each("table.nhsuk-table-responsive tbody tr").len(), 3);
    assert!(
        list.words("main").contains("Answer Comes and needs support Support A lift"),
        "{}",
        list.words("main")
    );
    let some = officer.get(&of(&event, "/invited?standing=unanswered")).await;
    assert_eq!(some.each("table.nhsuk-table-responsive tbody tr").len(), 1);
    assert!(some.words("tbody").contains("Citizens Advice"));
    let file = officer.get(&of(&event, "/invited.csv")).await;
    let text = file.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[0],
        "name,organisation,group,email,answer,answer_words,support,answered_on,answered_before_change,came"
    );
    assert_eq!(
        lines[1],
        "Carers Centre,,Carers,office@carers.example.org,support,Comes and needs support,A lift,2018-01-15,no,"
    );
    let entry = site.last_entry().await;
    assert_eq!((entry.action.as_str(), entry.subject_table.as_str()), ("export", "invitation_answers"));
    let person = list.attributes("table.nhsuk-table-responsive a", "href")[0].clone();
    let page = officer.get(&person).await.words("main");
    assert!(page.contains("Answers to invitations Drop-in for carers : yes, and i need support"), "{page}");
    site.done().await;
});

by_post!(a_link_opens_nothing_else, |site, server| {
    let mut officer = site.officer(DORSET).await;
    invited(&site, &mut officer).await;
    let letter = &letters(&server, CARERS)[0];
    let text = letter.data.replace("=\r\n", "");
    let out = text.split("/u/").nth(1).unwrap().get(..43).unwrap().to_owned();
    let at = link(letter);
    let answer = at.split('/').next_back().unwrap().to_owned();
    let mut visitor = site.visitor();
    let row = entity::delivery::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert!(!serde_json::to_string(&row).unwrap().contains(&answer), "the database does not hold the token");
    let digest = row.rsvp_digest.clone().unwrap();
    for wrong in [out.as_str(), "x", &answer[..42], &answer.to_lowercase(), &digest, &row.id] {
        let page = visitor.get(&format!("/rsvp/{wrong}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
        assert_eq!(visitor.get(&format!("/rsvp/{wrong}/event.ics")).await.status, StatusCode::NOT_FOUND);
        let posted = visitor.post(&format!("/rsvp/{wrong}"), &[("answer", "yes")]).await;
        assert_eq!(posted.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert_eq!(visitor.get(&format!("/u/{answer}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.post(&format!("/u/{answer}"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(suppression::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    assert_eq!(answers(&site).await, []);
    site.done().await;
});

by_post!(whoever_is_out_of_an_invitations_topic_is_not_reminded, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let event = planned(&site, DORSET).await;
    let mailing = write(&mut officer, &event, &ALL).await;
    officer.submit(&format!("{mailing}/edit"), &mailing, &[("topic", "cancer")]).await.led();
    assert_eq!(send(&site, &mut officer, &mailing).await, 3);
    let letters = server.received();
    let letter = letters.iter().find(|letter| letter.to == CARERS).unwrap();
    let out = letter.data.split("/u/").nth(1).unwrap().get(..43).unwrap();
    site.visitor().post(&format!("/u/{out}"), &[("from", "page"), ("only", "topic")]).await.led();
    let led = officer.submit(&of(&event, "/invited"), &of(&event, "/reminders"), &[]).await.led();
    let reminder = led.split('?').next().unwrap().to_owned();
    assert!(officer.get(&reminder).await.words("main").contains("Engagement, about cancer."));
    assert_eq!(send(&site, &mut officer, &reminder).await, 2);
    assert_eq!(server.tally()[CARERS], 1);
    site.done().await;
});

by_post!(a_reminder_goes_to_those_who_have_not_answered, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let event = invited(&site, &mut officer).await;
    say(&site, &link(&letters(&server, CARERS)[0]), "yes", "").await;
    let reminders = of(&event, "/reminders");
    let led = officer.submit(&of(&event, "/invited"), &reminders, &[]).await.led();
    let reminder = led.split('?').next().unwrap().to_owned();
    assert_eq!(officer.post(&reminders, &[]).await.led(), reminder, "one at a time");
    let shown = officer.get(&reminder).await.words("main");
    assert!(shown.contains("Those invited who have not answered."), "{shown}");
    assert!(shown.contains("Would be written to 2 Left out 1 Answered already 1"), "{shown}");
    // Editing keeps what it is.
    let edit = officer.get(&format!("{reminder}/edit")).await;
    assert!(
        edit.words("main")
            .contains("Those invited who have not answered : Drop-in for carers, 14 February 2018")
    );
    assert_eq!(edit.attributes("select", "name"), ["topic"], "and asks for no audience and no event");
    officer.submit(&format!("{reminder}/edit"), &reminder, &[("body", "Please answer.")]).await.led();
    officer.post(&format!("{reminder}/freezes"), &[]).await.led();
    officer.post(&format!("{reminder}/dispatches"), &[]).await.led();
    assert_eq!(states(&site, &reminder).await, [State::Queued, State::Excluded, State::Queued]);
    // One answers while it is queued: through the first letter.
    say(&site, &link(&letters(&server, HEALTHWATCH)[0]), "no", "").await;
    assert_eq!(states(&site, &reminder).await, [State::Queued, State::Excluded, State::Excluded], "at once");
    assert_eq!(deliver(&site).await, 1);
    let tally = server.tally();
    assert_eq!((tally[CARERS], tally[HEALTHWATCH], tally[ADVICE]), (1, 1, 2));
    // The reminder's own link asks for the same answer.
    let to = letters(&server, ADVICE);
    let (first, second) = (link(&to[0]), link(&to[1]));
    assert_ne!(first, second);
    say(&site, &second, "yes", "").await;
    assert_eq!(site.visitor().get(&first).await.words("h1"), "You have answered");
    say(&site, &first, "support", "A lift").await;
    assert_eq!(answers(&site).await.len(), 3);
    let list = officer.get(&of(&event, "/invited")).await;
    assert_eq!(list.each("table.nhsuk-table-responsive tbody tr").len(), 3, "one row a person");
    assert!(!list.words("main").contains("Write a reminder"));
    site.done().await;
});

by_post!(the_last_look_before_a_reminder_sees_an_answer, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let event = invited(&site, &mut officer).await;
    let led = officer.post(&of(&event, "/reminders"), &[]).await.led();
    let reminder = led.split('?').next().unwrap().to_owned();
    officer.post(&format!("{reminder}/freezes"), &[]).await.led();
    officer.post(&format!("{reminder}/dispatches"), &[]).await.led();
    // As an answer stands that came when the letter was claimed already.
    let row = &ledger(&site, &reminder).await[0];
    assert_eq!(row.address, ADVICE);
    let answer = invitation_answer::Model {
        id: "an-answer".into(),
        stp_code: DORSET.into(),
        event_id: event.clone(),
        address: row.address.clone(),
        delivery_id: row.id.clone(),
        answer: Answer::No,
        support: None,
        told_sha256: String::new(),
        created_at: site.app.clock.now(),
        updated_at: site.app.clock.now(),
    };
    let row = answer.into_active_model().reset_all();
    invitation_answer::Entity::insert(row).exec_without_returning(site.app.db.writer()).await.unwrap();
    deliver(&site).await;
    assert_eq!(letters(&server, ADVICE).len(), 1, "no reminder");
    assert_eq!(letters(&server, CARERS).len(), 2);
    let row = &ledger(&site, &reminder).await[0];
    assert_eq!((row.state, row.reason.as_deref()), (State::Excluded, Some("Answered already")));
    site.done().await;
});

/// Changes the event as an officer does.
pub(super) async fn change(officer: &mut Visitor<'_>, event: &str, fields: &[(&str, &str)]) {
    let edit = of(event, "/edit");
    officer.submit(&edit, &edit, fields).await.led();
}

/// Writes to those who know the event as it was, and gives the mailing.
pub(super) async fn tell(site: &Site, officer: &mut Visitor<'_>, event: &str) -> String {
    let led = officer.submit(&of(event, ""), &of(event, "/change-notices"), &[]).await.led();
    let mailing = led.split('?').next().unwrap().to_owned();
    let shown = officer.get(&of(event, "")).await.words("main");
    assert!(shown.contains("A mailing to them is being prepared or sent."), "{shown}");
    send(site, officer, &mailing).await;
    mailing
}

by_post!(who_was_invited_is_told_of_a_change_and_the_calendar_follows, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let event = invited(&site, &mut officer).await;
    let at = link(&letters(&server, CARERS)[0]);
    say(&site, &at, "yes", "").await;
    say(&site, &link(&letters(&server, HEALTHWATCH)[0]), "no", "").await;
    let first = calendar(&letters(&server, CARERS)[0]);
    assert!(first.contains("\r\nDTSTART;VALUE=DATE:20180214\r\n"), "{first}");
    assert!(first.contains("\r\nSTATUS:CONFIRMED\r\n") && first.contains("\r\nSEQUENCE:1\r\n"), "{first}");
    // What a letter does not say may change.
    change(&mut officer, &event, &[("summary", "About carers")]).await;
    assert!(!officer.get(&of(&event, "")).await.words("main").contains("invited to how it was"));
    change(&mut officer, &event, &[("starts-day", "21"), ("venue", "Village Hall")]).await;
    let shown = officer.get(&of(&event, "")).await.words("main");
    assert!(shown.contains("2 people were invited to how it was and do not know how it is now."), "{shown}");
    let page = site.visitor().get(&at).await;
    assert!(
        page.words("main").contains("The event has changed since you answered."),
        "{}",
        page.words("main")
    );
    assert_eq!(page.attributes("input[type=radio][checked]", "value"), ["yes"], "and is asked again");
    let list = officer.get(&of(&event, "/invited")).await.words("main");
    assert!(list.contains("Answered before the event changed"), "{list}");

    let mailing = tell(&site, &mut officer, &event).await;
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted, State::Excluded]);
    assert_eq!(ledger(&site, &mailing).await[2].reason.as_deref(), Some("Said no"));
    let told = &letters(&server, CARERS)[1];
    assert!(told.data.contains("Subject: Changed: Drop-in for carers"), "{}", told.data);
    let second = calendar(told);
    let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    assert_eq!(uid(&first), uid(&second), "the same entry");
    assert!(second.contains("\r\nSEQUENCE:3\r\n"), "{second}");
    assert!(second.contains("\r\nDTSTART;VALUE=DATE:20180221\r\n"), "{second}");
    assert!(second.contains("\r\nLOCATION:Village Hall\\, Bournemouth\r\n"), "{second}");
    let shown = officer.get(&of(&event, "")).await.words("main");
    assert!(!shown.contains("invited to how it was"), "{shown}");
    // The first letter's link gives the present state as well.
    let served = site.visitor().get(&format!("{at}/event.ics")).await;
    assert_eq!(served.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(served.headers["cache-control"], "no-store");
    assert_eq!(served.text(), second);

    let cancel = of(&event, "/cancellations");
    officer.submit(&of(&event, ""), &cancel, &[("cancelled_reason", "The hall flooded")]).await.led();
    let mailing = tell(&site, &mut officer, &event).await;
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted, State::Excluded]);
    let told = &letters(&server, CARERS)[2];
    assert!(told.data.contains("Subject: Cancelled: Drop-in for carers"), "{}", told.data);
    assert!(!told.data.contains("/rsvp/"), "there is nothing to answer");
    let third = calendar(told);
    assert_eq!(uid(&first), uid(&third));
    assert!(third.contains("\r\nSTATUS:CANCELLED\r\n") && third.contains("\r\nSEQUENCE:4\r\n"), "{third}");
    let page = site.visitor().get(&format!("{at}?change=yes")).await;
    assert_eq!(page.words("h1"), "This event does not take place");
    assert_eq!(page.each("form").len(), 0);
    let refused = site.visitor().post(&at, &[("answer", "no")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(answers(&site).await[0], (CARERS.to_owned(), Answer::Yes, None));
    assert_eq!(officer.post(&of(&event, "/reminders"), &[]).await.status, StatusCode::CONFLICT);
    site.done().await;
});

by_post!(what_was_frozen_is_not_sent_once_the_event_has_changed, |site, server| {
    add(&site, &THREE).await;
    let event = planned(&site, DORSET).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &event, &ALL).await;
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    change(&mut officer, &event, &[("venue", "Village Hall")]).await;
    assert_eq!(deliver(&site).await, 0);
    assert_eq!(server.received().len(), 0);
    let shown = officer.get(&mailing).await.words("main");
    assert!(
        shown.contains("It cannot be sent as it was frozen: the event that it invites to has changed since"),
        "{shown}"
    );
    let preview = officer.get(&format!("{mailing}/preview")).await.words("main");
    assert!(preview.contains("Where: Central Library, Bournemouth"), "as it was frozen: {preview}");
    // Another event in the row is not what was frozen.
    change(&mut officer, &event, &[("venue", "Central Library")]).await;
    let other = planned(&site, DORSET).await;
    let id = mailing.rsplit('/').next().unwrap();
    let row = mailing::Entity::find_by_id(id).one(site.app.db.read()).await.unwrap().unwrap();
    let altered = mailing::Model { event_id: Some(other), state: mailing::State::Sending, ..row.clone() };
    for (row, sent) in [(altered, 0), (mailing::Model { state: mailing::State::Sending, ..row }, 3)] {
        let row = row.into_active_model().reset_all();
        mailing::Entity::update(row).exec(site.app.db.writer()).await.unwrap();
        assert_eq!(deliver(&site).await, sent);
    }
    site.done().await;
});

by_post!(an_event_that_is_over_takes_no_answers, |site, server| {
    let mut officer = site.officer(DORSET).await;
    let event = invited(&site, &mut officer).await;
    let at = link(&letters(&server, CARERS)[0]);
    say(&site, &at, "yes", "").await;
    site.app.clock.advance(TimeDelta::days(30));
    assert_eq!(site.visitor().get(&at).await.words("h1"), "You have answered", "on the day");
    say(&site, &at, "no", "").await;
    site.app.clock.advance(TimeDelta::days(1));
    let page = site.visitor().get(&at).await;
    assert_eq!(page.words("h1"), "This event is over");
    assert!(page.words("main").contains("Your answer No"), "{}", page.words("main"));
    assert_eq!(site.visitor().post(&at, &[("answer", "yes")]).await.status, StatusCode::CONFLICT);
    assert_eq!(answers(&site).await, [(CARERS.to_owned(), Answer::No, None)]);
    // What is put on record of it afterwards is no change that anybody needs to know.
    let mut officer = site.officer_again(DORSET).await;
    change(&mut officer, &event, &[("venue", "The Library")]).await;
    let shown = officer.get(&of(&event, "")).await.words("main");
    assert!(shown.contains("Does not come: 1") && !shown.contains("invited to how it was"), "{shown}");
    assert_eq!(officer.post(&of(&event, "/change-notices"), &[]).await.status, StatusCode::CONFLICT);
    // Nobody can be invited to it any more.
    assert_eq!(officer.get(&super::at("/new")).await.attributes("#event option", "value"), [""]);
    assert_eq!(officer.post(&of(&event, "/reminders"), &[]).await.status, StatusCode::CONFLICT);
    site.done().await;
});

by_post!(an_invitation_is_to_an_event_of_ones_own_that_takes_place, |site, server| {
    add(&site, &THREE).await;
    let devons = planned(&site, DEVON).await;
    let event = planned(&site, DORSET).await;
    let mut officer = site.officer(DORSET).await;
    let empty = officer.get(&of(&event, "/invited")).await.words("main");
    assert!(empty.contains("Nobody has been invited to this event yet."), "{empty}");
    let form = officer.get(&at(&format!("/new?event={event}"))).await;
    assert_eq!(form.attributes("#event option", "value"), ["", event.as_str()]);
    assert_eq!(form.attributes("#event option[selected]", "value"), [event.as_str()]);
    let fields = [
        ("subject", "A"),
        ("body", "B"),
        ("purpose", "engagement"),
        ("groups", "PP-CAR"),
        ("event", devons.as_str()),
    ];
    let refused = officer.submit(&at("/new"), &at(""), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.words("#event-error").contains("Select an event that is still to come, or none"));
    let mailing = write(&mut officer, &event, &["PP-CAR"]).await;
    let cancel = of(&event, "/cancellations");
    officer.submit(&of(&event, ""), &cancel, &[("cancelled_reason", "The hall flooded")]).await.led();
    let refused = officer.post(&format!("{mailing}/freezes"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = refused.words("main");
    assert!(said.contains("The event does not take place, so nobody can be invited to it"), "{said}");
    // A draft can be turned into a letter that invites to nothing.
    officer.submit(&format!("{mailing}/edit"), &mailing, &[("event", "")]).await.led();
    assert_eq!(send(&site, &mut officer, &mailing).await, 1);
    let letter = &letters(&server, CARERS)[0];
    assert!(!letter.data.contains("/rsvp/") && !letter.data.contains("multipart/mixed"), "{}", letter.data);
    site.done().await;
});

by_post!(a_letter_from_another_machine_carries_links_that_work, |site, server| {
    add(&site, &THREE).await;
    let event = planned(&site, DORSET).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &event, &["PP-CAR"]).await;
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    // The worker's folder has another key than the one where it was frozen.
    std::fs::remove_file(site.app.config.store.data.join("letters.key")).unwrap();
    assert_eq!(deliver(&site).await, 1);
    say(&site, &link(&letters(&server, CARERS)[0]), "yes", "").await;
    assert_eq!(answers(&site).await, [(CARERS.to_owned(), Answer::Yes, None)]);
    site.done().await;
});
