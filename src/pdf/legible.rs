//! Characters that the typeface has no shape for, or that show nothing: each is written as its number, as in `[U+4E2D]`.
//!
//! A document that proves something must not lose a letter, and a mark that turns the line round must be seen. PDF/UA
//! refuses a document with a shape that stands for nothing.

use serde_json::Value;

use super::world::has_shape;

/// Does so in every text of the data.
pub fn make(data: &mut Value) {
    match data {
        Value::String(text) if !text.chars().all(is_legible) => *text = spelt(text),
        Value::Array(items) => items.iter_mut().for_each(make),
        Value::Object(fields) => fields.values_mut().for_each(make),
        _ => {}
    }
}

fn spelt(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_legible(c) {
            out.push(c);
        } else {
            out.extend(["[U+", &format!("{:04X}", u32::from(c)), "]"]);
        }
    }
    out
}

fn is_legible(c: char) -> bool {
    c == '\n' || (!is_unseen(c) && has_shape(c))
}

/// Controls, marks that change a line's direction or show nothing, and what is nobody's character.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_seen_is_spelt() {
        let mut data = json!({ "a": ["José Łoś, Ωmega, Жук, شريف", "line\nline"], "b": 3 });
        let before = data.clone();
        make(&mut data);
        assert_eq!(data, before);
        let mut data = json!(["中\u{202e}", { "x": "\u{1f940}a\tb\0\u{e001}" }]);
        make(&mut data);
        assert_eq!(data, json!(["[U+4E2D][U+202E]", { "x": "[U+1F940]a[U+0009]b[U+0000][U+E001]" }]));
    }
}
