//! The one place that draws random numbers: identities, tokens, salts.
//!
//! In production they come from the operating system's generator; a test seeds them, so that a run can be repeated.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::clock::Clock;

/// A source of randomness, with the clock that its time-ordered identities need.
#[derive(Clone, Debug)]
pub struct Chance {
    clock: Clock,
    seeded: Option<Arc<Mutex<StdRng>>>,
}

impl Chance {
    /// The operating system's randomness.
    pub fn system(clock: Clock) -> Self {
        Self { clock, seeded: None }
    }

    /// The same numbers for the same seed: for tests alone, since they can be foretold.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self { clock, seeded: Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))) }
    }

    /// Fills `bytes` with random ones.
    #[expect(clippy::disallowed_methods, reason = "this is the source of randomness")]
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.seeded {
            Some(source) => source.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
            None => rand::rng().fill_bytes(bytes),
        }
    }

    /// A new identity: a UUID of version 7, so that later ones sort later.
    pub fn id(&self) -> String {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
    }

    /// 256 random bits in an address-safe alphabet (43 characters).
    pub fn token(&self) -> String {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}
