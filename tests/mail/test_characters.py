import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seldesk.mail.characters import clean, decode, line


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Größe".encode(), "utf-8", "Größe"),
        ("Größe".encode(), "us-ascii", "Größe"),
        ("Größe".encode("latin-1"), "iso-8859-1", "Größe"),
        ("“quoted” €".encode("cp1252"), "ISO-8859-1", "“quoted” €"),
        ("ありがとう".encode("iso2022_jp"), "ISO-2022-JP", "ありがとう"),
        ("髙橋①".encode("cp932"), "Shift_JIS", "髙橋①"),
        ("감사합니다".encode("cp949"), "ks_c_5601-1987", "감사합니다"),
        ("谢谢".encode("gb18030"), "gb2312", "谢谢"),
        ("謝謝".encode("big5"), "big5", "謝謝"),
        ("Спасибо".encode("koi8-r"), "koi8-r", "Спасибо"),
        ("Hi".encode("utf-16"), "utf-16", "Hi"),
        (b"Hi +AOQ-", "unicode-1-1-utf-7", "Hi ä"),
    ],
)
def test_a_charset_is_read_as_its_senders_mean_it(content: bytes, charset: str, text: str) -> None:
    problems: list[str] = []
    assert decode(content, charset, problems) == text
    assert problems == []


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Größe".encode(), "iso-8859-1", "Größe"),
        ("Größe".encode("latin-1"), None, "Größe"),
        ("Größe".encode("latin-1"), "us-ascii", "Größe"),
        ("Größe".encode("latin-1"), "utf-8", "Größe"),
        ("Größe".encode("latin-1"), "x-foo", "Größe"),
        ("äöü".encode() + b"\xc3", "utf-8", "äöü\ufffd"),
        (b"abc\xff\xfe", "euc-jp", "abc\ufffd\ufffd"),
    ],
)
def test_a_wrong_label_is_noted_and_guessed(content: bytes, charset: str | None, text: str) -> None:
    problems: list[str] = []
    assert decode(content, charset, problems) == text
    assert problems


@pytest.mark.parametrize("codec", ["idna", "punycode", "unicode_escape", "rot13", "zlib", "hex", "undefined", "mbcs"])
def test_a_mail_names_charsets_and_no_other_codecs(codec: str) -> None:
    problems: list[str] = []
    assert decode(b"xn--a \\u0041 4142", codec, problems) == "xn--a \\u0041 4142"
    assert problems == [f"unknown charset {codec}, guessed"]


@given(
    st.binary(),
    st.sampled_from([None, "utf-8", "utf-7", "utf-16", "iso-2022-jp", "x\0y", "é", "'", "utf-8\n"]),
)
@example(b"+2AA-", "utf-7")
@example(b"\x00\xd8", "utf-16-le")
def test_what_is_decoded_can_be_stored(content: bytes, charset: str | None) -> None:
    text = decode(content, charset, [])
    json.loads(json.dumps(text)).encode()
    assert "\0" not in text


def test_controls_go_and_lines_end_alike() -> None:
    assert clean("a\r\nb\rc\0\x1b[31m\x9b\td\ud800") == "a\nb\nc[31m\td\ufffd"


def test_a_header_is_one_line_in_the_order_in_which_it_is_stored() -> None:
    assert line(" invoice\r\nBcc: x\u2028y\0 \u202egpj.exe ", 100) == "invoice Bcc: x y gpj.exe"
    assert line("x" * 300, 255) == "x" * 254 + "…"
