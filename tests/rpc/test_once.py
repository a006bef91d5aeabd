"""A call that is sent again under its key is done once."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

import rpc
from rpc import Kind
from tests.rpc.desk import Desk, Driver, Reply, search
from tests.rpc.desk import reply as reply_method
from tests.rpc.test_dispatcher import running
from tests.rpc.test_http import CALL, JSON, Exchange

KEY = "a-key-of-my-own"


@dataclass
class Remembered:
    """Answers in memory."""

    kept: dict[tuple[Kind, str], tuple[bytes, bytes]] = field(default_factory=dict)

    async def keep(self, caller: rpc.Caller, once: rpc.Once, answer: bytes) -> bool:
        given = (once.call, answer)
        return self.kept.setdefault((caller.kind, once.key), given) is given

    async def find(self, caller: rpc.Caller, once: rpc.Once) -> bytes | None:
        call, answer = self.kept.get((caller.kind, once.key), (once.call, None))
        if call != once.call:
            raise rpc.KeyReused
        return answer


def remembering(*methods: rpc.Method[..., Any]) -> Desk:
    return Desk([*methods, reply_method], answers=Remembered())


async def test_the_same_call_under_the_same_key_is_undone_and_answered_as_the_first() -> None:
    done = iter(range(10))
    desk = remembering(running(lambda: next(done)))
    method, call = desk.methods[0], desk.call.once(KEY)
    assert [await call(method), await call(method), await desk.call(method)] == [0, 0, 2]
    begun = ["begin desk", "identify"]
    assert desk.happened == [*begun, "commit", *begun, "rollback Taken", *begun, "commit", *begun, "commit"]


async def test_an_answer_comes_back_in_its_own_type() -> None:
    call = remembering().call.once(KEY)
    first = await call(reply_method, 7, "x")
    assert await call(reply_method, 7, "x") == first == Reply(7, "x")


async def test_a_key_belongs_to_one_call_with_its_arguments() -> None:
    call = remembering().call.once(KEY)
    await call(reply_method, 7, "x")
    with pytest.raises(rpc.KeyReused) as told:
        await call(reply_method, 7, "y")
    assert (told.value.status, told.value.code) == (422, "key_reused")


async def test_a_failure_is_told_and_leaves_the_key_free() -> None:
    failures = [Driver(), Driver()]

    async def fails_at_first() -> str:
        if failures:
            raise failures.pop()
        return "done"

    desk = remembering(running(fails_at_first))
    call = desk.call.once(KEY)
    for _ in range(2):
        with pytest.raises(rpc.Internal):
            await call(desk.methods[0])
    assert await call(desk.methods[0]) == "done"


async def test_what_fails_because_the_first_was_done_is_answered_as_the_first() -> None:
    done: list[bool] = []

    async def once_only() -> str:
        if done:
            raise Driver
        done.append(True)
        return "done"

    desk = remembering(running(once_only))
    call = desk.call.once(KEY)
    assert [await call(desk.methods[0]) for _ in range(2)] == ["done", "done"]


@pytest.mark.parametrize("key", ["short", "x" * 201, "with a space", "ümläute!", "line\nbreak"])
async def test_a_key_is_visible_and_bounded(key: str) -> None:
    with pytest.raises(rpc.InvalidRequest):
        await remembering().call.once(key)(reply_method, 7, "x")


async def test_without_a_place_for_answers_no_call_with_a_key_is_done(desk: Desk) -> None:
    with pytest.raises(rpc.InvalidRequest):
        await desk.call.once(KEY)(reply_method, 7, "x")
    assert "commit" not in desk.happened


async def test_what_only_reads_needs_no_key_and_takes_any(desk: Desk) -> None:
    assert await desk.call.once(KEY)(search, []) == []


async def test_over_http_the_key_is_a_header_of_a_single_call() -> None:
    desk = remembering()
    named = {**JSON, "idempotency-key": KEY}
    answers = [(await Exchange(headers=named).with_(desk)).content for _ in range(2)]
    assert answers[0] == answers[1]
    assert desk.happened.count("commit") == 2, "one call, and one look at what it was answered"
    other = json.dumps({"jsonrpc": "2.0", "method": "desk.reply", "params": {"number": 8, "body": "x"}, "id": 1})
    reused = await Exchange((other.encode(),), headers=named).with_(desk)
    assert (reused.status, reused.code) == (422, "key_reused")
    batch = await Exchange((b"[" + CALL + b"]",), headers=named).with_(desk)
    assert (batch.status, batch.code) == (400, "invalid_request")
    empty = await Exchange(headers={**JSON, "idempotency-key": ""}).with_(desk)
    assert empty.status == 400


async def test_a_call_is_its_method_and_its_arguments() -> None:
    one = await rpc.Once.of(KEY, "desk.reply", {"number": 7, "body": "x"})
    assert one == await rpc.Once.of(KEY, "desk.reply", {"body": "x", "number": 7})
    assert one.call != (await rpc.Once.of(KEY, "desk.reply", {"number": 8, "body": "x"})).call
    assert one.call != (await rpc.Once.of(KEY, "desk.note", {"number": 7, "body": "x"})).call


@pytest.mark.parametrize("size", [1, 1_000_000])
async def test_files_are_arguments_too(size: int) -> None:
    calls = [
        await rpc.Once.of(KEY, "desk.attach", {"files": [rpc.Upload("a", "b", each * size)]}) for each in (b"x", b"y")
    ]
    assert calls[0] != calls[1]
