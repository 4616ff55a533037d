//! The server's own key, with which it signs visitors' sessions.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use cavuer_base::random::Random;

/// Name of the key's file in the data folder.
const FILE: &str = "signing.key";

/// 32 secret bytes; its `Debug` shows none of them.
pub struct SigningKey([u8; 32]);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey")
    }
}

impl SigningKey {
    /// Reads the key from the data folder, or makes one there that only this user may read.
    ///
    /// # Errors
    /// When the file cannot be read or written, or has another length.
    pub fn in_folder(folder: &Path, random: &Random) -> io::Result<Self> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => bytes.try_into().map(Self).map_err(|_| {
                let message = format!("{} must hold exactly 32 bytes", path.display());
                io::Error::new(io::ErrorKind::InvalidData, message)
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = random.bytes();
                create_private(&path)?.write_all(&key)?;
                Ok(Self(key))
            }
            Err(error) => Err(error),
        }
    }

    /// HMAC-SHA256 of `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC refuses no key")
        };
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// Whether `signature` is the one of `message`; in constant time.
    pub fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.sign(message).ct_eq(signature).into()
    }
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
