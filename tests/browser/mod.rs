//! What people see, in headless Chromium: the journey that the product exists for, and every page looked at.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::{import::Noun, user::Role};
use opendoor::{
    alerts,
    import::{bring::bring, map::Map, progress::Progress, upload::Upload},
    journal::Actor,
    mail::mailbox::Mailbox,
    mailings::armed,
    reports::publish,
    web::{self, routes::Access, routes::Verb},
};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Engine, Site, browser,
        people::{DORSET, PASSWORD},
    },
    web::areas::{a_record_of_each_noun, filled},
};

both!(an_officer_logs_a_drop_in_with_carers_on_her_phone, |site| {
    site.add_user("officer@example.org", Role::Officer, &[DORSET]).await;
    let base = site.serve().await;
    let job = json!({"base": base, "email": "officer@example.org", "password": PASSWORD, "stp": DORSET});
    let seen = browser::run("carers.mjs", job).await;
    assert_eq!(seen.len(), 1);
    assert!(seen[0]["seen"]["seconds"].as_u64().is_some_and(|seconds| seconds > 0), "{seen:?}");
    site.done().await;
});

/// Every page that answers with HTML, with the real log in the record: nothing for axe at 1280 and 360 pixels, nothing
/// asked of another host, nothing to scroll sideways at 320.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_looked_at() {
    let site = Site::new(Engine::Sqlite).await;
    let log = Upload {
        noun: Noun::Events,
        stp: None,
        file_name: "events.csv".into(),
        file: include_bytes!("../../data/engagement-log/events.csv").to_vec(),
        map: Map::own("engagement-log").unwrap(),
    };
    bring(&site.app, log, &Actor::Command("test"), &Progress::Nobody).await.unwrap().unwrap();
    edition_of_dorset(&site).await;
    let ids = a_record_of_each_noun(&site).await;

    let mut stranger = site.visitor();
    let mut admin = site.signed_in(Role::Admin, &[]).await;
    let (mut public, mut staff) = (Vec::new(), Vec::new());
    for route in web::listed(&site.app).iter().filter(|route| route.verb == Verb::Get) {
        let path = filled(route.path, DORSET, &ids).0.replace("{slug}", "dorset");
        let path = match route.path {
            "/stps/{code}" | "/stps/{stp}" => format!("/stps/{DORSET}"),
            "/reports/{slug}" => "/reports/dorset".to_owned(),
            "/reports/{slug}/{number}" | "/reports/{slug}/{n}" => "/reports/dorset/1".to_owned(),
            _ => path,
        };
        let open = matches!(route.access, Access::Public | Access::Door);
        let answer = if open { stranger.get(&path).await } else { admin.get(&path).await };
        let html =
            answer.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if answer.status == StatusCode::OK && html {
            if open { public.push(path) } else { staff.push(path) }
        }
    }
    staff.push("/work/england/incoming-mail/nobodys-mail".to_owned());
    public.extend(readers_pages(&site).await);
    public.extend(["/stps/E54000007".to_owned(), format!("/stps/{DORSET}/gaps/COV-2/PP-CAR")]);
    let known = "as_at=2017-12-31&known_at=2018-01-01";
    let compared =
        ["/", "/stps/E54000041", "/stps/E54000041/differing", "/stps/E54000041/written", "/england/written"];
    public.extend(compared.map(|path| format!("{path}?{known}")));
    assert!(public.len() >= 28, "{public:?}");
    assert!(staff.len() >= 80, "{staff:?}");
    let pages: Vec<Value> =
        public.iter().map(|path| json!(path)).chain([json!({"path": "/nothing", "status": 404})]).collect();
    let sign_in =
        json!({"path": "/sign-in", "email": "admin@example.org", "password": PASSWORD, "pages": staff});
    let job = json!({"base": site.serve().await, "pages": pages, "sign_in": sign_in});
    let seen = browser::run("run.mjs", job).await;
    assert!(seen.len() >= 2 * (public.len() + staff.len()), "{} lines", seen.len());
    site.done().await;
}

/// A real edition, beside the one that is but a row.
async fn edition_of_dorset(site: &Site) {
    let dorset = entity::stp::Entity::find_by_id(DORSET).one(site.app.db.read()).await.unwrap().unwrap();
    let area = publish::Area::Stp(Box::new(dorset));
    let asked = publish::Asked { area, as_at: site.app.clock.today(), title: None, by: None };
    let prepared = publish::prepare(&site.app, &asked).await.unwrap();
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    assert!(publish::write(&mut w, &prepared).await.unwrap());
    w.commit().await.unwrap();
}

/// The page of somebody who gets alerts, and the one that confirms the sign-up of somebody else.
async fn readers_pages(site: &Site) -> [String; 2] {
    armed::check(&site.app).await.unwrap();
    let ask = async |email: &str| {
        // The mailbox orders letters by their instant.
        site.app.clock.advance(TimeDelta::seconds(1));
        let fields = [("email", email), ("about", DORSET), ("about", "england"), ("often", "weekly")];
        site.visitor().post("/updates", &fields).await.led();
        assert_eq!(alerts::work::once(&site.app).await.unwrap(), 1);
        let mailbox = Mailbox::of(&site.app.config);
        let name = mailbox.names("alerts", None, 1).await.unwrap().remove(0);
        let letter = mailbox.read("alerts", &name).await.unwrap().unwrap();
        let at = letter.text.rfind("/updates/").unwrap();
        letter.text[at..].split_whitespace().next().unwrap().to_owned()
    };
    let confirm = ask("reader@example.org").await;
    site.visitor().post(&confirm, &[]).await.led();
    [ask("reader@example.org").await, ask("another@example.org").await]
}
