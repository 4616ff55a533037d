use std::collections::HashSet;

use cavuer_protocol::Source;
use sha2::{Digest as _, Sha256};

use cavuer_base::hex;
use cavuer_text::query::excerpt;
use cavuer_text::retrieval::Found;

/// Tells a passage from every other one, also in a later search.
pub(super) fn fingerprint(found: &Found) -> String {
    let digest = Sha256::new().chain_update(found.article_id.0).chain_update(&found.text);
    hex::encode(&digest.finalize())
}

/// What an answer is from: the passages that it cites, in that order, each with the sentences that
/// fit question and answer best.
pub(super) fn sources(
    found: &[Found],
    cited: &[usize],
    question: &str,
    answer: &str,
) -> Vec<Source> {
    let about = format!("{answer}\n{question}");
    let mut seen = HashSet::new();
    let cited = cited.iter().filter(|place| seen.insert(**place));
    let source = |found: &Found| Source {
        title: found.title.clone(),
        page: found.page,
        excerpt: excerpt(&found.text, &about),
        article: Some(found.article_id),
    };
    cited.filter_map(|place| found.get(*place)).map(source).collect()
}
