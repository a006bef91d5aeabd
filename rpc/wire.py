"""JSON-RPC 2.0: bytes in, bytes out. Batches, notifications, named parameters."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from rpc.caller import Credential
from rpc.dispatcher import Dispatcher
from rpc.errors import Error, Internal, Invalid, InvalidRequest, ParseError, TooLarge, TooMany, Unauthenticated
from rpc.limits import Limits, clean

_MEMBERS = frozenset({"jsonrpc", "method", "params", "id"})
_ID_LENGTH = 255
# All calls of a batch show the same credential, and each would cost a transaction to hear the same once more.
_ENDING = (Unauthenticated, TooMany)
_Run = Callable[[str, Mapping[str, Any]], Awaitable[msgspec.Raw]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to send back. `status` is HTTP's; a reply without content has nothing to say (204)."""

    status: int
    content: bytes = b""
    retry_after: int | None = None


async def reply(dispatcher: Dispatcher, credential: Credential, body: bytes, key: str = "") -> Reply:
    """Run the one call or the batch of calls in `body`, in order, each in a transaction of its own.

    A batch has as much time as one call: what comes after that is answered with Unavailable. It ends at the first call
    that is answered Unauthenticated or TooMany: those after it are not tried, and answered the same. `key` names one
    call, so that it is done once however often it is sent.
    """
    limits = dispatcher.limits
    try:
        document = parse(body, limits)
        if isinstance(document, list):
            _check_batch(document, limits)
            if key:
                raise InvalidRequest("An idempotency key names one call: send the calls of a batch one by one.")
    except Error as error:
        return refusal(error, credential.request_id)
    until = asyncio.get_running_loop().time() + limits.seconds

    def run(name: str, params: Mapping[str, Any]) -> Awaitable[msgspec.Raw]:
        return dispatcher.encoded(credential, name, params, until, key)

    if not isinstance(document, list):
        return await _one(run, credential.request_id, document)
    batch = _Batch(run)
    replies = [await _one(batch.run, credential.request_id, each) for each in document]
    contents = [each.content for each in replies if each.content]
    return Reply(200, b"[" + b",".join(contents) + b"]") if contents else Reply(204)


def parse(body: bytes, limits: Limits) -> Any:
    """Strict JSON: UTF-8, no name twice in an object, no NaN, bounded size and nesting."""
    if len(body) > limits.body:
        raise TooLarge
    try:
        document = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_constant)
        too_deep = _depth(document, limits.depth) > limits.depth
    except (ValueError, RecursionError):
        raise ParseError from None
    if too_deep:
        raise ParseError(f"The JSON is nested more than {limits.depth} deep.")
    return document


def refusal(error: Error, request_id: str, id_: str | int | None = None) -> Reply:
    """An error as JSON-RPC's error object; `data` has its code, status and whatever the error carries."""
    data = error.data | {"code": error.code, "status": error.status, "request_id": request_id}
    answer = {
        "jsonrpc": "2.0",
        "error": {"code": error.number, "message": str(error), "data": data},
        "id": id_,
    }
    try:
        content = msgspec.json.encode(answer)
    except (TypeError, ValueError, RecursionError):  # what an error carries may be anything
        return refusal(Internal(), request_id, id_)
    return Reply(error.status, content, getattr(error, "retry_after", None))


class _Batch:
    """Calls one after the other, until the answer to one of them is the answer to all that follow."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._over: Error | None = None

    async def run(self, name: str, params: Mapping[str, Any]) -> msgspec.Raw:
        if self._over is not None:
            raise self._over
        try:
            return await self._run(name, params)
        except _ENDING as error:
            self._over = error
            raise


async def _one(run: _Run, request_id: str, item: object) -> Reply:
    id_ = item.get("id") if isinstance(item, dict) else None
    if not _is_id(id_):
        return refusal(InvalidRequest("An id is text, a whole number or null."), request_id)
    try:
        request = _request(item)
    except InvalidRequest as error:
        return refusal(error, request_id, id_)
    try:
        name, params = request["method"], request.get("params", {})
        if not isinstance(params, dict):
            raise Invalid("The parameters are given by name, in an object.")
        result = await run(name, params)
        answer = Reply(200, msgspec.json.encode({"jsonrpc": "2.0", "result": result, "id": id_}))
    except Error as error:
        answer = refusal(error, request_id, id_)
    return answer if "id" in request else Reply(204)


def _check_batch(batch: list[Any], limits: Limits) -> None:
    if not batch:
        raise InvalidRequest("A batch has at least one call.")
    if len(batch) > limits.batch:
        raise InvalidRequest(f"A batch has at most {limits.batch} calls.")


def _request(item: object) -> Mapping[str, Any]:
    if not isinstance(item, dict) or item.get("jsonrpc") != "2.0" or not isinstance(item.get("method"), str):
        raise InvalidRequest
    if not item.keys() <= _MEMBERS:
        raise InvalidRequest("A request has jsonrpc, method, params and id, and nothing else.")
    if not isinstance(item.get("params", {}), dict | list):
        raise InvalidRequest("The parameters are given by name, in an object.")
    return item


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _ID_LENGTH and clean(value)
    return value is None or (type(value) is int and -(2**63) <= value < 2**63)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _depth(value: object, most: int) -> int:
    """How deep lists and objects are nested, counted no further than one more than `most`."""
    level: list[Any] = [value]
    depth = 0
    while depth <= most:
        level = [each for each in level if isinstance(each, dict | list)]
        if not level:
            break
        depth += 1
        level = [part for each in level for part in (each.values() if isinstance(each, dict) else each)]
    return depth
