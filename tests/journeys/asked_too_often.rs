//! A charity that serves five areas is asked by all of them: whoever wants to ask it next is told, and learns nothing
//! else of what the others do.

use entity::delivery::{self, State};
use opendoor::{
    journal::Actor,
    mailings::deliver::Worker,
    stakeholders::{self, Draft},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
    },
};

const CHARITY: &str = "office@carers.example.org";
const AREAS: [&str; 5] = [DORSET, DEVON, "E54000036", "E54000038", "E54000040"];

async fn add(site: &Site, stp: &str, email: &str) {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let draft = Draft {
        group_code: "PP-VCS".into(),
        name: Some("Co-ordinator".into()),
        organisation: Some("Carers of the South West".into()),
        role: None,
        email: Some(email.into()),
        notes: Some(format!("A private note of {stp}")),
        basis: "Public task".into(),
        wording: None,
        obtained_on: None,
        evidence: None,
        confirmed_on: None,
        place_code: None,
        topics: Vec::new(),
    };
    stakeholders::create(&mut w, stp, &draft, stakeholders::Origin::default()).await.unwrap();
    w.commit().await.unwrap();
}

/// A mailing of an area to its voluntary organisations, sent.
async fn send(site: &Site, stp: &str, number: usize) {
    let mut officer = site.officer_again(stp).await;
    let at = format!("/work/stps/{stp}/mailings");
    let subject = format!("Secret subject {number} of {stp}");
    let fields = [
        ("subject", subject.as_str()),
        ("body", "Dear {{ name }},\r\n\r\nA secret text.\r\n\r\nThe team"),
        ("purpose", "engagement"),
        ("groups", "PP-VCS"),
    ];
    let led = officer.submit(&format!("{at}/new"), &at, &fields).await.led();
    let mailing = led.split('?').next().unwrap();
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    for _ in 0..10_000 {
        if let Some(mut worker) = Worker::start(&site.app).await.unwrap() {
            worker.deliver_due().await.unwrap();
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the mail worker of another test never let go");
}

both!(a_charity_that_five_areas_ask_is_spared_the_seventh_time, |site| {
    for stp in AREAS {
        // Written as each area writes it.
        add(&site, stp, if stp == DEVON { "Office@Carers.example.org" } else { CHARITY }).await;
        site.add_officer(stp).await;
    }
    add(&site, DORSET, "quiet@charity.example.org").await;
    // Long ago does not count.
    send(&site, DEVON, 0).await;
    site.app.clock.advance(chrono::TimeDelta::days(40));
    for (number, stp) in [DEVON, "E54000036", "E54000038", "E54000040", DEVON, "E54000036"].iter().enumerate()
    {
        send(&site, stp, number + 1).await;
        site.app.clock.advance(chrono::TimeDelta::days(4));
    }
    let sent = delivery::Entity::find()
        .filter(delivery::Column::Address.eq(CHARITY))
        .filter(delivery::Column::State.eq(State::Accepted));
    assert_eq!(sent.count(site.app.db.read()).await.unwrap(), 7);

    let mut officer = site.officer_again(DORSET).await;
    let at = format!("/work/stps/{DORSET}/mailings");
    let fields =
        [("subject", "Have your say"), ("body", "Dear all"), ("purpose", "engagement"), ("groups", "PP-VCS")];
    let led = officer.submit(&format!("{at}/new"), &at, &fields).await.led();
    let mailing = led.split('?').next().unwrap();
    let page = officer.get(mailing).await;
    assert!(page.words("main").contains("1 recipient has been asked often"), "{}", page.words("main"));
    let preview = officer.get(&format!("{mailing}/preview")).await;
    let warning = preview.words(".app-worn");
    assert!(warning.contains("6 times so far"), "{warning}");
    assert!(warning.contains("Devon on 24 February 2018, 12 March 2018"), "{warning}");
    assert_eq!(preview.each(".app-worn li").len(), 1, "whoever was left in peace is not listed: {warning}");
    let stakeholders = officer.get(&format!("/work/stps/{DORSET}/stakeholders")).await;
    let own = stakeholders.attributes("tbody a", "href");
    let mut listed = 0;
    for stakeholder in own {
        let page = officer.get(&stakeholder).await;
        if page.words("main").contains(CHARITY) {
            listed = page.each("table tbody tr").len();
            assert!(page.words("main").contains("Asked often"), "{}", page.words("main"));
        }
        for secret in ["Secret subject", "secret text", "A private note of E54000037", "Office@Carers"] {
            assert!(!page.text().contains(secret), "{secret}: {}", page.words("main"));
        }
    }
    assert_eq!(listed, 6);
    for page in [&page, &preview] {
        for secret in ["Secret subject", "secret text", "private note", "Office@Carers"] {
            assert!(!page.text().contains(secret), "{secret}: {}", page.words("main"));
        }
    }
    site.done().await;
});

both!(a_body_that_every_area_invites_is_named_on_a_planned_event, |site| {
    use entity::event::Status;
    use opendoor::events::{Provenance, record};

    use crate::web::register::{day, drop_in};
    let body = entity::duty_holder::Entity::find()
        .filter(entity::duty_holder::Column::StpCode.eq(DORSET))
        .one(site.app.db.read())
        .await
        .unwrap()
        .unwrap()
        .body_code;
    let mut own = String::new();
    for (stp, on, made) in [
        (DEVON, "2018-02-01", "2018-01-02"),
        (DEVON, "2018-02-08", "2018-01-03"),
        ("E54000036", "2018-01-10", "2018-01-04"),
        (DEVON, "2017-06-08", "2017-06-01"),
        (DORSET, "2018-03-01", "2018-01-12"),
    ] {
        let mut draft = drop_in(&format!("Secret meeting of {stp}"), on, "PP-VCS", 5);
        draft.bodies = vec![body.clone()];
        if day(on) > site.app.clock.today() {
            draft.status = Status::Planned;
            draft.participations.clear();
        }
        let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
        let from = Provenance { created_on: Some(day(made)), ..Provenance::default() };
        own = record::create(&mut w, stp, from, draft).await.unwrap().event.id;
        w.commit().await.unwrap();
    }
    let mut officer = site.officer(DORSET).await;
    let page = officer.get(&format!("/work/stps/{DORSET}/events/{own}")).await;
    let warning = page.words(".app-worn");
    assert!(
        warning.contains("4 times") && warning.contains("Devon on 2 January 2018, 3 January 2018"),
        "{warning}"
    );
    assert!(!page.text().contains(&format!("Secret meeting of {DEVON}")), "{}", page.words("main"));
    site.done().await;
});
