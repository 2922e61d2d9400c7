//! Merge fields on their way through Markdown: each is a mark, one character that no letter holds, so that Markdown
//! takes it for a word.

use super::{Field, Problem, Text, Values};

/// The marks of [`Field::ALL`], in its order: characters that Unicode keeps for use inside a program.
const MARKS: [char; 4] = ['\u{fdd0}', '\u{fdd1}', '\u{fdd2}', '\u{fdd3}'];

/// How many characters of a source are shown with a problem.
const SHOWN: usize = 60;

/// The field that a character is the mark of.
pub fn field(mark: char) -> Option<Field> {
    Field::ALL.into_iter().zip(MARKS).find(|(_, known)| *known == mark).map(|(field, _)| field)
}

/// The mark of a field.
pub const fn of(field: Field) -> char {
    MARKS[field as usize]
}

/// The source with its fields as marks, and what is wrong with its fields and characters.
pub fn mark(source: &str) -> (String, Vec<Problem>) {
    let [name, organisation, group, stp] = MARKS.map(|mark| Some(mark.to_string()));
    let marks = Values { name, organisation, group, stp };
    let mut problems = Vec::new();
    let mut lines = Vec::new();
    for (at, line) in source.split('\n').enumerate() {
        if line.contains(unsendable) {
            let what = "there is a character that cannot be sent";
            problems.push(Problem::new(at + 1, what, "Write the line again by hand"));
        }
        match Text::parse(line).map(|text| text.fill(&marks)) {
            Ok(Ok(marked)) => lines.push(marked),
            Err(misspelt) => {
                for written in misspelt {
                    let what = format!(
                        "{} is not a merge field, and everyone would get it as it stands",
                        shown(&written)
                    );
                    problems.push(Problem::new(at + 1, what, known()));
                }
                lines.push(line.to_owned());
            }
            // Every mark says something.
            Ok(Err(_)) => lines.push(line.to_owned()),
        }
    }
    (lines.join("\n"), problems)
}

/// Whether a letter cannot hold the character.
pub fn unsendable(c: char) -> bool {
    field(c).is_some() || c.is_control() && c != '\t'
}

/// Some of a source as it was written, to be shown with what is wrong with it: its beginning if it is long.
pub fn shown(text: &str) -> String {
    let mut written = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == SHOWN {
            written.push('…');
            break;
        }
        match field(c) {
            Some(field) => written.extend(["{{ ", field.word(), " }}"]),
            None => written.push(c),
        }
    }
    written
}

/// The fields of a marked source, in their order, each once.
pub fn marked(source: &str) -> Vec<Field> {
    Field::ALL
        .into_iter()
        .zip(MARKS)
        .filter(|(_, mark)| source.contains(*mark))
        .map(|(field, _)| field)
        .collect()
}

fn known() -> String {
    let known: Vec<String> = Field::ALL.iter().map(|field| format!("{{{{ {} }}}}", field.word())).collect();
    format!("Use {}, and no other braces", known.join(", "))
}

/// What the fields of a letter say for one recipient, each on one line.
#[derive(Default)]
pub struct Said([String; 4]);

impl Said {
    /// Refuses with those of the fields that have nothing to say.
    pub fn new(fields: &[Field], values: &Values) -> Result<Self, Vec<Field>> {
        let mut said = Self::default();
        let mut blank = Vec::new();
        for &field in fields {
            let value = match field {
                Field::Name => &values.name,
                Field::Organisation => &values.organisation,
                Field::Group => &values.group,
                Field::Stp => &values.stp,
            };
            let words = folded(value.as_deref().unwrap_or_default());
            if words.is_empty() {
                blank.push(field);
            }
            said.0[field as usize] = words;
        }
        if blank.is_empty() { Ok(said) } else { Err(blank) }
    }

    pub fn of(&self, field: Field) -> &str {
        &self.0[field as usize]
    }
}

/// A value on one line: white space is one space and none at the ends, and a character that cannot be sent is
/// shown as one that is missing.
fn folded(value: &str) -> String {
    let mut words = String::with_capacity(value.len());
    for word in value.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }));
    }
    words
}
