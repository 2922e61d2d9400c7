//! An OpenDocument spreadsheet: the first table of `content.xml`, but for those that say what a workbook of our own is.
//!
//! Read as a stream with its repeats bounded: one short element may stand for a million cells.

use std::io::BufReader;

use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
};

use crate::export::{ABOVE, FRONT};

use super::{
    COLUMNS, Gatherer, Refused, Sheet,
    archive::{self, damaged},
};

pub fn read(bytes: &[u8]) -> Result<Sheet, Refused> {
    let mut archive = archive::open(bytes)?;
    let content = archive.by_name("content.xml").map_err(|_| {
        Refused::because("The file’s name ends in .ods, but it is not an OpenDocument spreadsheet")
    })?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    // How many of the sheets that a workbook of our own begins with were passed.
    let mut passed = 0;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| damaged())? {
            Event::Start(element) if element.name().as_ref() == "table:table" => {
                let name = element.try_get_attribute("table:name").map_err(|_| damaged())?;
                let front = name
                    .is_some_and(|name| FRONT.get(passed).is_some_and(|front| name.value.as_ref() == *front));
                if !front {
                    break;
                }
                passed += 1;
            }
            Event::Eof => return Err(Refused::because("The file has no sheet")),
            _ => {}
        }
    }
    let above = if passed == FRONT.len() { ABOVE } else { 0 };
    Table { reader, gatherer: Gatherer { above, ..Gatherer::default() }, number: 0 }.read()
}

struct Table<R: std::io::BufRead> {
    reader: Reader<R>,
    gatherer: Gatherer,
    /// The last row's number.
    number: usize,
}

impl<R: std::io::BufRead> Table<R> {
    fn read(mut self) -> Result<Sheet, Refused> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match self.reader.read_event_into(&mut buffer).map_err(|_| damaged())? {
                Event::Start(element) if element.name().as_ref() == "table:table-row" => {
                    let repeats = repeats(&element, "table:number-rows-repeated")?;
                    let cells = self.row()?;
                    self.take(cells, repeats)?;
                }
                Event::Empty(element) if element.name().as_ref() == "table:table-row" => {
                    let repeats = repeats(&element, "table:number-rows-repeated")?;
                    self.take(Vec::new(), repeats)?;
                }
                Event::End(element) if element.name().as_ref() == "table:table" => {
                    return self.gatherer.finish();
                }
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }

    /// Takes a row as often as it is repeated; a blank one only counts.
    fn take(&mut self, cells: Vec<String>, repeats: usize) -> Result<(), Refused> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            self.number = self.number.saturating_add(repeats);
            return Ok(());
        }
        for _ in 0..repeats {
            self.number = self.number.saturating_add(1);
            // Refuses the row that is one too many, so this ends however often the row is repeated.
            self.gatherer.row(self.number, cells.clone())?;
        }
        Ok(())
    }

    fn row(&mut self) -> Result<Vec<String>, Refused> {
        let mut cells = Vec::new();
        let mut blank = 0;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let (text, repeats) = match self.reader.read_event_into(&mut buffer).map_err(|_| damaged())? {
                Event::Start(element) if is_cell(&element) => {
                    let (value, repeats) =
                        (value(&element)?, repeats(&element, "table:number-columns-repeated")?);
                    let content = self.content(element.name().as_ref().to_owned())?;
                    (value.unwrap_or(content), repeats)
                }
                Event::Empty(element) if is_cell(&element) => {
                    let repeats = repeats(&element, "table:number-columns-repeated")?;
                    (value(&element)?.unwrap_or_default(), repeats)
                }
                Event::End(element) if element.name().as_ref() == "table:table-row" => return Ok(cells),
                Event::Eof => return Err(damaged()),
                _ => continue,
            };
            if text.trim().is_empty() {
                // Blanks at the end of a row fill it to the edge of the sheet.
                blank += repeats.min(COLUMNS + 1);
                continue;
            }
            if cells.len() + blank + repeats > COLUMNS {
                return Err(Refused(format!("Row {} has more than {COLUMNS} columns", self.number + 1)));
            }
            cells.extend(std::iter::repeat_n(String::new(), std::mem::take(&mut blank)));
            cells.extend(std::iter::repeat_n(text, repeats));
        }
    }

    /// The text inside a cell up to its end: paragraphs a line each, notes left out.
    fn content(&mut self, cell: String) -> Result<String, Refused> {
        let mut text = String::new();
        let (mut lines, mut note) = (0, 0);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match self.reader.read_event_into(&mut buffer).map_err(|_| damaged())? {
                Event::Start(element) if element.name().as_ref() == "office:annotation" => note += 1,
                Event::End(element) if element.name().as_ref() == "office:annotation" => note -= 1,
                Event::Start(element) if note == 0 && element.name().as_ref() == "text:p" => {
                    if lines > 0 {
                        text.push('\n');
                    }
                    lines += 1;
                }
                Event::Start(element) | Event::Empty(element) if note == 0 => match element.name().as_ref() {
                    "text:s" => text.push_str(&" ".repeat(repeats(&element, "text:c")?.min(100))),
                    "text:tab" => text.push('\t'),
                    "text:line-break" => text.push('\n'),
                    _ => {}
                },
                Event::Text(part) if note == 0 && lines > 0 => text.push_str(&part.xml10_content()),
                Event::CData(part) if note == 0 && lines > 0 => text.push_str(&part.xml10_content()),
                Event::GeneralRef(part) if note == 0 && lines > 0 => text.push_str(&entity(&part)?),
                Event::End(element) if element.name().as_ref() == cell => return Ok(text),
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }
}

fn is_cell(element: &BytesStart<'_>) -> bool {
    matches!(element.name().as_ref(), "table:table-cell" | "table:covered-table-cell")
}

/// The value that a cell is declared to have, where that is not its text.
fn value(element: &BytesStart<'_>) -> Result<Option<String>, Refused> {
    let Some(kind) = attribute(element, "office:value-type")? else { return Ok(None) };
    let declared = |name| attribute(element, name);
    Ok(match kind.as_str() {
        "float" | "currency" | "percentage" => {
            declared("office:value")?.and_then(|text| text.parse().ok()).map(super::number)
        }
        // A day, or a day and a time of day: the day alone where it is midnight.
        "date" => declared("office:date-value")?.map(|text| match text.split_once('T') {
            Some((day, time)) if time.trim_matches(['0', ':', '.']).is_empty() => day.to_owned(),
            Some((day, time)) => format!("{day} {}", time.get(..5).unwrap_or(time)),
            None => text,
        }),
        "boolean" => declared("office:boolean-value")?,
        _ => None,
    })
}

/// How often an element stands for itself: once where it does not say.
fn repeats(element: &BytesStart<'_>, name: &str) -> Result<usize, Refused> {
    let Some(text) = attribute(element, name)? else { return Ok(1) };
    text.parse().map_err(|_| damaged())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refused> {
    let Some(attribute) = element.try_get_attribute(name).map_err(|_| damaged())? else { return Ok(None) };
    attribute
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .map(|value| Some(value.into_owned()))
        .map_err(|_| damaged())
}

fn entity(part: &BytesRef<'_>) -> Result<String, Refused> {
    let name = part.xml10_content();
    if let Some(text) = resolve_xml_entity(&name) {
        return Ok(text.to_owned());
    }
    part.resolve_char_ref().ok().flatten().map(String::from).ok_or_else(damaged)
}
