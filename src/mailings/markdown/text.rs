//! The text part: what a person would type. Headings are underlined, items hang, quotations begin with `>`, an
//! address follows the words that lead to it, emphasis is unmarked.
//!
//! Lines are wrapped at 72 characters, a word never broken. Characters are counted, not the columns that they take:
//! where the two differ, in an East Asian name or a combined letter, a line is a little longer or shorter, and no
//! word of it is lost.

use super::{
    fields::Said,
    tree::{Block, Inline, Level, List},
};

const WIDTH: usize = 72;
/// What a line has however deep it stands.
const LEAST: usize = 24;
/// Where a line may end.
const BLANK: [char; 2] = [' ', '\t'];
const RULE: &str = "------------------------------";

/// Some text, or a block whose lines depend on its values.
#[derive(Clone, Debug)]
pub enum Part {
    Text(String),
    Block(Block),
}

/// The text of a letter. What holds no field is written once.
pub fn parts(blocks: Vec<Block>) -> Vec<Part> {
    let nobody = Said::default();
    let mut parts = Vec::new();
    for block in blocks {
        if block.has_field() {
            parts.push(Part::Block(block));
            continue;
        }
        let mut writer = Writer::new(&nobody, String::new());
        writer.block(&block);
        match parts.last_mut() {
            Some(Part::Text(before)) => before.extend(["\n", &writer.text]),
            _ => parts.push(Part::Text(writer.text)),
        }
    }
    parts
}

/// The text of a letter for one recipient.
pub fn fill(parts: &[Part], said: &Said) -> String {
    let room = parts.iter().map(Part::room).sum();
    let mut writer = Writer::new(said, String::with_capacity(room));
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            writer.text.push('\n');
        }
        match part {
            Part::Text(text) => writer.text.push_str(text),
            Part::Block(block) => writer.block(block),
        }
    }
    writer.text.truncate(writer.text.trim_end_matches('\n').len());
    writer.text
}

impl Part {
    fn room(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Block(_) => 512,
        }
    }
}

struct Writer<'a> {
    said: &'a Said,
    text: String,
    /// What every line here begins with.
    prefix: String,
    /// What the next line begins with instead: the marker of an item.
    first: Option<String>,
    /// The words of one block.
    words: String,
}

impl<'a> Writer<'a> {
    fn new(said: &'a Said, text: String) -> Self {
        Self { said, text, prefix: String::new(), first: None, words: String::new() }
    }

    /// `apart` sets an empty line between two blocks.
    fn blocks(&mut self, blocks: &[Block], apart: bool) {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 && apart {
                self.line("");
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, words) => {
                let width = self.paragraph(words);
                let line = if *level == Level::Main { "=" } else { "-" };
                self.line(&line.repeat(width));
            }
            Block::Paragraph(words) | Block::Lines(words) => {
                self.paragraph(words);
            }
            Block::Quote(blocks) => {
                self.within("> ", "> ", |writer| writer.blocks(blocks, true));
            }
            Block::List(list) => self.list(list),
            Block::Rule => self.line(RULE),
        }
    }

    fn list(&mut self, list: &List) {
        let loose = list.loose();
        let highest = list.start.map(|start| start.saturating_add(list.items.len() as u64).saturating_sub(1));
        let width = highest.map_or(2, |number| number.to_string().len() + 2);
        for (at, item) in list.items.iter().enumerate() {
            if at > 0 && loose {
                self.line("");
            }
            let marker = match list.start {
                None => "-".to_owned(),
                Some(start) => format!("{}.", start.saturating_add(at as u64)),
            };
            self.within(&format!("{marker:<width$}"), &" ".repeat(width), |writer| {
                if item.is_empty() {
                    writer.line("");
                }
                writer.blocks(item, loose);
            });
        }
    }

    /// Writes what stands behind `first` on its first line and behind `rest` on the others.
    fn within(&mut self, first: &str, rest: &str, write: impl FnOnce(&mut Self)) {
        let length = self.prefix.len();
        let before = self.first.take().unwrap_or_else(|| self.prefix.clone());
        self.first = Some(before + first);
        self.prefix.push_str(rest);
        write(self);
        self.prefix.truncate(length);
    }

    /// Writes words wrapped; says how long the longest line of them is.
    fn paragraph(&mut self, words: &[Inline]) -> usize {
        let mut text = std::mem::take(&mut self.words);
        text.clear();
        self.words(&mut text, words);
        let room = WIDTH.saturating_sub(width(&self.prefix)).max(LEAST);
        let longest = text.split('\n').map(|line| self.wrap(line, room)).max().unwrap_or_default();
        self.words = text;
        longest
    }

    fn wrap(&mut self, line: &str, room: usize) -> usize {
        let (mut rest, mut longest) = (line.trim_start_matches(BLANK), 0);
        while let Some(limit) = overflow(rest, room) {
            let (fits, over) = rest.split_at(limit);
            let end = if over.starts_with(BLANK) { Some(limit) } else { fits.rfind(BLANK) };
            let Some(end) = end.or_else(|| over.find(BLANK).map(|at| limit + at)) else { break };
            let (now, later) = (rest[..end].trim_end_matches(BLANK), rest[end..].trim_start_matches(BLANK));
            longest = longest.max(width(now));
            self.line(now);
            rest = later;
            if rest.is_empty() {
                return longest;
            }
        }
        self.line(rest);
        longest.max(width(rest))
    }

    fn line(&mut self, line: &str) {
        match self.first.take() {
            Some(first) => self.text.push_str(&first),
            None => self.text.push_str(&self.prefix),
        }
        self.text.push_str(line);
        self.text.truncate(self.text.trim_end_matches(BLANK).len());
        self.text.push('\n');
    }

    fn words(&self, text: &mut String, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Words(words) | Inline::Code(words) => text.push_str(words),
                Inline::Field(field) => text.push_str(self.said.of(*field)),
                Inline::Break => text.push('\n'),
                Inline::Emphasis(words) | Inline::Strong(words) => self.words(text, words),
                Inline::Link { href, words } => {
                    let start = text.len();
                    self.words(text, words);
                    let address = shown(href);
                    if !same(&text[start..], href, address) {
                        text.push_str(" <");
                        text.push_str(address);
                        text.push('>');
                    }
                }
            }
        }
    }
}

/// An address as people write it: a mailbox or a number without what a browser needs.
fn shown(href: &str) -> &str {
    match href.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => {
            rest.split_once('?').map_or(rest, |(mailbox, _)| mailbox)
        }
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel") => rest,
        _ => href,
    }
}

/// Whether the words are the address itself, however they are spaced.
fn same(words: &str, href: &str, address: &str) -> bool {
    let close = |words: &str| words.chars().filter(|c| !c.is_whitespace()).eq(address.chars());
    words == href || close(words)
}

/// Where the text goes on after its first `room` characters; nowhere if it ends there.
fn overflow(text: &str, room: usize) -> Option<usize> {
    // Most lines are ASCII, where this is quick.
    if text.as_bytes().get(..room)?.is_ascii() {
        return (text.len() > room).then_some(room);
    }
    text.char_indices().nth(room).map(|(at, _)| at)
}

fn width(text: &str) -> usize {
    text.chars().count()
}
