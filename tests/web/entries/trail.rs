//! What hangs on a proposal: service-change tests, consultations with their themes, scrutiny with its recommendations.

use axum::http::StatusCode;
use opendoor::assessments::{record, standard};
use serde_json::json;

use super::{add, at, bring, check, counts, dorset, id};
use crate::{
    both,
    harness::{
        people::{DEVON, DORSET},
        site::Visitor,
    },
};

async fn proposal(officer: &mut Visitor<'_>) -> String {
    let fields = [("title", "One emergency department"), ("substantial", "yes"), ("service_change", "yes")];
    add(officer, "proposals", &fields).await
}

/// What every entry has, whatever its noun: a correction, a stale edit that is shown both texts, a spreadsheet that comes
/// in as it went out, and nothing for another area.
async fn like_every_entry(
    officer: &mut Visitor<'_>,
    devon: &mut Visitor<'_>,
    noun: &str,
    one: &str,
    field: &str,
) {
    let site = officer.site;
    let mut mine = officer.get(&format!("{one}/edit")).await.form(one);
    officer.submit(&format!("{one}/edit"), one, &[(field, "What a colleague wrote")]).await.led();
    assert!(officer.get(one).await.words("dl").contains("What a colleague wrote"), "{one}");
    mine.retain(|(name, _)| name != field);
    mine.push((field.into(), "What I wrote".into()));
    let pairs: Vec<_> = mine.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let stale = officer.post(one, &pairs).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{one}");
    assert!(stale.words("#conflict tbody").contains("What a colleague wrote What I wrote"));

    let file = officer.get(&at(&format!("{noun}/export.csv"))).await;
    let (_, page) = check(officer, noun, &file.body).await;
    let rows = page.each("#rows tbody tr").len();
    assert_eq!(counts(&page), [0, 0, rows, 0], "{}", page.words("main"));
    for ending in ["xlsx", "ods", "json"] {
        let file = officer.get(&at(&format!("{noun}/export.{ending}"))).await;
        assert_eq!(file.status, StatusCode::OK, "{noun}.{ending}");
    }
    for path in [one.to_owned(), one.replace(DORSET, DEVON), at(noun), at(&format!("{noun}/export.ods"))] {
        assert_eq!(devon.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }

    // What the journal keeps of it is all that the record is made of.
    let code = [DORSET.to_owned()];
    let (db, scope) = (site.app.db.read(), record::Scope::Stps(&code));
    let now = record::load(db, scope, standard()).await.unwrap();
    let known = record::load_known(db, scope, i64::MAX, standard()).await.unwrap();
    assert_eq!(known.to_canonical(), now.to_canonical());
    assert!(now.validate().is_empty(), "{:?}", now.validate());
}

both!(a_formal_consultation_and_what_it_heard, |site| {
    let mut officer = site.officer(DORSET).await;
    let mut devon = site.officer(DEVON).await;
    let proposal = proposal(&mut officer).await;
    let bad = [
        ("title", "Clinical services review"),
        ("formal", "yes"),
        ("status", "held"),
        ("opens_on-day", "1"),
        ("opens_on-month", "12"),
        ("opens_on-year", "2016"),
        ("closes_on-day", "30"),
        ("closes_on-month", "11"),
        ("closes_on-year", "2016"),
        ("responses", "many"),
    ];
    let refused = officer.submit(&at("consultations/new"), &at("consultations"), &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.each(".nhsuk-error-summary li").len(), 3, "{}", refused.words(".nhsuk-error-summary"));
    assert_eq!(refused.attributes("#responses", "value"), ["many"]);
    let good = [
        &bad[..6],
        &[
            ("closes_on-day", "28"),
            ("closes_on-month", "2"),
            ("closes_on-year", "2017"),
            ("proposal_id", id(&proposal)),
            ("responses", "more than 18,500"),
            ("short_reason", "=a formula"),
            ("considered_on-day", "20"),
            ("considered_on-month", "9"),
            ("considered_on-year", "2017"),
        ],
    ]
    .concat();
    let one = add(&mut officer, "consultations", &good).await;
    let theme =
        [("text", "Travel times\nfrom Purbeck"), ("outcome", "changed"), ("consultation_id", id(&one))];
    let heard = add(&mut officer, "consultation-themes", &theme).await;
    let kept = &dorset(&site).await["consultations"][0];
    assert_eq!(kept["opens_on"], "2016-12-01");
    assert_eq!(kept["considered_on"], "2017-09-20");
    assert_eq!(kept["proposal"], id(&proposal));
    assert_eq!(kept["themes"], json!([{"id": id(&heard), "outcome": "changed"}]));
    assert!(officer.get(&proposal).await.words("main").contains("Clinical services review"));
    like_every_entry(&mut officer, &mut devon, "consultations", &one, "timing_reason").await;
    like_every_entry(&mut officer, &mut devon, "consultation-themes", &heard, "text").await;

    let held = officer.submit(&proposal, &format!("{proposal}/removals"), &[]).await;
    assert_eq!(held.status, StatusCode::CONFLICT);
    assert!(
        held.words("main").contains("consultations of this proposal must be removed first"),
        "{}",
        held.words("main")
    );

    let public = site.visitor().get(&format!("/proposals/{}", id(&proposal))).await;
    let said = public.words("main");
    assert!(said.contains("Clinical services review") && said.contains("28 February 2017"), "{said}");
    assert!(!said.contains("18,500"), "numbers of people stand on pages that disclose them: {said}");
    let list = site.visitor().get(&format!("/stps/{DORSET}/proposals")).await;
    assert_eq!(list.attributes("tbody a", "href"), [format!("/proposals/{}", id(&proposal))]);
    assert_eq!(site.visitor().get("/proposals/none").await.status, StatusCode::NOT_FOUND);
    site.done().await;
});

both!(scrutiny_and_its_recommendations, |site| {
    let mut officer = site.officer(DORSET).await;
    let mut devon = site.officer(DEVON).await;
    let proposal = proposal(&mut officer).await;
    let fields = [
        ("committee", "Dorset Health Scrutiny Committee"),
        ("proposal_id", id(&proposal)),
        ("authorities", "E06000026"),
    ];
    let foreign = officer.submit(&at("scrutiny/new"), &at("scrutiny"), &fields).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY, "a council of another area");
    let fields = [
        &fields[..2],
        &[
            ("authorities", "E10000009"),
            ("authorities", "E06000029"),
            ("joint", "yes"),
            ("consulted_on-day", "6"),
            ("consulted_on-month", "12"),
            ("consulted_on-year", "2016"),
            ("published_url", "https://example.org/dates"),
        ],
    ]
    .concat();
    let one = add(&mut officer, "scrutiny", &fields).await;
    let file = format!(
        "text,scrutiny_id,received_on,answered_on\nLook at travel times,{},2017-03-01,\nKeep the beds,{},2017-03-01,2017-04-01\n",
        id(&one),
        "Dorset Health Scrutiny Committee"
    );
    bring(&mut officer, "recommendations", file.as_bytes()).await;
    let kept = dorset(&site).await["proposals"][0]["scrutiny"][0].clone();
    assert_eq!(kept["authorities"], json!(["E06000029", "E10000009"]));
    assert_eq!(kept["joint"], true);
    assert_eq!(kept["consulted_on"], "2016-12-06");
    assert_eq!(kept["published_url"], "https://example.org/dates");
    let mut answered: Vec<_> = kept["recommendations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["answered_on"].to_string())
        .collect();
    answered.sort();
    assert_eq!(answered, ["\"2017-04-01\"", "null"]);
    like_every_entry(&mut officer, &mut devon, "scrutiny", &one, "committee").await;
    let recommendation = officer.get(&at("recommendations")).await.attributes("tbody th a", "href").remove(0);
    like_every_entry(&mut officer, &mut devon, "recommendations", &recommendation, "answer").await;
    let public = site.visitor().get(&format!("/proposals/{}", id(&proposal))).await.words("main");
    assert!(public.contains("Look at travel times") && public.contains("1 April 2017"), "{public}");
    site.done().await;
});

both!(evidence_for_the_five_tests, |site| {
    let mut officer = site.officer(DORSET).await;
    let mut devon = site.officer(DEVON).await;
    let proposal = proposal(&mut officer).await;
    let page = officer.get(&proposal).await;
    let new = page.attributes("main a", "href");
    let new = new.iter().find(|href| href.contains("service-change-tests/new")).unwrap();
    let fields =
        [("test", "beds"), ("evidence", "Community beds opened first"), ("url", "https://example.org/beds")];
    let one = officer.submit(new, &at("service-change-tests"), &fields).await.led();
    let one = one.split('?').next().unwrap();
    assert!(
        officer.get(one).await.words("dl").contains("One emergency department"),
        "the proposal was filled in"
    );
    like_every_entry(&mut officer, &mut devon, "service-change-tests", one, "evidence").await;
    let public = site.visitor().get(&format!("/proposals/{}", id(&proposal))).await;
    assert_eq!(public.each("table tbody tr").len(), 5, "each test stands there");
    assert!(
        public.words("table").contains("What a colleague wrote")
            && public.words("table").contains("None on record")
    );
    site.done().await;
});
