use proptest::prelude::*;

use super::*;

fn texts(text: &str) -> Vec<String> {
    passages(text).into_iter().map(|passage| passage.text).collect()
}

#[test]
fn a_short_text_is_one_passage() {
    assert_eq!(
        texts("\nOpen from 9 to 6.\n\nClosed on Sunday.\n"),
        ["Open from 9 to 6.\n\nClosed on Sunday."]
    );
    assert!(texts(" \n\n ").is_empty());
}

#[test]
fn paragraphs_stay_whole_and_headings_stay_with_what_follows() {
    let paragraph = |letter: &str| format!("{}.", letter.repeat(395));
    let text = [
        "Delivery".to_owned(),
        paragraph("a"),
        paragraph("b"),
        "Returns".to_owned(),
        paragraph("c"),
        paragraph("d"),
        paragraph("e"),
    ]
    .join("\n\n");
    let passages = texts(&text);
    assert_eq!(passages.len(), 3);
    assert!(passages[0].starts_with("Delivery\n\naaa") && passages[0].ends_with("b."));
    assert!(passages[1].starts_with("Returns\n\nccc") && passages[1].ends_with("d."));
    assert!(passages[2].starts_with("eee"));
}

#[test]
fn a_markdown_heading_needs_no_empty_line() {
    let body = "Some text that is long enough. ".repeat(12);
    let text = format!("# One\n{body}\n# Two\n{body}");
    let passages = texts(&text);
    assert_eq!(passages.len(), 2);
    assert!(passages[1].starts_with("# Two\nSome"));
}

#[test]
fn a_long_paragraph_is_cut_between_sentences_with_an_overlap() {
    let text: String = (0..60).map(|n| format!("This is sentence number {n} of it. ")).collect();
    let passages = texts(&text);
    assert!(passages.len() >= 2);
    for pair in passages.windows(2) {
        let last = pair[0].rsplit(". ").next().unwrap();
        assert!(pair[1].starts_with(last), "{last:?} {:?}", &pair[1][..60]);
        assert!(pair[0].chars().count() <= MAX_CHARS);
    }
}

#[test]
fn text_without_any_border_is_cut_all_the_same() {
    let passages = texts(&"ж".repeat(2500));
    assert_eq!(passages.iter().map(|p| p.chars().count()).collect::<Vec<_>>(), [1000, 1000, 500]);
}

#[test]
fn passages_know_their_page_and_do_not_show_it() {
    let long = "This sentence fills the page. ".repeat(40);
    let text =
        format!("[Page 1]\n\nCover\n\n[Page 2]\n\n{long}\n\n[Page 4]\n\n## Prices\n\n{long}");
    let passages = passages(&text);
    assert!(passages.iter().all(|passage| !passage.text.contains("[Page")));
    let pages: Vec<Option<u32>> = passages.iter().map(|passage| passage.page).collect();
    assert_eq!(pages.first(), Some(&Some(1)));
    assert_eq!(pages.last(), Some(&Some(4)));
    assert!(pages.is_sorted() && pages.contains(&Some(2)), "{pages:?}");
    let prices = passages.iter().find(|passage| passage.text.starts_with("## Prices"));
    assert_eq!(prices.unwrap().page, Some(4));
    assert!(super::passages("no pages").iter().all(|passage| passage.page.is_none()));
}

#[test]
fn what_comes_later_in_a_section_keeps_its_headings() {
    let long = "A sentence of the section. ".repeat(60);
    let text = format!("# Shop\n\n## Delivery\n\n{long}\n\n## Returns\n\n{long}");
    for passage in texts(&text) {
        assert!(passage.starts_with("# Shop\n"), "{passage}");
        let sections = passage.matches("\n## ").count();
        assert!(sections >= 1, "{passage}");
    }
    let last = texts(&text).pop().unwrap();
    assert!(last.contains("## Returns") && !last.contains("## Delivery"), "{last}");
}

#[test]
fn a_table_that_is_cut_has_its_head_again() {
    let rows: String =
        (0..80).map(|n| format!("| Tea {n} | {n}.50 € a hundred grams |\n")).collect();
    let text = format!("Prices:\n\n| Tea | Price |\n|---|---|\n{rows}\nAfterwards: nothing.");
    let passages = texts(&text);
    assert!(passages.len() > 2);
    for passage in &passages[..passages.len() - 1] {
        assert!(passage.contains("| Tea | Price |\n|---|---|\n| Tea "), "{passage}");
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_is_long(
        text in r"(([a-z]{1,12}|[一-龥]{1,40}|\PC{0,9}|# [a-z]{1,9})[ .!?\n]{0,2}){0,400}"
    ) {
        let pieces = cut(&text);
        let joined: String = pieces
            .iter()
            .map(|piece| &text[piece.range.start + piece.overlap..piece.range.end])
            .collect();
        prop_assert_eq!(&joined, &text);
        let longest =
            MAX_CHARS + OVERLAP_CHARS + 2 * HEADINGS * (HEADING_CHARS + 1) + TABLE_HEAD_CHARS;
        for passage in texts(&text) {
            prop_assert!(passage.chars().count() <= longest);
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        texts(&text);
    }
}
