//! What every request and every job has at hand, put together once at the start.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    assessments::Assessments,
    auth::SignedIn,
    chance::Chance,
    clock::Clock,
    config::Config,
    db::Db,
    journal::{Actor, Origin, Writer, head::Head},
    mail::Senders,
    web::{
        kept::KeptPages,
        page::{Pages, Site},
        request::RequestId,
        unsubscribe::LinkPages,
    },
};

/// The running product.
pub struct App {
    pub db: Db,
    /// The journal's head: what is shown and what is sent is true of the record up to there.
    pub head: Head,
    pub clock: Clock,
    pub chance: Chance,
    pub config: Config,
    pub pages: Pages,
    /// Who mail comes from.
    pub senders: Arc<Senders>,
    pub tasks: Tasks,
    /// What the rules found, kept until a write touches it.
    pub assessments: Assessments,
    /// Public pages as they were made of the present record.
    pub kept: KeptPages,
    /// The pages of unsubscribe links.
    pub link_pages: LinkPages,
    /// Why no mail is sent from here, as the mail worker last found.
    pub inert: Inert,
}

/// Why no mail is sent from here; none where it is, or where no worker has looked.
#[derive(Debug, Default)]
pub struct Inert(Mutex<Option<&'static str>>);

impl Inert {
    pub fn get(&self) -> Option<&'static str> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says so from now on. Gives whether that is news.
    pub fn set(&self, why: Option<&'static str>) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *kept, why) != why
    }
}

impl App {
    /// Puts the parts together. Refuses templates that do not parse, and settings that no mail can be sent with.
    pub fn new(db: Db, clock: Clock, chance: Chance, config: Config) -> anyhow::Result<Arc<Self>> {
        let pages = Pages::new(&Site {
            name: config.face.service_name.clone(),
            owner: config.face.owner.clone(),
            contact: config.face.contact.clone(),
            base: config.face.base(),
        })?;
        Ok(Arc::new(Self {
            head: Head::of(&db),
            db,
            clock,
            chance,
            senders: Arc::new(Senders::read(&config.post)?),
            config,
            pages,
            tasks: Tasks::default(),
            assessments: Assessments::default(),
            kept: KeptPages::default(),
            link_pages: LinkPages::default(),
            inert: Inert::default(),
        }))
    }

    /// A journalled transaction for a member of staff.
    pub async fn write(&self, signed_in: &SignedIn, request: &RequestId) -> anyhow::Result<Writer> {
        self.write_as(Actor::User(signed_in.user_id.clone()), &request.0).await
    }

    /// A journalled transaction for anyone else; `request` says which request, command or job it belongs to.
    pub async fn write_as(&self, actor: Actor, request: &str) -> anyhow::Result<Writer> {
        let origin = Origin { actor, request: request.to_owned(), at: self.clock.now() };
        Ok(Writer::open(&self.db, &self.chance, &self.clock, origin).await?)
    }
}

/// Work that goes on beside the requests: waited for at the end, its panics reported.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Runs `work` beside the requests. `name` is for the log.
    pub fn start(&self, name: &'static str, work: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        let task = self.tracker.spawn(work);
        self.tracker.spawn(async move {
            match task.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(task = name, error = format!("{error:#}"), "a task failed"),
                Err(panic) => tracing::error!(task = name, error = %panic, "a task panicked"),
            }
        });
    }

    /// Whether the product is stopping: long work ends at its next safe point.
    pub fn stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits until the product is told to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Tells all tasks to stop and waits for them.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
