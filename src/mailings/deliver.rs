//! The worker: sends what is due, so that nobody is missed and nobody is silently written to twice.
//!
//! ```text
//!           ┌───────────── exchange: write answers down, claim the next few, COMMIT ◄───────────┐
//!           ▼                                                                                   │
//!   parcels (`sending` on disk) ─► lines: last look ─ SMTP ─ no transaction open ─► answers ────┘
//! ```
//!
//! Answers are gathered for 20 ms, or until half of what was claimed is answered, so that the lines have something to do
//! meanwhile. How many letters are claimed at once follows how fast they are answered ([`ways`](super::ways)); [`WINDOW`]
//! at most. Against a slow server a kill leaves a dozen in
//! doubt, against a fast one commits are shared by hundreds.
//!
//! A server that cannot be reached is nobody's failure: the letters of its sender rest, longer each time, and go on by
//! themselves. A mailing whose sender will not do any more is paused, since a person has to say what then.
//! Ten letters in a row that a server did not take pause their mailing, since something is wrong with it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{delivery::Model, event, mailing, stp};
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::{
    armed::{self, Standing},
    files, find,
    ledger::{self, Claimer, Settled, Verdict},
    letter::{self, Sheet},
    line::Parcel,
    look::Clear,
    optouts,
    presence::Presence,
    queue::{Queue, Wants},
    record, token,
    ways::Ways,
};
use crate::{app::App, invitations::Invitation, journal::Actor, web::filters};

/// The most deliveries that are `sending` at once, and so in doubt after a crash.
pub const WINDOW: usize = 256;
/// How late a mailing may start by itself.
const LATE: TimeDelta = TimeDelta::hours(1);
/// How many letters in a row that were not taken pause a mailing.
pub const FAILURES: u32 = 10;
/// How often an idle worker looks for work.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a worker is there before it claims beside others under a limit: they look at each turn.
const SEEN: TimeDelta = TimeDelta::seconds(5);
/// How long a worker takes it that everything has to wait, without looking again: another mailing may be begun.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);

/// A worker of the ledger.
pub struct Worker {
    app: Arc<App>,
    key: token::Key,
    ways: Ways,
    presence: Presence,
    /// What is known and not yet written down: kept while the database cannot be written.
    owed: Vec<Settled>,
    /// Letters in a row that were not taken, by mailing.
    failures: HashMap<String, u32>,
    sheets: HashMap<String, Arc<Sheet>>,
    queue: Queue,
    /// Until when everything that is due has to wait.
    waits_until: Option<DateTime<Utc>>,
    /// Until when this worker claims nothing, so that others have seen it.
    quiet_until: Option<DateTime<Utc>>,
    /// Which copy of the site this is, as `armed` knows it; none until it is armed.
    sender: Option<String>,
}

/// Works until the product stops.
pub async fn work(app: Arc<App>) -> anyhow::Result<()> {
    let mut worker = None;
    while !app.tasks.stopping() {
        if let Err(error) = turn(&app, &mut worker).await {
            tracing::error!(error = format!("{error:#}"), "mail could not be worked on; trying again");
        }
        tokio::select! {
            () = app.tasks.stopped() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    Ok(())
}

async fn turn(app: &Arc<App>, worker: &mut Option<Worker>) -> anyhow::Result<()> {
    if worker.is_none() {
        *worker = Worker::start(app).await?;
    }
    if let Some(worker) = worker {
        worker.deliver_due().await?;
    }
    Ok(())
}

impl Worker {
    /// Starts a worker. Gives none where this database has the one that it can have.
    pub async fn start(app: &Arc<App>) -> anyhow::Result<Option<Self>> {
        let Some(presence) = Presence::take(app).await? else { return Ok(None) };
        let key = token::Key::open(&app.config.store.data, &app.chance)?;
        Ok(Some(Self {
            queue: Queue::new(app.config.post.limits()?, app.senders.clone()),
            ways: Ways::new(app, &key),
            key,
            waits_until: None,
            quiet_until: None,
            app: app.clone(),
            presence,
            owed: Vec::new(),
            failures: HashMap::new(),
            sheets: HashMap::new(),
            sender: None,
        }))
    }

    /// Sends everything that is due, and gives how many letters were handed over. Ends early, at a safe point, when
    /// the product stops or no server can be reached.
    pub async fn deliver_due(&mut self) -> anyhow::Result<usize> {
        self.presence.renew().await?;
        match armed::check(&self.app).await? {
            Standing::Armed(sender) => self.sender = Some(sender),
            Standing::Inert(why) => {
                if self.app.inert.set(Some(why)) {
                    tracing::warn!(why, "this copy sends no mail until `opendoor mail arm` says that it may");
                }
                return Ok(0);
            }
        }
        self.app.inert.set(None);
        let owed: Vec<String> = self.owed.iter().map(|one| one.delivery.id.clone()).collect();
        let now = self.app.clock.now();
        let doubts = ledger::recover(&self.app.db, &self.presence, now, &owed).await?;
        if doubts > 0 {
            tracing::warn!(doubts, "letters were being sent when a worker stopped: a person is to decide");
        }
        self.hold_late().await?;
        self.hold_unsent().await?;
        let waits = self.share().await?;
        let due = !waits && self.any_due().await?;
        let sent = if due || !self.owed.is_empty() { self.round().await? } else { 0 };
        self.finish().await?;
        Ok(sent)
    }

    /// Sees who else is at work, since limits are shared out. Gives whether this worker has nothing to claim for now.
    async fn share(&mut self) -> anyhow::Result<bool> {
        let now = self.app.clock.now();
        let (own, workers) = self.presence.workers(self.app.db.read()).await?;
        if self.queue.beside(own, &workers) {
            self.waits_until = None;
            if workers.len() > 1 && self.queue.is_limited() {
                self.quiet_until = Some(now + SEEN);
            }
        }
        let later = |until: Option<DateTime<Utc>>| until.is_some_and(|until| now < until);
        Ok(later(self.waits_until) || later(self.quiet_until))
    }

    /// Pauses what was to start long ago and did not: a person looks whether it is still right.
    async fn hold_late(&mut self) -> anyhow::Result<()> {
        for mailing in ledger::late(self.app.db.read(), self.app.clock.now() - LATE).await? {
            let was = mailing.starts_at.as_ref().map(filters::instant).unwrap_or_default();
            let why = format!(
                "It was to start on {was}, and nothing was sent for more than an hour. Look whether it is still \
                 right, then go on or cancel it."
            );
            self.pause(&mailing.id, &why).await?;
        }
        Ok(())
    }

    /// Pauses what has no sender any more.
    async fn hold_unsent(&mut self) -> anyhow::Result<()> {
        for mailing in ledger::sending(self.app.db.read()).await? {
            let sender = mailing.sender.as_deref();
            let fit = self.app.senders.of(sender, &mailing.stp_code, mailing.sent_from.as_deref());
            if let Err(why) = fit {
                let why = format!(
                    "{why} Ask whoever runs this site to put that right, then go on; or cancel it, and send a copy of \
                     it from another sender."
                );
                self.pause(&mailing.id, &why).await?;
            }
        }
        Ok(())
    }

    /// Whether anything is due whose sender's server is not left alone for now.
    async fn any_due(&self) -> anyhow::Result<bool> {
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let mailings = ledger::sending(conn).await?;
        let awake =
            mailings.iter().filter(|m| !self.ways.rests(m.sender.as_deref().unwrap_or_default(), now));
        Ok(ledger::any_due(conn, awake, now).await?)
    }

    /// Exchanges and sends until nothing is due.
    async fn round(&mut self) -> anyhow::Result<usize> {
        self.sheets.clear();
        let mut lines = self.ways.lines();
        let mut sent = 0;
        let ended = loop {
            let wants = if self.app.tasks.stopping() {
                Wants::new()
            } else {
                self.ways.wants(&lines, self.app.clock.now())
            };
            match self.exchange(&wants).await {
                Ok(claimed) => {
                    for parcel in claimed {
                        lines.send(parcel).await?;
                    }
                }
                Err(error) => break Err(error),
            }
            if lines.in_flight() == 0 && self.owed.is_empty() {
                if self.soon().await {
                    continue;
                }
                break Ok(());
            }
            if lines.in_flight() == 0 {
                continue;
            }
            for (sender, answer) in lines.answers().await? {
                sent += usize::from(self.heard(&sender, answer));
            }
        };
        // No more parcels; whatever is under way is waited for, and owed where it cannot be written down now.
        for (sender, answer) in lines.close().await {
            sent += usize::from(self.heard(&sender, answer));
        }
        ended.map(|()| sent)
    }

    /// Waits where the next letter may go within a second, so that a limit such as 10/s is kept and used. Gives whether
    /// it is time.
    async fn soon(&self) -> bool {
        let Some(until) = self.waits_until else { return false };
        let wait = until - self.app.clock.now();
        let Some(wait) = wait.to_std().ok().filter(|wait| *wait < Duration::from_secs(1)) else {
            return false;
        };
        tokio::select! {
            () = self.app.tasks.stopped() => false,
            () = tokio::time::sleep(wait) => self.app.clock.now() >= until,
        }
    }

    /// Takes an answer in of a sender's letter; it is owed to the ledger from now on. Gives whether a letter was handed
    /// over.
    fn heard(&mut self, sender: &str, mut answer: Settled) -> bool {
        let failures = self.failures.entry(answer.delivery.mailing_id.clone()).or_default();
        let handed_over = match &mut answer.verdict {
            Verdict::Accepted { .. } => {
                *failures = 0;
                true
            }
            Verdict::Deferred(said) => {
                *failures += 1;
                let Model { mailing_id, address, .. } = &answer.delivery;
                self.queue.heard(self.app.clock.now(), mailing_id, address, said);
                true
            }
            Verdict::Rejected { .. } | Verdict::Uncertain(_) => {
                *failures += 1;
                true
            }
            Verdict::Unreached { until, .. } => {
                let now = self.app.clock.now();
                // An outage must not use up a new sender's day.
                self.queue.unused();
                *until = (*until).max(self.ways.unreached(sender, now));
                false
            }
            Verdict::Excluded(_) | Verdict::Cancelled | Verdict::Released => false,
        };
        if handed_over {
            self.ways.reached(sender);
        }
        self.owed.push(answer);
        handed_over
    }

    /// Writes down what is owed and claims as many more as are wanted.
    async fn exchange(&mut self, wants: &Wants) -> anyhow::Result<Vec<Parcel>> {
        // First, so that a crash between the two leaves a doubt and not an address that is tried for ever.
        for one in &self.owed {
            if let Verdict::Rejected { answer, undeliverable: true } = &one.verdict {
                let mut w = self.app.write_as(Actor::System, "mail").await?;
                if optouts::undeliverable(&mut w, &one.delivery, answer).await? {
                    w.commit().await?;
                }
            }
        }
        let failing: Vec<String> = self
            .failures
            .iter()
            .filter(|(_, failures)| **failures >= FAILURES)
            .map(|(mailing, _)| mailing.clone())
            .collect();
        for mailing in failing {
            let why =
                format!("{FAILURES} letters in a row were not taken. The ledger has the server's answers.");
            self.pause(&mailing, &why).await?;
        }
        let (app, now) = (&self.app, self.app.clock.now());
        let claim = self.presence.claim();
        let sender = self.sender.as_deref().context("this sender is not armed")?;
        let by = Claimer { sender, claim: &claim, key: &self.key };
        let exchanged = ledger::exchange(&app.db, &by, &mut self.queue, now, &self.owed, wants).await?;
        self.owed.clear();
        let wakes = self.ways.wakes(now).unwrap_or(now + LOOK_AGAIN);
        self.waits_until = exchanged.waits.map(|until| until.min(now + LOOK_AGAIN).min(wakes));
        if let Some(senders) = exchanged.senders {
            self.ways.are_sending(senders);
        }
        let rows = exchanged.claimed;
        let Some(total) = exchanged.total else { return Ok(Vec::new()) };
        let clear = match self.ready(&rows, total).await {
            Ok(clear) => clear,
            Err(error) => {
                let released = |delivery| Settled { delivery, verdict: Verdict::Released };
                self.owed.extend(rows.into_iter().map(released));
                return Err(error);
            }
        };
        let mut parcels = Vec::with_capacity(rows.len());
        let mut unfit = None;
        for delivery in rows {
            match self.sheet(&delivery.mailing_id).await {
                Ok(sheet) => {
                    let clear_at = clear.at(&delivery.id);
                    parcels.push(Parcel { delivery, sheet, clear_at });
                }
                Err(error) => {
                    unfit = Some((delivery.mailing_id.clone(), format!("{error:#}")));
                    self.owed.push(Settled { delivery, verdict: Verdict::Released });
                }
            }
        }
        if let Some((mailing, why)) = unfit {
            tracing::error!(mailing, error = why, "a mailing cannot be sent as it was frozen");
            self.pause(&mailing, &format!("It cannot be sent as it was frozen: {why}")).await?;
        }
        Ok(parcels)
    }

    /// Does what comes between claiming letters and saying a word of them to a server.
    async fn ready(&mut self, rows: &[Model], total: i64) -> anyhow::Result<Clear> {
        // What is restored later knows of fewer letters than this folder.
        armed::remember(&self.app, total).await?;
        self.look_again().await?;
        Ok(Clear::of(self.app.db.read(), rows).await?)
    }

    /// Forgets the sheets of invitations whose event has been changed meanwhile.
    async fn look_again(&mut self) -> anyhow::Result<()> {
        let mut stale = Vec::new();
        for (id, sheet) in &self.sheets {
            let Some(Invitation { event, .. }) = &sheet.invitation else { continue };
            let now = event::Entity::find_by_id(&event.id).one(self.app.db.read()).await?;
            if now.is_none_or(|now| now.version != event.version) {
                stale.push(id.clone());
            }
        }
        self.sheets.retain(|id, _| !stale.contains(id));
        Ok(())
    }

    /// The sheet of a mailing, as it was frozen.
    async fn sheet(&mut self, id: &str) -> anyhow::Result<Arc<Sheet>> {
        if let Some(sheet) = self.sheets.get(id) {
            return Ok(sheet.clone());
        }
        let conn = self.app.db.read();
        let mailing = mailing::Entity::find_by_id(id).one(conn).await?.context("the mailing is gone")?;
        let stp = stp::Entity::find_by_id(&mailing.stp_code).one(conn).await?.context("the STP is gone")?;
        anyhow::ensure!(
            mailing.text_sha256.as_ref() == Some(&letter::text_sha256(&mailing)),
            "the text of mailing {id} is not the one that was frozen"
        );
        let invitation = Invitation::of(conn, &mailing).await?;
        if let Some(invitation) = &invitation {
            anyhow::ensure!(
                invitation.told.is(mailing.event_told.as_deref()),
                "the event that it invites to has changed since"
            );
        }
        let files = files::enclosed(conn, &mailing).await?;
        let sheet = Sheet::new(mailing, stp).map_err(anyhow::Error::msg)?;
        let sheet = Arc::new(sheet.inviting(invitation).enclosing(files));
        self.sheets.insert(id.to_owned(), sheet.clone());
        Ok(sheet)
    }

    /// Pauses a mailing, saying why.
    async fn pause(&mut self, id: &str, reason: &str) -> anyhow::Result<()> {
        let mut w = self.app.write_as(Actor::System, "mail").await?;
        if let Some(mailing) = mailing::Entity::find_by_id(id).one(w.tx()).await?
            && record::pause(&mut w, &mailing, reason).await?.is_some()
        {
            w.commit().await?;
        }
        self.failures.remove(id);
        Ok(())
    }

    /// Marks the mailings of which nothing is left to send as done.
    async fn finish(&self) -> anyhow::Result<()> {
        for ledger::Sending { id, .. } in ledger::sending(self.app.db.read()).await? {
            if find::is_open(self.app.db.read(), &id).await? {
                continue;
            }
            let mut w = self.app.write_as(Actor::System, "mail").await?;
            let counts = find::counts(w.tx(), &id).await?;
            if !find::is_open(w.tx(), &id).await?
                && let Some(mailing) = mailing::Entity::find_by_id(&id).one(w.tx()).await?
                && record::finish(&mut w, &mailing, json!(counts)).await?.is_some()
            {
                w.commit().await?;
            }
        }
        Ok(())
    }
}
