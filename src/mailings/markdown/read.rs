//! Reads marked Markdown into a tree, and says what is wrong with it.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag};

use super::{
    Problem, address, fields,
    tree::{Block, Inline, Level},
};

mod end;
mod signs;

/// How many lists, quotations, links and emphases can stand in each other: rendering calls itself for each.
const DEEPEST: usize = 10;

/// The blocks of a marked source, and what is wrong with it beside what was known. Only the blocks of a source with
/// no problem are whole.
pub fn read(source: &str, problems: Vec<Problem>) -> (Vec<Block>, Vec<Problem>) {
    let mut notes = Notes { problems, level: None };
    let blocks = read_part(source, 0, 0, &mut notes);
    (blocks, notes.problems)
}

/// What is kept from one part to the next.
struct Notes {
    problems: Vec<Problem>,
    /// Of the last heading.
    level: Option<Level>,
}

/// Reads a part that stands `above` lines below the top, in `deep` others.
fn read_part(source: &str, above: usize, deep: usize, notes: &mut Notes) -> Vec<Block> {
    let source: Vec<String> = source.split('\n').map(signs::plain_underline).collect();
    let source = source.join("\n");
    let mut reader = Reader::new(&source, above, deep, notes);
    // No options: tables, footnotes and the like are signs that people write as they are.
    for (event, range) in Parser::new_ext(&source, Options::empty()).into_offset_iter() {
        if !reader.event(event, range) {
            return Vec::new();
        }
    }
    reader.unseen();
    reader.top.blocks
}

struct Reader<'a> {
    source: &'a str,
    above: usize,
    deep: usize,
    /// Where each line starts.
    starts: Vec<usize>,
    /// Whether something of the line is shown, or refused.
    seen: Vec<bool>,
    top: Frame,
    open: Vec<Frame>,
    notes: &'a mut Notes,
}

/// Something that has begun and not ended.
struct Frame {
    kind: Kind,
    line: usize,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
}

enum Kind {
    Top,
    Paragraph,
    Heading(HeadingLevel),
    /// Words with a line of dashes under them; how many dashes.
    Underlined(usize),
    Quote,
    List(Option<u64>, Vec<Vec<Block>>),
    Item,
    /// Lines that begin with four spaces.
    Indented(String),
    Emphasis,
    Strong,
    Link(String),
    /// What was refused with all that is in it.
    Refused,
}

impl Frame {
    fn new(kind: Kind, line: usize) -> Self {
        Self { kind, line, blocks: Vec::new(), inlines: Vec::new() }
    }
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, above: usize, deep: usize, notes: &'a mut Notes) -> Self {
        let mut starts = vec![0];
        starts.extend(source.match_indices('\n').map(|(at, _)| at + 1));
        let (seen, top) = (vec![false; starts.len()], Frame::new(Kind::Top, above + 1));
        Self { source, above, deep, starts, seen, top, open: Vec::new(), notes }
    }

    /// Takes an event; says whether to go on.
    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> bool {
        match event {
            Event::Start(tag) => return self.start(tag, range),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => self.code(&code, range),
            Event::SoftBreak | Event::HardBreak => self.last().inlines.push(Inline::Break),
            Event::Rule => {
                self.see(&range);
                self.settle();
                self.last().blocks.push(Block::Rule);
            }
            Event::InlineHtml(_) => self.html(range),
            // The lines of a block that is refused already; and what is not asked for.
            _ => self.see(&range),
        }
        true
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) -> bool {
        let line = self.line(range.start);
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => self.heading(level, range),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::List(start) => Kind::List(start, Vec::new()),
            Tag::Item => Kind::Item,
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Indented(String::new()),
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Link { link_type, dest_url, title, .. } => self.link(link_type, &dest_url, &title, range),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                let remedy = "Take the lines of ``` or ~~~ away: letters have no blocks of code";
                self.refuse(range, "a line of ``` or ~~~ begins a block of code", remedy)
            }
            Tag::HtmlBlock => {
                self.html(range);
                Kind::Refused
            }
            Tag::Image { .. } => {
                let remedy = "Take it out and say it in words, or link to a page that shows it";
                self.refuse(range, "there is a picture, and letters carry none", remedy)
            }
            _ => self.refuse(range, "this cannot be part of a letter", "Write it in words"),
        };
        if !matches!(kind, Kind::Emphasis | Kind::Strong | Kind::Link(_) | Kind::Refused) {
            self.settle();
        }
        self.open.push(Frame::new(kind, line));
        if self.depth() > DEEPEST {
            let what = format!("lists, quotations or emphases stand more than {DEEPEST} deep in each other");
            self.wrong(line, what, "Take some of the signs at the start of the line away");
            return false;
        }
        true
    }

    fn text(&mut self, text: &CowStr<'_>, range: Range<usize>) {
        self.see(&range);
        if let Kind::Indented(lines) = &mut self.last().kind {
            lines.push_str(text);
            return;
        }
        if text.contains(fields::unsendable) && self.source[range.clone()].starts_with('&') {
            let what = format!("{} is a character that cannot be sent", &self.source[range.clone()]);
            self.wrong(self.line(range.start), what, "Take it out");
            return;
        }
        let inlines = &mut self.last().inlines;
        for part in text.split_inclusive(|c| fields::field(c).is_some()) {
            let mark = part.chars().next_back().and_then(fields::field);
            let words =
                if mark.is_some() { part.trim_end_matches(|c| fields::field(c).is_some()) } else { part };
            match inlines.last_mut() {
                _ if words.is_empty() => {}
                Some(Inline::Words(before)) => before.push_str(words),
                _ => inlines.push(Inline::Words(words.to_owned())),
            }
            inlines.extend(mark.map(Inline::Field));
        }
    }

    fn code(&mut self, code: &CowStr<'_>, range: Range<usize>) {
        self.see(&range);
        if code.contains(|c| fields::field(c).is_some()) {
            let what = format!("there is a merge field between ` signs: {}", fields::shown(code));
            self.wrong(self.line(range.start), what, "Take the ` signs away");
        }
        self.last().inlines.push(Inline::Code(code.to_string()));
    }

    fn html(&mut self, range: Range<usize>) {
        let written = self.source[range.clone()].trim().lines().next().unwrap_or_default();
        let what = format!("{} is HTML, and letters are written without it", fields::shown(written));
        let remedy =
            "Take it out, or write \\< for the sign itself; **words** are bold, [words](https://…) a link";
        self.refuse(range, &what, remedy);
    }

    fn refuse(&mut self, range: Range<usize>, what: &str, remedy: &str) -> Kind {
        self.see(&range);
        self.wrong(self.line(range.start), what, remedy);
        Kind::Refused
    }

    fn link(&mut self, kind: LinkType, href: &str, title: &str, range: Range<usize>) -> Kind {
        self.see(&range);
        let line = self.line(range.start);
        let href = if kind == LinkType::Email { format!("mailto:{href}") } else { href.to_owned() };
        if let Err((what, remedy)) = address::check(&href) {
            self.wrong(line, what, remedy);
        }
        if !title.is_empty() {
            let what = format!("“{}” behind a link’s address is shown to nobody", fields::shown(title));
            self.wrong(line, what, "Write it in the text");
        }
        Kind::Link(href)
    }

    fn heading(&mut self, level: HeadingLevel, range: Range<usize>) -> Kind {
        let written = self.source[range].trim();
        if written.starts_with('#') {
            return Kind::Heading(level);
        }
        Kind::Underlined(written.bytes().rev().take_while(|&b| b == b'-').count())
    }

    fn wrong(&mut self, line: usize, what: impl Into<String>, remedy: &str) {
        self.notes.problems.push(Problem::new(line, what, remedy));
    }

    fn last(&mut self) -> &mut Frame {
        self.open.last_mut().unwrap_or(&mut self.top)
    }

    fn depth(&self) -> usize {
        let nests = |frame: &&Frame| {
            matches!(
                frame.kind,
                Kind::Quote | Kind::List(..) | Kind::Emphasis | Kind::Strong | Kind::Link(_) | Kind::Refused
            )
        };
        self.deep + self.open.iter().filter(nests).count()
    }

    fn line(&self, at: usize) -> usize {
        self.above + self.starts.partition_point(|&start| start <= at)
    }

    fn see(&mut self, range: &Range<usize>) {
        let from = self.line(range.start) - self.above - 1;
        let to = self.line(range.end.saturating_sub(1).max(range.start)) - self.above;
        self.seen[from..to].fill(true);
    }

    /// Refuses the lines of which nothing is shown, though they say something.
    fn unseen(&mut self) {
        for (at, line) in self.source.split('\n').enumerate() {
            if !self.seen[at] && !signs::is_signs(line) {
                let what = "the line is shown to nobody: it names an address for links elsewhere";
                let remedy = "Write each link as [the words](https://example.org)";
                self.wrong(self.above + at + 1, what, remedy);
            }
        }
    }
}
