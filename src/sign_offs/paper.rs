//! A sign-off as a document: what it says, in order; `proof.typ` says how it looks.
//!
//! It is made of what was kept when the ledger was signed off and of the journal's entry of that, so it is the same
//! whenever it is made.

use anyhow::Context as _;
use chrono::Datelike as _;
use entity::{delivery::State, journal_entry, mailing_sign_off::Model};
use serde_json::{Value, json};

use super::{
    LINES,
    rows::{Row, SHAPE},
    snapshot::{self, Facts},
};
use crate::{
    pdf,
    web::filters::{bytes, count, instant, thousands},
};

/// What the states say, and what they do not.
const STATES: &str = "“Accepted by the server” says that the mail server took the letter over; that it was read, nobody \
                      can say. “Rejected” is a server’s refusal, “Bounced” a letter that came back. “Uncertain” is a \
                      letter whose answer was never heard.";

/// Makes the PDF of a sign-off from what was kept of it and from its entry in the journal.
pub async fn make(sign_off: &Model, kept: Vec<u8>, anchor: &journal_entry::Model) -> anyhow::Result<Vec<u8>> {
    let lines = usize::try_from(sign_off.deliveries)?;
    let read = tokio::task::spawn_blocking(move || {
        let (facts, rows) = snapshot::open(&kept)?;
        // Of a long ledger none is held.
        let rows = if lines > LINES { Vec::new() } else { rows.collect::<anyhow::Result<Vec<Row>>>()? };
        anyhow::Ok((facts, rows))
    });
    let (facts, rows) = read.await?.context("what was signed off")?;
    let data = said(sign_off, &facts, &rows, anchor);
    pdf::make(include_str!("proof.typ"), data, sign_off.id.clone()).await
}

fn said(sign_off: &Model, facts: &Facts, rows: &[Row], anchor: &journal_entry::Model) -> Value {
    let lines = i64::from(sign_off.deliveries);
    let short = usize::try_from(lines).is_ok_and(|lines| lines <= LINES);
    let (out, to): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.state == State::Excluded);
    let title = format!("Proof of service: {}", facts.subject);
    json!({
        "title": title,
        "owner": facts.owner,
        "day": {
            "year": sign_off.signed_at.year(),
            "month": sign_off.signed_at.month(),
            "day": sign_off.signed_at.day(),
        },
        "footer": format!("{}, sign-off {} of mailing {}", facts.area, sign_off.number, facts.mailing),
        "opening": [
            format!(
                "This is {}’s record of one mailing of {}: what was sent, to whom, what the mail server answered, and \
                 who was left out and why. It is as it stood when it was signed off, {}.",
                facts.service, facts.area, instant(&sign_off.signed_at),
            ),
            "It holds names and addresses: keep it and pass it on as such. A character that cannot be printed here \
             stands as its Unicode number, as in [U+4E2D]; the CSV has it as it is.".to_owned(),
        ],
        "sign_off": signed(sign_off, anchor),
        "facts": mailed(facts),
        "steps": facts.steps.iter().map(|step| json!([instant(&step.at), step.done, step.by])).collect::<Vec<_>>(),
        "subject": facts.subject,
        "body": facts.body,
        "enclosed": enclosed(facts),
        "states": facts.states,
        "states_note": STATES,
        "left_out": facts.left_out,
        "check": check(sign_off, facts, anchor),
        "rows": short.then(|| to.into_iter().map(served).collect::<Vec<_>>()),
        "out": short.then(|| out.into_iter().map(left_out).collect::<Vec<_>>()),
        "too_many": format!(
            "This ledger has {}, more than a PDF can carry well. They are in the CSV of this sign-off, \
             deliveries.csv, which the digest above is of.",
            count(lines, "line", None),
        ),
    })
}

/// Terms with what is recorded under them; what is empty is left out.
fn pairs<const N: usize>(all: [(&str, String); N]) -> Value {
    let all = all.into_iter().filter(|(_, said)| !said.is_empty());
    all.map(|(term, said)| json!({ "term": term, "said": said })).collect()
}

fn signed(sign_off: &Model, anchor: &journal_entry::Model) -> Value {
    pairs([
        ("Signed off by", format!("{}, {}", sign_off.signer_name, sign_off.signer_role.name())),
        ("When", instant(&sign_off.signed_at)),
        ("What they confirmed", sign_off.statement.clone()),
        ("Their note", sign_off.note.clone().unwrap_or_default()),
        ("Lines of the ledger", thousands(i64::from(sign_off.deliveries))),
        ("SHA-256 of the ledger", sign_off.ledger_sha256.clone()),
        ("Entry in the journal", anchor.seq.to_string()),
        ("Hash of that entry", anchor.hash.clone()),
    ])
}

fn mailed(facts: &Facts) -> Value {
    pairs([
        ("Area", format!("{} ({})", facts.area, facts.area_code)),
        ("Sent for", facts.owner.clone()),
        ("Mailing", facts.mailing.clone()),
        ("Subject", facts.subject.clone()),
        ("Comes from", facts.sent_from.clone()),
        ("Purpose", facts.purpose.clone()),
        ("What it relies on", facts.relies_on.clone()),
        ("State", facts.state.clone()),
        ("SHA-256 of the text and its files", facts.text_sha256.clone()),
    ])
}

/// What went with the text and was hashed with it.
fn enclosed(facts: &Facts) -> Value {
    let size = |bytes_: usize| bytes(i64::try_from(bytes_).unwrap_or(i64::MAX));
    let files = facts.files.iter().map(|file| {
        let said = format!("{}, SHA-256 {}", size(file.bytes), file.sha256);
        json!({ "term": format!("File: {}", file.name), "said": said })
    });
    let event = facts.event.iter().map(
        |(event, told)| json!({ "term": "What it says of its event", "said": format!("{event} {told}") }),
    );
    event.chain(files).collect()
}

fn check(sign_off: &Model, facts: &Facts, anchor: &journal_entry::Model) -> Value {
    let mut text =
        "The digest of the text is the SHA-256 of its subject, two line feeds and its body, in UTF-8"
            .to_owned();
    if facts.event.is_some() {
        text.push_str("; then two line feeds and what it says of its event, as above");
    }
    if !facts.files.is_empty() {
        text.push_str("; then two line feeds and this list of its files: ");
        text.push_str(&facts.files_hashed);
    }
    if let Some(sender) = &facts.sender {
        text.extend(["; then two line feeds and the words “from ", sender, " ", &facts.sent_from, "”"]);
    }
    text.push_str(". Each recipient’s is the same of the subject and body with their own fields filled in.");
    json!([
        text,
        format!("Take deliveries.csv from the page of this sign-off. {SHAPE} It must be {}.", sign_off.ledger_sha256),
        "That page also works out the digest of the ledger as it is now, and says whether it has changed since."
            .to_owned(),
        format!(
            "The site’s journal is a chain of hashes: entry {} says who signed off, when, and the digest of the \
             ledger. “opendoor journal verify” goes through the chain; while that entry has the hash {}, nothing \
             up to it has been altered.",
            anchor.seq, anchor.hash,
        ),
    ])
}

/// A line of who was written to.
fn served(row: &Row) -> Value {
    let tries = i64::from(row.tries);
    let said = [row.reason.as_deref(), row.answer.as_deref()];
    let mut when = instant(&row.changed);
    if let Some(first) = row.first_tried.filter(|_| tries > 1) {
        when = format!("{when}\n{}, from {}", count(tries, "try", Some("tries")), instant(&first));
    }
    json!([
        called(row),
        row.state.name(),
        said.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        when,
        row.message_id.as_deref().unwrap_or_default(),
        row.text_sha256.as_deref().unwrap_or_default(),
    ])
}

fn left_out(row: &Row) -> Value {
    json!([called(row), row.reason.as_deref().unwrap_or_default()])
}

/// Name, organisation and address, each on its own line and once.
fn called(row: &Row) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in [&row.name, &row.organisation, &row.address].into_iter().flatten() {
        if !lines.contains(&line.as_str()) {
            lines.push(line);
        }
    }
    lines.join("\n")
}
