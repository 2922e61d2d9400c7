//! Another area's data is never reachable: every staff address, walked.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use entity::{
    audience, delivery, edition, event, import, incoming_mail, mailing, stakeholder, stp, suppression,
    user::Role,
};
use opendoor::{
    auth::{SignedIn, users},
    entries::{self, Values},
    journal::Actor,
    letter_templates,
    mailings::{self, draft::Letter, token},
    sign_offs,
    web::{
        self,
        routes::{Access, Listed, Verb},
    },
};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};

use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
    },
};

/// What makes the links of letters.
fn letters_key(site: &Site) -> token::Key {
    token::Key::open(&site.app.config.store.data, &site.app.chance).unwrap()
}

/// The identity of Dorset's letter.
const LETTER: &str = "0160f8f6-4d80-7000-8000-000000000001";

/// One of each of Dorset's records, written as rows: the identity of each by the noun of its address.
#[expect(clippy::too_many_lines, reason = "rows, every column of them, and nothing else")]
pub async fn a_record_of_each_noun(site: &Site) -> BTreeMap<&'static str, String> {
    let at = site.app.clock.now();
    site.add_user("lead@example.org", Role::Lead, &[DORSET]).await;
    let lead = users::by_email(site.app.db.read(), "lead@example.org").await.unwrap().unwrap();
    let db = site.app.db.writer();
    let event = event::Model {
        id: "dorset-event".into(),
        stp_code: DORSET.into(),
        consultation_id: None,
        title: "Drop-in in Dorset".into(),
        kind: event::Kind::DropIn,
        status: event::Status::Held,
        starts_on: Some(site.app.clock.today()),
        ends_on: None,
        date_words: None,
        date_precision: event::Precision::Day,
        created_on: Some(site.app.clock.today()),
        venue: None,
        venue_capacity: None,
        online: false,
        stp_discussed: true,
        level: None,
        level_basis: None,
        held_in_public: false,
        minutes_published_on: None,
        minutes_url: None,
        chair: None,
        papers_published_on: None,
        papers_url: None,
        publication: event::Publication::Unpublished,
        withheld_reason: None,
        review_on: None,
        feedback_on: None,
        confirmed: false,
        summary: None,
        outcome: None,
        accessibility: "[]".into(),
        attendance_note: None,
        cancelled_reason: None,
        withdrawn_at: None,
        withdrawn_reason: None,
        import_id: None,
        external_id: None,
        search: "drop-in in dorset".into(),
        version: 1,
        created_by: None,
        created_at: at,
        updated_at: at,
    };
    event::Entity::insert(event.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    let stakeholder = stakeholder::Model {
        id: "dorset-stakeholder".into(),
        stp_code: DORSET.into(),
        group_code: "PP-HWT".into(),
        name: None,
        organisation: Some("Healthwatch Dorset".into()),
        role: None,
        email: Some("healthwatch.dorset@example.org".into()),
        notes: None,
        basis: "public task".into(),
        wording: None,
        obtained_on: None,
        evidence: None,
        confirmed_on: None,
        place_code: None,
        topics: None,
        withdrawn_at: None,
        search: "healthwatch dorset".into(),
        import_id: None,
        version: 1,
        created_by: None,
        created_at: at,
        updated_at: at,
    };
    let row = stakeholder.into_active_model().reset_all();
    stakeholder::Entity::insert(row).exec_without_returning(db).await.unwrap();
    let mailing = mailing::Model {
        id: "dorset-mailing".into(),
        stp_code: DORSET.into(),
        subject: "Drop-ins".into(),
        body_text: "There will be drop-ins.".into(),
        purpose: mailing::Purpose::Engagement,
        topic: None,
        audience: r#"{"groups":["PP-HWT"]}"#.into(),
        state: mailing::State::Paused,
        frozen_at: Some(at),
        finished_at: None,
        paused_reason: Some("a test".into()),
        text_sha256: None,
        frozen_by: None,
        approved_by: None,
        approved_at: None,
        starts_at: None,
        event_id: Some("dorset-event".into()),
        event_told: None,
        follow_up: None,
        files: "[]".into(),
        sender: None,
        sent_from: None,
        created_by: lead.id.clone(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    mailing::Entity::insert(mailing.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    let audience = audience::Model {
        id: "dorset-audience".into(),
        stp_code: DORSET.into(),
        name: "Healthwatch".into(),
        query: r#"{"groups":["PP-HWT"]}"#.into(),
        removed_at: None,
        version: 1,
        created_by: lead.id.clone(),
        created_at: at,
        updated_at: at,
    };
    let letter = Letter {
        subject: "Drop-ins".into(),
        body_text: "There will be drop-ins.".into(),
        purpose: mailing::Purpose::Engagement,
    };
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    letter_templates::record::create(&mut w, DORSET, "dorset-template", &lead.id, "Drop-in", &letter)
        .await
        .unwrap();
    w.commit().await.unwrap();
    audience::Entity::insert(audience.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    let key = letters_key(site);
    let delivery = delivery::Model {
        domain: "example.org".into(),
        first_tried_at: None,
        id: LETTER.into(),
        mailing_id: "dorset-mailing".into(),
        stp_code: DORSET.into(),
        stakeholder_id: Some("dorset-stakeholder".into()),
        address: "healthwatch.dorset@example.org".into(),
        display_name: None,
        merge: "{}".into(),
        state: delivery::State::Uncertain,
        reason: None,
        attempts: 1,
        next_attempt_at: None,
        claim: None,
        claimed_at: None,
        token_digest: token::digest(&key.token(LETTER)),
        rsvp_digest: Some(token::digest(&key.rsvp(LETTER))),
        me_digest: None,
        message_id: None,
        server_answer: None,
        text_sha256: None,
        updated_at: at,
    };
    delivery::Entity::insert(delivery.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    signed_off(site, &lead.id).await;
    let mail = incoming_mail::Model {
        id: "dorset-mail".into(),
        sha256: "none".into(),
        kind: incoming_mail::Kind::Reply,
        fate: None,
        stp_code: Some(DORSET.into()),
        mailing_id: Some("dorset-mailing".into()),
        delivery_id: Some(LETTER.into()),
        sender: Some("healthwatch.dorset@example.org".into()),
        subject: "Re: Drop-ins".into(),
        body_text: "Is there a bus?".into(),
        detail: String::new(),
        due_on: Some(site.app.clock.today()),
        received_at: at,
        done_at: None,
        done_by: None,
        owner: None,
        request_id: None,
    };
    let nobodys = incoming_mail::Model {
        id: "nobodys-mail".into(),
        sha256: "nothing".into(),
        stp_code: None,
        mailing_id: None,
        delivery_id: None,
        ..mail.clone()
    };
    for row in [mail, nobodys] {
        let row = row.into_active_model().reset_all();
        incoming_mail::Entity::insert(row).exec_without_returning(db).await.unwrap();
    }
    let hold = suppression::Model {
        id: "dorset-hold".into(),
        address: "healthwatch.dorset@example.org".into(),
        stp_code: Some(DORSET.into()),
        state: suppression::State::OptedOut,
        topic: None,
        source: "reply".into(),
        reason: "Asked to be left out".into(),
        created_at: at,
        lifted_at: None,
        lifted_reason: None,
    };
    let row = hold.into_active_model().reset_all();
    suppression::Entity::insert(row).exec_without_returning(db).await.unwrap();
    let import = import::Model {
        id: "dorset-import".into(),
        noun: import::Noun::Events,
        stp_code: Some(DORSET.into()),
        file_name: "log.csv".into(),
        sha256: "none".into(),
        map_name: "none".into(),
        map: String::new(),
        state: import::State::Checked,
        rows_total: 0,
        rows_done: 0,
        n_created: 0,
        n_planned: 0,
        n_unchanged: 0,
        n_skipped: 0,
        n_error: 0,
        problem: None,
        user_id: None,
        created_at: at,
        accepted_at: None,
        undone_at: None,
        file: Vec::new(),
    };
    import::Entity::insert(import.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    let edition = edition::Model {
        id: "dorset-edition".into(),
        slug: "dorset".into(),
        number: 9,
        stp_code: Some(DORSET.into()),
        as_at: site.app.clock.today(),
        title: "Dorset".into(),
        published_at: at,
        published_by: None,
        journal_head: "0".repeat(64),
        manifest_sha256: "none".into(),
        changes: "[]".into(),
        withdrawn_at: None,
        withdrawn_reason: None,
    };
    edition::Entity::insert(edition.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let each: [(&str, &[(&'static str, &str)]); 6] = [
        ("proposals", &[("title", "One emergency department for Dorset"), ("service_change", "yes")]),
        (
            "service-change-tests",
            &[("test", "beds"), ("proposal_id", "dorset-proposals"), ("evidence", "Opened")],
        ),
        ("consultations", &[("title", "A review"), ("status", "held"), ("proposal_id", "dorset-proposals")]),
        ("consultation-themes", &[("text", "Travel times"), ("consultation_id", "dorset-consultations")]),
        (
            "scrutiny",
            &[
                ("committee", "Health scrutiny"),
                ("proposal_id", "dorset-proposals"),
                ("authorities", "E10000009"),
            ],
        ),
        ("recommendations", &[("text", "Look at travel times"), ("scrutiny_id", "dorset-scrutiny")]),
    ];
    for (key, fields) in each {
        let mut values = Values::default();
        for (field, text) in fields {
            values.put(field, vec![(*text).to_owned()]);
        }
        let noun = entries::noun(key).unwrap();
        entries::save::create(noun, &mut w, DORSET, &format!("dorset-{key}"), &values).await.unwrap();
    }
    let file = b"title\nCommunity hubs\n".to_vec();
    let sheet =
        entries::stored::keep(&mut w, &entries::proposals::Proposals, DORSET, "p.csv", file).await.unwrap();
    w.commit().await.unwrap();
    let mut ids = the_rest(site).await;
    ids.extend([
        ("proposals", "dorset-proposals".to_owned()),
        ("service-change-tests", "dorset-service-change-tests".to_owned()),
        ("consultations", "dorset-consultations".to_owned()),
        ("consultation-themes", "dorset-consultation-themes".to_owned()),
        ("scrutiny", "dorset-scrutiny".to_owned()),
        ("recommendations", "dorset-recommendations".to_owned()),
        ("import", sheet),
        ("events", "dorset-event".to_owned()),
        ("stakeholders", "dorset-stakeholder".to_owned()),
        ("audiences", "dorset-audience".to_owned()),
        ("letter-templates", "dorset-template".to_owned()),
        ("mailings", "dorset-mailing".to_owned()),
        ("deliveries", LETTER.to_owned()),
        ("sign-offs", "1".to_owned()),
        ("incoming-mail", "dorset-mail".to_owned()),
        ("rsvp", letters_key(site).rsvp(LETTER)),
        ("holds", "dorset-hold".to_owned()),
        ("imports", "dorset-import".to_owned()),
        ("reports", "9".to_owned()),
        ("editions", "9".to_owned()),
    ]);
    ids
}

/// Dorset's mailing signed off, as if it were over.
async fn signed_off(site: &Site, by: &str) {
    let by = SignedIn::find(site.app.db.read(), by).await.unwrap().unwrap();
    let stp = stp::Entity::find_by_id(DORSET).one(site.app.db.read()).await.unwrap().unwrap();
    let mailing = mailings::find::one(site.app.db.read(), DORSET, "dorset-mailing").await.unwrap().unwrap();
    let mailing = mailing::Model { state: mailing::State::Done, ..mailing };
    let seen = sign_offs::find::ledger(site.app.db.read(), &mailing.id).await.unwrap().sha256;
    let mut w = site.app.write_as(Actor::User(by.user_id.clone()), "test").await.unwrap();
    let face = &site.app.config.face;
    let signed = sign_offs::record::sign(&mut w, face, &stp, &mailing, &by, &seen, None).await.unwrap();
    assert!(matches!(signed, sign_offs::record::Signed::Done(_)), "{signed:?}");
    w.commit().await.unwrap();
}

/// One of each of the other entries of the record, by noun.
async fn the_rest(site: &Site) -> BTreeMap<&'static str, String> {
    let said: [(&str, &[(&'static str, &str)]); 9] = [
        ("requests", &[("asked", "A reply"), ("body_code", "RBD"), ("sent_on", "2017-01-05")]),
        ("questions", &[("question", "Why?"), ("kind", "question"), ("received_on", "2017-02-01")]),
        ("requirements", &[("group_code", "PP-CYP")]),
        (
            "planned-activities",
            &[("group_code", "PP-CYP"), ("year", "2018"), ("quarter", "1"), ("events", "2")],
        ),
        ("representatives", &[("office", "Chair"), ("group_code", "PP-HWT"), ("from_on", "2017-01-01")]),
        ("bodies", &[("name", "A union"), ("kind", "union")]),
        (
            "monitoring-returns",
            &[("characteristic", "AGE"), ("year", "2017"), ("dated_on", "2017-06-30"), ("not_stated", "12")],
        ),
        ("monitoring-exceptions", &[("characteristic", "GRE"), ("reason", "Too few")]),
        (
            "population-shares",
            &[("characteristic", "AGE"), ("category", "Old"), ("share", "0.2"), ("source", "A census")],
        ),
    ];
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let mut ids = BTreeMap::new();
    for (key, fields) in said {
        let noun = entries::noun(key).unwrap();
        let mut values = Values::default();
        for (field, text) in fields {
            values.put(field, vec![(*text).to_owned()]);
        }
        let id = format!("dorset-{key}");
        entries::save::create(noun, &mut w, DORSET, &id, &values).await.unwrap();
        ids.insert(noun.about().key, id);
    }
    w.commit().await.unwrap();
    ids
}

/// The address with `stp` and Dorset's identities in it, and whether there were any besides the STP.
pub fn filled(path: &str, stp: &str, ids: &BTreeMap<&str, String>) -> (String, bool) {
    let (mut noun, mut deeper, mut out) = ("", false, String::new());
    for segment in path.split('/').skip(1) {
        out.push('/');
        if segment == "{stp}" {
            out.push_str(stp);
        } else if segment.starts_with('{') {
            out.push_str(ids.get(noun).map_or("something", String::as_str));
            deeper = true;
        } else {
            out.push_str(segment);
            noun = segment;
        }
    }
    (out, deeper)
}

/// The addresses of one STP's staff pages.
fn of_areas(site: &Site) -> Vec<Listed> {
    let all = web::listed(&site.app);
    all.into_iter().filter(|route| matches!(route.access, Access::Area(_))).collect()
}

both!(an_officer_of_devon_gets_404_for_every_dorset_staff_address, |site| {
    let ids = a_record_of_each_noun(&site).await;
    let mut dorset = site.officer(DORSET).await;
    let mut devon = site.officer(DEVON).await;
    let mut stranger = site.visitor();
    let routes = of_areas(&site);
    assert!(routes.len() >= 30, "only {} staff addresses were walked", routes.len());
    let mut reached = 0;
    for route in &routes {
        let (dorsets, deeper) = filled(route.path, DORSET, &ids);
        let (devons, _) = filled(route.path, DEVON, &ids);
        let what = format!("{:?} {dorsets}", route.verb);
        match route.verb {
            Verb::Get => {
                assert_eq!(devon.get(&dorsets).await.status, StatusCode::NOT_FOUND, "{what} as Devon");
                assert_eq!(
                    stranger.get(&dorsets).await.status,
                    StatusCode::SEE_OTHER,
                    "{what} as a stranger"
                );
                if deeper {
                    let answer = devon.get(&devons).await;
                    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what} under Devon's own address");
                }
                let own = dorset.get(&dorsets).await;
                assert!(!own.status.is_server_error(), "{what} as Dorset: {}", own.words("main"));
                reached += usize::from(own.status == StatusCode::OK);
            }
            Verb::Post => {
                assert_eq!(devon.post(&dorsets, &[]).await.status, StatusCode::NOT_FOUND, "{what} as Devon");
                let answer = stranger.post(&dorsets, &[]).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what} as a stranger");
                assert!(answer.location().starts_with("/sign-in"), "{what} as a stranger");
                if deeper {
                    let answer = devon.post(&devons, &[]).await;
                    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what} under Devon's own address");
                }
            }
        }
    }
    assert!(reached >= 12, "Dorset's own officer reached only {reached} pages: the walk proves little");
    site.done().await;
});

both!(readers_of_all_areas_write_none, |site| {
    let ids = a_record_of_each_noun(&site).await;
    for role in [Role::National, Role::Region] {
        let mut reader = site.signed_in(role, &[]).await;
        let mut written = 0;
        for route in of_areas(&site).iter().filter(|route| route.verb == Verb::Post) {
            let (path, _) = filled(route.path, DORSET, &ids);
            assert_eq!(reader.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "{role:?} {path}");
            written += 1;
        }
        assert!(written >= 10, "only {written} forms were tried");
        let own = reader.get(&format!("/work/stps/{DORSET}/events")).await;
        assert_eq!(own.status, StatusCode::OK, "{role:?} reads");
    }
    site.done().await;
});

both!(what_concerns_england_is_not_an_officers, |site| {
    let mut officer = site.officer(DORSET).await;
    let all = web::listed(&site.app);
    let of_england: Vec<_> = all.iter().filter(|route| matches!(route.access, Access::England(_))).collect();
    assert!(!of_england.is_empty());
    for route in of_england {
        let answer = match route.verb {
            Verb::Get => officer.get(route.path).await,
            Verb::Post => officer.post(route.path, &[]).await,
        };
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{:?} {}", route.verb, route.path);
    }
    site.done().await;
});

both!(nothing_that_is_read_changes_anything, |site| {
    // GET and HEAD of every address, by everyone who may: afterwards the journal has readings alone.
    use entity::journal_entry;
    use sea_orm::QueryOrder as _;
    let ids = a_record_of_each_noun(&site).await;
    let mut people = [site.visitor(), site.officer(DORSET).await, site.signed_in(Role::Admin, &[]).await];
    let before = journal_entry::Entity::find().all(site.app.db.read()).await.unwrap().len();
    let mut walked = 0;
    for route in web::listed(&site.app).iter().filter(|route| route.verb == Verb::Get) {
        let (path, _) = filled(route.path, DORSET, &ids);
        for person in &mut people {
            let answer = person.get(&path).await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.words("main"));
            let head = axum::http::Request::head(path.as_str()).body(axum::body::Body::empty()).unwrap();
            let answer = person.send(head).await;
            assert!(!answer.status.is_server_error(), "HEAD {path}");
            assert!(answer.body.is_empty(), "HEAD {path}");
            walked += 1;
        }
    }
    assert!(walked > 60);
    let journal = journal_entry::Entity::find().order_by_asc(journal_entry::Column::Seq);
    let since = journal.all(site.app.db.read()).await.unwrap().split_off(before);
    for entry in since {
        assert!(
            matches!(entry.action.as_str(), "read" | "export"),
            "{} {}",
            entry.action,
            entry.subject_table
        );
    }
    site.done().await;
});
