//! Passwords: argon2id with the parameters that OWASP's password storage cheat sheet gives.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use cavuer_protocol::Secret;
use tokio::sync::Semaphore;

use cavuer_base::random::Random;

/// Memory for one hash, in KiB.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes computed at once. Each needs [`MEMORY_KIB`], so a burst of sign-ins waits here instead
/// of eating the machine's memory and all of its cores.
static PLACES: Semaphore = Semaphore::const_new(2);

/// The machine could not compute a hash, for example for want of memory.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashingFailed(String);

/// What is stored in a password's place: a PHC string with its own salt.
pub async fn hash(random: &Random, password: &Secret) -> Result<Secret, HashingFailed> {
    let salt = random.bytes::<16>();
    in_place(password, move |password| {
        let hash = argon2()?.hash_password_with_salt(password, &salt)?;
        Ok(Secret::new(hash.to_string()))
    })
    .await
}

/// Whether the password is the one behind `stored`.
///
/// Without a stored hash (nobody has that e-mail address) the answer is no after the same work,
/// so that the time tells nobody which addresses have an account.
pub async fn verify(stored: Option<Secret>, password: &Secret) -> Result<bool, HashingFailed> {
    in_place(password, move |password| {
        let argon2 = argon2()?;
        let Some(stored) = stored else {
            argon2.hash_password_into(password, b"nobody is behind this", &mut [0; 32])?;
            return Ok(false);
        };
        match argon2.verify_password(password, stored.expose()) {
            Ok(()) => Ok(true),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

type Worked<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Runs `work` on a thread for blocking work once there is a place.
async fn in_place<T: Send + 'static>(
    password: &Secret,
    work: impl FnOnce(&[u8]) -> Worked<T> + Send + 'static,
) -> Result<T, HashingFailed> {
    let failed = |error: &dyn std::fmt::Display| HashingFailed(error.to_string());
    let place = PLACES.acquire().await.map_err(|closed| failed(&closed))?;
    let password = password.clone();
    let done = tokio::task::spawn_blocking(move || {
        // Held here and not by the caller, who may go away while the thread still works.
        let _place = place;
        work(password.expose().as_bytes())
    });
    done.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_no_other() {
        let random = Random::from_seed(1);
        let stored = hash(&random, &"correct horse".into()).await.unwrap();
        let shown = stored.expose();
        assert!(shown.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{shown}");
        assert!(verify(Some(stored.clone()), &"correct horse".into()).await.unwrap());
        assert!(!verify(Some(stored.clone()), &"Correct horse".into()).await.unwrap());
        assert_ne!(stored, hash(&random, &"correct horse".into()).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!verify(None, &"".into()).await.unwrap());
    }

    #[tokio::test]
    async fn a_damaged_hash_is_a_fault_and_not_a_no() {
        assert!(verify(Some("plain".into()), &"plain".into()).await.is_err());
    }
}
