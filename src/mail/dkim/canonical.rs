//! The relaxed forms of a message's headers and body (RFC 6376, 3.4.2 and 3.4.4): what survives a relay that folds
//! headers anew and changes space.

use anyhow::Context as _;

/// A header in its relaxed form.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// In small letters.
    pub name: String,
    /// Name and value, without the line break at the end.
    pub text: String,
}

/// The headers of a message, each relaxed, and its body as it stands. Refuses what is no message.
pub fn parts(message: &[u8]) -> anyhow::Result<(Vec<Field>, &[u8])> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n").context("a message without a body")?;
    let head = std::str::from_utf8(&message[..end]).context("headers that are no text")?;
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
            _ => fields.push(line.to_owned()),
        }
    }
    let fields = fields.iter().map(|field| self::field(field)).collect::<anyhow::Result<_>>()?;
    Ok((fields, &message[end + 4..]))
}

/// A header in its relaxed form. Refuses what is none.
pub fn field(text: &str) -> anyhow::Result<Field> {
    let (name, value) = text.split_once(':').context("a header without a colon")?;
    let name = name.trim_end_matches([' ', '\t']).to_ascii_lowercase();
    let words: Vec<&str> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    Ok(Field { text: format!("{name}:{}", words.join(" ")), name })
}

/// A body in its relaxed form.
pub fn body(body: &[u8]) -> Vec<u8> {
    let mut relaxed = Vec::with_capacity(body.len() + 2);
    let mut words = Vec::new();
    // Empty lines count where something follows them.
    let mut empty = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        relax(line.strip_suffix(b"\r").unwrap_or(line), &mut words);
        if words.is_empty() {
            empty += 1;
            continue;
        }
        relaxed.extend(b"\r\n".repeat(std::mem::take(&mut empty)));
        relaxed.extend_from_slice(&words);
        relaxed.extend_from_slice(b"\r\n");
    }
    relaxed
}

/// A line with each stretch of space as one, and none at its end.
fn relax(line: &[u8], words: &mut Vec<u8>) {
    words.clear();
    let mut space = false;
    for byte in line {
        if matches!(byte, b' ' | b'\t') {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) {
            words.push(b' ');
        }
        words.push(*byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_example_has_the_standards_forms() {
        // RFC 6376, 3.4.5.
        let message = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (fields, rest) = parts(message).unwrap();
        let texts: Vec<&str> = fields.iter().map(|field| field.text.as_str()).collect();
        assert_eq!(texts, ["a:X", "b:Y Z"]);
        assert_eq!(body(rest), b" C\r\nD E\r\n");
    }

    #[test]
    fn empty_lines_count_where_something_follows_them() {
        for (given, expected) in [
            ("", ""),
            ("\r\n", ""),
            ("\r\n \t\r\n", ""),
            ("a", "a\r\n"),
            ("\r\n\r\na", "\r\n\r\na\r\n"),
            ("a\r\n\r\n\r\nb\r\n \r\n", "a\r\n\r\n\r\nb\r\n"),
            ("a  b\t\r\n", "a b\r\n"),
            ("\r\n a", "\r\n a\r\n"),
        ] {
            assert_eq!(String::from_utf8(body(given.as_bytes())).unwrap(), expected, "{given:?}");
        }
    }
}
