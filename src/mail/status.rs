//! What a mail server's answer says of a letter and of its address.
//!
//! ```text
//! answer ─┬─► Status::find  an enhanced code (RFC 3463) ─► table::TABLE ─┐
//!         ├─► reply         a bare three-digit code ─────────────────────┼─► Meaning
//!         └─► words         its words, where a code says too little ─────┘
//! ```
//!
//! The rule: an address is given up only where a server says in so many words, or by a code that means nothing else,
//! that the address will never take mail. All else may be put right, or was said of the letter and not of the
//! address.

mod table;
mod words;

use std::fmt;

pub use table::{Row, TABLE};

/// What we do with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// The letter was taken.
    Taken,
    /// The address will never take mail: write there no more.
    NoSuchAddress,
    /// Not now: a full mailbox, a server that is down. Try again, and count how often.
    Later,
    /// Final for this letter (policy, content, size, our own set-up), but says nothing of the address.
    Refused,
}

/// An enhanced status code: class, subject and detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Status {
    /// 2 taken, 4 not now, 5 not ever.
    pub class: u16,
    pub subject: u16,
    pub detail: u16,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl Status {
    /// Reads a code that stands alone, such as `5.1.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().split('.').map(|number| {
            let sound = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
            sound.then(|| number.parse::<u16>().ok()).flatten()
        });
        let status = Self { class: numbers.next()??, subject: numbers.next()??, detail: numbers.next()?? };
        // No subject beyond 7 is registered.
        (numbers.next().is_none() && matches!(status.class, 2 | 4 | 5) && status.subject <= 9)
            .then_some(status)
    }

    /// The first enhanced code in an answer. One that follows a three-digit code goes before one that stands alone;
    /// addresses of machines and numbers of versions and sections are none.
    pub fn find(text: &str) -> Option<Self> {
        let mut alone = None;
        for (start, end) in runs(text) {
            let Some(status) = Self::parse(&text[start..end]) else { continue };
            let before = &text[..start];
            match reply_before(before) {
                Some(class) if class == status.class => return Some(status),
                _ if alone.is_none() && status.class != 2 && stands_alone(before) => alone = Some(status),
                _ => {}
            }
        }
        alone
    }

    /// The code at the head of a report's field: a comment may follow it.
    pub fn find_lone(text: &str) -> Option<Self> {
        let code = text.trim().trim_start_matches('#');
        Self::parse(code.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default())
    }

    /// The table's row of this code: its own, or that of its subject, or of its class.
    pub fn row(self) -> &'static Row {
        let fits = |row: &&Row| row.covers(self);
        // The table ends with a row for each class, so that there is always one.
        TABLE.iter().filter(fits).max_by_key(|row| row.exactness()).unwrap_or(&table::LAST)
    }

    pub fn meaning(self) -> Meaning {
        self.row().meaning
    }

    /// Whether the code leaves it to the words: "other or undefined", and those that servers use for everything.
    pub fn vague(self) -> bool {
        self.class != 2
            && (self.detail == 0
                || matches!((self.subject, self.detail), (0 | 5, _) | (4, 1 | 4) | (3, 2 | 5)))
    }
}

/// Where digits with dots between them stand.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_ascii_digit() || c == '.', start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                // The dot that ends a sentence is not the code's; a letter that goes on is.
                let end = from + text[from..at].trim_end_matches('.').len();
                if end > from && !(end == at && (c.is_alphanumeric() || matches!(c, '_' | '@'))) {
                    found.push((from, end));
                }
            }
            _ => {}
        }
    }
    found
}

/// The class of the three-digit code that stands right before, as in `550 5.1.1`, `550-5.1.1` and `550 #5.1.1`.
fn reply_before(before: &str) -> Option<u16> {
    let head = before.trim_end_matches([' ', '-', '#', '<', '[', '(', ':']);
    let code = head.get(head.len().checked_sub(3)?..)?;
    let apart = head[..head.len() - 3].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '.');
    (head.len() < before.len() && apart && code.bytes().all(|b| b.is_ascii_digit()))
        .then(|| code[..1].parse().ok())
        .flatten()
}

/// Whether what stands before lets a code follow: no other word's end, and no word that announces a version.
fn stands_alone(before: &str) -> bool {
    if before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '@' | '/')) {
        return false;
    }
    let word = before.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '§');
    let word = word.rsplit(|c: char| !c.is_alphanumeric() && c != '§').next().unwrap_or_default();
    let word = word.to_lowercase();
    !matches!(
        word.as_str(),
        "version"
            | "release"
            | "ver"
            | "v"
            | "build"
            | "section"
            | "chapter"
            | "rfc"
            | "§"
            | "exim"
            | "postfix"
    ) && !matches!(word.as_str(), "sendmail" | "qmail" | "server" | "exchange" | "domino" | "zimbra" | "ip")
}

/// What a bare three-digit reply means, with its words.
pub fn reply(code: u16, text: &str) -> Meaning {
    let said = words::meaning(text);
    match code {
        200..=299 => Meaning::Taken,
        // No room in the mailbox, or a letter too big: its words tell.
        552 if said == Some(Meaning::Refused) => Meaning::Refused,
        // Nothing that is said for now gives up an address.
        400..=499 | 552 => Meaning::Later,
        500..=599 => said.unwrap_or(Meaning::Refused),
        _ => said.filter(|meaning| *meaning != Meaning::NoSuchAddress).unwrap_or(Meaning::Refused),
    }
}

/// What a server's whole answer means: none where it says nothing that can be told.
pub fn judge(answer: &str) -> Option<Meaning> {
    let said = words::meaning(answer);
    if let Some(status) = Status::find(answer) {
        return Some(status.weighed(answer));
    }
    match bare(answer) {
        Some(code) => Some(reply(code, answer)),
        None => said,
    }
}

impl Status {
    /// What the code means beside these words: the words count where the code leaves it to them, and where they deny
    /// that the address is none.
    pub fn weighed(self, text: &str) -> Meaning {
        let meaning = self.meaning();
        let said = words::meaning(text);
        match (self.class, said) {
            (2, _) => Meaning::Taken,
            (4, _) => Meaning::Later,
            (_, Some(said)) if self.vague() => said,
            (_, Some(said @ (Meaning::Later | Meaning::Refused))) if meaning == Meaning::NoSuchAddress => {
                said
            }
            _ => meaning,
        }
    }
}

/// The first number in an answer that is a reply of a mail server which refuses.
fn bare(text: &str) -> Option<u16> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let free = !before.is_alphanumeric() && !matches!(before, '.' | '/' | '+' | '_' | '=' | '@');
        before = c;
        if !free || !matches!(c, '4' | '5') {
            continue;
        }
        let Some(code) = text.get(at..at + 3).and_then(|code| code.parse::<u16>().ok()) else { continue };
        let next = text[at + 3..].chars().next();
        if next.is_none_or(|c| matches!(c, ' ' | '-' | ',' | ':' | ';' | ')' | '\t' | '\r' | '\n'))
            && matches!(code, 421 | 430..=459 | 471 | 500..=559 | 571)
        {
            return Some(code);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Meaning::*, *};

    fn code(text: &str) -> String {
        Status::find(text).map(|status| status.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_code_alone_is_read() {
        for good in ["5.1.1", " 4.4.7 ", "2.0.0", "5.7.606", "4.4.316"] {
            assert_eq!(Status::parse(good).unwrap().to_string(), good.trim());
        }
        for bad in
            ["", "5", "5.1", "3.1.1", "5.1.1.1", "5.1.1000", "5.94.2", "5..1", "5.1.x", "٥.1.1", "+5.1.1"]
        {
            assert_eq!(Status::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_code_is_found_among_numbers_that_are_none() {
        for (text, expected) in [
            ("550 5.1.1 no such user", "5.1.1"),
            ("550-5.1.1 The account", "5.1.1"),
            ("550 #5.1.0 Address rejected", "5.1.0"),
            ("smtp; 550 [5.7.1] blocked", "5.7.1"),
            ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
            ("host [10.5.1.1] said: 550 5.7.1 no", "5.7.1"),
            ("from 5.1.1.10: refused", ""),
            ("10.4.4.1 is listed", ""),
            ("Postfix 2.5.1 then 5.4.4", "5.4.4"),
            ("version 5.1.1 says 550 5.2.2 full", "5.2.2"),
            ("Exim 4.9.2 says no", ""),
            ("see section 5.1.1", ""),
            ("mail-5.1.1 is a host", ""),
            ("5.1.1rc is none", ""),
            ("it said 5.1.1.", "5.1.1"),
            ("5.7.1 above, but 550 5.1.1 from the server", "5.1.1"),
            ("250 2.1.5 Ok", "2.1.5"),
            ("1.550 5.1.1", "5.1.1"),
            ("", ""),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn every_row_is_sound_and_found_by_its_own_code() {
        for (n, row) in TABLE.iter().enumerate() {
            assert!(!row.name.is_empty() && row.says.ends_with('.'), "{}", row.code);
            assert!(TABLE[..n].iter().all(|earlier| earlier.code != row.code), "{} twice", row.code);
            let some = Status::parse(&row.code.replace('*', "9")).unwrap();
            assert!(row.covers(some), "{}", row.code);
            if !row.code.contains('*') {
                assert_eq!(some.row().code, row.code);
            }
            let class = &row.code[..1];
            match class {
                "2" => assert_eq!(row.meaning, Taken),
                "4" => assert_eq!(row.meaning, Later, "{}", row.code),
                _ => assert_ne!(row.meaning, Taken),
            }
            // What is said of policy gives up no address.
            assert!(!row.code.starts_with("5.7") || row.meaning == Refused, "{}", row.code);
        }
    }

    #[test]
    fn codes_mean_what_we_do() {
        for (text, expected) in [
            ("5.1.1", NoSuchAddress),
            ("5.1.2", NoSuchAddress),
            ("5.1.10", NoSuchAddress),
            ("5.1.8", Refused),
            ("5.2.2", Later),
            ("4.1.1", Later),
            ("5.4.7", Later),
            ("5.7.1", Refused),
            ("5.7.999", Refused),
            ("5.8.3", Refused),
            ("2.1.5", Taken),
            ("4.9.9", Later),
        ] {
            assert_eq!(Status::parse(text).unwrap().meaning(), expected, "{text}");
        }
    }

    #[test]
    fn a_bare_reply_is_weighed_with_its_words() {
        for (code, text, expected) in [
            (550, "user unknown", NoSuchAddress),
            (550, "blocked by policy", Refused),
            (550, "spam", Refused),
            (550, "", Refused),
            (550, "mailbox is full", Later),
            (552, "quota exceeded", Later),
            (552, "message size exceeds fixed maximum", Refused),
            (452, "insufficient storage", Later),
            (421, "try again later", Later),
            (450, "user unknown", Later),
            (451, "greylisted", Later),
            (454, "relay access denied", Later),
            (551, "user not local; please try another path", Refused),
            (553, "sorry, that domain isn't in my list of allowed rcpthosts", Refused),
            (553, "no such recipient here", NoSuchAddress),
            (554, "mailbox not found", NoSuchAddress),
            (554, "transaction failed", Refused),
            (250, "ok", Taken),
        ] {
            assert_eq!(reply(code, text), expected, "{code} {text}");
        }
    }

    #[test]
    fn an_answer_is_judged_whole() {
        for (text, expected) in [
            ("550 5.1.1 mailbox full", Some(Later)),
            ("550 5.1.1 blocked using a block list", Some(Refused)),
            (
                "550 5.1.1 <clerk@nospam.example> unknown, see https://policy.council.example/",
                Some(NoSuchAddress),
            ),
            (
                "host relay.council.example said: 550 <clerk@council.example> user unknown",
                Some(NoSuchAddress),
            ),
            ("550 5.0.0 no such user", Some(NoSuchAddress)),
            ("550 5.7.1 user unknown", Some(Refused)),
            ("554 5.0.0 service unavailable", Some(Refused)),
            ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", Some(NoSuchAddress)),
            ("550 5.4.1 no answer from host", Some(Later)),
            ("450 4.1.1 no such user", Some(Later)),
            ("host mail.trust.example[192.0.2.4] said: 550 unknown user", Some(NoSuchAddress)),
            ("192.0.2.550 is odd", None),
            ("it was a nice day", None),
        ] {
            assert_eq!(judge(text), expected, "{text}");
        }
    }
}
