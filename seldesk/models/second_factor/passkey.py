"""Passkeys (Web Authentication): what is asked of the browser, and whether what it answers proves anything.

A challenge is made here, kept by whoever asks, and good for one answer.
"""

import importlib.util
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING
from uuid import UUID


def _late(name: str) -> ModuleType:
    """Loaded by its first use."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name=name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    import webauthn
else:
    # 10 MB, with pyOpenSSL and ASN.1, that a process which serves no console need not hold.
    webauthn = _late("webauthn")

LONGEST = 16_000  # characters of an answer
# The library lets some of what a malformed answer does to it through as it is.
_NOT_READ = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


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
    return webauthn.options_to_json(options)


def registered(party: Party, challenge: bytes, answer: str) -> Passkey:
    """The new passkey; NotProved."""
    try:
        made = webauthn.verify_registration_response(
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
    structs = webauthn.helpers.structs
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def answered_by(answer: str) -> bytes:
    """Which passkey an answer says that it is of; NotProved."""
    try:
        return webauthn.helpers.parse_authentication_credential_json(_bounded(answer)).raw_id
    except _not_read() as error:
        raise NotProved from error


def authenticated(party: Party, challenge: bytes, answer: str, passkey: Passkey) -> int:
    """How often the passkey was used by its own count; NotProved, also for one whose count goes backwards."""
    try:
        proved = webauthn.verify_authentication_response(
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
    return proved.new_sign_count


def _not_read() -> tuple[type[Exception], ...]:
    return (webauthn.helpers.exceptions.WebAuthnException, *_NOT_READ)


def _bounded(answer: str) -> str:
    if len(answer) > LONGEST:
        raise ValueError("An answer is not as long as that.")
    return answer
