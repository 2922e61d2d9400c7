//! Proof of service: a ledger signed off by a person, taken out as a PDF and a CSV, and compared with what came later.

use axum::http::StatusCode;
use entity::{delivery, mailing_sign_off, user::Role};
use lopdf::Document;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, QueryOrder as _};
use sha2::{Digest as _, Sha256};

use super::{add, at, by_post, deliver, dispatched, ledger, site as posted, write};
use crate::harness::{
    Engine, Site,
    people::{DEVON, DORSET},
    site::{Answer, Visitor},
    smtp::{Behaviour, SmtpServer, Step},
};

const THREE: [(&str, &str, &str); 3] = [
    ("PP-CAR", "Carers Centre", "office@carers.example.org"),
    ("PP-HWT", "Healthwatch Dorset", "office@healthwatch.example.org"),
    ("PP-VCS", "Citizens Advice", ""),
];
const GROUPS: [&str; 3] = ["PP-CAR", "PP-HWT", "PP-VCS"];

/// Signs a mailing's ledger off as its page stands.
async fn sign(officer: &mut Visitor<'_>, mailing: &str, note: &str) -> Answer {
    let at = format!("{mailing}/sign-offs");
    officer.submit(&at, &at, &[("confirm", "yes"), ("note", note)]).await
}

async fn count(site: &Site) -> usize {
    mailing_sign_off::Entity::find().all(site.app.db.read()).await.unwrap().len()
}

/// The words of a PDF, without the spaces between them: long ones go on in the next line.
fn words(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    assert!(!pages.is_empty());
    squeezed(&document.extract_text(&pages).unwrap())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[track_caller]
fn says(pdf: &str, what: &str) {
    assert!(pdf.contains(&squeezed(what)), "{what} is not in: {pdf}");
}

/// How often each kind of element stands in the structure that a screen reader reads.
fn tags(pdf: &[u8], kind: &str) -> usize {
    let document = Document::load_mem(pdf).unwrap();
    let is = |object: &lopdf::Object| {
        object.as_dict().is_ok_and(|dict| {
            dict.has(b"P")
                && dict.get(b"S").is_ok_and(|name| name.as_name().is_ok_and(|name| name == kind.as_bytes()))
        })
    };
    document.objects.values().filter(|object| is(object)).count()
}

/// The digest of a ledger, worked out from the CSV as the PDF says.
fn digest(csv: &[u8]) -> String {
    let mut rows = csv::Reader::from_reader(csv);
    let header = rows.headers().unwrap().clone();
    let mut all = Vec::new();
    for row in rows.records().map(Result::unwrap) {
        let of = |name: &str| row[header.iter().position(|column| column == name).unwrap()].to_owned();
        let email = hex::encode(Sha256::digest(of("email")));
        let rest = [
            "state",
            "reason",
            "text_sha256",
            "message_id",
            "server_answer",
            "tries",
            "first_tried_at",
            "changed_at",
        ];
        let mut line = vec![of("delivery_id"), of("stakeholder_id"), email];
        line.extend(rest.map(of));
        all.push(serde_json::to_string(&line).unwrap() + "\n");
    }
    assert!(!all.is_empty());
    all.sort();
    hex::encode(Sha256::digest(all.concat()))
}

by_post!(a_ledger_is_signed_off_and_taken_out_as_pdf_and_csv, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    server.when(Step::Rcpt, "healthwatch", Behaviour::Answer("550 5.1.1 no such user"), 1);
    let mailing = dispatched(&mut officer, &GROUPS, "engagement").await;
    let page = format!("{mailing}/sign-offs");
    let early = officer.get(&page).await;
    assert!(early.words("main").contains("This mailing is not over"), "{}", early.words("main"));
    assert!(early.attributes("main form", "action").is_empty());
    assert_eq!(deliver(&site).await, 2);
    assert!(officer.get(&mailing).await.words("main").contains("Proof of service : not signed off yet"));

    let unconfirmed = officer.submit(&page, &page, &[("note", "All is well")]).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unconfirmed.words(".nhsuk-error-summary").contains("Confirm the statement"));
    assert_eq!(unconfirmed.words("#note"), "All is well");
    assert_eq!(count(&site).await, 0);

    let form = officer.get(&page).await.form(&page);
    let mut fields: Vec<(&str, &str)> =
        form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    fields.retain(|(name, _)| *name != "note");
    fields.extend([("confirm", "yes"), ("note", "Healthwatch was told by telephone.")]);
    assert_eq!(officer.post(&page, &fields).await.led(), format!("{page}?said=signed"));
    assert_eq!(officer.post(&page, &fields).await.led(), format!("{page}?said=signed"), "posted twice");
    assert_eq!(count(&site).await, 1, "it is one");
    let shown = officer.get(&page).await;
    let said = shown.words("section");
    assert!(
        said.contains("As it stood then") && said.contains("Healthwatch was told by telephone."),
        "{said}"
    );
    assert!(said.contains("3 lines"), "{said}");
    assert!(officer.get(&mailing).await.words("main").contains("last signed off by"));
    let leads = officer.get(&format!("{mailing}/deliveries")).await.attributes("main a", "href");
    assert!(leads.contains(&page), "{leads:?}");

    let file = officer.get(&format!("{page}/1/proof.pdf")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert_eq!(file.headers["cache-control"], "no-store");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"proof-of-service-1.pdf\"");
    let entry = site.last_entry().await;
    assert_eq!((entry.action.as_str(), entry.subject_table.as_str()), ("export", "mailing_sign_offs"));
    let rows = ledger(&site, &mailing).await;
    let pdf = words(&file.body);
    says(&pdf, "Proof of service: Have your say in {{ stp }}");
    says(&pdf, "Come to the village hall.");
    says(&pdf, "Healthwatch was told by telephone.");
    for (_, name, address) in THREE {
        says(&pdf, name);
        says(&pdf, address);
    }
    says(&pdf, "550 5.1.1 no such user");
    says(&pdf, "No email address");
    assert_eq!(rows.len(), 3);
    let accepted = rows.iter().find(|row| row.state == delivery::State::Accepted).unwrap();
    for said in [&accepted.text_sha256, &accepted.message_id, &accepted.server_answer] {
        says(&pdf, said.as_ref().unwrap());
    }
    let signed = mailing_sign_off::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    says(&pdf, &signed.ledger_sha256);
    says(&pdf, &signed.signer_name);
    let anchor = entity::journal_entry::Entity::find().all(site.app.db.read()).await.unwrap();
    let own = anchor.into_iter().filter(|entry| entry.subject_id == signed.id);
    let anchor = own.min_by_key(|entry| entry.seq).unwrap();
    says(&pdf, &format!("Entry in the journal {} Hash of that entry {}", anchor.seq, anchor.hash));
    assert!(anchor.after.unwrap().contains(&signed.ledger_sha256));

    let csv = officer.get(&format!("{page}/1/deliveries.csv")).await;
    assert_eq!(digest(&csv.body), signed.ledger_sha256, "as the PDF says, from the file alone");
    assert_eq!(csv.body, officer.get(&format!("{mailing}/deliveries.csv")).await.body);
    assert_eq!(officer.get(&format!("{page}/2/proof.pdf")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(officer.get(&format!("{page}/x/proof.pdf")).await.status, StatusCode::NOT_FOUND);
    site.done().await;
});

by_post!(what_comes_later_is_another_sign_off_beside_it, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    server.when(Step::Data, "carers", Behaviour::Drop, 1);
    let mailing = dispatched(&mut officer, &GROUPS, "engagement").await;
    deliver(&site).await;
    let page = format!("{mailing}/sign-offs");
    assert!(officer.get(&page).await.words("main").contains("1 letter is uncertain"));
    let stale = officer.get(&page).await.form(&page);
    sign(&mut officer, &mailing, "As it is").await.led();
    let before = officer.get(&format!("{page}/1/deliveries.csv")).await.body;

    let mut rows = ledger(&site, &mailing).await.into_iter();
    let doubt = rows.find(|row| row.state == delivery::State::Uncertain).unwrap();
    let why = doubt.reason.clone().unwrap();
    let decision = [("decision", "leave"), ("delivery", doubt.id.as_str())];
    officer.post(&format!("{mailing}/decisions"), &decision).await.led();
    let changed = officer.get(&page).await;
    assert_eq!(changed.each("section").len(), 1);
    assert!(changed.words("section").contains("Has changed since"), "{}", changed.words("section"));

    let mut fields: Vec<(&str, &str)> =
        stale.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    fields.retain(|(name, _)| *name != "note");
    fields.extend([("confirm", "yes"), ("note", "Not looked at again")]);
    let refused = officer.post(&page, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.words(".nhsuk-error-summary").contains("The ledger has changed"));
    assert_eq!(refused.words("#note"), "Not looked at again");
    assert_eq!(count(&site).await, 1, "nobody signs what they did not see");

    sign(&mut officer, &mailing, "After the doubt was decided").await.led();
    let both = officer.get(&page).await.each("section");
    assert_eq!(both.len(), 2);
    assert!(both[0].contains("Sign-off 2") && both[0].contains("As it stood then"), "{both:?}");
    assert!(both[1].contains("Sign-off 1") && both[1].contains("Has changed since"), "{both:?}");

    let first = officer.get(&format!("{page}/1/proof.pdf")).await.body;
    let second = officer.get(&format!("{page}/2/proof.pdf")).await.body;
    says(&words(&first), &why);
    assert!(
        !words(&first).contains(&squeezed("a person decided")),
        "as it stood then, though it is made now"
    );
    says(&words(&second), "In doubt; a person decided to leave it");
    assert_eq!(officer.get(&format!("{page}/1/deliveries.csv")).await.body, before);
    site.done().await;
});

by_post!(the_same_sign_off_gives_the_same_bytes, |site, _server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &GROUPS, "engagement").await;
    deliver(&site).await;
    sign(&mut officer, &mailing, "").await.led();
    let at = format!("{mailing}/sign-offs/1/proof.pdf");
    let first = officer.get(&at).await.body;
    let kept =
        || async { entity::mailing_proof::Entity::find().one(site.app.db.read()).await.unwrap().unwrap() };
    assert_eq!(kept().await.pdf.as_ref(), Some(&first));
    assert_eq!(officer.get(&at).await.body, first, "as it was kept");
    site.app.clock.advance(chrono::TimeDelta::days(400));
    let mut forgotten = kept().await.into_active_model();
    forgotten.pdf = sea_orm::ActiveValue::Set(None);
    forgotten.update(site.app.db.writer()).await.unwrap();
    let mut officer = site.officer_again(DORSET).await;
    assert_eq!(officer.get(&at).await.body, first, "made again, on another day");
    site.done().await;
});

by_post!(the_pdf_is_tagged_and_says_what_language_it_is_in, |site, _server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &GROUPS, "engagement").await;
    deliver(&site).await;
    sign(&mut officer, &mailing, "").await.led();
    let pdf = officer.get(&format!("{mailing}/sign-offs/1/proof.pdf")).await.body;
    let document = Document::load_mem(&pdf).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en-GB");
    assert!(catalog.has(b"StructTreeRoot"));
    let metadata = document.get_object(catalog.get(b"Metadata").unwrap().as_reference().unwrap()).unwrap();
    let metadata = String::from_utf8(metadata.as_stream().unwrap().get_plain_content().unwrap()).unwrap();
    assert!(metadata.contains("pdfuaid:part"), "{metadata}");
    assert!(metadata.contains("Proof of service: Have your say"), "{metadata}");
    assert_eq!(tags(&pdf, "Table"), 7);
    assert_eq!(tags(&pdf, "THead"), 7);
    assert!(tags(&pdf, "TH") >= 19, "{}", tags(&pdf, "TH"));
    assert!(tags(&pdf, "H1") >= 8, "{}", tags(&pdf, "H1"));
    site.done().await;
});

by_post!(nothing_that_people_wrote_is_read_as_layout, |site, _server| {
    const HOSTILE: [&str; 4] =
        ["#read(\"/etc/passwd\")", "*a* _b_ @c $d$ = e \\ f <g>", "=1+1 ~ -- 'x' \"y\"", "#panic() /* z"];
    let names = HOSTILE.map(|name| ("PP-CAR", name, ""));
    let addressed: Vec<(&str, &str, String)> = names
        .iter()
        .enumerate()
        .map(|(n, (group, name, _))| (*group, *name, format!("o{n}@example.org")))
        .collect();
    let rows: Vec<(&str, &str, &str)> =
        addressed.iter().map(|(group, name, address)| (*group, *name, address.as_str())).collect();
    add(&site, &rows).await;
    add(
        &site,
        &[("PP-CAR", "陳 🥀 \u{202e}gro.elpmaxe", "cjk@example.org"), ("PP-CAR", "José Łoś شريف", "")],
    )
    .await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &["PP-CAR"], "engagement").await;
    assert_eq!(deliver(&site).await, 5);
    sign(&mut officer, &mailing, "#include \"x.typ\" $oops").await.led();
    let file = officer.get(&format!("{mailing}/sign-offs/1/proof.pdf")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    let pdf = words(&file.body);
    for name in HOSTILE {
        says(&pdf, name);
    }
    says(&pdf, "[U+9673] [U+1F940] [U+202E]gro.elpmaxe");
    says(&pdf, "José Łoś");
    says(&pdf, "#include \"x.typ\" $oops");
    assert!(!pdf.contains("root:"));
    assert!(!pdf.contains(".split("), "nor is the layout a text");
    let csv = officer.get(&format!("{mailing}/sign-offs/1/deliveries.csv")).await;
    let signed = mailing_sign_off::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(digest(&csv.body), signed.ledger_sha256);
    site.done().await;
});

by_post!(who_may_not_sign_does_not, |site, _server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &GROUPS, "engagement").await;
    deliver(&site).await;
    let page = format!("{mailing}/sign-offs");
    let form = officer.get(&page).await.form(&page);
    let mut fields: Vec<(&str, &str)> =
        form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    fields.push(("confirm", "yes"));
    for role in [Role::Approver, Role::National] {
        let own: &[&str] = if role == Role::Approver { &[DORSET] } else { &[] };
        let mut reader = site.signed_in(role, own).await;
        let seen = reader.get(&page).await;
        assert!(seen.words("main").contains("Nobody has signed this ledger off"), "{role:?}");
        assert!(seen.attributes("main form", "action").is_empty(), "{role:?}");
        assert_eq!(reader.post(&page, &fields).await.status, StatusCode::NOT_FOUND, "{role:?}");
    }
    let mut devon = site.officer(DEVON).await;
    for path in [page.clone(), page.replace(DORSET, DEVON)] {
        assert_eq!(devon.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(devon.post(&path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(count(&site).await, 0);
    let mut lead = site.signed_in(Role::Lead, &[DORSET]).await;
    sign(&mut lead, &mailing, "").await.led();
    let signed = mailing_sign_off::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(signed.signer_role, Role::Lead);
    site.done().await;
});

by_post!(what_was_cancelled_is_signed_off_where_letters_went, |site, server| {
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let never = write(&mut officer, &GROUPS, "engagement").await;
    assert!(officer.get(&format!("{never}/sign-offs")).await.words("main").contains("No letter"));
    officer.post(&format!("{never}/freezes"), &[]).await.led();
    officer.post(&format!("{never}/cancellations"), &[]).await.led();
    let page = format!("{never}/sign-offs");
    assert!(officer.get(&page).await.words("main").contains("cancelled before any letter"));
    let key = officer.get(&at("/new")).await.form(&at(""));
    let key = key.into_iter().find(|(name, _)| name == "form_key").unwrap().1;
    let refused = officer.post(&page, &[("form_key", &key), ("confirm", "yes")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);

    server.when(Step::Rcpt, "healthwatch", Behaviour::Answer("450 4.2.1 busy"), 1);
    let some = dispatched(&mut officer, &GROUPS, "engagement").await;
    assert_eq!(deliver(&site).await, 2);
    officer.post(&format!("{some}/cancellations"), &[]).await.led();
    sign(&mut officer, &some, "").await.led();
    let pdf = words(&officer.get(&format!("{some}/sign-offs/1/proof.pdf")).await.body);
    says(&pdf, "The mailing was cancelled");
    says(&pdf, "Accepted by the server");
    site.done().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_ledger_is_summed_up_and_its_lines_are_in_the_csv() {
    let server = SmtpServer::start().await;
    let site = posted(Engine::Sqlite, &server).await;
    add(&site, &THREE).await;
    let mut officer = site.officer(DORSET).await;
    let mailing = dispatched(&mut officer, &GROUPS, "engagement").await;
    deliver(&site).await;
    let mut rows = ledger(&site, &mailing).await.into_iter();
    let one = rows.find(|row| row.state == delivery::State::Accepted).unwrap();
    let more: Vec<delivery::Model> = (0..opendoor::sign_offs::LINES)
        .map(|n| delivery::Model {
            id: format!("{}-{n:05}", one.id),
            address: format!("reader{n}@example.org"),
            token_digest: format!("digest {n}"),
            me_digest: None,
            ..one.clone()
        })
        .collect();
    for rows in more.chunks(500) {
        let rows = rows.iter().map(|row| row.clone().into_active_model().reset_all());
        delivery::Entity::insert_many(rows).exec(site.app.db.writer()).await.unwrap();
    }
    let page = format!("{mailing}/sign-offs");
    let told = officer.get(&page).await.words("main");
    assert!(
        told.contains("This ledger has 2,003 lines. The PDF of more than 2,000 carries the totals"),
        "{told}"
    );
    sign(&mut officer, &mailing, "").await.led();
    let file = officer.get(&format!("{page}/1/proof.pdf")).await;
    let pdf = words(&file.body);
    says(&pdf, "This ledger has 2,003 lines");
    says(&pdf, "No email address 1");
    assert!(!pdf.contains("reader7@example.org"));
    let csv = officer.get(&format!("{page}/1/deliveries.csv")).await;
    assert_eq!(csv.text().lines().count(), 2004);
    let signed = mailing_sign_off::Entity::find().order_by_asc(mailing_sign_off::Column::Number);
    let signed = signed.one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(digest(&csv.body), signed.ledger_sha256);
    site.done().await;
}
