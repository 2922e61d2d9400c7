//! Text with a separator: commas, or semicolons or tabs where the header has more of those.

use super::{Gatherer, Refused, Sheet};

pub fn read(bytes: &[u8]) -> Result<Sheet, Refused> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Refused::because("The file is not text. Save it as “CSV UTF-8” and choose that"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(bytes))
        .from_reader(bytes);
    let mut gatherer = Gatherer::default();
    let mut record = csv::ByteRecord::new();
    let mut number = 0;
    loop {
        let at = reader.position().byte();
        match reader.read_byte_record(&mut record) {
            Ok(true) => number += 1,
            Ok(false) => return gatherer.finish(),
            Err(error) => return Err(Refused(format!("Row {} cannot be read: {error}", number + 1))),
        }
        if record.len() > super::COLUMNS {
            return Err(Refused(format!("Row {number} has more than {} columns", super::COLUMNS)));
        }
        let cells = record.iter().map(|cell| std::str::from_utf8(cell).map(str::to_owned));
        let cells = cells.collect::<Result<Vec<_>, _>>().map_err(|_| {
            Refused(format!(
                "Row {number} (from byte {at}) has letters that are not in UTF-8. Save the file as “CSV UTF-8”",
            ))
        })?;
        gatherer.row(number, cells)?;
    }
}

/// The separator: whichever the first line has most of; commas where it has none.
fn separator(bytes: &[u8]) -> u8 {
    let line = bytes.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or(bytes);
    let parts = |separator: u8| line.split(|byte| *byte == separator).count();
    let others = [b';', b'\t'].into_iter().filter(|other| parts(*other) > parts(b','));
    others.max_by_key(|other| parts(*other)).unwrap_or(b',')
}
