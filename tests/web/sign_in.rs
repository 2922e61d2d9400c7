//! The door for staff.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::user::Role;

use crate::{
    both,
    harness::people::{DEVON, DORSET},
};

both!(an_officer_signs_in_and_out, |site| {
    let mut officer = site.officer(DORSET).await;
    assert_eq!(officer.get("/work").await.led(), format!("/work/stps/{DORSET}"));
    let cookie_gone = officer.post("/sign-out", &[]).await;
    assert_eq!(cookie_gone.led(), "/sign-in");
    assert_eq!(officer.get("/work").await.led(), "/sign-in?back=%2Fwork");
    site.done().await;
});

both!(a_stranger_is_led_to_the_door_and_back, |site| {
    let mut stranger = site.visitor();
    assert_eq!(stranger.get("/work").await.led(), "/sign-in?back=%2Fwork");
    let page = stranger.get("/sign-in?back=%2Fwork").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.attributes("input[name=back]", "value"), ["/work"]);
    assert!(!stranger.has_cookie(), "asking for the door sets no cookie");
    site.done().await;
});

both!(a_wrong_password_and_an_unknown_email_get_the_same_answer, |site| {
    site.add_user("officer.dorset@example.org", Role::Officer, &[DORSET]).await;
    let mut visitor = site.visitor();
    let mut said = Vec::new();
    for email in ["officer.dorset@example.org", "nobody@example.org"] {
        let answer = visitor.post("/sign-in", &[("email", email), ("password", "not the password")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.attributes("#email", "value"), [email], "what was typed stays");
        assert_eq!(answer.attributes("#password", "value"), [""], "but for the password");
        said.push(answer.words(".nhsuk-error-summary"));
    }
    assert_eq!(said[0], "There is a problem The email address or the password is not right");
    assert_eq!(said[0], said[1]);
    assert!(!visitor.has_cookie());
    site.done().await;
});

both!(guessing_rests_after_ten_tries, |site| {
    site.add_user("officer.dorset@example.org", Role::Officer, &[DORSET]).await;
    let mut visitor = site.visitor();
    let wrong = [("email", "officer.dorset@example.org"), ("password", "not the password")];
    for _ in 0..10 {
        assert_eq!(visitor.post("/sign-in", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(visitor.post("/sign-in", &wrong).await.status, StatusCode::TOO_MANY_REQUESTS);
    site.app.clock.advance(TimeDelta::minutes(16));
    assert_eq!(visitor.post("/sign-in", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.done().await;
});

both!(a_form_from_another_site_is_refused, |site| {
    let mut visitor = site.visitor();
    let request = axum::http::Request::post("/sign-in")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("email=a%40example.org&password=b"))
        .unwrap();
    let answer = visitor.send(request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.each("h1").len(), 1);
    site.done().await;
});

both!(a_disabled_account_is_out_at_its_next_request, |site| {
    let mut officer = site.officer(DORSET).await;
    assert_eq!(officer.get("/work").await.led(), format!("/work/stps/{DORSET}"));
    let email = format!("officer.{}@example.org", DORSET.to_lowercase());
    let mut w = site.app.write_as(opendoor::journal::Actor::Command("test"), "test").await.unwrap();
    opendoor::auth::users::disable(&mut w, &email).await.unwrap();
    w.commit().await.unwrap();
    assert_eq!(officer.get("/work").await.led(), "/sign-in?back=%2Fwork");
    site.done().await;
});

both!(a_national_reader_chooses_among_all_44, |site| {
    let mut reader = site.signed_in(Role::National, &[]).await;
    assert_eq!(reader.get("/work").await.each("main li a").len(), 44);
    let mut both_areas = site.signed_in(Role::Lead, &[DORSET, DEVON]).await;
    assert_eq!(both_areas.get("/work").await.each("main li a"), ["Devon", "Dorset"]);
    site.done().await;
});
