//! Codes by number, so that a code is looked up once and never again.

use std::collections::HashMap;

use crate::quick::Quick;
use crate::values::Id;

/// A number for each code: in the order in which they were first met.
pub(crate) struct Numbers<'r> {
    by_code: HashMap<&'r Id, usize, Quick>,
    /// What was asked of late, by where the text of the code lies: a code that was read from a file is one text for all
    /// who name it (`json::Reader`), and is then not read again.
    of_late: [(usize, usize); OF_LATE],
}

/// How many codes of late are kept.
const OF_LATE: usize = 512;

impl<'r> Numbers<'r> {
    pub fn of(codes: impl IntoIterator<Item = &'r Id>, quick: &Quick) -> Self {
        let mut numbers = Self { by_code: HashMap::with_hasher(quick.clone()), of_late: [(0, 0); OF_LATE] };
        for code in codes {
            numbers.number_or_new(code);
        }
        numbers
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_code.len()
    }

    /// Each code with its number, in no order.
    pub fn each(&self) -> impl Iterator<Item = (&'r Id, usize)> {
        self.by_code.iter().map(|(code, number)| (*code, *number))
    }

    /// The number of a code, if it was met.
    pub fn number(&self, code: &Id) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// The number of a code, a new one if it was not met before.
    #[inline]
    pub fn number_or_new(&mut self, code: &'r Id) -> usize {
        let address = code.address();
        // Texts lie at least 16 bytes apart.
        let place = address / 16 % OF_LATE;
        let (of_late, number) = self.of_late[place];
        if of_late == address {
            return number;
        }
        let next = self.len();
        let number = *self.by_code.entry(code).or_insert(next);
        self.of_late[place] = (address, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_number_wherever_its_text_lies() {
        let id = |number: usize| Id::parse(&format!("E{number}")).expect("an id");
        let codes: Vec<Id> = (0..3 * OF_LATE).map(id).collect();
        let again: Vec<Id> = (0..3 * OF_LATE).map(id).collect();
        let mut numbers = Numbers::of(&codes[..2], &Quick::default());
        assert_eq!(numbers.len(), 2);
        for _ in 0..3 {
            for (number, (code, other)) in codes.iter().zip(&again).enumerate() {
                assert_eq!(numbers.number_or_new(code), number);
                assert_eq!(numbers.number_or_new(other), number);
                assert_eq!(numbers.number(other), Some(number));
            }
        }
        assert_eq!(numbers.len(), codes.len());
    }
}
