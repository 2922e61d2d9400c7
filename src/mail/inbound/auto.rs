//! Automatic replies: RFC 3834, the headers that came before it, and words.
//!
//! What the headers call a reply is one, whatever it says. What they only call a machine's must also read like one:
//! letters of our own kind carry such headers too.

use super::{
    Auto, Seen, What, phrases,
    signs::{Signs, opening},
};

/// Automatic replies are short: beyond this many characters, words prove nothing.
const SHORT: usize = 3_000;

pub(super) fn read(seen: &Seen<'_>) -> Option<What> {
    let signs = seen.signs;
    let said = said(seen);
    if let Some(auto) = signs.auto
        && (is_machine(signs) || signs.replies_itself || is_plain(seen.subject) || words(seen.text).is_some())
    {
        // A desk's "automatic reply" may be a receipt: its text says so.
        return Some(What::AutoReply(match said {
            Some(said) if auto == Auto::OutOfOffice && is_general(seen.subject) => said,
            Some(Auto::Challenge) => Auto::Challenge,
            _ => auto,
        }));
    }
    if signs.replies_itself {
        return Some(What::AutoReply(said.unwrap_or(Auto::Acknowledgement)));
    }
    let automatic = phrases::SAID_TO_BE_AUTOMATIC.iter().any(|words| opening(seen.text).contains(words));
    if (is_machine(signs) || automatic) && seen.text.len() < SHORT {
        return said.map(What::AutoReply);
    }
    None
}

/// Whether a message asks its sender to prove to be a person. Such words go before a mail system's own.
pub(super) fn is_challenge(seen: &Seen<'_>) -> bool {
    let signs = seen.signs;
    let own = signs.replies_itself || signs.bulk;
    own && !signs.daemon && signs.failed.is_empty() && said(seen) == Some(Auto::Challenge)
}

fn is_machine(signs: &Signs) -> bool {
    signs.generated || signs.no_return || signs.bulk
}

/// Whether a subject says that a reply is automatic, but not what for.
fn is_general(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    ["auto", "[auto", "réponse auto", "risposta auto", "respuesta auto"]
        .iter()
        .any(|word| subject.starts_with(word))
}

/// Whether a subject is one that people do not write: "Absence of beds" is none.
fn is_plain(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    let plain = [
        "out of",
        "out-of",
        "ooo:",
        "abwesenheitsnotiz",
        "message d'absence",
        "absence du bureau",
        "away from",
    ];
    is_general(&subject) || plain.iter().any(|words| subject.starts_with(words))
}

/// What subject and text stand for.
fn said(seen: &Seen<'_>) -> Option<Auto> {
    words(&format!("{} {}", seen.subject, seen.text))
}

fn words(text: &str) -> Option<Auto> {
    let text = text.to_lowercase().replace('’', "'");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    phrases::AUTO_WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| text.contains(word)))
        .map(|found| found.0)
}
