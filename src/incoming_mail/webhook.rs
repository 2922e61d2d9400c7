//! A mail that a relay hands over by a signed request: whether it is the relay that speaks.
//!
//! ```text
//! X-OpenDoor-Timestamp: 1515974400               seconds since 1970, five minutes off at most
//! X-OpenDoor-Signature: v1=<hex>, v1=<hex>       HMAC-SHA256 of timestamp, ".", body, under a key of ours
//!
//! headers ─► Signed::read, before a byte of the body is ─► Signed::check(body) ─► incoming_mail::take
//! ```
//!
//! Keys are changed without a gap: we hold an old and a new one, or the relay signs with both. A request that somebody
//! caught and sends again within its five minutes changes nothing, since the same mail is taken in once.

use std::path::Path;

use anyhow::{Context as _, ensure};
use axum::http::{HeaderMap, HeaderName};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

/// The longest body that is read, in bytes: 10 MiB, as from a mailbox.
pub const LONGEST: usize = 10 << 20;
/// How far a request's time may be from ours, either way.
pub const TOLERANCE: TimeDelta = TimeDelta::minutes(5);
/// When the request was signed.
pub const TIMESTAMP: HeaderName = HeaderName::from_static("x-opendoor-timestamp");
/// What it was signed with.
pub const SIGNATURE: HeaderName = HeaderName::from_static("x-opendoor-signature");

/// The most signatures that are looked at.
const MANY: usize = 8;
/// The shortest key, in letters.
const SHORTEST: usize = 32;
/// The longest timestamp, in digits.
const DIGITS: usize = 12;

/// The keys that a request may be signed with.
#[derive(Clone, Debug)]
pub struct Keys(Vec<SecretString>);

/// A request's own word on when and by whom it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// As it was signed, letter by letter.
    timestamp: String,
    signatures: Vec<[u8; 32]>,
}

/// Why a request is not believed. For the log: a stranger is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("it does not say once, in seconds, when it was signed")]
    Timestamp,
    #[error("it was signed more than five minutes ago, or is to be signed later")]
    Time,
    #[error("it has no signature of ours to look at, or too many")]
    Signatures,
    #[error("no key of ours signed it")]
    Unknown,
}

impl Keys {
    /// Reads the file: a key on each line. Refuses one without a key, and a key that could be guessed.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let said = || format!("the keys of the mail hook in {}", path.display());
        Self::parse(&std::fs::read_to_string(path).with_context(said)?).with_context(said)
    }

    /// Reads the file's text.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let keys: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        ensure!(!keys.is_empty(), "there is no key");
        ensure!(keys.iter().all(|key| key.len() >= SHORTEST), "a key has {SHORTEST} letters at least");
        Ok(Self(keys.into_iter().map(SecretString::from).collect()))
    }
}

impl Signed {
    /// Reads the headers of a request that came at `now`.
    pub fn read(headers: &HeaderMap, now: DateTime<Utc>) -> Result<Self, Refused> {
        let mut stamps = headers.get_all(TIMESTAMP).iter();
        let (Some(stamp), None) = (stamps.next(), stamps.next()) else { return Err(Refused::Timestamp) };
        let timestamp = stamp.to_str().map_err(|_| Refused::Timestamp)?;
        let plain = (1..=DIGITS).contains(&timestamp.len()) && timestamp.bytes().all(|b| b.is_ascii_digit());
        if !plain {
            return Err(Refused::Timestamp);
        }
        let seconds: i64 = timestamp.parse().map_err(|_| Refused::Timestamp)?;
        let at = DateTime::from_timestamp(seconds, 0).ok_or(Refused::Timestamp)?;
        if (now - at).abs() > TOLERANCE {
            return Err(Refused::Time);
        }
        let mut signatures = Vec::new();
        for value in headers.get_all(SIGNATURE) {
            let text = value.to_str().map_err(|_| Refused::Signatures)?;
            // What other versions say is not ours to judge.
            for hex in text.split(',').filter_map(|one| one.trim().strip_prefix("v1=")) {
                let mut signature = [0; 32];
                hex::decode_to_slice(hex, &mut signature).map_err(|_| Refused::Signatures)?;
                signatures.push(signature);
            }
        }
        if signatures.is_empty() || signatures.len() > MANY {
            return Err(Refused::Signatures);
        }
        Ok(Self { timestamp: timestamp.to_owned(), signatures })
    }

    /// Whether one of the keys made one of the signatures over `body`. All are looked at, however early one fits.
    pub fn check(&self, body: &[u8], keys: &Keys) -> Result<(), Refused> {
        let mut known = Choice::from(0);
        for key in &keys.0 {
            let made = mac(key, &self.timestamp, body);
            for signature in &self.signatures {
                known |= made.ct_eq(signature);
            }
        }
        if bool::from(known) { Ok(()) } else { Err(Refused::Unknown) }
    }
}

/// Whether a request with these headers and this body, which came at `now`, was signed with one of the keys.
pub fn verify(headers: &HeaderMap, body: &[u8], keys: &Keys, now: DateTime<Utc>) -> Result<(), Refused> {
    Signed::read(headers, now)?.check(body, keys)
}

/// The value of the signature's header, a signature for each key: what who hands mail over has to say.
pub fn sign(timestamp: &str, body: &[u8], keys: &Keys) -> String {
    let made = keys.0.iter().map(|key| format!("v1={}", hex::encode(mac(key, timestamp, body))));
    made.collect::<Vec<_>>().join(", ")
}

fn mac(key: &SecretString, timestamp: &str, body: &[u8]) -> [u8; 32] {
    let key = key.expose_secret().as_bytes();
    let mut mac: Hmac<Sha256> = Hmac::new_from_slice(key).expect("a key of HMAC has any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
