"""The first word of a customer's address: what it may be. Normalised first, then checked, and never changed into
another one behind somebody's back.
"""

import re
import unicodedata

import rpc
from seldesk.mail.characters import visible

SHORTEST, LONGEST = 3, 40
FORM = re.compile(r"[a-z](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]")
ENDINGS = ("desk", "help", "hq", "team", "2", "3", "4", "5", "6", "7", "8", "9")
RESERVED = frozenset(
    [
        "abuse",
        "account",
        "admin",
        "administrator",
        "api",
        "app",
        "assets",
        "autoconfig",
        "autodiscover",
        "billing",
        "blog",
        "cdn",
        "console",
        "demo",
        "desk",
        "dns",
        "docs",
        "files",
        "ftp",
        "help",
        "hostmaster",
        "imap",
        "info",
        "live",
        "localhost",
        "login",
        "mail",
        "mta",
        "mx",
        "no-reply",
        "noreply",
        "ns",
        "ops",
        "pop",
        "portal",
        "postgres",
        "postmaster",
        "root",
        "rpc",
        "security",
        "seldesk",
        "settings",
        "sign-in",
        "sign-up",
        "signup",
        "site",
        "smtp",
        "sso",
        "staff",
        "static",
        "status",
        "support",
        "system",
        "template0",
        "template1",
        "terms",
        "test",
        "webmaster",
        "wpad",
        "www",
    ]
)


def normalised(text: str) -> str:
    """How an address is stored; Invalid with a sentence that says what is wrong with it."""
    text = text.strip()
    if wrong := _wrong(text):
        raise rpc.Invalid(fields={"slug": wrong})
    return text.lower()


def alternatives(text: str) -> list[str]:
    """Addresses that may be had instead, the nearest first. None for what was not written in plain letters: it would
    be a guess.
    """
    if not text.isascii():
        return []
    base = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-").lstrip("0123456789-")[: LONGEST - 5].rstrip("-")
    if not base:
        return []
    found = [base, *(f"{base}-{ending}" for ending in ENDINGS)]
    return [each for each in found if FORM.fullmatch(each) and each not in RESERVED]


def _wrong(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if not text:
        return "Choose an address."
    if visible(text) != text:
        return "There is a sign in it that cannot be seen. Type the address anew."
    if plain != text or not text.isascii():
        return "Plain letters from a to z, digits and hyphens only: others look alike, and people would mistake them."
    slug = text.lower()
    if re.search(r"[^a-z0-9-]", slug):
        return "Letters from a to z, digits and hyphens only."
    if not SHORTEST <= len(slug) <= LONGEST:
        return f"It has {SHORTEST} to {LONGEST} letters and digits."
    if not FORM.fullmatch(slug):
        return "It begins with a letter, ends with a letter or a digit, and has no two hyphens side by side."
    if slug in RESERVED:
        return "Seldesk keeps this word for itself."
    return ""
