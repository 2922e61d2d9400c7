//! The zip file that a workbook is packed in: looked through before anything is read out of it.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::Refused;

/// The most that a workbook may unpack to, in bytes, all of its parts together.
const UNPACKED: u64 = 256 << 20;
/// The most parts of a workbook.
const PARTS: usize = 2000;

/// A packed workbook.
pub type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Opens a workbook and unpacks every part of it once, keeping nothing, to see that it is whole and how large it is.
pub fn open(bytes: &[u8]) -> Result<Archive<'_>, Refused> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > PARTS {
        return Err(Refused::because(
            "The workbook has too many parts. Save the sheet as CSV and choose that",
        ));
    }
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let limit = UNPACKED + 1 - unpacked;
        unpacked += std::io::copy(&mut part.take(limit), &mut std::io::sink()).map_err(|_| damaged())?;
        if unpacked > UNPACKED {
            return Err(Refused::because(
                "The workbook unpacks to more than 256 MB. Save the sheet as CSV and choose that",
            ));
        }
    }
    Ok(archive)
}

/// What a file that cannot be unpacked or read is told.
pub fn damaged() -> Refused {
    Refused::because(
        "The workbook is damaged or locked with a password. Open it, save it again and choose that",
    )
}
