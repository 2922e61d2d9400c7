//! The worker: sends what is due, so that nobody is missed and nobody is silently written to twice.
//!
//! ```text
//!           ┌───────────── exchange: write answers down, claim the next few, COMMIT ◄───────────┐
//!           ▼                                                                                   │
//!   parcels (`sending` on disk) ─► lines: last look ─ SMTP ─ no transaction open ─► answers ────┘
//! ```
//!
//! Answers are gathered for 20 ms, or until a line would have nothing to do. How many letters are claimed at once follows
//! how fast they are answered: twice what was answered since the last exchange, and one for each line; [`WINDOW`] at
//! most. Against a slow server a kill leaves a dozen in doubt, against a fast one commits are shared by hundreds.
//!
//! A server that cannot be reached is nobody's failure: the worker rests, longer each time, and goes on by itself.
//! Ten letters in a row that a server did not take pause their mailing, since something is wrong with it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{delivery, event, mailing, stp};
use lettre::message::Mailbox;
use sea_orm::EntityTrait as _;
use serde_json::json;
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
};

use super::{
    armed::{self, Standing},
    files, find,
    ledger::{self, Claimer, Settled, Verdict},
    letter::{self, Sheet},
    line::{self, Desk, Parcel},
    look::Clear,
    optouts,
    presence::Presence,
    queue::Queue,
    record, token,
};
use crate::{
    app::App,
    invitations::Invitation,
    journal::{Actor, head::Heads},
    mail::{Carrier, return_path::ReturnPath},
    web::filters,
};

/// The most deliveries that are `sending` at once, and so in doubt after a crash.
pub const WINDOW: usize = 256;
/// How late a mailing may start by itself.
const LATE: TimeDelta = TimeDelta::hours(1);
/// How many letters in a row that were not taken pause a mailing.
pub const FAILURES: u32 = 10;
/// How long answers are gathered for one commit.
const TOGETHER: Duration = Duration::from_millis(20);
/// How often an idle worker looks for work.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a worker is there before it claims beside others under a limit: they look at each turn.
const SEEN: TimeDelta = TimeDelta::seconds(5);
/// How long a worker takes it that everything has to wait, without looking again: another mailing may be begun.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);

/// A worker of the ledger.
pub struct Worker {
    app: Arc<App>,
    desk: Arc<Desk>,
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
    /// How often in a row the server could not be reached, and until when it is left alone.
    unreached: u32,
    rests_until: Option<DateTime<Utc>>,
    /// Which sender this is; none until it is armed.
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

/// The answers of a group: `first`, what came meanwhile, and what comes within [`TOGETHER`] while fewer than `most` have
/// come, since lines without a parcel wait.
async fn gather(first: Option<Settled>, answers: &mut mpsc::Receiver<Settled>, most: usize) -> Vec<Settled> {
    let mut group = Vec::from_iter(first);
    let end = tokio::time::sleep(TOGETHER);
    tokio::pin!(end);
    while group.len() < most {
        tokio::select! {
            () = &mut end => break,
            answer = answers.recv() => match answer {
                Some(answer) => group.push(answer),
                None => break,
            },
        }
    }
    group.extend(std::iter::from_fn(|| answers.try_recv().ok()));
    group
}

impl Worker {
    /// Starts a worker. Gives none where this database has the one that it can have.
    pub async fn start(app: &Arc<App>) -> anyhow::Result<Option<Self>> {
        let Some(presence) = Presence::take(app).await? else { return Ok(None) };
        let post = &app.config.post;
        let mailbox = |address: &str| -> anyhow::Result<Mailbox> {
            address.parse().with_context(|| format!("{address} is not an address that mail can come from"))
        };
        let desk = Desk {
            app: app.clone(),
            carrier: Arc::new(Carrier::new(&app.config)?),
            heads: Heads::default(),
            key: token::Key::open(&app.config.store.data, &app.chance)?,
            from: mailbox(&post.mail_from)?,
            reply_to: mailbox(post.mail_reply_to.as_ref().unwrap_or(&post.mail_from))?,
            return_path: post.mail_return_path.as_deref().map(ReturnPath::parse).transpose()?,
        };
        let queue = Queue::new(post.limits()?, desk.from.email.to_string());
        Ok(Some(Self {
            queue,
            waits_until: None,
            quiet_until: None,
            app: app.clone(),
            desk: Arc::new(desk),
            presence,
            owed: Vec::new(),
            failures: HashMap::new(),
            sheets: HashMap::new(),
            unreached: 0,
            rests_until: None,
            sender: None,
        }))
    }

    /// Sends everything that is due, and gives how many letters were handed over. Ends early, at a safe point, when
    /// the product stops or the server cannot be reached.
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
        let rests = self.rests_until.is_some_and(|until| now < until);
        let waits = self.share().await?;
        let due = !rests && !waits && ledger::any_due(self.app.db.read(), now).await?;
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

    /// Exchanges and sends until nothing is due.
    async fn round(&mut self) -> anyhow::Result<usize> {
        self.sheets.clear();
        let lines = self.app.config.post.smtp_connections.max(1) as usize;
        let (parcels, taken) = mpsc::channel(WINDOW);
        let (given, mut answers) = mpsc::channel(WINDOW);
        let taken = Arc::new(Mutex::new(taken));
        let mut running = JoinSet::new();
        for _ in 0..lines {
            running.spawn(line::run(self.desk.clone(), taken.clone(), given.clone()));
        }
        drop((taken, given));
        let (mut in_flight, mut answered, mut sent) = (0, 0, 0);
        let ended = loop {
            let resting = self.rests_until.is_some_and(|until| self.app.clock.now() < until);
            let wanted = (2 * answered + lines).min(WINDOW).saturating_sub(in_flight);
            let want = if resting || self.app.tasks.stopping() { 0 } else { wanted };
            match self.exchange(want).await {
                Ok(claimed) => {
                    for parcel in claimed {
                        in_flight += 1;
                        if parcels.send(parcel).await.is_err() {
                            return Err(anyhow::anyhow!("every line of the mail worker has ended"));
                        }
                    }
                }
                Err(error) => break Err(error),
            }
            if in_flight == 0 && self.owed.is_empty() {
                if self.soon().await {
                    continue;
                }
                break Ok(());
            }
            if in_flight == 0 {
                continue;
            }
            let first = tokio::select! {
                answer = answers.recv() => answer,
                ended = running.join_next() => {
                    return Err(anyhow::anyhow!("a line of the mail worker ended: {ended:?}"));
                }
            };
            let before = in_flight;
            for answer in gather(first, &mut answers, in_flight.saturating_sub(lines)).await {
                in_flight -= 1;
                sent += usize::from(self.heard(answer));
            }
            answered = before - in_flight;
        };
        // No more parcels; whatever is under way is waited for, and owed where it cannot be written down now.
        drop(parcels);
        while let Some(answer) = answers.recv().await {
            sent += usize::from(self.heard(answer));
        }
        while running.join_next().await.is_some() {}
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

    /// Takes an answer in; it is owed to the ledger from now on. Gives whether a letter was handed over.
    fn heard(&mut self, mut answer: Settled) -> bool {
        let failures = self.failures.entry(answer.delivery.mailing_id.clone()).or_default();
        let handed_over = match &mut answer.verdict {
            Verdict::Accepted { .. } => {
                *failures = 0;
                true
            }
            Verdict::Deferred(said) => {
                *failures += 1;
                self.queue.heard(self.app.clock.now(), &answer.delivery.address, said);
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
                if self.rests_until.is_none_or(|until| until <= now) {
                    self.unreached += 1;
                    self.rests_until = Some(now + TimeDelta::seconds(1 << self.unreached.min(6)));
                }
                *until = (*until).max(self.rests_until.unwrap_or(now));
                false
            }
            Verdict::Excluded(_) | Verdict::Cancelled | Verdict::Released => false,
        };
        if handed_over {
            self.unreached = 0;
        }
        self.owed.push(answer);
        handed_over
    }

    /// Writes down what is owed and claims up to `want` more.
    async fn exchange(&mut self, want: usize) -> anyhow::Result<Vec<Parcel>> {
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
        let by = Claimer { sender, claim: &claim, key: &self.desk.key };
        let exchanged = ledger::exchange(&app.db, &by, &mut self.queue, now, &self.owed, want).await?;
        self.owed.clear();
        self.waits_until = exchanged.waits.map(|until| until.min(now + LOOK_AGAIN));
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
    async fn ready(&mut self, rows: &[delivery::Model], total: i64) -> anyhow::Result<Clear> {
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
        for (id, _) in ledger::sending(self.app.db.read()).await? {
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
