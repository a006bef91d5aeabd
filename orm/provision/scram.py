import base64
import hashlib
import hmac
import secrets

# Rounds make the guessing of a guessable password dear. These are keys of 256 bits: nobody guesses them, and each
# new connection would pay for 4096, which are PostgreSQL's own.
_ITERATIONS = 1
_SHORTEST = 32  # characters: what is shorter may be what somebody thought of


def verifier(password: str) -> str:
    """What PostgreSQL stores for a password, so that the password itself is in no statement and no log."""
    if len(password) < _SHORTEST or not password.isascii() or not password.isprintable():
        raise ValueError(f"a password here is a key of {_SHORTEST} or more characters of printable ASCII")
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ITERATIONS}:{_text(salt)}${_text(client)}:{_text(server)}"


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
