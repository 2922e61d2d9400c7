//! DKIM (RFC 6376): signs letters with a key of this site, where the mail server does not sign.
//!
//! ```text
//! message::build ─► bytes ─► canonical: headers, body ─► Signer::sign ─► DKIM-Signature, put before the bytes
//! --dkim-key-file ─► Signer::read ─► Identity             │
//!                         └─► Signer::record ─► what to publish, and what mail::domain looks for
//! ```
//!
//! Relaxed both ways, with rsa-sha256 (RFC 8301: 2048 bits at least) or ed25519-sha256 (RFC 8463). The domain is the
//! one that letters come from, so that it agrees with the sender whatever its DMARC says. The time is the letter's: the
//! same letter gives the same bytes.
//!
//! What is signed is named once more than it is there, so that nobody can add a second sender, subject or way out to a
//! letter of ours.
//!
//! Ours, since lettre's signer reads the wall clock, takes keys in RSA's own form alone and, as `mail-auth` does, brings
//! the `rsa` crate with its open advisory (RUSTSEC-2023-0071). What it takes of `ring` is here already.

mod canonical;
mod der;

use std::{fmt, path::Path, sync::Arc};

use anyhow::{Context as _, anyhow, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};

/// What is signed, in the order of the signature. RFC 8058 asks for the last two.
const SIGNED: [&str; 13] = [
    "from",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// The longest line of base64 in the header.
const LINE: usize = 72;

/// Signs what comes from one domain.
#[derive(Clone)]
pub struct Signer {
    domain: String,
    selector: String,
    key: Arc<Key>,
}

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.name())
    }
}

impl Signer {
    /// A signer for what comes from `domain`, with the private key in a file (PEM). Refuses a key, a selector or a domain
    /// that receivers would not take.
    pub fn read(file: &Path, selector: &str, domain: &str) -> anyhow::Result<Self> {
        let said = || format!("the DKIM key in {}", file.display());
        let pem = std::fs::read(file).with_context(said)?;
        Self::new(&pem, selector, domain).with_context(said)
    }

    fn new(pem: &[u8], selector: &str, domain: &str) -> anyhow::Result<Self> {
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        ensure!(
            selector.split('.').all(label) && selector.len() <= 100,
            "the selector “{selector}” is none; write small letters and digits, as in 2018a"
        );
        ensure!(
            domain.split('.').all(label),
            "letters from “{domain}” cannot be signed; write the domain in its xn-- form"
        );
        let key = match PrivateKeyDer::from_pem_slice(pem) {
            Ok(PrivateKeyDer::Pkcs8(der)) => {
                let der = der.secret_pkcs8_der();
                match Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
                    Ok(key) => Key::Ed25519(key),
                    Err(_) => Key::Rsa(RsaKeyPair::from_pkcs8(der).map_err(unusable)?),
                }
            }
            Ok(PrivateKeyDer::Pkcs1(der)) => {
                Key::Rsa(RsaKeyPair::from_der(der.secret_pkcs1_der()).map_err(unusable)?)
            }
            Ok(_) => bail!("it is neither an RSA nor an Ed25519 key; {MAKE}"),
            Err(_) => bail!("it holds no private key that can be read (PEM, without a password); {MAKE}"),
        };
        Ok(Self { domain: domain.to_ascii_lowercase(), selector: selector.to_owned(), key: Arc::new(key) })
    }

    /// What receivers find the key by.
    pub fn selector(&self) -> &str {
        &self.selector
    }

    /// Where the record is to be published.
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The record to publish.
    pub fn record(&self) -> String {
        match self.key.as_ref() {
            Key::Rsa(_) => format!("v=DKIM1; k=rsa; p={}", self.public()),
            Key::Ed25519(_) => format!("v=DKIM1; k=ed25519; p={}", self.public()),
        }
    }

    /// The public key, in base64, as the record holds it.
    fn public(&self) -> String {
        match self.key.as_ref() {
            Key::Rsa(key) => STANDARD.encode(der::rsa_public_key(key.public().as_ref())),
            Key::Ed25519(key) => STANDARD.encode(key.public_key().as_ref()),
        }
    }

    /// Signs a message as it goes over the wire. Gives the header that goes before it, with its line break.
    pub fn sign(&self, message: &[u8], at: DateTime<Utc>) -> anyhow::Result<Vec<u8>> {
        let (fields, body) = canonical::parts(message)?;
        let body = STANDARD.encode(Sha256::digest(canonical::body(body)));
        let mut names = Vec::new();
        let mut hashed = Vec::new();
        for name in SIGNED {
            // From the last to the first, as the standard has it; one more of that name is none.
            let found = fields.iter().rev().filter(|field| field.name == name);
            for field in found {
                names.push(name);
                hashed.extend_from_slice(field.text.as_bytes());
                hashed.extend_from_slice(b"\r\n");
            }
            names.push(name);
        }
        let names: Vec<String> = names.chunks(6).map(|names| names.join(":")).collect();
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={body};\r\n b=",
            self.algorithm(),
            self.domain,
            self.selector,
            at.timestamp(),
            names.join(":\r\n "),
        );
        // Itself, without a signature and a line break.
        hashed.extend_from_slice(canonical::field(&unsigned)?.text.as_bytes());
        let signature = STANDARD.encode(self.signature(&hashed)?);
        let mut header = unsigned.into_bytes();
        for (number, line) in signature.as_bytes().chunks(LINE).enumerate() {
            if number > 0 {
                header.extend_from_slice(b"\r\n ");
            }
            header.extend_from_slice(line);
        }
        header.extend_from_slice(b"\r\n");
        Ok(header)
    }

    fn algorithm(&self) -> &'static str {
        match self.key.as_ref() {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        }
    }

    fn signature(&self, hashed: &[u8]) -> anyhow::Result<Vec<u8>> {
        match self.key.as_ref() {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), hashed, &mut signature)
                    .map_err(|_| anyhow!("the letter could not be signed"))?;
                Ok(signature)
            }
            Key::Ed25519(key) => Ok(key.sign(&Sha256::digest(hashed)).as_ref().to_vec()),
        }
    }
}

/// How to make a key that will do.
const MAKE: &str = "make one with openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048";

fn unusable(why: ring::error::KeyRejected) -> anyhow::Error {
    match why.to_string().as_str() {
        "TooSmall" => anyhow!("the key is too short: receivers want RSA keys of 2048 bits; {MAKE}"),
        why => anyhow!("the key cannot be used ({why}); {MAKE}"),
    }
}

#[cfg(test)]
mod tests;
