//! A finding while the rules run: what it is about, the verdict, and its explanation only where one was asked for.
//!
//! ```text
//! rule ─► Found (points into the record) ─┬─► Judged: the verdict
//!                                         └─► Finding: by itself, explained
//! ```

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::iter;

use crate::finding::{Finding, Input, Inputs, NotCounted, Parent, Severity, Verdict, Why};
use crate::seen::Seen;
use crate::values::Id;
use crate::words::{Audience, Characteristic, Group};

/// What a finding is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'r> {
    /// A word of the method: `stp`, `plan`.
    Word(&'static str),
    Audience(Audience),
    Group(Group),
    Characteristic(Characteristic),
    /// A category of answers to a characteristic.
    Category(Characteristic, &'r str),
    /// A thing on record, a place or a body.
    Id(&'r Id),
    Event(Seen<'r>),
    IdAudience(&'r Id, Audience),
    EventGroup(Seen<'r>, Group),
    IdId(&'r Id, &'r Id),
}

impl<'r> Subject<'r> {
    /// Its id, where it is one thing on record.
    pub fn id(self) -> Option<&'r Id> {
        match self {
            Self::Id(id) => Some(id),
            Self::Event(event) => Some(event.id()),
            _ => None,
        }
    }

    /// Does it stand before the other? Told at once of two events.
    #[inline]
    pub fn is_before(self, other: Self) -> bool {
        match (self, other) {
            (Self::Event(own), Self::Event(other)) => own.order(other).is_lt(),
            _ => self < other,
        }
    }

    /// Its one or two parts, as texts.
    fn parts(self) -> (&'r str, Option<&'r str>) {
        match self {
            Self::Word(word) => (word, None),
            Self::Audience(audience) => (audience.code(), None),
            Self::Group(group) => (group.code(), None),
            Self::Characteristic(one) => (one.code(), None),
            Self::Category(one, category) => (one.code(), Some(category)),
            Self::Id(id) => (id.as_str(), None),
            Self::Event(event) => (event.id().as_str(), None),
            Self::IdAudience(id, audience) => (id.as_str(), Some(audience.code())),
            Self::EventGroup(event, group) => (event.id().as_str(), Some(group.code())),
            Self::IdId(id, other) => (id.as_str(), Some(other.as_str())),
        }
    }
}

impl PartialEq for Subject<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Subject<'_> {}

impl Ord for Subject<'_> {
    /// The byte order of the subjects as they are written.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Event(own), Self::Event(other)) => return own.order(*other),
            // Of ids of one length, neither is the start of the other: their order alone decides.
            (Self::EventGroup(own, group), Self::EventGroup(other, others))
                if own.id_length() == other.id_length() =>
            {
                return own.order(*other).then_with(|| group.code().cmp(others.code()));
            }
            _ => {}
        }
        let (own, others) = (self.parts(), other.parts());
        let common = own.0.len().min(others.0.len());
        let first = own.0.as_bytes()[..common].cmp(&others.0.as_bytes()[..common]);
        first.then_with(|| bytes(own).cmp(bytes(others)))
    }
}

/// The bytes of a subject as it is written.
fn bytes<'a>((first, second): (&'a str, Option<&'a str>)) -> impl Iterator<Item = u8> + 'a {
    first.bytes().chain(second.into_iter().flat_map(|second| iter::once(b'/').chain(second.bytes())))
}

impl PartialOrd for Subject<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Subject<'_> {
    /// The subject as it is written.
    fn text(self) -> String {
        let (first, second) = self.parts();
        second.map_or_else(|| first.to_owned(), |second| [first, "/", second].concat())
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.parts();
        f.write_str(first)?;
        second.map_or(Ok(()), |second| write!(f, "/{second}"))
    }
}

macro_rules! subjects {
    ($($variant:ident($of:ty)),+ $(,)?) => {
        $(impl<'r> From<$of> for Subject<'r> {
            fn from(of: $of) -> Self {
                Self::$variant(of)
            }
        })+
    };
}

subjects! {
    Word(&'static str),
    Audience(Audience),
    Group(Group),
    Characteristic(Characteristic),
    Id(&'r Id),
    Event(Seen<'r>),
}

/// The gap that explains a finding, while the rules run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Under<'r> {
    pub rule: &'static str,
    pub subject: Subject<'r>,
}

/// A finding while the rules run: the verdict, and its explanation only where one was asked for.
///
/// What is only for people (sentence, inputs, what counted) is given as closures and iterators, which are not run when
/// nobody asked: a million events are judged without a sentence being written.
#[derive(Debug)]
pub(crate) struct Found<'r> {
    pub subject: Subject<'r>,
    pub verdict: Verdict,
    pub severity: Option<Severity>,
    pub late: bool,
    pub parent: Option<Box<Under<'r>>>,
    said: Option<Box<Said<'r>>>,
}

/// The explanation of a finding.
#[derive(Debug, Default)]
struct Said<'r> {
    counted: Vec<Subject<'r>>,
    not_counted: Vec<(Subject<'r>, Why)>,
    inputs: Inputs,
    sentence: String,
    closes: Cow<'static, str>,
}

impl<'r> Found<'r> {
    /// A verdict, with room for its explanation where one is asked for.
    #[inline]
    pub fn new(verdict: Verdict, severity: Option<Severity>, explained: bool) -> Self {
        let said = explained.then(Box::default);
        Self { subject: Subject::Word(""), verdict, severity, late: false, parent: None, said }
    }

    /// What the finding is about.
    #[inline]
    pub fn about(mut self, subject: impl Into<Subject<'r>>) -> Self {
        self.subject = subject.into();
        self
    }

    /// The gap that explains it, if there is one.
    #[inline]
    pub fn under(mut self, parent: Option<Under<'r>>) -> Self {
        self.parent = parent.map(Box::new);
        self
    }

    /// Was it met after it was due?
    #[inline]
    pub fn late(mut self, late: bool) -> Self {
        self.late = late;
        self
    }

    #[inline]
    pub fn sentence<T: Into<String>>(mut self, sentence: impl FnOnce() -> T) -> Self {
        if let Some(said) = &mut self.said {
            said.sentence = sentence().into();
        }
        self
    }

    /// What would close the gap, or keep it closed.
    #[inline]
    pub fn closes<T: Into<Cow<'static, str>>>(mut self, closes: impl FnOnce() -> T) -> Self {
        if let Some(said) = &mut self.said {
            said.closes = closes().into();
        }
        self
    }

    #[inline]
    pub fn input(mut self, name: &'static str, value: impl Into<Input>) -> Self {
        if let Some(said) = &mut self.said {
            said.inputs.insert(name, value.into());
        }
        self
    }

    /// An input that takes work to tell.
    #[inline]
    pub fn input_of<T: Into<Input>>(mut self, name: &'static str, value: impl FnOnce() -> T) -> Self {
        if let Some(said) = &mut self.said {
            said.inputs.insert(name, value().into());
        }
        self
    }

    /// The events that made the verdict what it is, added to those already named.
    #[inline]
    pub fn counted(mut self, events: impl IntoIterator<Item = Seen<'r>>) -> Self {
        if let Some(said) = &mut self.said {
            said.counted.extend(events.into_iter().map(Subject::Event));
        }
        self
    }

    /// The things on record that made the verdict what it is, added to those already named.
    #[inline]
    pub fn counted_ids(mut self, ids: impl IntoIterator<Item = &'r Id>) -> Self {
        if let Some(said) = &mut self.said {
            said.counted.extend(ids.into_iter().map(Subject::Id));
        }
        self
    }

    /// The events that nearly counted, added to those already named.
    #[inline]
    pub fn not_counted(mut self, events: impl IntoIterator<Item = (Seen<'r>, Why)>) -> Self {
        if let Some(said) = &mut self.said {
            said.not_counted.extend(events.into_iter().map(|(event, why)| (Subject::Event(event), why)));
        }
        self
    }

    /// The things on record that nearly counted, added to those already named.
    #[inline]
    pub fn not_counted_ids(mut self, ids: impl IntoIterator<Item = (&'r Id, Why)>) -> Self {
        if let Some(said) = &mut self.said {
            said.not_counted.extend(ids.into_iter().map(|(id, why)| (Subject::Id(id), why)));
        }
        self
    }

    /// The finding by itself, of this rule, with the explanation taken out of this one.
    pub fn take_finding(&mut self, rule: &'static str) -> Finding {
        let Said { counted, not_counted, inputs, sentence, closes } =
            self.said.take().map(|said| *said).unwrap_or_default();
        let parent = self.parent.as_ref();
        Finding {
            rule,
            subject: self.subject.text(),
            verdict: self.verdict,
            severity: self.severity,
            parent: parent.map(|under| Parent { rule: under.rule, subject: under.subject.text() }),
            counted: in_order(counted).into_iter().filter_map(Subject::id).cloned().collect(),
            not_counted: in_order(not_counted)
                .into_iter()
                .filter_map(|(one, why)| Some(NotCounted { id: one.id()?.clone(), why }))
                .collect(),
            inputs,
            late: self.late,
            sentence,
            closes,
        }
    }
}

fn in_order<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}
