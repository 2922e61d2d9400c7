//! What makes receivers give up on an SPF record ("permerror"), in words.

use crate::mail::domain::{Finding, text};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A term that cannot be read.
    Syntax {
        domain: String,
        term: String,
    },
    /// A domain that is referred to has no record.
    Missing {
        domain: String,
        at: String,
    },
    /// It has several.
    Several {
        domain: String,
    },
    /// A record that leads back to itself.
    Loop {
        domain: String,
    },
    TooMany,
    /// Too many names that lead nowhere.
    Voids {
        names: Vec<String>,
    },
    /// A domain with more than ten mail servers.
    Servers {
        domain: String,
    },
}

/// Look-ups that a record may take (RFC 7208, section 4.6.4).
pub const TERMS: usize = 10;
/// Of these, how many may lead nowhere.
pub const VOIDS: usize = 2;

impl Fault {
    /// For people; `terms` is how many look-ups were counted.
    pub fn finding(&self, terms: usize, more: bool) -> Finding {
        let count = if more { format!("more than {terms}") } else { terms.to_string() };
        match self {
            Self::Syntax { domain, term } => {
                let term = text::clip(term, 80);
                Finding::wrong(
                    format!(
                        "The SPF record of {domain} has a part that cannot be read, “{term}”, so receivers \
                         throw all of it away."
                    ),
                    format!("In the SPF record of {domain}, put “{term}” right{}.", hint(&term)),
                )
            }
            Self::Missing { domain, at } => Finding::wrong(
                format!(
                    "The SPF record of {at} refers to {domain}, which has no SPF record, so receivers throw \
                     all of it away."
                ),
                format!(
                    "Take the part that names {domain} out of the SPF record of {at}, or ask the service it \
                     belongs to for the right name."
                ),
            ),
            Self::Several { domain } => Finding::wrong(
                format!(
                    "{domain}, which the SPF record refers to, has several SPF records, so receivers throw \
                     all of them away."
                ),
                format!("Ask the service that {domain} belongs to, to publish one SPF record alone."),
            ),
            Self::Loop { domain } => Finding::wrong(
                format!(
                    "The SPF record leads back to that of {domain} again and again, so receivers give up on \
                     it."
                ),
                format!("Take the include or redirect that leads back to {domain} out."),
            ),
            Self::TooMany => Finding::wrong(
                format!(
                    "The SPF record takes {count} look-ups in the DNS, and receivers give up after {TERMS}."
                ),
                format!(
                    "Bring the SPF record down to {TERMS} look-ups: take out include, a, mx, exists and ptr \
                     parts of services that no longer send mail, and replace a and mx by ip4: and ip6: with \
                     their addresses."
                ),
            ),
            Self::Voids { names } => Finding::wrong(
                format!(
                    "The SPF record names {} that lead nowhere, and receivers give up after {VOIDS}.",
                    text::list(names)
                ),
                format!("Take the parts that name {} out of the SPF record.", text::list(names)),
            ),
            Self::Servers { domain } => Finding::wrong(
                format!(
                    "The SPF record counts on the mail servers of {domain}, which are more than ten, so \
                     receivers give up on it."
                ),
                format!(
                    "Replace the mx part for {domain} by ip4: and ip6: with the addresses of the servers \
                     that send mail."
                ),
            ),
        }
    }
}

/// What was likely meant.
fn hint(term: &str) -> String {
    let bare = term.trim_start_matches(['+', '-', '~', '?']);
    let (name, value) = bare.split_once([':', '=']).unwrap_or((bare, ""));
    let address = value.split('/').next().unwrap_or_default();
    let right = match name.to_ascii_lowercase().as_str() {
        _ if address.parse::<std::net::Ipv4Addr>().is_ok() => format!("ip4:{value}"),
        _ if address.parse::<std::net::Ipv6Addr>().is_ok() => format!("ip6:{value}"),
        "include" | "a" | "mx" | "exists" if bare.contains('=') => format!("{name}:{value}"),
        "redirect" if bare.contains(':') => format!("redirect={value}"),
        _ => return " or take it out".into(),
    };
    format!(": it should be {right}")
}
