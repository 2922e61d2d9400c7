//! Passwords: argon2id with the parameters its authors' crate gives by default (19 MiB, 2 passes, 1 lane).

use anyhow::Context as _;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};

use crate::chance::Chance;

/// Fewest characters in a password.
pub const SHORTEST: usize = 12;
/// Most characters in a password: more is refused, not cut.
pub const LONGEST: usize = 256;

/// The hash to keep for `password`. It takes tens of milliseconds, off the threads that serve.
pub async fn hash(chance: &Chance, password: String) -> anyhow::Result<String> {
    let mut salt = [0; 16];
    chance.fill(&mut salt);
    tokio::task::spawn_blocking(move || {
        let hash: PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|e| anyhow::anyhow!("hashing a password: {e}"))?;
        Ok(hash.to_string())
    })
    .await
    .context("hashing a password")?
}

/// Whether `password` is the one that `kept` was made of. With none kept it takes as long and answers no, so that
/// the time taken does not tell whether an account exists.
pub async fn verify(kept: Option<String>, password: String) -> anyhow::Result<bool> {
    tokio::task::spawn_blocking(move || {
        let Some(kept) = kept else {
            let wasted: Result<PasswordHash, _> =
                Argon2::default().hash_password_with_salt(password.as_bytes(), b"no such account!");
            drop(wasted);
            return Ok(false);
        };
        let hash =
            PasswordHash::new(&kept).map_err(|e| anyhow::anyhow!("a kept password hash is not one: {e}"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
    .context("checking a password")?
}

/// What is wrong with a new password, if anything.
pub fn refuse(password: &str) -> Option<String> {
    match password.chars().count() {
        n if n < SHORTEST => Some(format!("The password must have {SHORTEST} characters or more")),
        n if n > LONGEST => Some(format!("The password must have {LONGEST} characters or fewer")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let chance = Chance::system(Clock::System);
        let kept = hash(&chance, "a village hall in Dorset".into()).await.unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(verify(Some(kept.clone()), "a village hall in Dorset".into()).await.unwrap());
        assert!(!verify(Some(kept), "a village hall in Devon".into()).await.unwrap());
        assert!(!verify(None, "a village hall in Dorset".into()).await.unwrap());
    }
}
