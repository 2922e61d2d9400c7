//! A DNS that is held in memory, for tests.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
};

use super::{
    dns::{Exchange, Failure, Resolve, reverse},
    names,
};

/// Names and what stands at them. A name of which nothing is told does not exist.
#[derive(Clone, Debug, Default)]
pub struct Zone {
    txt: HashMap<String, Vec<String>>,
    mx: HashMap<String, Vec<Exchange>>,
    addresses: HashMap<String, Vec<IpAddr>>,
    ptr: HashMap<String, Vec<String>>,
    known: HashSet<String>,
    failing: HashSet<String>,
}

impl Zone {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn txt(mut self, name: &str, record: &str) -> Self {
        let name = self.know(name);
        self.txt.entry(name).or_default().push(record.to_owned());
        self
    }

    #[must_use]
    pub fn mx(mut self, name: &str, preference: u16, host: &str) -> Self {
        let exchange = Exchange { preference, host: host.to_owned() };
        let name = self.know(name);
        self.mx.entry(name).or_default().push(exchange);
        self
    }

    /// An address; what is none is left out.
    #[must_use]
    pub fn address(mut self, name: &str, address: &str) -> Self {
        let name = self.know(name);
        self.addresses.entry(name).or_default().extend(address.parse::<IpAddr>().ok());
        self
    }

    /// A name of an address.
    #[must_use]
    pub fn ptr(mut self, address: &str, name: &str) -> Self {
        if let Ok(address) = address.parse() {
            let at = self.know(&reverse(address));
            self.ptr.entry(at).or_default().push(name.to_owned());
        }
        self
    }

    /// Nothing can be learnt of this name for now. For an address its reverse name is to be given.
    #[must_use]
    pub fn failing(mut self, name: &str) -> Self {
        self.failing.insert(names::plain(name));
        self
    }

    fn know(&mut self, name: &str) -> String {
        let name = names::plain(name);
        self.known.insert(name.clone());
        name
    }

    fn find<T: Clone>(&self, records: &HashMap<String, Vec<T>>, name: &str) -> Result<Vec<T>, Failure> {
        let name = names::plain(name);
        if self.failing.contains(&name) {
            return Err(Failure::Temporary("no answer".into()));
        }
        match records.get(&name) {
            Some(found) => Ok(found.clone()),
            None if self.known.contains(&name) => Err(Failure::NoRecords),
            None => Err(Failure::NoSuchName),
        }
    }
}

impl Resolve for Zone {
    async fn txt(&self, name: &str) -> Result<Vec<String>, Failure> {
        self.find(&self.txt, name)
    }

    async fn mx(&self, name: &str) -> Result<Vec<Exchange>, Failure> {
        self.find(&self.mx, name)
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        self.find(&self.addresses, name)
    }

    async fn ptr(&self, address: IpAddr) -> Result<Vec<String>, Failure> {
        self.find(&self.ptr, &reverse(address))
    }
}
