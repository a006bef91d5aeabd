"""Codes that change every 30 seconds (RFC 6238), as every authenticator program makes them."""

import base64
import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP = 30  # seconds
# Clocks differ, and typing takes a while: the code before and the one after are right too.
TOLERATED = (0, -1, 1)
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def new_secret() -> str:
    """160 random bits in base32, to be shown once."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def provisioning(secret: str, account: str, issuer: str) -> str:
    """The otpauth: address that an authenticator program takes in."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is, None where it is none that is good now.

    Each code is good once: whoever keeps the step hands it in as `after`, and only later ones are right.
    """
    code = re.sub(r"\s", "", code)
    if not _CODE.fullmatch(code):
        return None
    current, right = int(now.timestamp()) // STEP, None
    made = pyotp.TOTP(secret, interval=STEP)
    for step in (current + offset for offset in TOLERATED):
        # All are compared, so that the time says nothing about which one it was.
        if hmac.compare_digest(made.generate_otp(step), code) and step > after and right is None:
            right = step
    return right
