//! What is to be checked of the domain that mail is sent from, out of the settings.

use anyhow::Context as _;
use lettre::{Address, message::Mailbox};

use super::domain::{self, Check, Failure, Setup, system::System};
use crate::config::Post;

/// What these settings send mail with. Refuses addresses that are none.
pub fn of(post: &Post) -> anyhow::Result<Setup> {
    let from: Mailbox = post
        .mail_from
        .parse()
        .with_context(|| format!("{} is no address that mail can come from", post.mail_from))?;
    let back = match &post.mail_return_path {
        Some(path) => path.parse::<Address>().with_context(|| format!("{path} is no address"))?,
        None => from.email.clone(),
    };
    Ok(Setup {
        from_domain: from.email.domain().to_owned(),
        return_domain: back.domain().to_owned(),
        sending_hosts: post.mail_hosts.clone(),
        dkim_selectors: post.dkim_selectors.clone(),
    })
}

/// Asks the DNS about it, which takes a few seconds.
pub async fn check(post: &Post) -> anyhow::Result<Vec<Check>> {
    let setup = of(post)?;
    let system = post.dns_server.map_or_else(System::new, System::at);
    let system = system.map_err(|failure| match failure {
        Failure::Temporary(why) => anyhow::anyhow!("the DNS cannot be asked from here: {why}"),
        _ => anyhow::anyhow!("the DNS cannot be asked from here"),
    })?;
    Ok(domain::check(&setup, &system).await)
}
