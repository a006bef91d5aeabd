import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seldesk.mail.names import safe_name, safe_type


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("Größe 1.pdf", "Größe 1.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("/etc/passwd", "passwd"),
        (".htaccess", "htaccess"),
        ("\u200b.htaccess", "htaccess"),
        ("\u202e.htaccess", "htaccess"),
        (".\u200b.\u200b.htaccess", "htaccess"),
        ("．．／．htaccess", "htaccess"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a.txt. . ", "a.txt"),
        ("a.php\0.txt", "a.php.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_x.txt"),
        ("con", "_con"),
        ("CON.tar.gz", "_CON.tar.gz"),
        ("com\u00b9.txt", "_com1.txt"),
        ("nul .txt", "_nul .txt"),
        ("..con", "_con"),
        ('a<b>:"|?*c.txt', "a_b_c.txt"),
        ("%2e%2e%2fa.txt", "%2e%2e%2fa.txt"),
        ("\u2100.txt", "c.txt"),
        ("...", "file"),
        ("", "file"),
        ("\u200b", "file"),
        ("a\ud800.txt", "a.txt"),
    ],
)
@pytest.mark.flaw("FreeScout CVE-2026-28289")
@pytest.mark.asvs("V5.3.2")
def test_a_name_is_normalised_and_then_checked(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    assert safe_name("a" * 500 + ".tar.pdf") == "a" * 146 + ".pdf"
    assert len(safe_name("a." + "b" * 500)) == 150
    assert len(safe_name("あ" * 500 + ".pdf")) == 150


@given(st.text())
@example("e\u200b\u0301.txt")
@example("con\u200b.\u200b.")
@example("\u3000.\u3000con")
@example("a" * 149 + ". b")
@example("a" * 148 + ".\u0041\u030a")
def test_a_safe_name_is_safe_and_stays_as_it_is(name: str) -> None:
    safe = safe_name(name)
    assert safe_name(safe) == safe
    assert 1 <= len(safe) <= 150
    assert not set(safe) & set('/\\<>:"|?*\0\r\n')
    assert not safe.startswith((".", " "))
    assert not safe.endswith((".", " "))
    assert unicodedata.is_normalized("NFKC", safe)
    assert not any(unicodedata.category(letter) in ("Cf", "Cc", "Cs") for letter in safe)


@pytest.mark.parametrize(
    ("given_type", "safe"),
    [
        ("Image/PNG", "image/png"),
        ("text/html; x=image/png", "text/html"),
        ("application/xhtml+xml", "application/xhtml+xml"),
        ("", "application/octet-stream"),
        ("text", "application/octet-stream"),
        ("text/html\r\nX: y", "application/octet-stream"),
        ("text/" + "x" * 300, "application/octet-stream"),
        ("text/h tml", "application/octet-stream"),
        ("tëxt/plain", "application/octet-stream"),
    ],
)
def test_a_type_is_a_plain_one(given_type: str, safe: str) -> None:
    assert safe_type(given_type) == safe
