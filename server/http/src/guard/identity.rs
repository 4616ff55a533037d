//! The proofs that a visitor is who the page says: `data-user-hash` for a site's own user, and the
//! key for a guest who comes back.

use cavuer_protocol::limits::{NAME_CHARS, USER_ID_BYTES};
use cavuer_protocol::widget::{GuestCredentials, UserClaim};
use cavuer_protocol::{Secret, Timestamp, notice};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use cavuer_base::hex;
use cavuer_engine::checks::Checks;
use cavuer_store::WidgetChannel;

/// The `data-user-hash` for a user id: lower-case hex of HMAC-SHA256 (RFC 2104) with the secret key
/// as it is written (`sk_…`, UTF-8) over the id's UTF-8 bytes, exactly as they are.
pub fn hash(secret_key: &str, user_id: &str) -> String {
    hex::encode(&digest(secret_key, user_id))
}

/// Whether `claimed` is that hash, in either letter case. Takes the same time for every wrong one.
pub fn is_proven(secret_key: &str, user_id: &str, claimed: &str) -> bool {
    let digest = digest(secret_key, user_id);
    hex::decode(claimed).is_some_and(|claimed| digest.as_slice().ct_eq(&claimed).into())
}

/// Checks who a page says its user is. The hash is judged before anything else about the user, so
/// that a wrong one learns nothing.
pub fn prove(channel: &WidgetChannel, user: &UserClaim, now: Timestamp) -> ApiResult<()> {
    let mut checks = Checks::default();
    if user.id.is_empty() {
        checks.problem("user.id", notice::user_id_empty());
    } else if user.id.len() > USER_ID_BYTES {
        checks.problem("user.id", notice::user_id_too_long(USER_ID_BYTES));
    }
    for (field, value) in [("user.name", &user.name), ("user.email", &user.email)] {
        if value.as_ref().is_some_and(|value| value.chars().count() > NAME_CHARS) {
            checks.problem(field, notice::user_detail_too_long(NAME_CHARS));
        }
    }
    checks.finish().map_err(ApiError::Invalid)?;
    let hash = user.hash.as_ref().map(Secret::expose).unwrap_or_default();
    // No early way out: which of the keys fits must not show in the time.
    let proven = channel
        .valid_keys(now)
        .fold(false, |proven, key| is_proven(key.expose(), &user.id, hash) | proven);
    if proven {
        Ok(())
    } else {
        tracing::info!(channel = %channel.channel.id, "identification refused: the hash does not fit");
        Err(ApiError::IdentityInvalid)
    }
}

/// Whether a guest's key is the one that came with the guest's first message. Takes the same time
/// for every wrong one.
pub async fn is_known_guest(
    app: &App,
    channel: &WidgetChannel,
    guest: &GuestCredentials,
) -> ApiResult<bool> {
    let stored = app.engine.store.guest_key_hash(channel.channel.id, guest.id.clone()).await?;
    let claimed = Sha256::digest(guest.key.expose().as_bytes());
    Ok(stored.is_some_and(|stored| stored.as_slice().ct_eq(claimed.as_slice()).into()))
}

/// What is kept of a guest's key, in hex.
pub fn key_hash(key: &Secret) -> String {
    hex::encode(&Sha256::digest(key.expose().as_bytes()))
}

fn digest(secret_key: &str, user_id: &str) -> [u8; 32] {
    // HMAC takes keys of every length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()) else {
        unreachable!("HMAC refuses no key")
    };
    mac.update(user_id.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `openssl dgst -sha256 -hmac sk_test`.
    const OF_JOHN: &str = "290c148e8d539247720957bcbaa41cc63bddd8f8386ef9d73fafe96931403fdb";

    #[test]
    fn the_hash_is_the_one_that_other_tools_compute() {
        assert_eq!(hash("sk_test", "john@example.com"), OF_JOHN);
    }

    #[test]
    fn either_letter_case_proves_and_nothing_else_does() {
        let upper = OF_JOHN.to_uppercase();
        assert!(is_proven("sk_test", "john@example.com", OF_JOHN));
        assert!(is_proven("sk_test", "john@example.com", &upper));
        for wrong in ["", "00", &OF_JOHN[1..], &format!("{OF_JOHN}0"), &OF_JOHN.replace('a', "b")] {
            assert!(!is_proven("sk_test", "john@example.com", wrong), "{wrong}");
        }
        assert!(!is_proven("sk_other", "john@example.com", OF_JOHN));
        assert!(!is_proven("sk_test", "John@example.com", OF_JOHN));
        assert!(!is_proven("sk_test", "john@example.com ", OF_JOHN));
    }
}
