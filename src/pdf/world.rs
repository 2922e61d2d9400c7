//! All that a layout can see: itself, its data, and the fonts that are part of the program.

use std::sync::LazyLock;

use anyhow::Context as _;
use serde_json::Value;
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

/// What is printed, the same for all documents.
struct Case {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static CASE: LazyLock<Case> = LazyLock::new(|| {
    let files = [dejavu::sans_condensed::regular(), dejavu::sans_condensed::bold()];
    let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    Case {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// Whether every font has a shape for the character.
pub fn has_shape(c: char) -> bool {
    CASE.fonts.iter().all(|font| font.info().coverage.contains(u32::from(c)))
}

/// One layout with its data.
pub struct Desk {
    layout: Source,
    data: (FileId, Bytes),
}

impl Desk {
    /// The layout finds the data under the name `data.json`.
    pub fn new(layout: &str, data: &Value) -> anyhow::Result<Self> {
        Ok(Self {
            layout: Source::new(file("layout.typ")?, layout.to_owned()),
            data: (file("data.json")?, Bytes::from_string(data.to_string())),
        })
    }
}

fn file(name: &str) -> anyhow::Result<FileId> {
    let path = VirtualPath::new(name).ok().context("a file's name")?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &CASE.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &CASE.book
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        CASE.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
