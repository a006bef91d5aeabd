"""Password hashes as other helpdesks keep them: they are believed once more, and replaced at the next sign-in."""

import hmac
import re
from base64 import b64decode
from binascii import Error as Malformed
from hashlib import pbkdf2_hmac

import bcrypt

# Fewer rounds are guessed too fast to be trusted (OWASP), and too many would occupy the threads.
FEWEST_ROUNDS, MOST_ROUNDS = 210_000, 2_000_000
HARDEST_BCRYPT = 14
BCRYPT_READS = 72  # bytes
_PBKDF2 = re.compile(r"\$pbkdf2-sha512\$([1-9][0-9]{5,6})\$([A-Za-z0-9./]{11,86})\$([A-Za-z0-9./]{86})")
_BCRYPT = re.compile(r"\$2[aby]\$([0-9]{2})\$[A-Za-z0-9./]{53}")


def verifies(password: str, kept: str) -> bool:
    """Whether a hash made elsewhere is this password's; never for a format that is not known here."""
    if found := _PBKDF2.fullmatch(kept):
        return _pbkdf2(password, int(found[1]), found[2], found[3])
    if found := _BCRYPT.fullmatch(kept):
        return int(found[1]) <= HARDEST_BCRYPT and _bcrypt(password, kept)
    return False


def _pbkdf2(password: str, rounds: int, salt: str, checksum: str) -> bool:
    """As passlib writes it: base64 without padding, with a dot for the plus."""
    if not FEWEST_ROUNDS <= rounds <= MOST_ROUNDS:
        return False
    try:
        made = pbkdf2_hmac("sha512", password.encode(), _decoded(salt), rounds)
        return hmac.compare_digest(made, _decoded(checksum))
    except Malformed:
        return False


def _decoded(text: str) -> bytes:
    return b64decode(text.replace(".", "+") + "=" * (-len(text) % 4), validate=True)


def _bcrypt(password: str, kept: str) -> bool:
    """bcrypt reads 72 bytes, and who kept such a hash has always had the rest ignored. It ends at a zero byte,
    which would make every password that begins alike the same one: none of those is taken.
    """
    typed = password.encode()
    if b"\0" in typed:
        return False
    try:
        return bcrypt.checkpw(typed[:BCRYPT_READS], kept.encode())
    except ValueError:
        return False
