//! The same four articles in eleven languages, and what visitors ask of them.

use super::*;

/// What visitors of one language ask of its articles, and a sentence that must be quoted.
struct Shop {
    language: &'static str,
    /// Titles and texts: opening hours, returns, delivery, payment.
    articles: [(&'static str, &'static str); 4],
    /// Each with a part of the sentence that answers.
    asked: &'static [(&'static str, &'static str)],
    /// None of the articles answers these.
    unanswerable: &'static [&'static str],
}

#[rustfmt::skip]
const SHOPS: [Shop; 11] = [
    Shop {
        language: "en",
        articles: [
            ("Opening hours", "The shop is open Monday to Friday from 9 to 18. On Saturday we close at 14. The car park is behind the house."),
            ("Returns", "You can send unworn goods back within 30 days. Print the label in your account. The money is back within five days."),
            ("Delivery", "Standard delivery takes two to three days and costs 4.90 euros. Abroad it takes a week."),
            ("Payment", "We accept cards and PayPal. Companies can pay by invoice."),
        ],
        asked: &[
            ("opening hours?", "from 9 to 18"),
            ("When are you open on Saturday?", "On Saturday we close at 14"),
            ("how do I return an item?", "within 30 days"),
            ("How much does delivery cost?", "4.90 euros"),
            ("can I pay by card", "cards and PayPal"),
        ],
        unanswerable: &["Do you sell bicycles?", "What is the weather like tomorrow?", "Can my dog come along?"],
    },
    Shop {
        language: "de",
        articles: [
            ("Öffnungszeiten", "Das Geschäft ist montags bis freitags von 9 bis 18 Uhr geöffnet. Samstags schließen wir um 14 Uhr. Der Parkplatz liegt hinter dem Haus."),
            ("Rückgabe", "Ungetragene Ware können Sie innerhalb von 30 Tagen zurückschicken. Drucken Sie das Etikett in Ihrem Konto aus. Das Geld ist nach fünf Tagen zurück."),
            ("Lieferung", "Die Lieferung dauert zwei bis drei Tage und kostet 4,90 Euro. Ins Ausland dauert sie eine Woche."),
            ("Zahlung", "Wir nehmen Karten und PayPal. Firmen zahlen auf Rechnung."),
        ],
        asked: &[
            ("Öffnungszeiten?", "von 9 bis 18 Uhr"),
            ("Wann habt ihr samstags offen?", "Samstags schließen wir um 14 Uhr"),
            ("Wie kann ich einen Artikel zurückgeben?", "innerhalb von 30 Tagen"),
            ("Was kostet die Lieferung?", "4,90 Euro"),
            ("Kann ich mit Karte zahlen?", "Karten und PayPal"),
        ],
        unanswerable: &["Verkaufen Sie Fahrräder?", "Wie wird das Wetter morgen?", "Darf mein Hund mitkommen?"],
    },
    Shop {
        language: "fr",
        articles: [
            ("Horaires d'ouverture", "Le magasin est ouvert du lundi au vendredi de 9 h à 18 h. Le samedi nous fermons à 14 h. Le parking est derrière la maison."),
            ("Retours", "Vous pouvez renvoyer les articles non portés pendant 30 jours. Imprimez l'étiquette dans votre compte. L'argent revient en cinq jours."),
            ("Livraison", "La livraison prend deux à trois jours et coûte 4,90 euros. À l'étranger il faut une semaine."),
            ("Paiement", "Nous acceptons les cartes et PayPal. Les entreprises paient sur facture."),
        ],
        asked: &[
            ("Quels sont vos horaires ?", "de 9 h à 18 h"),
            ("Vous êtes ouverts le samedi ?", "Le samedi nous fermons à 14 h"),
            ("Comment retourner un article ?", "pendant 30 jours"),
            ("Combien coûte la livraison ?", "4,90 euros"),
            ("Puis-je payer par carte ?", "cartes et PayPal"),
        ],
        unanswerable: &["Vendez-vous des vélos ?", "Quel temps fera-t-il demain ?", "Mon chien peut-il venir ?"],
    },
    Shop {
        language: "es",
        articles: [
            ("Horario de apertura", "La tienda está abierta de lunes a viernes de 9 a 18 h. Los sábados cerramos a las 14 h. El aparcamiento está detrás de la casa."),
            ("Devoluciones", "Puede devolver los artículos sin usar en 30 días. Imprima la etiqueta en su cuenta. El dinero vuelve en cinco días."),
            ("Envíos", "El envío tarda dos o tres días y cuesta 4,90 euros. Al extranjero tarda una semana."),
            ("Pago", "Aceptamos tarjetas y PayPal. Las empresas pagan con factura."),
        ],
        asked: &[
            ("¿Cuál es el horario?", "de 9 a 18 h"),
            ("¿Abren los sábados?", "Los sábados cerramos a las 14 h"),
            ("¿Cómo devuelvo un artículo?", "en 30 días"),
            ("¿Cuánto cuesta el envío?", "4,90 euros"),
            ("¿Puedo pagar con tarjeta?", "tarjetas y PayPal"),
        ],
        unanswerable: &["¿Venden bicicletas?", "¿Qué tiempo hará mañana?", "¿Puede venir mi perro?"],
    },
    Shop {
        language: "tr",
        articles: [
            ("Çalışma saatleri", "Mağaza pazartesiden cumaya 9 ile 18 arasında açıktır. Cumartesi günleri 14'te kapatıyoruz. Otopark evin arkasındadır."),
            ("İade", "Kullanılmamış ürünleri 30 gün içinde iade edebilirsiniz. Etiketi hesabınızdan yazdırın. Paranız beş günde geri ödenir."),
            ("Teslimat", "Teslimat iki üç gün sürer ve ücreti 4,90 avrodur. Yurt dışına bir hafta sürer."),
            ("Ödeme", "Kart ve PayPal kabul ediyoruz. Şirketler faturayla ödeyebilir."),
        ],
        asked: &[
            ("Çalışma saatleriniz nedir?", "9 ile 18 arasında"),
            ("Cumartesi açık mısınız?", "Cumartesi günleri 14'te kapatıyoruz"),
            ("Bir ürünü nasıl iade ederim?", "30 gün içinde"),
            ("Teslimat ücreti ne kadar?", "4,90 avrodur"),
            ("Kartla ödeyebilir miyim?", "Kart ve PayPal"),
        ],
        unanswerable: &["Bisiklet satıyor musunuz?", "Yarın hava nasıl olacak?", "Köpeğim gelebilir mi?"],
    },
    Shop {
        language: "ru",
        articles: [
            ("Часы работы", "Магазин открыт с понедельника по пятницу с 9 до 18. В субботу закрываемся в 14. Парковка находится за домом."),
            ("Возврат", "Неношеные товары можно вернуть в течение 30 дней. Распечатайте этикетку в личном кабинете. Деньги придут через пять дней."),
            ("Доставка", "Доставка занимает два-три дня и стоит 490 рублей. За границу она идёт неделю."),
            ("Оплата", "Мы принимаем карты и PayPal. Компании платят по счёту."),
        ],
        asked: &[
            ("Часы работы?", "с 9 до 18"),
            ("Вы открыты в субботу?", "В субботу закрываемся в 14"),
            ("Как вернуть товар?", "в течение 30 дней"),
            ("Сколько стоит доставка?", "490 рублей"),
            ("Можно оплатить картой?", "карты и PayPal"),
        ],
        unanswerable: &["Вы продаёте велосипеды?", "Какая завтра погода?", "Можно прийти с собакой?"],
    },
    Shop {
        language: "ar",
        articles: [
            ("ساعات العمل", "المتجر مفتوح من الاثنين إلى الجمعة من الساعة 9 حتى 18. نغلق يوم السبت في الساعة 14. موقف السيارات خلف المبنى."),
            ("الإرجاع", "يمكنكم إرجاع المنتجات غير المستعملة خلال 30 يوما. اطبعوا الملصق من حسابكم. يعود المال خلال خمسة أيام."),
            ("التوصيل", "يستغرق التوصيل يومين أو ثلاثة أيام وتكلفته 490 ريالا. إلى الخارج يستغرق أسبوعا."),
            ("الدفع", "نقبل البطاقات وباي بال. يمكن للشركات الدفع بالفاتورة."),
        ],
        asked: &[
            ("ما هي ساعات العمل؟", "من الساعة 9 حتى 18"),
            ("هل المتجر مفتوح يوم السبت؟", "نغلق يوم السبت في الساعة 14"),
            ("كيف يمكنني إرجاع منتج؟", "خلال 30 يوما"),
            ("كم تكلفة التوصيل؟", "490 ريالا"),
            ("هل يمكن الدفع بالبطاقة؟", "البطاقات وباي بال"),
        ],
        unanswerable: &["هل تبيعون الدراجات؟", "كيف الطقس غدا؟", "هل أستطيع إحضار كلبي؟"],
    },
    Shop {
        language: "hi",
        articles: [
            ("खुलने का समय", "दुकान सोमवार से शुक्रवार 9 से 18 बजे तक खुली रहती है। शनिवार को हम 14 बजे बंद करते हैं। पार्किंग घर के पीछे है।"),
            ("वापसी", "बिना पहना सामान आप 30 दिन के भीतर वापस कर सकते हैं। अपने खाते से लेबल छापें। पैसे पाँच दिन में लौटते हैं।"),
            ("डिलीवरी", "डिलीवरी में दो से तीन दिन लगते हैं और 490 रुपये खर्च आता है। विदेश में एक हफ़्ता लगता है।"),
            ("भुगतान", "हम कार्ड और पेपाल लेते हैं। कंपनियाँ बिल से भुगतान कर सकती हैं।"),
        ],
        asked: &[
            ("दुकान खुलने का समय क्या है?", "9 से 18 बजे"),
            ("क्या शनिवार को दुकान खुली है?", "शनिवार को हम 14 बजे बंद"),
            ("मैं सामान वापस कैसे करूँ?", "30 दिन के भीतर"),
            ("डिलीवरी का खर्च कितना है?", "490 रुपये"),
            ("क्या कार्ड से भुगतान हो सकता है?", "कार्ड और पेपाल"),
        ],
        unanswerable: &["क्या आप साइकिल बेचते हैं?", "कल मौसम कैसा रहेगा?", "क्या मेरा कुत्ता आ सकता है?"],
    },
    Shop {
        language: "zh",
        articles: [
            ("营业时间", "商店周一至周五9点到18点营业。周六我们14点关门。停车场在房子后面。"),
            ("退货", "未使用的商品可以在30天内退货。请在您的账户中打印标签。款项五天内退回。"),
            ("配送", "配送需要两到三天，费用为49元。寄往国外需要一周。"),
            ("付款", "我们接受银行卡和贝宝。公司可以凭发票付款。"),
        ],
        asked: &[
            ("营业时间？", "9点到18点"),
            ("周六几点关门？", "周六我们14点关门"),
            ("怎么退货？", "30天内退货"),
            ("配送费用是多少？", "费用为49元"),
            ("可以用银行卡付款吗？", "银行卡和贝宝"),
        ],
        unanswerable: &["你们卖自行车吗？", "明天天气怎么样？", "可以带狗吗？"],
    },
    Shop {
        language: "ja",
        articles: [
            ("営業時間", "店は月曜から金曜の9時から18時まで営業しています。土曜日は14時に閉店します。駐車場は建物の裏にあります。"),
            ("返品", "未使用の商品は30日以内に返品できます。アカウントからラベルを印刷してください。代金は五日以内に戻ります。"),
            ("配送", "配送には二、三日かかり、料金は490円です。海外へは一週間かかります。"),
            ("支払い", "カードとPayPalがご利用いただけます。会社は請求書でお支払いいただけます。"),
        ],
        asked: &[
            ("営業時間は？", "9時から18時まで"),
            ("土曜日は何時に閉店しますか", "土曜日は14時に閉店"),
            ("商品を返品するにはどうすればいいですか", "30日以内に返品"),
            ("配送の料金はいくらですか", "料金は490円"),
            ("カードは使えますか", "カードとPayPal"),
        ],
        unanswerable: &["自転車は売っていますか", "明日の天気はどうですか", "犬を連れて行けますか"],
    },
    Shop {
        language: "th",
        articles: [
            ("เวลาทำการ", "ร้านเปิดวันจันทร์ถึงวันศุกร์ เวลา 9 ถึง 18 นาฬิกา\nวันเสาร์เราปิดเวลา 14 นาฬิกา\nที่จอดรถอยู่หลังบ้าน"),
            ("การคืนสินค้า", "สินค้าที่ยังไม่ได้ใช้คืนได้ภายใน 30 วัน\nพิมพ์ฉลากจากบัญชีของคุณ\nเงินจะคืนภายในห้าวัน"),
            ("การจัดส่ง", "การจัดส่งใช้เวลาสองถึงสามวัน ค่าส่ง 49 บาท\nส่งต่างประเทศใช้เวลาหนึ่งสัปดาห์"),
            ("การชำระเงิน", "เรารับบัตรและเพย์พาล\nบริษัทชำระด้วยใบแจ้งหนี้ได้"),
        ],
        asked: &[
            ("เวลาทำการ?", "9 ถึง 18"),
            ("วันเสาร์เปิดกี่โมง", "วันเสาร์เราปิดเวลา 14"),
            ("คืนสินค้าอย่างไร", "ภายใน 30 วัน"),
            ("ค่าจัดส่งเท่าไร", "49 บาท"),
            ("ชำระเงินด้วยบัตรได้ไหม", "เรารับบัตร"),
        ],
        unanswerable: &["ขายจักรยานไหม", "พรุ่งนี้อากาศเป็นอย่างไร", "พาสุนัขไปได้ไหม"],
    },
];

impl Shop {
    fn answer(&self, question: &str) -> String {
        let passages = self.articles.iter().map(|(title, text)| PromptPassage {
            title: (*title).to_owned(),
            text: (*text).to_owned(),
        });
        answer(&Prompt {
            question: question.to_owned(),
            passages: passages.collect(),
            agent_name: "Mia".to_owned(),
            language: self.language.to_owned(),
            ..Prompt::default()
        })
        .text
    }
}

#[test]
fn the_sentence_that_answers_is_quoted() {
    let mut wrong = Vec::new();
    for shop in &SHOPS {
        for (question, expected) in shop.asked {
            let answer = shop.answer(question);
            if !answer.contains(expected) {
                wrong.push(format!("{}: {question}\n{answer}\n", shop.language));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sentences_about_something_else_are_left_out() {
    let mut wrong = Vec::new();
    for shop in &SHOPS {
        // Where to park is no answer to when on Saturday.
        let parking = [
            "car park",
            "Parkplatz",
            "parking",
            "aparcamiento",
            "Otopark",
            "Парковка",
            "موقف",
            "पार्किंग",
            "停车场",
            "駐車場",
            "ที่จอดรถ",
        ];
        let (question, _) = shop.asked[1];
        let answer = shop.answer(question);
        if parking.iter().any(|word| answer.contains(word)) {
            wrong.push(format!("{}: {question}\n{answer}\n", shop.language));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_no_article_covers_is_not_answered_in_any_language() {
    let mut wrong = Vec::new();
    for shop in &SHOPS {
        for question in shop.unanswerable {
            let answer = shop.answer(question);
            if answer != not_covered(phrases(shop.language)) {
                wrong.push(format!("{}: {question}\n{answer}\n", shop.language));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
