//! What a file is: told by its name and by what is in it, which must agree.
//!
//! Only documents that their readers open with what they have, and none that runs: a program, a web page or a document
//! with macros is stopped by mail servers, or should be.

use serde::{Deserialize, Serialize};

/// The kinds of file that a mailing can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    Odt,
    Ods,
    Odp,
    Csv,
    Txt,
    Png,
    Jpeg,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Csv,
        Self::Txt,
        Self::Png,
        Self::Jpeg,
    ];

    /// The endings of its names; the first is the usual one.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Csv => &["csv"],
            Self::Txt => &["txt"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
        }
    }

    /// As the registry of media types has it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Txt => "text/plain; charset=utf-8",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The kind of a file; none where it is none of these, or is not what its name says.
    pub fn of(name: &str, content: &[u8]) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1.to_lowercase();
        let kind = Self::ALL.into_iter().find(|kind| kind.endings().contains(&ending.as_str()))?;
        kind.is(content).then_some(kind)
    }

    fn is(self, content: &[u8]) -> bool {
        let packed = |part: &[u8]| content.starts_with(b"PK\x03\x04") && holds(content, part);
        // Names of parts stand in a packed file as they are.
        let office = |part: &[u8]| packed(part) && !holds(content, b"vbaProject.bin");
        match self {
            Self::Pdf => holds(&content[..content.len().min(1024)], b"%PDF-"),
            Self::Docx => office(b"word/"),
            Self::Xlsx => office(b"xl/"),
            Self::Pptx => office(b"ppt/"),
            Self::Odt | Self::Ods | Self::Odp => packed(self.media_type().as_bytes()),
            Self::Csv | Self::Txt => std::str::from_utf8(content)
                .is_ok_and(|text| !text.contains(|c: char| c.is_control() && !"\t\r\n".contains(c))),
            Self::Png => content.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => content.starts_with(b"\xff\xd8\xff"),
        }
    }

    /// The kinds, in words.
    pub fn said() -> &'static str {
        "a PDF, a Word, Excel, PowerPoint or OpenDocument file without macros, a CSV or text file in UTF-8, a PNG or a JPEG"
    }

    /// The endings that a browser offers.
    pub fn accepted() -> String {
        let endings = Self::ALL.iter().flat_map(|kind| kind.endings());
        endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(",")
    }
}

fn holds(content: &[u8], part: &[u8]) -> bool {
    content.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_says_or_nothing() {
        let word = b"PK\x03\x04....word/document.xml".as_slice();
        let odt = b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text".as_slice();
        for (name, content, kind) in [
            ("a.pdf", b"%PDF-1.4".as_slice(), Some(Kind::Pdf)),
            ("a.docx", word, Some(Kind::Docx)),
            ("a.odt", odt, Some(Kind::Odt)),
            ("a.ods", odt, None),
            ("a.xlsx", word, None),
            ("a.docx", b"PK\x03\x04..word/document.xml..word/vbaProject.bin", None),
            ("a.docm", word, None),
            ("a.CSV", "name,caf\u{e9}\r\n".as_bytes(), Some(Kind::Csv)),
            ("a.csv", b"caf\xe9", None),
            ("a.txt", b"a\0b", None),
            ("a.jpeg", b"\xff\xd8\xff\xe0", Some(Kind::Jpeg)),
            ("a.png", b"\xff\xd8\xff\xe0", None),
            ("a.exe", b"MZ", None),
            ("a.pdf", b"MZ", None),
            ("a.html", b"<p>", None),
            ("pdf", b"%PDF-1.4", None),
        ] {
            assert_eq!(Kind::of(name, content), kind, "{name}");
        }
    }
}
