// In Cargo.toml: hmac = "0.13" and sha2 = "0.11".
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub fn user_hash(secret_key: &str, user_id: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()).expect("any key will do");
    mac.update(user_id.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() {
    let secret_key = std::env::var("CAVUER_SECRET_KEY").expect("CAVUER_SECRET_KEY is set");
    let user_id = std::env::args().nth(1).expect("the user id is the first argument");
    println!("{}", user_hash(&secret_key, &user_id));
}
