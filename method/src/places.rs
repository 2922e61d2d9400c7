//! The places of an STP by number, so that a code is looked up once and never again.

use std::collections::HashMap;

use crate::quick::Quick;
use crate::record::Stp;
use crate::values::Id;

/// A number for each code of a place: those of the STP, then any other that an event names (none in a sound record).
pub(crate) struct Places<'r>(HashMap<&'r Id, usize, Quick>);

impl<'r> Places<'r> {
    pub fn of(stp: &'r Stp) -> Self {
        let mut places = Self(HashMap::default());
        for place in &stp.places {
            places.number_or_new(&place.code);
        }
        places
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The number of a code, if it was met.
    pub fn number(&self, code: &Id) -> Option<usize> {
        self.0.get(code).copied()
    }

    /// The number of a code, a new one if it was not met before.
    pub fn number_or_new(&mut self, code: &'r Id) -> usize {
        let next = self.len();
        *self.0.entry(code).or_insert(next)
    }
}
