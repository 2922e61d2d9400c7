//! Files that go with a mailing: added to its draft, frozen with it, in every letter.

use axum::http::StatusCode;
use entity::{delivery::State, mailing_file};
use mail_parser::MimeHeaders as _;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _};

use super::{add, by_post, deliver, states, write};
use crate::harness::{people::DORSET, site::Visitor};

const TWO: [(&str, &str, &str); 2] = [
    ("PP-CAR", "Carers lead", "office@carers.example.org"),
    ("PP-HWT", "Healthwatch Dorset", "office@healthwatch.example.org"),
];

/// A PDF of so many bytes, of every value.
fn pdf(bytes: usize) -> Vec<u8> {
    b"%PDF-1.7\n".iter().copied().chain((0..=255).cycle()).take(bytes).collect()
}

async fn attach(
    officer: &mut Visitor<'_>,
    mailing: &str,
    name: &str,
    content: &[u8],
) -> crate::harness::site::Answer {
    officer.post_file(&format!("{mailing}/files"), &[], name, content).await
}

by_post!(a_file_goes_with_every_letter_as_it_was_frozen, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &["PP-CAR", "PP-HWT"], "engagement").await;
    let (plan, figures) = (pdf(300_000), "Ward,Number\r\nPoole,12\r\n".as_bytes());
    let led = attach(&mut officer, &mailing, "Draft plan – café.pdf", &plan).await.led();
    assert_eq!(led, format!("{mailing}?said=attached"));
    attach(&mut officer, &mailing, "Draft plan – café.pdf", &plan).await.led();
    attach(&mut officer, &mailing, "Mistake.txt", b"Not this").await.led();
    attach(&mut officer, &mailing, "Figures.csv", figures).await.led();
    let page = officer.get(&mailing).await;
    let listed = page.each("#files ~ dl dt");
    assert_eq!(listed, ["Draft plan – café.pdf", "Mistake.txt", "Figures.csv"], "twice is once");
    let links = page.attributes("#files ~ dl dt a", "href");
    let file = officer.get(&links[0]).await;
    assert_eq!(file.body, plan);
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename*=UTF-8''Draft%20plan%20%E2%80%93%20caf%C3%A9.pdf"
    );
    officer.post(&format!("{}/removals", links[1]), &[]).await.led();
    assert_eq!(officer.get(&links[1]).await.status, StatusCode::NOT_FOUND);
    officer.post(&format!("{}/removals", links[1]), &[]).await.led();
    let preview = officer.get(&format!("{mailing}/preview")).await;
    assert!(
        preview.words("dl").contains("Attached Draft plan – café.pdf , 293 KB"),
        "{}",
        preview.words("dl")
    );

    // Whoever writes it gets the files in a sample, and a copy of the mailing has them too.
    let who = preview.attributes("form[action$=samples] input[name=as]", "value")[0].clone();
    officer.post(&format!("{mailing}/samples"), &[("as", &who)]).await.led();
    let copied = format!("/work/stps/{DORSET}/mailings/new?copy={}", mailing.rsplit('/').next().unwrap());
    let mailings = format!("/work/stps/{DORSET}/mailings");
    let copy = officer.submit(&copied, &mailings, &[]).await.led();
    assert_eq!(officer.get(&copy).await.each("#files ~ dl dt"), ["Draft plan – café.pdf", "Figures.csv"]);

    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    let frozen = officer.get(&mailing).await;
    assert_eq!(frozen.each("#files ~ dl dt").len(), 2);
    assert_eq!(frozen.each("input[type=file]").len(), 0, "what was frozen is what goes");
    let late = attach(&mut officer, &mailing, "Late.txt", b"Late").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let late = officer.post(&format!("{}/removals", links[0]), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    assert_eq!(deliver(&site).await, 2);
    let received = server.received();
    assert_eq!(received.len(), 3);
    for message in received {
        let letter = mail_parser::MessageParser::default().parse(message.data.as_bytes()).unwrap();
        assert_eq!(letter.attachment_count(), 2);
        let names: Vec<_> = letter.attachments().map(|part| part.attachment_name().unwrap()).collect();
        assert_eq!(names, ["Draft plan – café.pdf", "Figures.csv"]);
        assert_eq!(letter.attachment(0).unwrap().contents(), plan);
        assert_eq!(letter.attachment(1).unwrap().contents(), figures);
        assert!(letter.body_text(0).unwrap().contains("Come to the village hall."));
    }
    site.done().await;
});

by_post!(a_file_that_cannot_go_is_refused_with_whom_it_touches, |site, server| {
    add(&site, &TWO).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = write(&mut officer, &["PP-CAR", "PP-HWT"], "engagement").await;
    for (name, content, said) in [
        ("Plan.pdf", pdf(10 << 20), "This file is 10 MB. The files of a mailing can have 7 MB together"),
        ("Plan.pdf", pdf(17 << 20), "This file is larger than 16 MB."),
        ("Plan.exe", b"MZ".to_vec(), "The file must be a PDF, a Word"),
        ("Plan.pdf", b"MZ".to_vec(), "and hold what its name says"),
        ("Plan.pdf", Vec::new(), "Choose a file that is not empty"),
        ("", Vec::new(), "Choose a file"),
    ] {
        let page = attach(&mut officer, &mailing, name, &content).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.words("#file-error").contains(said), "{}", page.words("#file-error"));
        if content.len() > 1_000 {
            assert!(page.words("#file-error").contains("none of the 2 addresses on the list"));
        }
        assert_eq!(page.attributes(".nhsuk-error-summary a", "href"), ["#file"]);
    }
    assert_eq!(mailing_file::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    for number in 1..=5 {
        attach(&mut officer, &mailing, &format!("{number}.txt"), b"words").await.led();
    }
    assert_eq!(officer.get(&mailing).await.each("input[type=file]").len(), 0, "there is no room");
    let sixth = attach(&mut officer, &mailing, "6.txt", b"words").await;
    assert!(sixth.words(".nhsuk-error-summary").contains("A mailing can have 5 files"));

    // What is not as it was added goes to nobody.
    officer.post(&format!("{mailing}/freezes"), &[]).await.led();
    officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
    let row = mailing_file::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    let forged = mailing_file::Model { content: b"other words".to_vec(), ..row };
    mailing_file::Entity::update(forged.into_active_model().reset_all())
        .exec(site.app.db.writer())
        .await
        .unwrap();
    deliver(&site).await;
    assert_eq!(states(&site, &mailing).await, [State::Queued, State::Queued]);
    let paused = officer.get(&mailing).await.words(".nhsuk-inset-text");
    assert!(paused.contains("It cannot be sent as it was frozen: file "), "{paused}");
    assert!(server.received().is_empty());
    site.done().await;
});
