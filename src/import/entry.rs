//! One row of a log, each cell read: what is there, or every problem with it.

use chrono::NaiveDate;
use entity::event::{Kind, Precision, Status};

use super::{
    audience,
    days::{self, When},
    facts::{Facts, Found},
    field::{Columns, Field},
    map::{Becomes, Map, Meaning, spelling},
    sheet::Row,
};
use crate::events::numbers::{self, Attended};

/// The longest title, in characters.
const TITLE: usize = 300;
/// The longest other text, in characters.
const TEXT: usize = 10_000;

/// A row that could be read.
#[derive(Clone, Debug)]
pub struct Entry {
    pub position: usize,
    pub id: String,
    pub parent: Option<String>,
    pub stp: String,
    pub title: String,
    pub kind: Kind,
    pub becomes: Becomes,
    pub status: Status,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub date_words: Option<String>,
    pub precision: Precision,
    pub venue: Option<String>,
    pub online: bool,
    pub in_public: bool,
    pub groups: Vec<String>,
    pub places: Vec<String>,
    pub attended: Option<Attended>,
    pub responses: Option<Attended>,
    pub numbers_note: Option<String>,
    pub summary: Option<String>,
    pub outcome: Option<String>,
    pub feedback_on: Option<NaiveDate>,
    pub level: Option<i32>,
    pub stp_discussed: bool,
    pub links: Vec<String>,
    pub source_type: Option<String>,
    pub confidence: Option<String>,
    /// What a person should know about how the row was read.
    pub notes: Vec<String>,
}

/// What rows are read with.
pub struct Reader<'a> {
    pub map: &'a Map,
    pub facts: &'a Facts,
    pub columns: &'a Columns,
    /// The one area that rows must be of.
    pub area: Option<&'a str>,
    pub today: NaiveDate,
}

/// The days of a row.
struct Dates {
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    words: Option<String>,
    precision: Precision,
}

impl Reader<'_> {
    /// Reads a row. The error is every problem with it, a sentence each.
    pub fn read(&self, row: &Row, id: String) -> Result<Entry, Vec<String>> {
        let mut problems = Vec::new();
        let mut notes = Vec::new();
        if row.overfull {
            problems.push("It has more cells than the header has columns.".to_owned());
        }
        if id.chars().count() > 100 {
            problems.push("Its reference has more than 100 characters.".to_owned());
        }
        let stp = keep(self.stp(row), &mut problems).map(str::to_owned);
        let title = self.text(Field::Title, row, TITLE, &mut problems);
        if title.is_none() {
            problems.push("It has no title.".to_owned());
        }
        let meaning = keep(self.kind(row), &mut problems);
        let dates = keep(self.dates(row), &mut problems);
        let status = keep(self.status(row, dates.as_ref().and_then(|dates| dates.starts_on)), &mut problems);
        let audience = match &meaning {
            Some(meaning) => self.audience(row, meaning, &mut problems),
            // The row is refused; its words are still looked at, so that all its problems are said at once.
            None => self.audience(row, &Meaning::plain(Kind::Other), &mut problems),
        };
        let places = stp.as_ref().map(|stp| self.places(row, stp, &mut notes, &mut problems));
        let attended = self.count(Field::Attended, Field::AttendedQualifier, row, &mut problems);
        let responses = self.count(Field::Responses, Field::ResponsesQualifier, row, &mut problems);
        let feedback_on = keep(self.day(Field::FeedbackOn, row), &mut problems).flatten();
        let level = keep(self.level(row), &mut problems).flatten();
        let online = keep(self.yes_no(Field::Online, row), &mut problems).flatten();
        let discussed = keep(self.yes_no(Field::StpDiscussed, row), &mut problems).flatten();
        let links = self.links(row, &mut problems);
        let mut text = |field| self.text(field, row, TEXT, &mut problems);
        let venue = text(Field::Venue);
        let (summary, outcome) = (text(Field::Summary), text(Field::Outcome));
        let (numbers_note, source_type, confidence) =
            (text(Field::NumbersNote), text(Field::SourceType), text(Field::Confidence));
        let parent = text(Field::Parent);
        notes.extend(self.map.corrections.iter().filter(|c| c.row == id).map(|c| c.why.clone()));
        match (stp, title, meaning, dates, status, audience, places) {
            (
                Some(stp),
                Some(title),
                Some(meaning),
                Some(dates),
                Some(status),
                Some(audience),
                Some(places),
            ) if problems.is_empty() => {
                notes.extend(audience.notes);
                let online =
                    online.unwrap_or(false) || venue.as_deref().is_some_and(|at| spelling(at) == "online");
                Ok(Entry {
                    position: row.number,
                    id,
                    parent,
                    stp,
                    title,
                    kind: meaning.kind,
                    becomes: meaning.becomes,
                    status,
                    starts_on: dates.starts_on,
                    ends_on: dates.ends_on,
                    date_words: dates.words,
                    precision: dates.precision,
                    venue,
                    online: online || meaning.kind == Kind::OnlineMeeting,
                    in_public: audience.in_public,
                    groups: audience.groups.into_iter().collect(),
                    places,
                    attended,
                    responses,
                    numbers_note,
                    summary,
                    outcome,
                    feedback_on,
                    level,
                    stp_discussed: discussed.or(self.map.fixed.stp_discussed).unwrap_or(true),
                    links,
                    source_type,
                    confidence,
                    notes,
                })
            }
            _ => Err(problems),
        }
    }

    /// The area of a row: its own, or the one that all rows are of.
    pub fn stp(&self, row: &Row) -> Result<&str, String> {
        let Some(text) = self.one(Field::Stp, row) else {
            return self.area.ok_or_else(|| "It names no STP.".to_owned());
        };
        let stp = self.facts.stp(text).ok_or_else(|| format!("No STP is called “{text}”."))?;
        match self.area {
            Some(area) if area != stp => {
                let name = |code: &str| self.facts.stps.get(code).cloned().unwrap_or_default();
                Err(format!("It is a row of {}, and this is an import for {}.", name(stp), name(area)))
            }
            _ => Ok(stp),
        }
    }

    fn one<'r>(&self, field: Field, row: &'r Row) -> Option<&'r str> {
        self.columns.texts(field, row).first().copied()
    }

    /// The texts of a field, joined; several columns are parted by a full stop and a space.
    fn text(&self, field: Field, row: &Row, limit: usize, problems: &mut Vec<String>) -> Option<String> {
        let texts = self.columns.texts(field, row);
        let joined = texts.join(if field == Field::Confidence { ": " } else { "\n" });
        if joined.chars().count() > limit {
            problems.push(format!("{}: more than {limit} characters.", field.label()));
        }
        Some(joined).filter(|text| !text.is_empty())
    }

    fn kind(&self, row: &Row) -> Result<Meaning, String> {
        let Some(text) = self.one(Field::Kind, row) else {
            let kind = self.map.fixed.kind.ok_or_else(|| "It has no kind.".to_owned())?;
            return Ok(Meaning::plain(kind));
        };
        let spelled = spelling(text);
        let own = Kind::ALL.iter().find(|kind| spelling(kind.name()) == spelled || kind.code() == spelled);
        let known = self.map.kinds.get(&spelled).cloned();
        known
            .or_else(|| own.map(|kind| Meaning::plain(*kind)))
            .ok_or_else(|| format!("The map does not know the kind “{text}”."))
    }

    /// The status: as the row says, or by its date where it says nothing.
    fn status(&self, row: &Row, starts_on: Option<NaiveDate>) -> Result<Status, String> {
        match self.one(Field::Status, row) {
            None if starts_on.is_some_and(|day| day > self.today) => Ok(Status::Planned),
            None => Ok(Status::Held),
            Some(text) => {
                let spelled = spelling(text);
                let known = self.map.statuses.get(&spelled).copied();
                known
                    .or_else(|| Status::parse(&spelled))
                    .ok_or_else(|| format!("The map does not know the status “{text}”."))
            }
        }
    }

    /// The days: those given, and where one is missing the days that its words can mean.
    fn dates(&self, row: &Row) -> Result<Dates, String> {
        let unreadable =
            |text: &str| format!("The date “{text}” cannot be read, and the map does not know it.");
        let (first, last) = (self.one(Field::StartsOn, row), self.one(Field::EndsOn, row));
        let words = self.one(Field::DateWords, row);
        let known = |text: &str| self.map.dates.get(&spelling(text));
        // A text that is no day is a text in words, whichever column it stands in.
        let (mut starts_on, mut ends_on, mut said) = (None, None, words.map(str::to_owned));
        let mut within = None;
        for (text, is_first) in [(first, true), (last, false)] {
            let Some(text) = text else { continue };
            if let Some(days) = known(text) {
                (within, said) = (Some(days.clone()), Some(text.to_owned()));
                continue;
            }
            match days::parse(text).ok_or_else(|| unreadable(text))? {
                When::Day(day) if is_first => starts_on = Some(day),
                When::Day(day) => ends_on = Some(day),
                When::Span(from, to) if is_first && last.is_none() => {
                    (starts_on, ends_on) = (Some(from), Some(to));
                }
                When::Within(from, to) if is_first && last.is_none() => {
                    (within, said) = (Some(vec![from, to]), Some(text.to_owned()));
                }
                When::Span(..) | When::Within(..) => return Err(unreadable(text)),
            }
        }
        if let Some(text) = words.filter(|_| starts_on.is_none() || ends_on.is_none()) {
            within = Some(match (known(text), days::parse(text)) {
                (Some(days), _) => days.clone(),
                (None, Some(When::Day(day))) => vec![day, day],
                (None, Some(When::Span(from, to) | When::Within(from, to))) => vec![from, to],
                (None, None) => return Err(unreadable(text)),
            });
        }
        let precision = match &within {
            None if starts_on.is_none() => Precision::Unknown,
            None => Precision::Day,
            Some(days) if days.is_empty() && starts_on.is_none() && ends_on.is_none() => Precision::Unknown,
            Some(_) => Precision::Period,
        };
        if let Some([from, to]) = within.as_deref() {
            starts_on = starts_on.or(Some(*from));
            ends_on = ends_on.or(Some(*to));
        }
        if let (Some(from), Some(to)) = (starts_on, ends_on)
            && from > to
        {
            return Err("It ends before it starts.".to_owned());
        }
        let words = said.filter(|_| precision != Precision::Day);
        Ok(Dates { starts_on, ends_on, words, precision })
    }

    fn audience(
        &self,
        row: &Row,
        meaning: &Meaning,
        problems: &mut Vec<String>,
    ) -> Option<audience::Audience> {
        let flags = [(Field::PatientsPublic, "PP"), (Field::Staff, "ST"), (Field::LocalAuthorities, "LA")];
        let mut marked = Vec::new();
        for (field, code) in flags {
            if keep(self.yes_no(field, row), problems).flatten().unwrap_or(false) {
                marked.push(code);
            }
        }
        let marks = flags.iter().any(|(field, _)| self.columns.has(*field));
        let texts = self.columns.texts(Field::Groups, row);
        match audience::read(&texts, marks.then_some(&marked[..]), meaning, self.map, self.facts) {
            Ok(audience) => Some(audience),
            Err(unknown) => {
                problems.extend(unknown.iter().map(|word| format!("The map does not know who “{word}” is.")));
                None
            }
        }
    }

    /// The places inside the area; what lies outside is noted.
    fn places(
        &self,
        row: &Row,
        stp: &str,
        notes: &mut Vec<String>,
        problems: &mut Vec<String>,
    ) -> Vec<String> {
        let mut places = std::collections::BTreeSet::new();
        let mut outside = std::collections::BTreeSet::new();
        for text in self.columns.texts(Field::Places, row) {
            let whole = self.map.councils.contains_key(&spelling(text))
                || self.facts.place(stp, text) != Found::Unknown;
            let parts: Vec<&str> = if whole { vec![text] } else { text.split([';', '\n']).collect() };
            for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
                let own = [part.to_owned()];
                let names = self.map.councils.get(&spelling(part)).map_or(&own[..], Vec::as_slice);
                if names.is_empty() {
                    outside.insert(part.to_owned());
                }
                for name in names {
                    match self.facts.place(stp, name) {
                        Found::Inside(code) => {
                            places.insert(code);
                        }
                        Found::Outside(name) => {
                            outside.insert(name);
                        }
                        Found::Unknown => problems.push(format!("No council is called “{name}”.")),
                    }
                }
            }
        }
        if !outside.is_empty() {
            let names: Vec<String> = outside.into_iter().collect();
            notes.push(format!("Outside the footprint, so not among its places: {}.", names.join(", ")));
        }
        places.into_iter().collect()
    }

    fn count(
        &self,
        field: Field,
        qualifier: Field,
        row: &Row,
        problems: &mut Vec<String>,
    ) -> Option<Attended> {
        let number = self.one(field, row)?;
        let text = match self.one(qualifier, row).filter(|word| spelling(word) != "exactly") {
            Some(word) => format!("{word} {number}"),
            None => number.to_owned(),
        };
        match numbers::parse(&text) {
            Ok(count) => count,
            Err(error) => {
                problems.push(format!("{}: “{text}” cannot be read. {error}.", field.label()));
                None
            }
        }
    }

    fn day(&self, field: Field, row: &Row) -> Result<Option<NaiveDate>, String> {
        let Some(text) = self.one(field, row) else { return Ok(None) };
        days::day(text).map(Some).ok_or_else(|| format!("{}: “{text}” is not a day.", field.label()))
    }

    fn level(&self, row: &Row) -> Result<Option<i32>, String> {
        let Some(text) = self.one(Field::Level, row) else { return Ok(None) };
        let number = text.parse().ok().filter(|level| (1..=5).contains(level));
        let known = self.map.levels.get(&spelling(text)).copied();
        known.or(number).map(Some).ok_or_else(|| format!("The map does not know the level “{text}”."))
    }

    fn yes_no(&self, field: Field, row: &Row) -> Result<Option<bool>, String> {
        let Some(text) = self.one(field, row) else { return Ok(None) };
        match spelling(text).as_str() {
            "y" | "yes" | "true" | "1" | "x" => Ok(Some(true)),
            "n" | "no" | "false" | "0" | "-" => Ok(Some(false)),
            _ => Err(format!("{}: “{text}” is neither yes nor no.", field.label())),
        }
    }

    fn links(&self, row: &Row, problems: &mut Vec<String>) -> Vec<String> {
        let mut links: Vec<String> = Vec::new();
        for text in self.columns.texts(Field::Evidence, row).into_iter().flat_map(str::split_whitespace) {
            let link = text.trim_matches([';', ',']);
            let is_address = url::Url::parse(link)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !is_address || link.len() > 2000 {
                problems.push(format!("“{link}” is not a web address."));
            } else if !links.iter().any(|known| known == link) {
                links.push(link.to_owned());
            }
        }
        links
    }
}

/// The value, or its problem put with the others.
fn keep<T>(result: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}
