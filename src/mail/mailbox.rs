//! The on-disk mailbox: `DATA/mailbox/<stp>/<delivery>.eml`, for a demonstration and for trying things out. Nothing
//! leaves the machine.
//!
//! A file appears whole (written aside, then renamed) and is named by its delivery, so a letter that is handed over
//! again is still one letter.

use std::path::PathBuf;

use mail_parser::{MessageParser, MimeHeaders as _};

use super::{Built, Outcome};
use crate::config::Config;

/// The folder of all letters.
#[derive(Clone, Debug)]
pub struct Mailbox {
    folder: PathBuf,
}

/// A letter read back.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Kept {
    /// The delivery's identity.
    pub name: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    /// As the header says it.
    pub date: String,
    /// Every header, in order.
    pub headers: Vec<(String, String)>,
    pub text: String,
    /// The HTML part's source.
    pub html: String,
}

impl Mailbox {
    /// The mailbox of a product with these settings.
    pub fn of(config: &Config) -> Self {
        Self { folder: config.store.data.join("mailbox") }
    }

    /// Keeps a letter.
    pub(super) async fn keep(&self, stp: &str, letter: &Built) -> Outcome {
        match self.write(stp, letter).await {
            Ok(()) => Outcome::Accepted("Kept in the mailbox of this machine".into()),
            Err(error) => Outcome::Unreached(format!("The mailbox could not be written: {error}")),
        }
    }

    async fn write(&self, stp: &str, letter: &Built) -> std::io::Result<()> {
        let folder = self.folder.join(stp);
        tokio::fs::create_dir_all(&folder).await?;
        let aside = folder.join(format!("{}.part", letter.id));
        tokio::fs::write(&aside, letter.text.as_bytes()).await?;
        tokio::fs::rename(&aside, folder.join(format!("{}.eml", letter.id))).await
    }

    /// The names of an STP's letters, last first: at most `limit` of those before `before`.
    pub async fn names(&self, stp: &str, before: Option<&str>, limit: usize) -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        let mut folder = match tokio::fs::read_dir(self.folder.join(stp)).await {
            Ok(folder) => folder,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(error),
        };
        while let Some(file) = folder.next_entry().await? {
            let name = file.file_name();
            let Some(name) = name.to_str().and_then(|name| name.strip_suffix(".eml")) else { continue };
            if before.is_none_or(|before| name < before) {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable_by(|a, b| b.cmp(a));
        names.truncate(limit);
        Ok(names)
    }

    /// One letter of an STP. `name` is taken as a name alone: nothing in it can lead elsewhere.
    pub async fn read(&self, stp: &str, name: &str) -> anyhow::Result<Option<Kept>> {
        let harmless =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !harmless(stp) || !harmless(name) {
            return Ok(None);
        }
        let bytes = match tokio::fs::read(self.folder.join(stp).join(format!("{name}.eml"))).await {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(parse(name, &bytes))
    }
}

/// Reads a message; none where it is not one.
fn parse(name: &str, bytes: &[u8]) -> Option<Kept> {
    let message = MessageParser::default().parse(bytes)?;
    let mailbox = |address: Option<&mail_parser::Address<'_>>| {
        let first = address.and_then(|address| address.first());
        first.map_or_else(String::new, |first| match (first.name(), first.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (_, address) => address.unwrap_or_default().to_owned(),
        })
    };
    let html = message.html_part(0).filter(|part| part.is_content_type("text", "html"));
    Some(Kept {
        name: name.to_owned(),
        from: mailbox(message.from()),
        to: mailbox(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: message.date().map(mail_parser::DateTime::to_rfc822).unwrap_or_default(),
        headers: message
            .headers_raw()
            .map(|(name, value)| (name.to_owned(), value.split_whitespace().collect::<Vec<_>>().join(" ")))
            .collect(),
        text: message.body_text(0).map(std::borrow::Cow::into_owned).unwrap_or_default(),
        html: html.and_then(|part| part.text_contents()).unwrap_or_default().to_owned(),
    })
}
