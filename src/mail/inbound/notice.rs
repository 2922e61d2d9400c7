//! Bounces in plain words: no machine's report, but a text that a server wrote for people.
//!
//! ```text
//! the signs of a machine ─► a shape ─► its own words, without the returned letter
//!                                       └─► recipients, each with its answer ─► status::judge ─► Failed
//! ```
//!
//! The words alone make no bounce: people quote them. A sender, a subject or headers must be a machine's.

use super::{
    ANSWER, Failed, Fate, MANY, Seen, What, address, auto, one_line,
    parts::Mail,
    report,
    shapes::{RETURNED, SHAPES},
};
use crate::mail::status;

/// The most lines of a recipient's answer that are looked at.
const LINES: usize = 40;

pub(super) fn read(mail: &Mail, seen: &Seen<'_>) -> Option<What> {
    let signs = seen.signs;
    let sure = signs.daemon || signs.no_return && !signs.replies_itself || !signs.failed.is_empty();
    let machine = sure || signs.postmaster || signs.generated || signs.bulk;
    if !machine && signs.fate.is_none() || auto::is_challenge(seen) {
        return None;
    }
    // Who is away or gone may say so in a server's words.
    if signs.auto.is_some() && !signs.daemon && signs.failed.is_empty() {
        return None;
    }
    let own = own_words(seen.body);
    let plain = one_line(&own, usize::MAX).to_lowercase().replace('’', "'");
    let shape = SHAPES.iter().find(|shape| shape.says.iter().any(|words| plain.contains(words)));
    let blank = plain.is_empty();
    // A postmaster may be a person who writes of such things.
    let sure = sure || signs.fate.is_some() && (shape.is_some() || blank);
    let known = shape.is_some() && (sure || signs.generated || signs.bulk && !signs.answers);
    if !(known || sure && signs.fate.is_some() && !is_away(seen)) {
        return None;
    }
    let flat = report::flattened(seen.body);
    if !flat.is_empty() && (shape.is_none() || flat.iter().any(|one| one.address.is_some())) {
        return Some(What::Bounce(flat));
    }
    let fate = match (shape.and_then(|shape| shape.fate), signs.fate) {
        (Some(fate), _) => Some(fate),
        (None, Some(Fate::Delayed)) => Some(Fate::Delayed),
        _ => None,
    };
    let mut found = recipients(&own, seen);
    if found.is_empty() {
        let said = format!("{}{}", coded(&own), reasons(&own));
        found = fallback(mail, seen, &own).into_iter().map(|address| (address, said.clone())).collect();
    }
    // A subject alone is no machine's: people write such ones of their own.
    if !machine && found.iter().all(|one| one.0.is_none()) {
        return None;
    }
    let alone = found.len() == 1;
    let body = seen.body.to_lowercase();
    let one = |(address, said): (Option<String>, String)| {
        let elsewhere = || status::judge(&coded(&own)).or_else(|| status::judge(&reasons(&own)));
        let meaning = status::judge(&said).or_else(|| alone.then(elsewhere).flatten());
        let meaning = meaning.or_else(|| status::judge(seen.subject));
        let fate = match (fate, meaning) {
            (Some(fate), _) if fate != Fate::Hard => fate,
            // The notice's own words may say that there is no such address: the server's answer knows better.
            (_, Some(meaning)) => report::of(meaning),
            (Some(fate), None) => fate,
            (None, None) => Fate::Refused,
        };
        // An address that the text ends with may be the beginning of a longer one.
        let cut = address.as_ref().is_some_and(|address| body.ends_with(address));
        let fate = if cut && fate == Fate::Hard { Fate::Refused } else { fate };
        let said = answer(&said);
        let answer = match (said.is_empty(), seen.subject, shape) {
            (false, ..) => said,
            (true, "", Some(shape)) => format!("a notice as {} writes it", shape.server),
            (true, subject, _) => subject.to_owned(),
        };
        Failed { address, fate, answer: one_line(&answer, ANSWER) }
    };
    Some(What::Bounce(found.into_iter().map(one).collect()))
}

/// The name of the server whose notice a text is, as far as the table knows it.
#[cfg(test)]
fn server(text: &str) -> Option<&'static str> {
    let plain = one_line(text, usize::MAX).to_lowercase().replace('’', "'");
    SHAPES.iter().find(|shape| shape.says.iter().any(|words| plain.contains(words))).map(|shape| shape.server)
}

/// Whether it reads like an automatic reply, which has no return path either.
fn is_away(seen: &Seen<'_>) -> bool {
    seen.signs.auto.is_some() || seen.signs.replies_itself && seen.signs.failed.is_empty()
}

/// What the notice itself says, without the letter that it returns.
fn own_words(body: &str) -> String {
    let mut kept = Vec::new();
    let mut headers = 0;
    for line in body.lines() {
        let lower = line.trim().to_lowercase();
        // A line of dashes or a few words, not a sentence that speaks of the message.
        let short = lower.len() < 90 && !lower.starts_with("the original message was received");
        if short && !kept.is_empty() && RETURNED.iter().any(|words| lower.contains(words)) {
            break;
        }
        // Headers in a row: the returned letter's, without a word before them.
        let header =
            ["received:", "return-path:", "message-id:", "from:", "mime-version:", "date:", "subject:"];
        headers = if header.iter().any(|name| lower.starts_with(name)) { headers + 1 } else { 0 };
        if headers >= 3 || lower.starts_with("received: from") || lower.starts_with("return-path: <") {
            break;
        }
        kept.push(line.trim_end());
    }
    kept.join("\n")
}

/// The recipients that a notice names at the heads of lines, each with what follows it.
fn recipients(own: &str, seen: &Seen<'_>) -> Vec<(Option<String>, String)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut open: Option<usize> = None;
    for line in own.lines() {
        match head(line).filter(|address| !seen.to.contains(address)) {
            Some(address) if found.len() < MANY || found.iter().any(|one| one.0 == address) => {
                let at = found.iter().position(|one| one.0 == address).unwrap_or_else(|| {
                    found.push((address, Vec::new()));
                    found.len() - 1
                });
                open = Some(at);
                found[at].1.push(line.trim().to_owned());
            }
            _ => {
                if let Some((_, lines)) = open.and_then(|at| found.get_mut(at))
                    && lines.len() < LINES
                {
                    lines.push(line.trim().to_owned());
                }
            }
        }
    }
    found.into_iter().map(|(address, lines)| (Some(address), lines.join("\n"))).collect()
}

/// The labels that notices put before an address, in lower case.
const LABELS: &[&str] = &[
    "to",
    "recipient",
    "recipients",
    "recipient address",
    "failed address",
    "failed recipient",
    "final recipient",
    "original recipient",
    "address",
    "rcpt to",
    "user unknown",
    "unknown user",
    "invalid recipient",
    "user",
    "user mailbox exceeds allowed size",
    "mailbox full",
    "delivered to",
    "intended recipient",
    "email",
    "e-mail",
    "could not be delivered to",
    "undeliverable to",
    "empfänger",
    "an",
    "destinataire",
    "adresse",
    "failed",
    "unknown host",
    "account",
    "mail to",
    "delivery to",
    "addressee",
    "mailbox",
    "for",
    "undeliverable",
];

/// The address at the head of a line.
fn head(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches(['*', '-', '•', '|', '>', '·', '"', '\'', ' ', '\t']);
    // What a transcript sent and heard is an answer, though it may name the address.
    if line.starts_with("<<") || line.len() > 400 {
        return None;
    }
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if first.contains('@') {
        return address::one(first).filter(|address| !address::is_service(address));
    }
    let (label, rest) = line.split_once(':')?;
    let label = label.trim().trim_matches(['[', '(', '*', '"']).to_lowercase();
    let first = rest.split_whitespace().next()?;
    (LABELS.contains(&label.as_str()) || label == "smtp" && first.contains('@'))
        .then(|| address::one(rest))
        .flatten()
        .filter(|address| !address::is_service(address))
}

/// Whom a notice is about where no line begins with an address.
fn fallback(mail: &Mail, seen: &Seen<'_>, own: &str) -> Vec<Option<String>> {
    if !seen.signs.failed.is_empty() {
        return seen.signs.failed.iter().cloned().map(Some).collect();
    }
    let mut named = address::all(own);
    named.extend(address::all(seen.subject));
    named.retain(|address| !seen.to.contains(address) && !address::is_service(address));
    named.sort_unstable();
    named.dedup();
    match named.as_slice() {
        [one] => vec![Some(one.clone())],
        _ => vec![report::returned_to(mail).filter(|address| !seen.to.contains(address))],
    }
}

/// The lines of a notice that hold a server's answer with its code: words elsewhere are the notice's own.
fn coded(own: &str) -> String {
    let mut coded = String::new();
    let mut lines = own.lines();
    while let Some(line) = lines.next() {
        if status::judge(line).is_some() && (status::Status::find(line).is_some() || is_reply(line)) {
            coded.push_str(line);
            coded.push(' ');
            // The answer may go on.
            coded.push_str(lines.clone().next().unwrap_or_default());
            break;
        }
    }
    coded
}

/// What a notice says after "for the following reason:" and its like.
fn reasons(own: &str) -> String {
    let mut reasons = String::new();
    let mut lines = own.lines().map(str::trim).filter(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        let lower = line.to_lowercase();
        if ["reason:", "because:", "grund:", "raison :", "da:"].iter().any(|word| lower.ends_with(word)) {
            lines.clone().take(3).for_each(|line| reasons = format!("{reasons}{line} "));
        }
    }
    reasons
}

/// Whether a line holds a bare reply of a mail server.
fn is_reply(line: &str) -> bool {
    line.split(|c: char| !c.is_ascii_digit()).any(|word| {
        word.len() == 3 && word.starts_with(['4', '5']) && !matches!(word, "400" | "500" | "404" | "403")
    })
}

/// What of a recipient's lines is the server's answer: from the first that holds a code, or else all.
fn answer(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    let from = lines.iter().position(|line| status::Status::find(line).is_some() || is_reply(line));
    lines[from.unwrap_or(0)..].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_lower_case_and_each_is_found_by_its_own_words() {
        let mut hidden = Vec::new();
        for shape in SHAPES {
            for words in shape.says {
                assert_eq!(*words, words.to_lowercase());
                let found = server(words);
                if found != Some(shape.server) {
                    hidden.push((words, found));
                }
            }
        }
        // Shorter words of an earlier shape would hide them.
        assert!(hidden.is_empty(), "{hidden:?}");
    }

    #[test]
    fn an_address_heads_a_line_or_follows_a_label() {
        for (line, expected) in [
            ("<clerk@council.example>:", "clerk@council.example"),
            ("  clerk@council.example", "clerk@council.example"),
            ("* clerk@council.example: no such user", "clerk@council.example"),
            ("Recipient: [SMTP:clerk@council.example]", "clerk@council.example"),
            ("unknown user: clerk@council.example", "clerk@council.example"),
            ("<<< 550 clerk@council.example unknown", ""),
            ("Please write to clerk@council.example", ""),
            ("postmaster@council.example says", ""),
        ] {
            assert_eq!(head(line).unwrap_or_default(), expected, "{line}");
        }
    }
}
