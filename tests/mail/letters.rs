//! The writing of letters: Markdown, templates with their versions, copies and samples.

use axum::http::StatusCode;
use entity::{delivery, journal_entry, letter_template_version};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::{add, at, by_post, deliver, write};
use crate::harness::{
    people::{DEVON, DORSET},
    site::Visitor,
    smtp::{Behaviour, Step},
};

const CARERS: [(&str, &str, &str); 1] = [("PP-CAR", "Carers *lead* <b>", "office@carers.example.org")];
const HOME: &str = "/work/stps/E54000041/letter-templates";
const TEXT: &str = "Dear {{ name }},\r\n\r\n# What happens next\r\n\r\n- **Read** [the draft plan](https://example.org/plan)\r\n\
                    - Come on 31 March\r\n\r\nThe team";

/// Posts a new form's fields and gives the answer.
async fn fresh(
    officer: &mut Visitor<'_>,
    new: &str,
    to: &str,
    fields: &[(&str, &str)],
) -> crate::harness::site::Answer {
    let form = officer.get(new).await.form(to);
    let key = form.iter().find(|(name, _)| name == "form_key").unwrap().1.clone();
    officer.post(to, &[&[("form_key", key.as_str())][..], fields].concat()).await
}

by_post!(a_letter_is_written_in_markdown_and_read_in_both_parts, |site, server| {
    add(&site, &CARERS).await;
    let mut officer = site.officer(DORSET).await;
    let fields = [("subject", "News"), ("body", TEXT), ("purpose", "engagement"), ("groups", "PP-CAR")];
    let mailing = fresh(&mut officer, &at("/new"), &at(""), &fields).await.led();
    let mailing = mailing.split('?').next().unwrap().to_owned();
    let preview = officer.get(&format!("{mailing}/preview")).await;
    assert_eq!(preview.each(".app-letter h2"), ["What happens next"]);
    assert_eq!(preview.each(".app-letter li strong"), ["Read"]);
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    assert_eq!(deliver(&site).await, 1);
    let received = server.received();
    let letter = mail_parser::MessageParser::default().parse(received[0].data.as_bytes()).unwrap();
    let text = letter.body_text(0).unwrap().replace("\r\n", "\n");
    assert!(text.starts_with("Dear Carers *lead* <b>,\n\nWhat happens next\n"), "{text}");
    assert!(
        text.contains("- Read the draft plan <https://example.org/plan>\n- Come on 31 March\n"),
        "{text}"
    );
    let html = letter.body_html(0).unwrap();
    assert!(html.contains("Dear Carers *lead* &lt;b&gt;,"), "what a field says is words: {html}");
    assert!(html.contains(r#"<a href="https://example.org/plan">the draft plan</a>"#), "{html}");
    assert!(!html.contains("<img"), "no pixel");
    site.done().await;
});

by_post!(what_cannot_be_sent_is_refused_with_its_line, |site, server| {
    add(&site, &CARERS).await;
    let mut officer = site.officer(DORSET).await;
    for (body, said) in [
        ("Dear all,\r\n<b>now</b>", "Line 2:"),
        ("![us](https://example.org/us.png)", "Line 1:"),
        ("One\r\n\r\nSee [here](https://example.org)", "Line 3:"),
        ("[plan](javascript:alert(1))", "Line 1:"),
        ("Dear {{ organisaton }}", "{{ organisaton }}"),
    ] {
        let fields = [("subject", "News"), ("body", body), ("purpose", "engagement"), ("groups", "PP-CAR")];
        let refused = fresh(&mut officer, &at("/new"), &at(""), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let shown = refused.words(".nhsuk-error-summary");
        assert!(shown.contains(said), "{body}: {shown}");
        assert_eq!(
            refused.words("#body"),
            body.replace("\r\n", " ").split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    assert!(server.received().is_empty());
    site.done().await;
});

by_post!(templates_are_kept_in_every_version_and_copied, |site, _server| {
    add(&site, &CARERS).await;
    let mut officer = site.officer(DORSET).await;
    assert!(officer.get(HOME).await.words("main").contains("No letter is kept yet"));
    let wrong = [("name", ""), ("subject", "Hello {{ nmae }}"), ("body", "<i>"), ("purpose", "engagement")];
    let refused = fresh(&mut officer, &format!("{HOME}/new"), HOME, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.each(".nhsuk-error-summary li").len(), 3, "{}", refused.words(".nhsuk-error-summary"));
    let first =
        [("name", "Drop-in"), ("subject", "Come"), ("body", "Dear {{ name }}"), ("purpose", "service")];
    let led = fresh(&mut officer, &format!("{HOME}/new"), HOME, &first).await.led();
    let template = led.split('?').next().unwrap().to_owned();
    let mut form = officer.get(&format!("{template}/edit")).await.form(&template);
    for (name, value) in &mut form {
        if name == "body" {
            "Dear {{ name }},\r\n\r\nDo come.".clone_into(value);
        }
    }
    let second: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    officer.post(&template, &second).await.led();
    let late = officer.post(&template, &second).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.words("main").contains("Somebody else has changed this template"));
    let now = officer.get(&template).await.words("main");
    assert!(now.contains("Do come.") && now.contains("version 2"), "{now}");
    let then = officer.get(&format!("{template}?version=1")).await.words("main");
    assert!(!then.contains("Do come.") && then.contains("This is version 1, not the last"), "{then}");
    assert_eq!(letter_template_version::Entity::find().count(site.app.db.read()).await.unwrap(), 2);
    assert_eq!(officer.get(&format!("{template}?version=3")).await.status, StatusCode::NOT_FOUND);

    // A mailing starts from its text and stays as it is.
    let id = template.rsplit('/').next().unwrap();
    let new = officer.get(&format!("{}?template={id}", at("/new"))).await;
    assert_eq!(new.words("#body"), "Dear {{ name }}, Do come.");
    assert_eq!(new.attributes("[name=purpose][checked]", "value"), ["service"]);
    let mailing = write(&mut officer, &["PP-CAR"], "statutory").await;
    let copy = officer.get(&format!("{}?copy={}", at("/new"), mailing.rsplit('/').next().unwrap())).await;
    assert_eq!(copy.attributes("#subject", "value"), ["Have your say in {{ stp }}"]);
    assert_eq!(copy.attributes("[name=groups][checked]", "value"), ["PP-CAR"]);
    let kept = officer.get(&format!("{HOME}/new?mailing={}", mailing.rsplit('/').next().unwrap())).await;
    assert_eq!(kept.attributes("#subject", "value"), ["Have your say in {{ stp }}"]);

    officer.post(&format!("{template}/removals"), &[]).await.led();
    assert!(officer.get(HOME).await.words("main").contains("No letter is kept yet"));
    officer.post(&format!("{template}/returns"), &[]).await.led();
    assert!(officer.get(HOME).await.words("main").contains("Drop-in"));
    // Another area neither reads it nor writes from it.
    let mut devon = site.officer(DEVON).await;
    assert_eq!(devon.get(&template).await.status, StatusCode::NOT_FOUND);
    let theirs = devon.get(&format!("/work/stps/{DEVON}/mailings/new?template={id}")).await;
    assert_eq!(theirs.words("#body"), "");
    site.done().await;
});

by_post!(a_sample_goes_to_whoever_writes_and_to_nobody_else, |site, server| {
    add(&site, &CARERS).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &["PP-CAR"], "engagement").await;
    let form = officer.get(&format!("{mailing}/preview")).await.form(&format!("{mailing}/samples"));
    let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let led = officer.post(&format!("{mailing}/samples"), &fields).await.led();
    assert!(officer.get(&led).await.words("main").contains("The sample is on its way"));
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert!(
        received[0].to.starts_with("officer."),
        "not the recipient whose letter it is: {}",
        received[0].to
    );
    let letter = mail_parser::MessageParser::default().parse(received[0].data.as_bytes()).unwrap();
    assert_eq!(letter.subject().unwrap(), "[Sample] Have your say in Dorset");
    assert!(letter.header("List-Unsubscribe").is_none(), "nobody is opted out by it");
    assert_eq!(delivery::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    let noted = journal_entry::Entity::find().filter(journal_entry::Column::Action.eq("sample"));
    assert_eq!(noted.count(site.app.db.read()).await.unwrap(), 1);
    server.when(Step::Rcpt, "", Behaviour::Answer("550 5.1.1 no such user"), 1);
    let refused = officer.post(&format!("{mailing}/samples"), &fields).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.words(".nhsuk-error-summary").contains("no such user"), "{}", refused.words("main"));
    // Nobody reads it as somebody who is not in the audience.
    let other = officer.post(&format!("{mailing}/samples"), &[("as", "nobody")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    site.done().await;
});
