//! A sample: a mailing's letter as one recipient reads it, from its own sender, sent to whoever is writing it.
//!
//! It carries no file for a calendar, and is no delivery: nobody of the audience gets it, it is in no ledger, and its link opts nobody out. A copy of the
//! site that sends nothing sends no sample either.

use std::sync::Arc;

use super::{
    armed::{self, Standing},
    letter::{Links, Sheet},
    merge::Values,
};
use crate::{
    app::App,
    mail::{self, Carrier, Letter, Line, Outcome},
};

/// Sends `to` what the reader with these values would get, and says what became of it.
pub async fn send(app: &App, sheet: &Sheet, values: &Values, to: &str) -> anyhow::Result<Outcome> {
    if let Standing::Inert(why) = armed::check(app).await? {
        return Ok(Outcome::Unreached(why.to_owned()));
    }
    let of = &sheet.mailing;
    let identity = match app.senders.of(of.sender.as_deref(), &of.stp_code, of.sent_from.as_deref()) {
        Ok(identity) => identity,
        Err(why) => return Ok(Outcome::Rejected { answer: why, undeliverable: false }),
    };
    let base = app.config.face.base();
    let [out, answer, me] = ["u", "rsvp", "me"].map(|of| format!("{base}/{of}/…"));
    let content = match sheet.view(values, Links { out: &out, answer: &answer, me: &me }) {
        Ok(view) => view.content(&app.pages)?,
        Err(blank) => return Ok(Outcome::Rejected { answer: blank, undeliverable: false }),
    };
    let letter = Letter {
        id: app.chance.id(),
        from: identity.from.clone(),
        reply_to: identity.reply_to.clone(),
        return_path: None,
        to_name: None,
        to: to.to_owned(),
        subject: format!("[Sample] {}", content.subject),
        text: content.text,
        html: content.html,
        at: app.clock.now(),
        unsubscribe: None,
        unsubscribe_mail: None,
        attachments: sheet.files.clone(),
        signer: identity.signer.clone(),
    };
    let message = mail::message::build(&letter)?;
    let mut line = Line::new(Arc::new(Carrier::of(identity, &app.config)));
    let outcome = line.send(&sheet.stp.code, &message).await;
    line.close().await;
    Ok(outcome)
}
