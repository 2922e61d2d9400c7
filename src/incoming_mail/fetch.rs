//! Reads the mailbox once a minute, where one is set and this copy is the one that sends.
//!
//! ```text
//! settings ─► armed? ─► mail::imap: a turn ─► take, mail by mail ─► moved to the folder of what was taken in
//! ```
//!
//! Settings are read anew each turn: a changed password needs no restart. Two processes on one database may read at
//! once: whoever comes second is told that the mail is known.

use std::{sync::Arc, time::Duration};

use super::{Taken, take};
use crate::{
    app::App,
    mail::imap::{Message, Place, Server, Turn},
    mailings::armed::{self, Standing},
};

/// How often the mailbox is read.
const PAUSE: Duration = Duration::from_mins(1);

/// Works until the product stops. A turn that is dropped then loses nothing.
pub async fn work(app: Arc<App>) -> anyhow::Result<()> {
    if app.config.inbox.imap_host.is_none() {
        return Ok(());
    }
    let mut place = Place::default();
    loop {
        let more = tokio::select! {
            () = app.tasks.stopped() => return Ok(()),
            read = turn(&app, &mut place) => match read {
                Ok(read) => read.is_some_and(|turn| report(&turn)),
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "the mailbox could not be read; trying again");
                    false
                }
            },
        };
        if !more {
            tokio::select! {
                () = app.tasks.stopped() => return Ok(()),
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}

/// One turn; none where no mailbox is set, or where this copy is not the one that sends: what came back is another's to
/// take in. An error is one from before the first mail.
pub async fn turn(app: &Arc<App>, place: &mut Place) -> anyhow::Result<Option<Turn<Taken>>> {
    let Some(server) = Server::new(&app.config.inbox)? else { return Ok(None) };
    if !matches!(armed::standing(app).await?, Some(Standing::Armed(_))) {
        return Ok(None);
    }
    let take_in = |message: Message| {
        let app = app.clone();
        async move { take(&app, message.bytes).await }
    };
    server.turn(place, take_in).await.map(Some)
}

/// Says to the log what a turn left. Gives whether more waits that can be read at once.
fn report(turn: &Turn<Taken>) -> bool {
    for failed in &turn.failed {
        tracing::warn!(uid = failed.uid, step = %failed.step, why = failed.why, "a mail was left in the mailbox");
    }
    if turn.cut > 0 {
        tracing::warn!(
            mails = turn.cut,
            "mails were too long and are taken in cut; they are whole in the mailbox"
        );
    }
    if let Some(error) = &turn.broken {
        tracing::warn!(error = format!("{error:#}"), "the mailbox was not read to its end");
    }
    turn.more && turn.broken.is_none()
}
