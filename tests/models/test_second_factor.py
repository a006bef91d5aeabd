"""Second factors by themselves: what is right, once, and what is not."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest

from seldesk.models import second_factor
from seldesk.models.second_factor import NotProved, Party, Passkey
from tests.authenticator import Authenticator
from tests.world import MONDAY

PARTY = Party("ops.example", "Seldesk", "https://ops.example")
ANN = UUID(int=1)
CHALLENGE, ANOTHER = b"c" * 32, b"d" * 32
WRONG: list[object] = [None, 0, [], {}, "", "x"]
STEP = int(MONDAY.timestamp()) // 30


@pytest.mark.asvs("V6.5.1")
@pytest.mark.parametrize(("away", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_right_one_step_around_its_own(away: int, right: bool) -> None:
    secret = second_factor.new_secret()
    code = pyotp.TOTP(secret).at(MONDAY + timedelta(seconds=30 * away))
    assert second_factor.step_of(secret, code, MONDAY, after=0) == (STEP + away if right else None)


@pytest.mark.asvs("V6.5.1")
def test_a_code_is_good_once_and_so_are_those_before_it() -> None:
    secret = second_factor.new_secret()
    now, before = (pyotp.TOTP(secret).at(MONDAY, counter_offset=away) for away in (0, -1))
    assert second_factor.step_of(secret, f"{now[:3]} {now[3:]}", MONDAY, after=STEP - 1) == STEP
    assert second_factor.step_of(secret, now, MONDAY, after=STEP) is None
    assert second_factor.step_of(secret, before, MONDAY, after=STEP) is None


@pytest.mark.parametrize("code", ["", "0", "00000a", "٠٠٠٠٠٠", "0" * 1000, "000000\x00", "0e1234"])
def test_what_is_no_code_is_not_right(code: str) -> None:
    assert second_factor.step_of(second_factor.new_secret(), code, MONDAY, after=0) is None


@pytest.mark.asvs("V6.5.1", "V6.5.2", "V6.5.4")
def test_recovery_codes_are_long_and_kept_under_a_key() -> None:
    codes = second_factor.new_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([a-z0-9]{4}-){3}[a-z0-9]{4}", code) for code in codes)
    kept = second_factor.recovery_fingerprint(b"key", ANN, codes[0])
    assert second_factor.recovery_fingerprint(b"key", ANN, codes[0].upper().replace("-", " ")) == kept
    others = [(b"another", ANN, codes[0]), (b"key", UUID(int=2), codes[0]), (b"key", ANN, codes[1])]
    assert kept not in [second_factor.recovery_fingerprint(*other) for other in others]


@pytest.mark.asvs("V6.5.3")
@pytest.mark.parametrize("make", [second_factor.new_secret, second_factor.new_codes, second_factor.new_challenge])
def test_no_seed_brings_the_same_secret_again(make: Callable[[], object]) -> None:
    random.seed(7)
    first = make()
    random.seed(7)
    assert make() != first


def registered(authenticator: Authenticator) -> Passkey:
    options = second_factor.registration(PARTY, CHALLENGE, ANN, "ann@operator.example", [])
    return second_factor.registered(PARTY, CHALLENGE, authenticator.create(options))


def asked(challenge: bytes = CHALLENGE) -> str:
    return second_factor.authentication(PARTY, challenge, [])


def test_a_passkey_proves_itself_and_its_count_goes_on() -> None:
    authenticator = Authenticator(PARTY.host, PARTY.origin)
    passkey = registered(authenticator)
    assert passkey.id == authenticator.id
    answer = authenticator.get(asked())
    assert second_factor.answered_by(answer) == passkey.id
    assert second_factor.authenticated(PARTY, CHALLENGE, answer, passkey) == 1
    with pytest.raises(NotProved):
        second_factor.authenticated(PARTY, CHALLENGE, answer, replace(passkey, uses=1))


@pytest.mark.asvs("V6.5.1")
def test_an_answer_to_another_challenge_place_or_key_proves_nothing() -> None:
    authenticator = Authenticator(PARTY.host, PARTY.origin)
    passkey = registered(authenticator)
    stranger = replace(authenticator, key=Authenticator("", "").key)
    answers = {
        "challenge": authenticator.get(asked(ANOTHER)),
        "origin": replace(authenticator, origin="https://ops.example.evil.example").get(asked()),
        "host": replace(authenticator, host="evil.example").get(asked()),
        "key": stranger.get(asked()),
        "nobody there": replace(authenticator, verifies=False).get(asked()),
        "a registration": authenticator.create(asked()),
        "another id": replace(authenticator, id=b"another").get(asked()),
    }
    for why, answer in answers.items():
        with pytest.raises(NotProved):
            pytest.fail(f"{why}: {second_factor.authenticated(PARTY, CHALLENGE, answer, passkey)}")


def test_what_is_no_answer_proves_nothing() -> None:
    authenticator = Authenticator(PARTY.host, PARTY.origin)
    passkey, answer = registered(authenticator), authenticator.get(asked())
    whole = json.loads(answer)
    broken = ["", "[]", "null", "1", "{}", "x" * 20_000, "[" * 5000, answer[:-1], '{"id": 1}', '{"rawId": null}']
    for name in ("id", "rawId", "type", "response"):
        broken += [json.dumps({**whole, name: wrong}) for wrong in WRONG]
    for name in whole["response"]:
        response = whole["response"]
        broken += [json.dumps({**whole, "response": {**response, name: wrong}}) for wrong in (None, "", "AAAA")]
    for text in broken:
        with pytest.raises(NotProved):
            pytest.fail(f"{text}: {second_factor.authenticated(PARTY, CHALLENGE, text, passkey)}")
        with pytest.raises(NotProved):
            pytest.fail(f"{text}: {second_factor.registered(PARTY, CHALLENGE, text)}")


def test_a_registration_for_another_challenge_or_place_makes_no_passkey() -> None:
    options = second_factor.registration(PARTY, CHALLENGE, ANN, "ann@operator.example", [])
    for authenticator in (
        Authenticator("evil.example", PARTY.origin),
        Authenticator(PARTY.host, "https://evil.example"),
        Authenticator(PARTY.host, PARTY.origin, verifies=False),
    ):
        with pytest.raises(NotProved):
            second_factor.registered(PARTY, CHALLENGE, authenticator.create(options))
    with pytest.raises(NotProved):
        second_factor.registered(PARTY, ANOTHER, Authenticator(PARTY.host, PARTY.origin).create(options))
