//! Secrets that have to be read again, such as providers' keys, sealed in the database.
//!
//! XChaCha20-Poly1305 with a random nonce of 192 bits. What a secret belongs to is authenticated
//! along with it, so that a sealed value which is copied to another row opens nothing.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use cavuer_base::hex;
use cavuer_base::random::Random;
use cavuer_protocol::Secret;

/// Name of the key's file in the data folder.
const FILE: &str = "sealing.key";
const NONCE_BYTES: usize = 24;

/// Seals and opens; its `Debug` shows nothing of the key.
pub struct Vault(XChaCha20Poly1305);

/// The value was sealed with another key, belongs to something else, or is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value cannot be opened")]
pub(crate) struct Unsealable;

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A vault with the configured key, else with the one in the data folder, which is made if
    /// there is none.
    ///
    /// # Errors
    /// When the key is not one of 32 bytes, or its file cannot be read or written.
    pub fn open(configured: Option<&Secret>, folder: &Path, random: &Random) -> io::Result<Self> {
        let key = match configured {
            Some(key) => hex::decode(key.expose()).unwrap_or_default(),
            None => in_folder(folder, random)?,
        };
        let cipher = XChaCha20Poly1305::new_from_slice(&key).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, "it must hold exactly 32 bytes")
        })?;
        Ok(Self(cipher))
    }

    /// Seals a secret for what `owner` names.
    pub(crate) fn seal(&self, secret: &Secret, owner: &[u8], random: &Random) -> Vec<u8> {
        let nonce = random.bytes::<NONCE_BYTES>();
        let payload = Payload { msg: secret.expose().as_bytes(), aad: owner };
        // It fails only for messages of 256 GB.
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        [nonce.as_slice(), &sealed].concat()
    }

    /// # Errors
    /// [`Unsealable`].
    pub(crate) fn unseal(&self, sealed: &[u8], owner: &[u8]) -> Result<Secret, Unsealable> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Unsealable)?;
        let payload = Payload { msg: sealed, aad: owner };
        let secret = self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| Unsealable)?;
        String::from_utf8(secret).map(Secret::from).map_err(|_| Unsealable)
    }
}

fn in_folder(folder: &Path, random: &Random) -> io::Result<Vec<u8>> {
    let path = folder.join(FILE);
    match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = random.bytes::<32>();
            create_private(&path)?.write_all(&key)?;
            Ok(key.to_vec())
        }
        read => read,
    }
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(folder: &Path) -> Vault {
        Vault::open(None, folder, &Random::from_os()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_again_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let random = Random::from_seed(1);
        let secret = Secret::new("sk-verysecret");
        let sealed = vault(folder.path()).seal(&secret, b"one", &random);
        let text = String::from_utf8_lossy(&sealed).into_owned();
        assert!(!text.contains("secret"), "{text}");
        assert_ne!(sealed, vault(folder.path()).seal(&secret, b"one", &random), "a nonce twice");
        // A second start finds the same key.
        let vault = vault(folder.path());
        assert_eq!(vault.unseal(&sealed, b"one").unwrap().expose(), "sk-verysecret");
        assert_eq!(vault.unseal(&sealed, b"two"), Err(Unsealable));
        let mut damaged = sealed.clone();
        damaged[NONCE_BYTES] ^= 1;
        assert_eq!(vault.unseal(&damaged, b"one"), Err(Unsealable));
        assert_eq!(vault.unseal(&sealed[..10], b"one"), Err(Unsealable));
        let other = tempfile::tempdir().unwrap();
        let other = Vault::open(None, other.path(), &Random::from_os()).unwrap();
        assert_eq!(other.unseal(&sealed, b"one"), Err(Unsealable));
        assert_eq!(format!("{vault:?}"), "Vault");
    }

    #[test]
    fn a_configured_key_needs_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let key = Secret::new("ab".repeat(32));
        let random = Random::from_os();
        let sealed = Vault::open(Some(&key), folder.path(), &random).unwrap().seal(
            &Secret::new("s"),
            b"",
            &random,
        );
        let again = Vault::open(Some(&key), folder.path(), &random).unwrap();
        assert_eq!(again.unseal(&sealed, b"").unwrap().expose(), "s");
        assert!(!folder.path().join(FILE).exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path());
        let mode = folder.path().join(FILE).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(folder.path().join(FILE), b"short").unwrap();
        assert!(Vault::open(None, folder.path(), &Random::from_os()).is_err());
    }
}
