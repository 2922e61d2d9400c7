//! Whether bounces can arrive: the return domain takes mail (RFC 5321, section 5; RFC 7505).
//!
//! ```text
//! MX ─┬─ "."        no mail is taken
//!     ├─ hosts ───► addresses of each
//!     └─ none ────► addresses of the domain itself
//! ```

use super::{
    Check, Finding, What,
    dns::{Asked, Exchange, Failure, Resolve},
    spf, text,
};

/// Mail servers that are looked up.
const SERVERS: usize = 10;

pub async fn check<R: Resolve>(domain: &str, dns: &Asked<'_, R>) -> Check {
    let (found, findings, good) = match dns.mx(domain).await {
        Ok(servers) if servers.iter().all(|server| server.host == ".") => {
            (shown(&servers), vec![refused(domain)], String::new())
        }
        Ok(servers) => {
            let found = shown(&servers);
            let (findings, good) = reachable(domain, &servers, dns).await;
            (found, findings, good)
        }
        Err(Failure::Temporary(why)) => (String::new(), vec![Finding::failed(domain, &why)], String::new()),
        Err(_) => {
            let (found, finding) = bare(domain, dns).await;
            (found, vec![finding], String::new())
        }
    };
    Check::of(What::ReturnPath, &found, findings, good)
}

fn shown(servers: &[Exchange]) -> String {
    let shown = |server: &Exchange| format!("MX {} {}", server.preference, server.host);
    servers.iter().take(SERVERS).map(shown).collect::<Vec<_>>().join(", ")
}

/// The record to publish.
fn record(domain: &str) -> String {
    format!("{domain}. MX 10 HOST., with the name of the server that takes its mail in place of HOST")
}

fn refused(domain: &str) -> Finding {
    Finding::wrong(
        format!("{domain} says in the DNS that it takes no mail at all, so bounces cannot arrive."),
        format!(
            "Use a return domain that takes mail, or replace the record “MX 0 .” by: {}.",
            record(domain)
        ),
    )
}

/// No MX: mail then goes to the addresses of the domain itself.
async fn bare<R: Resolve>(domain: &str, dns: &Asked<'_, R>) -> (String, Finding) {
    match dns.addresses(domain).await {
        Ok(addresses) => (
            format!("no MX; addresses {}", text::list(&addresses)),
            Finding::warning(
                format!(
                    "{domain} has no MX record, so bounces go to the address of {domain} itself, which may not take \
                     mail."
                ),
                format!("Publish this record: {}.", record(domain)),
            ),
        ),
        Err(Failure::Temporary(why)) => (String::new(), Finding::failed(domain, &why)),
        Err(_) => (
            String::new(),
            Finding::wrong(
                format!("{domain} has neither an MX record nor an address, so bounces cannot arrive."),
                format!("Publish this record: {}.", record(domain)),
            ),
        ),
    }
}

/// Whether the mail servers have addresses.
async fn reachable<R: Resolve>(
    domain: &str,
    servers: &[Exchange],
    dns: &Asked<'_, R>,
) -> (Vec<Finding>, String) {
    let looked = servers
        .iter()
        .take(SERVERS)
        .map(|server| async { (server.host.as_str(), dns.addresses(&server.host).await) });
    let (mut good, mut lost, mut inside, mut failed) = (0, Vec::new(), Vec::new(), Vec::new());
    for (host, addresses) in futures::future::join_all(looked).await {
        match addresses {
            Ok(addresses) if addresses.iter().all(|address| spf::private(*address)) => inside.push(host),
            Ok(_) => good += 1,
            Err(Failure::Temporary(why)) => failed.push((host, why)),
            Err(_) => lost.push(host),
        }
    }
    let mut findings: Vec<Finding> = failed.iter().map(|(host, why)| Finding::failed(host, why)).collect();
    let bad = if good + failed.len() == 0 { Finding::wrong } else { Finding::warning };
    if !lost.is_empty() {
        let hosts = text::list(&lost);
        findings.push(bad(
            format!("Mail for {domain} should go to {hosts}, but there is no address of that name."),
            format!("Publish an A record for {hosts}, or put the MX record of {domain} right."),
        ));
    }
    if !inside.is_empty() {
        let hosts = text::list(&inside);
        findings.push(bad(
            format!("Mail for {domain} should go to {hosts}, which has only an address inside a network."),
            format!(
                "Publish the address of {hosts} that the world sees, or put the MX record of {domain} right."
            ),
        ));
    }
    let first = servers.first().map_or(domain, |server| server.host.as_str());
    (findings, format!("Mail for {domain} goes to {first}, so bounces can arrive."))
}
