//! What a person newly wrote: the message's text without what it quotes.

use super::{TEXT, html, parts::Mail};

/// All that the message itself says, in plain text: not what it returns or has attached.
pub(super) fn body(mail: &Mail) -> String {
    if mail.parts.is_empty() { String::new() } else { of(mail, 0) }
}

fn of(mail: &Mail, at: usize) -> String {
    let part = &mail.parts[at];
    if part.kind.starts_with("multipart/") {
        let texts = mail.children(at).map(|child| (child, of(mail, child)));
        let mut texts = texts.filter(|(_, text)| !text.trim().is_empty());
        if part.kind == "multipart/alternative" {
            let texts: Vec<_> = texts.collect();
            let plain = texts.iter().position(|(child, _)| mail.parts[*child].kind == "text/plain");
            return texts.into_iter().nth(plain.unwrap_or(0)).map(|(_, text)| text).unwrap_or_default();
        }
        let first = texts.next().map(|(_, text)| text).unwrap_or_default();
        return texts.fold(first, |all, (_, text)| all + "\n\n" + &text);
    }
    if part.within > 0 || part.is_attached() {
        return String::new();
    }
    match part.kind.as_str() {
        "text/plain" => part.text.clone(),
        "text/html" => html::text(&part.text),
        _ => String::new(),
    }
}

/// Takes off what a text quotes.
pub(super) fn fresh(body: &str) -> String {
    let lines: Vec<&str> = body.lines().map(str::trim_end).collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if divides(line) || heads(&lines[at..]) {
            break;
        }
        if let Some(length) = attributes(&lines[at..]) {
            let next = lines[at + length..].iter().find(|line| !line.is_empty());
            // What follows without a mark is quoted to the end; with marks, the answer may stand below.
            if !next.is_some_and(|next| next.starts_with('>')) {
                break;
            }
            at += length;
            continue;
        }
        let again = line.is_empty() && kept.last().is_none_or(|last| last.is_empty());
        if !again && !line.starts_with('>') {
            kept.push(line);
        }
        at += 1;
    }
    kept.join("\n")
        .trim()
        .chars()
        .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
        .take(TEXT)
        .collect()
}

/// Words between dashes that say that another message follows.
const DIVIDERS: &[&str] = &[
    "original message",
    "original appointment",
    "forwarded message",
    "forwarded by",
    "weitergeleitete nachricht",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message original",
    "message transféré",
    "messaggio originale",
    "mensaje original",
    "oorspronkelijk bericht",
    "reply message",
    "wrote:",
];

/// Whether a line divides a message from what it quotes.
fn divides(line: &str) -> bool {
    let lower = line.trim().to_lowercase().replace('’', "'");
    if matches!(lower.as_str(), "begin forwarded message:" | "anfang der weitergeleiteten nachricht:") {
        return true;
    }
    lower.starts_with("--") && lower.ends_with('-') && DIVIDERS.iter().any(|words| lower.contains(words))
}

/// Whether the lines begin with the headers of another message, as Outlook and Notes write them.
fn heads(lines: &[&str]) -> bool {
    let name = |line: &str| {
        let line = line.trim().replace('*', "").to_lowercase();
        line.split_once(':').map(|(name, _)| name.trim().to_owned()).unwrap_or_default()
    };
    let mut rest = lines;
    // Outlook's line and Notes' empty one come before.
    if let [first, after @ ..] = rest
        && first.len() >= 10
        && first.chars().all(|c| matches!(c, '_' | '-'))
    {
        rest = after;
        while let [first, after @ ..] = rest
            && first.is_empty()
        {
            rest = after;
        }
    }
    let Some(first) = rest.first() else { return false };
    if !matches!(name(first).as_str(), "from" | "von" | "de" | "da" | "van" | "från" | "fra") {
        return false;
    }
    let others = rest.iter().skip(1).take(7).filter(|line| {
        matches!(
            name(line).as_str(),
            "sent" | "date" | "to" | "cc" | "subject" | "gesendet" | "datum" | "an" | "betreff" | "envoyé"
        ) || matches!(
            name(line).as_str(),
            "à" | "objet" | "enviado" | "para" | "asunto" | "inviato" | "oggetto"
        )
    });
    others.count() >= 2
}

/// How many lines say that somebody wrote what follows, if the first ones do.
fn attributes(lines: &[&str]) -> Option<usize> {
    const OPENINGS: &[&str] =
        &["on ", "am ", "le ", "il ", "el ", "op ", "den ", "at ", "in message ", "quoting "];
    const VERBS: &[&str] = &[
        " wrote",
        " writes",
        " schrieb",
        " a écrit",
        " ha scritto",
        " escribió",
        " schreef",
        " skrev",
        "quoting ",
    ];
    let mut joined = String::new();
    for (n, line) in lines.iter().take(4).enumerate() {
        if line.is_empty() || line.starts_with('>') || joined.len() > 400 {
            return None;
        }
        joined.push(' ');
        joined.push_str(&line.trim().to_lowercase());
        let said = joined.trim();
        if !said.ends_with(':') || !VERBS.iter().any(|verb| said.contains(verb)) {
            continue;
        }
        let opens = OPENINGS.iter().any(|opening| said.starts_with(opening));
        let dated = said.contains(|c: char| c.is_ascii_digit());
        let signed = said.contains('@');
        return (opens && (dated || signed) || n == 0 && signed && said.len() < 200).then_some(n + 1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_cut_off() {
        for (body, expected) in [
            ("Yes.\n\nOn 2 Jan 2018, at 10:00, office@trust.example wrote:\n\n> Will you?\n", "Yes."),
            (
                "Yes.\n\nOn Tue, Jan 2, 2018 at 10:00 AM Office <office@trust.example>\nwrote:\nWill you?",
                "Yes.",
            ),
            ("On 2 Jan 2018 x wrote:\n> One?\nYes.\n> Two?\nNo.", "Yes.\nNo."),
            ("Ja.\n\nAm 02.01.2018 um 10:00 schrieb office@trust.example:\n> Und?", "Ja."),
            ("Oui.\nLe 2 janv. 2018 à 10:00, office <office@trust.example> a écrit :\n> Et ?", "Oui."),
            ("Yes.\n-----Original Message-----\nFrom: x", "Yes."),
            ("Yes.\n\n________________________________\nFrom: x\nSent: y\nTo: z\nSubject: s\n\nold", "Yes."),
            ("Yes.\n\n*From:* x\n*Sent:* y\n*To:* z\n\nold", "Yes."),
            ("Von: x\nGesendet: y\nAn: z\n\nalt", ""),
            ("Yes\n-- \nClerk to the Council", "Yes\n--\nClerk to the Council"),
            ("On the whole we agree:\nno.", "On the whole we agree:\nno."),
            ("From: our point of view\nthis is fine", "From: our point of view\nthis is fine"),
            ("a\n\n\n\nb", "a\n\nb"),
        ] {
            assert_eq!(fresh(body), expected, "{body}");
        }
        assert_eq!(fresh(&"é".repeat(30_000)).chars().count(), TEXT);
    }
}
