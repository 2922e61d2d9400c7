//! Whether each sending host has a name that leads back to it: receivers distrust mail from hosts without.
//!
//! ```text
//! 192.0.2.1 ─ PTR ─► mail.example.org ─ A ─► 192.0.2.1
//! ```

use std::net::IpAddr;

use super::{
    Check, Finding, What,
    dns::{Asked, Failure, Resolve, reverse},
    names, spf, text,
};

/// Names of one host that are looked up.
const NAMES: usize = 10;

pub async fn check<R: Resolve>(hosts: &[IpAddr], dns: &Asked<'_, R>) -> Vec<Check> {
    if hosts.is_empty() {
        let finding = Finding::unknown(
            "It is not known from which addresses mail leaves, so their names were not checked.",
            "Ask IT from which addresses, as the world sees them, mail of this server leaves, and enter them.",
        );
        return vec![Check::of(What::ReverseDns, "", vec![finding], "")];
    }
    futures::future::join_all(hosts.iter().map(|host| one(*host, dns))).await
}

async fn one<R: Resolve>(host: IpAddr, dns: &Asked<'_, R>) -> Check {
    let check = |found: &str, finding: Finding| Check::of(What::ReverseDns, found, vec![finding], "");
    if spf::private(host) {
        return check(
            "",
            Finding::unknown(
                format!("{host} is an address inside a network; the world sees another."),
                "Ask IT from which addresses, as the world sees them, mail leaves, and enter those.",
            ),
        );
    }
    let found = match dns.ptr(host).await {
        Ok(found) => found,
        Err(Failure::Temporary(why)) => return check("", Finding::failed(&host.to_string(), &why)),
        Err(_) => {
            return check(
                "",
                Finding::wrong(
                    format!("{host} has no name in the DNS, so some receivers refuse mail from it."),
                    publish(host, "HOST", ", with the name of the sending server in place of HOST"),
                ),
            );
        }
    };
    let shown = format!("{host} PTR {}", found.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", "));
    let mut failed = None;
    for name in found.iter().take(NAMES) {
        match dns.addresses(name).await {
            Ok(addresses) if addresses.contains(&host) => {
                let good = format!("{host} has the name {name}, which leads back to it.");
                return Check::of(What::ReverseDns, &shown, Vec::new(), good);
            }
            Err(Failure::Temporary(why)) => failed = Some(Finding::failed(name, &why)),
            _ => {}
        }
    }
    if let Some(finding) = failed {
        return check(&shown, finding);
    }
    let name = found.iter().find(|name| names::askable(name)).map_or("HOST", String::as_str);
    let kind = if host.is_ipv4() { "A" } else { "AAAA" };
    check(
        &shown,
        Finding::wrong(
            format!(
                "{host} has the name {}, but that does not lead back to it, so some receivers refuse mail from it.",
                text::list(&found)
            ),
            if name == "HOST" {
                publish(host, name, ", with the name of the sending server in place of HOST")
            } else {
                format!(
                    "Publish this record: {name}. {kind} {host}. If {name} is not the name of the sending server, \
                     ask who the address belongs to (often the network provider) for a PTR record with the right \
                     name instead."
                )
            },
        ),
    )
}

fn publish(host: IpAddr, name: &str, with: &str) -> String {
    let kind = if host.is_ipv4() { "A" } else { "AAAA" };
    format!(
        "Ask who the address belongs to (often the network provider) to publish: {}. PTR {name}.{with}. The name \
         needs an {kind} record with {host} as well.",
        reverse(host)
    )
}
