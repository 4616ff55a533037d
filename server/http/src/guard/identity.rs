//! The proof that a site's visitor is who the site says: `data-user-hash`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use cavuer_base::hex;

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
