//! Where links lead: the addresses that a letter may hold, and those that stand in its text.

use super::{Problem, fields, tree::Inline};

/// Words that say nothing of where a link leads.
const VAGUE: [&str; 16] = [
    "click",
    "click here",
    "click this",
    "click this link",
    "details",
    "find out more",
    "follow this link",
    "here",
    "learn more",
    "link",
    "more",
    "more information",
    "read more",
    "this",
    "this link",
    "this page",
];

/// What ends a sentence rather than an address.
const STOPS: [char; 12] = ['.', ',', ';', ':', '!', '?', '\'', '"', '’', '”', '*', '_'];

const KINDS: &str =
    "A link leads to a page (https:// or http://), a mailbox (mailto:) or a telephone number (tel:)";

/// Checks where a link leads. Refuses with what is wrong and what to do.
pub fn check(href: &str) -> Result<(), (String, &'static str)> {
    if href.trim().is_empty() {
        return Err(("a link has no address".into(), "Write it as [the words](https://example.org)"));
    }
    if href.contains(|c| fields::field(c).is_some()) {
        return Err((
            format!("there is a merge field in the address {}", fields::shown(href)),
            "Use one address for everyone: a field is for words",
        ));
    }
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '`');
    if href.contains(odd) {
        return Err((
            format!("the address {} holds a character that addresses do not have", fields::shown(href)),
            "Copy it from the browser’s address bar",
        ));
    }
    let (scheme, rest) = href.split_once(':').unwrap_or_default();
    let known = match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest.starts_with("//") && is_page(href),
        "mailto" => rest.split('?').next().is_some_and(is_mailbox),
        "tel" => is_number(rest),
        _ => false,
    };
    if known { Ok(()) } else { Err((format!("a link cannot lead to {}", fields::shown(href)), KINDS)) }
}

fn is_page(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| url.has_host() && url.username().is_empty())
}

fn is_mailbox(address: &str) -> bool {
    address.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

fn is_number(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '(' | ')'))
}

/// Checks the words of a link, their fields as marks. Refuses with what is wrong and what to do.
pub fn check_words(words: &str, href: &str) -> Result<(), (String, &'static str)> {
    let said: Vec<&str> = words.split_whitespace().collect();
    let said = said.join(" ");
    let plain =
        said.trim_matches(|c: char| !c.is_alphanumeric() && fields::field(c).is_none()).to_lowercase();
    if plain.is_empty() {
        return Err((
            format!("the link to {} has no words", fields::shown(href)),
            "Say where it leads between the square brackets",
        ));
    }
    if VAGUE.contains(&plain.as_str()) {
        return Err((
            format!("the link “{said}” does not say where it leads"),
            "Many people read only a page’s links: write what they will find there",
        ));
    }
    let other = scheme(&said).is_some() && said.trim_end_matches('/') != href.trim_end_matches('/');
    if other {
        return Err((
            format!("a link says {} and leads to {}", fields::shown(&said), fields::shown(href)),
            "Write the address that it leads to, or words",
        ));
    }
    Ok(())
}

/// Makes links of the addresses of pages in some words, which begin on `line` and are in no link.
pub fn link(inlines: Vec<Inline>, line: usize, problems: &mut Vec<Problem>) -> Vec<Inline> {
    if !inlines.iter().any(|inline| matches!(inline, Inline::Words(words) if words.contains("://"))) {
        return inlines;
    }
    let mut line = line;
    let mut linked: Vec<Inline> = Vec::with_capacity(inlines.len() + 2);
    let mut all = inlines.into_iter().peekable();
    while let Some(inline) = all.next() {
        let Inline::Words(words) = inline else {
            line += inline.breaks();
            linked.push(inline);
            continue;
        };
        let mut rest = words.as_str();
        let mut last = None;
        let mut fresh = !matches!(linked.last(), Some(Inline::Field(_)));
        while let Some((before, address, after)) = find(rest, fresh) {
            if !before.is_empty() {
                linked.push(Inline::Words(before.to_owned()));
            }
            let words = vec![Inline::Words(address.to_owned())];
            linked.push(Inline::Link { href: address.to_owned(), words });
            (rest, fresh, last) = (after, false, Some(address));
        }
        let joined = !rest.contains(char::is_whitespace) && trimmed(rest).is_empty();
        let next = all.peek().filter(|next| joined && **next != Inline::Break);
        if let (Some(address), Some(next)) = (last, next) {
            problems.push(cut(line, address, next));
        }
        if !rest.is_empty() {
            linked.push(Inline::Words(rest.to_owned()));
        }
    }
    linked
}

/// An address that goes on in what follows it.
fn cut(line: usize, address: &str, next: &Inline) -> Problem {
    if matches!(next, Inline::Field(_)) {
        let what = format!("there is a merge field in the address that begins {}", fields::shown(address));
        return Problem::new(line, what, "Use one address for everyone: a field is for words");
    }
    let what = format!("the address that begins {} holds a sign of Markdown", fields::shown(address));
    Problem::new(line, what, "Write the whole address between < and >")
}

/// The first address of a page in the text: what is before it, it, what is after it. `fresh` where an address can
/// begin with the text.
fn find(text: &str, fresh: bool) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("http").map(|at| at + from) {
        let (before, rest) = text.split_at(at);
        let begins = match before.chars().next_back() {
            None => fresh,
            Some(c) => c.is_whitespace() || matches!(c, '(' | '[' | '<' | '"' | '\'' | '“' | '‘'),
        };
        if !begins || scheme(rest).is_none() {
            from = at + "http".len();
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\' | '`'));
        let run = &rest[..end.unwrap_or(rest.len())];
        let address = trimmed(run);
        if scheme(address).is_some_and(|scheme| address.len() > scheme.len()) && is_page(address) {
            return Some((before, address, &rest[address.len()..]));
        }
        from = at + run.len();
    }
    None
}

/// An address without what ends the sentence that it is in: stops, and brackets that it did not open.
fn trimmed(address: &str) -> &str {
    let count = |sign: char| address.matches(sign).count();
    let mut round = count(')').saturating_sub(count('('));
    let mut square = count(']').saturating_sub(count('['));
    address.trim_end_matches(|last: char| {
        let left = match last {
            ')' => &mut round,
            ']' => &mut square,
            _ => return STOPS.contains(&last),
        };
        let more = *left > 0;
        *left = left.saturating_sub(1);
        more
    })
}

fn scheme(address: &str) -> Option<&'static str> {
    ["https://", "http://"].into_iter().find(|scheme| address.starts_with(scheme))
}
