//! What hangs together by id, indexed once: the proposals, the events linked to each, the events that name each body.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::facts::Sheet;
use crate::finding::Why;
use crate::quick::Quick;
use crate::record::{Proposal, Stp};
use crate::seen::Seen;
use crate::values::Id;

/// The events of an STP by what they refer to.
pub(crate) struct Linked<'r> {
    proposals: HashMap<&'r Id, (&'r Proposal, Vec<Seen<'r>>), Quick>,
    naming_body: HashMap<&'r Id, Vec<Seen<'r>>, Quick>,
}

impl<'r> Linked<'r> {
    /// All events by their proposals, and the countable ones by the bodies that they name.
    pub fn of(stp: &'r Stp, sheet: &'r Sheet<'r>, is_countable: impl Fn(Seen<'r>) -> bool) -> Self {
        let seen = |position: &usize| Seen::of(&sheet.events[*position]);
        let linked = |id: &Id| sheet.to_proposal.of_thing(id).iter().map(seen).collect();
        let by_id = |proposal: &'r Proposal| (&proposal.id, (proposal, linked(&proposal.id)));
        let naming = |positions: &[usize]| {
            let countable = positions.iter().map(seen).filter(|event| is_countable(*event));
            let mut events: Vec<Seen<'r>> = countable.collect();
            // They stand in byte order of their ids, and those that ended on one day stay in it.
            events.sort_by_key(|event| event.end());
            events
        };
        Self {
            proposals: stp.proposals.iter().map(by_id).collect(),
            naming_body: sheet.naming_body.each().map(|(id, positions)| (id, naming(positions))).collect(),
        }
    }

    /// The proposal with this id, if there is one.
    pub fn proposal(&self, id: &Id) -> Option<&'r Proposal> {
        self.proposals.get(id).map(|(proposal, _)| *proposal)
    }

    /// All events linked to the proposal, countable or not, in byte order of their ids.
    pub fn to_proposal(&self, proposal: &Id) -> &[Seen<'r>] {
        self.proposals.get(proposal).map_or(&[], |(_, events)| events)
    }

    /// The countable events that name the body, in the order in which they ended.
    pub fn naming_body(&self, body: &Id) -> &[Seen<'r>] {
        self.naming_body.get(body).map_or(&[], Vec::as_slice)
    }
}

/// How many events without a link to a proposal are named as having nearly counted for it: the last before a day.
const NEAREST: usize = 10;

/// Events in the order in which they ended, to name those that a link to a proposal would have made count.
pub(crate) struct Unlinked<'r>(Vec<Seen<'r>>);

impl<'r> Unlinked<'r> {
    pub fn of(events: impl IntoIterator<Item = Seen<'r>>) -> Self {
        let mut events: Vec<Seen<'r>> = events.into_iter().collect();
        events.sort_by_key(|event| (event.end(), event.id()));
        Self(events)
    }

    /// The last of them before the day that are not linked to the proposal.
    pub fn last_before(&self, day: NaiveDate, proposal: &Id) -> impl Iterator<Item = (Seen<'r>, Why)> {
        let before = self.0.partition_point(|event| event.end() < day);
        let unlinked = self.0[..before].iter().rev().copied().filter(move |event| !event.is_about(proposal));
        unlinked.take(NEAREST).map(|event| (event, Why::NotLinked))
    }
}
