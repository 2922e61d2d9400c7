//! What hangs together by id, indexed once: the proposals, the events linked to each, the events that name each body.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::finding::Why;
use crate::record::{Proposal, Stp};
use crate::seen::Seen;
use crate::values::Id;

/// The events of an STP by what they refer to.
#[derive(Default)]
pub(crate) struct Linked<'r> {
    proposals: HashMap<&'r Id, &'r Proposal>,
    to_proposal: HashMap<&'r Id, Vec<Seen<'r>>>,
    naming_body: HashMap<&'r Id, Vec<Seen<'r>>>,
}

impl<'r> Linked<'r> {
    /// Indexes all events by their proposals, and the countable ones by the bodies that they name.
    pub fn of(stp: &'r Stp, events: &[Seen<'r>], countable: &[Seen<'r>]) -> Self {
        let proposals = stp.proposals.iter().map(|proposal| (&proposal.id, proposal)).collect();
        let mut to_proposal: HashMap<&Id, Vec<Seen<'r>>> = HashMap::new();
        for event in events {
            for proposal in event.proposals() {
                to_proposal.entry(proposal).or_default().push(*event);
            }
        }
        let mut naming_body: HashMap<&Id, Vec<Seen<'r>>> = HashMap::new();
        for event in countable {
            for body in event.bodies() {
                naming_body.entry(body).or_default().push(*event);
            }
        }
        for events in naming_body.values_mut() {
            events.sort_by_key(|event| (event.end(), event.id()));
        }
        Self { proposals, to_proposal, naming_body }
    }

    /// The proposal with this id, if there is one.
    pub fn proposal(&self, id: &Id) -> Option<&'r Proposal> {
        self.proposals.get(id).copied()
    }

    /// All events linked to the proposal, countable or not, in byte order of their ids.
    pub fn to_proposal(&self, proposal: &Id) -> &[Seen<'r>] {
        self.to_proposal.get(proposal).map_or(&[], Vec::as_slice)
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
