import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail.reply import MARKER, is_passed_on, visible_end

# As mail programs write them, each over the mail that is answered.
ATTRIBUTIONS = {
    "gmail-en": "On Mon, Mar 2, 2026 at 10:00 AM Acme <support@acme.example> wrote:",
    "gmail-en-folded": "On Mon, Mar 2, 2026 at 10:00 AM Acme Support of the North\n<support@acme.example> wrote:",
    "gmail-de": "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Acme <support@acme.example>:",
    "gmail-fr": "Le lun. 2 mars 2026 à 10:00, Acme <support@acme.example> a écrit :",
    "gmail-es": "El lun, 2 mar 2026 a las 10:00, Acme (<support@acme.example>) escribió:",
    "gmail-it": "Il giorno lun 2 mar 2026 alle ore 10:00 Acme <support@acme.example> ha scritto:",
    "gmail-pt": "Acme <support@acme.example> escreveu (segunda, 2/03/2026 à(s) 10:00):",
    "gmail-pt-br": "Em seg., 2 de mar. de 2026 às 10:00, Acme <support@acme.example> escreveu:",
    "gmail-nl": "Op ma 2 mrt 2026 om 10:00 schreef Acme <support@acme.example>:",
    "gmail-pl": "pon., 2 mar 2026 o 10:00 Acme <support@acme.example> napisał(a):",
    "gmail-sv": "Den mån 2 mars 2026 kl 10:00 skrev Acme <support@acme.example>:",
    "gmail-da": "Den man. 2. mar. 2026 kl. 10.00 skrev Acme <support@acme.example>:",
    "gmail-no": "man. 2. mars 2026 kl. 10:00 skrev Acme <support@acme.example>:",
    "gmail-fi": "ma 2. maalisk. 2026 klo 10.00 Acme (support@acme.example) kirjoitti:",
    "gmail-cs": "po 2. 3. 2026 v 10:00 odesílatel Acme <support@acme.example> napsal:",
    "gmail-sk": "po 2. 3. 2026 o 10:00 Acme <support@acme.example> napísal(a):",
    "gmail-hu": "Acme <support@acme.example> ezt írta (időpont: 2026. márc. 2., H, 10:00):",
    "gmail-ro": "În lun., 2 mar. 2026 la 10:00, Acme <support@acme.example> a scris:",
    "gmail-tr": "Acme <support@acme.example>, 2 Mar 2026 Pzt, 10:00 tarihinde şunu yazdı:",
    "gmail-ru": "пн, 2 мар. 2026 г. в 10:00, Acme <support@acme.example>:",
    "gmail-uk": "пн, 2 бер. 2026 р. о 10:00 Acme <support@acme.example> пише:",
    "gmail-bg": "На пн, 2.03.2026 г. в 10:00 Acme <support@acme.example> написа:",
    "gmail-el": "Στις Δευ 2 Μαρ 2026 στις 10:00 π.μ., ο χρήστης Acme <support@acme.example> έγραψε:",
    "gmail-ja": "2026年3月2日(月) 10:00 Acme <support@acme.example>:",
    "gmail-zh": "Acme <support@acme.example> 于2026年3月2日周一 10:00写道：",
    "gmail-ko": "2026년 3월 2일 (월) 오전 10:00, Acme <support@acme.example>님이 작성:",
    "gmail-vi": "Vào Th 2, 2 thg 3, 2026 vào lúc 10:00 Acme <support@acme.example> đã viết:",
    "gmail-id": "Pada Sen, 2 Mar 2026 pukul 10.00 Acme <support@acme.example> menulis:",
    "gmail-he": "\u202bבתאריך יום ב׳, 2 במרץ 2026 ב-10:00 מאת Acme <\u202asupport@acme.example\u202c>:\u202c",
    "gmail-ar": "في الاثنين، 2 مارس 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Acme <support@acme.example>:",
    "apple-en": "On 2 Mar 2026, at 10:00, Acme <support@acme.example> wrote:",
    "apple-de": "Am 02.03.2026 um 10:00 schrieb Acme <support@acme.example>:",
    "thunderbird-en": "On 3/2/26 10:00, Acme wrote:",
    "thunderbird-de": "Am 02.03.26 um 10:00 schrieb Acme:",
    "thunderbird-fr": "Le 02/03/2026 à 10:00, Acme a écrit :",
    "thunderbird-pl": "W dniu 2.03.2026 o 10:00, Acme pisze:",
    "proton": "On Monday, March 2nd, 2026 at 10:00 AM, Acme <support@acme.example> wrote:",
    "yahoo": "On Monday, March 2, 2026 at 10:00:00 AM GMT+1, Acme <support@acme.example> wrote:",
}
SEPARATORS = {
    "outlook-en": "From: Acme <support@acme.example>\nSent: Monday, March 2, 2026 10:00\nTo: Cleo\nSubject: Printer",
    "outlook-line": (
        "________________________________\nFrom: Acme <support@acme.example>\nSent: Monday\nTo: Cleo\nSubject: x"
    ),
    "outlook-original": "-----Original Message-----\nFrom: Acme\nSent: Monday\nTo: Cleo\nSubject: Printer",
    "outlook-de": "Von: Acme <support@acme.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: Cleo\nBetreff: Drucker",
    "outlook-de-original": "-----Ursprüngliche Nachricht-----\nVon: Acme\nGesendet: Montag\nAn: Cleo\nBetreff: x",
    "outlook-fr": "De : Acme <support@acme.example>\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Cleo\nObjet : Imprimante",
    "outlook-es": "De: Acme\nEnviado el: lunes, 2 de marzo de 2026\nPara: Cleo\nAsunto: Impresora",
    "outlook-it": "Da: Acme\nInviato: lunedì 2 marzo 2026\nA: Cleo\nOggetto: Stampante",
    "outlook-pt": "De: Acme\nEnviada em: segunda-feira, 2 de março\nPara: Cleo\nAssunto: Impressora",
    "outlook-nl": "Van: Acme\nVerzonden: maandag 2 maart 2026\nAan: Cleo\nOnderwerp: Printer",
    "outlook-sv": "Från: Acme\nSkickat: den 2 mars 2026\nTill: Cleo\nÄmne: Skrivare",
    "outlook-da": "Fra: Acme\nSendt: 2. marts 2026\nTil: Cleo\nEmne: Printer",
    "outlook-fi": "Lähettäjä: Acme\nLähetetty: 2. maaliskuuta\nVastaanottaja: Cleo\nAihe: Tulostin",
    "outlook-pl": "Od: Acme\nWysłano: 2 marca 2026\nDo: Cleo\nTemat: Drukarka",
    "outlook-cs": "Od: Acme\nOdesláno: 2. března 2026\nKomu: Cleo\nPředmět: Tiskárna",
    "outlook-hu": "Feladó: Acme\nElküldve: 2026. március 2.\nCímzett: Cleo\nTárgy: Nyomtató",
    "outlook-tr": "Kimden: Acme\nGönderildi: 2 Mart 2026\nKime: Cleo\nKonu: Yazıcı",
    "outlook-ru": "От: Acme\nОтправлено: 2 марта 2026\nКому: Cleo\nТема: Принтер",
    "outlook-ja": "差出人: Acme\n送信日時: 2026年3月2日\n宛先: Cleo\n件名: プリンター",
    "outlook-zh": "发件人: Acme\n发送时间: 2026年3月2日\n收件人: Cleo\n主题: 打印机",
    "outlook-mobile": "*From:* Acme\n*Sent:* Monday\n*To:* Cleo\n*Subject:* Printer",
    "proton-old": "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, Acme wrote",
    "marker": MARKER,
}
ANSWER = "Thanks, that helped.\n\nCleo"
QUOTED = "> Dear Cleo,\n>\n> please turn it off and on.\n"
BARE = "Dear Cleo,\n\nplease turn it off and on.\n"


def shown(text: str, quote: int | None = None) -> str:
    return text[: visible_end(text, quote=quote)].strip()


@pytest.mark.parametrize("program", ATTRIBUTIONS)
def test_a_quote_under_its_attribution_is_folded(program: str) -> None:
    assert shown(f"{ANSWER}\n\n{ATTRIBUTIONS[program]}\n{QUOTED}") == ANSWER
    assert shown(f"{ANSWER}\n\n{ATTRIBUTIONS[program]}\n\n{QUOTED}") == ANSWER


@pytest.mark.parametrize("program", sorted(ATTRIBUTIONS.keys() - {"gmail-he", "gmail-ar"}))
def test_a_quote_without_marks_is_folded(program: str) -> None:
    assert shown(f"{ANSWER}\n\n{ATTRIBUTIONS[program]}\n\n{BARE}") == ANSWER


@pytest.mark.parametrize("program", SEPARATORS)
def test_a_quote_under_a_separator_is_folded(program: str) -> None:
    assert shown(f"{ANSWER}\n\n{SEPARATORS[program]}\n\n{BARE}") == ANSWER
    assert shown(f"{ANSWER}\n{SEPARATORS[program]}\n\n{BARE}") == ANSWER


def test_many_languages_are_known() -> None:
    assert len({program.split("-")[1] for program in ATTRIBUTIONS if "-" in program}) >= 14


def test_a_quote_without_attribution_is_folded() -> None:
    assert shown(f"{ANSWER}\n\n{QUOTED}") == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        f"{ATTRIBUTIONS['gmail-en']}\n> is it on?\nyes\n> is it red?\nno, green\n",
        "> is it on?\nyes\n> is it red?\nno, green\n",
        f"Hi,\n\nsee below.\n\n{ATTRIBUTIONS['gmail-de']}\n> is it on?\n\nyes, always\n",
        f"{ATTRIBUTIONS['apple-en']}\n\n{QUOTED}\nIt is on. What now?\n",
        f"Hi,\n\n{QUOTED}\nIt is on. What now?\n\n-- \nCleo\n",
    ],
)
def test_answers_between_or_below_quotes_show_everything(text: str) -> None:
    assert visible_end(text) == len(text)


@pytest.mark.parametrize("below", ["-- \nCleo Klein\nAcme", "Sent from my iPhone", "Gesendet mit der Outlook-App"])
def test_a_signature_below_the_quote_does_not_show_it(below: str) -> None:
    assert shown(f"{ANSWER}\n\n{ATTRIBUTIONS['gmail-en']}\n{QUOTED}\n{below}\n") == ANSWER


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nCleo Klein\nAcme",
        "--\nCleo Klein",
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.example/x>",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPad",
        "Отправлено с iPhone",
        "iPhoneから送信",
        "Sent with Proton Mail secure email.",
    ],
)
def test_a_signature_is_folded(signature: str) -> None:
    assert shown(f"{ANSWER}\n\n{signature}\n") == ANSWER
    assert shown(f"{ANSWER}\n\n{signature}\n\n{ATTRIBUTIONS['gmail-en']}\n{QUOTED}") == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "It stopped at 10:30.\n\nThe manual wrote:\nturn it off.\n",
        "My order of 2 March:\n- one\n- two\n",
        "From: here to there\nit is far\n",
        "Steps:\n--\n" + "step\n" * 30,
        "a -- b\n",
        "In 2026 we will see.\n",
        "To: do\nSubject: unclear\n",
        "The error says: original message missing\n",
        "",
        "\n\n",
    ],
)
def test_what_only_looks_like_a_quote_is_shown(text: str) -> None:
    assert visible_end(text) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{ATTRIBUTIONS['gmail-en']}\n{QUOTED}",
        QUOTED,
        "-- \nCleo Klein\n",
        SEPARATORS["outlook-en"] + "\n\n" + BARE,
        "---------- Forwarded message ---------\nFrom: Acme\nDate: Mon\nSubject: x\nTo: y\n\nHello\n",
        "Please see.\n\nBegin forwarded message:\n\nFrom: Acme\nSubject: x\nDate: Monday\n\nHello\n",
        "Siehe unten.\n\n-------- Weitergeleitete Nachricht --------\nVon: Acme\nDatum: x\nAn: y\n\nHallo\n",
    ],
)
def test_a_mail_that_is_all_quote_or_passed_on_is_shown(text: str) -> None:
    assert visible_end(text) == len(text)


def test_the_answer_above_a_short_attribution_stays() -> None:
    text = f"It broke on 1.2.2026.\n{ATTRIBUTIONS['thunderbird-en']}\n{QUOTED}"
    assert shown(text) == "It broke on 1.2.2026."


def test_a_quoted_marker_is_found() -> None:
    assert shown(f"{ANSWER}\n\nAcme said\n> {MARKER}\n{QUOTED}") == f"{ANSWER}\n\nAcme said"


@pytest.mark.parametrize("above", ["It broke on 1.2.2026.", "Thanks", "See 2026-03-02!"])
def test_the_answer_right_above_a_bare_attribution_stays(above: str) -> None:
    assert shown(f"{above}\nAcme wrote:\n{QUOTED}") == above


def test_a_marker_in_another_language_is_known_when_it_is_told() -> None:
    text = f"{ANSWER}\n\n=== Bitte oberhalb antworten ===\n\n{BARE}"
    assert visible_end(text) == len(text)
    assert text[: visible_end(text, markers=("=== Bitte oberhalb antworten ===",))].strip() == ANSWER


def test_the_quote_that_html_tells_of_is_folded() -> None:
    text = f"{ANSWER}\n\n{BARE}"
    assert shown(text, quote=len(ANSWER) + 2) == ANSWER


def test_a_hostile_line_is_read_in_one_pass() -> None:
    for line in ("On " * 100_000, "Am schrieb " * 50_000, ">" * 300_000, "-" * 300_000, "wrote: " * 50_000):
        text = f"{line}\n" * 3
        assert 0 <= visible_end(text) <= len(text)
    assert visible_end("> \n" * 100_000) == 300_000


LINES = [
    "",
    "> a",
    "b",
    "-- ",
    "Sent from my iPhone",
    MARKER,
    *list(ATTRIBUTIONS.values())[:5],
    *list(SEPARATORS.values())[:4],
]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=12).map("\n".join), st.integers(0, 300))
def test_the_end_is_in_the_text_and_something_is_shown(text: str, quote: int) -> None:
    for end in (visible_end(text), visible_end(text, quote=min(quote, len(text)))):
        assert 0 <= end <= len(text)
        assert text[:end].strip() or end == len(text)


@pytest.mark.parametrize("text", ["See you in 2026", "Hi,\n\nsince 1.2.2026", "Hi,\n\nsince 2 March 2026\nor so"])
def test_a_date_in_the_last_line_is_shown(text: str) -> None:
    assert visible_end(text) == len(text)


@pytest.mark.parametrize(
    "attribution",
    [
        "Missatge de Acme <support@acme.example> del dia dl., 2 de març 2026 a les 10:00:",
        "V V pon., 2. mar. 2026 ob 10:00 je oseba Acme <support@acme.example> napisala:",
        "ในวันที่ จ. 2 มี.ค. 2026 เวลา 10:00 Acme <support@acme.example> เขียนว่า:",
        "सोम, 2 मार्च 2026 को 10:00 पूर्वाह्न पर Acme <support@acme.example> ने लिखा:",
        "Dne 02. 03. 26 v 10:00 Acme napsal(a):",
        "-------- Original-Nachricht --------",
        "-------- Oprindelig besked --------",
    ],
)
def test_rarer_attributions_are_known(attribution: str) -> None:
    assert shown(f"{ANSWER}\n\n{attribution}\n\n{BARE}") == ANSWER


@pytest.mark.parametrize(
    "subject", ["Fwd: Printer", "FW: Re: Printer", "WG: Drucker", "TR : Imprimante", "转发：打印机"]
)
def test_a_subject_says_that_a_mail_is_passed_on(subject: str) -> None:
    assert is_passed_on(subject)


@pytest.mark.parametrize("subject", ["Re: Fwd: Printer", "VS: Tulostin", "Printer", "Forward: march", ""])
def test_a_subject_says_nothing_of_passing_on(subject: str) -> None:
    assert not is_passed_on(subject)
