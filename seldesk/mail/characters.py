"""Bytes to strings that can be stored and shown: no NUL, no lone surrogate, no control but tab and newline."""

import codecs
import re
import unicodedata

# What senders call a charset, and what they mean by it: as in browsers, the larger charset that mails really use.
_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-8-i": "iso8859-8",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
# Python's codecs include slow ones (idna, punycode) and ones that run escapes; only charsets may be named by a mail.
_CHARSET = re.compile(r"(?:utf|iso|cp\d|koi8|mac|gb|big5|euc|shift|johab|hz|tis|ascii|ptcp|kz|hp)[\w-]*")
_NAME = re.compile(r"[A-Za-z0-9._:+-]{1,40}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Embeddings and overrides make a line read in another order than it is stored.
_OVERRIDE = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"\s+")


def decode(content: bytes, charset: str | None, problems: list[str]) -> str:
    """The text of content. What charset it really is in is found by trying; a guess is put into problems."""
    codec = _codec(charset) if charset else None
    if charset and codec is None:
        problems.append(f"unknown charset {line(charset, 40)}, guessed")
    # Bytes that are UTF-8 beyond ASCII are hardly ever anything else, whatever the label says.
    guesses: tuple[str, ...] = (codec, "utf-8") if codec not in (None, "cp1252", "utf-8") else ("utf-8", "cp1252")
    if codec == "utf-8" and _mostly_utf8(content):
        guesses = ("utf-8",)
    for guess in guesses:
        try:
            text = content.decode(guess)
        except UnicodeError:
            continue
        if guess != codec and not content.isascii():
            problems.append(f"bytes that are not {line(charset or 'ASCII', 40)}, read as {guess}")
        return clean(text)
    problems.append(f"bytes that are not {line(charset or 'ASCII', 40)}")
    return clean(content.decode(codec or "cp1252", "replace"))


def source(content: bytes) -> str:
    """A mail as it came, to be looked at: what would be shown in another order than it is stored is marked."""
    return _OVERRIDE.sub("\ufffd", decode(content, None, []))


def _mostly_utf8(content: bytes) -> bool:
    text = content.decode("utf-8", "replace")
    return text.count("\ufffd") * 2 <= sum(not letter.isascii() for letter in text)


def unescape_bytes(text: str) -> bytes:
    """The bytes behind a header that the parser of the standard library has read."""
    return text.encode("utf-8", "surrogateescape") if not text.isascii() else text.encode("ascii")


def clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def line(text: str, limit: int) -> str:
    """One line of a header, whatever was smuggled into it."""
    text = _SPACE.sub(" ", _SURROGATE.sub("\ufffd", _OVERRIDE.sub("", text)))
    text = _CONTROL.sub("", text).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def visible(text: str) -> str:
    """Without the characters that show nothing: zero width, direction marks, soft hyphens, controls."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Zl", "Zp"))


def _codec(charset: str) -> str | None:
    name = charset.strip(" \t\r\n\"'").lower()
    if not _NAME.fullmatch(name):
        return None
    name = _MEANT.get(name, name)
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return None
    return _MEANT.get(name, name) if _CHARSET.fullmatch(name) else None
