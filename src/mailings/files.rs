//! Files that go with a mailing's letters, the same to everyone.
//!
//! ```text
//! a file sent in ─► File::read: its name, its kind by what is in it, its size ─► add ─┬─► mailings.files: the list, frozen with the text
//!                                                                              └─► mailing_files: what is in it
//! deliver: enclosed ─► each file against its digest, encoded once ─► every letter
//! ```
//!
//! A file changes with the draft and never after: the list is part of what is hashed when it is frozen.

mod kind;

use entity::{mailing, mailing_file};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _,
    QueryFilter as _,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::kind::Kind;
use super::record;
use crate::{journal::Writer, mail::message::Attachment, web::filters};

/// How many files a mailing may have.
pub const MOST: usize = 5;
/// How many bytes they may have together. In a letter they take a third more, and a letter of 10 MB is what mail servers
/// commonly take.
pub const BYTES: usize = 7 << 20;
/// The longest name, in characters.
const NAME: usize = 100;

/// A file of a mailing, as its list has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub id: String,
    pub name: String,
    pub kind: Kind,
    pub bytes: usize,
    /// Of what is in it.
    pub sha256: String,
}

impl File {
    /// Reads a file that somebody sent in for a mailing that has `others`; `to` is how many would get it. The error says
    /// why it cannot go.
    pub fn read(id: String, name: &str, content: &[u8], others: &[Self], to: usize) -> Result<Self, String> {
        let name = name.trim();
        if content.is_empty() {
            return Err("Choose a file that is not empty".into());
        }
        if name.chars().count() > NAME || name.starts_with('.') || name.contains(|c: char| c.is_control()) {
            return Err(format!("Give the file a name of {NAME} characters or fewer"));
        }
        let Some(kind) = Kind::of(name, content) else {
            return Err(format!("The file must be {}, and hold what its name says", Kind::said()));
        };
        if others.len() >= MOST {
            return Err(format!("A mailing can have {MOST} files: take one away first"));
        }
        if others.iter().any(|other| other.name == name) {
            return Err(
                "Another file of this mailing has that name: take it away first, or rename this one".into()
            );
        }
        let together = others.iter().map(|other| other.bytes).sum::<usize>() + content.len();
        if together > BYTES {
            return Err(too_large(&size(content.len()), to));
        }
        Ok(Self { id, name: name.to_owned(), kind, bytes: content.len(), sha256: sha256(content) })
    }

    /// Whether it is this very file.
    pub fn is(&self, name: &str, content: &[u8]) -> bool {
        self.name == name.trim() && self.sha256 == sha256(content)
    }
}

fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// How large so many bytes are, in words.
pub fn size(bytes: usize) -> String {
    filters::bytes(i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// What is said of a file that is too large, as `size` says, to go to so many.
pub fn too_large(size: &str, to: usize) -> String {
    let whom = filters::count(i64::try_from(to).unwrap_or(i64::MAX), "address", Some("addresses"));
    let limit = self::size(BYTES);
    format!(
        "This file is {size}. The files of a mailing can have {limit} together, since many mail servers refuse letters \
         above 10 MB: none of the {whom} on the list could be sure to get it. Put it on a website and link to it"
    )
}

/// The files of a mailing, in the order in which they were added.
pub fn list(mailing: &mailing::Model) -> Vec<File> {
    serde_json::from_str(&mailing.files).unwrap_or_default()
}

/// Adds a file to a draft. Gives none, and changes nothing, where the mailing is no longer as `before` has it.
pub async fn add(
    w: &mut Writer,
    before: &mailing::Model,
    file: File,
    content: Vec<u8>,
) -> Result<Option<mailing::Model>, DbErr> {
    let row = mailing_file::Model { id: file.id.clone(), mailing_id: before.id.clone(), content };
    let mut files = list(before);
    files.push(file);
    let changed = relist(w, "attach", before, &files).await?;
    if changed.is_some() {
        mailing_file::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(w.tx())
            .await?;
    }
    Ok(changed)
}

/// Takes a file of a draft away. Gives none, and changes nothing, where the mailing is no longer as `before` has it or
/// has no such file.
pub async fn remove(
    w: &mut Writer,
    before: &mailing::Model,
    id: &str,
) -> Result<Option<mailing::Model>, DbErr> {
    let mut files = list(before);
    let had = files.len();
    files.retain(|file| file.id != id);
    if files.len() == had {
        return Ok(None);
    }
    let changed = relist(w, "detach", before, &files).await?;
    if changed.is_some() {
        mailing_file::Entity::delete_by_id(id).exec(w.tx()).await?;
    }
    Ok(changed)
}

/// Gives a new draft the files of another mailing.
pub async fn copy(w: &mut Writer, to: mailing::Model, from: &mailing::Model) -> Result<(), DbErr> {
    let mut to = to;
    for file in list(from) {
        let Some(content) = content(w.tx(), &file.id).await? else { continue };
        let Some(row) = add(w, &to, File { id: w.id(), ..file }, content).await? else { break };
        to = row;
    }
    Ok(())
}

async fn relist(
    w: &mut Writer,
    action: &str,
    before: &mailing::Model,
    files: &[File],
) -> Result<Option<mailing::Model>, DbErr> {
    if before.state != mailing::State::Draft {
        return Ok(None);
    }
    let files = serde_json::json!(files).to_string();
    record::replace(w, action, before, mailing::Model { files, ..before.clone() }, serde_json::Value::Null)
        .await
}

/// What is in a file, if there is one.
pub async fn content(conn: &impl ConnectionTrait, id: &str) -> Result<Option<Vec<u8>>, DbErr> {
    Ok(mailing_file::Entity::find_by_id(id).one(conn).await?.map(|row| row.content))
}

/// The files of a mailing, ready to go with its letters. Refuses one that is not as it was put on the list.
pub async fn enclosed(
    conn: &impl ConnectionTrait,
    mailing: &mailing::Model,
) -> anyhow::Result<Vec<Attachment>> {
    let files = list(mailing);
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let rows = mailing_file::Entity::find()
        .filter(mailing_file::Column::MailingId.eq(&mailing.id))
        .all(conn)
        .await?;
    let mut kept: std::collections::HashMap<String, Vec<u8>> =
        rows.into_iter().map(|row| (row.id, row.content)).collect();
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        let content = kept.remove(&file.id).unwrap_or_default();
        anyhow::ensure!(
            sha256(&content) == file.sha256,
            "file {} of mailing {} is not the one that was added",
            file.id,
            mailing.id
        );
        all.push(Attachment::file(&file.name, file.kind.media_type(), content)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n";

    fn read(name: &str, content: &[u8], others: &[File]) -> Result<File, String> {
        File::read("1".into(), name, content, others, 12)
    }

    #[test]
    fn a_file_is_read_and_its_limits_kept() {
        let file = read(" Plan.PDF ", PDF, &[]).unwrap();
        assert_eq!((file.name.as_str(), file.kind, file.bytes), ("Plan.PDF", Kind::Pdf, 9));
        let again = read("Plan.PDF", PDF, std::slice::from_ref(&file)).unwrap_err();
        assert!(again.contains("has that name"), "{again}");
        let full = vec![file.clone(); MOST];
        assert!(read("Six.pdf", PDF, &full).unwrap_err().contains("5 files"));
        let mut large = PDF.to_vec();
        large.resize(10_000_000, b' ');
        let said = read("Large.pdf", &large, &[]).unwrap_err();
        assert!(said.contains("9.5 MB") && said.contains("12 addresses"), "{said}");
        large.truncate(BYTES - 8);
        let both = read("Large.pdf", &large, &[file]).unwrap_err();
        assert!(both.contains("together"), "{both}");
        assert!(read("Large.pdf", &large, &[]).is_ok());
    }

    #[test]
    fn a_name_is_a_name() {
        for wrong in ["a\r\nBcc: x.pdf", ".pdf", &format!("{}.pdf", "a".repeat(97))] {
            assert!(read(wrong, PDF, &[]).is_err(), "{wrong:?}");
        }
        assert!(read("Plan.pdf", b"", &[]).is_err());
    }
}
