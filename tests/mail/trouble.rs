//! A mail server that misbehaves: whatever it does, nobody is missed and nobody is silently written to twice.

use chrono::TimeDelta;
use entity::{delivery::State, suppression};
use opendoor::mailings::deliver::Worker;
use sea_orm::EntityTrait as _;

use super::{add, by_post, deliver, dispatched, ledger, states};
use crate::harness::{
    people::DORSET,
    smtp::{Behaviour, Step},
};

const CARERS: &str = "office@carers.example.org";
const TWO: [(&str, &str, &str); 2] =
    [("PP-CAR", "Carers Centre", CARERS), ("PP-HWT", "Healthwatch Dorset", "office@healthwatch.example.org")];
const BOTH: [&str; 2] = ["PP-CAR", "PP-HWT"];

by_post!(a_4xx_is_tried_again_later_and_later, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    server.when(Step::Rcpt, "carers", Behaviour::Answer("450 4.2.1 busy"), 1);
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(states(&site, &mailing).await, [State::Deferred, State::Accepted], "never counted as sent");
    assert_eq!(ledger(&site, &mailing).await[0].server_answer.as_deref(), Some("450 4.2.1 busy"));
    assert_eq!(deliver(&site).await, 0, "not before its time");
    server.when(Step::Letter, "carers", Behaviour::Answer("454 4.7.0 not now"), 1);
    site.app.clock.advance(TimeDelta::minutes(4));
    assert_eq!(deliver(&site).await, 0, "nobody is forgiven early");
    site.app.clock.advance(TimeDelta::minutes(4));
    assert_eq!(deliver(&site).await, 1);
    site.app.clock.advance(TimeDelta::minutes(8));
    assert_eq!(deliver(&site).await, 0, "the second wait is longer");
    site.app.clock.advance(TimeDelta::minutes(8));
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted]);
    assert_eq!(server.tally()[CARERS], 1);
    site.done().await;
});

by_post!(a_letter_that_is_always_deferred_is_given_up, |site, server| {
    add(&site, &TWO[..1]).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    server.when(Step::Rcpt, "carers", Behaviour::Answer("450 4.2.1 busy"), 100);
    for _ in 0..20 {
        deliver(&site).await;
        site.app.clock.advance(TimeDelta::hours(9));
    }
    let rows = ledger(&site, &mailing).await;
    assert_eq!((rows[0].state, rows[0].attempts), (State::Rejected, 9));
    assert_eq!(rows[0].reason.as_deref(), Some("Given up after 72 hours and 9 tries"));
    site.done().await;
});

by_post!(an_address_that_is_none_is_not_written_to_again, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    server.when(Step::Rcpt, "carers", Behaviour::Answer("550 5.1.1 no such user"), 1);
    server.when(Step::Letter, "healthwatch", Behaviour::Answer("552 5.2.2 mailbox full"), 1);
    let first = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(states(&site, &first).await, [State::Rejected, State::Rejected]);
    let stops = suppression::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(stops.len(), 1, "a full mailbox is no missing one");
    assert_eq!((stops[0].address.as_str(), stops[0].state), (CARERS, suppression::State::Undeliverable));
    let second = dispatched(&mut officer, &BOTH, "statutory").await;
    assert_eq!(states(&site, &second).await, [State::Excluded, State::Queued]);
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(server.tally().get(CARERS), None);
    site.done().await;
});

by_post!(what_breaks_off_after_the_letter_is_in_doubt_and_a_person_decides, |site, server| {
    add(&site, &TWO).await;
    add(&site, &[("PP-VCS", "Citizens Advice", "office@advice.example.org")]).await;
    let mut officer = site.officer(DORSET).await;
    let groups = ["PP-CAR", "PP-HWT", "PP-VCS"];
    server.when(Step::Data, "carers", Behaviour::Drop, 1);
    server.when(Step::Letter, "healthwatch", Behaviour::TakeAndDrop, 1);
    server.when(Step::Letter, "advice", Behaviour::Answer("well, perhaps"), 1);
    let mailing = dispatched(&mut officer, &groups, "engagement").await;
    assert_eq!(deliver(&site).await, 3);
    assert_eq!(states(&site, &mailing).await, [State::Uncertain; 3]);
    site.app.clock.advance(TimeDelta::days(1));
    assert_eq!(deliver(&site).await, 0, "nothing in doubt is sent by itself");
    let page = officer.get(&mailing).await;
    assert_eq!(page.each("input[name=delivery]").len(), 3);
    assert!(page.words("h2#doubts").contains("3 letters in doubt"));
    let rows = ledger(&site, &mailing).await;
    let of = |name: &str| rows.iter().find(|row| row.address.contains(name)).unwrap().id.clone();
    let (carers, healthwatch, advice) = (of("carers"), of("healthwatch"), of("advice"));
    let decisions = format!("{mailing}/decisions");
    officer.post(&decisions, &[("decision", "leave"), ("delivery", &healthwatch)]).await.led();
    let again = [
        ("decision", "again"),
        ("delivery", carers.as_str()),
        ("delivery", advice.as_str()),
        ("delivery", &healthwatch),
    ];
    officer.post(&decisions, &again).await.led();
    assert_eq!(deliver(&site).await, 2, "what was left is left");
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted, State::Uncertain]);
    assert_eq!(server.tally().into_values().collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(officer.get(&mailing).await.each("input[name=delivery]").len(), 0);
    site.done().await;
});

by_post!(a_server_that_falls_silent_is_not_waited_for_for_ever, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    server.when(Step::Rcpt, "carers", Behaviour::Stall, 1);
    server.when(Step::Letter, "healthwatch", Behaviour::Stall, 1);
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(states(&site, &mailing).await, [State::Deferred, State::Uncertain], "said to its end, or not");
    site.app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(server.tally()[CARERS], 1);
    site.done().await;
});

by_post!(nonsense_and_hanging_up_before_the_letter_lose_nothing, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    for (step, behaviour) in [
        (Step::Mail, Behaviour::Drop),
        (Step::Mail, Behaviour::Answer("553 5.1.8 sender's domain is none")),
        (Step::Rcpt, Behaviour::Drop),
        (Step::Rcpt, Behaviour::Answer("hello")),
        (Step::Rcpt, Behaviour::Answer("421 4.3.2 closing")),
        (Step::Data, Behaviour::Answer("250 2.0.0 what?")),
        (Step::Data, Behaviour::Answer("451 4.3.0 trouble")),
    ] {
        server.when(step, "", behaviour, 1);
        deliver(&site).await;
        let states = states(&site, &mailing).await;
        assert!(states.contains(&State::Deferred), "{step:?} {behaviour:?}: {states:?}");
        assert!(
            !states.contains(&State::Uncertain) && !states.contains(&State::Rejected),
            "{step:?} {behaviour:?}"
        );
        // All were put off: what is tried next is the other's turn too.
        site.app.clock.advance(TimeDelta::hours(9));
        server.behave();
        if states.iter().all(|state| *state == State::Accepted) {
            break;
        }
        // Only the letter that was put off is left to be tried: put it off again with the next trouble.
    }
    server.behave();
    deliver(&site).await;
    assert_eq!(states(&site, &mailing).await, [State::Accepted, State::Accepted]);
    assert_eq!(server.tally().into_values().collect::<Vec<_>>(), [1, 1]);
    site.done().await;
});

by_post!(a_kept_connection_that_the_server_closed_is_opened_anew, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    // The first letter goes, and by the second the server has gone: nothing was said of it.
    server.when(Step::Letter, "", Behaviour::Answer("421 4.3.2 shutting down"), 1);
    assert_eq!(deliver(&site).await, 2);
    assert_eq!(server.connections(), 2);
    let mut states = states(&site, &mailing).await;
    states.sort();
    assert_eq!(states, [State::Accepted, State::Deferred]);
    site.app.clock.advance(TimeDelta::minutes(8));
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(server.tally().into_values().collect::<Vec<_>>(), [1, 1]);
    site.done().await;
});

by_post!(a_server_that_cannot_be_reached_is_left_alone_and_found_again, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    server.when(Step::Greeting, "", Behaviour::Answer("554 5.3.2 not accepting mail"), 2);
    let mut worker = Worker::start(&site.app).await.unwrap().unwrap();
    assert_eq!(worker.deliver_due().await.unwrap(), 0);
    assert_eq!(server.connections(), 1, "one try tells");
    assert_eq!(worker.deliver_due().await.unwrap(), 0);
    assert_eq!(server.connections(), 1, "and it rests");
    let rows = ledger(&site, &mailing).await;
    assert_eq!((rows[0].state, rows[0].attempts), (State::Queued, 0), "nothing was said of the letter");
    assert!(
        officer.get(&mailing).await.words("main").contains("could not be used"),
        "the page says why it waits"
    );
    site.app.clock.advance(TimeDelta::seconds(3));
    assert_eq!(worker.deliver_due().await.unwrap(), 0);
    site.app.clock.advance(TimeDelta::seconds(5));
    assert_eq!(worker.deliver_due().await.unwrap(), 2, "by itself, when it is over");
    assert_eq!(server.tally().into_values().collect::<Vec<_>>(), [1, 1]);
    site.done().await;
});

by_post!(ten_failures_in_a_row_pause_the_mailing, |site, server| {
    let all: Vec<_> = (0..30).map(|n| (format!("Office {n}"), format!("office{n}@example.org"))).collect();
    let all: Vec<_> = all.iter().map(|(name, email)| ("PP-PUB", name.as_str(), email.as_str())).collect();
    add(&site, &all).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-PUB"], "engagement").await;
    server.when(Step::Rcpt, "", Behaviour::Answer("550 5.7.1 we do not like you"), 1000);
    let sent = deliver(&site).await;
    assert!((10..20).contains(&sent), "ten, and what was under way: {sent}");
    let shown = officer.get(&mailing).await.words("main");
    assert!(shown.contains("Paused 10 letters in a row were not taken"), "{shown}");
    let left = states(&site, &mailing).await.into_iter().filter(|state| *state == State::Queued).count();
    assert_eq!(left, 30 - sent, "nobody else is lost");
    server.behave();
    officer.post(&format!("{mailing}/resumptions"), &[]).await.led();
    assert_eq!(deliver(&site).await, left);
    site.done().await;
});

by_post!(a_worker_that_dies_leaves_a_doubt, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &BOTH, "engagement").await;
    server.hold_at(Some(4));
    let mut worker = Worker::start(&site.app).await.unwrap().unwrap();
    tokio::select! {
        sent = worker.deliver_due() => panic!("the server says nothing: {sent:?}"),
        () = server.hears(4) => {}
    }
    assert!(states(&site, &mailing).await.contains(&State::Sending), "on disk before a word is said");
    drop(worker);
    server.hold_at(None);
    let mut next = Worker::start(&site.app).await.unwrap().unwrap();
    while next.deliver_due().await.unwrap() == 0 {
        // PostgreSQL lets go of a dead worker's lock when it has seen that its connection is gone.
        tokio::task::yield_now().await;
    }
    let mut states = states(&site, &mailing).await;
    states.sort();
    assert_eq!(states, [State::Accepted, State::Uncertain]);
    site.done().await;
});
