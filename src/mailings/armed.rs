//! Whether this copy of the site may send: a database that was copied or restored sends nothing until a person arms it.
//!
//! ```text
//! data folder   sender        an identity, made once                     ┐
//!               sender.seen   how far journal and sending had come       ├─► check ─┬─ armed
//! database      senders       identity, mark of the file, letters taken  ┘          └─ why not: `opendoor mail arm`
//! ```
//!
//! Three things are told apart from the copy that was armed. Another machine with the database alone: its folder has no
//! identity, or one that the database does not know. A copy of the folder: its file has another mark (the number and
//! the birth of the file, which no copy shares). An older database beside the same folder: its journal ends before what
//! this folder has seen, or says something else there, or fewer letters had been taken to be sent. The first sender of a database is armed by itself. A picture of a
//! whole machine's disk that is started twice cannot be told apart by us.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use entity::{journal_entry, sender};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use serde_json::json;

use crate::{
    app::App,
    chance::Chance,
    db::only,
    journal::{self, Actor, Entry, Writer},
};

/// The files of a data folder that say which sender it is.
struct Folder(PathBuf);

/// How far the journal and the sending had come when this folder last looked.
#[derive(PartialEq, Eq)]
struct Seen {
    seq: i64,
    hash: String,
    claimed: i64,
}

/// Whether this copy may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may, as the sender with this identity.
    Armed(String),
    /// Why not.
    Inert(&'static str),
}

const ELSEWHERE: Standing = Standing::Inert("Its database comes from another copy of the site");
const COPIED: Standing = Standing::Inert("Its data folder is a copy of another");
const OLDER: Standing = Standing::Inert("Its database is older than what this data folder has seen");

impl Folder {
    fn of(app: &App) -> Self {
        Self(app.config.store.data.clone())
    }

    fn path(&self) -> PathBuf {
        self.0.join("sender")
    }

    /// The identity, and the mark of the file that holds it.
    fn identity(&self) -> anyhow::Result<Option<(String, String)>> {
        let path = self.path();
        let said = || format!("the sender's identity in {}", path.display());
        match std::fs::read_to_string(&path) {
            Ok(id) => Ok(Some((id.trim().to_owned(), mark(&path).with_context(said)?))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(said),
        }
    }

    /// A new identity in a new file, in place of one that came from elsewhere. Where there is none yet, of several
    /// processes that begin at once the first names the folder, and the others go by that name.
    fn make(&self, chance: &Chance, instead: bool) -> anyhow::Result<(String, String)> {
        let path = self.path();
        let said = || format!("the sender's identity in {}", path.display());
        std::fs::create_dir_all(&self.0).with_context(said)?;
        let id = chance.id();
        // Never written over: a file that was copied with its folder keeps the mark that it has.
        let aside = self.0.join(format!("sender.{id}"));
        let mut file = std::fs::File::create_new(&aside).with_context(said)?;
        file.write_all(id.as_bytes()).and_then(|()| file.sync_all()).with_context(said)?;
        if instead {
            std::fs::rename(&aside, &path).with_context(said)?;
            return Ok((id, mark(&path).with_context(said)?));
        }
        let named = std::fs::hard_link(&aside, &path);
        std::fs::remove_file(&aside).with_context(said)?;
        if let Err(error) = named
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(error).with_context(said);
        }
        self.identity()?.with_context(said)
    }

    fn seen(&self) -> anyhow::Result<Option<Seen>> {
        let path = self.0.join("sender.seen");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("{}", path.display())),
        };
        let mut words = text.split_whitespace();
        let mut read = || {
            let (seq, hash, claimed) = (words.next()?, words.next()?, words.next()?);
            Some(Seen { seq: seq.parse().ok()?, hash: hash.to_owned(), claimed: claimed.parse().ok()? })
        };
        read().map(Some).with_context(|| format!("{} is damaged", path.display()))
    }

    fn see(&self, seen: &Seen, chance: &Chance) -> anyhow::Result<()> {
        let path = self.0.join("sender.seen");
        // Several who send may look at once.
        let aside = self.0.join(format!("sender.seen.{}", chance.id()));
        let write = || {
            std::fs::write(&aside, format!("{} {} {}\n", seen.seq, seen.hash, seen.claimed))?;
            std::fs::rename(&aside, &path)
        };
        write().with_context(|| format!("{}", path.display()))
    }
}

/// What tells a file from a copy of it: its number and its birth.
fn mark(path: &Path) -> std::io::Result<String> {
    let about = std::fs::metadata(path)?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let number = 0;
    // Not every file system knows when a file was born; the number is then all there is.
    let birth = about.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    Ok(format!("{number}-{}", birth.map_or(0, |birth| birth.as_nanos())))
}

/// Whether this copy may send. The first sender of a database is armed here.
pub async fn check(app: &App) -> anyhow::Result<Standing> {
    match standing(app).await? {
        Some(Standing::Armed(id)) => {
            let known = sender::Entity::find_by_id(&id).one(app.db.read()).await?;
            remember(app, known.map_or(0, |known| known.claimed)).await?;
            Ok(Standing::Armed(id))
        }
        Some(inert) => Ok(inert),
        None => Ok(Standing::Armed(arm(app, Actor::System).await?)),
    }
}

/// The same, changing nothing; none where no copy has sent from this database yet.
pub async fn standing(app: &App) -> anyhow::Result<Option<Standing>> {
    let folder = Folder::of(app);
    let conn = app.db.read();
    // First: whatever is read of the database after it is no older, whoever sends meanwhile.
    let seen = folder.seen()?;
    let known = match folder.identity()? {
        Some((id, mark)) => sender::Entity::find_by_id(&id).one(conn).await?.map(|known| (known, mark)),
        None => None,
    };
    Ok(match known {
        None if sender::Entity::find().count(conn).await? > 0 => Some(ELSEWHERE),
        None if !follows(conn, seen.as_ref(), 0).await? => Some(OLDER),
        None => None,
        Some((known, mark)) if known.mark != mark => Some(COPIED),
        Some((known, _)) if !follows(conn, seen.as_ref(), known.claimed).await? => Some(OLDER),
        Some((known, _)) => Some(Standing::Armed(known.id)),
    })
}

/// Remembers in the data folder that so many letters have been taken to be sent.
pub async fn remember(app: &App, claimed: i64) -> anyhow::Result<()> {
    look(app, claimed).await
}

/// Adds to the letters that a sender has claimed, and gives them all.
pub async fn count(tx: &impl ConnectionTrait, sender: &str, claimed: usize) -> Result<i64, DbErr> {
    let more = i64::try_from(claimed).unwrap_or(i64::MAX);
    sender::Entity::update_many()
        .col_expr(sender::Column::Claimed, Expr::col(sender::Column::Claimed).add(more))
        .filter(sender::Column::Id.eq(sender))
        .exec(tx)
        .await?;
    let row = only(sender::Entity::find_by_id(sender).all(tx).await?);
    row.map(|row| row.claimed).ok_or_else(|| DbErr::RecordNotFound("this sender is not armed".to_owned()))
}

/// Lets this copy send from now on, and gives its identity.
pub async fn arm(app: &App, actor: Actor) -> anyhow::Result<String> {
    let folder = Folder::of(app);
    let (mut own, mut from_elsewhere) = (None, false);
    if let Some((id, mark)) = folder.identity()? {
        let known = sender::Entity::find_by_id(&id).one(app.db.read()).await?;
        // The identity of a folder that was copied is the other's: this copy gets its own.
        let is_own = known.as_ref().is_none_or(|known| known.mark == mark);
        from_elsewhere = !is_own;
        own = is_own.then(|| (id, mark, known.map_or(0, |known| known.claimed)));
    }
    let (id, mark, claimed) = if let Some(own) = own {
        own
    } else {
        let (id, mark) = folder.make(&app.chance, from_elsewhere)?;
        (id, mark, 0)
    };
    let mut w = app.write_as(actor, "arm").await?;
    write(&mut w, &id, &mark, claimed).await?;
    w.commit().await?;
    look(app, claimed).await?;
    Ok(id)
}

async fn write(w: &mut Writer, id: &str, mark: &str, claimed: i64) -> anyhow::Result<()> {
    let row = sender::Model { id: id.to_owned(), mark: mark.to_owned(), claimed, armed_at: w.origin().at };
    let again = OnConflict::column(sender::Column::Id)
        .update_columns([sender::Column::Mark, sender::Column::ArmedAt])
        .to_owned();
    sender::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(again)
        .exec_without_returning(w.tx())
        .await?;
    w.record(Entry {
        action: "arm",
        table: "senders",
        id,
        stp: None,
        before: None,
        after: Some(json!({ "mark": mark })),
    });
    Ok(())
}

/// Whether journal and sending go on from where this folder last saw them.
async fn follows(conn: &impl ConnectionTrait, seen: Option<&Seen>, claimed: i64) -> anyhow::Result<bool> {
    let Some(seen) = seen else { return Ok(true) };
    if seen.seq == 0 {
        return Ok(true);
    }
    let entry =
        journal_entry::Entity::find().filter(journal_entry::Column::Seq.eq(seen.seq)).one(conn).await?;
    Ok(claimed >= seen.claimed && entry.is_some_and(|entry| entry.hash == seen.hash))
}

/// Writes down how far journal and sending have come, where that has changed.
async fn look(app: &App, claimed: i64) -> anyhow::Result<()> {
    let folder = Folder::of(app);
    let (seq, hash) = journal::head(app.db.read()).await?;
    let now = Seen { seq, hash, claimed };
    if folder.seen()?.is_none_or(|seen| seen != now) {
        folder.see(&now, &app.chance)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn the_first_to_name_a_folder_names_it_for_all() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path().to_owned());
        let chance = Chance::seeded(Clock::System, 1);
        assert!(folder.identity().unwrap().is_none());
        let first = folder.make(&chance, false).unwrap();
        assert_eq!(folder.make(&chance, false).unwrap(), first, "whoever comes later goes by that name");
        assert_eq!(folder.identity().unwrap().as_ref(), Some(&first));
        let own = folder.make(&chance, true).unwrap();
        assert_ne!(own, first, "a name that came from elsewhere is given up");
        assert_eq!(folder.identity().unwrap(), Some(own));
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left aside");
    }
}
