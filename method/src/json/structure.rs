//! Objects with a fixed set of keys: the one list of fields from which the struct, its reader and its writer come.

/// Declares a struct of the record and, from the same list of fields, how it is read, checked and written.
/// `by` names the fields that name an item once in a list; `shown by` what gives the form in which it may be shown, where
/// that is another.
macro_rules! structure {
    ($(#[$meta:meta])* pub struct $name:ident by ($($by:ident),*) $(shown by $shown:path)? {
        $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl $name {
            const KEYS: &'static [&'static str] = &[$(stringify!($field),)+];
            const WRITTEN: &'static [&'static str] = &[$(concat!(",\"", stringify!($field), "\":"),)+];
            const ORDER: [usize; Self::KEYS.len()] = $crate::json::sorted_order(Self::KEYS);
            const WRITERS: [fn(&Self, &mut $crate::json::Out); Self::KEYS.len()] =
                [$(|own, out| $crate::json::Field::write(&own.$field, out),)+];
        }

        impl $crate::json::Field for $name {
            fn read(
                reader: &mut $crate::json::Reader<'_>,
            ) -> Result<$crate::json::Got<Self>, $crate::json::Broken> {
                if !reader.open(b'{')? {
                    return Ok($crate::json::Got::Refused);
                }
                $(let mut $field: Option<$crate::json::Got<$type>> = None;)+
                let mut first = true;
                while let Some(key) = reader.next_key(&mut first)? {
                    match key.as_ref() {
                        $(stringify!($field) => reader.slot(stringify!($field), &mut $field)?,)+
                        unknown => reader.unknown_key(unknown)?,
                    }
                }
                $(let $field = reader.settle(stringify!($field), $field);)+
                let ($(Some($field),)+) = ($($field,)+) else { return Ok($crate::json::Got::Refused) };
                Ok($crate::json::Got::Value(Self { $($field,)+ }))
            }

            fn check(&self, trail: &mut $crate::json::Trail) {
                $(trail.within(stringify!($field), |trail| $crate::json::Field::check(&self.$field, trail));)+
            }

            fn write(&self, out: &mut $crate::json::Out) {
                $(if out.is_disclosing() {
                    return $shown(self).write_fields(out);
                })?
                self.write_fields(out);
            }

            fn order(&self, _other: &Self) -> std::cmp::Ordering {
                let order = std::cmp::Ordering::Equal;
                $(let order = order.then_with(|| $crate::json::Field::order(&self.$by, &_other.$by));)*
                order
            }
        }

        impl $name {
            fn write_fields(&self, out: &mut $crate::json::Out) {
                out.raw("{");
                for (count, &field) in Self::ORDER.iter().enumerate() {
                    // The comma before the first key is left out.
                    out.raw(&Self::WRITTEN[field][usize::from(count == 0)..]);
                    Self::WRITERS[field](self, out);
                }
                out.close_object();
            }
        }
    };
}

pub(crate) use structure;

use super::{Broken, Field, Got, Reader, excerpt};

impl Reader<'_> {
    /// Reads the value of a key into its slot, unless the key was given before.
    pub fn slot<T: Field>(&mut self, key: &'static str, slot: &mut Option<Got<T>>) -> Result<(), Broken> {
        self.trail().enter(key);
        if slot.is_some() {
            self.trail().note("the key is given twice");
            self.skip()?;
        } else {
            *slot = Some(self.field()?);
        }
        self.trail().leave();
        Ok(())
    }

    pub fn unknown_key(&mut self, key: &str) -> Result<(), Broken> {
        self.trail().note_key(key, format!("unknown key {}", excerpt(key)));
        self.skip()
    }

    /// The value of a slot, or what its absence means. None where it was refused, or is required and missing.
    pub fn settle<T: Field>(&mut self, key: &'static str, slot: Option<Got<T>>) -> Option<T> {
        match slot {
            Some(Got::Value(value)) => Some(value),
            Some(Got::Refused) => T::absent(),
            None | Some(Got::Nothing) => T::absent().or_else(|| {
                self.trail().enter(key);
                self.refuse("missing; it is required");
                self.trail().leave();
                None
            }),
        }
    }
}

/// The positions of the keys in byte order.
pub(crate) const fn sorted_order<const N: usize>(keys: &[&str]) -> [usize; N] {
    let mut order = [0; N];
    let mut next = 0;
    while next < N {
        let mut at = next;
        while at > 0 && comes_before(keys[next], keys[order[at - 1]]) {
            order[at] = order[at - 1];
            at -= 1;
        }
        order[at] = next;
        next += 1;
    }
    order
}

const fn comes_before(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return a[at] < b[at];
        }
        at += 1;
    }
    a.len() < b.len()
}
