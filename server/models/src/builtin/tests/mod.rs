mod languages;

use super::*;
use crate::prompt::{Enclosed, PastMessage, PromptPassage};

/// The articles of a small tea shop, each a passage.
fn shop() -> Vec<PromptPassage> {
    let passage =
        |title: &str, text: &str| PromptPassage { title: title.to_owned(), text: text.to_owned() };
    vec![
        passage(
            "Opening hours, address",
            "Our shop is at Mill Lane 4.\n\nWe are open:\n- Monday to Friday: 9:00–18:00\n- Saturday: 10:00–16:00\n- Sunday and holidays: closed",
        ),
        passage(
            "Delivery, shipping",
            "We deliver with the post. Standard delivery costs €4.90 and takes 2–3 working days. Orders over €50 are delivered free of charge.\n\nExpress delivery costs €9.90 and arrives the next working day.",
        ),
        passage(
            "Returns, refunds",
            "You can return any unopened item within 30 days. Write to us first and we send you a label. The refund is paid within five days.",
        ),
        passage(
            "Payment",
            "We accept credit cards, PayPal and bank transfer. We sell on invoice to companies only.",
        ),
    ]
}

fn prompt(question: &str) -> Prompt {
    Prompt {
        question: question.to_owned(),
        passages: shop(),
        agent_name: "Mia".to_owned(),
        language: "en-GB".to_owned(),
        ..Prompt::default()
    }
}

fn not_covered(own: &Phrases) -> String {
    with_person(own, own.no_answer)
}

fn answer_to(question: &str) -> String {
    answer(&prompt(question)).text
}

/// Every sentence that an answer takes from the articles really stands in one.
fn assert_verbatim(answer: &str) {
    let own = phrases("en");
    let normal = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let source: Vec<String> = shop()
        .iter()
        .map(|passage| normal(&format!("**{}** {}", passage.title, passage.text)))
        .collect();
    for line in answer.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let is_own = [own.closest, own.ask_person].contains(&line);
        let line = normal(line);
        assert!(is_own || source.iter().any(|text| text.contains(&line)), "{line}");
    }
}

#[test]
fn questions_are_answered_by_quoting() {
    for (question, words) in [
        ("opening hours?", "Monday to Friday: 9:00–18:00"),
        ("When are you open on Sunday?", "Sunday and holidays: closed"),
        ("how do I return an item?", "You can return any unopened item within 30 days."),
        ("what does delivery cost", "Standard delivery costs €4.90"),
        ("What is your address?", "Mill Lane 4"),
        ("Can I pay with PayPal?", "PayPal"),
        ("HOW LONG DOES SHIPPING TAKE", "2–3 working days"),
        ("express delivery", "€9.90"),
    ] {
        let answer = answer_to(question);
        assert!(answer.contains(words), "{question}: {answer}");
        assert!(answer.starts_with("**"), "{question}: {answer}");
        assert_verbatim(&answer);
    }
}

#[test]
fn a_row_is_quoted_and_not_the_whole_list() {
    let answer = answer_to("When are you open on Sunday?");
    assert_eq!(
        answer,
        "**Opening hours, address**\n\nWe are open:\n\n- Sunday and holidays: closed"
    );
}

#[test]
fn what_the_articles_do_not_cover_is_not_answered() {
    let own = phrases("en");
    for question in [
        "Do you sell bicycles?",
        "Do you sell gift cards?",
        "what is the meaning of life",
        "who is the president?",
        "???",
        "asdf",
        "Do you need help?",
    ] {
        assert_eq!(answer_to(question), not_covered(own), "{question}");
    }
}

#[test]
fn without_passages_nothing_is_answered() {
    let prompt = Prompt { passages: Vec::new(), ..prompt("opening hours?") };
    assert_eq!(answer(&prompt).text, not_covered(phrases("en")));
}

#[test]
fn a_question_covered_in_part_is_answered_with_care() {
    let answer = answer_to("What does delivery to Norway cost?");
    let own = phrases("en");
    assert!(answer.starts_with(own.closest), "{answer}");
    assert!(answer.contains("€4.90") && answer.ends_with(own.ask_person), "{answer}");
    assert_verbatim(&answer);
}

#[test]
fn two_subjects_get_two_quotations() {
    let answer = answer_to("opening hours and delivery costs");
    assert!(answer.contains("**Opening hours, address**"), "{answer}");
    assert!(answer.contains("**Delivery, shipping**"), "{answer}");
    assert_verbatim(&answer);
}

#[test]
fn a_short_question_leans_on_the_one_before() {
    let history = vec![
        PastMessage::new(Role::Visitor, "What does delivery cost?"),
        PastMessage::new(Role::Agent, "Standard delivery costs €4.90."),
        PastMessage::new(Role::Visitor, "thanks"),
    ];
    let express = answer(&Prompt { history: history.clone(), ..prompt("and express?") }).text;
    assert!(express.contains("€9.90"), "{express}");
    let bicycles = answer(&Prompt { history, ..prompt("and bicycles?") }).text;
    assert_eq!(bicycles, not_covered(phrases("en")));
}

#[test]
fn small_talk_is_friendly_and_in_the_visitor_s_language() {
    assert_eq!(answer_to("hi"), "Hello, I'm Mia. What would you like to know?");
    assert_eq!(answer_to("thanks!"), phrases("en").thanks);
    assert_eq!(answer_to("bye"), phrases("en").bye);
    assert_eq!(answer_to("I want to talk to a human"), phrases("en").ask_person);
    assert!(answer_to("Are you a bot?").contains("Mia"));
    assert_eq!(answer_to("hola"), phrases("es").hello.replace("{name}", "Mia"));
    assert_eq!(answer_to("Привет!"), phrases("ru").hello.replace("{name}", "Mia"));
    let german = answer(&Prompt { language: "de-AT".to_owned(), ..prompt("ok") }).text;
    assert_eq!(german, phrases("de").thanks);
}

#[test]
fn the_question_s_language_comes_before_the_browser_s() {
    for (question, language) in [
        ("Verkaufen Sie auch Fahrräder?", "de"),
        ("Сколько стоит велосипед?", "ru"),
        ("Чи є у вас велосипеди?", "uk"),
        ("自行车有吗？", "zh"),
        ("自転車はありますか", "ja"),
        ("자전거 있나요?", "ko"),
        ("bicycles", "en"),
    ] {
        assert_eq!(phrases(reply_language(&prompt(question))).language, language, "{question}");
    }
}

#[test]
fn other_languages_are_answered_from_their_articles() {
    let passages = vec![
        PromptPassage {
            title: "营业时间".to_owned(),
            text: "周一至周五：9点到18点。周日休息。".to_owned(),
        },
        PromptPassage {
            title: "Доставка и оплата".to_owned(),
            text: "Доставка стоит 300 рублей. Оплата картой.".to_owned(),
        },
        PromptPassage {
            title: "Öffnungszeiten".to_owned(),
            text: "Montag bis Freitag 9–18 Uhr\nSonntag geschlossen".to_owned(),
        },
    ];
    for (question, words) in [
        ("请问营业时间是什么？", "9点到18点"),
        ("Сколько стоит доставка?", "300 рублей"),
        ("Wie sind die Öffnungszeiten?", "Montag bis Freitag"),
        ("offnungszeiten sonntag", "Sonntag geschlossen"),
    ] {
        let answer = answer(&Prompt { passages: passages.clone(), ..prompt(question) }).text;
        assert!(answer.contains(words), "{question}: {answer}");
    }
}

#[tokio::test]
async fn the_pieces_make_up_the_answer() {
    let prompt = prompt("what does delivery cost");
    let whole = answer(&prompt).text;
    let mut pieces: Vec<Piece> = BuiltIn.stream(prompt).map(Result::unwrap).collect().await;
    // Delivery is the second article, and the one that is quoted.
    assert_eq!(pieces.pop(), Some(Piece::Cited(1)));
    assert!(pieces.len() > 3);
    let texts = pieces.into_iter().map(|piece| match piece {
        Piece::Text(text) => text,
        other => panic!("{other:?}"),
    });
    assert_eq!(texts.collect::<String>(), whole);
}

/// The articles of the demo shop.
fn demo() -> Vec<PromptPassage> {
    [
        include_str!("../../../../../assets/demo/articles/contact.txt"),
        include_str!("../../../../../assets/demo/articles/delivery.txt"),
        include_str!("../../../../../assets/demo/articles/opening-hours.txt"),
        include_str!("../../../../../assets/demo/articles/payment.txt"),
        include_str!("../../../../../assets/demo/articles/products.txt"),
        include_str!("../../../../../assets/demo/articles/returns.txt"),
    ]
    .into_iter()
    .map(|article| {
        let (title, text) = article.split_once('\n').unwrap();
        PromptPassage { title: title.to_owned(), text: text.trim().to_owned() }
    })
    .collect()
}

#[test]
fn the_demo_shop_answers_what_people_try_first() {
    for (question, start) in [
        ("What are your opening hours?", "**Opening hours"),
        ("when do you close?", "**Opening hours"),
        ("Are you open on Sunday?", "**Opening hours"),
        ("How do I return an item?", "**Returns"),
        ("what does delivery cost", "**Delivery"),
        ("How much is shipping?", "**Delivery"),
        ("how much does a teapot cost", "**Products"),
        ("What products do you have?", "**Products"),
        ("Can I pay with PayPal?", "**Payment"),
        ("Where are you?", "**Contact"),
        ("phone number", "**Contact"),
    ] {
        let answer = answer(&Prompt { passages: demo(), ..prompt(question) }).text;
        assert!(answer.starts_with(start), "{question}: {answer}");
    }
    for question in ["Do you sell bicycles?", "where is my order?", "Can I bring my dog?"] {
        let answer = answer(&Prompt { passages: demo(), ..prompt(question) }).text;
        assert_eq!(answer, not_covered(phrases("en")), "{question}");
    }
}

#[test]
fn what_it_cannot_look_at_it_says_in_the_visitor_s_language() {
    let image = || vec![Enclosed::UnseenImage { name: "red.png".to_owned() }];
    let alone = Prompt { enclosed: image(), language: "de-AT".to_owned(), ..prompt("") };
    let told = answer(&alone).text;
    assert!(told.starts_with("Bilder und Dateien kann ich nicht ansehen. "), "{told}");
    assert!(told.ends_with(phrases("de").ask_person), "{told}");
    // Words beside it are answered as ever.
    let question = Prompt { enclosed: image(), ..prompt("opening hours?") };
    assert_eq!(answer(&question).text, answer_to("opening hours?"));
}
