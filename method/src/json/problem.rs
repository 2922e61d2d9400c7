//! What is wrong with a file, and where.

use std::fmt;

/// The most problems that one reading lists; a file with more is not worth a longer list.
const MOST: usize = 1000;

/// One thing that is wrong: where, and what, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// The way to the value from the top of the document, such as `stps[0].events[3].starts_on`; empty for the whole.
    pub path: String,
    /// What is wrong with it, for a person to read.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the file" } else { &self.path };
        write!(f, "{path}: {}", self.reason)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Key(&'static str),
    Index(usize),
}

/// Where the reading or checking stands, and what it has found wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    steps: Vec<Step>,
    problems: Vec<Problem>,
    /// More was found than is listed.
    overflowed: bool,
    /// The first two steps of each problem that left a hole in what was read: checks that compare things would
    /// report the hole, not the file.
    holes: Vec<(Option<Step>, Option<Step>)>,
}

impl Trail {
    pub fn enter(&mut self, key: &'static str) {
        self.steps.push(Step::Key(key));
    }

    pub fn enter_item(&mut self, index: usize) {
        self.steps.push(Step::Index(index));
    }

    pub fn leave(&mut self) {
        self.steps.pop();
    }

    /// Runs `check` one step further down, at a key.
    pub fn within<R>(&mut self, key: &'static str, check: impl FnOnce(&mut Self) -> R) -> R {
        self.enter(key);
        let result = check(self);
        self.leave();
        result
    }

    /// Runs `check` one step further down, at an item of a list.
    pub fn item<R>(&mut self, index: usize, check: impl FnOnce(&mut Self) -> R) -> R {
        self.enter_item(index);
        let result = check(self);
        self.leave();
        result
    }

    /// Notes a problem at the present place.
    pub fn note(&mut self, reason: impl Into<String>) {
        let path = self.path();
        self.push(path, reason.into());
    }

    /// Notes a problem with a key, which need not be one of ours, below the present place.
    pub fn note_key(&mut self, key: &str, reason: impl Into<String>) {
        let mut path = self.path();
        if key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
            && (1..=64).contains(&key.len())
        {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
        } else {
            path.push('[');
            path.push_str(&excerpt(key));
            path.push(']');
        }
        self.push(path, reason.into());
    }

    /// Says that the problem just noted left a hole in what was read.
    pub fn mark_hole(&mut self) {
        let hole = (self.steps.first().copied(), self.steps.get(1).copied());
        if self.holes.last() != Some(&hole) {
            self.holes.push(hole);
        }
    }

    /// How many holes are marked, to give to [`Trail::forgive_since`].
    pub fn holes(&self) -> usize {
        self.holes.len()
    }

    /// Unmarks the holes since then: what was refused is optional, and now reads as not recorded.
    pub fn forgive_since(&mut self, holes: usize) {
        self.holes.truncate(holes);
    }

    /// Is the item whole that stands at `key[index]` of the document?
    pub fn is_whole(&self, key: &'static str, index: usize) -> bool {
        let own = (Some(Step::Key(key)), Some(Step::Index(index)));
        !self.holes.contains(&own)
    }

    /// Is the list at this key of the document missing, or short of an item?
    pub fn is_short(&self, key: &'static str) -> bool {
        self.holes.iter().any(|&(first, second)| first == Some(Step::Key(key)) && second.is_none())
    }

    /// Is everything whole that stands at this key of the document?
    pub fn is_whole_at(&self, key: &'static str) -> bool {
        self.holes.iter().all(|&(first, _)| first != Some(Step::Key(key)))
    }

    /// Is the list of problems full? There is then no sense in going on.
    pub fn is_full(&self) -> bool {
        self.overflowed
    }

    pub fn is_clear(&self) -> bool {
        self.problems.is_empty()
    }

    /// All problems in the order in which they were found.
    pub fn into_problems(mut self) -> Vec<Problem> {
        if self.overflowed {
            let reason = format!("more than {MOST} problems: the others are not listed");
            self.problems.push(Problem { path: String::new(), reason });
        }
        self.problems
    }

    fn push(&mut self, path: String, reason: String) {
        if self.problems.len() < MOST {
            self.problems.push(Problem { path, reason });
        } else {
            self.overflowed = true;
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.steps {
            match step {
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
            }
        }
        path
    }
}

/// What stands in the file, quoted, short and on one line, for a reason.
pub(crate) fn excerpt(text: &str) -> String {
    let mut quoted: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() {
        quoted.push('…');
    }
    format!("\"{quoted}\"")
}
