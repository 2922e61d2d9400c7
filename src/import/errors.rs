//! The rows that could not be imported, as a spreadsheet to correct and import again.

use entity::import::Noun;

/// A file of rows, each with its problem first.
pub struct Errors {
    out: csv::Writer<Vec<u8>>,
    started: bool,
}

/// One row that could not be imported.
pub struct Problem<'a> {
    pub position: usize,
    pub reason: &'a str,
    /// The row as it was: names of columns and their texts.
    pub cells: Vec<(String, String)>,
}

impl Default for Errors {
    fn default() -> Self {
        Self { out: csv::Writer::from_writer(Vec::new()), started: false }
    }
}

impl Errors {
    /// Adds a row. The first one's columns are the file's.
    pub fn add(&mut self, problem: &Problem<'_>) -> csv::Result<()> {
        if !std::mem::replace(&mut self.started, true) {
            let names = problem.cells.iter().map(|(name, _)| harmless(name));
            self.out.write_record(["Row".to_owned(), "Problem".to_owned()].into_iter().chain(names))?;
        }
        let first = [problem.position.to_string(), harmless(problem.reason)];
        self.out.write_record(first.into_iter().chain(problem.cells.iter().map(|(_, text)| harmless(text))))
    }

    /// The file.
    pub fn finish(mut self) -> anyhow::Result<Vec<u8>> {
        if !self.started {
            self.out.write_record(["Row", "Problem"])?;
        }
        Ok(self.out.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }
}

/// Whether the file may repeat the rows: a list of people is not copied out.
pub fn repeats_rows(noun: Noun) -> bool {
    noun == Noun::Events
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_stay_text() {
        let mut errors = Errors::default();
        let cells = vec![
            ("Title".to_owned(), "=HYPERLINK(\"x\")".to_owned()),
            ("Note".to_owned(), "a,\"b\"".to_owned()),
        ];
        errors.add(&Problem { position: 3, reason: "It has no date.", cells }).unwrap();
        let text = String::from_utf8(errors.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "Row,Problem,Title,Note\n3,It has no date.,\"'=HYPERLINK(\"\"x\"\")\",\"a,\"\"b\"\"\"\n"
        );
    }
}
