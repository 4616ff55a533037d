//! Documents of several producers, as `tests/fixtures/documents` has them.

use cavuer_engine::extraction::Extractor;
use cavuer_text::documents::{Extracted, Kind};
use cavuer_text::passages::passages;

use super::files::document;
use crate::support::program;

async fn read(name: &str) -> Extracted {
    let bytes = document(name);
    let kind = Kind::of_file(name, &bytes).unwrap();
    let extractor = Extractor { program: program(), ..Extractor::default() };
    extractor.read(kind, &bytes, |_| ()).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Asserts that all of these are in the text, in this order.
fn assert_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("{part:?} is missing or out of order in:\n{text}");
        };
        rest = after;
    }
}

/// What `source/handbook.html` says.
const HANDBOOK: [&str; 12] = [
    "# Handbook of the tea room\n",
    "This handbook tells the staff of the tea room what guests ask most often.",
    "## Reservations\n",
    "leave a deposit of 40 €, which is taken off the bill.",
    "1. Ask for the name and a telephone number.\n2. Write both into the green book.\n3. Say",
    "## Teas of the house\n",
    "| Tea | Origin | Minutes | Price |\n|---|---|---|---|\n| Sencha | Japan | 2 | 6.50 € |\n",
    "| Rooibos | South Africa | 8 | 5.20 € |\n",
    "## Cakes and allergies\n",
    "there is a difficult but fine recipe with oat cream, made to order.",
    "Apple cake: hazelnuts, wheat, egg\n",
    "Größere Stücke, such as umbrellas and prams, go to the cellar. Потерянные вещи мы храним",
];

#[tokio::test]
async fn one_text_reads_the_same_from_each_producer() {
    let list = "\n- Lemon tart: wheat, egg, milk\n- Oat slice: no milk, no egg\n";
    for name in ["pandoc.docx", "libreoffice.docx", "source/handbook.html"] {
        let read = read(name).await;
        assert_order(&read.text, &HANDBOOK);
        assert!(read.text.contains(list), "{name}: {}", read.text);
        assert!(read.notes.is_empty() && !read.text.contains("[Page"), "{name}");
    }
    let browser = read("browser.pdf").await;
    assert_order(&browser.text, &HANDBOOK);
    // A browser draws its bullets; only the lines are left of them.
    assert!(browser.text.contains("\nLemon tart: wheat, egg, milk\nOat slice: no milk, no egg\n"));
}

#[tokio::test]
async fn a_word_document_keeps_headings_lists_and_tables() {
    let text = read("word.docx").await.text;
    assert_order(
        &text,
        &[
            "# Terms of the subscription\n\nThe coffee subscription brings a parcel every month.",
            "# What is in the parcel\n\n- Two bags of 250 grams\n- A card that tells about the farm\n",
            "| Plan | Bags | Price a month |\n|---|---|---|\n| Small | 1 | 14.00 € |\n",
            "Cancel three days before the next parcel. Größe und Anschrift",
            "1. Open your account.\n2. Choose Subscription.\n3. Choose Cancel.",
        ],
    );
}

#[tokio::test]
async fn a_pdf_keeps_headings_lists_and_tables() {
    assert_order(
        &read("libreoffice.pdf").await.text,
        &[
            "# Terms of the subscription\n\nThe coffee subscription brings a parcel every month. It \
             can be paused at any time, and it ends with one click in the account.\n",
            "## What is in the parcel\n\n- Two bags of 250 grams\n- A card that tells about the farm\n",
            "| Plan | Bags | Price a month |\n|---|---|---|\n| Small | 1 | 14.00 € |\n",
            "1. Open your account.\n2. Choose Subscription.\n3. Choose Cancel.",
        ],
    );
    assert_order(
        &read("latex.pdf").await.text,
        &[
            "[Page 1]\n\n# Care of stoneware\n",
            "## 1 Before the first use\n\nRinse the new pot with warm water",
            // Ligatures are letters again.
            "Efficient washing needs no soap, and a difficult stain gives way to baking soda. The office",
            "- No dishwasher above 55 degrees.\n- No naked flame.\n- No sudden change",
            "## 2 Sizes\n",
            "| Pot | Litres | Weight in grams |\n|---|---|---|\n| Small | 0.4 | 520 |\n",
            "| Large | 1.5 | 1340 |\n",
            "[Page 2]\n\n## 3 If it breaks\n",
            // The accent is a sign of its own in this font.
            "to the workshop in Mühlbach.",
            "# 3.1 Spare parts\n",
        ],
    );
}

#[tokio::test]
async fn columns_are_read_one_after_the_other() {
    let text = read("latex-columns.pdf").await.text;
    assert_order(
        &text,
        &[
            "# News from the roastery\n",
            "## 1 Spring\n\nThe first column begins with spring. In March the new harvest",
            "## 2 Summer\n",
            "A place costs 18 euros and includes a bottle.\n",
            "## 3 Autumn\n\nThe second column begins with autumn. The old drum roaster is taken apart",
            "from stock. Subscribers get their parcel a week earlier then.",
            "## 4 Winter\n",
            "they are valid for three years.",
        ],
    );
    assert!(!text.contains('|'), "{text}");
}

#[tokio::test]
async fn passages_of_a_document_know_their_pages() {
    let text = read("browser.pdf").await.text;
    let passages = passages(&text);
    let page_of = |words: &str| {
        let found = passages.iter().find(|passage| passage.text.contains(words));
        found.unwrap_or_else(|| panic!("{words:?} is in no passage")).page
    };
    assert_eq!(page_of("a deposit of 40 €"), Some(1));
    assert_eq!(page_of("kept behind the counter"), Some(2));
}
