//! A quick hash for tables that are asked millions of times, seeded anew in each run of the program, so that nobody can
//! write a file whose codes all fall together. No result depends on it: it says where to look, and never in what order.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// Makes hashers with one seed.
#[derive(Clone)]
pub(crate) struct Quick {
    seed: u64,
}

impl Default for Quick {
    fn default() -> Self {
        Self { seed: RandomState::new().hash_one(0) }
    }
}

impl BuildHasher for Quick {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed(self.seed)
    }
}

/// What was hashed so far.
#[derive(Clone, Copy)]
pub(crate) struct Mixed(u64);

impl Mixed {
    /// The product with an odd number, its high half folded onto the low one: each bit has a say in each.
    #[inline]
    pub fn mix(&mut self, number: u64) {
        const FACTOR: u128 = 0x9e37_79b9_7f4a_7c15;
        const LOW: u128 = u64::MAX as u128;
        let wide = u128::from(self.0 ^ number) * FACTOR;
        self.0 = u64::try_from((wide ^ (wide >> 64)) & LOW).expect("64 bits");
    }

    /// Eight bytes at a time, each eight first changed by `change`.
    #[inline]
    pub fn mix_bytes(&mut self, bytes: &[u8], change: impl Fn(u64) -> u64) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.mix(change(u64::from_le_bytes(*eight)));
        }
        if !rest.is_empty() {
            self.mix(change(rest.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))));
        }
        self.mix(bytes.len() as u64);
    }
}

impl Hasher for Mixed {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.mix_bytes(bytes, |eight| eight);
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.mix(number.into());
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}
