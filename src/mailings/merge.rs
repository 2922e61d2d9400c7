//! Merge fields: `{{ name }}`, `{{ organisation }}`, `{{ group }}`, `{{ stp }}`, and nothing else.
//!
//! Strict: what looks like a field and is none stops the mailing, and so does a field that has nothing to say for
//! somebody. Nobody gets "Dear ,".

use serde::{Deserialize, Serialize};

/// A field there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Name,
    Organisation,
    Group,
    Stp,
}

impl Field {
    pub const ALL: [Self; 4] = [Self::Name, Self::Organisation, Self::Group, Self::Stp];

    /// The field as it is written between the braces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Organisation => "organisation",
            Self::Group => "group",
            Self::Stp => "stp",
        }
    }
}

/// What the fields say for one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub group: Option<String>,
    pub stp: Option<String>,
}

impl Values {
    fn of(&self, field: Field) -> Option<&str> {
        let value = match field {
            Field::Name => &self.name,
            Field::Organisation => &self.organisation,
            Field::Group => &self.group,
            Field::Stp => &self.stp,
        };
        value.as_deref().filter(|text| !text.trim().is_empty())
    }
}

/// A text whose every field is known.
#[derive(Clone, Debug)]
pub struct Text(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Words(String),
    Field(Field),
}

impl Text {
    /// Reads a text. Refuses with each thing that looks like a field and is none, as it is written.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let (mut pieces, mut misspelt) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            pieces.push(Piece::Words(rest[..at].to_owned()));
            rest = &rest[at..];
            let end = span(rest);
            let (written, after) = rest.split_at(end);
            let inside = written.strip_prefix("{{").and_then(|text| text.strip_suffix("}}")).map(str::trim);
            match Field::ALL.into_iter().find(|field| Some(field.word()) == inside) {
                Some(field) => pieces.push(Piece::Field(field)),
                None => misspelt.push(written.to_owned()),
            }
            rest = after;
        }
        pieces.push(Piece::Words(rest.to_owned()));
        if misspelt.is_empty() { Ok(Self(pieces)) } else { Err(misspelt) }
    }

    /// The text for one recipient. Refuses with the fields that have nothing to say for them.
    pub fn fill(&self, values: &Values) -> Result<String, Vec<Field>> {
        let (mut text, mut blank) = (String::new(), Vec::new());
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Field(field) => match values.of(*field) {
                    Some(value) => text.push_str(value),
                    None => blank.push(*field),
                },
            }
        }
        blank.sort_unstable();
        blank.dedup();
        if blank.is_empty() { Ok(text) } else { Err(blank) }
    }
}

/// How far what begins with a brace goes: to the braces that close it on the same line, or the braces alone.
fn span(text: &str) -> usize {
    let line = &text[..text.find('\n').unwrap_or(text.len())];
    let braces = line.len() - line.trim_start_matches(['{', '}']).len();
    if line.starts_with('}') {
        return braces;
    }
    let closed = line[braces..].find(['{', '}']).map(|at| at + braces);
    match closed.filter(|&at| line[at..].starts_with('}')) {
        // Two at most: a third brace is a thing of its own.
        Some(at) => at + line[at..].bytes().take(2).take_while(|&b| b == b'}').count(),
        None => braces,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values {
            name: Some("Chair".into()),
            organisation: None,
            group: Some("Local Healthwatch".into()),
            stp: Some("Dorset".into()),
        }
    }

    #[test]
    fn fields_are_filled() {
        let text = Text::parse("Dear {{ name }} of {{stp}},\n{{  group  }}").unwrap();
        assert_eq!(text.fill(&values()).unwrap(), "Dear Chair of Dorset,\nLocal Healthwatch");
    }

    #[test]
    fn what_is_no_field_is_named_as_it_is_written() {
        for (text, expected) in [
            ("Dear {{ nmae }},", vec!["{{ nmae }}"]),
            ("Dear {name},", vec!["{name}"]),
            ("Dear {{name},", vec!["{{name}"]),
            ("Dear {{ name", vec!["{{"]),
            ("Dear name }}", vec!["}}"]),
            ("{{ Name }} {{ name|upper }} {{ stp }}", vec!["{{ Name }}", "{{ name|upper }}"]),
            ("{{{ name }}}", vec!["{{{ name }}", "}"]),
            ("{{ {{ name }} }}", vec!["{{", "}}"]),
            ("{% if x %}", vec!["{% if x %}"]),
            ("{}", vec!["{}"]),
        ] {
            assert_eq!(Text::parse(text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn a_blank_field_is_refused() {
        let text = Text::parse("{{ organisation }} {{ name }} {{ organisation }}").unwrap();
        assert_eq!(text.fill(&values()).unwrap_err(), [Field::Organisation]);
        let spaces = Values { organisation: Some("  ".into()), ..values() };
        assert_eq!(text.fill(&spaces).unwrap_err(), [Field::Organisation]);
    }

    #[test]
    fn what_a_value_says_is_never_read_as_a_field() {
        let sly = Values { name: Some("{{ stp }}".into()), ..values() };
        assert_eq!(Text::parse("{{ name }}").unwrap().fill(&sly).unwrap(), "{{ stp }}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[{} a-z\n]{0,40}") {
            let _ = Text::parse(&text).map(|text| text.fill(&values()));
        }
    }
}
