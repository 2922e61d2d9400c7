//! Tokens of the links in letters, to unsubscribe, to answer an invitation and to what is held about the reader: made of a key and the delivery's identity,
//! known to the database by their digest alone.
//!
//! A token can be made again (a letter that is sent again after a doubt carries the same link), and whoever reads
//! the database cannot make one. The key lies in the data folder, made at first use; machines that share one
//! PostgreSQL may each have their own, since the one that sends writes down its digest.

use std::{io::Write as _, path::Path};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::chance::Chance;

/// Makes tokens.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// The key of this data folder.
    pub fn open(folder: &Path, chance: &Chance) -> anyhow::Result<Self> {
        let path = folder.join("letters.key");
        let said = || format!("the key in {}", path.display());
        if !path.exists() {
            std::fs::create_dir_all(folder).with_context(said)?;
            // Whole before it has its name, and the first to give it that name wins.
            let aside = folder.join(format!("letters.key.{}", chance.id()));
            let mut options = std::fs::OpenOptions::new();
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.write(true).create_new(true).open(&aside).with_context(said)?;
            file.write_all(chance.token().as_bytes()).with_context(said)?;
            file.sync_all().with_context(said)?;
            let named = std::fs::hard_link(&aside, &path);
            std::fs::remove_file(&aside).with_context(said)?;
            if let Err(error) = named
                && error.kind() != std::io::ErrorKind::AlreadyExists
            {
                return Err(error).with_context(said);
            }
        }
        let key = std::fs::read_to_string(&path).with_context(said)?;
        anyhow::ensure!(key.len() == 43, "the key in {} is damaged", path.display());
        Ok(Self(key))
    }

    /// The token by which a delivery's recipient answers an invitation. It opens nothing else.
    pub fn rsvp(&self, delivery: &str) -> String {
        self.token(&format!("rsvp:{delivery}"))
    }

    /// The token by which a delivery's recipient sees what is held about them. It opens nothing else.
    pub fn me(&self, delivery: &str) -> String {
        self.token(&format!("me:{delivery}"))
    }

    /// The token of a delivery: 43 characters that may stand in an address.
    pub fn token(&self, delivery: &str) -> String {
        // Hashed twice, so that no token can be lengthened into another.
        let inner = Sha256::digest(format!("{}{delivery}", self.0));
        let mut outer = Sha256::new();
        outer.update(self.0.as_bytes());
        outer.update(inner);
        URL_SAFE_NO_PAD.encode(outer.finalize())
    }
}

/// What the database knows a token by.
pub fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn the_same_folder_gives_the_same_tokens() {
        let folder = tempfile::tempdir().unwrap();
        let chance = Chance::seeded(Clock::System, 1);
        let first = Key::open(folder.path(), &chance).unwrap().token("a");
        let again = Key::open(folder.path(), &chance).unwrap();
        assert_eq!(first, again.token("a"));
        assert_ne!(first, again.token("b"));
        assert_eq!(first.len(), 43);
        assert_eq!(again.rsvp("a"), again.rsvp("a"));
        assert_ne!(again.rsvp("a"), first, "one link is not the other");
        assert_eq!(again.rsvp("a").len(), 43);
        assert_eq!(again.me("a"), again.me("a"));
        assert!(![first, again.rsvp("a")].contains(&again.me("a")), "nor a third");
    }
}
