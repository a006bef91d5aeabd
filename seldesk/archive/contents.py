"""What an export holds of a customer's database: all tables, but for these."""

from collections.abc import Mapping
from types import MappingProxyType

SCHEMAS = ("app", "log")
# Reviewed: table -> why it stays. Of schema `secret` nothing leaves; each of its tables is named all the same.
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "app.outbox": "Work that is under way: an import must not send a letter a second time.",
        "secret.answered": "Answers that are kept for a day, sealed by the keys of their callers.",
        "secret.invitations": "Each row is a way in, for 72 hours.",
        "secret.limits": "Counters of tries, under a key of this installation.",
        "secret.mailed_links": "Each row is a way in, for an hour at most.",
        "secret.sessions": "Each row is somebody who is signed in.",
        "secret.tokens": "Each row is a way in for a program; a new one is made where it is needed.",
        "secret.verifiers": "What passwords are checked by. New ones are set by a mailed link.",
    }
)
