//! One line of the worker: takes a claimed delivery, opens the way, looks a last time, hands the letter over.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::delivery;
use lettre::message::Mailbox;
use tokio::sync::{Mutex, mpsc};

use super::{
    ledger::{Settled, Verdict},
    letter::{Links, Sheet},
    look,
    merge::Values,
    token,
};
use crate::{
    app::App,
    invitations::calendar::{self, Organiser},
    mail::{
        self, Carrier, Letter, Line, Outcome, dkim::Signer, message::Attachment, opt_out,
        return_path::ReturnPath,
    },
};

/// A claimed delivery with the sheet that it is written on.
pub struct Parcel {
    pub delivery: delivery::Model,
    pub sheet: Arc<Sheet>,
    /// The head of the journal as of which nothing stops it; none where it has to be looked at.
    pub clear_at: Option<i64>,
}

/// What all lines share.
pub struct Desk {
    pub app: Arc<App>,
    pub carrier: Arc<Carrier>,
    pub key: token::Key,
    pub from: Mailbox,
    pub reply_to: Mailbox,
    /// What each letter's return path is made of; none where all return to where they come from.
    pub return_path: Option<ReturnPath>,
    /// Signs letters; none where the mail server does, or nobody.
    pub signer: Option<Signer>,
}

/// Carries parcels until there are no more.
pub async fn run(
    desk: Arc<Desk>,
    parcels: Arc<Mutex<mpsc::Receiver<Parcel>>>,
    answers: mpsc::Sender<Settled>,
) {
    let mut line = Line::new(desk.carrier.clone());
    loop {
        let parcel = parcels.lock().await.recv().await;
        let Some(parcel) = parcel else { break };
        let verdict = match carry(&desk, &mut line, &parcel).await {
            Ok(verdict) => verdict,
            Err(error) => {
                tracing::error!(
                    delivery = parcel.delivery.id,
                    error = format!("{error:#}"),
                    "the last look at a letter failed; it waits"
                );
                let until = desk.app.clock.now() + TimeDelta::minutes(1);
                Verdict::Unreached { why: "The database could not be read before sending".into(), until }
            }
        };
        if answers.send(Settled { delivery: parcel.delivery, verdict }).await.is_err() {
            break;
        }
    }
    line.close().await;
}

async fn carry(desk: &Desk, line: &mut Line, parcel: &Parcel) -> anyhow::Result<Verdict> {
    let delivery = &parcel.delivery;
    loop {
        if let Some(verdict) = look::last(desk, parcel).await? {
            return Ok(verdict);
        }
        let now = desk.app.clock.now();
        match line.open().await {
            Ok(false) => {}
            // That took as long as the server liked: whoever has opted out meanwhile gets nothing.
            Ok(true) => continue,
            // Until when is for the worker to say.
            Err(why) => return Ok(Verdict::Unreached { why, until: now }),
        }
        let made = compose(desk, parcel, now).and_then(|letter| mail::message::build(&letter));
        let built = match made {
            Ok(built) => built,
            Err(error) => return Ok(Verdict::Deferred(format!("The letter could not be made: {error:#}"))),
        };
        return Ok(match line.hand_over(&delivery.stp_code, &built).await {
            // The server had hung up since the last letter.
            None => continue,
            Some(Outcome::Accepted(answer)) => Verdict::Accepted { answer, message_id: built.message_id },
            Some(Outcome::Deferred(answer)) => Verdict::Deferred(answer),
            Some(Outcome::Rejected { answer, undeliverable }) => Verdict::Rejected { answer, undeliverable },
            Some(Outcome::Uncertain(why)) => Verdict::Uncertain(why),
            Some(Outcome::Unreached(why)) => Verdict::Unreached { why, until: now },
        });
    }
}

/// The letter of a delivery, which says what was frozen or is refused.
fn compose(desk: &Desk, parcel: &Parcel, at: DateTime<Utc>) -> anyhow::Result<Letter> {
    let delivery = &parcel.delivery;
    let values: Values = serde_json::from_str(&delivery.merge)?;
    let base = desk.app.config.face.base();
    let link = format!("{base}/u/{}", desk.key.token(&delivery.id));
    let answer =
        parcel.sheet.invitation.as_ref().map(|_| format!("{base}/rsvp/{}", desk.key.rsvp(&delivery.id)));
    // One that was frozen before there were such links has none.
    let me = delivery.me_digest.as_ref().map(|_| format!("{base}/me/{}", desk.key.me(&delivery.id)));
    let links = Links {
        out: &link,
        answer: answer.as_deref().unwrap_or_default(),
        me: me.as_deref().unwrap_or_default(),
    };
    let view = parcel.sheet.view(&values, links).map_err(anyhow::Error::msg)?;
    let content = view.content(&desk.app.pages)?;
    anyhow::ensure!(
        delivery.text_sha256.as_ref() == Some(&content.sha256),
        "the text is not the one that was frozen"
    );
    let mut attachments = Vec::new();
    if let Some(invitation) = &parcel.sheet.invitation {
        let address = desk.reply_to.email.to_string();
        let organiser = Organiser { name: &parcel.sheet.stp.display_name, address: &address };
        let entry = calendar::file(&invitation.event, &invitation.told, &organiser, &base);
        let entry =
            entry.map(|text| Attachment::text("invitation.ics", calendar::KIND, &text)).transpose()?;
        attachments.extend(entry);
    }
    attachments.extend_from_slice(&parcel.sheet.files);
    let path = desk.return_path.as_ref();
    let mailbox = opt_out::mailbox(&desk.app.config, desk.app.senders.own());
    let asked = opt_out::link(path, mailbox, &delivery.id, &delivery.token_digest);
    Ok(Letter {
        id: delivery.id.clone(),
        from: desk.from.clone(),
        reply_to: desk.reply_to.clone(),
        return_path: path.and_then(|path| path.of(&delivery.id, &delivery.token_digest)),
        to_name: delivery.display_name.clone(),
        to: delivery.address.clone(),
        subject: content.subject,
        text: content.text,
        html: content.html,
        at,
        unsubscribe: parcel.sheet.may_opt_out().then_some(link),
        unsubscribe_mail: asked.filter(|_| parcel.sheet.may_opt_out()),
        attachments,
        signer: desk.signer.clone(),
    })
}
