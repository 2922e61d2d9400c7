//! The HTML part: elements without styles, so that each mail program shows them as its reader set it up. All that
//! is not a field's value is made once.

use super::{
    Field,
    fields::Said,
    tree::{Block, Inline, Level, List},
};

/// Some HTML, or the place of a value.
#[derive(Clone, Debug)]
pub enum Piece {
    Html(String),
    Field(Field),
}

/// The HTML of a letter with places for its values.
pub fn pieces(blocks: &[Block]) -> Vec<Piece> {
    let mut writer = Writer { pieces: Vec::new(), html: String::new() };
    writer.blocks(blocks);
    writer.settle();
    writer.pieces
}

/// The HTML with its values, which are escaped.
pub fn fill(pieces: &[Piece], said: &Said) -> String {
    let mut html = String::with_capacity(pieces.iter().map(Piece::room).sum());
    for piece in pieces {
        match piece {
            Piece::Html(made) => html.push_str(made),
            Piece::Field(field) => escape(&mut html, said.of(*field)),
        }
    }
    html
}

impl Piece {
    fn room(&self) -> usize {
        match self {
            Self::Html(made) => made.len(),
            Self::Field(_) => 32,
        }
    }
}

struct Writer {
    pieces: Vec<Piece>,
    html: String,
}

impl Writer {
    fn settle(&mut self) {
        if !self.html.is_empty() {
            self.pieces.push(Piece::Html(std::mem::take(&mut self.html)));
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                self.html.push('\n');
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(Level::Main, words) => self.element("h2", words),
            Block::Heading(Level::Sub, words) => self.element("h3", words),
            Block::Paragraph(words) => self.element("p", words),
            Block::Lines(words) => self.inlines(words),
            Block::Quote(blocks) => {
                self.html.push_str("<blockquote>\n");
                self.blocks(blocks);
                self.html.push_str("\n</blockquote>");
            }
            Block::List(list) => self.list(list),
            Block::Rule => self.html.push_str("<hr>"),
        }
    }

    fn list(&mut self, list: &List) {
        let end = match list.start {
            None => {
                self.html.push_str("<ul>\n");
                "</ul>"
            }
            Some(start) => {
                let start = if start == 1 { String::new() } else { format!(" start=\"{start}\"") };
                self.html.extend(["<ol", &start, ">\n"]);
                "</ol>"
            }
        };
        for item in &list.items {
            self.html.push_str("<li>");
            self.blocks(item);
            self.html.push_str("</li>\n");
        }
        self.html.push_str(end);
    }

    fn element(&mut self, name: &str, words: &[Inline]) {
        self.html.extend(["<", name, ">"]);
        self.inlines(words);
        self.html.extend(["</", name, ">"]);
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Words(words) => escape(&mut self.html, words),
                Inline::Field(field) => {
                    self.settle();
                    self.pieces.push(Piece::Field(*field));
                }
                Inline::Code(code) => {
                    self.html.push_str("<code>");
                    escape(&mut self.html, code);
                    self.html.push_str("</code>");
                }
                Inline::Break => self.html.push_str("<br>"),
                Inline::Emphasis(words) => self.element("em", words),
                Inline::Strong(words) => self.element("strong", words),
                Inline::Link { href, words } => {
                    self.html.push_str("<a href=\"");
                    escape(&mut self.html, href);
                    self.html.push_str("\">");
                    self.inlines(words);
                    self.html.push_str("</a>");
                }
            }
        }
    }
}

fn escape(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}
