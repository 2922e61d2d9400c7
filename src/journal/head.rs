//! The journal's head, read once for all who ask at once.
//!
//! ```text
//! ask ─┬─ nobody reads ─► let others come ─► read ─► told ─┐
//!      └─ somebody reads ─► wait ◄─────────────────────────┴─ one of those who waited reads for all of them
//! ```
//!
//! Nobody is told a head that was read before they asked, so each sees every write that was done by then: whoever asks
//! while a read is under way waits for the next. Before it begins, whatever else can run does, as long as that brings
//! more who ask: the busier the machine, the fewer the reads, and on an idle one nobody waits. Whoever reads and goes
//! away leaves the turn to another.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::DbErr;
use tokio::sync::oneshot;

use crate::db::Db;

/// The journal's head, for all who ask.
#[derive(Clone, Debug)]
pub struct Head {
    db: Db,
    heads: Heads,
}

impl Head {
    pub fn of(db: &Db) -> Self {
        Self { db: db.clone(), heads: Heads::default() }
    }

    /// The last entry's number: 0 where nothing is written yet.
    pub async fn seq(&self) -> Result<i64, DbErr> {
        self.heads.get(self.db.number("SELECT COALESCE(MAX(seq), 0) FROM journal")).await
    }
}

/// Those who read the head, and those who wait for it.
#[derive(Clone, Debug, Default)]
struct Heads(Arc<Mutex<Turns>>);

#[derive(Debug, Default)]
struct Turns {
    reading: bool,
    waiting: Vec<oneshot::Sender<Told>>,
}

/// What somebody who waits is told.
#[derive(Debug)]
enum Told {
    Head(i64),
    /// To read it for all who waited with them.
    Turn(Turn),
}

/// The turn to read; given to another when it is dropped.
#[derive(Debug)]
struct Turn {
    heads: Heads,
    followers: Vec<oneshot::Sender<Told>>,
}

impl Heads {
    /// The head as `read` gives it: awaited here, or by another call that began to read after this one was made.
    async fn get<E>(&self, read: impl Future<Output = Result<i64, E>>) -> Result<i64, E> {
        loop {
            let mut turn = match self.take() {
                Ok(turn) => turn,
                Err(told) => match told.await {
                    Ok(Told::Head(head)) => return Ok(head),
                    Ok(Told::Turn(turn)) => turn,
                    // Whoever was to read could not, or is gone.
                    Err(_) => continue,
                },
            };
            turn.gather().await;
            let head = read.await?;
            for follower in turn.followers.drain(..) {
                // One that is gone needs no answer.
                drop(follower.send(Told::Head(head)));
            }
            return Ok(head);
        }
    }

    /// The turn to read, or where to wait.
    fn take(&self) -> Result<Turn, oneshot::Receiver<Told>> {
        let mut turns = self.lock();
        if turns.reading {
            let (sender, receiver) = oneshot::channel();
            turns.waiting.push(sender);
            return Err(receiver);
        }
        turns.reading = true;
        Ok(Turn { heads: self.clone(), followers: Vec::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Lets others ask, until nobody else comes: they are told what is read from here on.
    async fn gather(&mut self) {
        let mut waiting = 0;
        loop {
            tokio::task::yield_now().await;
            let mut turns = self.heads.lock();
            if turns.waiting.len() == waiting {
                self.followers.append(&mut turns.waiting);
                return;
            }
            waiting = turns.waiting.len();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = self.heads.lock();
        let mut followers = std::mem::take(&mut turns.waiting);
        let Some(next) = followers.pop() else {
            turns.reading = false;
            return;
        };
        drop(turns);
        // Where the next is gone, the turn comes back and is dropped here: another has it then.
        drop(next.send(Told::Turn(Self { heads: self.heads.clone(), followers })));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        sync::atomic::{AtomicI64, AtomicUsize, Ordering::SeqCst},
    };

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nobody_is_told_an_older_head_and_few_read() {
        let (heads, head, reads) =
            (Heads::default(), Arc::new(AtomicI64::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let (heads, head, reads) = (heads.clone(), head.clone(), reads.clone());
            asking.spawn(async move {
                for _ in 0..100 {
                    let written = head.fetch_add(1, SeqCst) + 1;
                    let read = async {
                        reads.fetch_add(1, SeqCst);
                        let seen = head.load(SeqCst);
                        tokio::task::yield_now().await;
                        Ok::<_, Infallible>(seen)
                    };
                    let told = heads.get(read).await.unwrap_or_else(|never| match never {});
                    assert!(told >= written, "{told} was told after {written} was written");
                }
            });
        }
        while let Some(done) = asking.join_next().await {
            done.unwrap();
        }
        let reads = reads.load(SeqCst);
        assert!(reads < 32 * 100, "{reads} reads");
    }

    #[tokio::test]
    async fn whoever_goes_away_or_fails_leaves_the_turn() {
        let heads = Heads::default();
        let stuck = heads.clone();
        let mut asking = tokio::task::JoinSet::new();
        let reader =
            asking.spawn(async move { stuck.get(std::future::pending::<Result<i64, Infallible>>()).await });
        while !heads.lock().reading {
            tokio::task::yield_now().await;
        }
        let (gone, stays) = (heads.clone(), heads.clone());
        let gone = asking.spawn(async move { gone.get(async { Ok::<_, Infallible>(1) }).await });
        asking.spawn(async move { stays.get(async { Ok::<_, Infallible>(2) }).await });
        while heads.lock().waiting.len() < 2 {
            tokio::task::yield_now().await;
        }
        gone.abort();
        reader.abort();
        let mut told = Vec::new();
        while let Some(done) = asking.join_next().await {
            told.extend(done.ok());
        }
        assert_eq!(told, [Ok(2)]);
        assert_eq!(heads.get(async { Err::<i64, _>("no database") }).await, Err("no database"));
        assert_eq!(heads.get(async { Ok::<_, Infallible>(3) }).await, Ok(3));
    }
}
