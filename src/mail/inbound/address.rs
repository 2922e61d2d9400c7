//! Finds addresses in text as servers write it.

use super::{MANY, decode};

/// The first address in a text, in lower case.
pub(super) fn one(text: &str) -> Option<String> {
    all(text).into_iter().next()
}

/// Every address in a text, in lower case, each once.
pub(super) fn all(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let apart =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | ',' | ';' | '|');
    for word in text.split(apart).filter(|word| word.contains('@')) {
        if let Some(address) = sound(word)
            && found.len() < MANY
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

/// A word as an address, without what servers put around it.
fn sound(word: &str) -> Option<String> {
    let word = word.trim_matches(['\'', '`', '’', '‘', '“', '”', '*', ':', '.', '=', '!', '?']);
    let (local, domain) = word.rsplit_once('@')?;
    // "mailto:", "RCPT TO:", "SMTP:" and "rfc822;" come before it.
    let local = local.rsplit([':', '=']).next().unwrap_or_default().trim_start_matches('\'');
    let domain: &str = domain.split([':', '/', '\'', '…', '*', '?']).next().unwrap_or_default();
    let domain = domain.trim_end_matches('.');
    let local = encapsulated(local).unwrap_or_else(|| format!("{local}@{domain}"));
    let (local, domain) = local.rsplit_once('@')?;
    let named = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let sound = !local.is_empty()
        && word.len() <= 320
        && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c))
        && domain.contains('.')
        && domain.split('.').all(named);
    sound.then(|| format!("{local}@{domain}").to_lowercase())
}

/// The address that Exchange wraps as `IMCEASMTP-clerk+40council+2Eexample@…`.
fn encapsulated(local: &str) -> Option<String> {
    let inner = local.strip_prefix("IMCEASMTP-").or_else(|| local.strip_prefix("imceasmtp-"))?;
    let inner = decode::xtext(inner);
    inner.contains('@').then_some(inner)
}

/// The address in a report's field such as `rfc822; clerk@council.example` (RFC 3464, RFC 6533).
pub(super) fn reported(value: &str) -> Option<String> {
    let (kind, address) = value.split_once(';').unwrap_or(("rfc822", value));
    if kind.trim().eq_ignore_ascii_case("x400") || kind.trim().eq_ignore_ascii_case("x-x400") {
        return None;
    }
    one(&decode::xtext(address))
}

/// Whether an address is a machine's or a desk's that notices name beside the recipient's.
pub(super) fn is_service(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    [
        "mailer-daemon",
        "postmaster",
        "abuse",
        "support",
        "helpdesk",
        "noreply",
        "no-reply",
        "hostmaster",
        "admin",
    ]
    .iter()
    .any(|name| local.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_as_servers_write_them() {
        for (text, expected) in [
            ("<Clerk@Council.Example>:", "clerk@council.example"),
            ("'clerk@council.example' on 2/1/2018", "clerk@council.example"),
            ("RCPT TO:<clerk@council.example>", "clerk@council.example"),
            ("[SMTP:clerk@council.example]", "clerk@council.example"),
            ("mailto:clerk@council.example", "clerk@council.example"),
            ("clerk+news@council.example.", "clerk+news@council.example"),
            ("o'clerk@council.example", "o'clerk@council.example"),
            ("bürgerbüro@gemeinde.example", "bürgerbüro@gemeinde.example"),
            ("IMCEASMTP-clerk+40council+2Eexample@trust.example", "clerk@council.example"),
            ("clerk@localhost", ""),
            ("@council.example", ""),
            ("clerk@", ""),
            ("a@b..c", ""),
        ] {
            assert_eq!(one(text).unwrap_or_default(), expected, "{text}");
        }
        assert_eq!(reported("rfc822; clerk+40council.example").unwrap(), "clerk@council.example");
        assert_eq!(reported("clerk@council.example").unwrap(), "clerk@council.example");
        assert_eq!(reported("utf-8; caf\\x{E9}@council.example").unwrap(), "café@council.example");
        assert_eq!(reported("X400; /S=clerk/O=council@a.example"), None);
    }
}
