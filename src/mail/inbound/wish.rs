//! Tells a plain request to get no more mail from a letter that has such words in it.
//!
//! All of the new text must be the request, but for greetings and thanks. "Please stop the closure" is none, since
//! "closure" is no word of such a request.

/// How a request begins, once "please" and its like are taken off.
const OPENINGS: &[&str] = &[
    "unsubscribe",
    "unsubscribing",
    "remove",
    "take me off",
    "take us off",
    "take my",
    "take our",
    "take this",
    "opt out",
    "opt me out",
    "opt us out",
    "opt-out",
    "optout",
    "stop",
    "cease",
    "do not email",
    "do not e-mail",
    "do not mail",
    "do not contact",
    "do not send",
    "do not write",
    "don't email",
    "don't mail",
    "don't contact",
    "don't send",
    "don't write",
    "never email",
    "never contact",
    "no more",
    "no longer wish to receive",
    "no longer want to receive",
    "no longer want",
    "do not wish to receive",
    "do not want to receive",
    "do not want",
    "don't wish to receive",
    "don't want to receive",
    "don't want",
    "not receive",
    "delete me",
    "delete us",
    "delete my",
    "delete our",
    "abmelden",
    "austragen",
    "désabonner",
    "désinscrire",
];

/// What may stand before it.
const BEFORE: &[&str] = &[
    "please",
    "kindly",
    "pls",
    "just",
    "and",
    "can you",
    "could you",
    "would you",
    "will you",
    "i want to",
    "i would like to",
    "i'd like to",
    "i wish to",
    "we want to",
    "we would like to",
    "we'd like to",
    "we wish to",
    "how do i",
    "how can i",
    "how do we",
    "i",
    "we",
    "would like to",
    "bitte",
    "me",
    "may i",
    "can i",
    "also",
    "again",
    "hi",
    "hello",
    "asking you to",
    "ask you to",
];

/// The words that the rest of it is made of.
const REST: &str = "from of off this these your the all any further future mailing mailings mail mails email emails \
    e-mail e-mails list lists distribution database databases records newsletter newsletters messages message updates \
    letters communications communication correspondence again me us our my we i address addresses to and system \
    contacts contact subscription such more other kind like at it them please sending emailing contacting writing \
    spamming receiving receive anything details name no longer now immediately asap thanks thank you in for on here \
    anymore invitations notifications unsubscribe with permanently stop stp either or get getting you're youre is as \
    soon possible information";

/// Who is not to be written to, and what is not to be sent.
const NAMED: &[&str] = &[
    "me",
    "us",
    "my",
    "our",
    "list",
    "lists",
    "mail",
    "mails",
    "mailing",
    "mailings",
    "email",
    "emails",
    "e-mail",
    "e-mails",
    "address",
    "addresses",
    "newsletter",
    "newsletters",
    "messages",
    "letters",
    "updates",
    "database",
    "communications",
    "communication",
    "correspondence",
    "invitations",
    "notifications",
];

/// What is said beside it: greetings, thanks, what telephones add.
const FILLERS: &[&str] = &[
    "hi",
    "hi all",
    "hi there",
    "hello",
    "good morning",
    "good afternoon",
    "thanks",
    "thank you",
    "many thanks",
    "please",
    "thanks in advance",
    "thank you in advance",
    "ta",
    "cheers",
    "to whom it may concern",
    "sirs",
    "all",
    "danke",
    "merci",
    "bonjour",
    "thank you very much",
];

/// Where a signature begins.
const CLOSINGS: &[&str] = &[
    "regards",
    "kind regards",
    "best regards",
    "with regards",
    "best wishes",
    "warm regards",
    "yours",
    "best",
    "yours sincerely",
    "yours faithfully",
    "many thanks",
    "thanks",
    "thank you",
    "sincerely",
    "mit freundlichen grüßen",
    "cordialement",
];

/// Whether an address is one that letters are sent to so as to get no more.
pub(super) fn is_for_unsubscribing(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    local.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "unsubscribe" | "unsub" | "optout"))
        || local.contains("opt-out")
}

/// Whether all that was written is a request to get no more mail.
pub(super) fn wants_out(subject: &str, text: &str) -> bool {
    let text = without_signature(text);
    if text.split_whitespace().count() > 40 {
        return false;
    }
    let apart: Vec<String> = text.split(['.', '!', '?', ';', '\n']).map(plain).collect();
    let joined = text.replace('\n', " ");
    let joined: Vec<String> = joined.split(['.', '!', '?', ';']).map(plain).collect();
    // Addresses have dots: where one is split, the whole line says it.
    let lines: Vec<String> = text.lines().map(plain).collect();
    if [&apart, &joined, &lines].into_iter().any(|sentences| all_request(sentences)) {
        return true;
    }
    let subject = plain(subject);
    let beside = |sentence: &String| is_filler(sentence) || sentence.split(' ').all(is_rest);
    is_request(&subject) && [&apart, &lines].into_iter().any(|sentences| sentences.iter().all(beside))
}

fn all_request(sentences: &[String]) -> bool {
    sentences.iter().any(|sentence| is_request(sentence))
        && sentences.iter().all(|sentence| is_request(sentence) || is_filler(sentence))
}

/// A sentence in lower case, without marks at its words' ends.
fn plain(sentence: &str) -> String {
    let lower = sentence.to_lowercase().replace('’', "'");
    let ends = |c: char| !c.is_alphanumeric() && c != '@';
    let words = lower.split_whitespace().map(|word| word.trim_matches(ends)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn without_signature(text: &str) -> String {
    let mut kept = Vec::new();
    for line in text.lines() {
        let said = plain(line);
        if line.trim_end() == "--"
            || said.starts_with("sent from my ")
            || said.starts_with("get outlook for ")
        {
            break;
        }
        if CLOSINGS.contains(&said.as_str()) && kept.iter().any(|line: &&str| is_opening(&plain(line))) {
            break;
        }
        kept.push(line);
    }
    kept.join("\n")
}

fn is_filler(sentence: &str) -> bool {
    let short = sentence.split(' ').count() <= 5;
    sentence.is_empty() || FILLERS.contains(&sentence) || short && sentence.starts_with("dear ")
}

fn is_rest(word: &str) -> bool {
    word.contains('@') || REST.split_whitespace().any(|rest| rest == word)
}

/// What of a sentence comes after "please" and its like.
fn bare(sentence: &str) -> &str {
    let mut rest = sentence;
    while let Some(after) =
        BEFORE.iter().find_map(|before| rest.strip_prefix(before).and_then(|after| after.strip_prefix(' ')))
    {
        rest = after;
    }
    rest
}

fn after_opening(sentence: &str) -> Option<&str> {
    let rest = bare(sentence);
    OPENINGS
        .iter()
        .filter_map(|opening| rest.strip_prefix(opening))
        .find(|after| after.is_empty() || after.starts_with(' '))
}

fn is_opening(sentence: &str) -> bool {
    after_opening(sentence).is_some()
}

fn is_request(sentence: &str) -> bool {
    let rest = bare(sentence);
    // "Remove it" may be said of anything: it takes a word for who or what.
    let clear =
        ["unsub", "opt", "stop", "abmelden", "austragen", "dés"].iter().any(|word| rest.starts_with(word))
            || rest.split(' ').any(|word| word.contains('@') || NAMED.contains(&word));
    clear && after_opening(sentence).is_some_and(|after| after.split_whitespace().all(is_rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_all_that_is_said() {
        for (subject, text) in [
            ("Re: Have your say", "Unsubscribe"),
            ("", "STOP"),
            ("", "Please remove me from this list."),
            ("", "Hello,\n\nplease remove me from your\nmailing list.\n\nKind regards\nClerk to the Council"),
            ("", "Please unsubscribe clerk@council.example from this list. Thanks!"),
            ("", "I no longer wish to receive these emails."),
            ("", "Take me off your list please"),
            ("", "Please don’t send me any more emails"),
            ("", "How do I unsubscribe?"),
            ("unsubscribe", ""),
            ("UNSUBSCRIBE", "clerk@council.example"),
            ("", "unsubscribe\n\n-- \nCouncil offices, 1 High Street"),
            ("", "Stop emailing us. Thank you.\n\nSent from my telephone"),
        ] {
            assert!(wants_out(subject, text), "{subject} | {text}");
        }
        for (subject, text) in [
            ("", "Please stop the closure of the hospital"),
            ("", "Please do not unsubscribe me"),
            ("", "Please remove me as the contact and write to the new clerk instead."),
            ("", "We stop at nothing"),
            ("", "Please remove it."),
            ("", "We do not want this."),
            ("", ""),
            ("", "Stop press: we agree. Please do not remove the clinic."),
            (
                "Unsubscribe",
                "We have thought long about your plan and have several questions about the beds.",
            ),
            ("Re: unsubscribe", "Done, and what about the beds?"),
            ("", "Thanks"),
        ] {
            assert!(!wants_out(subject, text), "{subject} | {text}");
        }
    }
}
