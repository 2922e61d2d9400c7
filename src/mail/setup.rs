//! What is to be checked of the domain that mail is sent from, out of the settings.

use std::net::SocketAddr;

use super::{
    Identity,
    domain::{self, Check, Failure, OwnKey, Setup, system::System},
};

/// What a sender sends mail with.
pub fn of(identity: &Identity) -> Setup {
    Setup {
        from_domain: identity.from.email.domain().to_owned(),
        return_domain: identity.return_domain().to_owned(),
        sending_hosts: identity.hosts.clone(),
        dkim_selectors: identity.dkim_selectors.clone(),
        own_key: identity
            .signer
            .as_ref()
            .map(|signer| OwnKey { selector: signer.selector().to_owned(), record: signer.record() }),
    }
}

/// Asks the DNS about a sender's domain, which takes a few seconds: the name server at `dns`, or the machine's own.
pub async fn check(identity: &Identity, dns: Option<SocketAddr>) -> anyhow::Result<Vec<Check>> {
    let system = dns.map_or_else(System::new, System::at).map_err(|failure| match failure {
        Failure::Temporary(why) => anyhow::anyhow!("the DNS cannot be asked from here: {why}"),
        _ => anyhow::anyhow!("the DNS cannot be asked from here"),
    })?;
    Ok(domain::check(&of(identity), &system).await)
}
