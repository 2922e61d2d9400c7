//! The mail that a mail program's own button sends to get no more letters, for programs that write one in place of the
//! POST (RFC 2369): the letter says where to and with which subject.
//!
//! ```text
//! delivery ─► mailto:<where mail comes back>?subject=unsubscribe <delivery><proof> ─► what comes back ─► delivery
//! ```
//!
//! The subject alone says whose wish it is, whatever else a program writes. Its proof is that of the return path: who did
//! not get the letter cannot make one, so nobody opts another person out.

use lettre::Address;

use super::{
    Identity,
    inbound::{Inbound, What},
    return_path::{Claim, ReturnPath, code},
};
use crate::config::Config;

/// The word before the code.
const WORD: &str = "unsubscribe";

/// The address of the mailbox that is read, where one is: the settings' own sender's.
pub fn mailbox<'a>(config: &Config, own: &'a Identity) -> Option<&'a Address> {
    config.inbox.imap_host.is_some().then_some(&own.from.email)
}

/// The link that writes the mail for a letter: to its own return path, or else to the mailbox that is read. None where
/// there is neither: nobody would take it in.
pub fn link(
    path: Option<&ReturnPath>,
    mailbox: Option<&Address>,
    delivery: &str,
    token_digest: &str,
) -> Option<String> {
    let to = match path {
        Some(path) => path.of(delivery, token_digest)?,
        None => mailbox?.clone(),
    };
    let code = code(delivery, token_digest)?;
    Some(format!("mailto:{}?subject={WORD}%20{code}", escaped(to.as_ref())))
}

/// An address as a link has it (RFC 6068).
fn escaped(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.+-_~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&hex::encode_upper([byte]));
        }
    }
    escaped
}

/// What the subject of such a mail claims; none for any other.
pub fn asked(subject: &str) -> Option<Claim> {
    let (word, code) = subject.trim().split_once(' ')?;
    if word.eq_ignore_ascii_case(WORD) { Claim::parse(code.trim()) } else { None }
}

/// What a mail that came in claims to be about: by the addresses that it arrived at, and by such a subject.
pub fn claims(paths: &[ReturnPath], mail: &Inbound) -> Vec<Claim> {
    let mut claims: Vec<Claim> = paths.iter().flat_map(|path| path.claims(&mail.to)).collect();
    claims.extend(asked(&mail.subject).filter(|_| mail.what == What::Unsubscribe));
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0160f8f6-4d80-7000-8000-000000000001";
    const DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_link_is_read_back_by_its_subject() {
        assert_eq!(link(None, None, ID, DIGEST), None, "nobody would take it in");
        let mailbox: Address = "a&b%c@dorset.example.org".parse().unwrap();
        let boxed = link(None, Some(&mailbox), ID, DIGEST).unwrap();
        let subject = "unsubscribe%200160f8f64d80700080000000000000010011223344556677";
        assert_eq!(boxed, format!("mailto:a%26b%25c@dorset.example.org?subject={subject}"));
        let path = ReturnPath::parse("bounces@example.org").unwrap();
        let own = link(Some(&path), None, ID, DIGEST).unwrap();
        let address = "bounces+0160f8f64d80700080000000000000010011223344556677@example.org";
        assert_eq!(own, format!("mailto:{address}?subject={subject}"));
        let subject = subject.replace("%20", " ");
        for subject in [subject.clone(), subject.to_uppercase(), format!(" {subject} ")] {
            let claim = asked(&subject).unwrap();
            assert_eq!(claim.delivery, ID);
            assert!(claim.holds(DIGEST) && !claim.holds(&DIGEST.replace("00", "01")));
        }
        let longer = format!("{subject}0");
        let answer = format!("Re: {subject}");
        for other in ["unsubscribe", "unsubscribe me", "", " ", &longer, &answer, &subject[1..]] {
            assert_eq!(asked(other), None, "{other}");
        }
        assert_eq!(link(None, Some(&mailbox), "dorset-delivery", DIGEST), None);
    }
}
