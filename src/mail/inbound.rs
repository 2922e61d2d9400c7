//! Reads what comes back from mail that we sent, and says what it is.
//!
//! ```text
//! raw ─► parts::Mail ─► report   RFC 3464, 5965, 8098: machines speaking to machines ─┐
//!                   ├─► notice   bounces in plain words, by the table in shapes      ─┤
//!                   ├─► auto     out of office, acknowledgements, challenges         ─┼─► Inbound
//!                   ├─► wish     "please take me off your list"                      ─┤
//!                   └─► text     what a person newly wrote                           ─┘
//! ```
//!
//! It never fails and never panics, whatever the bytes. Where it cannot tell, it says [`What::Unknown`] or
//! [`What::Reply`], which a person looks at; never a hard bounce, which would silence an address.

mod address;
mod auto;
mod decode;
mod html;
mod notice;
mod parts;
mod phrases;
mod report;
mod shapes;
mod signs;
mod text;
mod wish;

use mail_parser::DateTime;

use parts::Mail;
use signs::Signs;

/// The longest answer of a server that is kept, in characters.
const ANSWER: usize = 500;

/// The longest text that is kept, in characters.
const TEXT: usize = 20_000;

/// The most Message-IDs and addresses that are kept.
const MANY: usize = 100;

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    pub what: What,
    /// Every address it was delivered to, in lower case, each once.
    pub to: Vec<String>,
    /// In lower case.
    pub from: Option<String>,
    pub subject: String,
    /// As the header says it, in seconds since 1970.
    pub date: Option<i64>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The Message-IDs that it may be about, without angle brackets, each once.
    pub about: Vec<String>,
    /// What was newly written, without what it quotes.
    pub text: String,
}

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A mail server says what became of a letter.
    Bounce(Vec<Failed>),
    /// Somebody called a letter spam. `kind` is the report's feedback type, such as `abuse`.
    Complaint {
        kind: String,
        address: Option<String>,
    },
    AutoReply(Auto),
    /// Somebody wants no more of these letters, and says nothing else.
    Unsubscribe,
    /// A person wrote.
    Reply,
    /// A machine wrote, it cannot be told what; with what speaks for that.
    Unknown(String),
}

/// What became of a letter to one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// In lower case: the address that was written to, if it is said.
    pub address: Option<String>,
    pub fate: Fate,
    /// The server's words on one line.
    pub answer: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// The address will never take mail.
    Hard,
    /// Given up for now: a full mailbox, a server that is down.
    Soft,
    /// This letter was refused, which says nothing of the address.
    Refused,
    /// It is still being tried.
    Delayed,
    /// It arrived, or was passed on to where no more will be said.
    Delivered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Auto {
    OutOfOffice,
    /// A receipt: of a desk that numbers what comes in, or that a letter was opened.
    Acknowledgement,
    /// The letter waits until its sender proves to be a person.
    Challenge,
}

/// Reads a message.
pub fn read(raw: &[u8]) -> Inbound {
    let mail = Mail::read(raw);
    let top = parts::headers(&mail.head);
    let top = top.as_ref();
    let subject = one_line(top.and_then(|top| top.subject()).unwrap_or_default(), ANSWER);
    let from = top.and_then(|top| top.from()).and_then(|from| from.first());
    let name = from.and_then(|from| from.name()).unwrap_or_default().to_owned();
    let from = from.and_then(|from| address::one(from.address()?));
    let from = from.or_else(|| mail.fields().get("from").and_then(address::one));
    let to = delivered_to(&mail, top);
    let body = text::body(&mail);
    let text = text::fresh(&body);
    let signs = Signs::of(&mail, &subject, &name, from.as_deref());
    let what = what(&mail, &Seen { signs: &signs, subject: &subject, body: &body, text: &text, to: &to });
    let date = top.and_then(|top| top.date()).filter(|date| date.is_valid());
    let message_id = mail.fields().get("message-id").and_then(|id| ids(id).into_iter().next());
    Inbound {
        about: about(&mail, &what, &body, message_id.as_deref()),
        date: date.map(DateTime::to_timestamp),
        what,
        to,
        from,
        subject,
        message_id,
        text,
    }
}

/// What all the readers look at.
struct Seen<'a> {
    signs: &'a Signs,
    subject: &'a str,
    /// All that the message itself says, quotations and all.
    body: &'a str,
    /// What of it is new.
    text: &'a str,
    to: &'a [String],
}

fn what(mail: &Mail, seen: &Seen<'_>) -> What {
    if let Some(what) = report::read(mail, seen).or_else(|| notice::read(mail, seen)) {
        return what;
    }
    let signs = seen.signs;
    let asked = seen.to.iter().any(|to| wish::is_for_unsubscribing(to));
    // The subject that a letter of ours gives a mail program, whatever else that writes.
    let by_button = super::opt_out::asked(seen.subject).is_some();
    if (asked || by_button) && !signs.replies_itself {
        return What::Unsubscribe;
    }
    if let Some(what) = auto::read(seen) {
        return what;
    }
    if wish::wants_out(seen.subject, seen.text) {
        return What::Unsubscribe;
    }
    if let Some(why) = signs.machine(seen) {
        return What::Unknown(why);
    }
    let nothing = seen.text.is_empty() && seen.body.trim().is_empty() && mail.parts.len() <= 1;
    if nothing && seen.subject.is_empty() {
        return What::Unknown("there is nothing in it".into());
    }
    What::Reply
}

/// The addresses of the headers that say where a message went.
fn delivered_to(mail: &Mail, top: Option<&mail_parser::Message<'_>>) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |text: &str| {
        if let Some(address) = address::one(text)
            && found.len() < MANY
            && !found.contains(&address)
        {
            found.push(address);
        }
    };
    for list in [top.and_then(|top| top.to()), top.and_then(|top| top.cc())].into_iter().flatten() {
        list.iter().filter_map(|one| one.address()).for_each(&mut add);
    }
    for name in ["to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"] {
        for value in mail.fields().all(name) {
            for address in address::all(value) {
                add(&address);
            }
        }
    }
    found
}

/// The Message-IDs that a message may be about.
fn about(mail: &Mail, what: &What, body: &str, own: Option<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |ids: Vec<String>| {
        for id in ids {
            if Some(id.as_str()) != own && !found.contains(&id) && found.len() < MANY {
                found.push(id);
            }
        }
    };
    for name in ["in-reply-to", "references", "original-message-id", "x-original-message-id"] {
        mail.fields().all(name).for_each(|value| add(ids(value)));
    }
    if matches!(what, What::Reply | What::Unsubscribe) {
        return found;
    }
    for part in &mail.parts {
        let returned = part.within > 0;
        if returned {
            part.fields.all("message-id").for_each(|value| add(ids(value)));
        }
        if part.kind.starts_with("message/") || part.kind == "text/rfc822-headers" || returned {
            add(ids_in(&part.text));
        }
    }
    add(ids_in(body));
    found
}

/// The Message-IDs on lines that name one, as returned headers and some servers' own words do.
fn ids_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let lower = line.to_lowercase();
        let Some(at) =
            ["message-id", "message id", "messageid"].iter().filter_map(|name| lower.find(name)).min()
        else {
            continue;
        };
        let mut rest = lower.get(at..).map_or(String::new(), |_| line.get(at..).unwrap_or(line).to_owned());
        // The id may be folded onto the next line.
        if !rest.contains('@')
            && let Some(next) = lines.peek().filter(|next| next.starts_with([' ', '\t']))
        {
            rest.push_str(next);
        }
        found.extend(ids(rest.split_once(':').map_or(rest.as_str(), |(_, value)| value)));
    }
    found
}

/// The Message-IDs in a value: those in angle brackets, or else one that stands alone.
fn ids(value: &str) -> Vec<String> {
    let sound = |id: &str| id.contains('@') && id.len() <= 250 && !id.contains(char::is_whitespace);
    let mut found: Vec<String> = Vec::new();
    for piece in value.split('<').skip(1) {
        if let Some((id, _)) = piece.split_once('>')
            && sound(id.trim())
        {
            found.push(id.trim().to_owned());
        }
    }
    if found.is_empty() && !value.contains('<') {
        let alone = value.split_whitespace().find(|word| sound(word));
        found.extend(alone.map(|id| id.trim_matches([',', ';', '"', '\'', '.']).to_owned()));
    }
    found
}

/// Text on one line, not without end.
fn one_line(text: &str, most: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(most).collect()
}
