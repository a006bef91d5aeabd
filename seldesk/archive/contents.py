"""What an export holds of a customer's database: all tables, but for these."""

from collections.abc import Mapping
from types import MappingProxyType

SCHEMAS = ("app", "log")
# Reviewed: table -> why it stays. Of schema `secret` nothing leaves; each of its tables is named all the same.
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "app.outbox": "Work that is under way: an import must not send a letter a second time.",
        "secret.answered": "Answers that are kept for a day, sealed by the keys of their callers.",
        "secret.devices": "By which browsers people are known again.",
        "secret.entries": "Each row is somebody on the way in.",
        "secret.factor_offers": "What a browser was shown a moment ago, to enrol or prove somebody by.",
        "secret.factors": "Second factors: each row is a way in, sealed under the content key.",
        "secret.invitations": "Each row is a way in, for 72 hours.",
        "secret.limits": "Counters of tries, under a key of this installation.",
        "secret.mailed_links": "Each row is a way in, for an hour at most.",
        "secret.recovery_codes": "Each row stands in for a lost factor, under a key of this installation.",
        "secret.sessions": "Each row is somebody who is signed in.",
        "secret.sign_ins": "Where people came in from, for themselves alone and for 90 days.",
        "secret.tokens": "Each row is a way in for a program; a new one is made where it is needed.",
        "secret.verifiers": "What passwords are checked by. New ones are set by a mailed link.",
    }
)
