//! Reads a public key as far as its kind and length.

use std::fmt;

use base64::{
    Engine as _,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// With or without the padding at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// rsaEncryption, as DER has it.
const RSA: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 2;
const BITS: u8 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// With so many bits.
    Rsa(usize),
    Ed25519,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "RSA, {bits} bits"),
            Self::Ed25519 => f.write_str("Ed25519"),
        }
    }
}

/// The error says what is wrong, to follow "the key cannot be used".
pub fn read(kind: &str, encoded: &str) -> Result<Key, &'static str> {
    if !matches!(kind, "rsa" | "ed25519") {
        return Err("its k= part names no kind of key that is known");
    }
    let bytes = BASE64.decode(encoded).map_err(|_| "its p= part is damaged (no base64)")?;
    if kind == "ed25519" {
        return if bytes.len() == 32 {
            Ok(Key::Ed25519)
        } else {
            Err("an Ed25519 key has 32 bytes, and this one has not")
        };
    }
    match modulus(&bytes) {
        Some(bits) => Ok(Key::Rsa(bits)),
        None if bytes.len() == 32 => Err("it looks like an Ed25519 key, but its k= part does not say so"),
        None => Err("its p= part is cut off or damaged (no RSA key)"),
    }
}

/// The length of an RSA key's modulus: in a `SubjectPublicKeyInfo`, or the bare `RSAPublicKey` that the RFC's text
/// names.
fn modulus(der: &[u8]) -> Option<usize> {
    let (outer, _) = element(der, SEQUENCE)?;
    let key = if outer.first() == Some(&SEQUENCE) {
        let (algorithm, rest) = element(outer, SEQUENCE)?;
        if !algorithm.starts_with(&RSA) {
            return None;
        }
        let (bits, _) = element(rest, BITS)?;
        // No bits are unused.
        element(bits.strip_prefix(&[0])?, SEQUENCE)?.0
    } else {
        outer
    };
    let (modulus, rest) = element(key, INTEGER)?;
    element(rest, INTEGER)?;
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let zeros = usize::try_from(modulus[first].leading_zeros()).ok()?;
    Some((modulus.len() - first) * 8 - zeros)
}

/// What an element holds, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, short], rest) = der.split_first_chunk::<2>()?;
    if found != tag {
        return None;
    }
    let (length, rest) = if short < 128 {
        (usize::from(short), rest)
    } else {
        let digits = usize::from(short & 127);
        if !(1..=4).contains(&digits) || rest.len() < digits {
            return None;
        }
        let (digits, rest) = rest.split_at(digits);
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}
