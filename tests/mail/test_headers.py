from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail import headers


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("=?UTF-8?B?R3LDtsOfZQ==?=", "Größe"),
        ("=?utf-8*de?q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("Re: =?utf-8?q?Gr=C3?=\r\n =?utf-8?q?=B6=C3=9Fe?= heute", "Re: Größe heute"),
        ("=?iso-8859-1?Q?a?= =?utf-8?q?=C3=A4?=", "aä"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8?q?with spaces, as some write?=", "with spaces, as some write"),
        ("=?utf-8?b?R3LDtsOfZQ?=", "Größe"),
        ("=?utf-8?b?!!!?=", ""),
        ("=?x-foo?q?abc?=", "abc"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?q?abc", "=?utf-8?q?abc"),
        ("Größe".encode().decode("ascii", "surrogateescape"), "Größe"),
        ("Größe".encode("latin-1").decode("ascii", "surrogateescape"), "Größe"),
    ],
)
def test_a_subject_is_read(raw: str, text: str) -> None:
    assert headers.text(raw, 255) == text


@pytest.mark.asvs("V1.1.1")
def test_words_are_decoded_once() -> None:
    inner = "=?utf-8?q?<script>?="
    assert headers.text("=?utf-8?q?=3D=3Futf-8=3Fq=3F<script>=3F=3D?=", 255) == inner
    assert headers.text("&amp;lt;script %252e", 255) == "&amp;lt;script %252e"


@pytest.mark.flaw("RT CVE-2012-4730")
@pytest.mark.asvs("V1.3.11")
def test_encoded_line_breaks_stay_in_their_line() -> None:
    assert headers.text("=?utf-8?q?a=0D=0ABcc:_x=00?=", 255) == "a Bcc: x"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=a b.txt; size=3", "a b.txt"),
        ('attachment; filename="a\\"b.txt"', 'a"b.txt'),
        ("attachment; filename*=utf-8''%E2%82%AC%20rate.txt", "€ rate.txt"),
        ("attachment; filename*=iso-8859-1'de'Gr%F6%DFe.txt", "Größe.txt"),
        ("attachment; filename*0*=utf-8''%E2%82; filename*1*=%AC; filename*2=%20.txt", "€%20.txt"),
        ("attachment; filename*1=b; filename*0=a", "ab"),
        ('attachment; filename="=?utf-8?q?Gr=C3=B6=C3=9Fe.txt?="', "Größe.txt"),
        ("attachment; filename*=x'y", "x'y"),
        ("attachment; filename*=no-such''a%20b", "a b"),
        ("attachment; filename*=utf-8''%3D%3Futf-8%3Fq%3Fx%3F%3D", "=?utf-8?q?x?="),
        ('attachment; filename="open', "open"),
        ("attachment; filename*0*=utf-8''a%0D%0Ab", "a b"),
    ],
)
def test_a_parameter_is_read(raw: str, name: str) -> None:
    assert headers.parameters(raw)[1]["filename"] == name


def test_the_first_of_two_parameters_counts() -> None:
    assert headers.parameters("text/HTML ; charset=a; CHARSET=b") == ("text/html", {"charset": "a"})


def test_of_two_forms_of_a_parameter_the_extended_one_counts() -> None:
    for raw in ("x; a=wrong; a*=utf-8''right", "x; a*=utf-8''right; a=wrong"):
        assert headers.parameters(raw)[1] == {"a": "right"}


@pytest.mark.parametrize("control", ["\0", "\x08", "\x0b", "\x1b", "\x7f"])
def test_an_id_with_a_control_character_is_none(control: str) -> None:
    assert headers.message_ids(f"<a{control}@b> <c@d>") == ("<c@d>",)
    assert headers.message_id(f"<a{control}@b>") is None


def test_message_ids_are_found_between_anything() -> None:
    raw = "Your mail of Monday <a@b> (see)\r\n\t<c@d> <a@b> <broken\r\n id@x> <>"
    assert headers.message_ids(raw) == ("<a@b>", "<c@d>")


def test_of_many_ids_the_first_and_the_newest_stay() -> None:
    found = headers.message_ids(" ".join(f"<{number}@x>" for number in range(500)))
    assert len(found) == 100
    assert (found[0], found[1], found[-1]) == ("<0@x>", "<401@x>", "<499@x>")


@pytest.mark.parametrize(
    ("raw", "found"), [(" <a@b> ", "<a@b>"), ("a@b", "<a@b>"), ("", None), ("a b", None), ("<>", None)]
)
def test_a_message_id_is_read(raw: str, found: str | None) -> None:
    assert headers.message_id(raw) == found


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Mon, 2 Mar 2026 10:00:00 +0100", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 10:00:00 -0000", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2 Mar 26 10:00 GMT", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 2 Mar 99999 10:00:00 +0000", None),
        ("Mon, 32 Mar 2026 10:00:00 +9999", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("", None),
    ],
)
def test_a_date_is_read_or_nothing(raw: str, moment: datetime | None) -> None:
    assert headers.date(raw) == moment


@given(st.binary().map(lambda raw: raw.decode("ascii", "surrogateescape")))
def test_no_header_breaks_the_reading(raw: str) -> None:
    text = headers.text(raw, 100)
    assert "\n" not in text
    assert "\0" not in text
    text.encode()
    main, found = headers.parameters("x;" + raw)
    "".join((main, *found, *found.values())).encode()
    headers.message_ids(raw)
    headers.message_id(raw)
    headers.date(raw)


def test_a_long_id_that_was_written_as_encoded_words_is_read() -> None:
    """The standard library does so when it writes a mail anew."""
    long = f"<seldesk.{'a' * 77}@a-customer.example>"
    message = EmailMessage()
    message["In-Reply-To"] = long
    written = message.as_string().partition(":")[2]
    assert long not in written
    assert headers.message_ids(written) == (long,)
