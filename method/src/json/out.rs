//! Canonical JSON: sorted keys (the callers' part), no white space, shortest numbers, the fewest escapes.

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

/// How much is gathered before it goes into the hash.
const CHUNK: usize = 64 * 1024;

/// Where canonical JSON is written: a text, or a running SHA-256 that never holds the whole of it.
pub(crate) struct Out {
    buffer: String,
    hash: Option<Sha256>,
    /// Is what may not be shown left out?
    disclosing: bool,
}

impl Out {
    pub fn text() -> Self {
        Self { buffer: String::new(), hash: None, disclosing: false }
    }

    pub fn hash() -> Self {
        Self { buffer: String::with_capacity(CHUNK * 2), hash: Some(Sha256::new()), disclosing: false }
    }

    /// A hash of what may be shown.
    pub fn disclosing_hash() -> Self {
        Self { disclosing: true, ..Self::hash() }
    }

    pub fn is_disclosing(&self) -> bool {
        self.disclosing
    }

    pub fn into_text(self) -> String {
        self.buffer
    }

    /// The SHA-256 of all that was written, in 64 lower-case hexadecimal digits.
    pub fn into_sha256(self) -> String {
        let mut hash = self.hash.unwrap_or_default();
        hash.update(self.buffer.as_bytes());
        hash.finalize().iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit).collect()
    }

    /// JSON that needs no escape: brackets, keys, words.
    pub fn raw(&mut self, json: &str) {
        self.buffer.push_str(json);
    }

    /// Says that an object is complete: what is gathered may go into the hash.
    pub fn close_object(&mut self) {
        self.buffer.push('}');
        if self.buffer.len() >= CHUNK
            && let Some(hash) = &mut self.hash
        {
            hash.update(self.buffer.as_bytes());
            self.buffer.clear();
        }
    }

    /// A text in quotes: `"`, `\` and control characters are escaped, in the shorter form where there is one.
    pub fn string(&mut self, text: &str) {
        let needs_escape = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
        // All bytes are looked at, which takes many at a time.
        if !text.as_bytes().iter().fold(false, |any, byte| any | needs_escape(byte)) {
            return self.quoted(text);
        }
        self.buffer.push('"');
        let mut written = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.buffer.push_str(&text[written..at]);
            written = at + 1;
            match byte {
                b'"' => self.buffer.push_str("\\\""),
                b'\\' => self.buffer.push_str("\\\\"),
                0x08 => self.buffer.push_str("\\b"),
                0x09 => self.buffer.push_str("\\t"),
                0x0A => self.buffer.push_str("\\n"),
                0x0C => self.buffer.push_str("\\f"),
                0x0D => self.buffer.push_str("\\r"),
                _ => {
                    self.buffer.push_str("\\u00");
                    self.buffer.push(hex_digit(byte >> 4));
                    self.buffer.push(hex_digit(byte & 15));
                }
            }
        }
        self.buffer.push_str(&text[written..]);
        self.buffer.push('"');
    }

    /// A text that needs no escape, such as an id or a code, in quotes.
    pub fn quoted(&mut self, text: &str) {
        self.buffer.reserve(text.len() + 2);
        self.buffer.push('"');
        self.buffer.push_str(text);
        self.buffer.push('"');
    }

    /// A whole number.
    pub fn number(&mut self, number: impl Into<i64>) {
        let number: i64 = number.into();
        if number < 0 {
            self.buffer.push('-');
        }
        self.digits(number.unsigned_abs(), 1);
    }

    /// A day of the calendar in quotes: `"2017-01-11"`.
    pub fn day(&mut self, day: NaiveDate) {
        self.buffer.push('"');
        if day.year() < 0 {
            self.buffer.push('-');
        }
        self.digits(day.year().unsigned_abs().into(), 4);
        self.buffer.push('-');
        self.digits(day.month().into(), 2);
        self.buffer.push('-');
        self.digits(day.day().into(), 2);
        self.buffer.push('"');
    }

    /// The decimal digits of a number, with noughts before them up to a width. Written by hand: a record holds millions.
    fn digits(&mut self, mut number: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
        while number > 0 {
            start -= 1;
            digits[start] = b'0' + u8::try_from(number % 10).expect("one digit");
            number /= 10;
        }
        start = start.min(digits.len() - width);
        self.buffer.push_str(std::str::from_utf8(&digits[start..]).expect("digits are ASCII"));
    }

    /// A number of millionths as the shortest decimal: 250000 is `0.25`.
    pub fn millionths(&mut self, millionths: u64) {
        let (whole, rest) = (millionths / 1_000_000, millionths % 1_000_000);
        self.digits(whole, 1);
        if rest > 0 {
            self.buffer.push('.');
            self.digits(rest, 6);
            let end = self.buffer.trim_end_matches('0').len();
            self.buffer.truncate(end);
        }
    }
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(value & 15)])
}
