"""Calls that are sent again because their answer was lost: done once, and answered the same again."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from rpc.caller import Caller
from rpc.errors import Conflict, Invalid, InvalidRequest

_LARGE = 200_000  # bytes
_KEY = re.compile(r"[\x21-\x7e]{8,200}")


class KeyReused(Invalid):
    """This idempotency key was sent with another call already. Take a new key for each new call."""

    code = "key_reused"


class Taken(Conflict):
    """The same call is being done at this moment. Send it once more in a moment."""

    code = "call_under_way"


@dataclass(frozen=True, slots=True)
class Once:
    """A call that its caller named by a key of their own. `call` is a hash of its method and arguments."""

    key: str
    call: bytes

    @classmethod
    async def of(cls, key: str, method: str, arguments: Mapping[str, Any]) -> "Once":
        """InvalidRequest for a key that is none."""
        if not _KEY.fullmatch(key):
            raise InvalidRequest("An idempotency key has 8 to 200 visible ASCII characters.")
        # Files stand in it as they are, which JSON could not do; to hash large ones takes a while.
        content = msgspec.msgpack.encode([method, arguments], order="deterministic")
        hashed = hashlib.sha256(content) if len(content) < _LARGE else await asyncio.to_thread(hashlib.sha256, content)
        return cls(key, hashed.digest())


class Answers(Protocol):
    """Where answers are kept by caller and key. Both run inside a call's transaction."""

    async def keep(self, caller: Any, once: Once, answer: bytes) -> bool:
        """Keep the answer with what the call has written; False when this caller's key has one already."""

    async def find(self, caller: Any, once: Once) -> bytes | None:
        """The answer, None when there is none; KeyReused when it was another call's."""


class NoAnswers:
    """For a dispatcher that is given no place to keep answers in: no call with a key is done."""

    async def keep(self, caller: Caller, once: Once, answer: bytes) -> bool:
        raise InvalidRequest("Idempotency keys are not taken here.")

    async def find(self, caller: Caller, once: Once) -> bytes | None:
        raise InvalidRequest("Idempotency keys are not taken here.")
