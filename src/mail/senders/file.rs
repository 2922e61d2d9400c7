//! The file of further senders: TOML, an entry each.
//!
//! Every refusal names the file, the entry and what to do. Paths in it are those of its own folder.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use secrecy::SecretString;
use serde::Deserialize;

use crate::config::Tls;

/// The most senders.
const MOST: usize = 200;
/// The longest code, in letters.
const LONGEST: usize = 40;

/// A sender as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub key: String,
    /// What its letters say they come from, beside the address.
    pub name: String,
    pub from: String,
    pub reply_to: Option<String>,
    pub return_path: Option<String>,
    pub host: String,
    pub port: Option<u16>,
    #[serde(default = "starttls")]
    pub tls: Tls,
    user: Option<String>,
    password_file: Option<PathBuf>,
    pub ca: Option<PathBuf>,
    #[serde(default = "four")]
    pub connections: u32,
    pub stps: Option<Vec<String>>,
    #[serde(default)]
    pub hosts: Vec<IpAddr>,
    #[serde(default)]
    pub dkim_selectors: Vec<String>,
    pub dkim_key_file: Option<PathBuf>,
    pub dkim_key_selector: Option<String>,
}

/// The whole file, its entries not read yet: what is wrong with one is said with its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(default)]
    sender: Vec<toml::Table>,
}

const fn starttls() -> Tls {
    Tls::Starttls
}

const fn four() -> u32 {
    4
}

impl Entry {
    /// Name and password to sign in to its server with, the password read from its file in `folder`.
    pub fn credentials(&self, folder: &Path) -> anyhow::Result<Option<(String, SecretString)>> {
        let (user, file) = match (&self.user, &self.password_file) {
            (None, None) => return Ok(None),
            (Some(user), Some(file)) => (user, folder.join(file)),
            _ => bail!("to sign in to the mail server takes both user and password_file"),
        };
        let password = std::fs::read_to_string(&file)
            .with_context(|| format!("password_file: {} could not be read", file.display()))?;
        let password = password.trim_end_matches(['\r', '\n']);
        ensure!(!password.is_empty(), "password_file: {} is empty", file.display());
        Ok(Some((user.clone(), password.to_owned().into())))
    }

    /// What is wrong with it by itself.
    fn check(&self) -> anyhow::Result<()> {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        ensure!(
            self.key.starts_with(|c: char| c.is_ascii_lowercase())
                && self.key.chars().all(letter)
                && self.key.len() <= LONGEST,
            "key: write at most {LONGEST} small letters, digits and hyphens, beginning with a letter, as in dorset"
        );
        ensure!(
            !self.name.trim().is_empty() && !self.name.contains(char::is_control),
            "name: write what its letters say they come from, as in Dorset STP"
        );
        ensure!(!self.host.trim().is_empty(), "host: name its mail server");
        ensure!(self.connections > 0, "connections: there must be one at least");
        if let Some(stps) = &self.stps {
            ensure!(
                !stps.is_empty(),
                "stps: name the STPs that may write from it, or leave the line out where every one may"
            );
            for code in stps {
                ensure!(
                    migration::stp_codes().any(|known| known == code),
                    "stps: {code} is no STP; write codes as in E54000041"
                );
            }
        }
        Ok(())
    }
}

/// Reads the file: each entry with what it is called in messages.
pub fn read(path: &Path) -> anyhow::Result<Vec<(Entry, String)>> {
    let file = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the senders (--mail-senders) in {file} could not be read"))?;
    let whole: Whole = toml::from_str(&text).with_context(|| {
        format!("{file} is no list of senders: it holds entries that begin with [[sender]], and nothing else")
    })?;
    ensure!(whole.sender.len() <= MOST, "{file}: there can be {MOST} senders at most");
    let mut entries = Vec::with_capacity(whole.sender.len());
    for (place, values) in whole.sender.into_iter().enumerate() {
        let key = values.get("key").and_then(toml::Value::as_str);
        let key = key.map(|key| format!(" (“{key}”)")).unwrap_or_default();
        let name = format!("{file}, sender {}{key}", place + 1);
        let entry: Entry = values
            .try_into()
            .map_err(|error: toml::de::Error| anyhow::anyhow!("{name}: {}", error.message()))?;
        entry.check().with_context(|| name.clone())?;
        entries.push((entry, name));
    }
    Ok(entries)
}
