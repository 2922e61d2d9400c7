//! How each type of value is read, checked, written and put in order.

use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};

use super::{Broken, Out, Reader, Trail, excerpt};

/// The largest whole number of a record.
pub(crate) const MAX_WHOLE: u32 = 1_000_000_000;

/// What was found where a value was looked for.
#[derive(Debug)]
pub(crate) enum Got<T> {
    Value(T),
    /// Null or an empty text: not recorded.
    Nothing,
    /// Something that is not allowed, which is noted.
    Refused,
}

impl<T> Got<T> {
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Got<U> {
        match self {
            Self::Value(value) => Got::Value(change(value)),
            Self::Nothing => Got::Nothing,
            Self::Refused => Got::Refused,
        }
    }
}

/// A value of the record.
pub(crate) trait Field: Sized {
    /// Would leaving an optional value of this type out make other checks fail?
    const LEANED_ON: bool = false;

    /// Reads the value that stands here and is not null.
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken>;

    /// What an absent value means; none where it is required.
    fn absent() -> Option<Self> {
        None
    }

    /// Notes what is wrong with a value that was made in memory, and could not have been read.
    fn check(&self, trail: &mut Trail);

    fn write(&self, out: &mut Out);

    /// The order of two items of a list, by what names them once.
    fn order(&self, _other: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl<T: Field> Field for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        let holes = reader.trail().holes();
        let got = T::read(reader)?;
        if matches!(got, Got::Refused) && !T::LEANED_ON {
            reader.trail().forgive_since(holes);
            return Ok(Got::Nothing);
        }
        Ok(got.map(Some))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn check(&self, trail: &mut Trail) {
        if let Some(value) = self {
            value.check(trail);
        }
    }

    fn write(&self, out: &mut Out) {
        match self {
            Some(value) => value.write(out),
            None => out.raw("null"),
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        if !reader.open(b'[')? {
            return Ok(Got::Refused);
        }
        let (mut items, mut index, mut first) = (Self::new(), 0, true);
        while reader.next_item(&mut first)? {
            reader.trail().enter_item(index);
            match reader.field()? {
                Got::Value(item) => items.push(item),
                Got::Nothing => reader.refuse("null or an empty text in a list"),
                Got::Refused => {}
            }
            reader.trail().leave();
            index += 1;
        }
        if items.len() < index {
            reader.trail().mark_hole();
        }
        Ok(Got::Value(items))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn check(&self, trail: &mut Trail) {
        for (index, item) in self.iter().enumerate() {
            trail.item(index, |trail| item.check(trail));
        }
    }

    fn write(&self, out: &mut Out) {
        if self.is_sorted_by(|a, b| a.order(b).is_le()) {
            return write_list(self, out);
        }
        let mut items: Vec<&T> = self.iter().collect();
        items.sort_by(|a, b| a.order(b));
        write_list(items, out);
    }
}

fn write_list<'a, T: Field + 'a>(items: impl IntoIterator<Item = &'a T>, out: &mut Out) {
    out.raw("[");
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.raw(",");
        }
        item.write(out);
    }
    out.raw("]");
}

impl Field for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        Ok(reader.yes_no()?.map_or(Got::Refused, Got::Value))
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn check(&self, _: &mut Trail) {}

    fn write(&self, out: &mut Out) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl Field for String {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        Ok(match reader.text()? {
            Some(text) if text.is_empty() => Got::Nothing,
            Some(text) => Got::Value(text.into_owned()),
            None => Got::Refused,
        })
    }

    fn check(&self, trail: &mut Trail) {
        if self.is_empty() {
            trail.note("an empty text; what is not recorded is null");
        }
    }

    fn write(&self, out: &mut Out) {
        out.string(self);
    }

    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

/// A whole number from 0 to 1,000,000,000, without point or exponent.
impl Field for u32 {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        let Some(digits) = reader.number()? else { return Ok(Got::Refused) };
        if digits.contains(['.', 'e', 'E']) {
            reader
                .refuse(format!("a whole number was expected, without point or exponent, not {digits:.40}"));
            return Ok(Got::Refused);
        }
        let unsigned = if digits == "-0" { "0" } else { digits };
        Ok(match unsigned.parse() {
            Ok(number) if number <= MAX_WHOLE => Got::Value(number),
            _ => {
                reader.refuse(format!("a whole number from 0 to {MAX_WHOLE} was expected, not {digits:.40}"));
                Got::Refused
            }
        })
    }

    fn check(&self, trail: &mut Trail) {
        if *self > MAX_WHOLE {
            trail.note(format!("a whole number from 0 to {MAX_WHOLE} was expected, not {self}"));
        }
    }

    fn write(&self, out: &mut Out) {
        out.number(*self);
    }

    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

/// A day of the calendar, `YYYY-MM-DD`, from 1900-01-01 to 2199-12-31.
impl Field for NaiveDate {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        let Some(text) = reader.text()? else { return Ok(Got::Refused) };
        if text.is_empty() {
            return Ok(Got::Nothing);
        }
        if let Some(day) = day(text.as_bytes()).filter(|&day| in_range(day)) {
            return Ok(Got::Value(day));
        }
        reader.refuse(format!("{} is not a date, YYYY-MM-DD from 1900-01-01 to 2199-12-31", excerpt(&text)));
        Ok(Got::Refused)
    }

    fn check(&self, trail: &mut Trail) {
        if !in_range(*self) {
            trail.note(format!("{self} is not a date from 1900-01-01 to 2199-12-31"));
        }
    }

    fn write(&self, out: &mut Out) {
        out.day(*self);
    }

    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

fn in_range(day: NaiveDate) -> bool {
    (1900..=2199).contains(&day.year())
}

fn day(text: &[u8]) -> Option<NaiveDate> {
    if text.len() != 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |sum: u16, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))
    };
    let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}
