//! How far an import has come, told to whoever waits: the queue's row for a page, a bar on a terminal, nobody.

use indicatif::ProgressBar;
use sea_orm::DbErr;

use crate::jobs::Running;

/// Who waits.
pub enum Progress<'a> {
    Job(&'a Running<'a>),
    Bar(&'a ProgressBar),
    Nobody,
}

impl Progress<'_> {
    /// Tells how far it is. Not while a transaction is open: on SQLite the queue's row waits for it.
    pub async fn at(&self, done: usize, total: usize) -> Result<(), DbErr> {
        if let Self::Job(running) = self {
            // A claim that was lost changes nothing: whoever has it now ends with the same.
            running.progress(done, total).await?;
        }
        self.within(done, total);
        Ok(())
    }

    /// The same while a transaction is open.
    pub fn within(&self, done: usize, total: usize) {
        if let Self::Bar(bar) = self {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    }
}
