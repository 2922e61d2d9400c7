//! Whom letters go to: every way to choose, joined and left out, saved and run again.

use entity::{
    audience,
    event::{Kind, Status},
    representative, stakeholder,
};
use opendoor::{
    audiences::{Known, Query, find},
    events::EventDraft,
    journal::{Actor, Entry},
    stakeholders::{self, Draft, Origin},
};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;

use super::{at, by_post, deliver, ledger};
use crate::{
    harness::{
        Site,
        people::{DEVON, DORSET},
    },
    web::register::{day, log},
};

const HOME: &str = "/work/stps/E54000041/audiences";

/// Somebody of Dorset: (group, office, organisation, place, topics as JSON).
async fn person(site: &Site, group: &str, office: &str, organisation: &str, place: &str, topics: &str) {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let draft = Draft {
        group_code: group.into(),
        name: some(office),
        organisation: some(organisation),
        role: None,
        email: Some(format!("{}@example.org", office.to_lowercase().replace(' ', "."))),
        notes: None,
        basis: "Public task".into(),
        wording: None,
        obtained_on: None,
        evidence: None,
        confirmed_on: None,
        place_code: some(place),
        topics: serde_json::from_str(topics).unwrap(),
    };
    let id = office.to_lowercase().replace(' ', "-");
    stakeholders::create(&mut w, DORSET, &draft, Origin { id: Some(&id), ..Origin::default() })
        .await
        .unwrap();
    w.commit().await.unwrap();
}

const POOLE: &str = "E06000029";
const BOURNEMOUTH: &str = "E06000028";

/// Four people, of whom the chair came to an event in an office, and the council as a body.
async fn four(site: &Site) -> String {
    person(site, "PP-CAR", "Carers lead", "Carers Centre", POOLE, "[]").await;
    person(site, "PP-HWT", "Chair", "Healthwatch Dorset", "", r#"["cancer","digital"]"#).await;
    person(site, "PP-CAR", "Young carers", "Carers 100%", BOURNEMOUTH, r#"["cancer"]"#).await;
    person(site, "LA-LDR", "Leader", "Poole Council", POOLE, "[]").await;
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let written = w.origin().at;
    let office = representative::Model {
        id: "office".into(),
        stp_code: DORSET.into(),
        office: "Chair, Healthwatch Dorset".into(),
        stakeholder_id: Some("chair".into()),
        body_code: None,
        group_code: "PP-HWT".into(),
        from_on: day("2016-01-01"),
        until_on: None,
        note: None,
        version: 1,
        created_at: written,
        updated_at: written,
    };
    representative::Entity::insert(office.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await
        .unwrap();
    w.record(Entry {
        action: "create",
        table: "representatives",
        id: "office",
        stp: Some(DORSET),
        before: None,
        after: Some(json!(office)),
    });
    w.commit().await.unwrap();
    let mut meeting = EventDraft::new("Talk", Kind::Workshop, Status::Held, Some(day("2017-11-10")));
    meeting.level = Some(3);
    meeting.representatives = vec!["office".into()];
    meeting.bodies = vec![POOLE.into()];
    log(site, DORSET, meeting).await.event.id
}

/// Whom a query chooses, as its identities.
async fn chosen(site: &Site, query: &str) -> Vec<String> {
    let query: Query = serde_json::from_str(query).unwrap();
    let known = Known::for_query(&site.app, DORSET, &query).await.unwrap();
    let db = site.app.db.read();
    let people: Vec<stakeholder::Model> = find::people(db, DORSET, &query, &known).await.unwrap();
    assert_eq!(find::count(db, DORSET, &query, &known).await.unwrap(), people.len() as u64);
    let mut ids: Vec<String> = people.into_iter().map(|person| person.id).collect();
    ids.sort();
    ids
}

by_post!(every_condition_chooses_whom_it_says, |site, _server| {
    let event = four(&site).await;
    let all = ["carers-lead", "chair", "leader", "young-carers"];
    let cases: [(&str, &[&str]); 21] = [
        (r#"{"groups":["PP-CAR"]}"#, &["carers-lead", "young-carers"]),
        (r#"{"groups":["PP-CAR","LA-LDR"]}"#, &["carers-lead", "leader", "young-carers"]),
        (r#"{"organisation":"CARERS"}"#, &["carers-lead", "young-carers"]),
        (r#"{"organisation":"100%"}"#, &["young-carers"]),
        (r#"{"organisation":"centre carers"}"#, &["carers-lead"]),
        (r#"{"role":"chair"}"#, &["chair"]),
        (r#"{"places":["E06000029"]}"#, &["carers-lead", "leader"]),
        (r#"{"groups":["PP-CAR"],"places":["E06000029"]}"#, &["carers-lead"]),
        (r#"{"topics":["cancer"]}"#, &["chair", "young-carers"]),
        (r#"{"topics":["digital","estates"]}"#, &["chair"]),
        (r#"{"history":{"what":"met","since":"2017-11-10"}}"#, &["chair", "leader"]),
        (r#"{"history":{"what":"met","since":"2017-11-11"}}"#, &[]),
        (r#"{"history":{"what":"not_met","since":"2017-11-10"}}"#, &["carers-lead", "young-carers"]),
        (r#"{"history":{"what":"not_met","since":"2017-11-11"}}"#, &all),
        (r#"{"history":{"what":"not_written","since":"2017-04-01"}}"#, &all),
        (r#"{"history":{"what":"unanswered","since":"2017-04-01"}}"#, &[]),
        // Healthwatch was heard; carers never were.
        (r#"{"gap":{"rule":"COV-2","subject":"PP-CAR"}}"#, &["carers-lead", "young-carers"]),
        (r#"{"gap":{"rule":"COV-2","subject":"PP-HWT"}}"#, &[]),
        (r#"{"gap":{"rule":"XXX-1","subject":"PP-CAR"}}"#, &[]),
        ("{}", &[]),
        (r#"{"also":["gone"]}"#, &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(chosen(&site, query).await, expected, "{query}");
    }
    let came = format!(r#"{{"event":{{"event":"{event}","part":"came"}}}}"#);
    assert_eq!(chosen(&site, &came).await, ["chair", "leader"]);
    let stayed = came.replace("came", "did_not_come");
    assert_eq!(chosen(&site, &stayed).await, ["carers-lead", "young-carers"]);
    site.done().await;
});

/// Saves an audience through its form and gives its address.
async fn save(officer: &mut crate::harness::site::Visitor<'_>, fields: &[(&str, &str)]) -> String {
    let form = officer.get(&format!("{HOME}/new")).await.form(HOME);
    let key = form.iter().find(|(name, _)| name == "form_key").unwrap().1.clone();
    let mut all = vec![("form_key", key.as_str())];
    all.extend(fields);
    let led = officer.post(HOME, &all).await.led();
    led.split('?').next().unwrap().to_owned()
}

by_post!(audiences_are_saved_joined_and_left_out, |site, server| {
    four(&site).await;
    let mut officer = site.officer(DORSET).await;
    assert!(officer.get(HOME).await.words("main").contains("No audience has been saved yet"));
    let carers = save(&mut officer, &[("name", "Carers"), ("groups", "PP-CAR")]).await;
    let carers_id = carers.rsplit('/').next().unwrap().to_owned();
    let met = [("since-day", "1"), ("since-month", "4"), ("since-year", "2017"), ("history", "met")];
    let met = save(&mut officer, &[&[("name", "Met this year")][..], &met].concat()).await;
    let met_id = met.rsplit('/').next().unwrap().to_owned();
    let shown = officer.get(&met).await.words("main");
    assert!(shown.contains("Met since 1 April 2017"), "{shown}");
    assert!(shown.contains("2 stakeholders now") && shown.contains("Chair"), "{shown}");
    let wanted = save(
        &mut officer,
        &[("name", "Poole or carers, not met"), ("places", POOLE), ("also", &carers_id), ("but", &met_id)],
    )
    .await;
    let shown = officer.get(&wanted).await.words("main");
    assert!(
        shown.contains("Also everyone of: Carers") && shown.contains("Nobody of: Met this year"),
        "{shown}"
    );
    assert!(shown.contains("2 stakeholders now"), "{shown}");
    // One that uses another is not offered to it: nothing is made of itself.
    let edit = officer.get(&format!("{carers}/edit")).await;
    assert!(!edit.words("main").contains("Poole or carers"), "{}", edit.words("main"));
    assert_eq!(edit.attributes("input[name=also]", "value"), [met_id.as_str()]);
    // Half a condition is refused, with all that was typed kept and in view.
    let half = [("name", ""), ("groups", "PP-CAR"), ("history", "met"), ("with_role", "chair")];
    let refused = officer.post(HOME, &half).await;
    assert_eq!(refused.status.as_u16(), 422);
    let said = refused.words("main");
    assert!(
        said.contains("Enter a name for the audience") && said.contains("Enter the day since when"),
        "{said}"
    );
    assert_eq!(refused.attributes("details[open] #with_role", "value"), ["chair"]);
    assert_eq!(refused.attributes("#groups[checked], [name=groups][checked]", "value"), ["PP-CAR"]);

    // A mailing to it goes to whoever is in it when it is frozen.
    let new = officer.get(&format!("{}?audience={}", at("/new"), wanted.rsplit('/').next().unwrap())).await;
    let mut form = new.form(&at(""));
    form.retain(|(name, _)| !["subject", "body"].contains(&name.as_str()));
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.extend([("subject", "Come"), ("body", "Dear {{ name }}")]);
    let mailing = officer.post(&at(""), &fields).await.led().split('?').next().unwrap().to_owned();
    assert!(officer.get(&mailing).await.words("main").contains("Also everyone of: Poole or carers, not met"));
    person(&site, "PP-CAR", "New carers", "Carers of the sea", "", "[]").await;
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    assert_eq!(deliver(&site).await, 3);
    let to: Vec<String> = ledger(&site, &mailing).await.into_iter().map(|row| row.address).collect();
    assert_eq!(to, ["carers.lead@example.org", "new.carers@example.org", "young.carers@example.org"]);
    assert_eq!(server.tally().len(), 3);

    // Written to, and silent: the history knows it.
    let silent = chosen(&site, r#"{"history":{"what":"unanswered","since":"2018-01-15"}}"#).await;
    assert_eq!(silent, ["carers-lead", "new-carers", "young-carers"]);
    assert_eq!(
        chosen(&site, r#"{"history":{"what":"not_written","since":"2018-01-15"}}"#).await,
        ["chair", "leader"]
    );

    // Off the list, it goes on meaning what it meant; and it can be put back.
    officer.post(&format!("{met}/removals"), &[]).await.led();
    assert!(!officer.get(HOME).await.words("main dl dt").contains("Met this year"));
    assert!(officer.get(&wanted).await.words("main").contains("Nobody of: Met this year"));
    officer.post(&format!("{met}/returns"), &[]).await.led();
    assert!(officer.get(HOME).await.words("main dl dt").contains("Met this year"));

    // Two people change one audience: the second is told, and loses nothing.
    let form = officer.get(&format!("{carers}/edit")).await.form(&carers);
    let mut other: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    other.retain(|(name, _)| *name != "name");
    other.push(("name", "All carers"));
    officer.post(&carers, &other).await.led();
    let late = officer.post(&carers, &other).await;
    assert_eq!(late.status.as_u16(), 409);
    assert!(late.words("main").contains("Somebody else has changed this audience"), "{}", late.words("main"));

    // Another area neither sees nor uses it.
    let mut devon = site.officer(DEVON).await;
    assert_eq!(devon.get(&wanted).await.status.as_u16(), 404);
    let theirs = [("name", "X"), ("also", carers_id.as_str())];
    let refused = devon.post(&format!("/work/stps/{DEVON}/audiences"), &theirs).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert_eq!(audience::Entity::find().all(site.app.db.read()).await.unwrap().len(), 3);
    site.done().await;
});
