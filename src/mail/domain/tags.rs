//! The lists of `tag=value` that DKIM and DMARC are written in (RFC 6376, section 3.2).

/// Tags and values, in their order.
pub type Tags = Vec<(String, String)>;

/// None where the text is no such list, or has a tag twice.
pub fn parse(text: &str) -> Option<Tags> {
    let (tags, junk) = sift(text);
    (junk.is_empty() && !tags.is_empty()).then_some(tags)
}

/// What can be read, and the parts that cannot. Of a tag that is there twice, the second is one of those.
pub fn sift(text: &str) -> (Tags, Vec<String>) {
    let (mut tags, mut junk) = (Tags::new(), Vec::new());
    let mut parts: Vec<&str> = text.split(';').collect();
    // A last semicolon ends the list.
    if parts.last().is_some_and(|last| last.trim().is_empty()) {
        parts.pop();
    }
    for part in parts {
        match pair(part) {
            Some((tag, value)) if get(&tags, tag).is_none() => tags.push((tag.to_owned(), value.to_owned())),
            _ => junk.push(part.trim().to_owned()),
        }
    }
    (tags, junk)
}

fn pair(part: &str) -> Option<(&str, &str)> {
    let (tag, value) = part.split_once('=')?;
    let tag = tag.trim();
    let sound = tag.starts_with(|c: char| c.is_ascii_alphabetic())
        && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    sound.then_some((tag, value.trim()))
}

pub fn get<'a>(tags: &'a [(String, String)], tag: &str) -> Option<&'a str> {
    tags.iter().find(|(name, _)| name == tag).map(|(_, value)| value.as_str())
}

/// The parts of a value that is a list of its own.
pub fn parts(value: &str, by: char) -> Vec<String> {
    value.split(by).map(|part| part.trim().to_ascii_lowercase()).filter(|part| !part.is_empty()).collect()
}
