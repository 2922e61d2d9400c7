//! A gap says what it is of, whatever noun that is, and leads there.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use super::{add, id};
use crate::{both, harness::people::DORSET};

/// The day they are asked for.
const DAY: &str = "2017-12-31";

both!(a_gap_of_any_noun_says_its_name_and_leads_to_it, |site| {
    let mut officer = site.officer(DORSET).await;
    let proposal = [
        ("title", "One emergency department"),
        ("substantial", "yes"),
        ("service_change", "yes"),
        ("staff_impact", "yes"),
        ("places", "E06000029"),
        ("decision_on-day", "20"),
        ("decision_on-month", "1"),
        ("decision_on-year", "2018"),
    ];
    let proposal = add(&mut officer, "proposals", &proposal).await;
    let consultation = [
        ("title", "Clinical services review"),
        ("formal", "yes"),
        ("status", "held"),
        ("proposal_id", id(&proposal)),
        ("opens_on-day", "1"),
        ("opens_on-month", "12"),
        ("opens_on-year", "2016"),
        ("closes_on-day", "10"),
        ("closes_on-month", "12"),
        ("closes_on-year", "2016"),
    ];
    add(&mut officer, "consultations", &consultation).await;
    let scrutiny = [
        ("committee", "Dorset Health Scrutiny Committee"),
        ("proposal_id", id(&proposal)),
        ("authorities", "E06000029"),
        ("consulted_on-day", "6"),
        ("consulted_on-month", "12"),
        ("consulted_on-year", "2016"),
    ];
    let scrutiny = add(&mut officer, "scrutiny", &scrutiny).await;
    let recommendation = [
        ("text", "Look at travel times"),
        ("scrutiny_id", id(&scrutiny)),
        ("received_on-day", "1"),
        ("received_on-month", "3"),
        ("received_on-year", "2017"),
    ];
    add(&mut officer, "recommendations", &recommendation).await;
    let request = [
        ("asked", "Please tell your staff of the plan"),
        ("body_code", "RBD"),
        ("response_requested", "yes"),
        ("sent_on-day", "5"),
        ("sent_on-month", "1"),
        ("sent_on-year", "2017"),
    ];
    add(&mut officer, "requests", &request).await;
    let question = [
        ("question", "How was the saving worked out?"),
        ("kind", "financial_challenge"),
        ("received_on-day", "1"),
        ("received_on-month", "2"),
        ("received_on-year", "2017"),
    ];
    add(&mut officer, "questions", &question).await;

    let mut stranger = site.visitor();
    let page = stranger.get(&format!("/stps/{DORSET}?as_at={DAY}")).await;
    let prefix = format!("/stps/{DORSET}/gaps/");
    let gaps: BTreeSet<String> =
        page.attributes("main a", "href").into_iter().filter(|to| to.starts_with(&prefix)).collect();
    assert!(gaps.len() > 30, "{gaps:?}");
    let (mut named, mut led) = (BTreeSet::new(), BTreeSet::new());
    for gap in &gaps {
        let page = stranger.get(gap).await;
        assert_eq!(page.status, StatusCode::OK, "{gap}");
        let name = page.words("h1");
        assert!(name != "An event" && !page.words("main").contains("Record 0"), "{gap}: {name}");
        led.extend(page.attributes("main a", "href").into_iter().filter(|to| to.starts_with('/')));
        let rule = gap[prefix.len()..].split('/').next().unwrap().to_owned();
        named.insert((rule, name));
    }
    for (rule, name) in [
        ("TIM-1", "One emergency department: Staff"),
        ("TIM-2", "Consultation on One emergency department"),
        ("FBK-1", "Consultation on One emergency department"),
        ("STF-2", "One emergency department"),
        ("STA-2", "Scrutiny of One emergency department"),
        ("STA-4", "Scrutiny’s recommendation on One emergency department"),
        ("STF-1", "Dorset County Hospital NHS Foundation Trust"),
        ("RSP-3", "Question of 1 February 2017"),
    ] {
        assert!(named.contains(&(rule.to_owned(), name.to_owned())), "{rule} {name}: {named:#?}");
    }
    assert!(led.contains(&format!("/proposals/{}", id(&proposal))), "{led:?}");
    for to in &led {
        assert_eq!(stranger.get(to).await.status, StatusCode::OK, "{to}");
    }
    site.done().await;
});
