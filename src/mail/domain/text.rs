//! Words: what is hostile made harmless, what is long cut, and things listed.

/// A text with its white space plain, and what cannot be seen or would turn the reading order shown as `�`.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\r' | '\n' => ' ',
            c if c.is_control() || hidden(c) => '�',
            c => c,
        })
        .collect()
}

/// Marks of format: no control characters, but as invisible.
fn hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// At most so many characters; what was cut ends in `…`.
pub fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// `a`, `a and b`, `a, b and c`; of many the first few.
pub fn list(things: &[impl ToString]) -> String {
    const SHOWN: usize = 5;
    let mut words: Vec<String> = things.iter().take(SHOWN).map(ToString::to_string).collect();
    if things.len() > SHOWN {
        words.push(format!("{} more", things.len() - SHOWN));
    }
    match words.pop() {
        None => String::new(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
    }
}

/// A record as it stands in a zone file, where a piece has 255 letters at most.
pub fn txt(name: &str, value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    let pieces: Vec<String> = letters.chunks(255).map(|piece| piece.iter().collect()).collect();
    format!("{name}. TXT \"{}\"", pieces.join("\" \""))
}
