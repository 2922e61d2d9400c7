//! Names with macros in them (RFC 7208, section 7).
//!
//! ```text
//! %{ir}.%{v}._spf.%{d2} ─► parse ─► pieces ─► expand with the host's address ─► 4.2.0.192.in-addr._spf.example.org
//! ```
//!
//! The address of the host and the domains are known here. The name before the sender's @, the name that a host says
//! hello with and the name it is validated by are not: what takes them cannot be told.

use std::net::IpAddr;

use crate::mail::domain::{dns::nibbles, names};

/// What a macro can stand for.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The domain whose record this is.
    pub domain: &'a str,
    /// The domain of the sender.
    pub sender: &'a str,
    pub host: Option<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Macro { letter: char, last: usize, reversed: bool, delimiters: String, escaped: bool },
}

/// Reads a name. None where it breaks the grammar.
pub fn parse(spec: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = spec;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if !c.is_ascii_graphic() {
            return None;
        }
        if c != '%' {
            text.push(c);
            continue;
        }
        let kind = rest.chars().next()?;
        rest = &rest[kind.len_utf8()..];
        match kind {
            '%' => text.push('%'),
            '_' => text.push(' '),
            '-' => text.push_str("%20"),
            '{' => {
                let (inside, after) = rest.split_once('}')?;
                rest = after;
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(macro_of(inside)?);
            }
            _ => return None,
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Some(pieces)
}

fn macro_of(inside: &str) -> Option<Piece> {
    let letter = inside.chars().next().filter(char::is_ascii_alphabetic)?;
    let rest = &inside[1..];
    let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &rest[..rest.len() - tail.len()];
    let last = if digits.is_empty() { usize::MAX } else { digits.parse().unwrap_or(usize::MAX) };
    let (reversed, delimiters) = match tail.strip_prefix(['r', 'R']) {
        Some(delimiters) => (true, delimiters),
        None => (false, tail),
    };
    // c, r and t belong into explanations alone.
    let sound = matches!(letter.to_ascii_lowercase(), 's' | 'l' | 'o' | 'd' | 'i' | 'p' | 'v' | 'h')
        && last > 0
        && delimiters.chars().all(|c| ".-+,/_=".contains(c));
    sound.then(|| Piece::Macro {
        letter: letter.to_ascii_lowercase(),
        last,
        reversed,
        delimiters: if delimiters.is_empty() { ".".into() } else { delimiters.into() },
        escaped: letter.is_ascii_uppercase(),
    })
}

/// Whether a name can stand in a record: it ends in a label that is no number, or in a macro.
pub fn sound(spec: &str) -> bool {
    let Some(pieces) = parse(spec) else { return false };
    match pieces.last() {
        None => false,
        Some(Piece::Macro { .. }) => true,
        Some(Piece::Text(text)) => {
            let text = text.strip_suffix('.').unwrap_or(text);
            text.rsplit_once('.').is_some_and(|(_, top)| {
                top.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && top.bytes().any(|b| !b.is_ascii_digit())
                    && !top.starts_with('-')
                    && !top.ends_with('-')
            })
        }
    }
}

/// The name that a macro makes. None where that takes what is not known here.
pub fn expand(spec: &str, known: Known<'_>) -> Option<String> {
    let mut name = String::new();
    for piece in parse(spec)? {
        match piece {
            Piece::Text(text) => name.push_str(&text),
            Piece::Macro { letter, last, reversed, delimiters, escaped } => {
                let value = match (letter, known.host) {
                    ('d', _) => known.domain.to_owned(),
                    ('o', _) => known.sender.to_owned(),
                    ('i', Some(IpAddr::V4(v4))) => v4.to_string(),
                    ('i', Some(IpAddr::V6(v6))) => nibbles(v6).join("."),
                    ('v', Some(IpAddr::V4(_))) => "in-addr".to_owned(),
                    ('v', Some(IpAddr::V6(_))) => "ip6".to_owned(),
                    _ => return None,
                };
                let mut parts: Vec<&str> = value.split(|c| delimiters.contains(c)).collect();
                if reversed {
                    parts.reverse();
                }
                let value = parts[parts.len().saturating_sub(last)..].join(".");
                if escaped {
                    name.push_str(&escape(&value));
                } else {
                    name.push_str(&value);
                }
            }
        }
    }
    Some(short(&names::plain(&name)).to_owned())
}

fn escape(value: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    value.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A name that is too long loses labels from its left.
fn short(name: &str) -> &str {
    let mut name = name;
    while name.len() > 253 {
        match name.split_once('.') {
            Some((_, rest)) => name = rest,
            None => break,
        }
    }
    name
}
