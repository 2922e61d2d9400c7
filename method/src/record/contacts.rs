//! How many contacts of each group can be written to: an object whose keys are groups.

use std::collections::BTreeMap;

use crate::json::{Broken, Field, Got, Out, Reader, Trail, excerpt};
use crate::words::Group;

/// How many contacts of each group can be written to. A group that is absent has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts(pub BTreeMap<Group, u32>);

impl Field for Contacts {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        if !reader.open(b'{')? {
            return Ok(Got::Refused);
        }
        let mut slots: BTreeMap<Group, Option<Got<u32>>> = BTreeMap::new();
        let mut first = true;
        while let Some(key) = reader.next_key(&mut first)? {
            if let Some(group) = Group::parse(&key) {
                reader.slot(group.code(), slots.entry(group).or_default())?;
            } else {
                reader.trail().note_key(&key, format!("unknown group {}", excerpt(&key)));
                reader.skip()?;
            }
        }
        let recorded = slots.into_iter().filter_map(|(group, slot)| match slot {
            Some(Got::Value(number)) => Some((group, number)),
            _ => None,
        });
        Ok(Got::Value(Self(recorded.collect())))
    }

    fn check(&self, trail: &mut Trail) {
        for (group, number) in &self.0 {
            trail.within(group.code(), |trail| number.check(trail));
        }
    }

    fn write(&self, out: &mut Out) {
        let sorted: BTreeMap<&str, u32> =
            self.0.iter().map(|(group, &number)| (group.code(), number)).collect();
        for (index, (code, number)) in sorted.iter().enumerate() {
            out.raw(if index == 0 { "{" } else { "," });
            out.string(code);
            out.raw(":");
            out.number(*number);
        }
        out.raw(if sorted.is_empty() { "{}" } else { "}" });
    }
}
