//! The syntax of JSON, strictly: one pass over the text, nothing built that the caller does not ask for.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use super::plain::plain_length;
use super::{Field, Got, Trail};
use crate::quick::Quick;

/// How deep a value that is skipped may nest; what is read has a depth of its own, which its types fix.
const DEEPEST: usize = 128;

/// The text is not JSON from here on: noted, and nothing after it can be read.
#[derive(Debug)]
pub(crate) struct Broken;

/// A cursor over a JSON text, with the trail of what was refused.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    trail: Trail,
    /// Short texts that were shared of late, each where its hash says.
    of_late: Vec<Option<Arc<str>>>,
    quick: Quick,
}

/// How many short texts are kept for sharing.
const OF_LATE: usize = 1024;
/// The longest text that is kept: codes of places and bodies are shorter, ids of events longer and all different.
const SHORT: usize = 24;

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, trail: Trail) -> Self {
        Self { text, at: 0, trail, of_late: vec![None; OF_LATE], quick: Quick::default() }
    }

    /// The text by itself; one for all who ask for the same short text, as long as it is kept.
    pub fn shared(&mut self, text: &str) -> Arc<str> {
        if text.len() > SHORT {
            return text.into();
        }
        let mut mixed = self.quick.build_hasher();
        mixed.mix_bytes(text.as_bytes(), |eight| eight);
        let place = usize::try_from(mixed.finish() % OF_LATE as u64).unwrap_or(0);
        let kept = &mut self.of_late[place];
        match kept {
            Some(kept) if **kept == *text => Arc::clone(kept),
            _ => Arc::clone(kept.insert(text.into())),
        }
    }

    pub fn into_trail(self) -> Trail {
        self.trail
    }

    pub fn trail(&mut self) -> &mut Trail {
        &mut self.trail
    }

    /// The whole text as one value, with nothing after it.
    pub fn document<T: Field>(&mut self) -> Option<T> {
        let value = match self.field::<T>() {
            Ok(Got::Value(value)) => Some(value),
            Ok(Got::Nothing) => {
                self.trail.note("the document is empty");
                None
            }
            Ok(Got::Refused) => None,
            Err(Broken) => {
                self.trail.mark_hole();
                return None;
            }
        };
        if self.peek().is_some() {
            self.trail.note(format!("something follows the document, at {}", self.place()));
        }
        value
    }

    /// One value: nothing where the file says null.
    pub fn field<T: Field>(&mut self) -> Result<Got<T>, Broken> {
        if self.trail.is_full() {
            return Err(Broken);
        }
        if self.peek() == Some(b'n') {
            self.word("null")?;
            return Ok(Got::Nothing);
        }
        T::read(self)
    }

    /// The first byte of the next value, past white space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Opens an object or a list. False where the value is of another type, which is then noted and skipped.
    pub fn open(&mut self, bracket: u8) -> Result<bool, Broken> {
        if self.peek() == Some(bracket) {
            self.at += 1;
            return Ok(true);
        }
        self.refuse_type(if bracket == b'{' { "an object" } else { "a list" })?;
        Ok(false)
    }

    /// The next key of the open object, with the colon after it; none at its end.
    pub fn next_key(&mut self, first: &mut bool) -> Result<Option<Cow<'a, str>>, Broken> {
        if !self.next_part(first, b'}')? {
            return Ok(None);
        }
        if self.peek() != Some(b'"') {
            return Err(self.broken("a key in double quotes was expected"));
        }
        let key = self.string()?.unwrap_or(Cow::Borrowed("\u{FFFD}"));
        if self.peek() != Some(b':') {
            return Err(self.broken("a colon was expected after the key"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Is there another item in the open list?
    pub fn next_item(&mut self, first: &mut bool) -> Result<bool, Broken> {
        self.next_part(first, b']')
    }

    fn next_part(&mut self, first: &mut bool, close: u8) -> Result<bool, Broken> {
        let next = self.peek();
        if next == Some(close) {
            self.at += 1;
            return Ok(false);
        }
        if !std::mem::take(first) {
            if next != Some(b',') {
                return Err(self.broken(&format!("a comma or {} was expected", char::from(close))));
            }
            self.at += 1;
            if self.peek() == Some(close) {
                return Err(self.broken(&format!("nothing follows the comma before {}", char::from(close))));
            }
        }
        Ok(true)
    }

    /// A text. None where it is refused, or of another type; both are noted.
    pub fn text(&mut self) -> Result<Option<Cow<'a, str>>, Broken> {
        if self.peek() == Some(b'"') {
            return self.string();
        }
        self.refuse_type("a text")?;
        Ok(None)
    }

    /// The digits of a number as they are written. None, noted, where it is of another type.
    pub fn number(&mut self) -> Result<Option<&'a str>, Broken> {
        if matches!(self.peek(), Some(b'-' | b'0'..=b'9')) && !self.text[self.at..].starts_with("-I") {
            return self.digits().map(Some);
        }
        self.refuse_type("a number")?;
        Ok(None)
    }

    /// A yes or no. None, noted, where it is of another type.
    pub fn yes_no(&mut self) -> Result<Option<bool>, Broken> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| Some(true)),
            Some(b'f') => self.word("false").map(|()| Some(false)),
            _ => {
                self.refuse_type("true or false")?;
                Ok(None)
            }
        }
    }

    /// Notes a reason against the value just read, which leaves a hole.
    pub fn refuse(&mut self, reason: impl Into<String>) {
        self.trail.note(reason);
        self.trail.mark_hole();
    }

    fn refuse_type(&mut self, wanted: &str) -> Result<(), Broken> {
        let found = match self.peek() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a text",
            Some(b't' | b'f') => "a yes or no",
            Some(b'n') => "null",
            Some(b'N' | b'I') => "something that is no number",
            Some(b'-') if self.text[self.at..].starts_with("-I") => "something that is no number",
            Some(b'-' | b'0'..=b'9') => "a number",
            _ => return Err(self.broken(&format!("{wanted} was expected"))),
        };
        self.refuse(format!("{wanted} was expected, not {found}"));
        self.skip()
    }

    /// Skips one value. The open brackets are kept in a list of our own, not on the stack of the program.
    pub fn skip(&mut self) -> Result<(), Broken> {
        let mut open: Vec<(u8, bool)> = Vec::new();
        loop {
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    if open.len() == DEEPEST {
                        return Err(self.broken(&format!("nested more than {DEEPEST} deep")));
                    }
                    self.at += 1;
                    open.push((bracket, true));
                }
                Some(b'"') => drop(self.string()?),
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                Some(b'N') => self.word("NaN")?,
                Some(b'I') => self.word("Infinity")?,
                Some(b'-') if self.text[self.at..].starts_with("-I") => self.word("-Infinity")?,
                Some(b'-' | b'0'..=b'9') => drop(self.digits()?),
                _ => return Err(self.broken("a value was expected")),
            }
            // Close what ends here, then stand before the next value.
            loop {
                let Some((bracket, first)) = open.last_mut() else { return Ok(()) };
                let mut is_first = std::mem::take(first);
                let more = if *bracket == b'{' {
                    self.next_key(&mut is_first)?.is_some()
                } else {
                    self.next_item(&mut is_first)?
                };
                if more {
                    break;
                }
                open.pop();
            }
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Broken> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.broken("a value was expected"));
        }
        self.at += word.len();
        Ok(())
    }

    fn digits(&mut self) -> Result<&'a str, Broken> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let run = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        let whole = at;
        at = run(at);
        let mut sound = at > whole && (at == whole + 1 || bytes[whole] != b'0');
        if bytes.get(at) == Some(&b'.') {
            let end = run(at + 1);
            sound &= end > at + 1;
            at = end;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let end = run(at + 1 + sign);
            sound &= end > at + 1 + sign;
            at = end;
        }
        if !sound {
            return Err(self.broken("the number is not written as JSON asks"));
        }
        self.at = at;
        Ok(&self.text[start..at])
    }

    /// A string from its opening quote on. None, noted, where it holds what no text may.
    fn string(&mut self) -> Result<Option<Cow<'a, str>>, Broken> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let at = start + plain_length(&bytes[start..]);
        match bytes.get(at) {
            Some(b'"') => {
                self.at = at + 1;
                return Ok(Some(Cow::Borrowed(&self.text[start..at])));
            }
            Some(_) => {}
            None => return Err(self.broken("the text has no closing quote")),
        }
        let mut text = self.text[start..at].to_owned();
        self.at = at;
        let sound = self.string_rest(&mut text)?;
        Ok(sound.then_some(Cow::Owned(text)))
    }

    /// The rest of a string that holds escapes. False where it holds what no text may, which is noted.
    fn string_rest(&mut self, text: &mut String) -> Result<bool, Broken> {
        let bytes = self.text.as_bytes();
        let mut sound = true;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(sound);
                }
                Some(b'\\') => match self.escape()? {
                    Some(character) => text.push(character),
                    None => {
                        if std::mem::take(&mut sound) {
                            self.refuse("half of a surrogate pair stands alone in a text");
                        }
                    }
                },
                Some(0..=0x1F) => {
                    if std::mem::take(&mut sound) {
                        self.refuse("a control character stands in a text without its escape");
                    }
                    self.at += 1;
                }
                Some(_) => {
                    let start = self.at;
                    self.at += plain_length(&bytes[start..]);
                    text.push_str(&self.text[start..self.at]);
                }
                None => return Err(self.broken("the text has no closing quote")),
            }
        }
    }

    /// The character of an escape; none for half of a surrogate pair without its other half.
    fn escape(&mut self) -> Result<Option<char>, Broken> {
        let letter = self.text.as_bytes().get(self.at + 1);
        let plain = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.broken("an escape that JSON does not know")),
        };
        self.at += 2;
        Ok(Some(plain))
    }

    fn unicode_escape(&mut self) -> Result<Option<char>, Broken> {
        let Some(first) = self.hex(self.at) else {
            return Err(self.broken("\\u needs four hexadecimal digits"));
        };
        self.at += 6;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first));
        }
        match self.hex(self.at) {
            Some(second) if (0xDC00..0xE000).contains(&second) => {
                self.at += 6;
                Ok(char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)))
            }
            _ => Ok(None),
        }
    }

    /// The value of the `\uXXXX` at a position, if one stands there.
    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
    }

    /// Notes that the text is no JSON from here on.
    fn broken(&mut self, reason: &str) -> Broken {
        let end = if self.at >= self.text.len() { "; the file ends too early" } else { "" };
        self.trail.note(format!("not JSON at {}: {reason}{end}", self.place()));
        self.trail.mark_hole();
        Broken
    }

    fn place(&self) -> String {
        let before = &self.text.as_bytes()[..self.at.min(self.text.len())];
        let lines = before.split(|&byte| byte == b'\n');
        let column = lines.clone().next_back().map_or(0, <[u8]>::len) + 1;
        format!("line {}, byte {column}", lines.count())
    }
}
