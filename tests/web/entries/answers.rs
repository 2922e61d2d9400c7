//! Requests, questions, monitoring, requirements, planned activities, own bodies: each put on record by a form, read by
//! the rules, corrected, and out of reach of another area.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{add, at, bring, dorset, id, told};
use crate::{
    both,
    harness::{
        people::{DEVON, DORSET},
        site::{Site, Visitor},
    },
};

/// The three boxes of a day.
fn dated<'a>(field: &'a str, [day, month, year]: [&'a str; 3]) -> [(String, &'a str); 3] {
    [(format!("{field}-day"), day), (format!("{field}-month"), month), (format!("{field}-year"), year)]
}

/// The fields of a form, those of days among them.
fn with<'a>(plain: &[(&str, &'a str)], days: &[(&'a str, [&'a str; 3])]) -> Vec<(String, &'a str)> {
    let plain = plain.iter().map(|(field, text)| ((*field).to_owned(), *text));
    plain.chain(days.iter().flat_map(|(field, day)| dated(field, *day))).collect()
}

async fn put(who: &mut Visitor<'_>, noun: &str, fields: &[(String, &str)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(field, text)| (field.as_str(), *text)).collect();
    add(who, noun, &pairs).await
}

/// What is said when the fields are refused, by field.
async fn refused(who: &mut Visitor<'_>, noun: &str, fields: &[(String, &str)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(field, text)| (field.as_str(), *text)).collect();
    let answer = who.submit(&at(&format!("{noun}/new")), &at(noun), &pairs).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{noun}");
    for target in answer.attributes(".nhsuk-error-summary a", "href") {
        assert_eq!(answer.each(&format!("[id='{}']", &target[1..])).len(), 1, "{target}");
    }
    answer.words(".nhsuk-error-summary")
}

/// Nobody of another area reaches an entry, under either area's address.
async fn out_of_reach(site: &Site, one: &str) {
    let mut devon = site.signed_in(entity::user::Role::Lead, &[DEVON]).await;
    for path in [one.to_owned(), format!("{one}/edit"), one.replace(DORSET, DEVON)] {
        assert_eq!(devon.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [one.to_owned(), format!("{one}/removals"), one.replace(DORSET, DEVON)] {
        let answer = devon.post(&path, &[("version", "1"), ("form_key", "0123456789012345678901")]).await;
        assert!(
            matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY),
            "{path}: {}",
            answer.status
        );
    }
    site_unchanged(&mut devon, one).await;
}

async fn site_unchanged(devon: &mut Visitor<'_>, one: &str) {
    assert_eq!(
        devon.get(&format!("{}/edit", one.replace(DORSET, DEVON))).await.status,
        StatusCode::NOT_FOUND
    );
}

both!(a_request_is_sent_and_answered, |site| {
    let mut officer = site.officer(DORSET).await;
    let asked = with(
        &[
            ("asked", "Please tell your staff of the plan"),
            ("body_code", "RBD"),
            ("response_requested", "yes"),
        ],
        &[("sent_on", ["5", "1", "2017"])],
    );
    let one = put(&mut officer, "requests", &asked).await;
    let sent = json!({
        "id": id(&one), "body": "RBD", "sent_on": "2017-01-05", "response_requested": true, "replied_on": null,
        "declined": false,
    });
    assert_eq!(dorset(&site).await["requests"], json!([sent]));
    let reply = with(&[("reply", "We have")], &[("replied_on", ["20", "1", "2017"])]);
    let pairs: Vec<_> = reply.iter().map(|(field, text)| (field.as_str(), *text)).collect();
    officer.submit(&format!("{one}/edit"), &one, &pairs).await.led();
    assert_eq!(dorset(&site).await["requests"][0]["replied_on"], "2017-01-20");
    assert!(officer.get(&one).await.words("#history").contains("Replied on"), "what was before is kept");
    let early = with(
        &[("asked", "x"), ("body_code", "RBD")],
        &[("sent_on", ["5", "1", "2017"]), ("replied_on", ["4", "1", "2017"])],
    );
    assert!(refused(&mut officer, "requests", &early).await.contains("cannot be dated before"));
    let stranger = with(&[("asked", "x"), ("body_code", "RJ1")], &[("sent_on", ["5", "1", "2017"])]);
    let why = refused(&mut officer, "requests", &stranger).await;
    assert!(why.contains("this STP has no “RJ1”"), "a body of another STP is none of this one's: {why}");
    assert_eq!(told(&site).await, dorset(&site).await, "the journal tells the same");
    out_of_reach(&site, &one).await;
    officer.submit(&one, &format!("{one}/removals"), &[]).await.led();
    assert_eq!(dorset(&site).await["requests"], json!([]));
    site.done().await;
});

both!(a_question_is_answered_and_published, |site| {
    let mut officer = site.officer(DORSET).await;
    let asked = with(
        &[
            ("question", "How was the saving of 2020 worked out?"),
            ("kind", "financial_challenge"),
            ("asked_by", "Dorset pensioners’ forum"),
            ("public", "yes"),
        ],
        &[("received_on", ["1", "2", "2017"])],
    );
    let one = put(&mut officer, "questions", &asked).await;
    let open = json!([{ "id": id(&one), "received_on": "2017-02-01", "answered_on": null }]);
    assert_eq!(dorset(&site).await["questions"], open);
    let public = format!("/stps/{DORSET}/questions");
    let mut visitor = site.visitor();
    assert!(!visitor.get(&public).await.words("main").contains("saving of 2020"), "no answer, not shown");

    let answer = with(&[("answer", "From the figures of 2015")], &[("answered_on", ["20", "2", "2017"])]);
    let pairs: Vec<_> = answer.iter().map(|(field, text)| (field.as_str(), *text)).collect();
    officer.submit(&format!("{one}/edit"), &one, &pairs).await.led();
    assert_eq!(dorset(&site).await["questions"][0]["answered_on"], "2017-02-20");
    let page = visitor.get(&public).await.words("main");
    for said in
        ["saving of 2020", "pensioners’ forum", "figures of 2015", "financial assumption", "20 February 2017"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let quiet = with(
        &[("question", "Which wards close?"), ("kind", "clinical_challenge"), ("answer", "None")],
        &[("received_on", ["1", "3", "2017"]), ("answered_on", ["2", "3", "2017"])],
    );
    put(&mut officer, "questions", &quiet).await;
    assert!(!visitor.get(&public).await.words("main").contains("wards"), "it was not said to be public");
    let bare = with(
        &[("question", "x"), ("kind", "question"), ("answer", "y")],
        &[("received_on", ["1", "3", "2017"])],
    );
    assert!(refused(&mut officer, "questions", &bare).await.contains("Enter the day of the answer"));
    assert_eq!(told(&site).await, dorset(&site).await, "the journal tells the same");
    out_of_reach(&site, &one).await;
    site.done().await;
});

both!(monitoring_is_kept_whole_and_shown_masked, |site| {
    let mut officer = site.officer(DORSET).await;
    let totals = with(
        &[
            ("characteristic", "AGE"),
            ("year", "2017"),
            ("answers", "65 and over: 143\nUnder 18: 3\n18 to 64: 0"),
            ("not_stated", "12"),
        ],
        &[("dated_on", ["30", "6", "2017"])],
    );
    let one = put(&mut officer, "monitoring-returns", &totals).await;
    let count = |category: &str, number: u32| json!({ "category": category, "count": { "low": number, "high": number } });
    let kept = json!([{
        "characteristic": "AGE", "year": 2017, "dated_on": "2017-06-30", "not_stated": { "low": 12, "high": 12 },
        "answers": [count("18 to 64", 0), count("65 and over", 143), count("Under 18", 3)],
    }]);
    assert_eq!(dorset(&site).await["monitoring_returns"], kept);
    assert_eq!(officer.get(&one).await.words("h1"), "Age, 2017");
    assert!(officer.get(&one).await.words("dl").contains("Under 18: 3"), "who keeps it sees it");

    let page = site.visitor().get(&format!("/stps/{DORSET}/monitoring")).await;
    let rows = page.each("table:not(#alike) tbody tr");
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert!(page.words("#alike tbody").contains("Not shown: a number that it is made of is below 8"));
    assert!(rows.iter().any(|row| row.starts_with("Under 18") && row.ends_with("<8")), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("65 and over") && row.ends_with("145")), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("18 to 64") && row.ends_with('0')), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("Did not say") && row.ends_with("10")), "{rows:?}");

    // A return with everything in it comes out and in again unchanged.
    let csv = officer.get(&at("monitoring-returns/export.csv")).await;
    assert!(csv.text().contains("65 and over: 143; Under 18: 3; 18 to 64: 0"), "{}", csv.text());
    bring(&mut officer, "monitoring-returns", csv.text().replace(": 143", ": 150").as_bytes()).await;
    assert_eq!(dorset(&site).await["monitoring_returns"][0]["answers"][1], count("65 and over", 150));
    let twin = with(
        &[("characteristic", "AGE"), ("year", "2017"), ("not_stated", "0"), ("answers", "Old")],
        &[("dated_on", ["1", "7", "2017"])],
    );
    assert!(refused(&mut officer, "monitoring-returns", &twin).await.contains("has no number"));
    assert_eq!(told(&site).await, dorset(&site).await, "the journal tells the same");
    out_of_reach(&site, &one).await;

    let reason = [("characteristic", "GRE"), ("reason", "Too few to ask without naming")];
    add(&mut officer, "monitoring-exceptions", &reason).await;
    let exceptions = json!([{ "characteristic": "GRE", "reason": "Too few to ask without naming" }]);
    assert_eq!(dorset(&site).await["monitoring_exceptions"], exceptions);
    let share = [
        ("characteristic", "AGE"),
        ("category", "65 and over"),
        ("share", "0.281"),
        ("source", "Census 2011"),
    ];
    add(&mut officer, "population-shares", &share).await;
    let shares = json!([{ "characteristic": "AGE", "category": "65 and over", "share": 0.281 }]);
    assert_eq!(dorset(&site).await["population_shares"], shares);
    let above = with(&[("characteristic", "AGE"), ("category", "x"), ("share", "1.5"), ("source", "y")], &[]);
    assert!(refused(&mut officer, "population-shares", &above).await.contains("from 0 to 1"));
    site.done().await;
});

both!(a_waiver_excuses_a_group_for_a_year_at_most, |site| {
    let mut officer = site.officer(DORSET).await;
    let gap = format!("/stps/{DORSET}/gaps/COV-2/PP-CAR?as_at=2018-01-15");
    let mut visitor = site.visitor();
    assert!(visitor.get(&gap).await.words("main .app-verdict").contains("Gap"));
    let waiver = |until| {
        with(
            &[
                ("group_code", "PP-CAR"),
                ("planned_level", "3"),
                ("waiver_reason", "Heard by the county until summer"),
                ("waiver_by", "Programme director"),
            ],
            &[("waiver_made_on", ["1", "1", "2018"]), ("waiver_until", until)],
        )
    };
    let long = refused(&mut officer, "requirements", &waiver(["2", "1", "2019"])).await;
    assert!(long.contains("365 days"), "{long}");
    let backwards = refused(&mut officer, "requirements", &waiver(["31", "12", "2017"])).await;
    assert!(backwards.contains("cannot end before"), "{backwards}");
    let one = put(&mut officer, "requirements", &waiver(["1", "1", "2019"])).await;
    let kept = json!([{
        "group": "PP-CAR", "planned_level": 3,
        "waiver": {
            "reason": "Heard by the county until summer", "by": "Programme director", "made_on": "2018-01-01",
            "until": "2019-01-01",
        },
    }]);
    assert_eq!(dorset(&site).await["requirements"], kept);
    let shown = visitor.get(&gap).await.words("main .app-verdict");
    assert!(!shown.contains("Gap"), "{shown}");
    let half = with(&[("group_code", "PP-CYP"), ("waiver_reason", "x")], &[]);
    let missing = refused(&mut officer, "requirements", &half).await;
    assert!(missing.contains("Enter the office that decided") && missing.contains("last day"), "{missing}");
    let other = with(&[("group_code", "XP-MED")], &[]);
    assert!(refused(&mut officer, "requirements", &other).await.contains("Other parties"));
    assert_eq!(told(&site).await, dorset(&site).await, "the journal tells the same");
    out_of_reach(&site, &one).await;
    // A group that is on record here is required from then on.
    add(&mut officer, "requirements", &[("group_code", "PP-CYP")]).await;
    let young = visitor.get(&format!("/stps/{DORSET}/gaps/COV-2/PP-CYP")).await;
    assert!(young.words("main .app-verdict").contains("Gap"), "{}", young.words("main"));
    site.done().await;
});

both!(an_area_adds_a_body_of_its_own, |site| {
    let mut officer = site.officer(DORSET).await;
    let fields = [("name", "Dorset ambulance staff union"), ("kind", "union"), ("employer", "yes")];
    let one = add(&mut officer, "bodies", &fields).await;
    let own = |record: &Value| {
        record["bodies"].as_array().unwrap().iter().find(|body| body["code"] == id(&one)).cloned()
    };
    let kept = own(&dorset(&site).await).unwrap();
    assert_eq!(
        kept,
        json!({
            "code": id(&one), "name": "Dorset ambulance staff union", "kind": "union", "employer": true,
            "statutory_consultee": false,
        })
    );
    let form = officer.get(&at("events/new/full")).await;
    assert!(form.words("main").contains("Dorset ambulance staff union"), "events can name it");
    officer.submit(&format!("{one}/edit"), &one, &[("statutory_consultee", "yes")]).await.led();
    assert_eq!(own(&dorset(&site).await).unwrap()["statutory_consultee"], true);
    let asked = with(&[("asked", "x"), ("body_code", id(&one))], &[("sent_on", ["5", "1", "2017"])]);
    let request = put(&mut officer, "requests", &asked).await;
    let held = officer.submit(&one, &format!("{one}/removals"), &[]).await;
    assert_eq!(held.status, StatusCode::CONFLICT, "a request names it");
    officer.submit(&request, &format!("{request}/removals"), &[]).await.led();
    assert_eq!(told(&site).await, dorset(&site).await, "the journal tells the same");
    out_of_reach(&site, &one).await;
    officer.submit(&one, &format!("{one}/removals"), &[]).await.led();
    assert_eq!(own(&dorset(&site).await), None);
    site.done().await;
});
