//! Asks the DNS, for one run of checks.
//!
//! ```text
//! a check ─► Asked ─┬─ asked before ─► the same answer
//!                   ├─ too much asked, or too late ─► Failure::Temporary
//!                   └─► Resolve ─► cleaned, cut ─► remembered
//! ```
//!
//! What comes from the DNS was written by anybody. Only here does it come in, so that all beyond this reads bounded
//! text without control characters, and names that are names.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};

use super::{names, text};

/// Look-ups of one run, at most.
const LOOKUPS: usize = 300;
/// Records of one answer, and characters of one record, that are read.
const RECORDS: usize = 200;
const RECORD: usize = 8000;
/// The longest reason of a failure.
const REASON: usize = 120;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no such name.
    NoSuchName,
    /// There is the name, but no such record.
    NoRecords,
    /// Not known, for the reason given.
    Temporary(String),
}

/// A host that takes mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub preference: u16,
    /// `.` where no mail is taken.
    pub host: String,
}

/// Looks up names. They are given in full, without a last dot.
pub trait Resolve: Send + Sync {
    /// The texts at a name, each with its strings joined.
    fn txt(&self, name: &str) -> impl Future<Output = Result<Vec<String>, Failure>> + Send;
    fn mx(&self, name: &str) -> impl Future<Output = Result<Vec<Exchange>, Failure>> + Send;
    /// A and AAAA.
    fn addresses(&self, name: &str) -> impl Future<Output = Result<Vec<IpAddr>, Failure>> + Send;
    /// The names of an address.
    fn ptr(&self, address: IpAddr) -> impl Future<Output = Result<Vec<String>, Failure>> + Send;
}

type Answer<T> = Result<Vec<T>, Failure>;
type Memory<T> = Mutex<HashMap<String, Answer<T>>>;

/// The look-ups of one run.
pub struct Asked<'a, R> {
    dns: &'a R,
    /// Ends when the run's time is over.
    over: Shared<BoxFuture<'static, ()>>,
    lookups: AtomicUsize,
    txt: Memory<String>,
    mx: Memory<Exchange>,
    addresses: Memory<IpAddr>,
    ptr: Memory<String>,
}

impl<'a, R: Resolve> Asked<'a, R> {
    pub fn new(dns: &'a R, patience: Duration) -> Self {
        Self {
            dns,
            over: tokio::time::sleep(patience).boxed().shared(),
            lookups: AtomicUsize::new(0),
            txt: Memory::default(),
            mx: Memory::default(),
            addresses: Memory::default(),
            ptr: Memory::default(),
        }
    }

    pub async fn txt(&self, name: &str) -> Answer<String> {
        let tidy = |record: String| Some(text::clean(&record).chars().take(RECORD).collect());
        self.ask(&self.txt, name, self.dns.txt(name), tidy).await
    }

    /// The best first.
    pub async fn mx(&self, name: &str) -> Answer<Exchange> {
        let tidy = |exchange: Exchange| {
            let host = if exchange.host == "." { exchange.host } else { name_of(&exchange.host) };
            Some(Exchange { host, ..exchange })
        };
        let mut found = self.ask(&self.mx, name, self.dns.mx(name), tidy).await?;
        found.sort_by(|a, b| (a.preference, &a.host).cmp(&(b.preference, &b.host)));
        Ok(found)
    }

    pub async fn addresses(&self, name: &str) -> Answer<IpAddr> {
        let tidy = |address: IpAddr| Some(address.to_canonical());
        self.ask(&self.addresses, name, self.dns.addresses(name), tidy).await
    }

    pub async fn ptr(&self, address: IpAddr) -> Answer<String> {
        let tidy = |name: String| Some(name_of(&name));
        self.ask(&self.ptr, &reverse(address), self.dns.ptr(address), tidy).await
    }

    async fn ask<T: Clone>(
        &self,
        memory: &Memory<T>,
        name: &str,
        question: impl Future<Output = Answer<T>>,
        tidy: impl Fn(T) -> Option<T>,
    ) -> Answer<T> {
        if !names::askable(name) {
            return Err(Failure::NoSuchName);
        }
        let known = memory.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(answer) = known {
            return answer;
        }
        if self.lookups.fetch_add(1, Ordering::Relaxed) >= LOOKUPS {
            return Err(Failure::Temporary("there is too much to look up".into()));
        }
        let answer = tokio::select! {
            biased;
            () = self.over.clone() => return Err(Failure::Temporary("the time for all checks was over".into())),
            answer = question => answer,
        };
        let answer = match answer {
            Ok(records) => match records.into_iter().take(RECORDS).filter_map(tidy).collect::<Vec<T>>() {
                records if records.is_empty() => Err(Failure::NoRecords),
                records => Ok(records),
            },
            Err(Failure::Temporary(why)) => Err(Failure::Temporary(text::clip(&text::clean(&why), REASON))),
            Err(failure) => Err(failure),
        };
        memory.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), answer.clone());
        answer
    }
}

/// A name that the DNS gave, in its plain form. One that is none stays, made harmless: it will not be asked about.
fn name_of(given: &str) -> String {
    text::clip(&text::clean(&names::plain(given)), 253)
}

/// The name that an address's own names stand at.
pub fn reverse(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(v6) => format!("{}.ip6.arpa", nibbles(v6).into_iter().rev().collect::<Vec<_>>().join(".")),
    }
}

/// The hexadecimal digits of an address.
pub fn nibbles(address: std::net::Ipv6Addr) -> Vec<String> {
    address
        .octets()
        .iter()
        .flat_map(|octet| [octet >> 4, octet & 15])
        .map(|digit| format!("{digit:x}"))
        .collect()
}
