//! Tokens of the links in letters, to unsubscribe, to answer an invitation and to what is held about the reader: known
//! to the database by their digest alone.
//!
//! ```text
//! delivery ─┬─► its identity, 16 bytes ─────────────────────────┬─► base64url, 43 characters ─► digest ─► the ledger
//!           └─► hashed with the key and what it opens, 16 bytes ─┘
//! ```
//!
//! A letter's row is found by its own key, so the ledger needs no index of digests, each of which would be written
//! with every step of every letter. What nobody can guess are the 128 bits behind.
//!
//! A token can be made again (a letter that is sent again after a doubt carries the same link), and whoever reads
//! the database cannot make one. The key lies in the data folder, made at first use; machines that share one
//! PostgreSQL may each have their own, since the one that sends writes down its digest.

use std::{io::Write as _, path::Path};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::chance::Chance;

/// Bytes of a token, and those of them that are an identity.
const LENGTH: usize = 32;
const ID: usize = 16;

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
        self.opening("rsvp:", delivery)
    }

    /// The token by which a delivery's recipient sees what is held about them. It opens nothing else.
    pub fn me(&self, delivery: &str) -> String {
        self.opening("me:", delivery)
    }

    /// The token of a delivery, or of anything else with a name: 43 characters that may stand in an address.
    pub fn token(&self, delivery: &str) -> String {
        self.opening("", delivery)
    }

    fn opening(&self, what: &str, of: &str) -> String {
        // Hashed twice, so that no token can be lengthened into another.
        let inner = Sha256::digest(format!("{}{what}{of}", self.0));
        let mut outer = Sha256::new();
        outer.update(self.0.as_bytes());
        outer.update(inner);
        let mut bytes: [u8; LENGTH] = outer.finalize().into();
        if let Ok(id) = Uuid::parse_str(of) {
            bytes[..ID].copy_from_slice(id.as_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// The delivery that a token says it is of, whether or not it is; none where it has not the shape of one.
pub fn delivery(token: &str) -> Option<String> {
    let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    Some(Uuid::from_slice(bytes.get(..ID)?).ok()?.to_string())
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

    #[test]
    fn a_token_says_whose_it_is_and_no_more() {
        const ID: &str = "0160f8f6-4d80-7000-8000-000000000001";
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(folder.path(), &Chance::seeded(Clock::System, 1)).unwrap();
        let other = tempfile::tempdir().unwrap();
        let other = Key::open(other.path(), &Chance::seeded(Clock::System, 2)).unwrap();
        let tokens = [key.token(ID), key.rsvp(ID), key.me(ID), other.token(ID), other.rsvp(ID), other.me(ID)];
        let mut behind = Vec::new();
        for token in &tokens {
            assert_eq!(token.len(), 43);
            assert_eq!(delivery(token).as_deref(), Some(ID));
            behind.push(token.get(22..).unwrap());
        }
        behind.sort_unstable();
        behind.dedup();
        assert_eq!(behind.len(), tokens.len(), "what cannot be guessed is of each its own");
        for wrong in ["", "x", ID, &tokens[0][..42], &format!("{}A", tokens[0]), &format!("{}=", tokens[0])] {
            assert_eq!(delivery(wrong), None, "{wrong}");
        }
    }
}
