//! What a letter consists of.

use super::Field;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading(Level, Vec<Inline>),
    Paragraph(Vec<Inline>),
    /// The lines of a list's item that are no paragraph: the list is written without empty lines.
    Lines(Vec<Inline>),
    Quote(Vec<Self>),
    List(List),
    Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The number of the first item; none for bullets.
    pub start: Option<u64>,
    pub items: Vec<Vec<Block>>,
}

/// How deep a heading is: the subject stands above all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Main,
    Sub,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Words(String),
    Field(Field),
    Code(String),
    Break,
    Emphasis(Vec<Self>),
    Strong(Vec<Self>),
    Link { href: String, words: Vec<Self> },
}

impl Block {
    /// Whether there is a field in it, however deep.
    pub fn has_field(&self) -> bool {
        match self {
            Self::Heading(_, words) | Self::Paragraph(words) | Self::Lines(words) => {
                words.iter().any(Inline::has_field)
            }
            Self::Quote(blocks) => blocks.iter().any(Self::has_field),
            Self::List(list) => list.items.iter().flatten().any(Self::has_field),
            Self::Rule => false,
        }
    }
}

impl Inline {
    /// How many lines end in it.
    pub fn breaks(&self) -> usize {
        match self {
            Self::Break => 1,
            Self::Emphasis(words) | Self::Strong(words) | Self::Link { words, .. } => {
                words.iter().map(Self::breaks).sum()
            }
            Self::Words(_) | Self::Field(_) | Self::Code(_) => 0,
        }
    }

    fn has_field(&self) -> bool {
        match self {
            Self::Field(_) => true,
            Self::Emphasis(words) | Self::Strong(words) | Self::Link { words, .. } => {
                words.iter().any(Self::has_field)
            }
            Self::Words(_) | Self::Code(_) | Self::Break => false,
        }
    }
}

impl List {
    /// Whether its items are set apart by empty lines.
    pub fn loose(&self) -> bool {
        self.items.iter().flatten().any(|block| matches!(block, Block::Paragraph(_)))
    }
}
