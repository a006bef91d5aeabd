"""What is asked for beside a password: codes that change, passkeys, and codes for the day when neither is at hand.

Values and rules alone: who keeps them, and where, is for the nouns that use them.
"""

from seldesk.models.second_factor.passkey import (
    NotProved,
    Party,
    Passkey,
    answered_by,
    authenticated,
    authentication,
    new_challenge,
    registered,
    registration,
)
from seldesk.models.second_factor.recovery import COUNT, new_codes, recovery_fingerprint
from seldesk.models.second_factor.totp import new_secret, provisioning, step_of

__all__ = [
    "COUNT",
    "NotProved",
    "Party",
    "Passkey",
    "answered_by",
    "authenticated",
    "authentication",
    "new_challenge",
    "new_codes",
    "new_secret",
    "provisioning",
    "recovery_fingerprint",
    "registered",
    "registration",
    "step_of",
]
