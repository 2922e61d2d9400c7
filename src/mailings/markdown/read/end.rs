//! What becomes of something that has been read to its end.

use pulldown_cmark::HeadingLevel;

use super::{Frame, Kind, Reader, read_part};
use crate::mailings::markdown::{
    address, fields,
    tree::{Block, Inline, Level, List},
};

impl Reader<'_> {
    pub fn end(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        let Frame { kind, line, mut blocks, inlines } = frame;
        match kind {
            Kind::Top | Kind::Refused => {}
            Kind::Paragraph => {
                let words = self.linked(inlines, line);
                self.last().blocks.push(Block::Paragraph(words));
            }
            Kind::Heading(level) => self.end_heading(level, inlines, line),
            Kind::Underlined(dashes) => {
                let mut words = self.linked(inlines, line);
                let across = dashes > 2;
                if !across {
                    words.extend([Inline::Break, Inline::Words("-".repeat(dashes))]);
                }
                let last = self.last();
                last.blocks.push(Block::Paragraph(words));
                last.blocks.extend(across.then_some(Block::Rule));
            }
            Kind::Quote => self.last().blocks.push(Block::Quote(blocks)),
            Kind::List(start, items) => self.last().blocks.push(Block::List(List { start, items })),
            Kind::Item => {
                if !inlines.is_empty() {
                    blocks.push(Block::Lines(self.linked(inlines, line)));
                }
                if let Kind::List(_, items) = &mut self.last().kind {
                    items.push(blocks);
                }
            }
            Kind::Indented(text) => {
                let lines: Vec<&str> = text.trim_end().split('\n').map(str::trim_start).collect();
                let deep = self.deep + self.depth();
                let read = read_part(&lines.join("\n"), line - 1, deep, self.notes);
                self.last().blocks.extend(read);
            }
            Kind::Emphasis => {
                let words = self.linked(inlines, line);
                self.last().inlines.push(Inline::Emphasis(words));
            }
            Kind::Strong => {
                let words = self.linked(inlines, line);
                self.last().inlines.push(Inline::Strong(words));
            }
            Kind::Link(href) => {
                if let Err((what, remedy)) = address::check_words(&plain(&inlines), &href) {
                    self.wrong(line, what, remedy);
                }
                self.last().inlines.push(Inline::Link { href, words: inlines });
            }
        }
    }

    fn end_heading(&mut self, level: HeadingLevel, inlines: Vec<Inline>, line: usize) {
        let level = match level {
            HeadingLevel::H1 => Level::Main,
            HeadingLevel::H2 => Level::Sub,
            _ => {
                let what = "the heading stands too deep: letters have # and, below it, ##";
                self.wrong(line, what, "Use ##, or bold words");
                return;
            }
        };
        if level == Level::Sub && self.notes.level.is_none() {
            let what = "## is a heading below another, and there is none above it";
            self.wrong(line, what, "Begin with #: only the subject stands above it");
        }
        self.notes.level = Some(level);
        if self.deep > 0 || !self.open.is_empty() {
            let what = "there is a heading in a list or a quotation";
            self.wrong(line, what, "Use bold words there");
        }
        if plain(&inlines).trim().is_empty() {
            self.wrong(line, "the heading has no words", "Write some, or take the # away");
        }
        let words = self.linked(inlines, line);
        self.last().blocks.push(Block::Heading(level, words));
    }

    /// Words with the addresses in them as links, unless they are in one.
    fn linked(&mut self, inlines: Vec<Inline>, line: usize) -> Vec<Inline> {
        if self.open.iter().any(|frame| matches!(frame.kind, Kind::Link(_))) {
            return inlines;
        }
        address::link(inlines, line, &mut self.notes.problems)
    }

    /// Ends the lines of an item that something else follows.
    pub fn settle(&mut self) {
        if self.last().inlines.is_empty() {
            return;
        }
        let line = self.last().line;
        let inlines = std::mem::take(&mut self.last().inlines);
        let words = self.linked(inlines, line);
        self.last().blocks.push(Block::Lines(words));
    }
}

/// The plain words of some inlines, their fields as marks.
fn plain(inlines: &[Inline]) -> String {
    let mut words = String::new();
    for inline in inlines {
        match inline {
            Inline::Words(text) | Inline::Code(text) => words.push_str(text),
            Inline::Field(field) => words.push(fields::of(*field)),
            Inline::Break => words.push(' '),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { words: inner, .. } => {
                words.push_str(&plain(inner));
            }
        }
    }
    words
}
