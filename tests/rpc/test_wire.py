import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rpc
from rpc import Kind, wire
from tests.rpc.desk import ANN, PERSON, Desk, Somebody
from tests.rpc.test_dispatcher import running

REPLY = {"number": 7, "body": "Hello"}


def request(method: str = "desk.reply", params: object = REPLY, **members: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": method, "params": params, "id": 1} | members


async def send(desk: Desk, document: object) -> tuple[int, Any]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    reply = await wire.reply(desk.dispatcher, PERSON, body)
    return reply.status, json.loads(reply.content) if reply.content else None


async def test_a_call_is_answered(desk: Desk) -> None:
    assert await send(desk, request()) == (
        200,
        {"jsonrpc": "2.0", "result": {"number": 7, "body": "Hello", "at": None}, "id": 1},
    )


async def test_an_answer_of_nothing_is_null() -> None:
    desk = Desk([running(lambda: None)])
    assert await send(desk, request("desk.run", {})) == (200, {"jsonrpc": "2.0", "result": None, "id": 1})


async def test_an_error_has_a_number_and_data() -> None:
    status, answer = await send(Desk(), request(params={"number": 7}))
    assert (status, answer["id"]) == (422, 1)
    assert answer["error"] == {
        "code": -32602,
        "message": "These arguments are not right: body.",
        "data": {
            "code": "invalid",
            "status": 422,
            "fields": {"body": "This is missing."},
            "request_id": "r-1",
        },
    }


async def test_retry_after_is_told() -> None:
    async def busy() -> None:
        raise rpc.TooMany(retry_after=30)

    desk = Desk([running(busy)])
    reply = await wire.reply(desk.dispatcher, PERSON, json.dumps(request("desk.run", {})).encode())
    assert (reply.status, reply.retry_after) == (429, 30)
    assert json.loads(reply.content)["error"]["data"]["retry_after"] == 30


@pytest.mark.flaw("Zammad CVE-2024-33667")
async def test_unknown_and_foreign_names_get_the_same_bytes() -> None:
    desk = Desk()
    names = ["desk.sweep", "desk.nothing", "__class__", "x" * 5000, "d\u0435sk.reply", "desk.sign_in"]
    replies = {await wire.reply(desk.dispatcher, PERSON, json.dumps(request(name)).encode()) for name in names}
    assert len(replies) == 1
    assert desk.happened == []


@pytest.mark.parametrize("id_", [1, 0, -5, "a", "", None])
async def test_the_id_comes_back(desk: Desk, id_: object) -> None:
    _, answer = await send(desk, request(id=id_))
    assert answer["id"] == id_
    assert type(answer["id"]) is type(id_)


@pytest.mark.parametrize("id_", [True, 1.0, [], {}, 2**64, "x" * 256, "\ud800", "a\0"])
async def test_other_ids_are_refused(desk: Desk, id_: object) -> None:
    status, answer = await send(desk, request(id=id_))
    assert (status, answer["error"]["code"], answer["id"]) == (400, -32600, None)
    assert desk.seen == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"jsonrpc": "2.0"},
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "1.0", "method": "desk.reply"},
        {"method": "desk.reply", "params": REPLY, "id": 1},
        request() | {"method": 7},
        request() | {"method": None},
        request() | {"method": ["desk.reply"]},
        request() | {"role": "owner"},
        request(params="x"),
        request(params=None),
        request(params=7),
        7,
        "x",
        None,
        True,
        [],
        [request()] * 51,
    ],
)
async def test_what_is_no_request_is_refused(desk: Desk, document: object) -> None:
    status, answer = await send(desk, document)
    assert (status, answer["error"]["code"]) == (400, -32600)
    assert desk.happened == []


async def test_positional_parameters_are_refused_with_words(desk: Desk) -> None:
    status, answer = await send(desk, request(params=[7, "Hello"]))
    assert (status, answer["error"]["code"]) == (422, -32602)
    assert answer["error"]["message"] == "The parameters are given by name, in an object."


async def test_parameters_may_be_left_out() -> None:
    desk = Desk([running(lambda: 1)])
    document = {"jsonrpc": "2.0", "method": "desk.run", "id": 1}
    assert (await send(desk, document))[1]["result"] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"{'a': 1}",
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        '{"jsonrpc": "2.0"}'.encode("utf-16"),
        b'{"id": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b'{"a": 1, "a": 1}',
        b'{"jsonrpc": "2.0", "method": "desk.reply", "params": {"body": "a", "body": "b"}, "id": 1}',
        b'["a\x00"]',
        b"9" * 5_000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 33 + b"]" * 33,
        b'{"a":' * 33 + b"1" + b"}" * 33,
    ],
)
@pytest.mark.flaw("Chatwoot CVE-2025-21628")
async def test_what_is_no_strict_json_is_a_parse_error(desk: Desk, body: bytes) -> None:
    status, answer = await send(desk, body)
    assert (status, answer["error"]["code"], answer["id"]) == (400, -32700, None)


async def test_nesting_up_to_the_limit_is_parsed() -> None:
    assert wire.parse(b"[" * 32 + b"]" * 32, rpc.Limits()) != []
    assert wire.parse(b"[1]", rpc.Limits(depth=1)) == [1]
    with pytest.raises(rpc.ParseError, match="more than 1 deep"):
        wire.parse(b"[[]]", rpc.Limits(depth=1))


async def test_a_number_too_large_for_a_float_is_refused(desk: Desk) -> None:
    body = b'{"jsonrpc": "2.0", "method": "desk.update", "params": {"weight": 1e999}, "id": 1}'
    status, answer = await send(desk, body)
    assert (status, answer["error"]["data"]["fields"]["weight"]) == (422, "This must be a finite number.")


@pytest.mark.flaw("osTicket CVE-2023-30082")
async def test_a_body_that_is_too_large_is_refused_before_it_is_parsed(desk: Desk) -> None:
    status, answer = await send(desk, b"[" + b" " * 1024**2)
    assert (status, answer["error"]["data"]["code"]) == (413, "too_large")


class TestNotifications:
    async def test_a_notification_is_run_and_not_answered(self, desk: Desk) -> None:
        document = request()
        del document["id"]
        assert await send(desk, document) == (204, None)
        assert desk.happened == ["begin desk", "identify", "commit"]

    @pytest.mark.parametrize("method", ["desk.reply", "desk.nothing"])
    @pytest.mark.parametrize("params", [{}, [7]])
    async def test_a_notification_that_fails_is_not_answered_either(
        self, desk: Desk, method: str, params: object
    ) -> None:
        document = request(method, params)
        del document["id"]
        assert await send(desk, document) == (204, None)

    async def test_a_batch_of_notifications_has_nothing_to_say(self, desk: Desk) -> None:
        document = request()
        del document["id"]
        assert await send(desk, [document, document]) == (204, None)
        assert desk.happened.count("commit") == 2


class TestBatches:
    async def test_each_call_has_a_transaction_of_its_own_in_order(self, desk: Desk) -> None:
        silent = request("desk.reply", {"number": 5, "body": "quiet"})
        del silent["id"]
        batch = [
            request(id="a"),
            request("desk.nothing", id="b"),
            7,
            silent,
            request(params={}, id="c"),
            request(id="d"),
        ]
        status, answers = await send(desk, batch)
        assert status == 200
        assert [(each["id"], each.get("error", {}).get("code")) for each in answers] == [
            ("a", None),
            ("b", -32601),
            (None, -32600),
            ("c", -32602),
            ("d", None),
        ]
        assert desk.happened == ["begin desk", "identify", "commit"] * 3

    async def test_fifty_calls_are_run(self, desk: Desk) -> None:
        status, answers = await send(desk, [request(id=number) for number in range(50)])
        assert status == 200
        assert [each["id"] for each in answers] == list(range(50))

    @pytest.mark.asvs("V15.2.2")
    async def test_a_batch_has_the_time_of_one_call(self) -> None:
        desk = Desk([running(lambda: asyncio.sleep(0.05))], limits=rpc.Limits(seconds=0.08))
        _, answers = await send(desk, [request("desk.run", {}, id=number) for number in range(4)])
        assert [each.get("error", {}).get("code") for each in answers] == [None, -32050, -32050, -32050]

    @pytest.mark.asvs("V15.2.2")
    @pytest.mark.parametrize("refused", [rpc.Unauthenticated(), rpc.TooMany(retry_after=30)])
    async def test_whom_nobody_knows_and_who_comes_too_often_is_told_once_for_all_that_follows(
        self, refused: rpc.Error
    ) -> None:
        """One transaction, not fifty."""
        desk = Desk(fails={"identify": refused})
        silent = request()
        del silent["id"]
        batch = [request("desk.nothing", id="a"), *(request(id=at) for at in range(46)), silent, 7, request(id="z")]
        status, answers = await send(desk, batch)
        assert (status, [each["id"] for each in answers]) == (200, ["a", *range(46), None, "z"])
        codes = [each["error"]["code"] for each in answers]
        assert codes == [-32601, *[refused.number] * 46, -32600, refused.number]
        assert {each["error"]["data"].get("retry_after") for each in answers[1:47]} == {refused.data.get("retry_after")}
        assert desk.happened.count("begin desk") == 1
        assert len(desk.seen) == 2

    async def test_another_refusal_ends_no_batch(self) -> None:
        _, answers = await send(Desk(fails={"identify": rpc.Forbidden()}), [request(id=at) for at in range(3)])
        assert [each["error"]["code"] for each in answers] == [-32003] * 3


async def test_what_an_error_carries_cannot_break_the_answer() -> None:
    async def odd() -> None:
        raise rpc.NotFound("Gone.", thing=object())

    status, answer = await send(Desk([running(odd)]), request("desk.run", {}))
    assert (status, answer["error"]["code"], answer["id"]) == (500, -32603, 1)

    async def torn() -> None:
        raise rpc.NotFound("\ud800")

    assert (await send(Desk([running(torn)]), request("desk.run", {})))[0] == 500


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(categories=None), max_size=8)
    | st.sampled_from(["2.0", "desk.reply", "desk.update", "rpc.discover", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["jsonrpc", "method", "params", "id", "number", "body"]), inner, max_size=5)
    ),
    max_leaves=15,
)
requests = st.fixed_dictionaries(
    {
        "jsonrpc": st.just("2.0"),
        "method": st.sampled_from(["desk.reply", "desk.update", "desk.apply", "rpc.discover"]),
    },
    optional={"params": json_values, "id": json_values},
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | (json_values | requests | st.lists(requests | json_values, max_size=3)).map(
    lambda value: json.dumps(value).encode()
))  # fmt: skip
def test_no_bytes_are_our_fault(body: bytes) -> None:
    desk = Desk(caller=ANN)
    reply = asyncio.run(wire.reply(desk.dispatcher, PERSON, body))
    assert reply.status < 500
    assert all(each.error != "internal" for each in desk.seen)
    if reply.content:
        answers = json.loads(reply.content)
        for answer in answers if isinstance(answers, list) else [answers]:
            assert ("result" in answer) != ("error" in answer)


async def test_discovery_is_a_call_like_any_other() -> None:
    desk = Desk(caller=Somebody(Kind.PERSON))
    status, answer = await send(desk, request("rpc.discover", {}))
    assert (status, answer["result"]["methods"]) == (200, [])
    assert desk.happened == ["begin desk", "identify", "commit"]
    assert (await send(desk, request("rpc.discover", {"a": 1})))[0] == 422
