//! What if: which gaps a planned event would close before it is held, and which it would open.

use axum::http::StatusCode;
use entity::event::Status;
use opendoor::events::EventDraft;

use super::register::{day, drop_in, log};
use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
    },
};

fn at(rest: &str) -> String {
    format!("/work/stps/{DORSET}{rest}")
}

/// A drop-in that carers are invited to, in a month.
fn planned() -> EventDraft {
    let mut draft = drop_in("Carers in Poole", "2018-02-15", "PP-CAR", 0);
    draft.status = Status::Planned;
    draft.participations[0].attended = None;
    draft
}

async fn log_planned(site: &Site, stp: &str) -> String {
    log_draft(site, stp, planned()).await
}

async fn log_draft(site: &Site, stp: &str, draft: EventDraft) -> String {
    use opendoor::{
        events::{Provenance, record},
        journal::Actor,
    };
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let from = Provenance { created_on: Some(day("2018-01-10")), ..Provenance::default() };
    let made = record::create(&mut w, stp, from, draft).await.unwrap();
    w.commit().await.unwrap();
    made.event.id
}

both!(a_planned_event_says_which_gaps_it_would_close, |site| {
    log(&site, DORSET, drop_in("Patients in Poole", "2018-01-08", "PP-USR", 20)).await;
    let id = log_planned(&site, DORSET).await;
    let mut officer = site.officer(DORSET).await;
    let event = officer.get(&at(&format!("/events/{id}"))).await;
    let links = event.attributes("main a", "href");
    let way = links.iter().find(|href| href.contains("/what-if")).expect("a way to what if");
    let answer = officer.get(way).await;
    assert_eq!(answer.status, StatusCode::OK);
    let closed = answer.words("table");
    assert!(closed.contains("COV-2 Group never engaged") && closed.contains("Carers"), "{closed}");
    let words = answer.words("main");
    assert!(words.contains("15 February 2018") && words.contains("the day of the latest of them"), "{words}");
    // The answer is no record: the gap is still open.
    let gap = officer.get(&at("/gaps/COV-2/PP-CAR")).await;
    assert!(gap.words("main .app-verdict").contains("Gap"));
    site.done().await;
});

both!(from_a_gap_the_planned_events_are_ticked_and_an_event_is_described, |site| {
    log(&site, DORSET, drop_in("Patients in Poole", "2018-01-08", "PP-USR", 20)).await;
    let id = log_planned(&site, DORSET).await;
    let mut officer = site.officer(DORSET).await;
    let gap = officer.get(&at("/gaps/COV-2/PP-CAR")).await;
    assert_eq!(gap.attributes(".app-what-if input[type=checkbox]", "value"), [id.as_str()]);
    assert_eq!(gap.attributes(".app-what-if input[type=hidden]", "value"), ["COV-2/PP-CAR"]);
    let asked = officer.get(&at(&format!("/what-if?gap=COV-2%2FPP-CAR&event={id}"))).await;
    assert!(asked.words(".nhsuk-inset-text").contains("This gap would close"), "{}", asked.words("main"));
    let stays = officer.get(&at("/what-if?gap=COV-2%2FPP-CAR&group=ST-MED&level=2&on=2018-03-01")).await;
    assert!(stays.words(".nhsuk-inset-text").contains("This would stay"), "{}", stays.words("main"));
    assert!(stays.words("table").contains("Hospital doctors"), "{}", stays.words("main"));
    let ways = gap.attributes(".app-actions a", "href");
    assert!(ways.contains(&at("/engagement-plan")), "a waiver is recorded in the plan: {ways:?}");
    let more = gap.attributes(".app-what-if p a", "href");
    let described = officer.get(&more[0]).await;
    assert_eq!(described.attributes("input[name=group][checked]", "value"), ["PP-CAR"]);
    assert!(described.words(".nhsuk-inset-text").contains("This gap would close"));
    let gaps = officer.get(&at("/gaps")).await;
    assert_eq!(gap.attributes(".app-what-if form", "action"), [at("/what-if")]);
    assert_eq!(gaps.attributes(".app-what-if form", "action"), [at("/what-if")]);
    site.done().await;
});

both!(what_cannot_be_supposed_is_refused_beside_its_field, |site| {
    let devons = log_planned(&site, DEVON).await;
    let mut officer = site.officer(DORSET).await;
    let place = officer.get(&at("/what-if?group=PP-CAR&place=E07000041&level=9&on=tomorrow")).await;
    assert_eq!(place.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(place.each(".nhsuk-error-summary li").len(), 3, "{}", place.words("main"));
    let nobody = officer.get(&at("/what-if?place=E06000029&on=")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Another area's event is none of this area's: it changes nothing, and nothing of it is told.
    let other = officer.get(&at(&format!("/what-if?event={devons}"))).await;
    assert!(other.words("main").contains("No gap would close"), "{}", other.words("main"));
    assert!(!other.words("main").contains("Carers in Poole"));
    site.done().await;
});

both!(anyone_may_ask_it_of_what_is_public, |site| {
    log(&site, DORSET, drop_in("Patients in Poole", "2018-01-08", "PP-USR", 20)).await;
    let id = log_planned(&site, DORSET).await;
    let mut quiet = planned();
    "A visit to the ward that might close".clone_into(&mut quiet.title);
    quiet.publication = entity::event::Publication::Unpublished;
    "ST-NUR".clone_into(&mut quiet.participations[0].group);
    let stub = log_draft(&site, DORSET, quiet).await;
    let mut stranger = site.visitor();
    let gap = stranger.get(&format!("/stps/{DORSET}/gaps/COV-2/PP-CAR")).await;
    let boxes = gap.attributes("input[name=event]", "value");
    assert!(boxes.contains(&id) && boxes.contains(&stub), "{boxes:?}");
    assert!(gap.words("main").contains("Carers in Poole") && gap.words("main").contains("(not published)"));
    let way = format!("/stps/{DORSET}/what-if?gap=COV-2/PP-CAR&event={id}&event={stub}");
    let answer = stranger.get(&way).await;
    let said = answer.words("main");
    assert!(said.contains("This gap would close.") && said.contains("Nurses"), "{said}");
    for page in [&gap, &answer] {
        assert!(!page.text().contains("ward that might close"), "what is not published is not named");
        assert!(!page.text().contains("/work/"), "nothing leads to staff pages but the way to sign in");
    }
    for to in answer.attributes("main table a", "href") {
        assert_eq!(stranger.get(&to).await.status, StatusCode::OK, "{to}");
    }
    assert_eq!(stranger.get("/stps/E99999999/what-if").await.status, StatusCode::NOT_FOUND);
    let wrong = stranger.get(&format!("/stps/{DORSET}/what-if?group=PP-XXX")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.done().await;
});
