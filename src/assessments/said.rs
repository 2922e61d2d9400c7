//! Sentences with numbers in them: each number is a link to exactly the rows that it counts.

use serde::Serialize;

use crate::web::filters;

/// A number and where its rows are listed. The page at `href` lists `count` rows, and says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    pub count: usize,
    pub href: String,
}

impl Figure {
    /// The number alone.
    pub fn plain(self) -> Said {
        let text = number(self.count);
        Said::default().counted(self, text)
    }

    /// "3 gaps": the number with what it counts.
    pub fn of(self, one: &str, many: Option<&str>) -> Said {
        let text = filters::count(i64::try_from(self.count).unwrap_or(i64::MAX), one, many);
        Said::default().counted(self, text)
    }
}

/// "1,234".
pub fn number(count: usize) -> String {
    filters::thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A text in parts, some of them links; `ui.said` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Said(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Part {
    text: String,
    /// Empty for words alone.
    href: String,
    count: usize,
    /// Whether it is a number that counts no rows: people, residents, a rate.
    figure: bool,
}

impl Said {
    /// Words alone.
    pub fn new(text: impl Into<String>) -> Self {
        Self::default().words(text)
    }

    /// Goes on with words.
    #[must_use]
    pub fn words(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part { text: text.into(), href: String::new(), count: 0, figure: false });
        self
    }

    /// Goes on with a number that counts no rows: people, residents, a rate.
    #[must_use]
    pub fn figure(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part { text: text.into(), href: String::new(), count: 0, figure: true });
        self
    }

    /// Goes on with a number, said in these words.
    #[must_use]
    pub fn counted(mut self, figure: Figure, text: impl Into<String>) -> Self {
        self.0.push(Part { text: text.into(), href: figure.href, count: figure.count, figure: false });
        self
    }

    /// Goes on with what another says.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        self.0.iter().map(|part| part.text.as_str()).collect()
    }
}
