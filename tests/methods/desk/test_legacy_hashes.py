"""Passwords that came from another helpdesk as hashes."""

from base64 import b64encode
from hashlib import pbkdf2_hmac

import bcrypt
import pytest

from rpc import Kind
from seldesk.methods.desk import people
from seldesk.models.desk import legacy_hash
from tests.world import PASSWORD, World, address

ANN = address("ann", "acme")
KEEP = """
    UPDATE secret.verifiers SET hash = 'HASH'
    WHERE person_id = (SELECT id FROM app.people WHERE email = 'ann@acme.example') RETURNING 1
"""
KEPT = """
    SELECT hash FROM secret.verifiers
    WHERE person_id = (SELECT id FROM app.people WHERE email = 'ann@acme.example')
"""
LONG = "é" * 36 + "tail"  # 72 bytes and a rest


def pbkdf2(password: str, rounds: int = 210_000, salt: bytes = b"sixteen bytes 16") -> str:
    def ab64(raw: bytes) -> str:
        return b64encode(raw).decode().rstrip("=").replace("+", ".")

    return f"$pbkdf2-sha512${rounds}${ab64(salt)}${ab64(pbkdf2_hmac('sha512', password.encode(), salt, rounds))}"


def bcrypted(password: str, kind: str = "2b", rounds: int = 4) -> str:
    made = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(rounds)).decode()
    return made.replace("$2b$", f"${kind}$")


async def tries(world: World, kept: str, password: str) -> bool:
    """Sign Ann in when this hash is what is kept of her password."""
    await world.rows(world.acme, KEEP.replace("HASH", kept))
    call = world.acme.calling(Kind.ANONYMOUS, "")
    return (await call(people.sign_in, email=ANN, password=password)).token is not None


async def kept_now(world: World) -> str:
    return (await world.rows(world.acme, KEPT))[0]


@pytest.mark.asvs("V11.4.2")
async def test_a_hash_from_elsewhere_signs_in_once_and_is_argon2id_from_then_on(world: World) -> None:
    for kept in (pbkdf2(PASSWORD), bcrypted(PASSWORD), bcrypted(PASSWORD, "2a"), bcrypted(PASSWORD, "2y")):
        assert not await tries(world, kept, "wrong horse")
        assert await kept_now(world) == kept, "a wrong password replaces nothing"
        assert await tries(world, kept, PASSWORD)
        replaced = await kept_now(world)
        assert replaced.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert await tries(world, replaced, PASSWORD)


async def test_what_bcrypt_never_read_is_ignored_once_and_counts_from_then_on(world: World) -> None:
    assert await tries(world, bcrypted(LONG), LONG + "more")
    assert not await tries(world, await kept_now(world), LONG)
    assert await tries(world, await kept_now(world), LONG + "more")


@pytest.mark.parametrize(
    "kept",
    ["", "x", PASSWORD, "plain:" + PASSWORD, "$1$salt$hash", "$6$salt$hash", "md5$a$b", "$argon2id$", "$2b$04$short"],
)
async def test_an_unknown_hash_never_verifies(world: World, kept: str) -> None:
    for password in (PASSWORD, "x", kept or "x"):
        assert not await tries(world, kept, password)


def test_both_formats_are_read_as_their_makers_wrote_them() -> None:
    assert legacy_hash.verifies("password", pbkdf2("password"))
    assert legacy_hash.verifies("pässwörd \U0001f512", pbkdf2("pässwörd \U0001f512", salt=b"\xff\xfe\xfd\xfc" * 4))
    assert legacy_hash.verifies("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")
    assert not legacy_hash.verifies("abd", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")


@pytest.mark.parametrize("rounds", [1, 1000, 209_999])
def test_too_few_rounds_are_not_trusted(rounds: int) -> None:
    assert not legacy_hash.verifies("password", pbkdf2("password", rounds))


@pytest.mark.parametrize(
    "kept",
    [
        "$pbkdf2-sha512$9999999$c2FsdHNhbHRzYWx0$" + "A" * 86,
        "$pbkdf2-sha512$-210000$c2FsdHNhbHRzYWx0$" + "A" * 86,
        "$pbkdf2-sha512$210000$c2FsdHNhbHRzYWx0c$" + "A" * 86,
        "$pbkdf2-sha256$210000$c2FsdHNhbHRzYWx0$" + "A" * 43,
        bcrypted("password").replace("$04$", "$31$"),
        bcrypted("password").replace("$04$", "$15$"),
        bcrypted("password") + "\n",
    ],
    # A hash has a new salt each time, and a name of a test must not.
    ids=["slow", "negative", "salt", "digest", "slowest", "slower", "line"],
)
def test_what_would_be_slow_or_is_malformed_is_refused_at_once(kept: str) -> None:
    assert not legacy_hash.verifies("password", kept)


def test_a_zero_byte_ends_no_password() -> None:
    kept = bcrypted("pass")
    assert legacy_hash.verifies("pass", kept)
    assert not legacy_hash.verifies("pass\0word", kept)
