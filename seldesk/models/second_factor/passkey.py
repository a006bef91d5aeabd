"""Passkeys (Web Authentication): what is asked of the browser, and whether what it answers proves anything.

A challenge is made here, kept by whoever asks, and good for one answer.
"""

import importlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

LONGEST = 16_000  # characters of an answer
# The library lets some of what a malformed answer does to it through as it is.
_NOT_READ = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


@cache
def _library() -> Any:
    """webauthn, loaded by its first use: 10 MB, with pyOpenSSL and ASN.1, that a process without a console need not
    hold.
    """
    return importlib.import_module("webauthn")


class NotProved(Exception):
    """This answer proves nothing: it is not to this challenge, not from this place, or of another key."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whose passkey it is: a host name, what people read, and the one origin that may ask for it."""

    host: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """uses is the authenticator's own count; always 0 for one that does not count."""

    id: bytes
    public_key: bytes
    uses: int


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def registration(party: Party, challenge: bytes, owner: UUID, account: str, known: Sequence[bytes]) -> str:
    """What navigator.credentials.create() is asked, as JSON. A key that is known already makes no second one."""
    webauthn = _library()
    structs = webauthn.helpers.structs
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=owner.bytes,
        user_name=account,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return str(webauthn.options_to_json(options))


def registered(party: Party, challenge: bytes, answer: str) -> Passkey:
    """The new passkey; NotProved."""
    try:
        made = _library().verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _not_read() as error:
        raise NotProved from error
    return Passkey(made.credential_id, made.credential_public_key, made.sign_count)


def authentication(party: Party, challenge: bytes, known: Sequence[bytes]) -> str:
    """What navigator.credentials.get() is asked, as JSON."""
    webauthn = _library()
    structs = webauthn.helpers.structs
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return str(webauthn.options_to_json(options))


def answered_by(answer: str) -> bytes:
    """Which passkey an answer says that it is of; NotProved."""
    try:
        return bytes(_library().helpers.parse_authentication_credential_json(_bounded(answer)).raw_id)
    except _not_read() as error:
        raise NotProved from error


def authenticated(party: Party, challenge: bytes, answer: str, passkey: Passkey) -> int:
    """How often the passkey was used by its own count; NotProved, also for one whose count goes backwards."""
    try:
        proved = _library().verify_authentication_response(
            credential=_bounded(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except _not_read() as error:
        raise NotProved from error
    if proved.credential_id != passkey.id:
        raise NotProved
    return int(proved.new_sign_count)


def _not_read() -> tuple[type[Exception], ...]:
    return (_library().helpers.exceptions.WebAuthnException, *_NOT_READ)


def _bounded(answer: str) -> str:
    if len(answer) > LONGEST:
        raise ValueError("An answer is not as long as that.")
    return answer
