//! A mailing from its draft to the letter that arrives.

use axum::http::StatusCode;
use entity::{delivery::State, mailing, stakeholder, suppression};
use opendoor::{journal::Actor, mailings::deliver::Worker};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _};

use super::{add, at, by_post, deliver, dispatched, ledger, states, write};
use crate::harness::{
    Site,
    people::{DEVON, DORSET},
};

const THREE: [(&str, &str, &str); 3] = [
    ("PP-CAR", "Carers Centre", "office@carers.example.org"),
    ("PP-HWT", "Healthwatch Dorset", "Office@Healthwatch.example.org"),
    ("PP-VCS", "Citizens Advice", "office@advice.example.org"),
];

by_post!(a_mailing_is_written_frozen_sent_and_arrives_once_each, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &["PP-CAR", "PP-HWT"], "engagement").await;
    let preview = officer.get(&format!("{mailing}/preview")).await;
    assert!(preview.words("main").contains("Dear Carers Centre,"), "{}", preview.words("main"));
    assert!(preview.words("dl").contains("Have your say in Dorset"));
    let other = preview.attributes("option", "value");
    assert_eq!(other.len(), 2);
    let preview = officer.get(&format!("{mailing}/preview?as={}", other[1])).await;
    assert!(preview.words("main").contains("Dear Healthwatch Dorset,"));

    officer.submit(&mailing, &format!("{mailing}/freezes"), &[]).await.led();
    assert_eq!(states(&site, &mailing).await, [State::Queued, State::Queued]);
    assert_eq!(deliver(&site).await, 0, "what is frozen is not yet sent");
    // What changes after the freeze changes nothing of what is sent.
    for row in stakeholder::Entity::find().all(site.app.db.read()).await.unwrap() {
        let renamed = stakeholder::Model { name: Some("Somebody else".into()), ..row };
        stakeholder::Entity::update(renamed.into_active_model().reset_all())
            .exec(site.app.db.writer())
            .await
            .unwrap();
    }
    officer.submit(&mailing, &format!("{mailing}/dispatches"), &[]).await.led();
    assert_eq!(officer.post(&format!("{mailing}/dispatches"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(deliver(&site).await, 0);
    assert_eq!(
        server.tally().into_iter().collect::<Vec<_>>(),
        [("office@carers.example.org".to_owned(), 1), ("office@healthwatch.example.org".to_owned(), 1)]
    );
    let shown = officer.get(&mailing).await;
    assert_eq!(shown.words("main .nhsuk-tag"), "Sent");
    assert!(shown.words("main table").contains("Accepted by the server 2"), "{}", shown.words("main table"));

    let rows = ledger(&site, &mailing).await;
    assert_eq!(rows[0].server_answer.as_deref(), Some("250 2.0.0 taken as 1"));
    let received = server.received();
    let one = received.iter().find(|message| message.to == "office@carers.example.org").unwrap();
    assert_eq!(one.from, "engagement@dorset.example.org");
    let token = one.data.split("/u/").nth(1).unwrap().split('>').next().unwrap().to_owned();
    assert_eq!(token.len(), 43);
    let unfolded = one.data.replace("=\r\n", "");
    let own = unfolded.split("/me/").nth(1).unwrap().get(..43).unwrap().to_owned();
    assert_ne!(own, token);
    let redacted = unfolded.replace(&token, "TOKEN").replace(&own, "OWN").replace(&rows[0].id, "DELIVERY");
    let expected = "\
From: \"Dorset STP\" <engagement@dorset.example.org>
Reply-To: team@dorset.example.org
To: \"Carers Centre\" <office@carers.example.org>
Subject: Have your say in Dorset
Date: Mon, 15 Jan 2018 10:00:00 +0000
Message-ID: <DELIVERY@dorset.example.org>
Auto-Submitted: auto-generated
Precedence: bulk
List-Unsubscribe: <https://opendoor.example.org/u/TOKEN>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary=\"part-DELIVERY\"

--part-DELIVERY
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

Dear Carers Centre,

Come to the village hall.
.
The engagement team

--
You get this because Dorset keeps your address among its stakeholders (Carers).
To get no more of these, open this page and press the button:
https://opendoor.example.org/u/TOKEN
What we hold about you, and what we may write to you about:
https://opendoor.example.org/me/OWN
Open Door is run by the organisation that runs this site.

--part-DELIVERY
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 7bit

<!DOCTYPE html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Have your say in Dorset</title></head>
<body style=\"margin:0 auto;padding:16px;max-width:40em;font:16px/1.5 Arial,sans-serif;overflow-wrap:anywhere\">
<main>
<h1 style=\"font-size:28px;line-height:1.25\">Have your say in Dorset</h1>
<p>Dear Carers Centre,</p>
<p>Come to the village hall.<br>.<br>The engagement team</p>
<hr>
<p>You get this because Dorset keeps your address among its stakeholders (Carers). <a href=\"https://opendoor.example.org/u/TOKEN\">Get no more of these</a>. <a href=\"https://opendoor.example.org/me/OWN\">What we hold about you, and what we may write to you about</a>.</p>
<p>Open Door is run by the organisation that runs this site.</p>
</main>
</body>
</html>

--part-DELIVERY--
";
    assert_eq!(redacted.replace("\r\n", "\n"), expected);
    site.done().await;
});

by_post!(one_address_gets_one_copy_whatever_the_case_and_however_many_records, |site, server| {
    add(&site, &THREE).await;
    add(
        &site,
        &[
            ("PP-VCS", "Carers Centre, trustees", "OFFICE@carers.example.org"),
            ("PP-CAR", "Young carers", "office@Carers.example.org"),
            ("PP-CAR", "Carers without email", ""),
        ],
    )
    .await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &["PP-CAR", "PP-VCS"], "engagement").await;
    let before = officer.get(&mailing).await.words("main table");
    assert!(before.contains("Would be written to 2 Left out 3"), "{before}");
    assert!(before.contains("No email address 1 Same address as another recipient 2"), "{before}");
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    let frozen = officer.get(&mailing).await.words("main table");
    assert!(frozen.contains("No email address 1 Same address as another recipient 2"), "{frozen}");
    let list = officer.get(&format!("{mailing}/deliveries?state=excluded")).await;
    assert_eq!(list.each("tbody tr").len(), 3);
    assert!(list.words("tbody").contains("Same address as Carers Centre"), "{}", list.words("tbody"));
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(server.tally().values().copied().collect::<Vec<_>>(), [1, 1]);
    site.done().await;
});

by_post!(a_field_that_is_misspelt_or_blank_stops_the_mailing, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let fields =
        [("subject", "Hello"), ("body", "Dear {{ nmae }},"), ("purpose", "service"), ("groups", "PP-CAR")];
    let refused = officer.submit(&at("/new"), &at(""), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.words("#body-error").contains("{{ nmae }} is not a merge field"));
    assert_eq!(refused.words("#body"), "Dear {{ nmae }},");
    assert_eq!(mailing::Entity::find().count(site.app.db.read()).await.unwrap(), 0);

    let fields = [
        ("subject", "Hello"),
        ("body", "To {{ organisation }}"),
        ("purpose", "service"),
        ("groups", "PP-CAR"),
    ];
    let saved = officer.submit(&at("/new"), &at(""), &fields).await.led();
    let mailing = saved.split('?').next().unwrap();
    let refused = officer.post(&format!("{mailing}/freezes"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = refused.words("main");
    assert!(said.contains("A merge field has nothing to say for 1 recipient: nothing was frozen"), "{said}");
    assert!(said.contains("Carers Centre {{ organisation }}"), "{said}");
    assert_eq!(states(&site, mailing).await, []);
    assert_eq!(deliver(&site).await, 0);
    assert_eq!(server.received().len(), 0);
    site.done().await;
});

by_post!(who_opts_out_between_freeze_and_send_gets_nothing, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let first = dispatched(&mut officer, &["PP-CAR"], "engagement").await;
    assert_eq!(deliver(&site).await, 1);
    let second = dispatched(&mut officer, &["PP-CAR", "PP-HWT"], "engagement").await;
    let notice = dispatched(&mut officer, &["PP-CAR"], "statutory").await;
    let link = server.received()[0].data.replace("=\r\n", "");
    let token = link.split("/u/").nth(1).unwrap().split('>').next().unwrap().to_owned();
    let mut provider = site.visitor();
    let request = axum::http::Request::post(format!("/u/{token}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("List-Unsubscribe=One-Click"))
        .unwrap();
    assert_eq!(provider.send(request).await.status, StatusCode::OK);
    assert_eq!(states(&site, &second).await, [State::Excluded, State::Queued], "at once");
    assert_eq!(deliver(&site).await, 2);
    let to_carers: Vec<_> =
        server.received().into_iter().filter(|m| m.to == "office@carers.example.org").collect();
    assert_eq!(to_carers.len(), 2, "the first, and the statutory notice");
    assert!(to_carers[1].data.contains("statutory notice"));
    assert!(!to_carers[1].data.contains("List-Unsubscribe"), "one does not opt out of a notice");
    assert_eq!(states(&site, &first).await, [State::Accepted]);
    assert_eq!(states(&site, &notice).await, [State::Accepted]);
    let third = write(&mut officer, &["PP-CAR"], "engagement").await;
    let shown = officer.get(&third).await.words("main table");
    assert!(shown.contains("Would be written to 0 Left out 1 Opted out 1"), "{shown}");
    let refused = officer.post(&format!("{third}/freezes"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.done().await;
});

by_post!(the_last_look_sees_what_changed_behind_the_ledger, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-CAR", "PP-HWT", "PP-VCS"], "engagement").await;
    // Both are known to the last look alone: nothing has touched the ledger.
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let all = stakeholder::Entity::find().all(w.tx()).await.unwrap();
    let advice = all.iter().find(|row| row.name.as_deref() == Some("Citizens Advice")).unwrap();
    opendoor::stakeholders::withdraw(&mut w, advice).await.unwrap().unwrap();
    let stop = suppression::Model {
        id: w.id(),
        address: "office@carers.example.org".into(),
        stp_code: None,
        state: suppression::State::DoNotContact,
        topic: None,
        source: "letter".into(),
        reason: "Asked by letter".into(),
        created_at: w.origin().at,
        lifted_at: None,
        lifted_reason: None,
    };
    suppression::Entity::insert(stop.into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await
        .unwrap();
    w.commit().await.unwrap();
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(states(&site, &mailing).await, [State::Excluded, State::Excluded, State::Accepted]);
    assert_eq!(server.tally().into_keys().collect::<Vec<_>>(), ["office@healthwatch.example.org"]);
    site.done().await;
});

by_post!(a_paused_mailing_waits_and_a_cancelled_one_ends, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-CAR"], "engagement").await;
    officer.submit(&mailing, &format!("{mailing}/pauses"), &[]).await.led();
    assert_eq!(deliver(&site).await, 0);
    officer.submit(&mailing, &format!("{mailing}/resumptions"), &[]).await.led();
    let other = dispatched(&mut officer, &["PP-HWT"], "engagement").await;
    officer.submit(&other, &format!("{other}/cancellations"), &[]).await.led();
    assert_eq!(officer.post(&format!("{other}/resumptions"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(states(&site, &other).await, [State::Cancelled]);
    assert_eq!(server.tally().into_keys().collect::<Vec<_>>(), ["office@carers.example.org"]);
    site.done().await;
});

by_post!(what_was_frozen_is_what_is_sent_or_nothing_is, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-CAR"], "engagement").await;
    let row = mailing::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    let altered = mailing::Model { body_text: "Something else".into(), ..row };
    mailing::Entity::update(altered.into_active_model().reset_all())
        .exec(site.app.db.writer())
        .await
        .unwrap();
    assert_eq!(deliver(&site).await, 0);
    assert_eq!(server.received().len(), 0);
    assert_eq!(states(&site, &mailing).await, [State::Queued]);
    let shown = officer.get(&mailing).await.words("main");
    assert!(shown.contains("Paused It cannot be sent as it was frozen"), "{shown}");
    site.done().await;
});

by_post!(two_workers_at_once_send_each_letter_once, |site, server| {
    let all: Vec<_> = (0..60).map(|n| (format!("Office {n}"), format!("office{n}@example.org"))).collect();
    let all: Vec<_> = all.iter().map(|(name, email)| ("PP-PUB", name.as_str(), email.as_str())).collect();
    add(&site, &all).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-PUB"], "engagement").await;
    let mut first = Worker::start(&site.app).await.unwrap().unwrap();
    let second = Worker::start(&site.app).await.unwrap();
    assert_eq!(second.is_none(), site.app.db.is_sqlite(), "SQLite has one worker at a time");
    let sent = match second {
        None => first.deliver_due().await.unwrap(),
        Some(mut second) => {
            let (a, b) = tokio::join!(first.deliver_due(), second.deliver_due());
            a.unwrap() + b.unwrap()
        }
    };
    assert_eq!(sent, 60);
    let tally = server.tally();
    assert_eq!(tally.len(), 60);
    assert!(tally.values().all(|number| *number == 1));
    assert_eq!(states(&site, &mailing).await, [State::Accepted; 60]);
    site.done().await;
});

by_post!(another_area_sees_no_mailing, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &["PP-CAR"], "engagement").await;
    let mut devon = site.officer(DEVON).await;
    let nouns = ["freezes", "dispatches", "pauses", "resumptions", "cancellations", "decisions"];
    for mailing in [mailing.clone(), mailing.replace(DORSET, DEVON)] {
        for rest in ["", "/edit", "/preview", "/deliveries"] {
            assert_eq!(devon.get(&format!("{mailing}{rest}")).await.status, StatusCode::NOT_FOUND, "{rest}");
        }
        for noun in nouns {
            let answer = devon.post(&format!("{mailing}/{noun}"), &[("decision", "again")]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{noun}");
        }
    }
    for path in
        [at(""), at("/new"), format!("/work/stps/{DORSET}/mailbox"), format!("/work/stps/{DORSET}/mailbox/a")]
    {
        assert_eq!(devon.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(devon.get(&at("").replace(DORSET, DEVON)).await.each("tbody tr").len(), 0);
    assert_eq!(server.heard(), 0);
    site.done().await;
});

/// Whether the journal holds an entry of this action on a mailing.
async fn journalled(site: &Site, action: &str) -> bool {
    use entity::journal_entry::{Column, Entity};
    use sea_orm::{ColumnTrait as _, QueryFilter as _};
    let entries =
        Entity::find().filter(Column::Action.eq(action)).filter(Column::SubjectTable.eq("mailings"));
    entries.count(site.app.db.read()).await.unwrap() > 0
}

by_post!(what_people_decide_is_journalled, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-CAR"], "engagement").await;
    officer.post(&format!("{mailing}/pauses"), &[]).await.led();
    officer.post(&format!("{mailing}/resumptions"), &[]).await.led();
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(server.received().len(), 1);
    for action in ["create", "freeze", "dispatch", "pause", "resume", "finish"] {
        assert!(journalled(&site, action).await, "{action}");
    }
    site.done().await;
});
