//! How a site's server computes `data-user-hash`: the HMAC-SHA256 of the visitor's id, in hex.

/// One language's way to do it.
pub struct Sample {
    pub language: &'static str,
    pub code: &'static str,
}

pub const SAMPLES: [Sample; 4] = [
    Sample {
        language: "Node",
        code: r#"import { createHmac } from "node:crypto";

export function userHash(userId) {
  return createHmac("sha256", process.env.CAVUER_SECRET_KEY)
    .update(userId, "utf8")
    .digest("hex");
}"#,
    },
    Sample {
        language: "Python",
        code: r#"import hashlib
import hmac
import os


def user_hash(user_id: str) -> str:
    key = os.environ["CAVUER_SECRET_KEY"].encode()
    return hmac.new(key, user_id.encode(), hashlib.sha256).hexdigest()"#,
    },
    Sample {
        language: "PHP",
        code: r#"<?php

function user_hash(string $userId): string
{
    return hash_hmac('sha256', $userId, getenv('CAVUER_SECRET_KEY'));
}"#,
    },
    Sample {
        language: "Rust",
        code: r#"// hmac = "0.12", sha2 = "0.10", hex = "0.4"
use hmac::{Hmac, Mac};
use sha2::Sha256;

fn user_hash(user_id: &str) -> String {
    let key = std::env::var("CAVUER_SECRET_KEY").expect("CAVUER_SECRET_KEY is set");
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length is fine");
    mac.update(user_id.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}"#,
    },
];
