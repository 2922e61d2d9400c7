//! Asks real DNS servers, with hickory.
//!
//! ```text
//! System::new ─► the system's own servers ─┐
//! System::at  ─► a given server ───────────┴─► hickory, 3 s and 2 tries a question ─► Answer or Failure
//! ```
//!
//! Nothing is kept from one question to the next: who has just put a record right wants to see it. Names are asked
//! about as they are, without the system's search list or its file of hosts.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use hickory_resolver::{
    ResolverBuilder, TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig},
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
    proto::{
        op::ResponseCode,
        rr::{Name, RData, RecordType},
    },
};

use super::dns::{Exchange, Failure, Resolve};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// Tries after the first.
const RETRIES: usize = 1;

/// Real DNS servers.
#[derive(Clone, Debug)]
pub struct System(TokioResolver);

impl System {
    /// The servers that this system is set up with.
    pub fn new() -> Result<Self, Failure> {
        Self::build(TokioResolver::builder_tokio().map_err(failure)?)
    }

    /// The server at this address.
    pub fn at(server: SocketAddr) -> Result<Self, Failure> {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
            connection.port = server.port();
            connection
        });
        let server = NameServerConfig::new(server.ip(), true, connections.into());
        let config = ResolverConfig::from_name_servers(vec![server]);
        Self::build(TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()))
    }

    fn build(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, Failure> {
        let options = builder.options_mut();
        options.timeout = PATIENCE;
        options.attempts = RETRIES;
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        builder.build().map(Self).map_err(failure)
    }

    async fn ask<T>(
        &self,
        name: Name,
        kind: RecordType,
        read: impl Fn(&RData) -> Option<T>,
    ) -> Result<Vec<T>, Failure> {
        let found = self.0.lookup(name, kind).await.map_err(failure)?;
        let records: Vec<T> = found.answers().iter().filter_map(|record| read(&record.data)).collect();
        if records.is_empty() { Err(Failure::NoRecords) } else { Ok(records) }
    }
}

/// A name in full, so that no search list is tried.
fn full(name: &str) -> Result<Name, Failure> {
    let mut name = Name::from_ascii(name).map_err(|_| Failure::NoSuchName)?;
    name.set_fqdn(true);
    Ok(name)
}

fn failure(error: NetError) -> Failure {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => Failure::NoSuchName,
            ResponseCode::NoError => Failure::NoRecords,
            code => Failure::Temporary(format!("the server answered: {code}")),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => {
            Failure::Temporary(format!("the server answered: {code}"))
        }
        NetError::Timeout => Failure::Temporary("no server answered in time".into()),
        NetError::NoConnections => Failure::Temporary("no server could be reached".into()),
        error => Failure::Temporary(error.to_string()),
    }
}

impl Resolve for System {
    async fn txt(&self, name: &str) -> Result<Vec<String>, Failure> {
        self.ask(full(name)?, RecordType::TXT, |data| match data {
            RData::TXT(txt) => Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()),
            _ => None,
        })
        .await
    }

    async fn mx(&self, name: &str) -> Result<Vec<Exchange>, Failure> {
        self.ask(full(name)?, RecordType::MX, |data| match data {
            RData::MX(mx) => Some(Exchange { preference: mx.preference, host: mx.exchange.to_ascii() }),
            _ => None,
        })
        .await
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        let name = full(name)?;
        let read = |data: &RData| match data {
            RData::A(a) => Some(IpAddr::V4(a.0)),
            RData::AAAA(aaaa) => Some(IpAddr::V6(aaaa.0)),
            _ => None,
        };
        let v4 = self.ask(name.clone(), RecordType::A, read);
        let v6 = self.ask(name, RecordType::AAAA, read);
        match futures::join!(v4, v6) {
            (Ok(mut v4), Ok(v6)) => {
                v4.extend(v6);
                Ok(v4)
            }
            // Half an answer would be taken for the whole.
            (Err(why @ Failure::Temporary(_)), _) | (_, Err(why @ Failure::Temporary(_))) => Err(why),
            (Ok(some), Err(_)) | (Err(_), Ok(some)) => Ok(some),
            (Err(Failure::NoRecords), _) | (_, Err(Failure::NoRecords)) => Err(Failure::NoRecords),
            (Err(why), Err(_)) => Err(why),
        }
    }

    async fn ptr(&self, address: IpAddr) -> Result<Vec<String>, Failure> {
        self.ask(Name::from(address), RecordType::PTR, |data| match data {
            RData::PTR(name) => Some(name.0.to_ascii()),
            _ => None,
        })
        .await
    }
}
