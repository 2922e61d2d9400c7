//! Lines that are signs of Markdown rather than words.

/// A line with the dashes or the `=` that would make a heading of the line above it as they are written.
pub fn plain_underline(line: &str) -> String {
    let sign = line.trim_start_matches(['>', ' ', '\t']);
    let words = sign.trim_end();
    if words == "--" || !words.is_empty() && words.bytes().all(|b| b == b'=') {
        format!("{}\\{sign}", &line[..line.len() - sign.len()])
    } else {
        line.to_owned()
    }
}

/// Whether a line consists of signs of Markdown alone.
pub fn is_signs(line: &str) -> bool {
    let mut rest = line.trim();
    loop {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let shorter = match number.strip_prefix(['.', ')']).filter(|_| number.len() < rest.len()) {
            Some(after) => after.trim_start(),
            None => rest.trim_start_matches(['>', '-', '*', '+', '#', '=', '\\', ' ', '\t']),
        };
        if shorter.len() == rest.len() {
            return rest.is_empty();
        }
        rest = shorter;
    }
}
