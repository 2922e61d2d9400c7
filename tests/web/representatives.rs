//! Who speaks for a group, and for how long that counts.

use entity::{event::Kind, event::Status, representative};
use opendoor::{
    events::EventDraft,
    journal::{Actor, Entry},
};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, sea_query::OnConflict};
use serde_json::json;

use super::register::{day, log};
use crate::{
    both,
    harness::{Site, people::DORSET},
    reports::log as editions,
};

const GAP: &str = "/stps/E54000041/gaps/COV-2/PP-HWT";

/// The chair of Healthwatch, who speaks for it from a day to a day.
async fn chair(site: &Site, until: Option<&str>) -> String {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let at = w.origin().at;
    let row = representative::Model {
        id: "chair".into(),
        stp_code: DORSET.into(),
        office: "Chair, Healthwatch Dorset".into(),
        stakeholder_id: None,
        body_code: None,
        group_code: "PP-HWT".into(),
        from_on: day("2016-01-01"),
        until_on: until.map(day),
        note: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let on_conflict = OnConflict::column(representative::Column::Id)
        .update_column(representative::Column::UntilOn)
        .to_owned();
    representative::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(on_conflict)
        .exec_without_returning(w.tx())
        .await
        .unwrap();
    let after = Some(json!(row));
    w.record(Entry {
        action: "create",
        table: "representatives",
        id: "chair",
        stp: Some(DORSET),
        before: None,
        after,
    });
    w.commit().await.unwrap();
    row.id
}

/// The public answer to whether Healthwatch was ever heard, as at a day.
async fn verdict(site: &Site, as_at: &str) -> String {
    site.visitor().get(&format!("{GAP}?as_at={as_at}")).await.words("main .app-verdict")
}

both!(an_event_credits_a_group_only_while_the_role_is_held, |site| {
    let chair_id = chair(&site, None).await;
    let mut meeting =
        EventDraft::new("Talk with Healthwatch", Kind::Workshop, Status::Held, Some(day("2018-01-10")));
    meeting.level = Some(3);
    meeting.representatives = vec![chair_id.clone()];
    let meeting = log(&site, DORSET, meeting).await;
    let page = format!("/work/stps/{DORSET}/events/{}", meeting.event.id);
    let mut officer = site.officer(DORSET).await;

    assert!(verdict(&site, "2018-01-15").await.contains("Met"));
    let shown = officer.get(&page).await.words("main");
    assert!(shown.contains("Chair, Healthwatch Dorset"), "{shown}");
    assert!(shown.contains("Counted: the role was held on the day."), "{shown}");
    let public = site.visitor().get(&format!("/events/{}", meeting.event.id)).await.words("main");
    assert!(public.contains("Local Healthwatch") && !public.contains("Chair, Healthwatch"), "{public}");
    let before = editions::publish(&site, editions::dorset(&site).await, "2018-01-15").await;

    // The role ended before the meeting: nobody spoke for the group there.
    chair(&site, Some("2018-01-09")).await;
    assert!(verdict(&site, "2018-01-15").await.contains("Gap"));
    let shown = officer.get(&page).await.words("main");
    assert!(shown.contains("Not counted: the role had ended on 9 January 2018."), "{shown}");
    for file in &before.composed.files {
        let served = site.visitor().get(&format!("/reports/dorset/1/files/{}", file.name)).await;
        assert!(served.body == file.bytes, "{} is as it was published", file.name);
    }

    // It ended on the very day: the last day of a term belongs to it.
    chair(&site, Some("2018-01-10")).await;
    assert!(verdict(&site, "2018-01-15").await.contains("Met"));
    site.done().await;
});
