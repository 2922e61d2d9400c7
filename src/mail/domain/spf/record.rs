//! Reads an SPF record (RFC 7208, sections 4.5 to 6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::macros;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub directives: Vec<Directive>,
    pub redirect: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    pub qualifier: Qualifier,
    pub mechanism: Mechanism,
    /// As it was written.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    Pass,
    Neutral,
    SoftFail,
    Fail,
}

/// Domains as they were written, macros and all; none is the record's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    All,
    Include(String),
    A(Option<String>, Prefixes),
    Mx(Option<String>, Prefixes),
    Ptr(Option<String>),
    Net(Net),
    Exists(String),
}

/// How much of an address counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefixes {
    pub v4: u32,
    pub v6: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    pub address: IpAddr,
    pub prefix: u32,
}

impl Mechanism {
    /// Whether it takes one of the ten look-ups.
    pub fn asks(&self) -> bool {
        !matches!(self, Self::All | Self::Net(_))
    }
}

impl Net {
    pub fn holds(&self, host: IpAddr) -> bool {
        match (self.address, host) {
            (IpAddr::V4(net), IpAddr::V4(host)) => {
                let away = 32 - self.prefix.min(32);
                net.to_bits().checked_shr(away) == host.to_bits().checked_shr(away)
            }
            (IpAddr::V6(net), IpAddr::V6(host)) => {
                let away = 128 - self.prefix.min(128);
                net.to_bits().checked_shr(away) == host.to_bits().checked_shr(away)
            }
            _ => false,
        }
    }
}

/// Whether a text is an SPF record at all.
pub fn is_record(text: &str) -> bool {
    let version = text.split(' ').next().unwrap_or_default();
    version.eq_ignore_ascii_case("v=spf1")
}

/// Reads a record. The error is the term that cannot be read.
pub fn parse(text: &str) -> Result<Record, String> {
    let mut record = Record { directives: Vec::new(), redirect: None };
    let mut explained = false;
    for term in text.split(' ').skip(1).filter(|term| !term.is_empty()) {
        let bad = || term.to_owned();
        if let Some((name, value)) = modifier(term) {
            match name.to_ascii_lowercase().as_str() {
                "redirect" if record.redirect.is_none() && macros::sound(value) => {
                    record.redirect = Some(value.to_owned());
                }
                "exp" if !explained && macros::sound(value) => explained = true,
                "redirect" | "exp" => return Err(bad()),
                // What is unknown is passed over; only its form counts.
                _ if term.bytes().all(|b| b.is_ascii_graphic()) => {}
                _ => return Err(bad()),
            }
        } else {
            record.directives.push(directive(term).ok_or_else(bad)?);
        }
    }
    Ok(record)
}

/// Name and value of a modifier: a name and an equals sign. A mechanism has a colon or a slash first.
fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    sound.then_some((name, value))
}

fn directive(term: &str) -> Option<Directive> {
    let (qualifier, rest) = match term.chars().next()? {
        '+' => (Qualifier::Pass, &term[1..]),
        '-' => (Qualifier::Fail, &term[1..]),
        '~' => (Qualifier::SoftFail, &term[1..]),
        '?' => (Qualifier::Neutral, &term[1..]),
        _ => (Qualifier::Pass, term),
    };
    let end = rest.find([':', '/']).unwrap_or(rest.len());
    let (name, value) = rest.split_at(end);
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" if value.is_empty() => Mechanism::All,
        "include" => Mechanism::Include(domain(value)?),
        "exists" => Mechanism::Exists(domain(value)?),
        "ptr" if value.is_empty() => Mechanism::Ptr(None),
        "ptr" => Mechanism::Ptr(Some(domain(value)?)),
        "a" => {
            let (domain, prefixes) = target(value)?;
            Mechanism::A(domain, prefixes)
        }
        "mx" => {
            let (domain, prefixes) = target(value)?;
            Mechanism::Mx(domain, prefixes)
        }
        "ip4" => Mechanism::Net(net(value, 32, |text| text.parse::<Ipv4Addr>().ok().map(IpAddr::V4))?),
        "ip6" => Mechanism::Net(net(value, 128, |text| text.parse::<Ipv6Addr>().ok().map(IpAddr::V6))?),
        _ => return None,
    };
    Some(Directive { qualifier, mechanism, text: term.to_owned() })
}

fn domain(value: &str) -> Option<String> {
    let domain = value.strip_prefix(':')?;
    macros::sound(domain).then(|| domain.to_owned())
}

/// The domain and the prefixes of `a` and `mx`: `:example.org/24//64`, each part may be missing.
fn target(value: &str) -> Option<(Option<String>, Prefixes)> {
    let mut prefixes = Prefixes { v4: 32, v6: 128 };
    let mut rest = value;
    if let Some((before, bits)) = rest.rsplit_once("//")
        && numeric(bits)
    {
        prefixes.v6 = prefix(bits, 128)?;
        rest = before;
    }
    if let Some((before, bits)) = rest.rsplit_once('/')
        && numeric(bits)
    {
        prefixes.v4 = prefix(bits, 32)?;
        rest = before;
    }
    if rest.is_empty() {
        return Some((None, prefixes));
    }
    Some((Some(domain(rest)?), prefixes))
}

fn net(value: &str, most: u32, read: impl Fn(&str) -> Option<IpAddr>) -> Option<Net> {
    let value = value.strip_prefix(':')?;
    let (address, bits) = match value.split_once('/') {
        Some((address, bits)) => (address, prefix(bits, most)?),
        None => (value, most),
    };
    Some(Net { address: read(address)?, prefix: bits })
}

fn numeric(bits: &str) -> bool {
    !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit())
}

fn prefix(bits: &str, most: u32) -> Option<u32> {
    let sound = numeric(bits) && (bits == "0" || !bits.starts_with('0'));
    bits.parse().ok().filter(|bits| sound && *bits <= most)
}
