//! Where a letter comes back to: an address of its own for each delivery, so that what a server returns is known by
//! where it arrives, whatever its shape.
//!
//! ```text
//! bounces@example.org + delivery ─► bounces+<delivery><proof>@example.org ─► envelope ─► what comes back ─► delivery
//! ```
//!
//! The proof is the beginning of the digest that the delivery's unsubscribe token is known by: who did not get the
//! letter cannot make one, so nobody can silence another person's address with a forged bounce.

use anyhow::{Context as _, ensure};
use lettre::Address;
use uuid::Uuid;

/// Letters of the proof: 64 bits.
const PROOF: usize = 16;
/// Letters of a delivery's identity.
const ID: usize = 32;

/// The address that the others are made of.
#[derive(Clone, Debug)]
pub struct ReturnPath {
    user: String,
    domain: String,
}

/// What a return path says: whose letter it is, as far as its proof holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub delivery: String,
    proof: String,
}

impl ReturnPath {
    /// Reads the address. Refuses one that is none, or whose name is too long to be lengthened.
    pub fn parse(address: &str) -> anyhow::Result<Self> {
        let whole: Address = address
            .parse()
            .with_context(|| format!("{address} is not an address that mail can return to"))?;
        // RFC 5321: a name has at most 64 octets.
        ensure!(
            whole.user().len() + 1 + ID + PROOF <= 64,
            "the part of {address} before the @ can have 15 letters at most, since each letter's own is made of it"
        );
        Ok(Self { user: whole.user().to_lowercase(), domain: whole.domain().to_lowercase() })
    }

    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The return path of a delivery; none for an identity that is no UUID.
    pub fn of(&self, delivery: &str, token_digest: &str) -> Option<Address> {
        let code = code(delivery, token_digest)?;
        Address::new(format!("{}+{code}", self.user), &self.domain).ok()
    }

    /// What the addresses that a mail arrived at claim.
    pub fn claims(&self, addresses: &[String]) -> Vec<Claim> {
        addresses.iter().filter_map(|address| self.read(address)).collect()
    }

    /// What an address that mail arrived at claims. None for any other address.
    pub fn read(&self, address: &str) -> Option<Claim> {
        let address = address.to_lowercase();
        let (user, domain) = address.rsplit_once('@')?;
        let own = user.strip_prefix(&self.user)?.strip_prefix('+')?;
        if domain == self.domain { Claim::parse(own) } else { None }
    }
}

/// What says that somebody got a letter: its identity and the proof; none for an identity that is no UUID.
pub fn code(delivery: &str, token_digest: &str) -> Option<String> {
    let id = Uuid::parse_str(delivery).ok()?.simple();
    Some(format!("{id}{}", token_digest.get(..PROOF)?))
}

impl Claim {
    /// Reads such a code, in either case.
    pub fn parse(code: &str) -> Option<Self> {
        let hex = code.len() == ID + PROOF && code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (id, proof) = code.split_at_checked(ID).filter(|_| hex)?;
        Some(Self { delivery: Uuid::parse_str(id).ok()?.to_string(), proof: proof.to_lowercase() })
    }

    /// Whether the delivery with this digest is the one.
    pub fn holds(&self, token_digest: &str) -> bool {
        let same =
            |proof: &str| subtle::ConstantTimeEq::ct_eq(proof.as_bytes(), self.proof.as_bytes()).into();
        token_digest.get(..PROOF).is_some_and(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0160f8f6-4d80-7000-8000-000000000001";
    const DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_letter_is_known_by_where_it_returns() {
        let path = ReturnPath::parse("Bounces@example.org").unwrap();
        let own = path.of(ID, DIGEST).unwrap().to_string();
        assert_eq!(
            own,
            "bounces+0160f8f64d807000800000000000000100112233445566 77@example.org".replace(' ', "")
        );
        assert!(own.split('@').next().unwrap().len() <= 64);
        // Servers may change the case.
        let claim = path.read(&own.to_uppercase()).unwrap();
        assert_eq!(claim.delivery, ID);
        assert!(claim.holds(DIGEST));
        assert!(!claim.holds(&DIGEST.replace("00", "01")));
        assert!(!claim.holds(""));
    }

    #[test]
    fn other_addresses_claim_nothing() {
        let path = ReturnPath::parse("bounces@example.org").unwrap();
        let own = path.of(ID, DIGEST).unwrap().to_string();
        for other in [
            "bounces@example.org",
            "bounces+@example.org",
            "bounces+0160f8f6@example.org",
            "",
            "@",
            &own.replace("example.org", "example.com"),
            &own.replace("bounces+", "bounces-"),
            &own.replace("0160", "zz60"),
            &format!("x{own}"),
        ] {
            assert_eq!(path.read(other), None, "{other}");
        }
        assert!(path.of("dorset-delivery", DIGEST).is_none());
        assert!(path.of(ID, "short").is_none());
    }

    #[test]
    fn what_cannot_be_made_an_address_of_is_refused() {
        for bad in ["", "bounces", "bounces@", "a b@example.org", "much-too-long-a-name@example.org"] {
            assert!(ReturnPath::parse(bad).is_err(), "{bad}");
        }
    }
}
