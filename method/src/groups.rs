//! Sets of groups as bits: a question about some group of an audience is then one comparison.

use crate::words::{Audience, Group};

/// A set of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Groups(u64);

/// The groups of each of `Audience::ALL`.
const OF_AUDIENCES: [Groups; Audience::ALL.len()] = {
    let mut sets = [Groups(0); Audience::ALL.len()];
    let mut at = 0;
    while at < Group::ALL.len() {
        let group = Group::ALL[at];
        sets[group.audience() as usize].0 |= 1 << group as u32;
        at += 1;
    }
    sets
};

impl Groups {
    /// All groups of an audience.
    pub const fn of(audience: Audience) -> Self {
        OF_AUDIENCES[audience as usize]
    }

    #[inline]
    pub fn add(&mut self, group: Group) {
        self.0 |= 1 << group as u32;
    }

    /// Adds the group where `yes`.
    #[inline]
    pub fn add_if(&mut self, yes: bool, group: Group) {
        self.0 |= u64::from(yes) << group as u32;
    }

    #[inline]
    pub fn add_all(&mut self, others: Self) {
        self.0 |= others.0;
    }

    #[inline]
    pub fn contains(self, group: Group) -> bool {
        self.0 & (1 << group as u32) != 0
    }

    /// Has it a group that the other set has too?
    #[inline]
    pub fn meets(self, other: Self) -> bool {
        !self.and(other).is_empty()
    }

    /// Those that the other set has too.
    #[inline]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that the other set has not.
    #[inline]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The groups, in the order of the method page.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Group> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let group = *Group::ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(group)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        let mut all = Groups::default();
        assert!(all.is_empty());
        for &group in Group::ALL {
            assert!(!all.contains(group));
            all.add(group);
            assert!(all.contains(group) && all.meets(Groups::of(group.audience())));
        }
        assert_eq!(all.iter().collect::<Vec<_>>(), Group::ALL);
        for &audience in Audience::ALL {
            let own: Vec<Group> = Groups::of(audience).iter().collect();
            assert_eq!(own, audience.groups().collect::<Vec<_>>());
            assert!(!all.without(Groups::of(audience)).meets(Groups::of(audience)));
        }
    }
}
