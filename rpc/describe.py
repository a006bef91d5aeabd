"""What a caller may call, as an OpenRPC document."""

import inspect
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from rpc.caller import Caller, Kind
from rpc.method import Method
from rpc.signature import Parameter, Signature

_VERSION = "1.3.2"
_ABOUT = (
    "A method that does not only read is done once however often it is sent with the same header Idempotency-Key "
    "(8 to 200 visible ASCII characters): a repeat is answered as the first was, for a day. The same key with another "
    "call is refused with 422 key_reused."
)


def discovery(methods: Sequence[Method[..., Any]], realm: str) -> Method[[], dict[str, Any]]:
    """The method `rpc.discover` over these methods. It identifies its caller in the given realm."""

    async def discover(caller: Caller) -> dict[str, Any]:
        """The methods that you may call."""
        return document(tuple(each for each in methods if _open(each, caller)))

    name, kinds = "rpc.discover", frozenset(Kind)
    return Method(name, None, kinds, realm, True, discover, Signature(discover))


def _open(method: Method[..., Any], caller: Caller) -> bool:
    return caller.kind in method.kinds and (method.permission is None or caller.may(method.permission))


@lru_cache(maxsize=64)  # as many sets of rights as callers commonly have; a document takes milliseconds
def document(methods: tuple[Method[..., Any], ...]) -> dict[str, Any]:
    """An OpenRPC document of exactly these methods; the types of no other method are in it."""
    hints = [
        hint
        for each in methods
        for hint in (*(parameter.hint for parameter in each.signature.parameters), each.signature.result)
    ]
    found, components = msgspec.json.schema_components(hints, ref_template="#/components/schemas/{name}")
    schemas = iter(found)
    return {
        "openrpc": _VERSION,
        "info": {"title": "Methods", "version": "1", "description": _ABOUT},
        "methods": [
            {
                "name": each.name,
                "description": each.description,
                "paramStructure": "by-name",
                "params": [_parameter(own, next(schemas)) for own in each.signature.parameters],
                "result": {"name": "result", "schema": next(schemas)},
                "x-permission": each.permission,
                "x-reads": each.reads,
            }
            for each in methods
        ],
        "components": {"schemas": components},
    }


def _parameter(parameter: Parameter, schema: dict[str, Any]) -> dict[str, Any]:
    if parameter.default not in (inspect.Parameter.empty, msgspec.UNSET):
        schema = schema | {"default": msgspec.to_builtins(parameter.default)}
    return {"name": parameter.name, "required": parameter.required, "schema": schema}
