//! One STP: its gaps open and close with its record, and its pages say what `assess` says.

use axum::http::StatusCode;
use entity::event::Status;
use method::{Record, Verdict};
use opendoor::{
    assessments::stp::OF_A_RULE,
    events::{
        record,
        whole::{EventDraft, EventWhole},
    },
    export::Format,
    journal::Actor,
};

use super::register::{day, drop_in, log};
use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
        site::Answer,
    },
};

async fn change(site: &Site, stp: &str, event: &EventWhole, draft: EventDraft) -> EventWhole {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let made = record::update(&mut w, stp, &event.event.id, event.event.version, draft).await.unwrap();
    w.commit().await.unwrap();
    made
}

both!(a_gap_closes_when_carers_come_and_opens_again_when_none_did, |site| {
    let mut visitor = site.visitor();
    let finding = format!("/stps/{DORSET}/gaps/COV-2/PP-CAR");
    let gap = visitor.get(&finding).await;
    assert_eq!(gap.words(".app-tags .app-verdict"), "Gap");
    let open = |page: &Answer| {
        let gaps = page.attributes(".app-gap__h a", "href");
        gaps.iter().filter(|gap| gap.contains("/gaps/COV-2/PP-CAR?")).count()
    };

    // Someone of the public has come, so that carers are a gap of their own.
    log(&site, DORSET, drop_in("Open evening", "2018-01-09", "PP-PUB", 80)).await;
    let page = visitor.get(&format!("/stps/{DORSET}")).await;
    assert_eq!(open(&page), 1);

    let event = log(&site, DORSET, drop_in("Drop-in for carers", "2018-01-10", "PP-CAR", 12)).await;
    assert_eq!(open(&visitor.get(&format!("/stps/{DORSET}")).await), 0);
    let met = visitor.get(&finding).await;
    assert_eq!(met.words(".app-tags .app-verdict"), "Met");
    assert!(met.words("main").contains("Drop-in for carers"), "the event that counted is named");

    let none = drop_in("Drop-in for carers", "2018-01-10", "PP-CAR", 0);
    change(&site, DORSET, &event, none).await;
    assert_eq!(open(&visitor.get(&format!("/stps/{DORSET}")).await), 1);
    let again = visitor.get(&finding).await;
    assert_eq!(again.words(".app-tags .app-verdict"), "Gap");
    let near = again.words(".app-records");
    assert!(near.contains("Drop-in for carers") && near.contains("nobody of the group came"), "{near}");
    // Another area's page is as it was.
    assert_eq!(
        visitor.get(&format!("/stps/{DEVON}")).await.each(".app-tl__ev").len(),
        2,
        "the key's two circles"
    );
    assert_eq!(visitor.get("/stps/E54999999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get(&format!("/stps/{DORSET}/gaps/COV-2/XX")).await.status, StatusCode::NOT_FOUND);
    site.done().await;
});

both!(the_page_says_what_assess_says_of_the_record, |site| {
    log(&site, DORSET, drop_in("Drop-in for carers", "2018-01-10", "PP-CAR", 12)).await;
    let mut planned = drop_in("Workshop to come", "2017-12-01", "ST-NUR", 0);
    planned.status = Status::Planned;
    planned.participations[0].attended = None;
    log(&site, DORSET, planned).await;
    let mut visitor = site.visitor();
    let file = visitor.get(&format!("/stps/{DORSET}/record.json")).await;
    let record = Record::parse(&file.body).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(record.stps.len(), 1);
    assert!(record.disclosed);
    let assessment = method::assess(&record, day("2018-01-15"));
    let found = &assessment.stps[0].findings;
    assert!(found.len() > 40, "{}", found.len());

    let page = visitor.get(&format!("/stps/{DORSET}/gaps")).await;
    let verdicts: Vec<String> = page.each("tbody .app-verdict");
    let expected: Vec<String> = found.iter().map(|finding| finding.verdict.name().to_owned()).collect();
    assert_eq!(verdicts, expected);
    let gaps = found.iter().filter(|finding| finding.verdict == Verdict::Gap).count();
    let table = visitor.get(&format!("/stps/{DORSET}/gaps.csv")).await;
    assert_eq!(table.text().lines().count(), gaps + 1, "one row a gap and one of headings");
    for format in Format::ALL {
        let file = visitor.get(&format!("/stps/{DORSET}/gaps.{}", format.ending())).await;
        assert_eq!(file.headers["content-type"], format.media_type());
        assert_eq!(visitor.get(&format!("/data/events.{}", format.ending())).await.status, StatusCode::OK);
    }
    let rows: serde_json::Value =
        serde_json::from_slice(&visitor.get(&format!("/stps/{DORSET}/gaps.json")).await.body).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), gaps);
    assert_eq!(visitor.get(&format!("/stps/{DORSET}/gaps?verdict=gap")).await.each("tbody tr").len(), gaps);
    for href in page.attributes("tbody th a", "href") {
        assert_eq!(visitor.get(&href).await.status, StatusCode::OK, "{href}");
    }
    let england = visitor.get("/data/record.json").await;
    assert_eq!(Record::parse(&england.body).unwrap().stps.len(), 44);
    site.done().await;
});

both!(a_rule_with_a_gap_for_every_event_leads_to_its_list, |site| {
    for number in 0..=OF_A_RULE {
        log(&site, DORSET, drop_in(&format!("Open evening {number}"), "2017-06-09", "PP-PUB", 80)).await;
    }
    let page = site.visitor().get(&format!("/stps/{DORSET}")).await;
    let told = page.each(".app-gap__h").into_iter().filter(|head| head.contains("event")).count();
    assert_eq!(told, OF_A_RULE, "{:?}", page.each(".app-gap__h"));
    let beyond = page.words("#gaps-beyond");
    assert!(beyond.contains(&format!("{} gaps", OF_A_RULE + 1)), "{beyond}");
    let list = page.attributes("#gaps-beyond a", "href");
    assert_eq!(list.len(), 1);
    let rows = site.visitor().get(&list[0]).await;
    assert!(rows.words("main").contains(&format!("{}", OF_A_RULE + 1)), "{}", rows.words("main"));
    site.done().await;
});

both!(staff_see_the_same_gaps_with_what_they_can_do_about_them, |site| {
    log(&site, DORSET, drop_in("Open evening", "2018-01-09", "PP-PUB", 80)).await;
    let open = site.visitor().get(&format!("/stps/{DORSET}")).await.each(".app-gap__h");
    // Two audiences, four groups, two places and the two plans; two places that lag behind; nine characteristics that are
    // not monitored; fourteen groups to which nobody can write.
    assert_eq!(open.len(), 35, "{open:?}");
    let mut officer = site.officer(DORSET).await;
    let page = officer.get(&format!("/work/stps/{DORSET}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.each(".app-gap__h"), open);
    let actions = page.attributes(".app-gap__act a", "href");
    assert!(actions.contains(&format!("/work/stps/{DORSET}/events/new?group=PP-CAR")), "{actions:?}");
    let hrefs = page.attributes(".app-gap__h a", "href");
    assert!(hrefs.iter().all(|href| href.starts_with("/work/")), "{hrefs:?}");
    assert_eq!(officer.get(&hrefs[0]).await.status, StatusCode::OK);
    assert_eq!(officer.get(&format!("/work/stps/{DORSET}/gaps")).await.status, StatusCode::OK);
    assert_eq!(officer.get(&format!("/work/stps/{DEVON}")).await.status, StatusCode::NOT_FOUND);
    site.done().await;
});
