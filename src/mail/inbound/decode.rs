//! Bytes to text, forgiving: what is broken is passed over, never refused.

use mail_parser::decoders::charsets::map::charset_decoder;

/// Takes off a content-transfer-encoding.
pub(super) fn transfer(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "base64" => base64(bytes),
        "quoted-printable" => quoted(bytes),
        _ => bytes.to_vec(),
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0);
    for &byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                // What was padded may be followed by more.
                (held, bits) = (0, 0);
                continue;
            }
            _ => continue,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xff) as u8);
        }
    }
    out
}

fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'=' {
            out.push(*first);
            continue;
        }
        match after {
            [b'\r', b'\n', after @ ..] | [b'\n', after @ ..] => rest = after,
            [high, low, after @ ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'='),
            },
            _ => out.push(b'='),
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Text in a character set; by what the bytes look like where none is named or it is not so.
pub(super) fn text(charset: Option<&str>, bytes: &[u8]) -> String {
    let charset = charset.unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(charset.as_str(), "" | "utf-8" | "utf8" | "us-ascii" | "ascii")
        && let Some(decode) = charset_decoder(charset.as_bytes())
    {
        return decode(bytes);
    }
    match (std::str::from_utf8(bytes), charset_decoder(b"windows-1252")) {
        (Ok(text), _) => text.to_owned(),
        (Err(_), Some(decode)) => decode(bytes),
        (Err(_), None) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Takes off xtext (`+40`, RFC 3461) as addresses in reports may wear it, and `\x{40}` of RFC 6533.
pub(super) fn xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("\\x{")
            && let Some((digits, after)) = after.split_once('}')
            && let Some(c) = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
        {
            out.push(c);
            rest = after;
        } else if let Some(digits) = rest.strip_prefix('+').and_then(|after| after.get(..2))
            // A plus is also a plain part of addresses: xtext writes capitals, and never a letter or digit so.
            && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
            && let Some(c) = u8::from_str_radix(digits, 16).ok().map(char::from)
            && c.is_ascii_punctuation()
        {
            out.push(c);
            rest = &rest[3..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_encodings_give_what_they_can() {
        assert_eq!(base64(b"SGVs\r\nbG8=\n"), b"Hello");
        assert_eq!(base64(b"SGVsb"), b"Hel");
        assert_eq!(quoted(b"caf=C3=A9 =\r\nau lait=\n=3=zz="), "café au lait=3=zz=".as_bytes());
        assert_eq!(text(None, b"caf\xe9"), "café");
        assert_eq!(text(Some("utf-8"), "café".as_bytes()), "café");
        assert_eq!(text(Some("x-unknown"), b"caf\xe9"), "café");
        assert_eq!(xtext("clerk+40council.example"), "clerk@council.example");
        assert_eq!(xtext("clerk+news@council.example"), "clerk+news@council.example");
        assert_eq!(xtext("caf\\x{E9}@council.example"), "café@council.example");
    }

    #[test]
    fn no_character_set_panics() {
        let bytes: Vec<u8> = (0..=255u8).chain((0..=255).rev()).chain([0xff, 0x1b, b'$', b'B']).collect();
        for charset in
            "utf-7 utf-16 utf-16le utf-16be iso-8859-1 iso-8859-15 koi8-r big5 gbk gb18030 shift_jis \
                        euc-jp euc-kr iso-2022-jp iso-2022-kr windows-1250 macintosh ibm866 tis-620"
                .split_whitespace()
        {
            for end in 0..bytes.len() {
                let _ = text(Some(charset), &bytes[end..]);
                let _ = text(Some(charset), &bytes[..end]);
            }
        }
    }
}
