//! The ways out: each sender's own lines to its own server, so that one that is slow or cannot be reached holds up its own
//! letters and nobody else's.
//!
//! ```text
//!            ┌─ rests: until when a sender's server is left alone ◄── what could not be handed over
//! Ways ──────┤
//!            └─ desks ─► Lines, of a round:  parcel ─► its sender's lines ─► answer, with its sender
//! ```
//!
//! How many letters of a sender are wanted follows how fast its server answers: twice what was answered lately, and one
//! for each line. The window is shared by those who send, with room left for one more to begin.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
};

use super::{
    deliver::WINDOW,
    ledger::Settled,
    line::{self, Desk, Parcel},
    queue::Wants,
    token,
};
use crate::{
    app::App,
    mail::{Carrier, Identity},
};

/// How long answers are gathered for one commit.
const TOGETHER: Duration = Duration::from_millis(20);

/// How often in a row a server could not be reached, and until when it is left alone.
#[derive(Debug, Default)]
struct Rest {
    unreached: u32,
    until: Option<DateTime<Utc>>,
}

/// One sender's way.
struct Way {
    key: String,
    desk: Arc<Desk>,
    lines: usize,
    rest: Rest,
}

/// All senders' ways, as long as the worker is there.
pub struct Ways {
    all: Vec<Way>,
    /// How many senders had mailings that were being sent when it was last looked.
    sending: usize,
}

impl Ways {
    pub fn new(app: &Arc<App>, key: &token::Key) -> Self {
        let way = |identity: &Arc<Identity>| Way {
            key: identity.key.clone(),
            desk: Arc::new(Desk {
                app: app.clone(),
                carrier: Arc::new(Carrier::of(identity, &app.config)),
                key: key.clone(),
                from: identity.from.clone(),
                reply_to: identity.reply_to.clone(),
                return_path: identity.return_path.clone(),
                signer: identity.signer.clone(),
            }),
            lines: identity.lines,
            rest: Rest::default(),
        };
        Self { all: app.senders.all().iter().map(way).collect(), sending: 1 }
    }

    /// Whether a sender's server is left alone for now.
    pub fn rests(&self, sender: &str, now: DateTime<Utc>) -> bool {
        let way = self.all.iter().find(|way| way.key == sender);
        way.is_some_and(|way| way.rest.until.is_some_and(|until| now < until))
    }

    /// When the first of those that rest is tried again.
    pub fn wakes(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.all.iter().filter_map(|way| way.rest.until).filter(|until| now < *until).min()
    }

    /// A sender's server could not be reached: it rests, longer each time. Gives until when.
    pub fn unreached(&mut self, sender: &str, now: DateTime<Utc>) -> DateTime<Utc> {
        let Some(Way { rest, .. }) = self.all.iter_mut().find(|way| way.key == sender) else { return now };
        match rest.until {
            Some(until) if now < until => until,
            _ => {
                rest.unreached += 1;
                *rest.until.insert(now + TimeDelta::seconds(1 << rest.unreached.min(6)))
            }
        }
    }

    /// A sender's server took a letter, or refused it.
    pub fn reached(&mut self, sender: &str) {
        if let Some(way) = self.all.iter_mut().find(|way| way.key == sender) {
            way.rest.unreached = 0;
        }
    }

    /// Says how many senders have mailings that are being sent.
    pub const fn are_sending(&mut self, senders: usize) {
        self.sending = senders;
    }

    /// How many letters are wanted of each sender that does not rest, beside what is under way.
    pub fn wants(&self, lines: &Lines, now: DateTime<Utc>) -> Wants {
        let others = usize::from(self.all.len() > 1);
        let most = (WINDOW / self.sending.max(1 + others)).max(1);
        let mut room = WINDOW.saturating_sub(lines.in_flight());
        let mut wants = Wants::new();
        for way in self.all.iter().filter(|way| !self.rests(&way.key, now)) {
            let (in_flight, answered) =
                lines.open.get(&way.key).map_or((0, 0), |open| (open.in_flight, open.answered));
            let want = (2 * answered + way.lines).min(most).saturating_sub(in_flight).min(room);
            room -= want;
            wants.insert(way.key.clone(), want);
        }
        wants
    }

    /// The lines of a round, none of them open yet.
    pub fn lines(&self) -> Lines {
        let (given, answers) = mpsc::channel(WINDOW);
        Lines {
            desks: self.all.iter().map(|way| (way.key.clone(), (way.desk.clone(), way.lines))).collect(),
            open: BTreeMap::new(),
            of: HashMap::new(),
            running: JoinSet::new(),
            given,
            answers,
        }
    }
}

/// One sender's lines in a round.
struct Open {
    parcels: mpsc::Sender<Parcel>,
    in_flight: usize,
    /// How many were answered when it was last looked.
    answered: usize,
}

/// The lines of a round: a sender's are opened when it has a letter, and all are closed with the round.
pub struct Lines {
    desks: BTreeMap<String, (Arc<Desk>, usize)>,
    open: BTreeMap<String, Open>,
    /// The senders of mailings.
    of: HashMap<String, String>,
    running: JoinSet<()>,
    given: mpsc::Sender<Settled>,
    answers: mpsc::Receiver<Settled>,
}

/// An answer, with the code of its sender.
pub type Answered = (String, Settled);

impl Lines {
    /// How many letters are under way.
    pub fn in_flight(&self) -> usize {
        self.open.values().map(|open| open.in_flight).sum()
    }

    /// Gives a parcel to its sender's lines.
    pub async fn send(&mut self, parcel: Parcel) -> anyhow::Result<()> {
        let sender = parcel.sheet.mailing.sender.clone().unwrap_or_default();
        self.of.insert(parcel.delivery.mailing_id.clone(), sender.clone());
        if !self.open.contains_key(&sender) {
            let (desk, lines) = self.desks.get(&sender).context("a letter has no sender")?;
            let (parcels, taken) = mpsc::channel(WINDOW);
            let taken = Arc::new(Mutex::new(taken));
            for _ in 0..*lines {
                self.running.spawn(line::run(desk.clone(), taken.clone(), self.given.clone()));
            }
            self.open.insert(sender.clone(), Open { parcels, in_flight: 0, answered: 0 });
        }
        let open = self.open.get_mut(&sender).context("a sender's lines are closed")?;
        open.in_flight += 1;
        let sent = open.parcels.send(parcel).await;
        sent.map_err(|_| anyhow!("every line of a sender has ended"))
    }

    /// Waits for an answer, and gives all that come within [`TOGETHER`], or until half of what is under way is answered or
    /// a line would have nothing to do.
    pub async fn answers(&mut self) -> anyhow::Result<Vec<Answered>> {
        let first = tokio::select! {
            answer = self.answers.recv() => answer,
            ended = self.running.join_next() => {
                return Err(anyhow!("a line of the mail worker ended: {ended:?}"));
            }
        };
        for open in self.open.values_mut() {
            open.answered = 0;
        }
        // With half of them left the lines have something to do while answers are written down.
        let most = self.in_flight().saturating_sub(self.running.len()).min(self.in_flight() / 2);
        let mut all = Vec::from_iter(first);
        let end = tokio::time::sleep(TOGETHER);
        tokio::pin!(end);
        while all.len() < most {
            tokio::select! {
                () = &mut end => break,
                answer = self.answers.recv() => all.extend(answer),
            }
        }
        all.extend(std::iter::from_fn(|| self.answers.try_recv().ok()));
        Ok(all.into_iter().map(|answer| self.take(answer)).collect())
    }

    fn take(&mut self, answer: Settled) -> Answered {
        let sender = sender_of(&self.of, &answer);
        if let Some(open) = self.open.get_mut(&sender) {
            open.in_flight = open.in_flight.saturating_sub(1);
            open.answered += 1;
        }
        (sender, answer)
    }

    /// Takes no more parcels, waits for what is under way, and gives its answers.
    pub async fn close(self) -> Vec<Answered> {
        let Self { open, given, of, mut answers, mut running, .. } = self;
        drop((open, given));
        let mut left = Vec::new();
        while let Some(answer) = answers.recv().await {
            left.push((sender_of(&of, &answer), answer));
        }
        while running.join_next().await.is_some() {}
        left
    }
}

fn sender_of(of: &HashMap<String, String>, answer: &Settled) -> String {
    of.get(&answer.delivery.mailing_id).cloned().unwrap_or_default()
}
