//! Takes a message apart: its headers and its parts.
//!
//! ```text
//! bytes ─► Mail::read ─┬─ multipart/*      each part between the delimiters
//!                      ├─ message/rfc822   the message within: `within` counts how deep
//!                      └─ text             decoded, in its character set
//! ```
//!
//! mail-parser reads headers here, not parts: its depth is the sender's to choose, and a message within a message a
//! thousand times over would end the program when it is dropped. Here the depth and the number of parts have an end;
//! what lies beyond it is passed over.

use mail_parser::MessageParser;

use super::decode;

/// How deep parts lie in parts.
const DEPTH: usize = 12;

/// How many parts are looked at.
const PARTS: usize = 200;

/// How much of a message is looked at, in bytes.
const BYTES: usize = 16 << 20;

/// How much of the headers is looked at, in bytes.
const HEADERS: usize = 256 << 10;

/// How much of a part's text is looked at, in bytes.
const TEXT: usize = 1 << 20;

/// A message taken apart.
#[derive(Debug)]
pub(super) struct Mail {
    /// The headers, as they stand.
    pub head: String,
    /// In the order in which they stand; the first is the message itself.
    pub parts: Vec<Part>,
}

/// A part of a message.
#[derive(Debug)]
pub(super) struct Part {
    pub fields: Fields,
    /// Such as `text/plain`.
    pub kind: String,
    parameters: Vec<(String, String)>,
    pub parent: Option<usize>,
    /// How many returned or attached messages it lies in.
    pub within: usize,
    /// Its text; empty where it has parts of its own or is no text.
    pub text: String,
    /// Whether its end was seen: a part of a message that was cut off has none.
    pub closed: bool,
}

/// Header fields: their names in lower case, their values unfolded.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads lines of `Name: value`. Lines that are none are passed over.
    pub fn read(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// The first field of this name, in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|field| field.0 == name).map(|field| field.1.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |field| field.0 == name).map(|field| field.1.as_str())
    }

    /// The first field of this name in lower case, or nothing.
    pub fn lower(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_lowercase()
    }
}

impl Part {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|parameter| parameter.0 == name).map(|parameter| parameter.1.as_str())
    }

    pub fn is_attached(&self) -> bool {
        self.fields.lower("content-disposition").starts_with("attachment")
    }
}

/// Where a part stands.
#[derive(Clone, Copy)]
struct Place {
    parent: Option<usize>,
    within: usize,
    depth: usize,
    closed: bool,
    digest: bool,
}

impl Mail {
    pub fn read(raw: &[u8]) -> Self {
        let raw = &raw[..raw.len().min(BYTES)];
        let (head, _) = split(raw);
        let head = decode::text(None, &raw[..head.min(HEADERS)]);
        let mut mail = Self { head, parts: Vec::new() };
        mail.walk(raw, Place { parent: None, within: 0, depth: 0, closed: true, digest: false });
        mail
    }

    /// The message's own header fields.
    pub fn fields(&self) -> &Fields {
        // There is always a first part: `read` walks the message itself.
        static NONE: Fields = Fields(Vec::new());
        self.parts.first().map_or(&NONE, |part| &part.fields)
    }

    /// The parts of a part.
    pub fn children(&self, of: usize) -> impl Iterator<Item = usize> {
        self.parts.iter().enumerate().filter(move |(_, part)| part.parent == Some(of)).map(|(at, _)| at)
    }

    /// The parts of this kind in the message itself.
    pub fn own<'a>(&'a self, kinds: &'a [&str]) -> impl Iterator<Item = &'a Part> {
        self.parts.iter().filter(move |part| part.within == 0 && kinds.contains(&part.kind.as_str()))
    }

    fn walk(&mut self, bytes: &[u8], place: Place) {
        if self.parts.len() >= PARTS {
            return;
        }
        let (head, body) = split(bytes);
        let fields = Fields::read(&decode::text(None, &bytes[..head.min(HEADERS)]));
        let body = &bytes[body..];
        let (kind, parameters) = content_type(fields.get("content-type"));
        let kind = match kind {
            Some(kind) => kind,
            None if place.digest => "message/rfc822".into(),
            None => "text/plain".into(),
        };
        let encoding = fields.get("content-transfer-encoding").unwrap_or_default().to_owned();
        let at = self.parts.len();
        let Place { parent, within, depth, closed, .. } = place;
        self.parts.push(Part { fields, kind, parameters, parent, within, text: String::new(), closed });
        let part = &self.parts[at];
        let under =
            Place { parent: Some(at), depth: depth + 1, digest: part.kind == "multipart/digest", ..place };
        if part.kind.starts_with("multipart/") {
            let pieces =
                part.parameter("boundary").map(|boundary| pieces(body, boundary)).unwrap_or_default();
            if depth < DEPTH && !pieces.is_empty() {
                for (piece, ended) in pieces {
                    self.walk(piece, Place { closed: closed && ended, ..under });
                }
                return;
            }
            // What says that it has parts and has none is read as it stands.
            self.parts[at].kind = "text/plain".into();
        } else if matches!(part.kind.as_str(), "message/rfc822" | "message/global") {
            if depth < DEPTH {
                let inner = decode::transfer(&encoding, body);
                self.walk(&inner, Place { within: within + 1, ..under });
            }
            return;
        }
        let part = &mut self.parts[at];
        if part.kind.starts_with("text/") || part.kind.starts_with("message/") {
            let charset = part.parameter("charset");
            let body = &body[..body.len().min(TEXT)];
            part.text = decode::text(charset, &decode::transfer(&encoding, body)).replace("\r\n", "\n");
        }
    }
}

/// The header fields as mail-parser reads them: addresses, encoded words, the date.
pub(super) fn headers(head: &str) -> Option<mail_parser::Message<'_>> {
    MessageParser::default().parse_headers(head.as_bytes())
}

/// Where the headers end and where the body begins.
fn split(bytes: &[u8]) -> (usize, usize) {
    let mut at = 0;
    let mut any = false;
    while at < bytes.len() {
        let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |end| at + end + 1);
        let line = bytes[at..end].trim_ascii_end();
        if line.is_empty() {
            if any || at == 0 && !has_headers(&bytes[end..]) {
                return (at, end);
            }
        } else if !matches!(line[0], b' ' | b'\t') {
            let name = line.iter().take_while(|b| b.is_ascii_graphic() && **b != b':').count();
            let colon = line[name..].trim_ascii_start().first() == Some(&b':');
            if name > 0 && colon {
                any = true;
            } else if !line.starts_with(b"From ") || any {
                // No header: the empty line is missing.
                return (at, at);
            }
        }
        at = end;
    }
    (bytes.len(), bytes.len())
}

/// Whether headers come after the empty lines that a message began with.
fn has_headers(bytes: &[u8]) -> bool {
    let rest = bytes.trim_ascii_start();
    let line = rest.split(|b| *b == b'\n').next().unwrap_or_default();
    let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    name > 0 && line.get(name) == Some(&b':')
}

/// What lies between the delimiters, each with whether a delimiter followed it.
fn pieces<'a>(body: &'a [u8], boundary: &str) -> Vec<(&'a [u8], bool)> {
    let mut found = Vec::new();
    let (mut at, mut from) = (0, None);
    while at < body.len() {
        let end = body[at..].iter().position(|b| *b == b'\n').map_or(body.len(), |end| at + end + 1);
        let line = body[at..end].trim_ascii_end();
        if let Some(rest) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary.as_bytes()))
            && matches!(rest, b"" | b"--")
            && !boundary.is_empty()
        {
            if let Some(from) = from {
                found.push((&body[from..at], true));
            }
            from = Some(end);
            if rest == b"--" {
                return found;
            }
        }
        at = end;
    }
    if let Some(from) = from {
        found.push((&body[from.min(body.len())..], false));
    }
    found
}

/// A content type: its kind, if it is one, and its parameters.
fn content_type(value: Option<&str>) -> (Option<String>, Vec<(String, String)>) {
    let Some(value) = value else { return (None, Vec::new()) };
    let mut parts = Vec::new();
    let (mut part, mut quoted, mut escaped) = (String::new(), false, false);
    for c in value.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                part.push(c);
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => parts.push(std::mem::take(&mut part)),
            _ => part.push(c),
        }
    }
    parts.push(part);
    let mut parts = parts.into_iter();
    let kind = parts.next().unwrap_or_default().to_lowercase();
    let kind = kind.split_whitespace().collect::<String>();
    let parameters = parts
        .filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_lowercase(), value.trim().to_owned()))
        })
        .collect();
    ((kind.contains('/')).then_some(kind), parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_and_number_have_an_end() {
        let deep = "Content-Type: message/rfc822\n\n".repeat(100_000);
        assert_eq!(Mail::read(deep.as_bytes()).parts.len(), DEPTH + 1);
        let many = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(10_000));
        assert_eq!(Mail::read(many.as_bytes()).parts.len(), PARTS);
    }

    #[test]
    fn a_part_without_its_end_is_not_closed() {
        let raw = "Content-Type: multipart/mixed; boundary=\"b ; c\"\r\n\r\n--b ; c\r\n\r\none\r\n--b ; c\r\n\r\ntwo";
        let mail = Mail::read(raw.as_bytes());
        let parts: Vec<_> = mail.parts.iter().map(|part| (part.text.trim(), part.closed)).collect();
        assert_eq!(parts, [("", true), ("one", true), ("two", false)]);
    }

    #[test]
    fn headers_end_where_they_end() {
        let body = |raw: &str| Mail::read(raw.as_bytes()).parts[0].text.clone();
        assert_eq!(body("Subject: x\n\nbody"), "body");
        assert_eq!(body("From daemon Mon\nSubject: x\n\nbody"), "body");
        assert_eq!(body("\n\nSubject: x\n\nbody"), "body");
        assert_eq!(body("Subject: x\nno header\nbody"), "no header\nbody");
        assert_eq!(body("\nbody alone"), "body alone");
        assert_eq!(body(""), "");
    }
}
