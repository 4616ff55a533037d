//! The built-in answerer's own sentences.

/// What it says beside quotations, in one language. `{name}` is the agent's name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrases {
    /// The primary subtag of BCP 47.
    pub language: &'static str,
    pub hello: &'static str,
    pub thanks: &'static str,
    pub bye: &'static str,
    /// Who is answering.
    pub about: &'static str,
    /// The articles do not cover the question.
    pub no_answer: &'static str,
    /// The visitor sent images or files and no words.
    pub cannot_see: &'static str,
    /// Before quotations that cover only a part of the question.
    pub closest: &'static str,
    /// How to reach a person.
    pub ask_person: &'static str,
}

/// The sentences in the language of a BCP 47 tag, in English if they are not there.
pub(super) fn phrases(language: &str) -> &'static Phrases {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    // Two old tags are still sent by some browsers.
    let primary = if primary == "iw" { "he" } else { primary.as_str() };
    ALL.iter().find(|phrases| phrases.language == primary).unwrap_or(&ALL[0])
}

/// Whether there are sentences in the language.
pub(super) fn is_spoken(language: &str) -> bool {
    ALL.iter().any(|phrases| phrases.language == language)
}

// tidy allows sentences: what the built-in answerer says, in each of its languages
pub(super) const ALL: [Phrases; 17] = [
    Phrases {
        language: "en",
        hello: "Hello, I'm {name}. What would you like to know?",
        thanks: "You're welcome. Is there anything else you would like to know?",
        bye: "Goodbye, and have a good day.",
        about: "I'm {name}, an automated assistant. I answer by quoting this site's articles.",
        no_answer: "I couldn't find an answer to that in our articles.",
        cannot_see: "I can't look at images or files.",
        closest: "I'm not sure this answers your question, but it is the closest I found:",
        ask_person: "Write down here what you need, and a person from the team can answer you in this chat.",
    },
    Phrases {
        language: "de",
        hello: "Hallo, ich bin {name}. Was möchten Sie wissen?",
        thanks: "Gern geschehen. Möchten Sie noch etwas wissen?",
        bye: "Auf Wiedersehen und einen schönen Tag.",
        about: "Ich bin {name}, ein automatischer Assistent. Ich antworte mit Zitaten aus den Artikeln dieser Website.",
        no_answer: "Dazu habe ich in unseren Artikeln keine Antwort gefunden.",
        cannot_see: "Bilder und Dateien kann ich nicht ansehen.",
        closest: "Ich bin nicht sicher, ob das Ihre Frage beantwortet, aber es kommt ihr am nächsten:",
        ask_person: "Schreiben Sie hier, was Sie brauchen, dann kann Ihnen jemand aus dem Team in diesem Chat antworten.",
    },
    Phrases {
        language: "es",
        hello: "Hola, soy {name}. ¿Qué le gustaría saber?",
        thanks: "De nada. ¿Hay algo más que quiera saber?",
        bye: "Hasta luego, que tenga un buen día.",
        about: "Soy {name}, un asistente automático. Respondo citando los artículos de este sitio.",
        no_answer: "No he encontrado una respuesta a eso en nuestros artículos.",
        cannot_see: "No puedo ver imágenes ni archivos.",
        closest: "No estoy seguro de que esto responda a su pregunta, pero es lo más parecido que he encontrado:",
        ask_person: "Escriba aquí lo que necesita y una persona del equipo podrá responderle en este chat.",
    },
    Phrases {
        language: "fr",
        hello: "Bonjour, je suis {name}. Que souhaitez-vous savoir ?",
        thanks: "Avec plaisir. Souhaitez-vous savoir autre chose ?",
        bye: "Au revoir et bonne journée.",
        about: "Je suis {name}, un assistant automatique. Je réponds en citant les articles de ce site.",
        no_answer: "Je n'ai pas trouvé de réponse à cette question dans nos articles.",
        cannot_see: "Je ne peux pas voir les images ni les fichiers.",
        closest: "Je ne suis pas sûr que cela réponde à votre question, mais c'est ce qui s'en approche le plus :",
        ask_person: "Écrivez ici ce dont vous avez besoin, et une personne de l'équipe pourra vous répondre dans ce chat.",
    },
    Phrases {
        language: "it",
        hello: "Salve, sono {name}. Che cosa vorrebbe sapere?",
        thanks: "Prego. C'è altro che vorrebbe sapere?",
        bye: "Arrivederci e buona giornata.",
        about: "Sono {name}, un assistente automatico. Rispondo citando gli articoli di questo sito.",
        no_answer: "Non ho trovato una risposta nei nostri articoli.",
        cannot_see: "Non posso vedere immagini né file.",
        closest: "Non sono sicuro che questo risponda alla sua domanda, ma è ciò che più le si avvicina:",
        ask_person: "Scriva qui di che cosa ha bisogno e una persona del team potrà risponderle in questa chat.",
    },
    Phrases {
        language: "pt",
        hello: "Olá, sou {name}. O que gostaria de saber?",
        thanks: "De nada. Gostaria de saber mais alguma coisa?",
        bye: "Até logo e tenha um bom dia.",
        about: "Sou {name}, um assistente automático. Respondo citando os artigos deste site.",
        no_answer: "Não encontrei resposta para isso nos nossos artigos.",
        cannot_see: "Não consigo ver imagens nem ficheiros.",
        closest: "Não tenho certeza de que isto responda à sua pergunta, mas é o mais próximo que encontrei:",
        ask_person: "Escreva aqui o que precisa e uma pessoa da equipe poderá responder neste chat.",
    },
    Phrases {
        language: "nl",
        hello: "Hallo, ik ben {name}. Wat wilt u weten?",
        thanks: "Graag gedaan. Wilt u nog iets weten?",
        bye: "Tot ziens en een fijne dag.",
        about: "Ik ben {name}, een automatische assistent. Ik antwoord met citaten uit de artikelen van deze site.",
        no_answer: "Daar heb ik in onze artikelen geen antwoord op gevonden.",
        cannot_see: "Ik kan geen afbeeldingen of bestanden bekijken.",
        closest: "Ik weet niet zeker of dit uw vraag beantwoordt, maar het komt er het dichtst bij:",
        ask_person: "Schrijf hier wat u nodig hebt, dan kan iemand van het team u in deze chat antwoorden.",
    },
    Phrases {
        language: "pl",
        hello: "Dzień dobry, tu {name}. W czym mogę pomóc?",
        thanks: "Nie ma za co. Czy chcesz wiedzieć coś jeszcze?",
        bye: "Do widzenia, miłego dnia.",
        about: "Jestem {name}, automatyczny asystent. Odpowiadam, cytując artykuły tej strony.",
        no_answer: "Nie znalazłem odpowiedzi na to pytanie w naszych artykułach.",
        cannot_see: "Nie mogę oglądać obrazów ani plików.",
        closest: "Nie mam pewności, czy to odpowiada na pytanie, ale to najbliższe, co znalazłem:",
        ask_person: "Napisz tutaj, czego potrzebujesz, a ktoś z zespołu będzie mógł odpowiedzieć w tym czacie.",
    },
    Phrases {
        language: "ru",
        hello: "Здравствуйте, я {name}. Что вы хотели бы узнать?",
        thanks: "Пожалуйста. Хотите узнать что-нибудь ещё?",
        bye: "До свидания, хорошего дня.",
        about: "Я {name}, автоматический помощник. Отвечаю цитатами из статей этого сайта.",
        no_answer: "В наших статьях нет ответа на этот вопрос.",
        cannot_see: "Я не могу просматривать изображения и файлы.",
        closest: "Не уверен, что это ответ на ваш вопрос, но вот самое близкое, что нашлось:",
        ask_person: "Напишите здесь, что вам нужно, и сотрудник сможет ответить вам в этом чате.",
    },
    Phrases {
        language: "uk",
        hello: "Вітаю, я {name}. Що ви хотіли б дізнатися?",
        thanks: "Будь ласка. Бажаєте дізнатися ще щось?",
        bye: "До побачення, гарного дня.",
        about: "Я {name}, автоматичний помічник. Відповідаю цитатами зі статей цього сайту.",
        no_answer: "У наших статтях немає відповіді на це запитання.",
        cannot_see: "Я не можу переглядати зображення та файли.",
        closest: "Не певен, що це відповідь на ваше запитання, але ось найближче, що знайшлося:",
        ask_person: "Напишіть тут, що вам потрібно, і співробітник зможе відповісти вам у цьому чаті.",
    },
    Phrases {
        language: "tr",
        hello: "Merhaba, ben {name}. Ne öğrenmek istersiniz?",
        thanks: "Rica ederim. Öğrenmek istediğiniz başka bir şey var mı?",
        bye: "Hoşça kalın, iyi günler.",
        about: "Ben {name}, otomatik bir asistanım. Bu sitenin makalelerinden alıntı yaparak yanıt veririm.",
        no_answer: "Makalelerimizde bunun yanıtını bulamadım.",
        cannot_see: "Görsellere ve dosyalara bakamıyorum.",
        closest: "Bunun sorunuzu yanıtladığından emin değilim, ama bulduğum en yakın bilgi bu:",
        ask_person: "Neye ihtiyacınız olduğunu buraya yazın; ekipten biri bu sohbette size yanıt verebilir.",
    },
    Phrases {
        language: "ar",
        hello: "مرحبًا، أنا {name}. ماذا تودّ أن تعرف؟",
        thanks: "على الرحب والسعة. هل تودّ معرفة شيء آخر؟",
        bye: "مع السلامة، ويومًا سعيدًا.",
        about: "أنا {name}، مساعد آلي. أجيب باقتباس مقالات هذا الموقع.",
        no_answer: "لم أجد إجابة عن ذلك في مقالاتنا.",
        cannot_see: "لا أستطيع الاطّلاع على الصور أو الملفات.",
        closest: "لست متأكدًا من أن هذا يجيب عن سؤالك، لكنه أقرب ما وجدته:",
        ask_person: "اكتب هنا ما تحتاج إليه، ويمكن لأحد أفراد الفريق أن يجيبك في هذه المحادثة.",
    },
    Phrases {
        language: "he",
        hello: "שלום, אני {name}. מה תרצו לדעת?",
        thanks: "בשמחה. תרצו לדעת עוד משהו?",
        bye: "להתראות ויום טוב.",
        about: "אני {name}, עוזר אוטומטי. אני עונה בציטוטים מהמאמרים של האתר.",
        no_answer: "לא מצאתי לכך תשובה במאמרים שלנו.",
        cannot_see: "איני יכול לצפות בתמונות או בקבצים.",
        closest: "איני בטוח שזה עונה על השאלה, אבל זה הקרוב ביותר שמצאתי:",
        ask_person: "כתבו כאן מה אתם צריכים, ואדם מהצוות יוכל לענות לכם בצ'אט הזה.",
    },
    Phrases {
        language: "hi",
        hello: "नमस्ते, मैं {name} हूँ। आप क्या जानना चाहेंगे?",
        thanks: "आपका स्वागत है। क्या आप कुछ और जानना चाहेंगे?",
        bye: "अलविदा, आपका दिन शुभ हो।",
        about: "मैं {name} हूँ, एक स्वचालित सहायक। मैं इस साइट के लेखों से उद्धरण देकर उत्तर देता हूँ।",
        no_answer: "हमारे लेखों में मुझे इसका उत्तर नहीं मिला।",
        cannot_see: "मैं चित्र या फ़ाइलें नहीं देख सकता।",
        closest: "मुझे यकीन नहीं कि यह आपके प्रश्न का उत्तर है, पर सबसे निकट यही मिला:",
        ask_person: "आपको जो चाहिए वह यहाँ लिखें, टीम का कोई व्यक्ति इसी चैट में उत्तर दे सकता है।",
    },
    Phrases {
        language: "zh",
        hello: "您好，我是{name}。您想了解什么？",
        thanks: "不客气。还有什么想了解的吗？",
        bye: "再见，祝您愉快。",
        about: "我是{name}，一个自动助手，会引用本网站的文章来回答。",
        no_answer: "我在我们的文章中没有找到答案。",
        cannot_see: "我无法查看图片或文件。",
        closest: "我不确定这是否回答了您的问题，但这是我找到的最接近的内容：",
        ask_person: "请在这里写下您的需要，团队成员可以在此聊天中回复您。",
    },
    Phrases {
        language: "ja",
        hello: "こんにちは、{name}です。何をお知りになりたいですか。",
        thanks: "どういたしまして。ほかに知りたいことはありますか。",
        bye: "さようなら。よい一日をお過ごしください。",
        about: "{name}という自動アシスタントです。このサイトの記事を引用してお答えします。",
        no_answer: "記事の中に答えが見つかりませんでした。",
        cannot_see: "画像やファイルを見ることができません。",
        closest: "ご質問の答えになっているか分かりませんが、最も近い内容はこちらです。",
        ask_person: "必要なことをここにお書きください。担当者がこのチャットでお答えできます。",
    },
    Phrases {
        language: "ko",
        hello: "안녕하세요, {name}입니다. 무엇이 궁금하신가요?",
        thanks: "천만에요. 더 궁금한 점이 있으신가요?",
        bye: "안녕히 가세요. 좋은 하루 보내세요.",
        about: "저는 자동 도우미 {name}입니다. 이 사이트의 글을 인용해 답합니다.",
        no_answer: "저희 글에서 그에 대한 답을 찾지 못했습니다.",
        cannot_see: "저는 이미지나 파일을 볼 수 없습니다.",
        closest: "질문에 대한 답인지 확실하지 않지만 가장 가까운 내용입니다:",
        ask_person: "필요한 내용을 여기에 적어 주시면 담당자가 이 채팅에서 답해 드릴 수 있습니다.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_matched_by_their_first_part() {
        assert_eq!(phrases("pt-BR").language, "pt");
        assert_eq!(phrases("DE_at").language, "de");
        assert_eq!(phrases("iw").language, "he");
        assert_eq!(phrases("tlh").language, "en");
        assert_eq!(phrases("").language, "en");
    }

    #[test]
    fn every_language_has_every_sentence() {
        for phrases in ALL {
            for sentence in [phrases.hello, phrases.about] {
                assert!(sentence.contains("{name}"), "{}", phrases.language);
            }
            for sentence in [
                phrases.thanks,
                phrases.bye,
                phrases.no_answer,
                phrases.cannot_see,
                phrases.closest,
                phrases.ask_person,
            ] {
                assert!(
                    !sentence.is_empty() && !sentence.contains(['{', '!']),
                    "{}",
                    phrases.language
                );
            }
        }
    }
}
